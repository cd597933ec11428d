"""What a question looks like, and the states of a quiz in which nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase
from typing import assert_never

from bot.core.content.quizzes import ChoiceItem, Item, NumericItem, OrderingItem, TextItem
from bot.core.intents import AnswerQuestion, PickOptions, Step, TakeStep, TypeAnswer
from bot.core.items import button_label, lettered, stand_on_buttons, stem_blocks
from bot.core.markdown import spans
from bot.core.quiz.fit import MAX_TIES
from bot.core.quiz.grading import options_of
from bot.core.quiz.library import FitQuiz
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.material import fit_order_of, order_of
from bot.core.quizzing.rounds import may_skip
from bot.core.views import (
    Actions,
    Bold,
    Button,
    Fields,
    Notice,
    Prose,
    Spans,
    Text,
    View,
    plain,
)

HALF_WAY = 6
"""The question before which the role-fit quiz says that half is done."""


def fit_question(session: Session, quiz: FitQuiz) -> View:
    """The current question of a fit quiz."""
    position = session.position
    item = quiz.file.items[list(quiz.model.items).index(session.current.item)]
    order = fit_order_of(session, position, len(item.options))
    texts: list[Spans] = [(Text(item.options[index].text),) for index in order]
    steps = [Step.BACK] if position else []
    steps += [Step.SKIP] if may_skip(session, quiz) else []
    what = "Role fit" if session.kind is Kind.FIT else "Head to head"
    return View(
        f"{what}: question {position + 1} of {max(session.length, position + 1)}",
        (
            *_opening(session),
            Prose((Bold(item.stem),)),
            *_lettered(texts),
            Actions(tuple(_letters(session, texts))),
            _steps(session, *steps, Step.PAUSE, Step.STOP),
        ),
        fallback=item.stem,
    )


def _opening(session: Session) -> Iterator[Notice]:
    """What is said before some questions; never anything that would steer an answer."""
    position = session.position
    if position == 0 and session.kind is Kind.FIT:
        yield Notice(
            (
                Text(
                    f"{session.length} short questions, perhaps up to {MAX_TIES} more if it is "
                    "close; about 2 minutes. This is not a test: there are no right answers."
                ),
            )
        )
    elif position == 0:
        yield Notice((Text(f"{session.length} short questions; about a minute."),))
    elif position >= session.length:
        yield Notice((Text("It is close, so here is one more."),))
    elif position == HALF_WAY and session.kind is Kind.FIT:
        yield Notice((Text("Half-way. Take what you would rather do, not what you should."),))


def item_question(session: Session, item: Item, skill: str, picked: tuple[int, ...] = ()) -> View:
    """The current knowledge question; `picked` are the places of options chosen so far."""
    order = order_of(session, session.position, item)
    options = options_of(item)
    texts = [spans(options[index].text) for index in order]
    return View(
        f"Question {session.position + 1} of {session.length}",
        (
            Notice((Text(skill),)),
            *stem_blocks(item),
            *(Notice((Text(hint),)) for hint in _hints(item)),
            *_lettered(texts, picked),
            *_so_far(item, picked),
            Actions(tuple(_buttons(session, item, texts, picked))),
            _steps(session, Step.SKIP, Step.PAUSE, Step.STOP),
        ),
        fallback=plain(spans(item.stem)),
    )


def _hints(item: Item) -> Iterator[str]:
    match item:
        case ChoiceItem(format="multiple"):
            yield "Pick all that are right, then press Submit."
        case OrderingItem():
            yield "Press the letters in the right order, then Submit."
        case NumericItem(unit=str(unit)):
            yield f"Type a number, in {unit}."
        case NumericItem():
            yield "Type a number."
        case TextItem():
            yield "Type a word or two."
        case ChoiceItem():
            pass
        case _:
            assert_never(item)


def _lettered(texts: list[Spans], picked: tuple[int, ...] = ()) -> Iterator[Fields]:
    """The options with their letters, unless they are short enough to stand on the buttons."""
    if not stand_on_buttons(texts):
        yield lettered(texts, picked)


def _letters(session: Session, texts: list[Spans]) -> Iterator[Button]:
    """One tap answers."""
    for place in range(len(texts)):
        intent = AnswerQuestion(session.id, session.position, (place,))
        yield Button(button_label(place, texts), intent, primary=True)


def _buttons(
    session: Session, item: Item, texts: list[Spans], picked: tuple[int, ...]
) -> Iterator[Button]:
    match item:
        case ChoiceItem(format="multiple"):
            for place in range(len(texts)):
                yield _toggle(session, place, texts, picked)
        case OrderingItem():
            for place in range(len(texts)):
                if place not in picked:
                    intent = PickOptions(session.id, session.position, (*picked, place))
                    yield Button(button_label(place, texts), intent)
            if picked:
                yield Button("Start again", PickOptions(session.id, session.position, ()))
        case ChoiceItem():
            yield from _letters(session, texts)
            return
        case NumericItem() | TextItem():
            typing = TypeAnswer(session.id, session.position)
            yield Button("Type the answer", typing, primary=True)
            return
        case _:
            assert_never(item)
    if picked and (len(picked) == len(texts) or not isinstance(item, OrderingItem)):
        yield Button("Submit", AnswerQuestion(session.id, session.position, picked), primary=True)


def _toggle(session: Session, place: int, texts: list[Spans], picked: tuple[int, ...]) -> Button:
    is_picked = place in picked
    after = tuple(p for p in picked if p != place) if is_picked else (*picked, place)
    label = f"Drop {ascii_uppercase[place]}" if is_picked else button_label(place, texts)
    return Button(label, PickOptions(session.id, session.position, tuple(sorted(after))))


def _so_far(item: Item, picked: tuple[int, ...]) -> Iterator[Prose]:
    if picked:
        letters = ", ".join(ascii_uppercase[place] for place in picked)
        what = "Your order so far" if isinstance(item, OrderingItem) else "Picked"
        yield Prose((Text(f"{what}: {letters}"),))


def _steps(session: Session, *steps: Step) -> Actions:
    return Actions(
        tuple(
            Button(_WORDS[step, session.kind.is_fit], TakeStep(session.id, session.position, step))
            for step in steps
        )
    )


_WORDS = {
    (step, is_fit): words
    for is_fit in (True, False)
    for step, words in {
        Step.BACK: "Back",
        Step.SKIP: "Skip" if is_fit else "I don't know",
        Step.PAUSE: "Pause",
        Step.STOP: "Stop",
    }.items()
}
