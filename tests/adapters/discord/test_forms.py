"""Forms that are no command's: a question's, which is asked in a message and changes it."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.content.catalogue import Catalogue
from tests.adapters.discord.conftest import Start
from tests.adapters.effects import QUESTION, TYPE, Asking
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.replies import Kind, Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

VALUES = {"answer": "42", "reason": "old"}


async def asked(server: FakeDiscord, ada: User, command: str, *, in_dm: bool = False) -> Reply:
    """The form that a question opens."""
    where = server.dm_with(ada) if in_dm else None
    question = await server.slash(ada, command, where=where)
    assert QUESTION in question.text
    form = await server.click(ada, question, question.shown.labelled("Type the answer"))
    assert form.kind is Kind.MODAL
    return form


@pytest.mark.parametrize("in_dm", [False, True])
async def test_an_answer_takes_the_place_of_its_question(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue, in_dm: bool
) -> None:
    asking = Asking(catalogue)
    await start(dispatcher=asking)
    form = await asked(server, ada, "quietly", in_dm=in_dm)
    reply = await server.submit(ada, form, VALUES)
    assert reply.kind is Kind.UPDATE
    assert "Right." in reply.text
    assert QUESTION not in reply.text
    assert asking.sent[0].intent == TYPE
    assert asking.values == VALUES
    assert asking.sent[0].actor.key == f"discord:{ada.id}"


async def test_an_answer_that_takes_long_takes_its_place_later(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    asking, go_on = Asking(catalogue), asyncio.Event()
    asking.wait = go_on
    await start(dispatcher=asking, defer_after=0.05)
    form = await asked(server, ada, "quietly")
    reply = await server.submit(ada, form, VALUES)
    assert reply.kind is Kind.DEFERRED_UPDATE
    go_on.set()
    assert "Right." in (await reply.finished()).text


async def test_an_answer_below_a_public_question_is_seen_by_nobody_else(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    await start(dispatcher=Asking(catalogue))
    form = await asked(server, ada, "loudly")
    reply = await server.submit(ada, form, VALUES)
    assert reply.kind is Kind.MESSAGE
    assert reply.ephemeral
    assert "Right." in reply.text


async def test_one_of_a_few_is_chosen_from_a_list_and_the_rest_may_stay_empty(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    asking = Asking(catalogue)
    await start(dispatcher=asking)
    form = await asked(server, ada, "quietly")
    assert form.modal is not None
    assert form.modal.title == "Question 4"
    answer, reason, details = form.modal.fields()
    assert [option["label"] for option in reason["options"]] == [
        "The answer is wrong",
        "It is out of date",
    ]
    assert (answer["required"], reason["required"], details["required"]) == (True, True, False)
    with pytest.raises(NotOfferedError):
        await server.submit(ada, form, {"answer": "42"})
    await server.submit(ada, form, {**VALUES, "details": "Words"})
    assert asking.values == {**VALUES, "details": "Words"}
