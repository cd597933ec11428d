"""What is said after a knowledge question: right or not, and why, for every option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from bot.core.content.models import Source
from bot.core.content.quizzes import ChoiceItem, Item, NumericItem, OrderingItem, TextItem
from bot.core.intents import ReportQuestion, Step, TakeStep
from bot.core.items import explained_options, reason, stem_blocks, why
from bot.core.markdown import spans
from bot.core.quiz.session import Asked, Session
from bot.core.quizzing.material import order_of
from bot.core.user_text import quote
from bot.core.views import (
    Actions,
    Block,
    Bold,
    Bullets,
    Button,
    Italic,
    Notice,
    Prose,
    Span,
    Spans,
    Text,
    View,
)


def explained(
    session: Session, item: Item, skill: str, sources: Mapping[str, Source], *, last: bool
) -> View:
    """The answer to the current question, explained; `last` says that the result comes next."""
    asked = session.current
    verdict = verdict_of(asked)
    onward = TakeStep(session.id, session.position, Step.NEXT)
    return View(
        verdict,
        (
            Notice((Text(f"Question {session.position + 1} of {session.length} · {skill}"),)),
            *stem_blocks(item),
            *_options(session, item),
            *why(item, sources),
            Actions(
                (
                    Button("See the result" if last else "Next question", onward, primary=True),
                    Button("Report this question", ReportQuestion(session.id, session.position)),
                )
            ),
            Actions(
                (
                    Button("Pause", TakeStep(session.id, session.position, Step.PAUSE)),
                    Button("Stop", TakeStep(session.id, session.position, Step.STOP)),
                )
            ),
        ),
        fallback=f"{verdict}.",
    )


def verdict_of(asked: Asked) -> str:
    """Right or not, in words."""
    match asked:
        case Asked(skipped=True):
            return "Here is the answer"
        case Asked(score=1.0):
            return "Right"
        case Asked(score=float(score)) if score > 0:
            return f"Partly right: {score:.0%}"
        case _:
            return "Not right"


def key(item: Item) -> Spans:
    """The right answer."""
    match item:
        case ChoiceItem(right=right):
            return _joined([spans(option.text) for option in right], " · ")
        case OrderingItem(steps=steps):
            return _joined([spans(step.text) for step in steps], " → ")
        case NumericItem(answer=answer, unit=unit, tolerance=tolerance):
            about = f", give or take {tolerance:g}" if tolerance else ""
            return (Text(f"{answer:,.10g}{f' {unit}' if unit else ''}{about}"),)
        case TextItem(accepted=accepted):
            return (Text(accepted[0]),)
        case _:
            assert_never(item)


def _joined(parts: list[Spans], between: str) -> Spans:
    found: list[Span] = []
    for number, part in enumerate(parts):
        found += [Text(between), *part] if number else part
    return tuple(found)


def _options(session: Session, item: Item) -> Iterator[Block]:
    response = session.current.response
    match item:
        case ChoiceItem():
            order = order_of(session, session.position, item)
            yield explained_options(item, order, response if isinstance(response, tuple) else ())
        case OrderingItem():
            if isinstance(response, tuple):
                mine = _joined([spans(item.steps[index].text) for index in response], " → ")
                yield Prose((Bold("Your order: "), *mine))
            yield Prose((Bold("The right order:"),))
            yield Bullets(
                tuple((*spans(step.text), *reason(step.why)) for step in item.steps),
                numbered=True,
            )
        case NumericItem() | TextItem():
            if isinstance(response, str):
                yield Prose((Bold("Your answer: "), Italic(quote(response))))
            yield Prose((Bold("The right answer: "), *key(item)))
        case _:
            assert_never(item)
