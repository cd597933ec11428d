"""What is sealed can be read with a key alone, and keys can be exchanged."""

from __future__ import annotations

import pytest

from bot.store.vault import Vault, VaultError, new_key

KEY = "cm9sZWNhbGwgcm9sZWNhbGwgcm9sZWNhbGwgcm9sZSE="


def test_what_is_sealed_says_nothing_and_can_be_opened() -> None:
    vault = Vault(new_key())
    sealed = vault.seal("xoxb-secret")
    assert "xoxb" not in sealed
    assert vault.seal("xoxb-secret") != sealed
    assert vault.unseal(sealed) == "xoxb-secret"


def test_the_first_key_seals_and_all_of_them_open() -> None:
    old, new = new_key(), new_key()
    sealed = Vault(old).seal("a token")
    both = Vault(f"{new}, {old}")
    assert both.unseal(sealed) == "a token"
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal("a token"))
    assert Vault(new).unseal(both.seal("a token")) == "a token"


@pytest.mark.parametrize("damage", [lambda text: text[:-8] + "AAAAAA==", lambda _: "", str.upper])
def test_what_no_key_opens_is_refused(damage: object) -> None:
    vault = Vault(new_key())
    assert callable(damage)
    with pytest.raises(VaultError) as caught:
        vault.unseal(damage(vault.seal("a token")))
    assert caught.value.__cause__ is None
    with pytest.raises(VaultError):
        Vault(new_key()).unseal(vault.seal("a token"))


@pytest.mark.parametrize("keys", ["", "key", "c2hvcnQ=", f"{KEY},"])
def test_a_key_is_a_key(keys: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(keys)
