"""One round of the bot's own work. It may run at any time, twice, and in several processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from bot.core.command import Context
from bot.core.desk import Desk
from bot.core.markdown import spans
from bot.core.messenger import Delivery, Messenger
from bot.core.ports import Notice, Report, Topic, Unit
from bot.core.quiz.library import item_from
from bot.core.quiz.session import KEPT_OPEN, expire
from bot.core.quizzing import reminders, reporting
from bot.core.subscribing import notices
from bot.core.subscribing.pausing import for_the_next
from bot.core.subscriptions import Place
from bot.core.views import View, plain
from bot.feeds.reader import Reader
from bot.jobs.together import Together

logger = logging.getLogger(__name__)

MOST = 100
"""Sessions and notices of one round; the next round takes more."""

AGAIN_AFTER = dt.timedelta(minutes=15)
"""When a notice is tried again that could not be sent just now."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a round works with.

    `messengers` are the platforms by name. `reports` is the channel for new reports, written
    `platform:id`, if there is one. `feeds` reads feeds, where that is wanted. Once `stopping` is
    set, nothing new is begun. `together` writes for tasks that need not be alone in their
    transaction.
    """

    desk: Desk
    context: Callable[[], Context]
    messengers: Mapping[str, Messenger]
    reports: str | None = None
    feeds: Reader | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    together: Together = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "together", Together(self.desk.store))


async def tick(work: Work) -> None:
    """Close what rested for too long, then send what is due.

    Raises:
        StoreError: if the store fails; what was not done is left for the next round.
    """
    desk = work.desk
    await desk.store.write(lambda unit: _close_resting(unit, desk.clock()))
    for _ in range(MOST):
        if work.stopping.is_set():
            break
        # One at a time: what is claimed when a round breaks off is never sent.
        claimed = await desk.store.write(lambda unit: unit.notices.claim(desk.clock(), 1))
        if not claimed:
            break
        await _send(claimed[0], work)


def _close_resting(unit: Unit, now: dt.datetime) -> None:
    for resting in unit.sessions.resting(now - KEPT_OPEN, MOST):
        session = unit.sessions.get(resting.id, lock=True)
        if session is not None and session.has_rested(now):
            unit.sessions.save(expire(session, now))


async def _send(notice: Notice, work: Work) -> None:
    """A notice is claimed before it is sent, so it is sent once at most."""
    desk = work.desk
    view = await desk.store.read(lambda unit: _view(notice, unit, desk))
    delivery = await _delivered(notice, view, work) if view is not None else Delivery.GONE
    now = desk.clock()

    def settle(unit: Unit) -> None:
        match delivery:
            case Delivery.LATER | Delivery.LIMITED:
                unit.notices.release(notice.id, now + AGAIN_AFTER)
                return
            case Delivery.SENT | Delivery.DOUBT:
                unit.notices.settle(notice.id, sent=True)
            case Delivery.MALFORMED | Delivery.FORBIDDEN | Delivery.GONE:
                unit.notices.settle(notice.id, sent=False)
                if next_one := for_the_next(unit, notice, now):
                    unit.notices.put(next_one)
            case _:
                assert_never(delivery)

    await desk.store.write(settle)


async def _delivered(notice: Notice, view: View, work: Work) -> Delivery:
    address = notice.person or notice.channel or work.reports or ""
    platform, _, there = address.partition(":")
    messenger = work.messengers.get(platform)
    if messenger is None:
        return Delivery.GONE
    key = f"notice {notice.id}"
    try:
        if notice.person:
            return (await messenger.direct(there, view, key)).delivery
        return (await messenger.post(_place(platform, there), view, key)).delivery
    except Exception:
        logger.exception("a notice could not be sent", extra={"topic": notice.topic})
        return Delivery.DOUBT


def _place(platform: str, there: str) -> Place:
    """A channel by its id, on Slack perhaps after those of an organisation and a workspace."""
    match there.split("/"):
        case [enterprise, team, channel]:
            return Place(platform, f"{platform}:{enterprise}/{team}", channel)
        case _:
            return Place(platform, "", there)


def _view(notice: Notice, unit: Unit, desk: Desk) -> View | None:
    """What a notice says; None where there is nothing to say any more."""
    data = notice.data
    match notice.topic:
        case Topic.RESUME:
            session = unit.sessions.get(data["session"])
            if session is None or not session.is_open:
                return None
            return reminders.resume_view(session.id, session.position)
        case Topic.REVIEWS:
            count = len(unit.learning.due(notice.person or "", desk.clock()))
            return reminders.review_view(count) if count else None
        case Topic.REPORTED:
            report = unit.reports.get(int(data["report"]))
            return reporting.reported_view(report, _stem(report, unit)) if report else None
        case Topic.SETTLED:
            report = unit.reports.get(int(data["report"]))
            return reporting.settled_view(report, _stem(report, unit)) if report else None
        case Topic.NEWSLETTER_PAUSED:
            return notices.paused_view(data["channel"], data["reason"], _platform(notice))
        case Topic.NEWSLETTER_DOUBT:
            return notices.doubt_view(data["channel"], data["reason"])
        case _:
            assert_never(notice.topic)


def _platform(notice: Notice) -> str:
    return (notice.person or "").partition(":")[0]


def _stem(report: Report, unit: Unit) -> str:
    """The question that was reported, as it was then; its id where that was not kept."""
    body = unit.sessions.kept(report.version)
    return plain(spans(item_from(body).stem)) if body is not None else report.item
