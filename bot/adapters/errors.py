"""What an adapter raises when it cannot start."""

from __future__ import annotations


class AdapterError(Exception):
    """The platform refused us; the message is one line for the operator, without any secret."""
