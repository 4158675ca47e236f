"""The table of room settings in README.md, made from their declaration. Run as a module, it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import describe_values, format_value, get_help, get_label
from bot.room_settings.definitions import SETTINGS

README: Final = Path(__file__).resolve().parents[1] / "README.md"
PLACE: Final = re.compile(
    r"(?<=\| room setting \| what it does \| at first \|\n\|---\|---\|---\|\n)(?:\|.*\n)*"
)


def table() -> str:
    rows = []
    for one in SETTINGS:
        first = "".join(getattr(piece, "text", "") for piece in format_value(one, one.default, get_phrases()))
        does = f"{get_label(one)}: {get_help(one)} It takes {describe_values(one)}."
        rows.append(f"| `{one.name}` | {does} | {first} |\n".replace("`!`", "!"))
    return "".join(rows)


def main() -> None:
    README.write_text(PLACE.sub(lambda _: table(), README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
