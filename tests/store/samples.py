"""Rows to keep, and short ways to keep them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bot.core.feeds import FeedEntry
from bot.core.ports import Answer, Card, Notice, Reason, Report, StoreError, Topic, Unit
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.session import Kind, Session, answer, ask
from bot.core.subscriptions import IssueDelivery, Subscription, SubscriptionState
from bot.store.database import Database

NOW = dt.datetime(2026, 11, 20, 12, 30, 15, 123456, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)

ANN, BEN, EVE = "discord:1001", "discord:1002", "slack:T1:U1003"
SERVER = "discord:guild:77"

STATE = '{"card_id": 0, "stability": 2.5, "due": "2026-11-23T12:00:00+00:00"}'


def a_session(identity: str = "session1", person: str = ANN, **given: Any) -> Session:
    """A session without a question."""
    usual: dict[str, Any] = {
        "kind": Kind.KNOWLEDGE,
        "topic": ("ml-engineer",),
        "seed": 2**31 - 1,
        "content": "c" * 64,
        "length": 10,
        "started": NOW,
        "updated": NOW,
        "community": SERVER,
        "channel": "discord:5",
    }
    return Session(id=identity, person=person, **(usual | given))


def asking(identity: str = "session1", person: str = ANN, **given: Any) -> Session:
    """A session whose first question waits for an answer."""
    return ask(a_session(identity, person, **given), "rag-1", "v1", NOW)


def an_answer(session: Session, **given: Any) -> Answer:
    """A right answer to the current question of a session."""
    usual: dict[str, Any] = {
        "item": "rag-1",
        "group": "llm",
        "score": 1.0,
        "chosen": (1,),
        "first": True,
        "seconds": 4.5,
        "ability": 0.25,
        "at": NOW,
    }
    return Answer(
        session=session.id,
        position=session.position,
        person=session.person,
        community=session.community,
        **(usual | given),
    )


def a_card(due: dt.datetime = NOW + DAY, *, quick: bool = False) -> Card:
    return Card(STATE, due, NOW, quick)


def keep_answer(unit: Unit, session: Session, **given: Any) -> None:
    """Record an answer, and nothing of what it changes in the session."""
    change = given.pop("change", 0.5)
    card = given.pop("card", a_card())
    kept = an_answer(session, **given)
    unit.learning.record(kept, Rating(0.5, 1), 0.0, change, card)


def answer_once(unit: Unit, identity: str) -> bool:
    """What a press does: False where the question was answered before."""
    session = unit.sessions.get(identity, lock=True)
    assert session is not None
    if session.current.settled:
        return False
    keep_answer(unit, session)
    unit.sessions.save(answer(session, session.position, (1,), 1.0, NOW))
    return True


def a_report(person: str = ANN, **given: Any) -> Report:
    usual: dict[str, Any] = {
        "item": "rag-1",
        "version": "v1",
        "reason": Reason.WRONG,
        "text": "No.",
        "at": NOW,
    }
    return Report(id=0, person=person, **(usual | given))


def a_notice(key: str = "resume 1", **given: Any) -> Notice:
    usual: dict[str, Any] = {
        "topic": Topic.RESUME,
        "due": NOW,
        "person": ANN,
        "data": {"session": "1"},
    }
    return Notice(key=key, **(usual | given))


def a_subscription(person: str = ANN, **given: Any) -> Subscription:
    """Every Monday at 9 in London, from now on."""
    usual: dict[str, Any] = {
        "platform": "discord",
        "community": SERVER,
        "channel": "5",
        "rhythm": "weekly",
        "weekday": 0,
        "time": dt.time(9),
        "zone": "Europe/London",
        "anchor": NOW.date(),
        "intro": "",
        "since": NOW,
        "state": SubscriptionState.ACTIVE,
        "next_at": dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
    }
    return Subscription(id=0, person=person, **(usual | given))


def a_delivery(subscription: Subscription, **given: Any) -> IssueDelivery:
    """An issue that waits for its channel."""
    usual: dict[str, Any] = {"destination": subscription.place.destination}
    usual |= {"date": NOW.date(), "issue": "digest 0", "due": NOW, "updated": NOW}
    usual["planned"] = given.get("updated", NOW)
    return IssueDelivery(id=0, subscription=subscription.id, **(usual | given))


def an_entry(identity: str = "a", **given: Any) -> FeedEntry:
    """An entry of a feed, first read now."""
    usual: dict[str, Any] = {
        "feed": "news",
        "title": "A title",
        "link": f"https://news.example/{len(identity)}",
        "published": NOW - MINUTE,
        "seen": NOW,
    }
    return FeedEntry(id=identity, **(usual | given))


async def failure_of(store: Database, work: Callable[[Unit], object]) -> str:
    with pytest.raises(StoreError) as caught:
        await store.write(work)
    assert "\n" not in str(caught.value)
    return str(caught.value)
