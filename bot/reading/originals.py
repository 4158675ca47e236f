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
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from bot.model import Anchor, Article, Original, SourceKind
from bot.reading.annotators.base import Finding
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import Prose
from bot.reading.languages.lexicon import NO_CUE, Frame, Words
from bot.reading.provenance import find_agencies, find_linked_datelines, find_original_outlets, is_reprint
from bot.reading.sites import bare_letters, host_of, letters, outlet_key, publisher
from bot.reading.source_names import LinkOwner, SourceNames
from bot.reading.sources import ResolvedFindings

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
HANDLE = re.compile(r"\(@(\w{1,30})\)")
SIGNATURE = 80  # characters before a handle in which its owner is named
CIRCUMSTANCE = 8  # tokens after a cue that can still belong to it


def find_originals(prose: Prose, resolved: ResolvedFindings) -> tuple[Original, ...]:
    """In the order of the text; a canonical URL on another site comes last."""
    article, words = prose.article, prose.lexicon.words
    homes = {outlet_key(publisher(url), words) for url in (article.canonical_url, article.url) if url}
    homes |= {outlet_key(article.text[o.start : o.end], words) for o in find_agencies(prose)}
    read = _read_places(article)
    ties = _LinkOwners(prose, resolved)
    result: list[Original] = []
    for link in article.links:
        if _is_candidate(link.url, homes, words) and _is_within(link.anchor.start, read):
            tie = ties.find_owner(link) or _classify_publication(link.url) or ties.find_relay(link)
            if tie is not None:
                result.append(Original(link.url, link.anchor, tie.why, tie.source))
    if article.canonical_url and is_reprint(article):
        tie = ties.find_by_host(article.canonical_url)
        why = "reprint: canonical address" if tie is None else f"reprint with {tie.why}"
        result.append(Original(article.canonical_url, None, why, None if tie is None else tie.source))
    return tuple(_drop_duplicates(result))


def _drop_duplicates(found: Sequence[Original]) -> list[Original]:
    return list({o.url: o for o in reversed(found)}.values())[::-1]


def _read_places(article: Article) -> list[tuple[int, int]]:
    return [(b.start, b.end) for b in article.blocks if b.role in READ]


def _is_within(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Return whether a place lies in one of the ranges, which are in order."""
    at = bisect_right(ranges, (place, len(ranges) and ranges[-1][1])) - 1
    return at >= 0 and place < ranges[at][1]


def _is_candidate(url: str, homes: AbstractSet[str], words: Words) -> bool:
    if outlet_key(publisher(url), words) in homes or not _path(url).strip("/") or SERVICES.search(url):
        return False
    if POST.search(url):
        return True
    return url.startswith("http") and not NOT_AN_ORIGINAL.search(url) and not PROFILE.search(url)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _classify_publication(url: str) -> LinkOwner | None:
    """A document, or a page of an authority, a university, an account: no other outlet's story."""
    body = BODIES.search(host_of(url))
    if _is_section_front(url):
        return None
    if body:
        return LinkOwner(None, f"host of a body: {body[0].strip('.')}")
    if _path(url).lower().endswith(".pdf"):
        return LinkOwner(None, "document: .pdf")
    return LinkOwner(None, "post of an account") if POST.search(url) else None


def _is_section_front(url: str) -> bool:
    """The front of a section: a path of one plain word, "/coronavirus"."""
    return _path(url).strip("/").isalpha()


def _assign(table: dict[int, LinkOwner], tokens: tuple[int, int], tie: LinkOwner) -> None:
    """Give a tie to the tokens that have none."""
    for token in range(*tokens):
        table.setdefault(token, tie)


class _LinkOwners:
    """The sources to which links belong, looked up by the words that carry it or the name that it bears."""

    def __init__(self, prose: Prose, resolved: ResolvedFindings) -> None:
        self._prose = prose
        self._mentioned: dict[int, LinkOwner] = {}
        self._after: dict[int, LinkOwner] = {}
        self._bearers = SourceNames(resolved.sources, prose.lexicon.words)
        self._signed = dict(self._signatures())
        self._near: dict[tuple[int, str], int] = {}
        first = find_original_outlets(prose, 0, len(prose.sentences))
        self._relays = sorted([*first, *find_linked_datelines(prose)])
        for f, source in resolved.pairs():
            if source is not None and f.source is not None:
                _assign(self._mentioned, f.source, LinkOwner(source, f"link on the source with {f.why}"))
                _assign(self._mentioned, f.cue, LinkOwner(source, f"link on the cue with {f.why}"))
                _assign(self._after, self._circumstances(f), LinkOwner(source, f.why))
                for key in self._bearers.affiliations[source]:
                    self._near.setdefault((prose.sentences[f.sentence].block, key), source)

    def _circumstances(self, f: Finding) -> tuple[int, int]:
        """The words between speaker and verb and what was said: "in a statement", "told the Courier"."""
        at = f.cue[1] if f.source is None else max(f.cue[1], f.source[1])
        stop = min((c[0] for c in f.content if c[0] >= at), default=at + CIRCUMSTANCE)
        last = at
        while last < min(stop, len(self._prose.words)) and self._prose.words[last][0].isalpha():
            last += 1
        return at, last

    def _signatures(self) -> Iterator[tuple[str, str]]:
        """Handles and the words before them: "Mara Venn (@marav)"."""
        text = self._prose.article.text
        for match in HANDLE.finditer(text):
            yield match[1].lower(), text[max(0, match.start() - SIGNATURE) : match.start()]

    def find_owner(self, link: Anchor) -> LinkOwner | None:
        """The account's, the speaker's, or the one whose name the link's host or words bear."""
        handle = _extract_handle(link.url)
        return (
            (None if handle is None else self._find_account(handle))
            or self._find_speaker(link)
            or (None if _is_section_front(link.url) else self._find_bearer(link))
            or self._find_speaker_before(link, self._is_outlet, "outlet")
        )

    def _find_account(self, handle: str) -> LinkOwner | None:
        """Return the owner of an account: as a signature says, else as its letters do."""
        signed = self._bearers.find_at_end(self._signed.get(handle, ""))
        return (
            self._bearers.match_handle(letters(handle))
            if signed is None
            else LinkOwner(signed, "account: signed")
        )

    def _find_speaker(self, link: Anchor) -> LinkOwner | None:
        """The source in whose mention, cue or named statement the link stands."""
        tokens = self._find_tokens(link)
        for token in tokens:
            if token in self._mentioned:
                return self._mentioned[token]
        return self._find_speaker_before(link, self._is_utterance, "utterance")

    def _find_speaker_before(self, link: Anchor, fits: Callable[[int], bool], what: str) -> LinkOwner | None:
        """Return the source that spoke right before the link, if a word of the link fits."""
        said = next((self._after[t] for t in self._find_tokens(link) if t in self._after and fits(t)), None)
        return None if said is None else LinkOwner(said.source, f"link on the {what} with {said.why}")

    def find_relay(self, link: Anchor) -> LinkOwner | None:
        """Return the rule by which the link is on an outlet that had the article first, or that was told what
        is quoted."""
        told = next(
            (verb for t in self._find_tokens(link) if self._is_outlet(t) and (verb := self._tells(t))), None
        )
        if told is not None:
            return LinkOwner(None, f"link on the outlet told: {told}")
        before = bisect_left(self._relays, (link.anchor.end,)) - 1  # the last name that starts in the link
        if before < 0 or self._relays[before].end <= link.anchor.start:
            return None
        return LinkOwner(None, self._relays[before].why)

    def _tells(self, token: int) -> str | None:
        """The verb of telling that stands before a token, an article between them left out."""
        lowers, lexicon = self._prose.lowers, self._prose.lexicon
        at = token - 1 - (lowers[token - 1] in lexicon.words.definite)
        lemma, frames = lexicon.cue(lowers[at]) if at >= 0 else NO_CUE
        return lemma if Frame.PERSON in frames else None

    def _is_utterance(self, token: int) -> bool:
        """“a statement”, "a tweet": what somebody says something in."""
        word, lexicon = self._prose.lowers[token], self._prose.lexicon
        documents = lexicon.kinds[SourceKind.DOCUMENT] | lexicon.kinds[SourceKind.SOCIAL_MEDIA]
        return word in documents or word in lexicon.noun_cues or word in lexicon.words.stories

    def _is_outlet(self, token: int) -> bool:
        """“told CBS News”: whom an outlet's story quotes."""
        word, lexicon = self._prose.lowers[token], self._prose.lexicon
        named = self._prose.tags[token].is_name
        return named and (word in lexicon.outlets or word in lexicon.kinds[SourceKind.OUTLET])

    def _find_bearer(self, link: Anchor) -> LinkOwner | None:
        anchor = self._bearers.find(bare_letters(link.anchor.text, self._prose.lexicon.words))
        hosted = self.find_by_host(link.url)
        if hosted is not None:
            return hosted
        if anchor is not None:
            return LinkOwner(anchor, "link on a name")
        tokens = self._find_tokens(link)
        block = self._prose.sentences[self._prose.sentence_of[tokens[0]]].block if tokens else -1
        near = self._near.get((block, publisher(link.url)))
        return None if near is None else LinkOwner(near, "host: bears an affiliation")

    def find_by_host(self, url: str) -> LinkOwner | None:
        """The source whose name, initials or acronym a label of the host is."""
        return self._bearers.match_host(host_of(url).split("."), publisher(url))

    def _find_tokens(self, link: Anchor) -> range:
        starts, ends = self._prose.starts, self._prose.ends
        return range(bisect_right(ends, link.anchor.start), bisect_left(starts, link.anchor.end))


def _extract_handle(url: str) -> str | None:
    """The account whose post an address is."""
    match = POST.search(url)
    return None if match is None else next((g.lower() for g in match.groups() if g), "")
