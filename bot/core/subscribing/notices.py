"""What those who look after a channel's newsletter hear when something is wrong with it."""

from __future__ import annotations

from bot.core.subscribing.places import how_to_allow
from bot.core.user_text import quote
from bot.core.views import Prose, Text, View
from bot.core.wording import date_in_words


def paused_view(channel: str, reason: str, platform: str = "") -> View:
    """What a manager hears when a channel had to be paused.

    Args:
        channel: The channel's name, or its id.
        reason: Why, in words.
        platform: Decides how the bot is let in again.
    """
    how = how_to_allow(platform)
    return _view(
        "A newsletter is paused",
        f"The newsletter in {quote(channel)} is paused: {reason.rstrip('.')}.",
        f"{how} Then type /newsletter resume in the channel. If the channel is gone, /newsletter "
        "in another one opens it, to send the newsletter elsewhere or to end it.",
    )


def doubt_view(channel: str, date: str) -> View:
    """What a manager hears when nobody knows whether the issue of a date (ISO) arrived."""
    return _view(
        "Did this issue arrive?",
        f"I cannot tell whether the issue of {date_in_words(date)} arrived in {quote(channel)}, "
        "so I have not sent it twice.",
        "If it is not there, type /newsletter status in the channel and press Repost.",
    )


def _view(title: str, text: str, what_to_do: str) -> View:
    return View(title, (Prose((Text(text),)), Prose((Text(what_to_do),))), fallback=text)
