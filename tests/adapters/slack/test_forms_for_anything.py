"""Forms that are no command's: what they suggest, and what is said beside a field."""

from __future__ import annotations

from bot.core.command import Click, Effect, Field, Form, Kind, Option, Spot, Submission, Suggestion
from bot.core.content.catalogue import Catalogue
from tests.adapters.effects import TYPE, Asking, view
from tests.adapters.slack.running import running
from tests.adapters.slack.test_forms import VALUES, asked
from tests.fakes.slack.server import SlackServer

WRONG_TIME = "I do not know the time 25:00. Such as 09:00?"


class Choosing(Asking):
    """Its form holds what can be looked up, and a time that is typed."""

    def form(self, what: Suggestion | None, time: str) -> Form:
        return Form(
            TYPE,
            "When and what",
            (
                Field(Option("what", "A role", Kind.ROLE), what),
                Field(Option("time", "When", Kind.TEXT), Suggestion(time, time) if time else None),
                Field(Option("intro", "A line above it", Kind.TEXT, required=False)),
            ),
            view(WRONG_TIME),
        )

    async def click(self, click: Click) -> Effect:
        return self.form(None, "09:00") if click.intent == TYPE else await super().click(click)

    async def submit(self, submission: Submission) -> Effect:
        told = await super().submit(submission)
        what = Suggestion(submission.values.get("what", ""), "As before")
        return self.form(what, "") if submission.values.get("time") == "25:00" else told


async def test_every_form_suggests_what_its_selects_hold(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    choosing, ada = Choosing(catalogue), slack.person("Ada")
    async with running(slack, choosing):
        _, form = await asked(slack, ada, "/quietly", slack.general)
        assert form.elements[0].type == "external_select"
        assert await slack.suggest(ada, "what", "mle", form)
        assert (await slack.submit(ada, form, {"what": "ML engineer"})).closed
    assert choosing.values == {"what": "ml-engineer", "time": "09:00"}


async def test_what_a_form_asks_for_again_is_said_beside_its_field(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    ada = slack.person("Ada")
    async with running(slack, Choosing(catalogue)):
        _, form = await asked(slack, ada, "/quietly", slack.general)
        await slack.suggest(ada, "what", "mle", form)
        wrong = {"what": "ML engineer", "time": "25:00"}
        answer = await slack.submit(ada, form, wrong)
        assert (answer.errors, answer.closed) == ({"time": WRONG_TIME}, False)
        assert (await slack.submit(ada, form, {"time": "10:00"})).closed


async def test_what_cannot_be_looked_up_is_said_beside_its_field_in_every_form(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    gone = {"text": {"type": "plain_text", "text": "Gone"}, "value": "xyzzy-engineer"}
    ada = slack.person("Ada")
    async with running(slack, Choosing(catalogue)):
        _, form = await asked(slack, ada, "/quietly", slack.general)
        answer = await slack.submit(ada, form, {"what": gone})
    assert list(answer.errors) == ["what"]


async def test_a_form_that_asks_for_something_else_is_no_mistake(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    class Further(Asking):
        async def submit(self, submission: Submission) -> Effect:
            asked_next = Field(Option("zone", "Where", Kind.TEXT))
            return Form(TYPE, "Next", (asked_next,), view("Press it for the next question."))

    ada = slack.person("Ada")
    async with running(slack, Further(catalogue)):
        (question,) = (await slack.slash(ada, "/quietly")).messages
        opened = await slack.click(ada, question, "Type the answer")
        answer = await slack.submit(ada, await opened.modal(), VALUES)
        assert (answer.errors, answer.closed) == ({}, True)
        assert "Press it for the next question." in (await opened.message()).shown


async def test_a_form_knows_the_thread_in_which_it_was_opened(
    slack: SlackServer, catalogue: Catalogue
) -> None:
    asking, ada = Asking(catalogue), slack.person("Ada")
    above = slack.workspace.say(ada, slack.general.id, "Look at this.", None)
    async with running(slack, asking):
        heard = await slack.mention(ada, slack.general, "<@BOT> /quietly", thread_ts=above.ts)
        form = await (await slack.click(ada, heard.messages[0], "Type the answer")).modal()
        await slack.submit(ada, form, VALUES)
    actor = asking.sent[0].actor
    assert actor.channel == f"{slack.general.id}/{above.ts}"
    assert actor.spot == Spot(actor.channel, "general, in a thread")
