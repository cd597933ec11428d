"""The next question for one person out of ten thousand."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.core.content.loader import Content, load
from bot.core.content.quizzes import Item
from bot.core.desk import utc_now
from bot.core.ports import Seen
from bot.core.quiz import session as moves
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.library import Library
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.rounds import LENGTHS, next_item
from bot.settings import shipped_content
from tests.bench.content import SEED
from tests.bench.effort import Effort
from tests.bench.measure import BenchError, in_turns
from tests.bench.table import Most, Row, Unit, percentile

ITEMS = 10_000

ANSWERED = 2_000
"""Items that the person has answered before."""

QUIZZES = 40
"""Quizzes that are played in a pass, each to its end, within a minute: see `Desk.difficulties`."""


def measure(effort: Effort) -> Iterator[Row]:
    """The time to choose, as a person with a long history needs it at every question."""
    content = many_items(ITEMS)
    topic = next(iter(content.skills.values())).group

    def once() -> dict[str, float]:
        times = list(_times(content, topic))
        return {"99 of 100": percentile(times, 0.99), "median": percentile(times, 0.5)}

    found = in_turns(effort.passes, {"ours": once})["ours"]
    what = f"Choosing the next question out of {ITEMS:,}, CPU time"
    target, unit = Most(5, ratio=False), Unit.MILLISECONDS
    yield Row(f"{what}, 99 of 100 within", found["99 of 100"], unit, target=target)
    yield Row(f"{what}, median", found["median"], unit)


def many_items(number: int) -> Content:
    """Content with so many knowledge items, all about skills of one group."""
    shipped = load(shipped_content())
    group = next(iter(shipped.skills.values())).group
    skills = [skill.id for skill in shipped.skills.values() if skill.group == group]
    models = list(shipped.items.values())
    items: list[Item] = []
    for position in range(number):
        model = models[position % len(models)]
        changed = {"id": f"item-{position}", "skill": skills[position % len(skills)]}
        items.append(model.model_copy(update=changed))
    pack = next(iter(shipped.packs.values())).model_copy(update={"items": tuple(items)})
    return replace(shipped, packs={pack.id: pack}, items={item.id: item for item in items})


def _times(content: Content, topic: str) -> Iterator[float]:
    """Milliseconds of CPU time for each question of some quizzes."""
    chance = random.Random(SEED)
    library = Library(content)
    now = utc_now()
    difficulties = {identity: _rating(chance) for identity in content.items}
    groups = {skill.group for skill in content.skills.values()}
    length = LENGTHS[Kind.KNOWLEDGE]
    for number in range(QUIZZES):
        session = Session(
            f"{number}", "bench:1", Kind.KNOWLEDGE, (topic,), SEED, "", length, now, now
        )
        known = chance.sample(list(content.items), ANSWERED)
        seen = {identity: Seen(now, now + dt.timedelta(days=1)) for identity in known}
        abilities = {group: _rating(chance) for group in groups}
        while len(session.asked) < length:
            began = time.thread_time()
            item = _next(session, library, seen, abilities, difficulties, chance)
            yield (time.thread_time() - began) * 1000
            if item is None or item.id in seen:
                raise BenchError("no new question was found")
            session = moves.ask(session, item.id, "", now)
            session = moves.answer(session, session.position, (0,), 1.0, now)


def _next(
    session: Session,
    library: Library,
    seen: Mapping[str, Seen],
    abilities: Mapping[str, Rating],
    difficulties: Mapping[str, Rating],
    chance: random.Random,
) -> Item | None:
    pool = library.about(session.topic[0], frozenset())
    return next_item(session, pool, library, seen, abilities, difficulties, chance)


def _rating(chance: random.Random) -> Rating:
    return Rating(chance.gauss(0, 1), 50)
