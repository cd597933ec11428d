"""JSON of the Open Trivia Database, as its API answers."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, unquote_plus

from bot.packs.formats import Encoding
from bot.packs.model import Choice, Found, Left, Option, PackError, Parsed, Question, RefusedError

_CODES = {
    1: "it has no questions for what was asked",
    2: "a parameter of the request was not valid",
    3: "the session token does not exist",
    4: "the session token has used up all questions",
    5: "there were too many requests; wait five seconds",
}
LEVELS = {"easy": 1, "medium": 2, "hard": 3}
"""The words for the difficulty, as our levels."""

_TRUTH = {"true": "True", "false": "False"}
_BASE64_TYPES = {base64.b64encode(kind.encode()).decode() for kind in ("multiple", "boolean")}
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def parse(text: str, encoding: Encoding = Encoding.AUTO) -> Parsed:
    """The questions of an answer of the API, or of the list under its `results`.

    Raises:
        PackError: if it is not JSON, or the database reported an error.
    """
    results = _results(text)
    if encoding is Encoding.AUTO:
        encoding = _detected(results)
    decode = _DECODERS[encoding]
    found = tuple(_found(f"result {n}", result, decode) for n, result in enumerate(results, 1))
    remark = f"the texts are read as encoding {encoding}; --encoding says otherwise"
    return Parsed(found, remarks=() if encoding is Encoding.HTML else (remark,))


def _results(text: str) -> list[Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise PackError(f"line {error.lineno}: not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise PackError(
            "not JSON that can be read: too deep, or a number that is too long"
        ) from None
    match data:
        case {"response_code": int() as code} if code:
            meaning = _CODES.get(code, "a code that is not known")
            raise PackError(f"the database answered with code {code}: {meaning}")
        case {"results": list() as results} | (list() as results):
            return results
        case _:
            raise PackError("this is not an answer of Open Trivia DB: there is no list `results`")


def _detected(results: list[Any]) -> Encoding:
    """How the texts are encoded: an encoded text has no spaces, and its marks show how."""
    entries = [entry for entry in results if isinstance(entry, dict)]
    if entries and all(str(entry.get("type")) in _BASE64_TYPES for entry in entries):
        return Encoding.BASE64
    texts = [str(entry.get(key, "")) for entry in entries for key in ("question", "category")]
    if any(" " in text for text in texts) or not any(map(_PERCENT.search, texts)):
        return Encoding.HTML
    return Encoding.URL_LEGACY if any("+" in text for text in texts) else Encoding.URL3986


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise RefusedError("a text is not base64") from None


_DECODERS: Mapping[Encoding, Callable[[str], str]] = {
    Encoding.HTML: html.unescape,
    Encoding.URL3986: unquote,
    Encoding.URL_LEGACY: unquote_plus,
    Encoding.BASE64: _from_base64,
}


def _found(place: str, result: Any, decode: Callable[[str], str]) -> Found:
    stem = ""
    try:
        match result:
            case {
                "question": str() as question,
                "correct_answer": str() as right,
                "incorrect_answers": list() as wrong,
            }:
                stem = decode(question)
                texts = [decode(text) for text in wrong if isinstance(text, str)]
                if len(texts) < len(wrong):
                    raise RefusedError("a wrong answer is not a text")
                rest = {
                    key: decode(str(result.get(key, "")))
                    for key in ("type", "difficulty", "category")
                }
                return _question(place, stem, decode(right), texts, rest)
            case {"question": str() as question}:
                stem = decode(question)
                raise RefusedError("its answers are missing")
            case _:
                raise RefusedError("it has no question")
    except RefusedError as error:
        return Left(place, stem, str(error))


def _question(
    place: str, stem: str, right: str, wrong: list[str], rest: Mapping[str, str]
) -> Question:
    if rest["type"] == "boolean":
        if right.casefold() not in _TRUTH:
            raise RefusedError("the answer to a boolean question is neither True nor False")
        right = _TRUTH[right.casefold()]
        wrong = ["False" if right == "True" else "True"]
    elif rest["type"] not in {"multiple", ""}:
        raise RefusedError("its type is neither multiple nor boolean")
    return Question(
        place,
        stem,
        Choice((Option(right),), tuple(Option(text) for text in wrong)),
        labels=(rest["category"],) if rest["category"] else (),
        level=LEVELS.get(rest["difficulty"].casefold()),
    )
