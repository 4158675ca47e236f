"""What Discord refuses in a message, as its documentation states the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

EPHEMERAL = 1 << 6
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15

_ROW, _BUTTON, _TEXT, _CONTAINER = 1, 2, 10, 17
_LINK = 5
_KNOWN_KEYS = {
    "content", "embeds", "components", "flags", "tts", "nonce", "enforce_nonce",
    "allowed_mentions", "message_reference", "attachments",
}  # fmt: skip


def units(text: str) -> int:
    """Length as a JavaScript client counts it, the stricter of the two ways."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))


def faults(message: Json) -> list[str]:
    """Every documented limit that this message body breaks, in words."""
    return [*_shape(message), *_components(message.get("components", []))]


def _shape(message: Json) -> Iterator[str]:
    yield from (f"unknown key {key}" for key in message.keys() - _KNOWN_KEYS)
    v2 = bool(message.get("flags", 0) & COMPONENTS_V2)
    if v2 and (message.get("content") or message.get("embeds")):
        yield "content or embeds beside Components V2"
    if not v2 and any(c["type"] in {_TEXT, _CONTAINER} for c in walk(message.get("components", []))):
        yield "V2 components without their flag"
    if not message.get("content") and not message.get("components"):
        yield "an empty message"
    if units(message.get("content") or "") > 2000:
        yield "more than 2,000 characters of content"
    if len(str(message.get("nonce", ""))) > 25:
        yield "a nonce of more than 25 characters"


def _components(components: list[Json]) -> Iterator[str]:
    everything = list(walk(components))
    if len(everything) > 40:
        yield "more than 40 components"
    if sum(units(c["content"]) for c in everything if c["type"] == _TEXT) > 4000:
        yield "more than 4,000 characters of text"
    yield from (f"custom_id {name} twice" for name, n in _custom_ids(everything).items() if n > 1)
    for component in everything:
        yield from _component(component)


def _custom_ids(components: list[Json]) -> Counter[str]:
    return Counter(c["custom_id"] for c in components if "custom_id" in c)


def _component(component: Json) -> Iterator[str]:
    match component["type"]:
        case 10:
            if not component["content"].strip():
                yield "an empty text"
            if any("\ud800" <= char <= "\udfff" for char in component["content"]):
                yield "a lone surrogate"
        case 2:
            yield from _button(component)
        case 1:
            if not 1 <= len(component["components"]) <= 5:
                yield "a row without one to five buttons"
            if any(child["type"] != _BUTTON for child in component["components"]):
                yield "a row that holds something else than buttons"
        case 17:
            if not component["components"]:
                yield "an empty container"
        case other:
            yield f"a component of type {other}, which this fake does not know"


def _button(button: Json) -> Iterator[str]:
    if not 1 <= units(button.get("label") or "") <= 80:
        yield "a button label that is not 1 to 80 characters"
    if button["style"] == _LINK:
        url = button.get("url") or ""
        if not url.startswith(("http://", "https://")) or not url.isascii() or " " in url:
            yield "a link button without a well formed http address"
        if len(url) > 512:
            yield "a link of more than 512 characters"
        if "custom_id" in button:
            yield "a link button with a custom_id"
    elif not 1 <= len(button.get("custom_id") or "") <= 100:
        yield "a custom_id that is not 1 to 100 characters"


def window_faults(window: Json) -> Iterator[str]:
    """Every documented limit that a modal breaks."""
    if not 1 <= units(window.get("title") or "") <= 45:
        yield "a window title that is not 1 to 45 characters"
    if not 1 <= len(window["components"]) <= 5:
        yield "a window without one to five rows"
    for field in (field for row in window["components"] for field in row["components"]):
        if not 1 <= units(field.get("label") or "") <= 45:
            yield "a field label that is not 1 to 45 characters"
        if not 1 <= field.get("max_length", 4000) <= 4000:
            yield "a field for more than 4,000 characters"
        if units(field.get("placeholder") or "") > 100:
            yield "a placeholder of more than 100 characters"
