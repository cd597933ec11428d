"""Any view becomes messages that Discord takes, with all of its words and all of its buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.adapters.discord.controls import meaning
from bot.adapters.discord.escape import tidy, units, visible
from bot.adapters.discord.packing import Payload
from bot.adapters.discord.pages import pages
from bot.adapters.discord.render import render
from bot.core.command import Actor, Call, Say
from bot.core.dispatch import Dispatcher
from bot.core.intents import BrowseRoles, Fill, Intent, Run, decode, encode
from bot.core.views import (
    Actions,
    Bar,
    Bars,
    Bold,
    Bullets,
    Button,
    Choice,
    Comparison,
    Divider,
    Fields,
    Heading,
    Image,
    Level,
    Link,
    Notice,
    Prose,
    Select,
    Table,
    Text,
    View,
)
from tests.fakes.discord import limits
from tests.strategies import views

ACTION_ROW, BUTTON, SELECT, TEXT_DISPLAY, MEDIA_GALLERY, SEPARATOR = 1, 2, 3, 10, 12, 14


def components(messages: tuple[Payload, ...]) -> Iterator[dict[str, Any]]:
    for message in messages:
        for component in message["components"]:
            yield component
            yield from component.get("components", ())


def text(messages: tuple[Payload, ...]) -> str:
    shown = (c["content"] for c in components(messages) if c["type"] == TEXT_DISPLAY)
    return "\n".join(shown)


def intents(messages: tuple[Payload, ...]) -> list[Intent]:
    """What can be pressed or chosen, in order."""
    found: list[Intent] = []
    for component in components(messages):
        if component["type"] == BUTTON:
            found.append(meaning(component))
        chosen = [option["value"] for option in component.get("options", ())]
        found += [meaning({"custom_id": "select", "values": [value]}) for value in chosen]
    return found


def pictures(messages: tuple[Payload, ...]) -> list[tuple[str, str]]:
    """The addresses of pictures with what is said of them, in order."""
    galleries = [c["items"] for c in components(messages) if c["type"] == MEDIA_GALLERY]
    return [(item["media"]["url"], item["description"]) for (item,) in galleries]


def meant(view: View) -> list[Intent]:
    return [
        decode(encode(intent))
        for block in view.blocks
        if isinstance(block, Actions)
        for item in block.items
        for intent in (
            (one.intent for one in item.choices) if isinstance(item, Select) else (item.intent,)
        )
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(views())
def test_no_view_breaks_a_limit_or_loses_a_button(view: View) -> None:
    messages = render(view)
    assert messages
    for message in messages:
        body = {**message, "allowed_mentions": {"parse": []}}
        assert limits.message(body, flags=message["flags"]) == []
        shown = [c["content"] for c in components((message,)) if c["type"] == TEXT_DISPLAY]
        assert sum(units(content) for content in shown) <= 4_000
        assert all(visible(content) for content in shown)
    assert intents(messages) == meant(view)
    shown_at = [url for url, _ in pictures(messages)]
    assert shown_at == [block.url for block in view.blocks if isinstance(block, Image)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(views())
def test_no_word_is_lost(view: View) -> None:
    letters = iter(text(render(view)))
    words = [view.title]
    for block in view.blocks:
        match block:
            case Heading(line):
                words.append(line)
            case Prose(spans) | Notice(spans):
                words += [span.text for span in spans]
            case Bullets(items):
                words += [span.text for item in items for span in item]
            case Fields(pairs):
                words += [w for name, value in pairs for w in (name, *(s.text for s in value))]
            case Bars(rows):
                words += [w for row in rows for w in (row.name, row.words)]
            case _:
                pass
    for word in words:
        assert all(letter in letters for letter in tidy(word) if letter.isalnum())


def test_a_view_reads_well_on_a_phone() -> None:
    view = View(
        "Two roles",
        (
            Prose((Bold("AI engineer"), Text(": builds products."))),
            Prose((Text("A second paragraph."),)),
            Heading("More of this"),
            Comparison(
                "AI engineer", "ML engineer", (Level("RAG", 2, 1),), ("none", "some", "much")
            ),
            Comparison(
                "AI engineer", "ML engineer", (Level("SQL", 0, 2),), ("none", "some", "much")
            ),
            Heading("Steps"),
            Bullets(((Text("Learn"),), (Text("Build"),)), numbered=True),
            Fields((("Also called", (Text("AIE"),)),)),
            Divider(),
            Table(
                ("Counted as", "A year", "Date", "Note"),
                (
                    ("AI engineer", "£75,000", "2025", ""),
                    ("GenAI engineer", "£80,000", "2026", "UK"),
                ),
            ),
            Bars((Bar("RAG", 0.62, "6 of 10"), Bar("SQL", 0.0, "none yet"))),
            Notice((Text("See "), Link("the source", "https://example.org/"), Text("."))),
            Actions((Button("Pay", Run("pay"), primary=True), Button("Swap", Run("compare")))),
        ),
        fallback="Two roles.",
    )
    (message,) = render(view)
    first, separator, second, row = message["components"]
    assert first["content"] == (
        "## Two roles\n"
        "**AI engineer**: builds products.\n"
        "\n"
        "A second paragraph.\n"
        "### More of this\n"
        "-# AI engineer first, then ML engineer\n"
        "- **RAG** · much · some\n"
        "- **SQL** · none · much\n"
        "### Steps\n"
        "1. Learn\n"
        "2. Build\n"
        "**Also called**: AIE"
    )
    assert separator == {"type": SEPARATOR, "divider": True, "spacing": 1}
    assert second["content"] == (
        "- **AI engineer** · A year: **£75,000** · Date: 2025\n"
        "- **GenAI engineer** · A year: **£80,000** · Date: 2026 · Note: UK\n"
        "- **RAG** ■■■■■■□□□□ 6 of 10\n"
        "- **SQL** □□□□□□□□□□ none yet\n"
        "-# See [the source](https://example.org/)."
    )
    assert [(b["label"], b["style"], b["custom_id"]) for b in row["components"]] == [
        ("Pay", 1, "r:pay"),
        ("Swap", 2, "r:compare"),
    ]


def test_a_picture_stands_between_its_paragraphs_and_says_what_it_shows() -> None:
    picture = Image("https://example.org/a.png", "A chart:\nSQL is in *most* adverts.")
    above, below = Prose((Text("Above."),)), Prose((Text("Below."),))
    (message,) = render(View("T", (above, picture, below), "T."))
    assert [part["type"] for part in message["components"]] == [10, 12, 10]
    said = "A chart: SQL is in *most* adverts."
    assert pictures((message,)) == [("https://example.org/a.png", said)]


def test_pictures_count_as_components_and_a_heading_goes_with_its_picture() -> None:
    picture = Image("https://example.org/a.png", "A chart")
    first, second = render(View("T", (*[picture] * 38, Heading("Last"), picture), "T."))
    assert len(first["components"]) == 39
    assert [part["type"] for part in second["components"]] == [10, 12]
    assert "Last" in text((second,))


def test_what_a_picture_shows_is_never_too_long_for_discord() -> None:
    (message,) = render(View("", (Image("https://example.org/", "\U0001f600" * 1_000),), "T."))
    ((_, said),) = pictures((message,))
    assert units(said) <= 1_024
    assert said.endswith("…")


def test_a_heading_stays_with_what_it_belongs_to() -> None:
    filler = tuple(Prose((Text("word " * 190),)) for _ in range(4))
    view = View("T", (*filler, Heading("Last"), Prose((Text("end " * 100),))), "T.")
    first, second = render(view)
    assert "Last" not in text((first,))
    assert text((second,)).startswith("### Last\nend")


def test_buttons_that_mean_the_same_keep_apart() -> None:
    same = tuple(Button(label, BrowseRoles(1)) for label in ("Next", "Onward", "More"))
    choice = Choice("One", BrowseRoles(1))
    view = View("T", (Actions((*same, Select("Which", (choice, choice)))),), "T.")
    ids = [c["custom_id"] for c in components(render(view)) if "custom_id" in c]
    assert len(set(ids)) == len(ids) == 4
    assert intents(render(view)) == [BrowseRoles(1)] * 5


def test_buttons_come_five_to_a_row_and_selects_alone() -> None:
    buttons = tuple(Button(f"B{number}", BrowseRoles(number)) for number in range(7))
    view = View("T", (Actions((*buttons, Select("Which", (Choice("A", Fill("pay")),)))),), "T.")
    (message,) = render(view)
    rows = [c for c in message["components"] if c["type"] == ACTION_ROW]
    assert [len(row["components"]) for row in rows] == [5, 2, 1]


def test_a_view_of_nothing_still_says_something() -> None:
    assert text(render(View("", (), "Nothing here."))) == "Nothing here."
    assert text(render(View(" ", (Prose((Text("\u200b"),)), Divider()), "\n"))) == "…"


def test_a_page_is_rendered_once_and_forgotten_with_its_view() -> None:
    view = View("T", (Prose((Text("words"),)),), "T.")
    assert pages(view) is pages(view)


@pytest.mark.parametrize("aspect", ["compare", "path"])
async def test_the_answers_about_a_pair_are_short_enough_for_one_message(
    dispatcher: Dispatcher, aspect: str
) -> None:
    roles = tuple(dispatcher.catalogue.content.roles)
    first, second = dispatcher.commands[aspect].options
    ada = Actor("discord", "1")
    for a in roles:
        for b in roles:
            effect = await dispatcher.call(Call(aspect, {first.name: a, second.name: b}, ada))
            assert isinstance(effect, Say)
            assert len(render(effect.view)) == 1, f"/{aspect} {a} {b}"


@pytest.mark.parametrize("command", ["role", "skills", "pay", "define"])
async def test_every_answer_fits_into_what_a_user_install_may_send(
    dispatcher: Dispatcher, command: str
) -> None:
    (option, *_) = dispatcher.commands[command].options
    for one in dispatcher.options.all(option.kind):
        call = Call(command, {option.name: one.value}, Actor("discord", "1"))
        effect = await dispatcher.call(call)
        assert isinstance(effect, Say)
        assert len(render(effect.view)) <= 3, f"/{command} {one.value}"
