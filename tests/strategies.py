"""Random views for the renderers: every block, every span, hostile words, very long ones.

What comes out is what the core's types allow, and more than what the core builds: a renderer
that keeps its platform's limits for all of these keeps them for every answer.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.core.content.newsletter import Topic
from bot.core.intents import (
    AnswerQuestion,
    Ask,
    Aspect,
    BrowseRoles,
    CompareAspect,
    Fill,
    Intent,
    Run,
    Step,
    SwitchPack,
    TakeStep,
    TypeAnswer,
    Wish,
)
from bot.core.manager_intents import (
    Act,
    ChooseFor,
    Dismiss,
    ManagerIntent,
    ManageSubscription,
    Purpose,
    Repost,
    Retype,
    SwitchTopic,
)
from bot.core.reader_intents import OpenQuestion, Vote
from bot.core.views import (
    MAX_ALT,
    MAX_CHOICES,
    Actions,
    Bar,
    Bars,
    Block,
    Bold,
    Bullets,
    Button,
    Choice,
    Code,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Italic,
    Level,
    Link,
    Notice,
    Prose,
    Select,
    Span,
    Spans,
    Table,
    Text,
    View,
)

HOSTILE = (
    "@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678>",
    "<!channel> <!here> <!subteam^S0123ABCD> <@U0123ABCD> &lt;!channel&gt;",
    "[a safe place](https://evil.example/) <https://evil.example|a safe place>",
    "https://evil.example/?a=1&b=2 http://evil.example discord.gg/evil www.evil.example",
    "</compare:123456789012345678> <t:1700000000:R> <:smile:123456789012345678> :tada:",
    "**bold** __under__ *it* _it_ ~~gone~~ ||hidden|| `code` ```py\nblock\n``` ``two ` ticks``",
    "# heading\n## heading\n### heading\n-# small\n> quote\n>>> long quote\n- item\n1. item",
    "\\*\\_\\`\\\\ \\[x\\](y) \\",
    "zero\u200bwidth\u2060\u200d\ufeff \u202eright to left\u202c",
    "[red]no markup[/red] \x1b[31mred\x1b[0m \x07\x00\r\n\ttab",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1ec\U0001f1e7 e\u0301 \ufdfd \U0001d518",
    "*", "_", "`", "#", ">", "-", "1.", "|", "~", "&", "<", "@", "\\",
    "", " ", "\n", "\n\n\n", "\u200b", " \t ",
)  # fmt: skip
"""Words that a platform would take for markup, a mention, a link, or nothing at all."""

WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))


def _repeated(words: str, times: int) -> str:
    return (words * times)[:12_000]


LONG_WORDS = st.builds(_repeated, WORDS, st.integers(1, 2_000))
TEXTS = st.one_of(WORDS, WORDS, WORDS, st.lists(WORDS, max_size=6).map(" ".join), LONG_WORDS)
"""Mostly short, sometimes up to 12,000 characters, sometimes empty."""

LABELS = st.one_of(WORDS, st.text(max_size=300)).map(lambda text: text if text.strip() else "More")
"""The words on a button or in a select: any, but not blank."""

URLS = st.one_of(
    st.sampled_from(
        (
            "https://example.org/",
            "https://example.org/a_(b)_c?q=*x*&y=`z`#part|two",
            "https://example.org/[brackets]/\\back",
            "https://example.org/" + "long/" * 55,
        )
    ),
    st.from_regex(r"https://[a-z]{1,10}\.example/[^\s<>\"]{0,60}", fullmatch=True),
)
"""Addresses as the content's schema lets them in: https, no white space, no `<`, `>` or quotes."""


def spans() -> SearchStrategy[Span]:
    """One span of any kind."""
    return st.one_of(
        st.builds(Text, TEXTS),
        st.builds(Bold, TEXTS),
        st.builds(Italic, TEXTS),
        st.builds(Code, TEXTS),
        st.builds(Link, TEXTS, URLS),
    )


def runs_of_spans() -> SearchStrategy[Spans]:
    """What a paragraph, an item or a value is made of; sometimes nothing."""
    return st.lists(spans(), max_size=5).map(tuple)


def intents() -> SearchStrategy[Intent]:
    """Any click, also with arguments that are too long for an id."""
    names = st.sampled_from(("compare", "role", "skills", "path", "pay", "define", "help"))
    arguments = st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=3).map(tuple)
    roles = st.sampled_from(("ai-engineer", "ml-engineer", "ml-solutions-architect"))
    sessions = st.from_regex("[a-z0-9]{1,16}", fullmatch=True)
    positions = st.integers(0, 99)
    places = st.lists(st.integers(0, 9), max_size=6).map(tuple)
    return st.one_of(
        st.builds(Run, names, arguments, st.booleans()),
        st.builds(Fill, names, arguments),
        st.builds(CompareAspect, st.sampled_from(Aspect), roles, roles),
        st.builds(BrowseRoles, st.integers(0, 9_999)),
        st.builds(AnswerQuestion, sessions, positions, places),
        st.builds(TypeAnswer, sessions, positions),
        st.builds(TakeStep, sessions, positions, st.sampled_from(Step)),
        st.builds(SwitchPack, st.sampled_from(("hardware", "my-own-pack")), st.booleans()),
        st.builds(Ask, st.sampled_from(Wish)),
        manager_intents(),
        st.builds(OpenQuestion, st.from_regex("[0-9a-f]{16}", fullmatch=True)),
        st.builds(Vote, st.integers(0, 99_999), st.integers(0, 9)),
    )


def manager_intents() -> SearchStrategy[ManagerIntent]:
    """What managers press about the newsletter."""
    numbers = st.integers(0, 10**18 - 1)
    kept = st.from_regex("[0-9a-f]{16}", fullmatch=True)
    topics = st.sampled_from([topic.value for topic in Topic])
    people = st.sampled_from(("discord:123456789012345678", "slack:E0123ABCD/T0123ABCD/U0123ABCD"))
    zones = st.sampled_from(("", "UTC", "Etc/GMT+12", "America/Argentina/ComodRivadavia"))
    return st.one_of(
        st.builds(ManageSubscription, numbers, st.sampled_from(Act)),
        st.builds(Repost, numbers),
        st.builds(ChooseFor, numbers, st.sampled_from(Purpose)),
        st.builds(SwitchTopic, numbers, topics, st.booleans()),
        st.builds(Dismiss, people),
        st.builds(Retype, numbers, kept, zones),
    )


def buttons() -> SearchStrategy[Button]:
    """A button; several may well mean the same."""
    return st.builds(Button, LABELS, intents(), st.booleans())


def selects() -> SearchStrategy[Select]:
    """A select with 1 to 25 choices; several may well mean the same."""
    choices = st.builds(Choice, LABELS, intents(), TEXTS)
    return st.builds(Select, LABELS, st.lists(choices, min_size=1, max_size=MAX_CHOICES).map(tuple))


def actions() -> SearchStrategy[Actions]:
    """Buttons and selects in any order; sometimes many, sometimes none."""
    few = st.lists(st.one_of(buttons(), buttons(), selects()), max_size=8)
    many = st.lists(buttons(), min_size=20, max_size=120)
    return st.builds(Actions, st.one_of(few, few, few, many).map(tuple))


def _table(columns: list[str], rows: list[list[str]]) -> Table:
    width = len(columns)
    return Table(tuple(columns), tuple(tuple(row[:width]) for row in rows))


def tables() -> SearchStrategy[Table]:
    """1 to 8 columns, up to 40 rows, every row as wide as the columns."""
    row = st.lists(TEXTS, min_size=8, max_size=8)
    return st.builds(_table, st.lists(WORDS, min_size=1, max_size=8), st.lists(row, max_size=40))


def comparisons() -> SearchStrategy[Comparison]:
    """Any number of levels of two sides."""
    level = st.builds(Level, TEXTS, st.integers(0, 4), st.integers(0, 4))
    words = st.one_of(
        st.just(("not needed", "aware", "working", "strong", "defining")),
        st.lists(WORDS, min_size=5, max_size=5).map(tuple),
    )
    return st.builds(Comparison, WORDS, WORDS, st.lists(level, max_size=40).map(tuple), words)


def bars() -> SearchStrategy[Bars]:
    """Any number of bars, also shorter than none and longer than all."""
    shares = st.one_of(st.floats(0, 1), st.floats(allow_nan=False))
    bar = st.builds(Bar, TEXTS, shares, TEXTS)
    return st.builds(Bars, st.lists(bar, max_size=30).map(tuple))


ALTS = TEXTS.map(lambda text: text[:MAX_ALT] if text[:MAX_ALT].strip() else "A chart")
"""The words for a picture: any, but not blank."""


def blocks() -> SearchStrategy[Block]:
    """Any block."""
    items = st.lists(runs_of_spans(), max_size=30).map(tuple)
    pairs = st.lists(st.tuples(TEXTS, runs_of_spans()), max_size=30).map(tuple)
    return st.one_of(
        st.builds(Heading, TEXTS),
        st.builds(Prose, runs_of_spans()),
        st.builds(Bullets, items, st.booleans()),
        st.builds(Fields, pairs),
        comparisons(),
        tables(),
        bars(),
        st.builds(Image, URLS, ALTS),
        st.builds(Notice, runs_of_spans()),
        st.just(Divider()),
        actions(),
    )


def views() -> SearchStrategy[View]:
    """Any view: up to 60 blocks, or none at all."""
    few = st.lists(blocks(), max_size=8)
    many = st.lists(blocks(), min_size=15, max_size=60)
    return st.builds(View, TEXTS, st.one_of(few, few, few, many).map(tuple), TEXTS)
