"""What is posted: the issue, the answer to the question before, and news of feeds.

What an issue asks and reveals is fixed when it is made for the first time, and is the same at every
other try.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from bot.core.command import Context
from bot.core.content.newsletter import Topic
from bot.core.content.quizzes import ChoiceItem
from bot.core.newsletter.answer import reveal_blocks
from bot.core.newsletter.feeds import feed_blocks
from bot.core.newsletter.issue import view
from bot.core.ports import Unit
from bot.core.quiz.library import item_from
from bot.core.subscribing.issues import made, with_intro
from bot.core.subscribing.shelf import Made, shelf_of
from bot.core.subscribing.topics import topics_of
from bot.core.subscriptions import IssueDelivery, Subscription
from bot.core.views import Block, View

EACH = 10
"""Entries of one feed that are looked at; it may allow fewer in an issue."""

SETTLED = dt.timedelta(minutes=1)
"""What was read of feeds in the last minute is left for the next issue."""


def posted_view(
    unit: Unit,
    delivery: IssueDelivery,
    subscription: Subscription,
    context: Context,
    before: str | None = None,
) -> View:
    """The issue of a delivery as it is about to be posted.

    It is the same view for all channels where nothing of it is their own. `before` is as in
    `issues.made`.

    Raises:
        GoneError: if the issue is not in the content.
    """
    found = made(delivery.issue, subscription, context, delivery.date, before=before)
    _keep(unit, found, context)
    asked = unit.votes.ask(delivery.id, found.version)
    above = () if asked.reveals is None else tuple(_reveal(unit, asked.reveals, context))
    below = _of_feeds(unit, delivery, subscription, context)
    if asked.version == found.version and not above and not below:
        return with_intro(found.posted, subscription)
    question = found.issue.question
    if asked.version != found.version:
        question = question_of(unit, asked.version)
    issue = replace(found.issue, question=question)
    return with_intro(view(issue, asked.version, above, below), subscription)


def question_of(unit: Unit, version: str) -> ChoiceItem | None:
    """A question as it was asked; None where there was none."""
    body = unit.sessions.kept(version) if version else None
    item = item_from(body) if body is not None else None
    return item if isinstance(item, ChoiceItem) else None


def _keep(unit: Unit, found: Made, context: Context) -> None:
    question = found.issue.question
    if question is not None and unit.sessions.kept(found.version) is None:
        body = shelf_of(context.catalogue.content).body_of(question)
        unit.sessions.keep(found.version, body)


def _reveal(unit: Unit, identity: int, context: Context) -> Iterator[Block]:
    asked, delivery = unit.votes.asked(identity), unit.newsletters.delivery(identity)
    item = question_of(unit, asked.version) if asked is not None else None
    if item is not None and delivery is not None:
        tally, sources = unit.votes.tally(identity), context.catalogue.content.sources
        yield from reveal_blocks(item, tally, delivery.date, sources)


def _of_feeds(
    unit: Unit, delivery: IssueDelivery, subscription: Subscription, context: Context
) -> tuple[Block, ...]:
    """What feeds brought since the issue before, where the subscription wants it."""
    content = context.catalogue.content
    if not content.feeds or Topic.FEED not in topics_of(subscription):
        return ()
    after, until = unit.newsletters.span(delivery)
    entries = unit.feeds.since((after or subscription.since) - SETTLED, until - SETTLED, EACH)
    return feed_blocks(entries, content)
