"""Which issue a subscription gets next, and what it looks like there."""

from __future__ import annotations

import datetime as dt

from bot.core.command import Context, GoneError
from bot.core.newsletter.digest import digest
from bot.core.newsletter.issue import from_written, view
from bot.core.subscriptions import Subscription
from bot.core.views import Prose, Text, View

DIGEST = "digest"


def next_issue(subscription: Subscription, context: Context, now: dt.datetime) -> str:
    """The key of the next issue: the latest written one that is due and new here, or a digest."""
    content = context.catalogue.content
    before = subscription.last or subscription.since.date()
    due = [issue for issue in content.issues.values() if before < issue.front.publish <= now.date()]
    if due:
        return max(due, key=lambda issue: issue.front.publish).id
    return f"{DIGEST} {subscription.number}"


def issue_view(key: str, subscription: Subscription, context: Context) -> View:
    """An issue with the subscription's own line above it.

    Raises:
        GoneError: if the issue is not there any more.
    """
    content = context.catalogue.content
    kind, _, number = key.partition(" ")
    if kind == DIGEST:
        issue = digest(content, int(number), context.today, subscription.community)
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
