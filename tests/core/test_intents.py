"""Ids of clicks: short, ASCII, and safe to receive from anybody."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.catalogue import Catalogue
from bot.core.intents import (
    MAX_ID,
    Aspect,
    BrowseRoles,
    CompareAspect,
    Fill,
    Intent,
    Run,
    UnknownIntentError,
    decode,
    encode,
)

ids = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda s: len(s) <= 28)
commands = st.sampled_from(["compare", "role", "pay"])
intents = st.one_of(
    st.builds(Run, commands, st.tuples(ids, ids), st.booleans()),
    st.builds(Run, commands, st.tuples(st.none(), ids), st.booleans()),
    st.builds(Run, commands, st.just(()), st.booleans()),
    st.builds(Fill, commands, st.tuples(ids)),
    st.builds(CompareAspect, st.sampled_from(Aspect), ids, ids),
    st.builds(BrowseRoles, st.integers(0, 9999)),
)


@given(intents)
def test_an_id_means_what_it_was_made_from(intent: Intent) -> None:
    text = encode(intent)
    assert len(text) <= MAX_ID
    assert text.isascii()
    assert decode(text) == intent


@given(st.lists(st.text(max_size=200), max_size=4))
def test_arguments_that_do_not_fit_are_left_out(arguments: list[str]) -> None:
    intent = decode(encode(Run("compare", tuple(arguments))))
    assert isinstance(intent, Run)
    kept = tuple(argument or None for argument in arguments)[: len(intent.arguments)]
    assert intent.arguments == kept


@given(st.text(max_size=120))
def test_any_text_is_an_intent_or_is_refused(text: str) -> None:
    with contextlib.suppress(UnknownIntentError):
        decode(text)


@pytest.mark.parametrize("text", ["", "x", "c:skills:a", "b:-1", "b:99999", "c:gossip:a:b", "é"])
def test_ids_that_are_not_ours_are_refused(text: str) -> None:
    with pytest.raises(UnknownIntentError):
        decode(text)


def test_every_pair_of_shipped_roles_fits_into_an_id(catalogue: Catalogue) -> None:
    roles = tuple(catalogue.content.roles)
    for first in roles:
        for second in roles:
            intent = Run("compare", (first, second), aloud=True)
            assert decode(encode(intent)) == intent
