"""Every call and every click gets an answer, and mistakes get a helpful one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.command import (
    Actor,
    Arguments,
    Call,
    Click,
    Command,
    Context,
    Effect,
    Form,
    Handler,
    Kind,
    Outcome,
    Say,
    Update,
    Visibility,
)
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Aspect, BrowseRoles, CompareAspect, Fill, Intent, Run
from bot.core.ports import Nowhere
from bot.core.views import Actions, Button, Prose, Select, View, plain

ADA = Actor("test", "ada")


def midday(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def call(name: str, *, private: bool = False, **arguments: str) -> Call:
    return Call(name, arguments, ADA, private)


def said(effect: Effect) -> Say:
    assert isinstance(effect, Say), effect
    return effect


def intents(view: View) -> list[Intent]:
    found: list[Intent] = []
    for block in view.blocks:
        if isinstance(block, Actions):
            for item in block.items:
                match item:
                    case Button(_, intent):
                        found.append(intent)
                    case Select(_, choices):
                        found += [choice.intent for choice in choices]
    return found


def words(view: View) -> str:
    spans = (plain(block.spans) for block in view.blocks if isinstance(block, Prose))
    return "\n".join((view.title, *spans))


async def test_a_public_command_is_answered_in_public_unless_asked_otherwise(
    dispatcher: Dispatcher,
) -> None:
    loud = said(await dispatcher.call(call("compare", first="AI engineer", second="mle")))
    quiet = said(
        await dispatcher.call(call("compare", private=True, first="AI engineer", second="mle"))
    )
    assert (loud.visibility, quiet.visibility) == (Visibility.PUBLIC, Visibility.PRIVATE)
    assert loud.view is quiet.view
    assert loud.view.title == "AI engineer and ML engineer"


async def test_an_answer_is_kept_until_the_content_changes(
    dispatcher: Dispatcher, catalogue: Catalogue
) -> None:
    question = call("role", role="mle")
    first = said(await dispatcher.call(question)).view
    assert said(await dispatcher.call(question)).view is first
    dispatcher.use(index(catalogue.content))
    assert said(await dispatcher.call(question)).view is not first


async def test_a_new_day_makes_new_answers(catalogue: Catalogue) -> None:
    days = [dt.date(2026, 11, 21)]
    dispatcher = Dispatcher(catalogue, desk=Desk(Nowhere(), clock=lambda: midday(days[-1])))
    question = call("pay", role="ml-engineer")
    today = said(await dispatcher.call(question)).view
    days.append(dt.date(2028, 1, 1))
    later = said(await dispatcher.call(question)).view
    assert str(later.blocks).count("Older than 12 months") > str(today.blocks).count(
        "Older than 12 months"
    )


async def test_a_role_that_does_not_exist_offers_the_nearest(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("compare", first="mlx engineer", second="ai")))
    assert answer.visibility is Visibility.PRIVATE
    assert "mlx engineer" in words(answer.view)
    assert "Did you mean" in words(answer.view)
    first = intents(answer.view)[0]
    assert first == Run("compare", ("ml-engineer", "ai"), aloud=True)
    again = said(await dispatcher.click(Click(first, ADA)))
    assert again.visibility is Visibility.PUBLIC
    assert again.view.title == "ML engineer and AI engineer"


async def test_nothing_close_gets_the_whole_list(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("skills", role="KI engineer")))
    assert "These are the ones I know" in words(answer.view)
    offered = {i.arguments[0] for i in intents(answer.view) if isinstance(i, Run) and i.arguments}
    assert offered == set(dispatcher.catalogue.content.roles)


@pytest.mark.parametrize(
    ("term", "title"),
    [("data analyst", "Data analyst"), ("AI consultant", "AI consultant")],
)
async def test_asking_what_a_role_means_opens_the_role(
    dispatcher: Dispatcher, term: str, title: str
) -> None:
    assert said(await dispatcher.call(call("define", term=term))).view.title == title


async def test_of_many_things_only_some_are_offered_and_it_says_so(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("define", term="zzz")))
    assert "These are some that I know" in words(answer.view)
    assert len(intents(answer.view)) == 25 + 1


async def test_an_ambiguous_name_asks_which(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("role", role="AI/ML engineer")))
    assert "Which one" in words(answer.view)
    assert intents(answer.view)[:2] == [
        Run("role", ("ai-engineer",), aloud=True),
        Run("role", ("ml-engineer",), aloud=True),
    ]


async def test_a_job_title_is_explained_and_its_role_offered(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("compare", first="prompt engineer", second="mle")))
    assert "not a role of its own" in words(answer.view)
    assert intents(answer.view)[0] == Run("compare", ("ai-engineer", "mle"), aloud=True)
    title = said(await dispatcher.call(call("role", role="prompt engineer")))
    assert title.view.title == "Prompt engineer"
    assert "20,662" in str(title.view.blocks)


async def test_where_a_role_is_wanted_titles_do_not_make_it_ambiguous(
    dispatcher: Dispatcher,
) -> None:
    skills = said(await dispatcher.call(call("skills", role="forward deployed")))
    assert "not a role of its own" in words(skills.view)
    assert Run("skills", ("ai-engineer", None), aloud=True) in intents(skills.view)


@pytest.mark.parametrize("name", ["compare", "path"])
async def test_a_role_with_itself_explains_itself(dispatcher: Dispatcher, name: str) -> None:
    given = {option.name: "ml" for option in COMMANDS[name].options}
    answer = said(await dispatcher.call(Call(name, given, ADA)))
    assert "same role" in answer.view.fallback
    assert len(intents(answer.view)) == 4


async def test_missing_arguments_open_a_form_that_keeps_what_was_given(
    dispatcher: Dispatcher,
) -> None:
    effect = await dispatcher.call(call("compare", second="mle"))
    assert isinstance(effect, Form)
    first, second = effect.fields
    assert first.value is None
    assert second.value is not None
    assert second.value.value == "ml-engineer"
    assert Fill("compare", (None, "ml-engineer")) in intents(effect.otherwise)


async def test_a_question_in_plain_words_is_handed_to_its_command(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("ask", question="AI engineer vs ML engineer?")))
    assert answer.view.title == "AI engineer and ML engineer"
    quiet = said(await dispatcher.call(call("ask", private=True, question="AI engineer vs MLE")))
    assert (answer.visibility, quiet.visibility) == (Visibility.PUBLIC, Visibility.PRIVATE)
    lost = said(await dispatcher.call(call("ask", question="purple monkey")))
    assert lost.view.title == "I am not sure what you mean"
    assert lost.visibility is Visibility.PRIVATE


async def test_an_unknown_command_is_answered(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("comprae")))
    assert "comprae" in words(answer.view)
    assert Run("help", ("compare",)) in intents(answer.view)


@pytest.mark.parametrize(
    "intent",
    [
        Run("gone", ("x",)),
        Fill("gone"),
        CompareAspect(Aspect.PAY, "ml-engineer", "gone"),
    ],
)
async def test_a_click_whose_target_is_gone_is_answered(
    dispatcher: Dispatcher, intent: Intent
) -> None:
    answer = said(await dispatcher.click(Click(intent, ADA)))
    assert answer.view.title == "This button is out of date"


@pytest.mark.parametrize("page", [0, 1, 9999])
async def test_any_page_of_roles_can_be_turned_to(dispatcher: Dispatcher, page: int) -> None:
    effect = await dispatcher.click(Click(BrowseRoles(page), ADA))
    assert isinstance(effect, Update)
    assert effect.view.title == "The roles"


@pytest.mark.parametrize("aspect", list(Aspect))
async def test_each_aspect_of_a_comparison_opens(dispatcher: Dispatcher, aspect: Aspect) -> None:
    click = Click(CompareAspect(aspect, "ai-engineer", "ml-engineer"), ADA)
    answer = said(await dispatcher.click(click))
    assert answer.visibility is Visibility.PRIVATE
    assert "AI engineer and ML engineer" in answer.view.title


async def test_every_button_of_every_answer_leads_somewhere(dispatcher: Dispatcher) -> None:
    """Follow every button from the main answers, two steps deep."""
    seen: set[Intent] = set()
    edge: list[Intent] = [Run("roles"), Run("help"), Run("compare", ("ai-engineer", "ml-engineer"))]
    for _ in range(3):
        following: list[Intent] = []
        for intent in edge:
            if intent in seen:
                continue
            seen.add(intent)
            match await dispatcher.click(Click(intent, ADA)):
                case Say(view) | Update(view) | Form(otherwise=view):
                    assert "out of date" not in view.title, intent
                    assert "wrong" not in view.title, intent
                    assert not view.title.startswith("Unknown"), intent
                    following += intents(view)
        edge = following
    assert len(seen) > 100


async def test_recent_look_ups_are_on_the_home_page_latest_first(dispatcher: Dispatcher) -> None:
    await dispatcher.call(call("role", role="mle"))
    await dispatcher.call(call("define", term="RAG"))
    await dispatcher.call(call("role", role="nonsense nobody knows"))
    await dispatcher.call(call("help", command="pay"))
    mine = intents(dispatcher.home(ADA))
    assert [i for i in mine if isinstance(i, Run) and i.arguments][:2] == [
        Run("define", ("rag",)),
        Run("role", ("ml-engineer",)),
    ]
    assert Run("define", ("rag",)) not in intents(dispatcher.home(Actor("test", "bob")))


async def test_recent_look_ups_go_by_name_and_vanish_with_their_role(catalogue: Catalogue) -> None:
    dispatcher = Dispatcher(catalogue)
    await dispatcher.call(call("skills", role="mle", level="strong"))
    assert "Skills: ML engineer, Strong" in str(dispatcher.home(ADA).blocks)
    content = catalogue.content
    fewer = {key: role for key, role in content.roles.items() if key != "ml-engineer"}
    dispatcher.use(index(dataclasses.replace(content, roles=fewer, titles={}, paths=(), notes={})))
    assert "Skills: " not in str(dispatcher.home(ADA).blocks)


def command_that(name: str, handler: Handler) -> Command:
    declared = COMMANDS["help"]
    return dataclasses.replace(declared, name=name, options=(), handler=handler, pure=False)


async def test_a_fault_of_ours_is_an_apology_with_a_reference_that_is_in_the_log(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: Arguments, __: Context) -> Outcome:
        raise RuntimeError("the secret reason")

    seen: list[tuple[str, str, str]] = []
    dispatcher = Dispatcher(
        catalogue,
        {"broken": command_that("broken", broken)},
        observe=lambda platform, name, outcome, _: seen.append((platform, name, outcome)),
    )
    with caplog.at_level(logging.ERROR):
        answer = said(await dispatcher.call(call("broken")))
    assert answer.visibility is Visibility.PRIVATE
    assert "secret reason" not in str(answer.view.blocks)
    (record,) = caplog.records
    assert record.__dict__["reference"] in answer.view.fallback
    assert seen == [("test", "broken", "failed")]


async def test_an_answer_is_never_more_public_than_its_own_command_promised(
    catalogue: Catalogue,
) -> None:
    async def hand_over(_: Arguments, __: Context) -> Outcome:
        return Run("role", ("mle",))

    commands = {**COMMANDS, "discreet": command_that("discreet", hand_over)}
    dispatcher = Dispatcher(catalogue, commands)
    assert said(await dispatcher.call(call("role", role="mle"))).visibility is Visibility.PUBLIC
    assert said(await dispatcher.call(call("discreet"))).visibility is Visibility.PRIVATE


async def test_commands_that_hand_over_in_a_circle_are_a_fault_not_a_hang(
    catalogue: Catalogue,
) -> None:
    async def again(_: Arguments, __: Context) -> Outcome:
        return Run("loop")

    dispatcher = Dispatcher(catalogue, {"loop": command_that("loop", again)})
    assert "our side" in said(await dispatcher.call(call("loop"))).view.title


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    name=st.sampled_from(sorted(COMMANDS)),
    texts=st.lists(st.text(max_size=400), max_size=2),
)
async def test_no_text_breaks_a_command(
    dispatcher: Dispatcher, name: str, texts: list[str]
) -> None:
    options = COMMANDS[name].options
    arguments = {option.name: text for option, text in zip(options, texts, strict=False)}
    match await dispatcher.call(Call(name, arguments, ADA)):
        case Say(view) | Update(view) | Form(otherwise=view):
            assert "our side" not in view.title
            assert len(view.fallback) < 600


def test_the_declarations_keep_to_the_platforms_limits() -> None:
    for command in COMMANDS.values():
        assert len(command.description) <= 100
        assert len(command.name) <= 24
        assert [o.required for o in command.options] == sorted(
            (o.required for o in command.options), reverse=True
        )
        for option in command.options:
            assert len(option.description) <= 100


def test_completion_speaks_the_names_that_people_know(dispatcher: Dispatcher) -> None:
    labels = [s.label for s in dispatcher.options.complete(Kind.ROLE, "ml", 25)]
    assert labels[0] == "ML engineer"
    assert not any(s.value == "prompt-engineer" for s in dispatcher.options.all(Kind.ROLE))
    assert [s.label for s in dispatcher.options.complete(Kind.LEVEL, "", 25)] == [
        "Aware",
        "Working",
        "Strong",
        "Defining",
    ]
    assert dispatcher.options.complete(Kind.TEXT, "anything", 25) == ()


async def test_an_option_that_a_command_does_not_have_is_ignored(dispatcher: Dispatcher) -> None:
    answer = said(await dispatcher.call(call("role", role="mle", colour="red")))
    assert answer.view.title == "ML engineer"


def test_visibility_is_known_before_the_work(dispatcher: Dispatcher) -> None:
    assert dispatcher.visibility(call("compare")) is Visibility.PUBLIC
    assert dispatcher.visibility(call("compare", private=True)) is Visibility.PRIVATE
    assert dispatcher.visibility(call("roles")) is Visibility.PRIVATE
    assert dispatcher.visibility(call("gone")) is Visibility.PRIVATE
