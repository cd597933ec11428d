"""Aiken: a question, options with letters, and the letter of the right one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.packs.model import Choice, Found, Left, Option, PackError, Parsed, Question, RefusedError

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)", re.IGNORECASE)
_ANSWER = re.compile(r"\s*ANSWER\s*:(.*)", re.IGNORECASE)


@dataclass
class _Block:
    """A question that is being read."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    def left(self, reason: str) -> Left:
        return Left(f"line {self.line}", " ".join(self.stem), reason)


def parse(text: str) -> Parsed:
    """The questions of an Aiken file; a question may take several lines.

    Raises:
        PackError: if there is no answer line in it at all.
    """
    found: list[Found] = []
    block, blank = _Block(), True
    for number, line in enumerate(text.split("\n"), 1):
        if answer := _ANSWER.match(line):
            block.line = block.line or number
            found.append(_question(block, answer[1]))
            block = _Block()
        elif (option := _OPTION.match(line)) and _is_next(option[1], block):
            block.options.append(option[2])
        elif line.strip():
            # After a blank line, or after options, a text begins the next question.
            if block.stem and (blank or block.options):
                found.append(block.left("it has no line ANSWER:"))
                block = _Block()
            block.line = block.line or number
            block.stem.append(line.strip())
        blank = not line.strip()
    if block.stem:
        found.append(block.left("it has no line ANSWER:"))
    if all(isinstance(entry, Left) and "no line ANSWER" in entry.reason for entry in found):
        raise PackError("this is not Aiken: there is no line such as `ANSWER: B` below options")
    return Parsed(tuple(found))


def _is_next(letter: str, block: _Block) -> bool:
    """Whether the letter continues the options, so that a stem may begin with `A. Turing`."""
    return bool(block.stem) and letter.upper() == chr(ord("A") + len(block.options))


def _question(block: _Block, answer: str) -> Found:
    try:
        if not block.stem:
            raise RefusedError("there is no question above the answer")
        letters = {part.strip().upper() for part in re.split(r"[,;\s]+", answer) if part.strip()}
        known = {chr(ord("A") + place): text for place, text in enumerate(block.options)}
        if not letters:
            raise RefusedError("the line ANSWER: names no letter")
        if unknown := sorted(letters - set(known)):
            raise RefusedError(f"there is no option {', '.join(unknown)[:20]}")
    except RefusedError as error:
        return block.left(str(error))
    return Question(
        f"line {block.line}",
        " ".join(block.stem),
        Choice(
            tuple(Option(text) for letter, text in known.items() if letter in letters),
            tuple(Option(text) for letter, text in known.items() if letter not in letters),
            several=len(letters) > 1,
        ),
    )
