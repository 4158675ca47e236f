"""Links to what a source itself published, each tied to its source.

A link is tied, in this order, by the account whose post it leads to, by the words that carry it (the
source's name, its verb, the statement in which it spoke), and by the host that bears the name, the initials
or the affiliation of a source. A post, a document or a page of an authority that fits nobody belongs to no
source. Left out: links within the page's own site or agency, other outlets' stories, tags, topics, sharing,
profiles, fronts of sections, and what a reader is asked to do (sign up, buy, give, listen).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from urllib.parse import urlsplit

from bot.model import Anchor, Article, Kind, Original, Role, Source
from bot.reading.lexicon.load import Frame
from bot.reading.prose import Prose
from bot.reading.sources import Who
from bot.reading.views import READ, Finding

NOT_AN_ORIGINAL = re.compile(
    r"""
      /(?:tags?|topics?|category|categories|author|authors|search|share|sharer|intent|subscribe|subscription
         |newsletter|hashtag|keyword|quote|quotes|symbol|stocks?|sign-?up|login|sign-?in|register|account
         |donate|donations?|shop|store|cart|checkout|buy|tickets?|privacy|privacy-policy|terms|cookies?
         |weather|livestream|live-stream|watch-live|player|embed|podcasts?|jobs|careers)(?:[/?.]|$)
    | /(?:staff|staff-profiles?|faculty|our-people|our-team|bios?|biography|leadership)(?:/|$)
    | /(?:profiles?|people|person|about|about-us|contact|contact-us|live|newsletters|related)(?:/[\w.-]+)?/?$
    | [?&](?:share|utm_source=share)=
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Hosts and beginnings of paths where nobody publishes what he says: sharing, shops, maps, reference works.
SERVICES = re.compile(
    r"""//(?:[\w-]+\.)*(?:
      t\.co/ | pic\.twitter\.com/ | facebook\.com/sharer | (?:twitter|x)\.com/(?:intent|share) | wa\.me/
    | t\.me/share | amazon\.[a-z.]+/ | amzn\.to/ | (?:apps|itunes|podcasts)\.apple\.com/ | play\.google\.com/
    | google\.[a-z.]+/(?:maps|search|url) | maps\.google\.[a-z.]+/ | open\.spotify\.com/ | eventbrite\.
    | ticketmaster\. | stubhub\. | patreon\.com/ | paypal\.com/ | secure\.actblue\.com/ | gofundme\.com/
    | wikipedia\.org/ | imdb\.com/ | linkedin\.com/in/ | whois\.com/
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# An account's front, as against one of its posts.
PROFILE = re.compile(
    r"//(?:[\w-]+\.)*(?:(?:twitter|x|facebook|instagram|threads)\.[a-z]+/[@\w.-]+/?(?:\?[^/]*)?$"
    r"|(?:tiktok|youtube)\.com/@[\w.-]+/?$|youtube\.com/(?:channel|user|c)/|bsky\.app/profile/[\w.-]+/?$)",
    re.IGNORECASE,
)
POST = re.compile(
    r"""//(?:[\w-]+\.)*(?:
      (?:twitter|x)\.com/(?P<a>\w+)/status(?:es)?/ | facebook\.com/(?P<b>[^/]+)/(?:posts|videos|photos)/
    | instagram\.com/p/ | instagram\.com/(?P<c>[\w.]+)/p/ | threads\.[a-z]+/@(?P<d>[\w.]+)/post/
    | bsky\.app/profile/(?P<e>[\w-]+)[\w.-]*/post/ | tiktok\.com/@(?P<f>[\w.]+)/video/
    | truthsocial\.com/@(?P<g>\w+)/
    | t\.me/(?P<h>\w+)/\d | medium\.com/@?(?P<i>[\w.-]+)/. | forbes\.com/sites/(?P<j>\w+)/. )
    """,
    re.VERBOSE | re.IGNORECASE,
)
BODIES = re.compile(
    r"""
      (?:^|\.)(?:gov|gouv|gob|mil|edu|int|ac|europa|parliament|un|imf|worldbank|oecd|nato)(?:\.|$)
    | (?:^|\.)(?:courtlistener|documentcloud|scribd|doi|sciencedirect|springer|pnas|arxiv|biorxiv|medrxiv|ssrn
         |jstor|nber|nejm|jamanetwork|bmj|thelancet|plos)\.
    """,
    re.VERBOSE,
)
AGENCY = re.compile(r"\(([A-Z][\w ./&-]{1,30})\) ?[-–—]")  # "DALE (AP) —"
OPENING = 3  # paragraphs in which a dateline can stand, past an editor's note
DATELINE = 80  # characters of a paragraph in which a dateline ends
DASH = re.compile(r"\s?[—–-]\s")
PART = re.compile(r"[A-Z]\S*(?: [A-Z]\S*)*")
HANDLE = re.compile(r"\(@(\w{1,30})\)")
NAME = re.compile(r"[A-Z][\w’'&.-]*(?: (?:[a-z]{1,3} ){0,2}[A-Z][\w’'&.-]*)+")  # "Bank of the Dale"
CUT = 15  # letters at which Twitter cuts a handle
SHORTEST = 5  # letters of some words of a name that can be a host
LONGEST = 8  # words of a name that are looked at, letters before a surname in a handle, tokens after a cue


def site(url: str) -> str:
    """The last labels of a host that tell one publisher from another: "www.bbc.co.uk" → "bbc.co.uk"."""
    labels = host_of(url).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004  # co.uk, com.br
    return ".".join(labels[-3:] if short else labels[-2:])


def host_of(url: str) -> str:
    """Lower-case; empty for what a stranger's page calls a link and is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def publisher(url: str) -> str:
    """The site without its ending: "bbc.com" and "bbc.co.uk" are one publisher."""
    return site(url).partition(".")[0]


def house(name: str) -> str:
    """A publisher or an outlet's name as one word: "apnews", "ap" and "AP" are one house."""
    bare = letters(name).removeprefix("the")
    return bare.removesuffix("news") or bare or name.lower()


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def agencies(prose: Prose) -> Iterator[tuple[int, int]]:
    """Where the first paragraphs' datelines name an agency: the "AP" of "DALE (AP) —"."""
    text, lexicon = prose.article.text, prose.lexicon
    bodies = [b for b in prose.article.blocks if b.role is Role.BODY]
    for block in bodies[:OPENING]:
        match = AGENCY.search(text, block.start, min(block.end, block.start + DATELINE))
        words = set() if match is None else set(re.findall(r"\w+", match[1].lower()))
        if match is not None and words & (lexicon.outlets | lexicon.kinds[Kind.OUTLET]):
            yield match.span(1)


def reprinted(article: Article) -> bool:
    """Whether the page says that its article stands on another site first."""
    first = article.canonical_url
    return bool(first and article.url and site(first) != site(article.url))


def originating(prose: Prose, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where the text names who had its news first: “This article originally appeared in the Dale Courier”
    anywhere, and in the sentences from `first` to `last` “first reported by the Dale Courier” too."""
    for index, sentence in enumerate(prose.sentences):
        for match in prose.lexicon.relays.patterns.find(prose, sentence.first, sentence.last):
            name = _name_from(prose, match.last, sentence.last)
            if name is not None and (first <= index <= last or _about_itself(prose, sentence.first)):
                yield name


def _name_from(prose: Prose, at: int, stop: int) -> tuple[int, int] | None:
    """The name that follows, an article left out."""
    first = at + (at < stop and prose.lowers[at] in prose.lexicon.words.definite)
    last = first
    while last < stop and prose.tags[last].startswith("NNP"):
        last += 1
    return (prose.starts[first], prose.ends[last - 1]) if last > first else None


def _about_itself(prose: Prose, first: int) -> bool:
    """“This article”, "the story" at the beginning of a sentence."""
    words, lexicon = prose.lowers[first : first + 2], prose.lexicon
    itself = lexicon.words.stories | lexicon.kinds[Kind.DOCUMENT]
    return len(words) > 1 and words[0] in lexicon.words.definite and words[1] in itself


def datelined(prose: Prose) -> Iterator[tuple[int, int]]:
    """The names in a linked dateline, outermost first: the JTA and the KVELLER of "KVELLER via JTA —"."""
    own = house(publisher(prose.article.url or ""))
    for link in _leading(prose.article):
        parts = list(PART.finditer(link.anchor.text))
        houses = [house(part[0]) for part in parts]
        if house(publisher(link.url)) in houses and own not in houses:
            start = link.anchor.start
            yield from ((start + part.start(), start + part.end()) for part in reversed(parts))


def _leading(article: Article) -> Iterator[Anchor]:
    """Links that open a paragraph before a dash."""
    opening = {b.start for b in article.blocks if b.role is Role.BODY}
    for link in article.links:
        if link.anchor.start in opening and DASH.match(article.text, link.anchor.end):
            yield link


def originals(prose: Prose, who: Who) -> tuple[Original, ...]:
    """In the order of the text; a canonical URL on another site comes last."""
    article = prose.article
    homes = {house(publisher(url)) for url in (article.canonical_url, article.url) if url}
    homes |= {house(article.text[a:b]) for a, b in agencies(prose)}
    read = _read_places(article)
    ties = _Ties(prose, who)
    result: list[Original] = []
    for link in article.links:
        if _leads_out(link.url, homes) and _stands_in(link.anchor.start, read):
            source = ties.source(link)
            body = _published_by_a_body(link.url) and not _front(link.url)
            if source is not None or body or ties.relayed(link):
                result.append(Original(link.url, link.anchor, source))
    if article.canonical_url and reprinted(article):
        result.append(Original(article.canonical_url, None, ties.named_by_host(article.canonical_url)))
    return tuple(_unique(result))


def _unique(found: Sequence[Original]) -> list[Original]:
    return list({o.url: o for o in reversed(found)}.values())[::-1]


def _read_places(article: Article) -> list[tuple[int, int]]:
    return [(b.start, b.end) for b in article.blocks if b.role in READ]


def _stands_in(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the ranges, which are in order."""
    at = bisect_right(ranges, (place, len(ranges) and ranges[-1][1])) - 1
    return at >= 0 and place < ranges[at][1]


def _leads_out(url: str, homes: AbstractSet[str]) -> bool:
    if house(publisher(url)) in homes or not _path(url).strip("/") or SERVICES.search(url):
        return False
    if POST.search(url):
        return True
    return url.startswith("http") and not NOT_AN_ORIGINAL.search(url) and not PROFILE.search(url)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _published_by_a_body(url: str) -> bool:
    """A document, or a page of an authority, a university, an account: no other outlet's story."""
    return bool(BODIES.search(host_of(url)) or _path(url).lower().endswith(".pdf") or POST.search(url))


def _front(url: str) -> bool:
    """The front of a section: a path of one plain word, "/coronavirus"."""
    return _path(url).strip("/").isalpha()


class _Ties:
    """Which source a link belongs to, looked up by the words that carry it or the name that it bears."""

    def __init__(self, prose: Prose, who: Who) -> None:
        self._prose = prose
        self._mentioned: dict[int, int] = {}
        self._after: dict[int, int] = {}
        self._bearers = _Bearers(who.sources)
        self._signed = dict(self._signatures())
        self._near: dict[tuple[int, str], int] = {}
        first = originating(prose, 0, len(prose.sentences))
        self._relays = sorted([*first, *datelined(prose)])
        for f, source in who.pairs():
            if source is not None and f.source is not None:
                self._note(self._mentioned, (f.source, f.cue), source)
                self._note(self._after, (self._circumstances(f),), source)
                for key in self._bearers.affiliations[source]:
                    self._near.setdefault((prose.sentences[f.sentence].block, key), source)

    @staticmethod
    def _note(table: dict[int, int], ranges: Iterable[tuple[int, int]], source: int) -> None:
        for tokens in ranges:
            for token in range(*tokens):
                table.setdefault(token, source)

    def _circumstances(self, f: Finding) -> tuple[int, int]:
        """The words between speaker and verb and what was said: "in a statement", "told the Courier"."""
        at = f.cue[1] if f.source is None else max(f.cue[1], f.source[1])
        stop = min((c[0] for c in f.content if c[0] >= at), default=at + LONGEST)
        last = at
        while last < min(stop, len(self._prose.words)) and self._prose.words[last][0].isalpha():
            last += 1
        return at, last

    def _signatures(self) -> Iterator[tuple[str, str]]:
        """Handles and the words before them: "Mara Venn (@marav)"."""
        text = self._prose.article.text
        for match in HANDLE.finditer(text):
            yield match[1].lower(), text[max(0, match.start() - DATELINE) : match.start()]

    def source(self, link: Anchor) -> int | None:
        """The account's, the speaker's, or the one whose name the link's host or words bear."""
        handle = _handle(link.url)
        if handle is not None:
            owner = self._owner(handle)
            if owner is not None:
                return owner
        spoken = self._speaker(link)
        if spoken is not None:
            return spoken
        bearer = None if _front(link.url) else self._bearer(link)
        return self._said(link, self._outlet) if bearer is None else bearer

    def _owner(self, handle: str) -> int | None:
        """Whose account it is: as a signature says, else as its letters do."""
        signed = self._bearers.at_end_of(self._signed.get(handle, ""))
        return self._bearers.of_handle(letters(handle)) if signed is None else signed

    def _speaker(self, link: Anchor) -> int | None:
        """The source in whose mention, cue or named statement the link stands."""
        tokens = self._tokens(link)
        for token in tokens:
            if token in self._mentioned:
                return self._mentioned[token]
        return self._said(link, self._utterance)

    def _said(self, link: Anchor, fits: Callable[[int], bool]) -> int | None:
        """Who spoke right before the link, if a word of the link fits."""
        return next((self._after[t] for t in self._tokens(link) if t in self._after and fits(t)), None)

    def relayed(self, link: Anchor) -> bool:
        """Whether the link leads to an outlet that had the article first or that was told what is quoted."""
        told = any(self._outlet(t) and self._tells(t) for t in self._tokens(link))
        before = bisect_left(self._relays, (link.anchor.end, 0)) - 1  # the last name that starts in the link
        return told or (before >= 0 and self._relays[before][1] > link.anchor.start)

    def _tells(self, token: int) -> bool:
        """Whether a verb of telling stands before a token, an article between them left out."""
        lowers, lexicon = self._prose.lowers, self._prose.lexicon
        at = token - 1 - (lowers[token - 1] in lexicon.words.definite)
        return at >= 0 and Frame.PERSON in lexicon.cue(lowers[at])[1]

    def _utterance(self, token: int) -> bool:
        """“a statement”, "a tweet": what somebody says something in."""
        word, lexicon = self._prose.lowers[token], self._prose.lexicon
        documents = lexicon.kinds[Kind.DOCUMENT] | lexicon.kinds[Kind.SOCIAL_MEDIA]
        return word in documents or word in lexicon.noun_cues or word in lexicon.words.stories

    def _outlet(self, token: int) -> bool:
        """“told CBS News”: whom an outlet's story quotes."""
        word, lexicon = self._prose.lowers[token], self._prose.lexicon
        named = self._prose.tags[token].startswith("NNP")
        return named and (word in lexicon.outlets or word in lexicon.kinds[Kind.OUTLET])

    def _bearer(self, link: Anchor) -> int | None:
        anchor = self._bearers.named(letters(link.anchor.text).removeprefix("the"))
        hosted = self.named_by_host(link.url)
        if anchor is not None or hosted is not None:
            return anchor if hosted is None else hosted
        tokens = self._tokens(link)
        block = self._prose.sentences[self._prose.sentence_of[tokens[0]]].block if tokens else -1
        return self._near.get((block, publisher(link.url)))

    def named_by_host(self, url: str) -> int | None:
        """The source whose name, initials or acronym a label of the host is."""
        return self._bearers.of_host(host_of(url).split("."), publisher(url))

    def _tokens(self, link: Anchor) -> range:
        starts, ends = self._prose.starts, self._prose.ends
        return range(bisect_right(ends, link.anchor.start), bisect_left(starts, link.anchor.end))


def _handle(url: str) -> str | None:
    """The account whose post an address is."""
    match = POST.search(url)
    return None if match is None else next((g.lower() for g in match.groups() if g), "")


class _Bearers:
    """What the named sources can be called in a host or a handle."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._names: dict[str, int] = {}
        self._hosts: dict[str, int] = {}
        self._pairs: dict[str, int] = {}
        self._surnames: dict[str, tuple[str, int]] = {}
        self.affiliations = [_affiliations(s) for s in sources]
        for source in sources:
            for name in (source.name.text, *source.aliases) if source.named else ():
                for part in name.rstrip(")").split(" ("):  # a name and its acronym
                    self._add(source, part)
        self._sorted = sorted(self._names)

    def _add(self, source: Source, name: str) -> None:
        words = _words(name)
        if not words:
            return
        self._names.setdefault("".join(words), source.id)
        if len(words) > 1 and len(words[-1]) >= SHORTEST - 1:
            self._surnames.setdefault(words[-1], (words[0][0], source.id))
        if source.kind is Kind.PERSON and " " in name:
            return
        for key in _called(words):
            self._hosts.setdefault(key, source.id)
        for first, second in pairwise(words):
            self._pairs.setdefault(first[0] + second[0], source.id)

    def named(self, name: str) -> int | None:
        return self._names.get(name)

    def at_end_of(self, text: str) -> int | None:
        """The source whose name ends a stretch of text."""
        words = text.split()[-4:]
        return next(
            (s for i in range(len(words)) if (s := self.named(letters("".join(words[i:])))) is not None), None
        )

    def of_handle(self, handle: str) -> int | None:
        """“maravenn”, "maravennforcouncil", "mvenn", and a name cut where Twitter cuts it."""
        whole = self._holding(handle[: 2 * CUT])
        if whole is not None:
            return whole
        for at in range(1, min(LONGEST, len(handle))):
            initial, source = self._surnames.get(handle[at:], ("", None))
            if initial == handle[0]:
                return source
        return self._cut(handle) if len(handle) == CUT else None

    def _holding(self, handle: str) -> int | None:
        """The longest name that a handle holds."""
        for length in range(len(handle), SHORTEST, -1):
            for at in range(len(handle) - length + 1):
                if handle[at : at + length] in self._names:
                    return self._names[handle[at : at + length]]
        return None

    def _cut(self, handle: str) -> int | None:
        at = bisect_left(self._sorted, handle)
        cut = at < len(self._sorted) and self._sorted[at].startswith(handle)
        return self._names[self._sorted[at]] if cut else None

    def of_host(self, labels: Sequence[str], publishing: str) -> int | None:
        """By its publisher's label; a subdomain must bear a whole name; two initials need a body's ending."""
        whole = house(publishing)
        for key in (letters(publishing), letters(publishing).removeprefix("the")):
            for table in (self._names, self._hosts):
                if key in table:
                    return table[key]
        if len(whole) == 2 and labels[-1] in {"org", "gov", "int", "edu"} and whole in self._pairs:  # noqa: PLR2004
            return self._pairs[whole]
        for label in labels[:-1]:
            if len(label) >= SHORTEST and letters(label) in self._hosts:
                return self._hosts[letters(label)]
        return None


def _words(name: str) -> list[str]:
    """The words of a name in lower case, without its article, genitives and full stops."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]s\b|(?<=[A-Z])\.", "", name).lower())[:LONGEST]
    return words[1:] if words[:1] == ["the"] and len(words) > 1 else words


def _called(words: list[str]) -> Iterator[str]:
    """Some words of a name run together, its initials, or initials before its last words: "dalecourier",
    "courier", "dc", "dcourier"."""
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
                    yield "us" + initials[first:last]
        for count in range(2, len(row)):
            yield initials[:count] + "".join(row[count:])
    if len(words) <= 2:  # noqa: PLR2004  # one word tells enough of a short name
        yield from (w for w in words if len(w) > SHORTEST - 2)


def _affiliations(source: Source) -> frozenset[str]:
    """Hosts of the bodies for which a person speaks, from the role and the mentions."""
    told = [source.role] if source.role is not None else []
    texts = sorted({e.text for e in (*told, *source.mentions[:LONGEST])})
    own = set(_words(source.name.text))
    names = [_words(name) for text in texts for name in NAME.findall(text)]
    return frozenset(key for words in names if not own >= set(words) for key in _called(words))
