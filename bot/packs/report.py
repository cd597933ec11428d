"""What came of each question: a line for each, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.user_text import clean, quote
from bot.packs.model import MAX_MESSAGE


class Verdict(StrEnum):
    """What came of a question."""

    OK = "ok"
    REPAIRED = "repaired"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one question: where it stands, how it begins, and what was done or why not."""

    place: str
    stem: str
    verdict: Verdict
    detail: str = ""

    def __str__(self) -> str:
        begun = f' "{quote(self.stem)}"' if quote(self.stem) else ""
        said = {
            Verdict.OK: "ok",
            Verdict.REPAIRED: f"repaired: {self.detail}",
            Verdict.SKIPPED: f"skipped: because {self.detail}",
        }
        return clean(f"{self.place}{begun}: {said[self.verdict]}", MAX_MESSAGE + len(begun))


def summary(lines: Iterable[Line]) -> str:
    """How many questions there are, and how many came to what."""
    count = Counter(line.verdict for line in lines)
    total = count.total()
    each = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict)
    return f"{total} question{'' if total == 1 else 's'}: {each}"
