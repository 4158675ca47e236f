"""The language of a text that does not say which it is in."""

from __future__ import annotations

from typing import Final

_ENOUGH: Final = 4000


def detect_language(text: str) -> str | None:
    """Return two letters of ISO 639-1; None without letters. The first call takes about a second."""
    if not any(map(str.isalpha, text)):
        return None
    # Loaded late: 0.9 s and 134 MiB that most pages do not need, because they state their language.
    from py3langid import classify  # noqa: PLC0415

    return str(classify(text[:_ENOUGH])[0])
