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
from bot.core.manager_intents import Retype
from bot.core.newsletter.zones import zones
from bot.core.reader_intents import OpenQuestion, Vote
from tests.strategies import manager_intents

ids = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda s: len(s) <= 28)
deliveries = st.integers(0, 10**18 - 1)
commands = st.sampled_from(["compare", "role", "pay"])
intents = st.one_of(
    st.builds(Run, commands, st.tuples(ids, ids), st.booleans()),
    st.builds(Run, commands, st.tuples(st.none(), ids), st.booleans()),
    st.builds(Run, commands, st.just(()), st.booleans()),
    st.builds(Fill, commands, st.tuples(ids)),
    st.builds(CompareAspect, st.sampled_from(Aspect), ids, ids),
    st.builds(BrowseRoles, st.integers(0, 9999)),
    manager_intents(),
    st.builds(OpenQuestion, st.from_regex("[0-9a-f]{16}|preview", fullmatch=True)),
    st.builds(Vote, deliveries, st.integers(0, 9)),
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


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "c:skills:a", "b:-1", "b:99999", "c:gossip:a:b", "é"),
        *("x:1:gossip", "e:1:pay:2", "g:1:x", "n:1:gossip", "d:-1", "d:1:1", "y:"),
    ],
)
def test_ids_that_are_not_ours_are_refused(text: str) -> None:
    with pytest.raises(UnknownIntentError):
        decode(text)


@pytest.mark.parametrize(
    "text", ["q", "q:", "q:-1", "q:1:2", f"q:{10**18}", "v:1", "v:1:", "v:1:10", "v:1:-1", "v:x:1"]
)
def test_ids_of_no_vote_are_refused(text: str) -> None:
    with pytest.raises(UnknownIntentError):
        decode(text)


def test_every_pair_of_shipped_roles_fits_into_an_id(catalogue: Catalogue) -> None:
    roles = tuple(catalogue.content.roles)
    for first in roles:
        for second in roles:
            intent = Run("compare", (first, second), aloud=True)
            assert decode(encode(intent)) == intent


def test_every_time_zone_fits_into_an_id() -> None:
    for zone in zones():
        intent = Retype(10**18 - 1, "0" * 16, zone)
        assert decode(encode(intent)) == intent
