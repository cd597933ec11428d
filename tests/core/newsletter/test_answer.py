"""Last time's question: few words on every platform, and figures that do not mislead."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.adapters.discord.render import render as for_discord
from bot.adapters.slack.render import render as for_slack
from bot.adapters.terminal.render import render as for_terminal
from bot.core.content.catalogue import Catalogue
from bot.core.content.newsletter import fits
from bot.core.content.quizzes import ChoiceItem, Distractor, ItemOption
from bot.core.newsletter.answer import ENOUGH, distribution, reveal_blocks
from bot.core.newsletter.issue import from_written, view
from bot.core.views import Bars, Prose, View, plain
from tests.fakes.discord import limits as discord_limits

ASKED = dt.date(2026, 12, 7)


def item(right: str = "Recall", *wrong: str, **given: object) -> ChoiceItem:
    usual: dict[str, object] = {
        "id": "metric",
        "skill": "classical-ml",
        "level": 2,
        "stem": "Which measure suits a rare class?",
        "explanation": "It looks at the rare class alone.",
        "format": "single",
        "right": (ItemOption(text=right, why="It counts what was missed."),),
        "wrong": tuple(Distractor(text=text) for text in wrong or ("Accuracy", "Speed")),
    }
    return ChoiceItem.model_validate(usual | given)


def told(found: ChoiceItem, tally: dict[int, int]) -> View:
    return View("T", tuple(reveal_blocks(found, tally, ASKED, {})), "")


def bars(found: ChoiceItem, tally: dict[int, int]) -> dict[str, tuple[float, str]]:
    [chart] = [block for block in distribution(found, tally) if isinstance(block, Bars)]
    return {bar.name: (bar.share, bar.words) for bar in chart.rows}


def test_every_option_has_its_bar_in_the_order_in_which_it_was_shown() -> None:
    shown = bars(item(), {0: 12, 2: 8})
    assert [name[0] for name in shown] == ["A", "B", "C"]
    by_option = {name.rpartition(": ")[2]: (name, *found) for name, found in shown.items()}
    name, share, words = by_option["Recall"]
    assert "right" in name
    assert (share, words) == (0.6, "12 of 20, 60%")
    assert by_option["Speed"][1:] == (0.4, "8 of 20, 40%")
    assert by_option["Accuracy"][1:] == (0.0, "0 of 20, 0%")


@pytest.mark.parametrize("total", [1, 2, ENOUGH - 1, ENOUGH])
def test_few_answers_are_counted_and_no_more(total: int) -> None:
    words = [found[1] for found in bars(item(), {1: total}).values()]
    assert f"{total} of {total}{', 100%' if total >= ENOUGH else ''}" in words
    assert any("%" in text for text in words) is (total >= ENOUGH)
    first = next(iter(distribution(item(), {1: total})))
    assert isinstance(first, Prose)
    people = "1 person" if total == 1 else f"{total} people"
    assert plain(first.spans) == f"{people} answered:"


def test_without_an_explanation_the_reason_of_the_right_option_is_given() -> None:
    assert "Why: It counts what was missed." in for_terminal(told(item(explanation=None), {}), 80)
    shown = for_terminal(told(item(), {}), 80)
    assert "Why: It looks at the rare class alone." in shown
    assert "It counts what was missed." not in shown


def test_a_long_question_is_told_in_short() -> None:
    scenario = "A service has been slow since Monday. " * 15
    long = item(scenario=scenario.strip(), format="scenario", stem="And then? " * 40)
    shown = for_terminal(told(long, {}), 80)
    assert shown.count("slow since") < 6
    assert shown.count("And then") < 21
    assert shown.count("…") == 2


def test_every_question_is_revealed_within_all_limits(catalogue: Catalogue) -> None:
    content = catalogue.content
    issues = [from_written(issue, content) for issue in content.issues.values()]
    for number, found in enumerate(filter(fits, content.items.values())):
        tally = {index: 1000 * index for index in range(len(found.options))}
        above = tuple(reveal_blocks(found, tally, ASKED, content.sources))
        shown = view(issues[number % len(issues)], "f" * 16, above)
        for message in for_discord(shown):
            body = {**message, "allowed_mentions": {"parse": []}}
            assert discord_limits.message(body, flags=message["flags"]) == []
        assert all(len(posted["blocks"]) <= 50 for posted in for_slack(shown))
        assert "Last time's question" in for_terminal(shown, 80)


def test_a_reveal_takes_little_room(catalogue: Catalogue) -> None:
    """An issue and the answer before it are nearly always one message."""
    content = catalogue.content
    long = []
    for found in filter(fits, content.items.values()):
        tally = dict.fromkeys(range(len(found.options)), 10)
        view = View("T", tuple(reveal_blocks(found, tally, ASKED, content.sources)), "")
        (message,) = for_discord(view)
        size = sum(len(part.get("content", "")) for part in message["components"])
        long += [size] if size > 1_200 else []
    assert long == []
