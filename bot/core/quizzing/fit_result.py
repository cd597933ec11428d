"""The result of a fit quiz: a verdict in words, its reasons, what speaks against it, what next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.core.command import Context
from bot.core.intents import AnswerMeans, Run, Step, TakeStep
from bot.core.quiz.fit import Result, Verdict
from bot.core.quiz.fit_reasons import Choice, reasons
from bot.core.quiz.library import FitQuiz
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.rounds import least_answers
from bot.core.views import (
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Heading,
    Italic,
    Notice,
    Prose,
    Spans,
    Text,
    View,
)
from bot.core.wording import Footnotes, capitalised, in_sentence, listed

SHOWN = 3
"""Roles that a result shows at most."""

CAVEAT = (
    "A starting point, not a verdict: it weighs what you would rather do, not what you can do. "
    "Results of different people cannot be compared."
)


def result_of(session: Session, quiz: FitQuiz) -> Result | None:
    """The result; None where too few questions were answered for one."""
    answers = session.answers
    if len(answers) < least_answers(session.kind):
        return None
    if session.kind is Kind.DUEL:
        return quiz.model.duel(answers, *session.topic)
    return quiz.model.score(answers)


def verdict(result: Result, quiz: FitQuiz, *, duel: bool) -> str:
    """The result in a sentence."""
    names = [in_sentence(quiz.names[ranked.role]) for ranked in result.ranking[:SHOWN]]
    first, second = names[0], names[1] if len(names) > 1 else ""
    match result.verdict:
        case Verdict.NONE:
            return f"No clear pull. Nearest are {listed(names)}."
        case Verdict.CLOSE if result.equal:
            return f"Two roles, equally: {first} and {second}."
        case Verdict.CLOSE:
            return f"A close call between {first} and {second}."
        case Verdict.LEANING:
            return f"Leaning towards {first}{f', with {second} next' if second else ''}."
        case Verdict.CLEAR if duel:
            return f"A clear pull towards {first}."
        case Verdict.CLEAR:
            return f"A clear pull: {first}."
        case _:
            assert_never(result.verdict)


def fit_result(session: Session, quiz: FitQuiz, context: Context) -> View:
    """The result of a session that is done."""
    result = result_of(session, quiz)
    if result is None:
        return _too_few(session)
    duel = session.kind is Kind.DUEL
    said = verdict(result, quiz, duel=duel)
    notes = Footnotes(context.catalogue.content.sources)
    top, second = result.ranking[0].role, result.ranking[1].role
    return View(
        "Your result",
        (
            Prose((Bold(said),)),
            *_roles(result, quiz, context),
            *_because(session, quiz, top, second),
            *_ways_in(top, quiz, context, notes),
            *_means(session, quiz),
            *notes.blocks(),
            Notice((Text(CAVEAT),)),
            *_buttons(session, result, quiz),
        ),
        fallback=said,
    )


def _roles(result: Result, quiz: FitQuiz, context: Context) -> Iterator[Block]:
    roles = context.catalogue.content.roles
    shown = [r.role for r in result.ranking[: _how_many(result)] if r.role in roles]
    if shown:
        yield Bullets(
            tuple(
                (Bold(capitalised(quiz.names[role])), Text(f": {roles[role].tagline}"))
                for role in shown
            )
        )


def _how_many(result: Result) -> int:
    match result.verdict:
        case Verdict.NONE | Verdict.CLEAR | Verdict.LEANING:
            return SHOWN
        case Verdict.CLOSE:
            return 2
        case _:
            assert_never(result.verdict)


def _because(session: Session, quiz: FitQuiz, top: str, second: str) -> Iterator[Block]:
    found = reasons(quiz.model, session.answers, top, second)
    traits = {trait.id: trait for trait in quiz.file.traits}
    one, other = (in_sentence(quiz.names[role]) for role in (top, second))
    if found.because:
        yield Heading(f"Because you chose, for {one}")
        yield Bullets(tuple(_quoted(choice, quiz) for choice in found.because))
    if found.apart:
        yield Heading(f"What set it apart from {other}")
        yield Bullets(tuple(_quoted(choice, quiz) for choice in found.apart))
    if found.against is not None:
        yield Heading("What speaks against it")
        yield Bullets((_quoted(found.against, quiz),))
    if found.high or found.low:
        yield Heading("What stands out")
        yield Bullets(
            (
                *(_trait(f"{traits[t].name}: much", traits[t].high) for t in found.high),
                *(_trait(f"{traits[t].name}: little", traits[t].low) for t in found.low),
            )
        )


def _trait(name: str, end: str) -> Spans:
    return (Text(f"{capitalised(name)} – {end}"),)


def _quoted(choice: Choice, quiz: FitQuiz) -> Spans:
    item = quiz.model.items[choice.item]
    return (Italic(f"“{item.options[choice.option].text}”"), Text(f" ({item.stem})"))


def _ways_in(top: str, quiz: FitQuiz, context: Context, notes: Footnotes) -> Iterator[Block]:
    role = context.catalogue.content.roles.get(top)
    if role is not None:
        yield Heading(f"The usual way in, as {in_sentence(quiz.names[top])}")
        yield Prose(notes.cite(role.ways_in[0]))


def _means(session: Session, quiz: FitQuiz) -> Iterator[Block]:
    """What the person's means change about the way in, never about the ranking."""
    found = [
        item.options[session.means[item.id]].note
        for item in quiz.file.feasibility
        if item.id in session.means
    ]
    if found:
        yield Heading("With your means")
        yield Bullets(tuple((Text(note),) for note in found))


def _buttons(session: Session, result: Result, quiz: FitQuiz) -> Iterator[Actions]:
    top, second = (ranked.role for ranked in result.ranking[:2])
    name = in_sentence(quiz.names[top])

    def step(label: str, step: Step) -> Button:
        return Button(label, TakeStep(session.id, session.position, step))

    realistic = Button("Is it realistic for me?", AnswerMeans(session.id, 0, -1))
    open_means = len(quiz.file.feasibility) > len(session.means)
    yield Actions(
        (
            Button("Compare the first two", Run("compare", (top, second)), primary=True),
            Button("Skills I would need", Run("skills", (top,))),
            Button(f"Quiz me on {name}", Run("quiz", (top,))),
        )
    )
    yield Actions(
        (
            *((realistic,) if open_means else ()),
            step("Share the result", Step.SHARE),
            step("Delete my answers", Step.FORGET),
        )
    )


def _too_few(session: Session) -> View:
    least, given = least_answers(session.kind), len(session.answers)
    text = f"You answered {given} of the questions; I need at least {least} to say something sound."
    what = ("fit",) if session.kind is Kind.FIT else session.topic
    return View(
        "Too few answers for a result",
        (
            Prose((Text(text),)),
            Actions((Button("Begin again", Run("quiz", what), primary=True),)),
        ),
        fallback=text,
    )
