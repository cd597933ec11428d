"""What people type in Slack, in the many ways in which Slack passes it on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack.parse import MOST_READ, Reader, command_name, plain_words
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("ai engineer", "ai engineer"),
        ("C&amp;A &lt;3 &gt;2", "C&A <3 >2"),
        ("&amp;lt;", "&lt;"),
        ("<!channel> mle", "mle"),
        ("&lt;!channel&gt; mle", "mle"),
        ("<!here|here> mle", "here  mle"),
        ("<!subteam^S012|@team>", "@team"),
        ("<@U0123ABCD> mle", "mle"),
        ("<@U0123ABCD|ada> mle", "ada  mle"),
        ("<#C0123ABCD|general>", "general"),
        ("<https://example.org|example.org>", "example.org"),
        ("<https://example.org>", "https://example.org"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("a < b and b > c", "a < b and b > c"),
        ("<!channel", "<!channel"),
        ("", ""),
    ],
)
def test_slacks_own_markup_is_reduced_to_words(sent: str, meant: str) -> None:
    assert plain_words(sent) == meant


@pytest.mark.parametrize(
    "text",
    [
        "ai engineer ml engineer",
        "ai-engineer ml-engineer",
        "ai engineer vs ml engineer",
        "“ai engineer” “ml engineer”",
        "ai engineer -&gt; ml engineer",
        "ai engineer -> ml engineer",
        "ai engineer &amp; ml engineer",
        "first=ai engineer second=ml engineer",
        "from ai engineer to ml engineer",
        "ai engineer, ml engineer <!channel>",
        "&lt;@U0123ABCD&gt; ai engineer or ml engineer",
    ],
)
def test_two_roles_are_found_however_they_are_written(dispatcher: Dispatcher, text: str) -> None:
    found, private = Reader().arguments(COMMANDS["compare"], text, dispatcher.options)
    read = dispatcher.options.read
    ids = [read(option, found[option.name]) for option in COMMANDS["compare"].options]
    assert ids == [read(COMMANDS["compare"].options[0], n) for n in ("ai-engineer", "ml-engineer")]
    assert not private


def test_a_private_answer_can_be_asked_for_at_the_end(dispatcher: Dispatcher) -> None:
    _, private = Reader().arguments(COMMANDS["role"], "mle --private", dispatcher.options)
    assert private


def test_what_a_text_means_is_kept_only_as_long_as_the_content(catalogue: Catalogue) -> None:
    reader, dispatcher = Reader(), Dispatcher(catalogue)
    compare = COMMANDS["compare"]
    first = reader.arguments(compare, "ai ml", dispatcher.options)
    assert reader.arguments(compare, "ai ml", dispatcher.options) is first
    dispatcher.use(catalogue)
    assert reader.arguments(compare, "ai ml", dispatcher.options) is not first


@pytest.mark.parametrize(
    ("typed", "prefix", "name"),
    [
        ("/compare", "", "compare"),
        ("/rc-compare", "rc-", "compare"),
        ("/compare", "rc-", "compare"),
    ],
)
def test_the_prefix_is_no_part_of_the_name(typed: str, prefix: str, name: str) -> None:
    assert command_name(typed, prefix) == name


MARKS = st.sampled_from(
    ["<!channel>", "&lt;!here&gt;", "<@U1|", "|", ">", "<", "&amp;", "&", "<https://x|", "private"]
)
SENT = st.one_of(st.text(max_size=400), st.lists(MARKS | st.text(max_size=8)).map(" ".join))


@settings(deadline=None)
@given(SENT)
def test_any_text_is_read_and_nothing_is_added(text: str) -> None:
    assert len(plain_words(text)) <= min(len(text), MOST_READ)


@settings(deadline=None)
@given(name=st.sampled_from(list(COMMANDS)), text=SENT | st.text(min_size=4000, max_size=5000))
def test_any_text_gives_arguments_of_its_command(shared: Dispatcher, name: str, text: str) -> None:
    found, _ = Reader().arguments(COMMANDS[name], text, shared.options)
    assert found.keys() <= {option.name for option in COMMANDS[name].options}


@pytest.fixture(scope="session")
def shared(catalogue: Catalogue) -> Dispatcher:
    """One dispatcher for all examples, which only read from it."""
    return Dispatcher(catalogue)
