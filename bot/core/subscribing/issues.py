"""Which issue a subscription gets next, and what it looks like there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from dataclasses import replace

from bot.core.command import Context, GoneError
from bot.core.newsletter import calendar
from bot.core.newsletter.digest import order_of
from bot.core.newsletter.schedule import Rhythm, upcoming
from bot.core.subscribing.shelf import Composed, Made, shelf_of
from bot.core.subscribing.times import local_date, schedule_of
from bot.core.subscribing.topics import topics_of
from bot.core.subscriptions import Subscription
from bot.core.views import Prose, Text, View

DIGEST = "digest"


def next_issue(
    subscription: Subscription, context: Context, date: dt.date, had: Container[str] = ()
) -> str:
    """The key of the issue for a local date: the latest written one that is new, or a digest.

    What was published on the day on which the subscription began counts as new, but for the issues
    that it `had` already. The daily question is always composed.
    """
    begun = local_date(subscription, subscription.since) - dt.timedelta(days=1)
    after = subscription.last or begun
    issues = [i for key, i in context.catalogue.content.issues.items() if key not in had]
    if subscription.rhythm != Rhythm.DAILY:
        written = calendar.due(issues, topics_of(subscription), after, date)
        if written:
            return written.id
    return f"{DIGEST} {subscription.digests}"


def after_issue(subscription: Subscription, key: str, date: dt.date, version: str) -> Subscription:
    """The subscription once an issue is planned for a local date.

    `version` is that of the content by then. A composed issue tells what changed since the last
    composed one, so that nothing is missed where a written one comes in between.
    """
    composed = key.partition(" ")[0] == DIGEST
    return replace(
        subscription,
        last=max(date, subscription.last or date),
        number=subscription.number + 1,
        digests=subscription.digests + int(composed),
        content=version if composed or not subscription.content else subscription.content,
    )


def snapshot_of(context: Context) -> tuple[str, str]:
    """The version of the present content, and the text to keep under it for comparing later.

    It is made once for a catalogue.
    """
    return shelf_of(context.catalogue.content).kept


def made(
    key: str,
    subscription: Subscription,
    context: Context,
    date: dt.date,
    *,
    before: str | None = None,
) -> Made:
    """The issue with this key, for a local date.

    Args:
        key: As `next_issue` gives it.
        subscription: Who it is for: the community and the topics count.
        context: What it is made from.
        date: The local date of its occurrence.
        before: The text of the snapshot at the issue before: a composed issue tells what changed.

    Raises:
        GoneError: if it is not there any more.
    """
    shelf = shelf_of(context.catalogue.content)
    kind, _, number = key.partition(" ")
    if kind == DIGEST:
        topics = topics_of(subscription)
        order = order_of(subscription.community)
        found = shelf.composed(Composed(int(number), date, order, topics, before))
    else:
        found = shelf.written(key)
    if found is None:
        raise GoneError
    return found


def with_intro(shown: View, subscription: Subscription) -> View:
    """An issue with the subscription's own line above it; the same view where there is none."""
    if not subscription.intro:
        return shown
    intro = Prose((Text(subscription.intro),))
    return View(shown.title, (intro, *shown.blocks), shown.fallback)


def upcoming_view(
    subscription: Subscription, context: Context, now: dt.datetime, before: str | None
) -> View:
    """What the next issue would look like, if the content stayed as it is."""
    date = upcoming(schedule_of(subscription), now, 1)[0].date
    key = next_issue(subscription, context, date)
    found = made(key, subscription, context, date, before=before)
    return with_intro(found.previewed, subscription)
