"""Bars as text, the same on every platform."""

from __future__ import annotations

CELLS = 10
"""Cells of a whole bar."""


def text_bar(share: float) -> str:
    """A share of 0 to 1 as ten cells: 0.6 is ■■■■■■□□□□. Anything beyond is cut off."""
    full = int(min(max(share, 0.0), 1.0) * CELLS + 0.5)
    return "■" * full + "□" * (CELLS - full)
