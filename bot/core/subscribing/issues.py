"""Which issue a subscription gets next, and what it looks like there."""

from __future__ import annotations

import datetime as dt

from bot.core.command import Context, GoneError
from bot.core.newsletter import calendar
from bot.core.newsletter.digest import ALL_TOPICS, digest
from bot.core.newsletter.issue import from_written, view
from bot.core.subscribing.times import local_date
from bot.core.subscriptions import Subscription
from bot.core.views import Prose, Text, View

DIGEST = "digest"


def next_issue(subscription: Subscription, context: Context, date: dt.date) -> str:
    """The key of the issue for a local date: the latest written one that is new, or a digest.

    What was published on the day on which the subscription began counts as new.
    """
    begun = local_date(subscription, subscription.since) - dt.timedelta(days=1)
    after = subscription.last or begun
    issues = context.catalogue.content.issues.values()
    written = calendar.due(issues, ALL_TOPICS, after, date)
    return written.id if written else f"{DIGEST} {subscription.number}"


def issue_view(key: str, subscription: Subscription, context: Context, date: dt.date) -> View:
    """An issue of a local date with the subscription's own line above it.

    Raises:
        GoneError: if the issue is not there any more.
    """
    content = context.catalogue.content
    kind, _, number = key.partition(" ")
    if kind == DIGEST:
        issue = digest(content, int(number), date, subscription.community)
    else:
        written = content.issues.get(key)
        issue = from_written(written, content) if written else None
    if issue is None:
        raise GoneError
    shown = view(issue)
    if not subscription.intro:
        return shown
    intro = Prose((Text(subscription.intro),))
    return View(shown.title, (intro, *shown.blocks), shown.fallback)
