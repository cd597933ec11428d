"""The schema of `content/feeds.yaml`: the feeds that the operator wants in the newsletter."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.core.content.models import Id, Name, Record, Url


def _can_be_fetched(url: str) -> str:
    try:
        parts = urlsplit(url)
        usual = parts.hostname and "@" not in parts.netloc and parts.port in {None, 443}
    except ValueError:
        usual = False
    if not usual:
        raise ValueError("write https://, a host's name and a path, without user or port")
    return url


FeedUrl = Annotated[Url, AfterValidator(_can_be_fetched)]


class Feed(Record):
    """An RSS or Atom feed. `most` is how many of its entries one issue shows."""

    id: Id
    title: Name
    url: FeedUrl
    most: Annotated[int, Field(ge=1, le=10)] = 5


class FeedsFile(Record):
    """`feeds.yaml`."""

    feeds: tuple[Feed, ...]
