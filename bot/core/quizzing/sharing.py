"""Showing a result to others: only ever at the person's own wish, as a small card."""

from __future__ import annotations

from bot.core.command import Effect, Post, Say, Update, Visibility, Visit
from bot.core.intents import Run
from bot.core.ports import Unit
from bot.core.quiz.session import Phase, Session
from bot.core.quizzing import states
from bot.core.quizzing.fit_result import result_of, verdict
from bot.core.quizzing.knowledge_result import points, topic_names
from bot.core.quizzing.material import fit_quiz_of
from bot.core.subscriptions import Place
from bot.core.user_text import quote
from bot.core.views import Actions, Block, Bold, Button, Code, Notice, Prose, Spans, Text, View
from bot.core.wording import listed


def share(unit: Unit, visit: Visit, session: Session) -> Effect:
    """Post the card where the person is, or where the quiz was begun; else say how to."""
    if session.phase is not Phase.DONE:
        return Update(states.not_done(session))
    card = card_of(unit, visit, session)
    if visit.actor.channel is not None:
        return Say(card, Visibility.PUBLIC)
    if session.channel is not None:
        posted = _note("Shared", (Text("It is in the channel where you began the quiz."),))
        there = Place(visit.actor.platform, session.community or "", session.channel)
        return Post(there, card, posted, refused=_how_to(card))
    return Say(_how_to(card))


def card_of(unit: Unit, visit: Visit, session: Session) -> View:
    """A result as others may see it: the verdict or the score, and no single answer."""
    name = quote(visit.actor.name) or "Somebody"
    if session.kind.is_fit:
        said = _fit(unit, visit, session)
        title, what = f"{name} took the role-fit quiz", states.what_of(session)
    else:
        topic = listed(topic_names(session, visit.context)) or "reviews"
        said = (Bold(f"{points(session.score)} of {len(session.asked)}"), Text(f" on {topic}."))
        title, what = f"{name} took a quiz", states.what_of(session)
    blocks: tuple[Block, ...] = (
        Prose(said),
        *((Notice((Text("A starting point, not a verdict."),)),) if session.kind.is_fit else ()),
        Actions((Button("Take it yourself", Run("quiz", what), primary=True),)),
    )
    return View(title, blocks, fallback=title)


def _fit(unit: Unit, visit: Visit, session: Session) -> Spans:
    quiz = fit_quiz_of(session, visit.context.library, unit)
    result = result_of(session, quiz)
    if result is None:
        return (Text("Too few answers for a result."),)
    return (Bold(verdict(result, quiz, duel=len(result.ranking) == 2)),)


def _how_to(card: View) -> View:
    words = (Text("To show this card to others, type "), Code("/share"),
             Text(" in the channel where you want it. It looks like this:"))  # fmt: skip
    shown = tuple(block for block in card.blocks if not isinstance(block, Actions))
    return View("Share it", (Prose(words), Prose((Bold(card.title),)), *shown), fallback="Share it")


def _note(title: str, words: Spans) -> View:
    return View(title, (Prose(words),), fallback=title)
