"""Secrets that the database keeps for others, encrypted: whoever reads a copy of it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet


class VaultError(Exception):
    """No key opens this: it was sealed with another one, or it is damaged."""


class Vault:
    """Seals with the first of its keys, and opens what any of them sealed."""

    def __init__(self, keys: str) -> None:
        """`keys` are separated by commas; see `new_key`.

        Raises:
            ValueError: if one of them is no key.
        """
        # Most bots have nothing to seal, and this takes some memory.
        from cryptography.fernet import Fernet, MultiFernet

        made = [Fernet(key.strip()) for key in keys.split(",")]
        self._newest, self._any = made[0], MultiFernet(made)

    def seal(self, text: str) -> str:
        """The text, encrypted; each time in another way."""
        return self._newest.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The text that was sealed. Raises VaultError."""
        return _decrypted(self._any, sealed)

    def is_newest(self, sealed: str) -> bool:
        """Whether it was sealed with the first key."""
        try:
            _decrypted(self._newest, sealed)
        except VaultError:
            return False
        return True


def _decrypted(key: Fernet | MultiFernet, sealed: str) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return key.decrypt(sealed).decode()
    except InvalidToken:
        raise VaultError("no key opens it") from None


def new_key() -> str:
    """A key, at random."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
