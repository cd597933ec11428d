"""What follows from an attempt to deliver an issue: tried again, given up, or paused. Pure."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import assert_never

from bot.core.messenger import Delivery, Receipt
from bot.core.subscriptions import DeliveryState, IssueDelivery, Settlement

ATTEMPTS = 8
"""How often a delivery is tried before it counts as failed: for about an hour."""

FIRST_PAUSE = 30.0
"""Seconds before the second attempt; each further pause is twice as long, up to an hour."""

LONGEST_PAUSE = 3600.0

TOO_OFTEN = "the platform did not take it in many attempts"

REFUSED = {
    Delivery.FORBIDDEN: "the bot may not post in this channel",
    Delivery.GONE: "the channel is archived, deleted, or the bot is not in it any more",
}
"""Refusals that are about the place, and so hold for every issue: the subscription is paused."""


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended; `paused` says why nothing more is to be posted there, if so.

    `enough` says that the platform wants to be left alone for now.
    """

    settlement: Settlement
    paused: str = ""
    enough: bool = False


def end(delivery: IssueDelivery, receipt: Receipt, now: dt.datetime) -> End:
    """What follows from what a platform said, where it is clear whether the issue arrived.

    Raises:
        ValueError: if it is in doubt.
    """
    match receipt.delivery:
        case Delivery.SENT:
            return End(settled(delivery, DeliveryState.SENT, receipt.note, now))
        case Delivery.MALFORMED:
            reason = receipt.note or "the platform does not take an issue that looks like this"
            return End(settled(delivery, DeliveryState.FAILED, reason, now))
        case Delivery.FORBIDDEN | Delivery.GONE as refusal:
            reason = receipt.note or REFUSED[refusal]
            return End(settled(delivery, DeliveryState.FAILED, reason, now), paused=reason)
        case Delivery.LIMITED | Delivery.LATER as passing:
            return End(_later(delivery, receipt, now), enough=passing is Delivery.LIMITED)
        case Delivery.DOUBT:
            raise ValueError("nobody knows whether it arrived")
        case _:
            assert_never(receipt.delivery)


def settled(
    delivery: IssueDelivery, state: DeliveryState, reason: str, now: dt.datetime
) -> Settlement:
    """A state that an attempt ends in; where that is to wait, it waits for nothing."""
    return Settlement(delivery, state, reason, now, now)


def at_once(delivery: IssueDelivery, now: dt.datetime) -> Settlement:
    """Let a delivery be attempted again now, unless it was attempted too often."""
    if delivery.attempts >= ATTEMPTS:
        return settled(delivery, DeliveryState.FAILED, TOO_OFTEN, now)
    return settled(delivery, DeliveryState.WAITING, "it is sent again", now)


def unread(delivery: IssueDelivery, now: dt.datetime) -> Settlement:
    """Wait for an issue that cannot be made from the content: it may be new, and not read yet."""
    if delivery.attempts >= ATTEMPTS:
        reason = "the issue cannot be made from the content"
        return settled(delivery, DeliveryState.FAILED, reason, now)
    return _waiting(delivery, "the bot has not read this issue yet", 0.0, now)


def _later(delivery: IssueDelivery, receipt: Receipt, now: dt.datetime) -> Settlement:
    if delivery.attempts >= ATTEMPTS:
        return settled(delivery, DeliveryState.FAILED, TOO_OFTEN, now)
    reason = "the platform did not take it, so it is tried again"
    return _waiting(delivery, reason, receipt.wait, now)


def _waiting(delivery: IssueDelivery, reason: str, wait: float, now: dt.datetime) -> Settlement:
    due = now + _pause(delivery.attempts, wait)
    return Settlement(delivery, DeliveryState.WAITING, reason, due, now)


def _pause(attempts: int, wait: float) -> dt.timedelta:
    """Twice as long each time, and as long as the platform wants at least.

    There is some chance in it, so that not all come back at once.
    """
    seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1))
    return dt.timedelta(seconds=max(seconds, wait) * random.uniform(1.0, 1.25))
