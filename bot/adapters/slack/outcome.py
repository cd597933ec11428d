"""What became of a post that Slack did not confirm: its error words, classified once.

Slack has no key by which it knows a repeated message, and a bot without a history scope cannot
look one up. So nothing counts as not sent unless Slack says that it was not: a failure in the
middle is in doubt. Of `internal_error` and `fatal_error` Slack's own documentation says that part
of the work may have been done; a gateway's 500, 502 or 504 does not know what happened behind it.
Only a 503, which turns requests away at the door, and what never reached Slack are for later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from aiohttp import ClientConnectorError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.bolt import reason
from bot.core.messenger import Delivery, Receipt

logger = logging.getLogger(__name__)

UNSAID_SECONDS = 10.0
"""How long to wait where Slack sets a limit and does not say for how long."""

MOST_SECONDS = 3600.0
"""The longest wait that is believed."""

REMOVED = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""What Slack says to the token of a workspace that removed the bot.

A token that can be renewed is renewed before it is used, so one that has expired has come to its
end.
"""

BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
"""What Slack says to blocks that it does not take, and also to a picture that it cannot fetch."""

_WORD = re.compile(r"[a-z][a-z0-9_]{1,59}")

_WORDS: Mapping[Delivery, str] = {
    Delivery.MALFORMED: """
        attachment_payload_limit_exceeded deprecated_endpoint invalid_arg_name invalid_arguments
        invalid_array_arg invalid_blocks invalid_blocks_format invalid_charset invalid_form_data
        invalid_json invalid_metadata_format invalid_metadata_schema invalid_post_type
        json_not_object markdown_text_conflict metadata_must_be_sent_from_app metadata_too_large
        method_deprecated missing_file_data missing_post_type msg_blocks_too_long msg_too_long
        no_text too_many_attachments too_many_contact_cards
    """,
    Delivery.FORBIDDEN: """
        access_denied accesslimited app_access_restricted as_user_not_supported cannot_dm_bot
        cannot_reply_to_message ekm_access_denied enterprise_is_restricted messages_tab_disabled
        missing_scope no_permission not_allowed_token_type not_in_channel
        posting_to_general_channel_denied restricted_action
        restricted_action_non_threadable_channel restricted_action_read_only_channel
        restricted_action_thread_locked restricted_action_thread_only_channel
        send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked
        slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked
        team_access_not_granted thread_locked two_factor_setup_required user_not_visible
    """,
    Delivery.GONE: """
        account_inactive channel_is_archived channel_not_found invalid_auth invalid_thread_ts
        is_archived message_not_found not_authed team_not_found thread_not_found token_revoked
        user_disabled user_not_found
    """,
    Delivery.LIMITED: "message_limit_exceeded rate_limited ratelimited",
    Delivery.LATER: """
        org_login_required request_timeout service_unavailable team_added_to_org token_expired
    """,
    Delivery.DOUBT: "fatal_error internal_error",
}

DELIVERIES: Mapping[str, Delivery] = {
    word: delivery for delivery, words in _WORDS.items() for word in words.split()
}
"""What each of Slack's error words means for a message."""

REMOVED_NOTE = "I was removed from the workspace."
_PERMISSION_NOTE = "I lack a permission in the workspace. Please install me there again."

_NOTES: Mapping[str, str] = {
    "account_inactive": REMOVED_NOTE,
    "invalid_auth": REMOVED_NOTE,
    "token_revoked": REMOVED_NOTE,
    "channel_not_found": "The channel is gone, or it is private and I am not in it.",
    "is_archived": "The channel is archived.",
    "thread_not_found": "The thread is gone.",
    "not_in_channel": "I am not in the channel. Please invite me there.",
    "missing_scope": _PERMISSION_NOTE,
    "no_permission": _PERMISSION_NOTE,
    "restricted_action": "The workspace does not let me post in the channel.",
    "restricted_action_read_only_channel": "The channel is read-only.",
    "restricted_action_thread_only_channel": "The channel takes messages in threads only.",
    "restricted_action_non_threadable_channel": "The channel takes no messages in threads.",
    "restricted_action_thread_locked": "The thread is locked.",
    "messages_tab_disabled": "Messages to people are switched off for me in the workspace.",
    "ekm_access_denied": "The workspace's administrators have suspended posting.",
    "msg_too_long": "The message is too long for Slack.",
    "msg_blocks_too_long": "The message is too long for Slack.",
}
"""What to tell whoever manages the place, where it can be told better than by Slack's word."""

_OTHERWISE: Mapping[Delivery, str] = {
    Delivery.MALFORMED: "Slack does not take the message",
    Delivery.FORBIDDEN: "Slack does not let me post there",
    Delivery.GONE: "The place is not there any more",
    Delivery.LIMITED: "Slack asks to wait",
    Delivery.LATER: "Slack is not available at the moment",
    Delivery.DOUBT: "Slack failed in the middle",
}


def receipt_of(error: Exception) -> Receipt:
    """What became of a message whose post ended in this error."""
    match error:
        case SlackApiError(response=AsyncSlackResponse() as answer):
            receipt = _answered(answer, reason(error))
        case ClientConnectorError() | ConnectionTimeoutError():
            receipt = Receipt(Delivery.LATER, note="Slack could not be reached.")
        case _:
            receipt = Receipt(Delivery.DOUBT, note="Slack's answer was lost.")
    logger.log(
        logging.WARNING if receipt.delivery is Delivery.DOUBT else logging.INFO,
        "a message was not confirmed: %s",
        reason(error),
        extra={"delivery": receipt.delivery.value},
    )
    return receipt


def _answered(answer: AsyncSlackResponse, word: str) -> Receipt:
    delivery = _delivery(answer.status_code, word)
    note = _NOTES.get(word)
    if note is None:
        told = f": {word}" if _WORD.fullmatch(word) else ""
        note = f"{_OTHERWISE[delivery]}{told}."
    wait = _seconds(answer.headers) if delivery is Delivery.LIMITED else 0.0
    return Receipt(delivery, wait, note)


def _delivery(status: int, word: str) -> Delivery:
    """By Slack's word, or else by the status of whatever answered instead of Slack.

    A word that is not known here is a refusal: it is likelier a new rule of the place than a new
    way of failing.
    """
    if status == 429:
        return Delivery.LIMITED
    if (known := DELIVERIES.get(word)) is not None:
        return known
    if status == 200:
        return Delivery.FORBIDDEN if _WORD.fullmatch(word) else Delivery.DOUBT
    return Delivery.DOUBT if status >= 500 and status != 503 else Delivery.LATER


def _seconds(headers: Mapping[str, str]) -> float:
    told = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return min(float(told), MOST_SECONDS) if told.isdecimal() else UNSAID_SECONDS
