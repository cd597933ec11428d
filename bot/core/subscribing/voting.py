"""Answering the question of an issue: in private, one answer a person, until it is revealed.

A press counts in the community where the issue was posted, and nowhere else: copies that Discord
makes for other servers carry no buttons, so a press from elsewhere can only be made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase
from typing import assert_never

from bot.core.command import Effect, GoneError, Say, Update, Visit
from bot.core.content.quizzes import ChoiceItem
from bot.core.intents import Run
from bot.core.items import (
    button_label,
    explained_options,
    lettered,
    stand_on_buttons,
    stem_blocks,
    why,
)
from bot.core.markdown import spans
from bot.core.newsletter.answer import distribution
from bot.core.newsletter.question import order_of, texts_of
from bot.core.ports import Unit
from bot.core.reader_intents import PREVIEWED, OpenQuestion, ReaderIntent, Vote
from bot.core.subscribing.asking import question_of
from bot.core.views import Actions, Block, Bold, Button, Notice, Prose, Text, View, plain
from bot.core.votes import Ballot


async def press(intent: ReaderIntent, visit: Visit) -> Effect:
    """The answer to a press of a reader.

    Raises:
        GoneError: if there is no such question in this community.
        StoreError: if nothing could be kept; pressing again is safe.
    """
    store = visit.desk.store
    match intent:
        case OpenQuestion(version) if version == PREVIEWED:
            return Say(_previewed())
        case OpenQuestion(version):
            return Update(await store.read(lambda unit: _opened(unit, version, visit)))
        case Vote(delivery, place):
            return Update(await store.write(lambda unit: _voted(unit, delivery, place, visit)))
        case _:
            assert_never(intent)


def _opened(unit: Unit, version: str, visit: Visit) -> View:
    community, channel = visit.actor.community or "", visit.actor.channel or ""
    delivery = unit.votes.asked_in(community, channel, version)
    if delivery is None:
        raise GoneError
    item = _question(unit, delivery, visit)
    mine = unit.votes.of(delivery, visit.actor.key)
    if unit.votes.is_revealed(delivery):
        return _answer(unit, item, delivery, mine, visit)
    return _ask(item, delivery, mine)


def _voted(unit: Unit, delivery: int, place: int, visit: Visit) -> View:
    item = _question(unit, delivery, visit)
    order = order_of(item)
    if place >= len(order):
        raise GoneError
    person, chosen = visit.actor.key, order[place]
    ballot = Ballot(delivery, person, chosen, chosen < len(item.right), visit.now)
    if unit.votes.cast(ballot):
        asked = unit.votes.asked(delivery)
        return _kept(item, asked.version if asked else "", place, visit)
    return _answer(unit, item, delivery, unit.votes.of(delivery, person), visit)


def _question(unit: Unit, delivery: int, visit: Visit) -> ChoiceItem:
    """The question, if it was asked in this community. Raises GoneError."""
    asked, found = unit.votes.asked(delivery), unit.newsletters.delivery(delivery)
    if asked is None or found is None:
        raise GoneError
    subscription = unit.newsletters.get(found.subscription)
    item = question_of(unit, asked.version)
    if item is None or subscription is None or subscription.community != visit.actor.community:
        raise GoneError
    return item


def _ask(item: ChoiceItem, delivery: int, mine: Ballot | None) -> View:
    """The question with a button for each option, and what was chosen so far."""
    texts = texts_of(item)
    if mine is None:
        said = "One press answers. Nobody else sees what you choose."
    else:
        letter = ascii_uppercase[order_of(item).index(mine.chosen)]
        said = f"You chose {letter}. Until the next issue you can change it with another press."
    buttons = (
        Button(button_label(place, texts), Vote(delivery, place), primary=True)
        for place in range(len(texts))
    )
    return View(
        "The newsletter's question",
        (
            *stem_blocks(item),
            *(() if stand_on_buttons(texts) else (lettered(texts),)),
            Notice((Text(said),)),
            Actions(tuple(buttons)),
        ),
        fallback=plain(spans(item.stem)),
    )


def _kept(item: ChoiceItem, version: str, place: int, visit: Visit) -> View:
    """What was chosen; nothing of whether it is right."""
    text = "The answer comes with the next issue. Until then you can change yours."
    return View(
        "Your answer is kept",
        (
            Prose((Bold(f"You chose {ascii_uppercase[place]}: "), *texts_of(item)[place])),
            Prose((Text(text),)),
            Actions((Button("Change it", OpenQuestion(version)), *_practise(item, visit))),
        ),
        fallback=f"You chose {ascii_uppercase[place]}. {text}",
    )


def _answer(unit: Unit, item: ChoiceItem, delivery: int, mine: Ballot | None, visit: Visit) -> View:
    """Every option explained, and what people chose."""
    title = "Here is the answer" if mine is None else "Right" if mine.right else "Not right"
    chosen = () if mine is None else (mine.chosen,)
    practise = tuple(_practise(item, visit))
    blocks: tuple[Block, ...] = (
        *stem_blocks(item),
        explained_options(item, order_of(item), chosen),
        *why(item, visit.context.catalogue.content.sources),
        *distribution(item, unit.votes.tally(delivery)),
        Notice((Text("This question is closed: its answer has been told."),)),
        *((Actions(practise),) if practise else ()),
    )
    return View(title, blocks, fallback=f"{title}.")


def _practise(item: ChoiceItem, visit: Visit) -> Iterator[Button]:
    """Leads to questions on the same skill, where there still is one."""
    if item.skill in visit.context.catalogue.content.skills:
        yield Button("Practise this skill", Run("quiz", (item.skill,)))


def _previewed() -> View:
    text = "This is a preview. In the posted issue, everybody can answer here in private."
    return View("Not yet", (Prose((Text(text),)),), fallback=text)
