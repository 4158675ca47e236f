"""The 201 hostile inputs of ../shared/eval, and which test file answers for each.

A harness file keeps a mapping from ids to its scenarios and runs one test an entry:

    @pytest.mark.parametrize("entry", each(READING))
    def test_a_hostile_page_gives_its_expected_result(entry: Entry) -> None: ...

`tests/hostile/test_accounting.py` proves that nothing is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark import ParameterSet  # the public `pytest.param` returns it, under no public name

EVAL: Final = Path(__file__).parents[3] / "shared" / "eval" / "hostile_inputs.json"
COUNT: Final = 201

FETCHING: Final = "test_hostile_inputs.py"
READING: Final = "test_hostile_pages.py"
CHAT: Final = "later"  # rendering in chats: listed one by one in LATER

OWNERS: Final = {
    "loopback spellings": FETCHING,
    "mapped and tunnelled IPv6": FETCHING,
    "private and special ranges": FETCHING,
    "cloud metadata": FETCHING,
    "DNS": FETCHING,
    "authority tricks": FETCHING,
    "malformed": FETCHING,
    "ports": FETCHING,
    "schemes": FETCHING,
    "redirects": FETCHING,
    "body": FETCHING,
    "types": FETCHING,
    "status": FETCHING,
    "charset": READING,
    "page shape": READING,
    "content aimed at the bot": CHAT,
    "walls": READING,
    "same story": FETCHING,
}

# Entries that do not go with their group. To claim one for a file, name it here and drop it from LATER.
EXCEPTIONS: Final = {
    "h185": FETCHING,  # a challenge page that comes with 403 or 503 is never read
    "h188": FETCHING,  # a status, like its neighbours in "status"
}

LATER: Final = {
    "h174": "a mention in a title: each platform's renderer proves that none resolves",
    "h175": "markup in a title: the HTML renderer for Telegram escapes it",
    "h176": "a Markdown link in a title: the Discord renderer escapes it",
    "h177": "a right-to-left override: every renderer shows it inert",
    "h178": "an anchor that names another site than its target: every renderer shows the target's host",
    "h179": "a javascript: target: no renderer offers it as a link",
    "h180": "instructions in an article: words of a page are only ever shown",
    "h181": "zalgo and zero-width text: every renderer keeps its length limits",
    "h182": "a name of 10,000 characters: every renderer keeps its length limits",
}


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    group: str
    input: str
    expected: str

    @property
    def owner(self) -> str:
        return EXCEPTIONS.get(self.id, OWNERS[self.group])


def entries() -> tuple[Entry, ...]:
    """In the file's order; none where the folder is absent."""
    if not EVAL.is_file():
        return ()
    return tuple(Entry(**fields) for fields in json.loads(EVAL.read_text(encoding="utf-8")))


def owned(owner: str) -> frozenset[str]:
    return frozenset(entry.id for entry in entries() if entry.owner == owner)


def each(owner: str, *, only: str | None = None, but: str | None = None) -> list[ParameterSet]:
    """One test an entry of this owner (of one group, or of all but one), or one skip that says why."""
    mine = (entry for entry in entries() if entry.owner == owner)
    chosen = (entry for entry in mine if entry.group != but and (only is None or entry.group == only))
    found = [pytest.param(entry, id=_name(entry)) for entry in chosen]
    absent = pytest.mark.skip(reason="../shared/eval/hostile_inputs.json is not here")
    return found or [pytest.param(None, id="absent", marks=absent)]


def _name(entry: Entry) -> str:
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in entry.input[:32])
    return f"{entry.id}-{words}"
