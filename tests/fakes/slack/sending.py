"""How Slack hands something to an app: signed, with a deadline, and events again when needed."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.limits import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
"""What is sent, in the words of Socket Mode's envelopes."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Says that an event was sent before: how often, and why it is sent again."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the app answered.

    `status` is the HTTP status, 0 where there was none, 200 for an acknowledged envelope;
    `body` the JSON answer (`{"text": ...}` for plain text), None for an empty one; `failure`
    what the person reads ("operation_timeout", "dispatch_failed"), None when it went well.
    """

    kind: Kind
    payload: Json
    retry: Retry | None
    status: int = 0
    body: Json | None = None
    failure: str | None = None
    reason: str = ""
    no_retry: bool = False
    seconds: float = 0.0


Send = Callable[[Kind, Json, Retry | None], Awaitable[Receipt]]


def sign(secret: str, body: bytes, timestamp: int | None = None) -> dict[str, str]:
    """The two headers by which an app knows that a request comes from Slack."""
    stamp = str(int(time.time()) if timestamp is None else timestamp)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


def encode(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """The body of an HTTP request to the app, and its content type."""
    match kind:
        case "slash_commands":
            return urlencode(payload).encode(), "application/x-www-form-urlencoded"
        case "interactive":
            form = urlencode({"payload": json.dumps(payload)})
            return form.encode(), "application/x-www-form-urlencoded"
        case "events_api":
            return json.dumps(payload).encode(), "application/json"


async def post_signed(
    session: aiohttp.ClientSession,
    target: str,
    secret: str,
    kind: Kind,
    payload: Json,
    retry: Retry | None,
    patience: float,
) -> Receipt:
    """POST `payload` to `target` as Slack does, and wait at most `patience` seconds."""
    body, content_type = encode(kind, payload)
    headers = sign(secret, body) | {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
    began = time.perf_counter()
    try:
        async with (
            asyncio.timeout(patience),
            session.post(target, data=body, headers=headers) as response,
        ):
            answered = _parse(await response.text(), response.content_type)
            good = 200 <= response.status < 300
            return Receipt(
                kind,
                payload,
                retry,
                status=response.status,
                body=answered,
                failure=None if good else "dispatch_failed",
                reason="" if good else "http_error",
                no_retry=response.headers.get("X-Slack-No-Retry") == "1",
                seconds=time.perf_counter() - began,
            )
    except TimeoutError:
        failure, reason = "operation_timeout", "http_timeout"
    except aiohttp.ClientError:
        failure, reason = "dispatch_failed", "connection_failed"
    seconds = time.perf_counter() - began
    return Receipt(kind, payload, retry, failure=failure, reason=reason, seconds=seconds)


async def deliver_event(
    send: Send, payload: Json, delays: Sequence[float], first: Retry | None = None
) -> tuple[Receipt, ...]:
    """Send an event, and again after each of `delays` (seconds) for as long as it fails.

    With `first` the event is already a repetition, and only the delays after it are left.
    """
    receipts = [await send("events_api", payload, first)]
    done = first.number if first else 0
    for number, delay in enumerate(delays[done:], start=done + 1):
        last = receipts[-1]
        if last.failure is None or last.no_retry:
            break
        await asyncio.sleep(delay)
        receipts.append(await send("events_api", payload, Retry(number, last.reason)))
    return tuple(receipts)


def _parse(body: str, content_type: str) -> Json | None:
    if not body:
        return None
    if content_type == "application/json":
        parsed: Any = json.loads(body)
        return parsed if isinstance(parsed, dict) else {"text": body}
    return {"text": body}
