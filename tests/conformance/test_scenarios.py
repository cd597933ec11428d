"""What a person may count on, on every platform alike."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Mapping

import pytest

from bot.core.command import (
    Actor,
    Arguments,
    Call,
    Command,
    Context,
    Handler,
    Outcome,
    Say,
    Visibility,
)
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.models import Role
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Run
from bot.core.views import (
    Actions,
    Bullets,
    Button,
    Fields,
    Heading,
    Notice,
    Prose,
    Text,
    View,
    plain,
)
from tests.conformance.seen import Chat, Platform, Seen

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "compare": {"first": "AI engineer", "second": "ML engineer"},
    "role": {"role": "data scientist"},
    "skills": {"role": "ml-engineer", "level": "3"},
    "path": {"start": "data analyst", "goal": "data scientist"},
    "pay": {"role": "data engineer"},
    "roles": {},
    "define": {"term": "RAG"},
    "ask": {"question": "what does an MLOps engineer do?"},
    "help": {},
}


class Delay:
    """A command that waits until the test lets it go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.started = asyncio.Event()

    async def handler(self, _: Arguments, __: Context) -> Outcome:
        self.started.set()
        await self.go_on.wait()
        again = Actions((Button("Again", Run("slow")),))
        return View("Done at last", (Prose((Text("It took a while."),)), again), "Done.")


async def broken(_: Arguments, __: Context) -> Outcome:
    raise RuntimeError("the reason is nobody's business")


def declared(name: str, handler: Handler) -> Command:
    return Command(name, f"A command that is {name}", (), Visibility.PRIVATE, handler, pure=False)


@pytest.fixture
def delay() -> Delay:
    return Delay()


@pytest.fixture
def commands(delay: Delay) -> Mapping[str, Command]:
    extra = (declared("slow", delay.handler), declared("broken", broken))
    return {**COMMANDS, **{command.name: command for command in extra}}


@pytest.fixture
def defer_after() -> float:
    """Short, so that a test need not wait for an answer that is slow."""
    return 0.05


async def facts(
    catalogue: Catalogue, desk: Desk, name: str, options: Mapping[str, str]
) -> list[str]:
    """Every piece of text that the core puts into an answer, as plain words."""
    effect = await Dispatcher(catalogue, desk=desk).call(Call(name, options, Actor("test", "ada")))
    assert isinstance(effect, Say)
    found: list[str] = []
    for block in effect.view.blocks:
        match block:
            case Heading(text):
                found.append(text)
            case Prose(spans) | Notice(spans):
                found.append(plain(spans))
            case Bullets(items):
                found += [plain(item) for item in items]
            case Fields(pairs):
                found += [text for name, spans in pairs for text in (name, plain(spans))]
            case _:
                pass
    return [effect.view.title, *found]


@pytest.mark.parametrize("name", EXAMPLES)
async def test_every_command_says_the_same_facts_everywhere(
    platform: Platform, catalogue: Catalogue, name: str
) -> None:
    options = EXAMPLES[name]
    seen = await platform.command(name, options)
    for fact in await facts(catalogue, platform.behind.desk, name, options):
        assert Seen(fact).words in seen.words


async def test_a_public_answer_is_public_and_a_private_one_private(platform: Platform) -> None:
    pair = EXAMPLES["compare"]
    if platform.public:
        assert not (await platform.command("compare", pair)).private
    assert (await platform.command("compare", pair, private=True)).private
    assert (await platform.command("help")).private


async def test_a_button_on_a_public_answer_answers_its_presser_alone(platform: Platform) -> None:
    seen = await platform.command("compare", EXAMPLES["compare"])
    for label, expected in (
        ("Skills", "mathematics and statistics"),
        ("Pay", "£105 000"),
        ("Day to day", "engineering 50"),
        ("Move from AI engineer to ML engineer", "learn first"),
        ("Swap", "ml engineer and ai engineer"),
    ):
        pressed = await platform.press(seen, label)
        assert pressed.private
        assert expected in pressed.words


async def test_an_entry_of_a_select_opens(platform: Platform) -> None:
    seen = await platform.command("roles")
    opened = await platform.press(seen, "Data analyst")
    assert "skills that define it" in opened.words
    skills = await platform.press(opened, "Skills")
    assert "visualisation and bi" in skills.words
    defined = await platform.press(skills, "SQL")
    assert "who needs it most" in defined.words


async def test_a_slip_is_forgiven_and_an_unknown_name_asks_back(platform: Platform) -> None:
    slip = await platform.command("role", {"role": "data scientits"})
    assert "data scientist" in slip.words
    asked = await platform.command("compare", {"first": "mlx engineer", "second": "AI engineer"})
    assert asked.private
    assert "mlx engineer" in asked.words
    answered = await platform.press(asked, "ML engineer")
    assert "ml engineer and ai engineer" in answered.words
    assert answered.private is not platform.public


async def test_a_name_with_two_meanings_asks_which(platform: Platform) -> None:
    asked = await platform.command("role", {"role": "AI/ML engineer"})
    assert "which one" in asked.words
    assert "builds" in (await platform.press(asked, "ML engineer")).words


async def test_nothing_close_gets_a_friendly_list(platform: Platform) -> None:
    asked = await platform.command("skills", {"role": "KI engineer"})
    assert "these are the ones i know" in asked.words
    assert {"AI engineer", "Data analyst", "Research scientist"} <= set(asked.labels)


async def test_a_role_compared_with_itself_explains_itself(platform: Platform) -> None:
    seen = await platform.command("compare", {"first": "ml", "second": "ml"})
    assert "both names mean ml engineer" in seen.words


async def test_a_title_that_is_no_role_answers_with_the_evidence(platform: Platform) -> None:
    seen = await platform.command("role", {"role": "prompt engineer"})
    assert "72 of 20 662" in seen.words


async def test_a_form_asks_for_what_is_missing(platform: Platform) -> None:
    role = await platform.command("role", {"role": "data analyst"})
    form = await platform.press(role, "Compare with another")
    assert form.form is not None
    assert "second" in form.form
    answer = await platform.fill(form, {"first": "Data analyst", "second": "Data engineer"})
    assert "data analyst and data engineer" in answer.words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("What's the difference between an AI engineer and an ML engineer?", "in short"),
        ("skills for data scientist", "experiments and causal inference"),
        ("how do I move from data analyst to data scientist", "32 skill levels"),
        ("what is RAG", "who needs it most"),
        ("MLE", "builds"),
        ("/pay data scientist in the UK", "£55 000"),
        ("help", "what i can do"),
    ],
)
async def test_plain_words_are_understood_in_a_direct_message(
    platform: Platform, words: str, expected: str
) -> None:
    assert expected in (await platform.write(words)).words


async def test_words_that_mean_nothing_get_what_is_nearest(platform: Platform) -> None:
    seen = await platform.write("is kubernetes a must for bakers")
    assert "nearest things" in seen.words
    opened = await platform.press(seen, "Kubernetes and scheduling")
    assert "who needs it most" in opened.words


HOSTILE = (
    "@everyone <@1> <!channel> <!here> <#C1> </compare:1> https://evil.example "
    "[x](https://evil.example) **b** `c` ||d|| \u202e\u200b"
)


async def test_hostile_words_come_back_harmless(platform: Platform) -> None:
    """The loopback servers refuse whatever could ping or link; here it must also be said."""
    seen = await platform.command("define", {"term": HOSTILE})
    assert "i don t know a skill or term called" in seen.words
    assert "\u202e" not in seen.text


async def test_endless_words_are_cut(platform: Platform) -> None:
    seen = await platform.write("why " * 900)
    assert len(seen.text) < 2_000


async def test_a_button_from_before_a_restart_works(
    chat: Chat, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    seen = await chat.command("compare", EXAMPLES["compare"])
    await chat.restart(catalogue, commands)
    assert "£105 000" in (await chat.press(seen, "Pay")).words


async def test_a_button_whose_role_is_gone_says_so(
    chat: Chat, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    seen = await chat.command("compare", EXAMPLES["compare"])
    content = catalogue.content
    fewer: dict[str, Role] = {k: v for k, v in content.roles.items() if k != "ai-engineer"}
    without = dataclasses.replace(content, roles=fewer, titles={}, paths=(), notes={})
    await chat.restart(index(without), commands)
    assert "out of date" in (await chat.press(seen, "Pay")).words


@pytest.mark.parametrize("identity", ["x", "r:gone:a", "c:pay:a:b", "b:1:2", "🙂"])
async def test_an_id_that_is_not_ours_is_answered(chat: Chat, identity: str) -> None:
    seen = await chat.command("help")
    assert "out of date" in (await chat.forge(seen, identity)).words


async def test_a_slow_answer_arrives_all_the_same(platform: Platform, delay: Delay) -> None:
    asking = asyncio.create_task(_soon(platform.command("slow")))
    await delay.started.wait()
    asyncio.get_running_loop().call_later(0.15, delay.go_on.set)
    assert "it took a while" in (await asking).words


async def _soon(answer: Awaitable[Seen]) -> Seen:
    return await answer


async def test_a_fault_of_ours_is_an_apology_without_details(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    seen = await platform.command("broken")
    assert seen.private
    assert "something went wrong on our side" in seen.words
    assert "nobody" not in seen.words
    assert any(record.__dict__.get("reference", "?") in seen.text for record in caplog.records)
