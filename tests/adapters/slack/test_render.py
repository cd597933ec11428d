"""Views as Block Kit: every limit is kept, every word is there, and no text becomes markup."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import pages as kept_pages
from bot.adapters.slack.pages import in_acknowledgement, in_post, pages, posted
from bot.adapters.slack.render import render, render_home
from bot.adapters.slack.rich_text import cut
from bot.core.command import Actor, Call, Say, Visibility
from bot.core.commands import COMMANDS
from bot.core.dispatch import Dispatcher
from bot.core.intents import BrowseRoles, Run, encode
from bot.core.views import (
    Actions,
    Bar,
    Bars,
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
    Table,
    Text,
    View,
)
from tests.fakes.slack.checks import message_problems, too_long, view_problems
from tests.fakes.slack.limits import LIMITS_VARIABLE, load_limits, walk
from tests.strategies import views

TABLES = load_limits(os.environ.get(LIMITS_VARIABLE))


def texts(payload: Any) -> Iterator[str]:
    """Every text that a person reads in the blocks, in order."""
    for _, _, node in walk(payload):
        if isinstance(node.get("text"), str):
            yield node["text"]


def squeezed(text: str) -> str:
    """A text without white space, which renderers may lay out anew."""
    return "".join(text.split())


def in_order(parts: list[str], whole: str) -> bool:
    """Whether all parts stand in the whole, one after the other."""
    place = 0
    for part in parts:
        place = whole.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def words_of(view: View) -> Iterator[str]:
    """The texts of a view that must not be shortened, in order."""
    yield view.title
    for block in view.blocks:
        match block:
            case Heading(text):
                yield text
            case Prose(spans) | Notice(spans):
                yield from (span.text for span in spans)
            case Bullets(items):
                yield from (span.text for item in items for span in item)
            case Fields(pairs):
                for name, value in pairs:
                    yield name
                    yield from (span.text for span in value)
            case Comparison(left, right, rows, words):
                yield from (left, right)
                for row in rows:
                    yield from (row.name, words[row.left], words[row.right])
            case Table(_, rows):
                yield from (cell for row in rows for cell in row)
            case Bars(bars):
                for bar in bars:
                    yield from (bar.name, bar.words)


@settings(
    deadline=None,
    # Whole views are large, and drawing one takes longer than rendering it.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(views())
def test_any_view_is_shown_whole_and_within_every_limit(view: View) -> None:
    messages = render(view)
    assert messages
    for message in messages:
        assert too_long(message) is None
        assert message_problems(message, TABLES, mentions=False) == []
        parses_no_markup(message)
    assert view_problems(render_home(view), TABLES, mentions=False) == []
    shown = squeezed("".join(text for m in messages for text in texts(m["blocks"])))
    assert in_order([squeezed(text) for text in words_of(view)], shown)
    assert list(values(messages)) == list(meanings(view))
    assert pictures(messages) == [
        (block.url, squeezed(block.alt)) for block in view.blocks if isinstance(block, Image)
    ]


def pictures(messages: tuple[dict[str, Any], ...]) -> list[tuple[str, str]]:
    """The addresses of pictures with what is said of them, in order."""
    return [
        (block["image_url"], squeezed(block["alt_text"]))
        for message in messages
        for block in message["blocks"]
        if block["type"] == "image"
    ]


def parses_no_markup(message: dict[str, Any]) -> None:
    """No text stands where Slack would take it for markup, or could call people."""
    kinds = {node.get("type") for _, _, node in walk(message["blocks"])}
    assert not kinds & {"mrkdwn", "markdown", "user", "channel", "broadcast", "emoji"}
    assert not set("<>") & set(message["text"])


def values(messages: tuple[dict[str, Any], ...]) -> Iterator[str]:
    """What buttons and options send, in order."""
    for message in messages:
        for _, _, node in walk(message["blocks"]):
            if "value" in node:
                assert node["value"].isascii()
                assert len(node["value"]) <= 75
                yield node["value"]


def meanings(view: View) -> Iterator[str]:
    """The ids of everything that can be pressed or chosen in a view, in order."""
    for block in view.blocks:
        for item in block.items if isinstance(block, Actions) else ():
            match item:
                case Button(_, intent):
                    yield encode(intent)
                case Select(_, choices):
                    yield from (encode(choice.intent) for choice in choices)


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(1, 40))
def test_cutting_a_text_keeps_all_of_it(text: str, limit: int) -> None:
    parts = list(cut(text, limit))
    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert list(cut("One is here. Two is there.", 16)) == ["One is here. ", "Two is there."]


def test_every_kind_of_block_has_its_place() -> None:
    everything = View(
        "A title",
        (
            Heading("A heading"),
            Prose((Text("Some "), Bold("bold"), Italic(" italic"), Code("code"),
                   Link("a link", "https://example.org/"))),
            Bullets(((Text("first"),), (Text("second"),)), numbered=True),
            Fields((("Name", (Text("value"),)),)),
            Comparison("AI engineer", "ML engineer", (Level("RAG", 4, 1),),
                       ("none", "aware", "working", "strong", "defining")),
            Table(("Country", "Pay", ""), (("UK", "£1", "median"),)),
            Bars((Bar("SQL", 0.3, "3 of 10"),)),
            Heading("Shown"),
            Image("https://example.org/a.png", "A chart of\npay & <skills>"),
            Divider(),
            Notice((Text("From "), Link("a source", "https://example.org/"))),
            Actions((Button("Press", Run("help"), primary=True),
                     Select("Choose", (Choice("One", BrowseRoles(1), "A description"),)))),
        ),
        fallback="Everything & more",
    )  # fmt: skip
    (message,) = render(everything)
    assert message["text"] == "Everything &amp; more"
    assert message["blocks"] == [
        {"type": "header", "text": plain("A title")},
        rich(
            section(
                words("A heading", "bold"), words("\n"), words("Some "), words("bold", "bold"),
                words(" italic", "italic"), words("code", "code"),
                {"type": "link", "url": "https://example.org/", "text": "a link"},
            )
        ),
        rich({"type": "rich_text_list", "style": "ordered",
              "elements": [section(words("first")), section(words("second"))]}),
        rich(section(words("Name", "bold"), words(": "), words("value"))),
        rich(
            section(words("First "), words("AI engineer", "bold"), words(", then "),
                    words("ML engineer", "bold"), words(":")),
            {"type": "rich_text_list", "style": "bullet",
             "elements": [section(words("RAG", "bold"), words(": defining · aware"))]},
        ),
        rich({"type": "rich_text_list", "style": "bullet",
              "elements": [section(words("UK", "bold"), words(" · Pay: £1"),
                                   words(" · median"))]}),
        rich({"type": "rich_text_list", "style": "bullet",
              "elements": [section(words("SQL", "bold"), words(" ■■■□□□□□□□ 3 of 10"))]}),
        rich(section(words("Shown", "bold"))),
        {"type": "image", "image_url": "https://example.org/a.png",
         "alt_text": "A chart of pay & <skills>"},
        {"type": "divider"},
        {"type": "context", "elements": [plain("From a source (https://example.org/)")]},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "i0", "text": plain("Press"), "value": "r:help",
             "style": "primary"}]},
        {"type": "actions", "elements": [
            {"type": "static_select", "action_id": "i1", "placeholder": plain("Choose"),
             "options": [{"text": plain("One"), "value": "b:1",
                          "description": plain("A description")}]}]},
    ]  # fmt: skip


def test_a_title_that_is_too_long_for_a_header_is_bold_text() -> None:
    title = "many words " * 30
    (message,) = render(View(title, (), fallback="x"))
    assert message["blocks"] == [rich(section(words(title.strip(), "bold")))]


def test_a_numbered_list_goes_on_counting_in_the_next_block() -> None:
    items = tuple((Text(f"{n} " + "word " * 190),) for n in range(20))
    messages = render(View("List", (Bullets(items, numbered=True),), fallback="List"))
    lists = [
        node
        for message in messages
        for _, _, node in walk(message["blocks"])
        if node.get("type") == "rich_text_list"
    ]
    assert len(messages) == 2
    for found in lists:
        assert found["elements"][0]["elements"][0]["text"].startswith(f"{found.get('offset', 0)} ")


def test_buttons_stay_with_the_last_message() -> None:
    blocks = (Prose((Text("A sentence. " * 2000),)), Actions((Button("Press", Run("help")),)))
    *others, last = render(View("Long", blocks, fallback="Long"))
    assert others
    assert last["blocks"][-1]["type"] == "actions"
    assert all(block["type"] != "actions" for m in others for block in m["blocks"])


def test_a_view_without_anything_still_says_something() -> None:
    for fallback in ("", "  ", "Words"):
        (message,) = render(View("", (), fallback))
        assert message["blocks"]
        assert message["text"].strip()


@pytest.mark.parametrize("name", list(COMMANDS))
async def test_the_answers_of_the_bot_are_one_message_each(
    dispatcher: Dispatcher, name: str
) -> None:
    first = {"compare": "ai-engineer", "path": "ai-engineer", "define": "rag", "ask": "ai vs ml"}
    values = (first.get(name, "ml-engineer"), "ml-engineer")
    required = [option.name for option in COMMANDS[name].options if option.required]
    arguments = dict(zip(required, values, strict=False))
    effect = await dispatcher.call(Call(name, arguments, Actor("slack", "/T/U")))
    assert isinstance(effect, Say)
    (message,) = render(effect.view)
    assert message_problems(message, TABLES, mentions=False) == []


def test_a_page_is_rendered_once_and_forgotten_with_its_view() -> None:
    view = View("A title", (Prose((Text("é & <!channel>"),)),), fallback="A title")
    (page,) = pages(view)
    assert pages(view)[0] is page
    assert page.isascii()
    assert json.loads(page) == render(view)[0]
    public = json.loads(in_acknowledgement(page, Visibility.PUBLIC))
    assert public == posted(page) | {"response_type": "in_channel"}
    private = json.loads(in_acknowledgement(page, Visibility.PRIVATE))
    assert private["response_type"] == "ephemeral"
    assert posted(page)["unfurl_links"] is posted(page)["unfurl_media"] is False
    assert json.loads(in_post(page, "C1", None)) == posted(page) | {"channel": "C1"}
    there = {"channel": "C1", "thread_ts": "1.2"}
    assert json.loads(in_post(page, "C1", "1.2")) == posted(page) | there
    before = len(kept_pages._kept)
    del view
    gc.collect()
    assert len(kept_pages._kept) < before


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def words(text: str, style: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"type": "text", "text": text}
    return made | ({"style": {style: True}} if style else {})


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}
