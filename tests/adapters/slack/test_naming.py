"""Commands are called by their workspace's names in words, and by their own in what is pressed."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.adapters.slack.naming import Naming
from bot.core.commands import COMMANDS
from bot.core.intents import (
    AnswerMeans,
    AnswerQuestion,
    Ask,
    Aspect,
    BrowseRoles,
    CompareAspect,
    Fill,
    Intent,
    PickOptions,
    ReportQuestion,
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
    ManageSubscription,
    Purpose,
    Repost,
    Retype,
    SwitchTopic,
)
from bot.core.reader_intents import OpenQuestion, Vote
from bot.core.views import Actions, Bar, Bars, Button, Choice, Link, Prose, Select, Text, View

INTENTS: tuple[Intent, ...] = (
    Run("quiz", ("/quiz",)),
    Fill("quiz", ("/quiz",)),
    CompareAspect(Aspect.PAY, "/pay", "/pay"),
    BrowseRoles(1),
    SwitchPack("/packs", on=True),
    Ask(Wish.EXPORT),
    AnswerQuestion("/quiz", 1, (0,)),
    PickOptions("/quiz", 1, (0, 1)),
    TypeAnswer("/quiz", 1),
    TakeStep("/quiz", 1, Step.NEXT),
    AnswerMeans("/quiz", 1, 0),
    ReportQuestion("/quiz", 1),
    ManageSubscription(1, Act.STATUS),
    Repost(1),
    ChooseFor(1, Purpose.PLACE),
    SwitchTopic(1, "pay", on=True),
    Dismiss("/pay"),
    Retype(1, "0123456789abcdef", "/pay"),
    OpenQuestion("0123456789abcdef"),
    Vote(1, 0),
)


def test_every_kind_of_intent_is_tried() -> None:
    assert {type(intent) for intent in INTENTS} == set(get_args(Intent))


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: type(intent).__name__)
def test_what_is_pressed_means_the_same_whatever_commands_are_called(intent: Intent) -> None:
    button, select = Button("/quiz", intent), Select("/help", (Choice("/pay", intent, "/role"),))
    renamed = Naming("rc-", COMMANDS).view(View("/quiz", (Actions((button, select)),), "/quiz"))
    assert renamed.blocks == (
        Actions(
            (
                Button("/rc-quiz", intent),
                Select("/rc-help", (Choice("/rc-pay", intent, "/rc-role"),)),
            )
        ),
    )
    assert (renamed.title, renamed.fallback) == ("/rc-quiz", "/rc-quiz")


def test_words_are_renamed_and_addresses_are_not() -> None:
    link = Link("Type /quiz", "https://example.org/quiz")
    view = View(
        "T", (Prose((link, Text(" or/quiz"))), Bars((Bar("/share", 0.5, "/leaderboard"),))), ""
    )
    assert Naming("rc-", COMMANDS).view(view).blocks == (
        Prose((Link("Type /rc-quiz", link.url), Text(" or/quiz"))),
        Bars((Bar("/rc-share", 0.5, "/rc-leaderboard"),)),
    )
