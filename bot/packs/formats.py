"""The names of the formats. Nothing is loaded here, because every `rolecall --help` reads it."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What a file that is brought in may be."""

    RED = "red"
    OPENTDB = "opentdb"
    GIFT = "gift"
    AIKEN = "aiken"
    ANKI = "anki"
    KAHOOT = "kahoot"


class Target(StrEnum):
    """What our packs can be written as."""

    GIFT = "gift"
    ANKI = "anki"
    OPENTDB = "opentdb"


class Encoding(StrEnum):
    """How the texts of an Open Trivia DB file are encoded."""

    AUTO = "auto"
    HTML = "html"
    URL3986 = "url3986"
    URL_LEGACY = "urlLegacy"
    BASE64 = "base64"
