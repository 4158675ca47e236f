"""Names, hosts and handles of the named sources of an article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from bot.model import How, Source, SourceKind
from bot.reading.languages.lexicon import Words
from bot.reading.sites import keep_letters, normalize_outlet, strip_article

NAME = re.compile(r"[A-Z][\w’'&.-]*(?: (?:[a-z]{1,3} ){0,2}[A-Z][\w’'&.-]*)+")  # "Bank of the Dale"
CUT = 15  # letters at which Twitter cuts a handle
SHORTEST = 5  # letters of some words of a name that can be a host
FORENAME = 8  # letters that can stand before a surname in a handle
MOST = 8  # words of a name and mentions of a source that are looked at


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """The source to which a link belongs (None: to none of the article's), and the rule that says so."""

    source: int | None
    why: str


class SourceNames:
    """The variants of the sources' names that a host or a handle can bear."""

    def __init__(self, sources: Sequence[Source], lexicon: Words) -> None:
        self._lexicon = lexicon
        self._names: dict[str, int] = {}
        self._hosts: dict[str, int] = {}
        self._pairs: dict[str, int] = {}
        self._surnames: dict[str, tuple[str, int]] = {}
        self.affiliations: list[frozenset[str]] = []  # the hosts of the bodies for which each source speaks
        for source in sources:
            told = [source.role] if source.role is not None else []
            texts = sorted({e.text for e in (*told, *source.mentions[:MOST])})
            own = set(_split_name(source.name.text, lexicon))
            bodies = [_split_name(body, lexicon) for text in texts for body in NAME.findall(text)]
            hosts = (_find_variants(body, lexicon.nation_prefixes) for body in bodies if not own >= set(body))
            self.affiliations.append(frozenset(chain.from_iterable(hosts)))
            # a link on an outlet that was told leads to the words of whoever told it
            speaks = source.named and source.how is How.SPEAKS
            for name in (source.name.text, *source.aliases) if speaks else ():
                for part in name.rstrip(")").split(" ("):  # a name and its acronym
                    self._add(source, part)
        self._sorted = sorted(self._names)

    def _add(self, source: Source, name: str) -> None:
        words = _split_name(name, self._lexicon)
        if not words:
            return
        self._names.setdefault("".join(words), source.id)
        if len(words) > 1 and len(words[-1]) >= SHORTEST - 1:
            self._surnames.setdefault(words[-1], (words[0][0], source.id))
        if source.kind is SourceKind.PERSON and " " in name:
            return
        for key in _find_variants(words, self._lexicon.nation_prefixes):
            self._hosts.setdefault(key, source.id)
        for first, second in pairwise(words):
            self._pairs.setdefault(first[0] + second[0], source.id)

    def find(self, name: str) -> int | None:
        return self._names.get(name)

    def find_at_end(self, text: str) -> int | None:
        """Return the source whose name ends a stretch of text."""
        words = text.split()[-4:]
        return next(
            (s for i in range(len(words)) if (s := self.find(keep_letters("".join(words[i:])))) is not None),
            None,
        )

    def match_handle(self, handle: str) -> LinkOwner | None:
        """Return the source of “maravenn”, "maravennforcouncil", "mvenn", or of a name cut where Twitter cuts
        it."""
        looked_at = handle[: 2 * CUT]
        parts = (
            looked_at[at : at + length]
            for length in range(len(looked_at), SHORTEST, -1)
            for at in range(len(looked_at) - length + 1)
        )
        longest = next((part for part in parts if part in self._names), None)
        if longest is not None:
            return LinkOwner(self._names[longest], "account: bears the name")
        for at in range(1, min(FORENAME, len(handle))):
            initial, source = self._surnames.get(handle[at:], ("", None))
            if initial == handle[0]:
                return LinkOwner(source, "account: bears initial and surname")
        at = bisect_left(self._sorted, handle)
        if len(handle) == CUT and at < len(self._sorted) and self._sorted[at].startswith(handle):
            return LinkOwner(self._names[self._sorted[at]], "account: bears the name, cut")
        return None

    def match_host(self, labels: Sequence[str], publishing: str) -> LinkOwner | None:
        """Match a host by its publisher's label; a subdomain must bear a whole name; two initials need a
        body's ending."""
        whole = normalize_outlet(publishing, self._lexicon)
        for key in (keep_letters(publishing), strip_article(publishing, self._lexicon)):
            for table, what in ((self._names, "the name"), (self._hosts, "words or initials of the name")):
                if key in table:
                    return LinkOwner(table[key], f"host: bears {what}")
        if len(whole) == 2 and labels[-1] in {"org", "gov", "int", "edu"} and whole in self._pairs:  # noqa: PLR2004
            return LinkOwner(self._pairs[whole], "host: bears two initials")
        for label in labels[:-1]:
            if len(label) >= SHORTEST and keep_letters(label) in self._hosts:
                return LinkOwner(self._hosts[keep_letters(label)], "subdomain: bears words of the name")
        return None


def _split_name(name: str, lexicon: Words) -> list[str]:
    """Return the words of a name in lower case, without its article, genitives and full stops."""
    bare = _genitives_and_stops(lexicon.possessive_endings).sub("", name)
    words = re.findall(r"[^\W_]+", bare.lower())[:MOST]
    return words[1:] if len(words) > 1 and words[0] in lexicon.the else words


@cache
def _genitives_and_stops(endings: tuple[str, ...]) -> re.Pattern[str]:
    """The possessive endings, their apostrophes straight or curly, and the stops after capitals."""
    genitives = (re.escape(ending).replace("'", "['’]") + r"\b" for ending in endings)
    return re.compile("|".join([*genitives, r"(?<=[A-Z])\."]))


def _find_variants(words: list[str], nations: Sequence[str]) -> Iterator[str]:
    """Yield some words of a name run together, its initials, or initials before its last words:
    "dalecourier", "courier", "dc", "dcourier"."""
    full = [w for w in words if len(w) > 3 or len(words) < 3] or words  # noqa: PLR2004  # "of", "the", "and"
    for row in (words, full):
        initials = "".join(w[0] for w in row)
        for first in range(len(row)):
            for last in range(first + 2, len(row) + 1):
                joined = "".join(row[first:last])
                if len(joined) >= SHORTEST:
                    yield joined
                if last - first > 2:  # noqa: PLR2004  # two initials are too few to tell
                    yield initials[first:last]
                    yield from (nation + initials[first:last] for nation in nations)
        for count in range(2, len(row)):
            yield initials[:count] + "".join(row[count:])
    if len(words) <= 2:  # noqa: PLR2004  # one word tells enough of a short name
        yield from (w for w in words if len(w) > SHORTEST - 2)
