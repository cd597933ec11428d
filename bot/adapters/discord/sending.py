"""Messages by REST, to people and to channels: each arrives once, and says whether it did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial

import discord

from bot.adapters.discord.failures import FAILURES, receipt_of
from bot.adapters.discord.pages import Page, calling, pages
from bot.adapters.discord.publishing import publish
from bot.adapters.discord.rest import Rest
from bot.core.command import Attachment
from bot.core.messenger import Delivery, Receipt
from bot.core.subscriptions import Place
from bot.core.views import View

PARTLY = "Only the beginning of it was posted: Discord did not take the rest."


def nonce_of(key: str, number: int) -> str:
    """What Discord knows one message of several by: at most 25 characters for any key."""
    return f"{nonce_base(key)}-{number}"


def nonce_base(key: str) -> str:
    """What all messages under one key have in common."""
    return hashlib.blake2b(key.encode(), digest_size=10).hexdigest()


def role_of(place: Place) -> int | None:
    """The role that is told; never the one that everybody has, whose id is the server's."""
    role, server = place.mention, place.community.partition(":")[2]
    return int(role) if role.isdecimal() and role != server else None


async def direct(
    rest: Rest, user: int, view: View, key: str, attachment: Attachment | None = None
) -> Receipt:
    """Send a view to a person's direct messages with the bot; `key` is the same for a repeat."""
    with rest.under_way.one():
        try:
            opened = await rest.ask_twice(partial(rest.client.create_dm, discord.Object(user)))
        except FAILURES as error:
            failed = receipt_of(error)
            nothing_sent = failed.delivery is Delivery.DOUBT
            return Receipt(Delivery.LATER) if nothing_sent else failed
        receipt, _ = await _deliver(rest, opened, pages(view, attachment), key)
        return receipt


async def post(rest: Rest, place: Place, view: View, key: str) -> Receipt:
    """Post a view to a channel or thread; `key` is the same for a repeat.

    In an announcement channel it is published too, as far as Discord lets it be.
    """
    if not place.channel.isdecimal():
        return Receipt(Delivery.GONE)
    channel = rest.client.get_partial_messageable(int(place.channel))
    role = role_of(place)
    made = pages(view) if role is None else calling(pages(view), role)
    with rest.under_way.one():
        receipt, messages = await _deliver(rest, channel, made, key)
        if not place.announcement or not messages:
            return receipt
        notes = (receipt.note, await publish(rest, messages))
        return Receipt(receipt.delivery, note=" ".join(filter(None, notes)))


async def _deliver(
    rest: Rest, channel: discord.abc.Messageable, made: Iterable[Page], key: str
) -> tuple[Receipt, list[discord.Message]]:
    """Send every page. What has begun to arrive counts as sent: it must not come twice."""
    messages: list[discord.Message] = []
    try:
        for number, page in enumerate(made):
            send = partial(channel.send, **page.new(), nonce=nonce_of(key, number))
            messages.append(await rest.ask_twice(send))
    except FAILURES as error:
        failed = receipt_of(error)
        return (Receipt(Delivery.SENT, note=PARTLY) if messages else failed), messages
    return Receipt(Delivery.SENT), messages
