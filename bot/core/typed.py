"""A command's options typed as one line of free text: `ai engineer vs ml engineer private`.

People write arguments in many ways: in quotes, with `vs`, `and`, `to` or a comma between them, as
`option=value`, or with nothing between them at all. Then every way to cut the line is tried, and
the one whose parts are understood best is taken. What is not understood is kept as it was typed,
so that the answer can quote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain, combinations

from bot.core.command import Actor, Call, Command, Kind, Option, Visibility
from bot.core.content.lookup import Nothing, Several
from bot.core.content.names import squeeze
from bot.core.options import Options, Understood
from bot.core.user_text import MAX_INPUT, clean

MAX_LINE = 2 * MAX_INPUT
"""Characters of a line that are looked at."""

MOST_WORDS = 12
"""In a longer line, options are told apart by the words and signs between them alone."""

_PRIVATE = frozenset({"private", "privately", "--private"})
_BREAKS = frozenset({",", "vs", "vs.", "versus", "/"})
_CONNECTORS = (
    frozenset({"and", "or", "&", "to", "into", "with", "than", "compared"})
    | frozenset({"from", "between", "in", "for", "at", "of"})
)  # fmt: skip
_SIGNS = re.compile(r"\s*(?:[-=—–]+>|→|⇒|[,;|])\s*")
_DOUBLE_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’", "'"))
_QUOTED = re.compile(r'"([^"]*)"|(?<!\w)\'([^\']+)\'(?!\w)')

_IN_FULL = 3
"""The grade of a name as it is written in the content; other texts get less."""


class _Sort(Enum):
    WORD = "word"
    QUOTED = "quoted"
    BREAK = "break"
    NAME = "name of an option"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    sort: _Sort = _Sort.WORD

    @property
    def connects(self) -> bool:
        return self.sort is _Sort.WORD and self.text.casefold() in _CONNECTORS


_Part = tuple[_Token, ...]


def call_of(line: str, actor: Actor, commands: Mapping[str, Command], options: Options) -> Call:
    """What a line means: `/command arguments`, the name of a command alone, or plain words."""
    text = clean(line, MAX_LINE)
    name, _, rest = text.removeprefix("/").partition(" ")
    name = name.casefold() or "help"
    if not text.startswith("/") and (rest or name not in commands):
        return Call("ask", {"question": text}, actor)
    command = commands.get(name)
    if command is None:
        return Call(name, {}, actor)
    given, private = arguments(command, rest, options)
    return Call(name, given, actor, private)


def arguments(command: Command, text: str, options: Options) -> tuple[dict[str, str], bool]:
    """The arguments in `text` by option name, and whether a private answer was asked for.

    Never raises; only the first 300 characters are read. An option that nothing was typed for is
    left out. Privacy can be asked for at the end (`private`, `privately`, `--private`) where the
    command would answer publicly.
    """
    text = clean(text)
    match command.options:
        case ():
            return {}, False
        case (Option(kind=Kind.TEXT) as only,):
            return ({only.name: text} if text else {}), False
    tokens, private = _take_private(_tokens(text, command), command)
    free, named = _take_named(tokens)
    remaining = [option for option in command.options if option.name not in named]
    given = dict(_positional(free, remaining, options)) | named
    in_order = {o.name: given[o.name] for o in command.options if given.get(o.name)}
    return in_order, private


def _tokens(text: str, command: Command) -> list[_Token]:
    names = {option.name for option in command.options}
    marked = re.compile(rf"(?<!\S)({'|'.join(names)})\s*[:=]\s*", re.IGNORECASE)
    found: list[_Token] = []
    for number, piece in enumerate(_pieces(text)):
        if number % 2:
            found += [_Token(piece.strip(), _Sort.QUOTED)] if piece.strip() else []
            continue
        words = marked.sub(r" \1= ", _SIGNS.sub(" , ", piece)).split()
        found += (_token(word, names) for word in words)
    return found


def _pieces(text: str) -> Iterator[str]:
    """What stands outside quotes and what stands inside, by turns; a lone quote mark is dropped."""
    text = text.translate(_DOUBLE_QUOTES)
    end = 0
    for match in _QUOTED.finditer(text):
        yield text[end : match.start()].replace('"', " ")
        yield match[1] or match[2] or ""
        end = match.end()
    yield text[end:].replace('"', " ")


def _token(word: str, names: set[str]) -> _Token:
    lower = word.casefold()
    if lower in _BREAKS:
        return _Token(word, _Sort.BREAK)
    if lower.endswith("=") and lower[:-1] in names:
        return _Token(lower[:-1], _Sort.NAME)
    return _Token(word)


def _take_private(tokens: list[_Token], command: Command) -> tuple[list[_Token], bool]:
    if command.visibility is Visibility.PUBLIC and tokens:
        *others, last = tokens
        if last.sort is _Sort.WORD and last.text.casefold() in _PRIVATE:
            return others, True
    return tokens, False


def _take_named(tokens: list[_Token]) -> tuple[list[_Token], dict[str, str]]:
    """What stands before the first `option=`, and the named values after it."""
    parts: list[tuple[str, list[_Token]]] = [("", [])]
    for token in tokens:
        if token.sort is _Sort.NAME:
            parts.append((token.text, []))
        else:
            parts[-1][1].append(token)
    (_, free), *named = parts
    return free, {name: _text(tuple(value)) for name, value in named}


def _text(part: _Part) -> str:
    """The text of a part, without signs at its ends."""
    while part and part[0].sort is _Sort.BREAK:
        part = part[1:]
    while part and part[-1].sort is _Sort.BREAK:
        part = part[:-1]
    return " ".join(token.text for token in part).replace(" ,", ",")


def _words(part: _Part) -> str:
    """The text of a part, also without the words that only join it to its neighbours."""
    while len(part) > 1 and (part[0].connects or part[0].sort is _Sort.BREAK):
        part = part[1:]
    while len(part) > 1 and (part[-1].connects or part[-1].sort is _Sort.BREAK):
        part = part[:-1]
    return _text(part)


def _positional(
    tokens: list[_Token], remaining: Sequence[Option], options: Options
) -> Iterator[tuple[str, str]]:
    """Options with their texts, for the way of cutting the line that is understood best."""
    if not tokens or not remaining:
        return
    if len(remaining) == 1:
        yield remaining[0].name, _text(tuple(tokens))
        return
    ways = list(_ways(tokens, remaining))
    best, rating = max(((way, _rate(way, options)) for way in ways), key=lambda pair: pair[1])
    _, _, understood, joined, _ = rating
    required = sum(option.required for option in remaining)
    if not understood and not joined and len(tokens) not in (1, required):
        best = ways[0]
    for option, part in best:
        yield option.name, _words(part)


_Way = tuple[tuple[Option, _Part], ...]


def _ways(tokens: list[_Token], remaining: Sequence[Option]) -> Iterator[_Way]:
    """Every way to give the line, cut into parts, to some of the options in their order.

    Cuts at signs and quotes are always made, as far as there are options. The first way makes no
    cut but these.
    """
    certain, possible = _cuts(tokens)
    certain = certain[: len(remaining) - 1]
    for more in range(len(remaining) - len(certain)):
        for extra in combinations(possible, more):
            cuts = sorted((*certain, *extra))
            ends = zip((0, *cuts), (*cuts, len(tokens)), strict=True)
            parts = [tuple(tokens[start:end]) for start, end in ends]
            for chosen in combinations(remaining, len(parts)):
                yield tuple(zip(chosen, parts, strict=True))


def _cuts(tokens: list[_Token]) -> tuple[list[int], list[int]]:
    """Where the line must be cut, and where it may be: before which tokens."""
    certain, possible = [], []
    many = len(tokens) > MOST_WORDS
    for place in range(1, len(tokens)):
        before, after = tokens[place - 1], tokens[place]
        ends_here = before.sort is _Sort.QUOTED and after.sort is not _Sort.BREAK
        starts_here = after.sort is _Sort.QUOTED and before.sort is _Sort.WORD
        if after.sort is _Sort.BREAK or ends_here or (starts_here and not before.connects):
            if _words(tuple(tokens[:place])) and _words(tuple(tokens[place:])):
                certain.append(place)
        elif before.sort is not _Sort.BREAK and (after.connects or not many):
            possible.append(place)
    return certain, possible[:MOST_WORDS]


def _rate(way: _Way, options: Options) -> tuple[int, int, int, int, int]:
    """How well a way is understood; the later numbers decide between equals.

    The part that is understood least, up to 2; required options that are filled; how well all
    parts are understood; cuts at a word such as `and`; different words within the parts. Beside a
    part that means nothing, only a name in full counts: the rest may be a chance likeness.
    """
    texts = [(option, _words(part)) for option, part in way]
    grades = [_grade(option, text, options) for option, text in texts]
    joined = sum(part[0].connects or part[0].sort is _Sort.BREAK for _, part in way[1:])
    distinct = chain.from_iterable(set(text.casefold().split()) for _, text in texts)
    filled = sum(option.required for option, _ in texts)
    least = min(2, *grades)
    understood = sum(grade for grade in grades if least or grade == _IN_FULL)
    return least, filled, understood, joined, len(list(distinct))


def _grade(option: Option, text: str, options: Options) -> int:
    """How well a text is understood: as a name, as something else, as one of several, or not."""
    match options.read(option, text):
        case Nothing():
            return 0
        case Several():
            return 1
        case Understood(identity) if option.kind is not Kind.TEXT:
            labels = (offer.label for offer in options.suggestions(option.kind, (identity,)))
            in_full = {squeeze(name) for name in (identity, *labels)}
            return _IN_FULL if squeeze(text) in in_full else 2
        case _:
            return 2
