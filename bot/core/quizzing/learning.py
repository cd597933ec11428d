"""What an answer teaches: the person's ability, the item's difficulty, and when it comes back."""

from __future__ import annotations

from bot.core.command import Visit
from bot.core.content.quizzes import Item
from bot.core.ports import Answer, Card, Unit
from bot.core.quiz.adaptive import start_of, updated
from bot.core.quiz.grading import guess_chance
from bot.core.quiz.review import is_quick, reviewed
from bot.core.quiz.session import Session

RIGHT = 1.0


def learn(
    unit: Unit, visit: Visit, session: Session, item: Item, score: float, chosen: tuple[int, ...]
) -> None:
    """Keep the answer to the session's current question, and what follows from it."""
    group = visit.context.library.group_of(item.skill)
    known = unit.learning.known(session.person, item.id, group)
    difficulty = known.difficulty or start_of(item.level)
    first = known.card is None
    ability, changed = updated(known.ability, difficulty, score, guess_chance(item), first=first)
    seconds = (visit.now - session.current.at).total_seconds()
    quick = score >= RIGHT and is_quick(seconds, unit.learning.usual_seconds(session.person))
    card = known.card
    easy = quick and card is not None and card.quick
    review = reviewed(card.state if card else None, score, visit.now, easy=easy)
    unit.learning.record(
        Answer(
            session=session.id,
            position=session.position,
            person=session.person,
            community=session.community,
            item=item.id,
            group=group,
            score=score,
            chosen=chosen,
            first=first,
            seconds=seconds,
            ability=known.ability.value,
            at=visit.now,
        ),
        ability,
        difficulty.value,
        changed.value - difficulty.value,
        Card(review.state, review.due, visit.now, quick),
    )
