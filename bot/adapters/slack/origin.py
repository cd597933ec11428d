"""Where a person typed or pressed something, and by which ways it can be answered."""

from __future__ import annotations

import json
from dataclasses import dataclass

MOST_METADATA = 3000
"""Characters of a modal's `private_metadata`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did something, where, and how to answer.

    `channel` is where to post if there is no `response_url`; without either, the answer is a
    direct message. `thread` is the thread in which it happened, `message` the one it is about.
    `alone` says that only this person and the bot can read the place; `replaceable` that the
    message that was clicked is seen by nobody else. `trigger` opens a modal within 3 s.
    """

    user: str
    channel: str | None = None
    thread: str | None = None
    message: str | None = None
    response_url: str | None = None
    trigger: str | None = None
    alone: bool = False
    replaceable: bool = False


def to_metadata(origin: Origin, *, private: bool) -> str:
    """What a modal must remember until it is submitted: how to answer, and how visibly."""
    kept = {
        "private": private,
        "alone": origin.alone,
        "thread": origin.thread,
        "response_url": origin.response_url,
    }
    text = json.dumps(kept)
    return text if len(text) <= MOST_METADATA else to_metadata(Origin(origin.user), private=True)


def from_metadata(text: str, user: str) -> tuple[Origin, bool]:
    """The way to answer a submitted modal, and whether a private answer was asked for.

    Raises:
        ValueError: if the text was not made by `to_metadata`.
    """
    match json.loads(text):
        case {
            "private": bool(private),
            "alone": bool(alone),
            "thread": str() | None as thread,
            "response_url": str() | None as url,
        }:
            return Origin(user, thread=thread, response_url=url, alone=alone), private
        case _:
            raise ValueError("not the metadata of a form of ours")
