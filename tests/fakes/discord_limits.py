"""What Discord refuses in a message, as its documentation states the limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

EPHEMERAL = 1 << 6
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15

_ROW, _BUTTON, _TEXT, _CONTAINER = 1, 2, 10, 17
_LINK = 5
_SELECTS = {3, 5, 6, 8}
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
    if not any(message.get(part) for part in ("content", "components", "attachments")):
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
            kinds = [child["type"] for child in component["components"]]
            if any(kind != _BUTTON for kind in kinds) and not (len(kinds) == 1 and kinds[0] in _SELECTS):
                yield "a row that holds neither buttons nor one select"
        case 17:
            if not component["components"]:
                yield "an empty container"
        case 3:
            yield from _options(component)
            yield from _select(component)
        case 5 | 6 | 8:
            yield from _select(component)
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


def _select(select: Json) -> Iterator[str]:
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not (0 <= least <= 25 and 1 <= most <= 25 and least <= most):
        yield "a select for a wrong number of values"
    if units(select.get("placeholder") or "") > 150:
        yield "a placeholder of more than 150 characters"
    if len(select.get("default_values") or ()) > most:
        yield "a select with more values than it takes"


def _options(select: Json) -> Iterator[str]:
    options = select["options"]
    if not 1 <= len(options) <= 25:
        yield "a select without one to 25 options"
    if len({option["value"] for option in options}) < len(options):
        yield "an option twice"
    if select.get("max_values", 1) > len(options):
        yield "a select for more values than it has options"
    for option in options:
        if not 1 <= units(option["label"]) <= 100 or not 1 <= units(option["value"]) <= 100:
            yield "an option that is not 1 to 100 characters"
        if units(option.get("description") or "") > 100:
            yield "an option's description of more than 100 characters"


def command_faults(command: Json) -> Iterator[str]:
    """Every documented limit that a command breaks."""
    slash = command.get("type", 1) == 1
    if slash and not re.fullmatch(r"[-_a-z0-9]{1,32}", command["name"]):
        yield f"the command name {command['name']}"
    described = [command, *command.get("options", [])] if slash else []
    for one in described:
        if not 1 <= units(one.get("description") or "") <= 100:
            yield f"the description of {one['name']} is not 1 to 100 characters"
