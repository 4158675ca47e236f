"""The shape of a report's JSON, schema 1, as a value, and whether something has it.

    fits(found, SHAPE, "") ── nothing, or Misfit with the place and what should stand there

A dictionary names keys that must be there (more are allowed), a list holds one shape for all of its
items, a type is met exactly (`True` is no number).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


class Misfit(ValueError):  # noqa: N818  # named for what it is (DESIGN.md, "Names")
    """Names the place that has another shape."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """The shape, or null."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Each:
    """An object whose keys are free and whose values have this shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Later:
    """The shape of a key that older reports lack."""

    shape: Any


_WORDS: Final = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}

PLACE: Final = {"start": int, "end": int}
SPAN: Final = {**PLACE, "text": str}
_ORIGINAL: Final = {"url": str, "anchor": Maybe(SPAN), "why": Later(str)}
_CHOSEN: Final = {**SPAN, "why": Later(str)}
_CAVEAT: Final = {**SPAN, "sentence": SPAN, "why": str}

ARTICLE: Final = {
    "url": Maybe(str),
    "canonical_url": Maybe(str),
    "title": Maybe(str),
    "outlet": Maybe(str),
    "authors": [str],
    "published": Maybe(str),
    "stated_in": Each(str),
    "language": Maybe(str),
    "partial": Maybe(str),
    "pasted": Later(bool),
    "text": str,
    "sha256": str,
    "blocks": [{"role": str, **PLACE}],
    "links": [{"url": str, "anchor": SPAN}],
}
CLAIM: Final = {
    "statement": SPAN,
    "sentence": SPAN,
    "unconfirmed": bool,
    "caveats": [_CAVEAT],
    "side_caveats": [_CAVEAT],
    "why": Later(str),
    "stance": str,
    "stance_why": Later(str),
    "contrasts": [_CHOSEN],
}
SOURCE: Final = {
    "id": int,
    "name": SPAN,
    "named": bool,
    "aliases": [str],
    "kind": str,
    "role": Maybe(SPAN),
    "mentions": [SPAN],
    "relayed_by": Maybe(int),
    "originals": [_ORIGINAL],
    "why": Later(str),
    "role_why": Later(str),
}
ATTRIBUTION: Final = {
    "source": Maybe(SPAN),
    "cue": Maybe(SPAN),
    "content": [SPAN],
    "source_id": Maybe(int),
    "reporting": bool,
    "why": str,
    "source_why": Later(str),
}
_STEP: Final = {"name": str, "source_id": Maybe(int), "evidence": Maybe(SPAN), "why": Later(str)}
HEDGE: Final = {
    **SPAN,
    "category": str,
    "sentence": PLACE,
    "voice": str,
    "source_id": Maybe(int),
    "why": str,
}
FAILED: Final = {"schema": int, "error": Maybe({"kind": str, "message": str})}  # all that a failure needs
SHAPE: Final = {
    **FAILED,
    "id": Maybe(str),
    "worth_speaking": bool,
    "article": ARTICLE,
    "claim": Maybe(CLAIM),
    "sources": [SOURCE],
    "attributions": [ATTRIBUTION],
    "chains": [{"of_claim": bool, "steps": [_STEP], "end": str}],
    "hedges": [HEDGE],
    "headline_conflict": Maybe({"headline": SPAN, "body": SPAN, "why": Later(str)}),
    "summary": [_CHOSEN],
    "digest": Later(Maybe({"stories": int, "why": str})),
    "originals": [{**_ORIGINAL, "source_id": Maybe(int)}],
}


def fits(found: object, shape: Any, place: str = "") -> None:
    """Raises Misfit at the first place that does not have its shape."""
    match shape:
        case Maybe(inner):
            if found is not None:
                fits(found, inner, place)
        case Later(inner):
            fits(found, inner, place)
        case Each(inner):
            for key, value in _of(dict, found, place).items():
                fits(value, inner, f"{place}.{key}")
        case list():
            for number, item in enumerate(_of(list, found, place)):
                fits(item, shape[0], f"{place}[{number}]")
        case dict():
            _keys(_of(dict, found, place), shape, place)
        case _:
            _of(shape, found, place)


def _keys(found: dict[str, Any], shape: dict[str, Any], place: str) -> None:
    for key, inner in shape.items():
        here = f"{place}.{key}".lstrip(".")
        if key in found:
            fits(found[key], inner, here)
        elif not isinstance(inner, Later):
            raise Misfit(f"{here} is missing")


def _of(kind: type, found: Any, place: str) -> Any:
    if type(found) is not kind:
        raise Misfit(f"{place or 'it'} is not {_WORDS[kind]}")
    return found
