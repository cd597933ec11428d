"""How names are compared: without case, punctuation, accents or spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[^\w+#]+|_")


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The words of a name in lower case: `"Back-end Engineer"` gives `("back", "end", ...)`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(word for word in _SEPARATORS.split(letters) if word)


def squeeze(text: str) -> str:
    """A name as one run of letters and digits, for comparing `CI/CD`, `ci cd` and `cicd`."""
    return "".join(words(text))
