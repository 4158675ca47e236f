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
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from bot.model import Anchor, Original, SourceKind
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import Document
from bot.reading.languages.lexicon import NO_CUE, Frame
from bot.reading.provenance import find_agencies, find_linked_datelines, find_original_outlets, is_reprint
from bot.reading.sites import extract_host, extract_publisher, keep_letters, normalize_outlet, strip_article
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


def find_originals(document: Document, resolved: ResolvedFindings) -> tuple[Original, ...]:
    """Return the originals in the order of the text; a canonical URL on another site comes last."""
    article, owners = document.article, _LinkOwners(document, resolved)
    result: list[Original] = []
    for link in _find_candidates(document):
        owner = owners.find_owner(link) or _classify_publication(link.url) or owners.find_relay(link)
        if owner is not None:
            result.append(Original(link.url, link.anchor, owner.why, owner.source))
    if article.canonical_url and is_reprint(article):
        owner = owners.find_by_host(article.canonical_url)
        why = "reprint: canonical address" if owner is None else f"reprint with {owner.why}"
        result.append(Original(article.canonical_url, None, why, None if owner is None else owner.source))
    first_of_each = {o.url: o for o in reversed(result)}
    return tuple(first_of_each.values())[::-1]


def _find_candidates(document: Document) -> Iterator[Anchor]:
    """Yield the links in what is read that lead out of the page's own site or agency, not to a service."""
    article, words = document.article, document.lexicon.words
    homes = {
        normalize_outlet(extract_publisher(url), words) for url in (article.canonical_url, article.url) if url
    }
    homes |= {normalize_outlet(article.text[o.start : o.end], words) for o in find_agencies(document)}
    read = [(b.start, b.end) for b in article.blocks if b.role in READ]
    for link in article.links:
        url, place = link.url, link.anchor.start
        if (
            normalize_outlet(extract_publisher(url), words) in homes
            or not _path(url).strip("/")
            or SERVICES.search(url)
        ):
            continue
        block = bisect_right(read, place, key=lambda b: b[0]) - 1  # the last that starts before the link
        if block < 0 or place >= read[block][1]:
            continue
        web = url.startswith("http") and not NOT_AN_ORIGINAL.search(url) and not PROFILE.search(url)
        if web or POST.search(url):
            yield link


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _classify_publication(url: str) -> LinkOwner | None:
    """Return the rule for a document, or a page of an authority, a university, an account: no other outlet's
    story."""
    body = BODIES.search(extract_host(url))
    if _is_section_front(url):
        return None
    if body:
        return LinkOwner(None, f"host of a body: {body[0].strip('.')}")
    if _path(url).lower().endswith(".pdf"):
        return LinkOwner(None, "document: .pdf")
    return LinkOwner(None, "post of an account") if POST.search(url) else None


def _is_section_front(url: str) -> bool:
    """Return whether it is the front of a section: a path of one plain word, "/coronavirus"."""
    return _path(url).strip("/").isalpha()


def _assign(table: dict[int, LinkOwner], tokens: tuple[int, int], owner: LinkOwner) -> None:
    """Give an owner to the tokens that have none."""
    for token in range(*tokens):
        table.setdefault(token, owner)


class _LinkOwners:
    """The sources to which links belong, looked up by the words that carry it or the name that it bears."""

    def __init__(self, document: Document, resolved: ResolvedFindings) -> None:
        self._document, text = document, document.article.text
        self._mentioned: dict[int, LinkOwner] = {}
        self._after: dict[int, LinkOwner] = {}
        self._names = SourceNames(resolved.sources, document.lexicon.words)
        self._signed = {  # handles and the words before them: "Mara Venn (@marav)"
            m[1].lower(): text[max(0, m.start() - SIGNATURE) : m.start()] for m in HANDLE.finditer(text)
        }
        self._near: dict[tuple[int, str], int] = {}
        first = find_original_outlets(document, 0, len(document.sentences))
        self._relays = sorted([*first, *find_linked_datelines(document)])
        for f, source in resolved.pairs():
            if source is not None and f.source is not None:
                _assign(self._mentioned, f.source, LinkOwner(source, f"link on the source with {f.why}"))
                _assign(self._mentioned, f.cue, LinkOwner(source, f"link on the cue with {f.why}"))
                # the words between speaker and verb and what was said: "in a statement", "told the Courier"
                at = max(f.cue[1], f.source[1])
                stop = min((c[0] for c in f.content if c[0] >= at), default=at + CIRCUMSTANCE)
                last = at
                while last < min(stop, len(document.words)) and document.words[last][0].isalpha():
                    last += 1
                _assign(self._after, (at, last), LinkOwner(source, f.why))
                for key in self._names.affiliations[source]:
                    self._near.setdefault((document.sentences[f.sentence].block, key), source)

    def find_owner(self, link: Anchor) -> LinkOwner | None:
        """Return the account's owner, the speaker, or the one whose name the link's host or words bear; an
        account is owned as a signature says, else as its letters do."""
        post = POST.search(link.url)
        if post is not None:
            handle = next((g.lower() for g in post.groups() if g), "")
            signed = self._names.find_at_end(self._signed.get(handle, ""))
            if signed is not None:
                return LinkOwner(signed, "account: signed")
            named = self._names.match_handle(keep_letters(handle))
            if named is not None:
                return named
        return (
            self._find_speaker(link)
            or (None if _is_section_front(link.url) else self._find_bearer(link))
            or self._find_speaker_before(link, self._is_outlet, "outlet")
        )

    def _find_speaker(self, link: Anchor) -> LinkOwner | None:
        """Return the source in whose mention, cue or named statement the link stands."""
        for token in self._find_tokens(link):
            if token in self._mentioned:
                return self._mentioned[token]
        lowers, lexicon = self._document.lowers, self._document.lexicon
        documents = lexicon.kinds[SourceKind.DOCUMENT] | lexicon.kinds[SourceKind.SOCIAL_MEDIA]
        utterances = documents.union(lexicon.noun_cues, lexicon.words.stories)  # "a statement", "a tweet"
        return self._find_speaker_before(link, lambda token: lowers[token] in utterances, "utterance")

    def _find_speaker_before(self, link: Anchor, fits: Callable[[int], bool], what: str) -> LinkOwner | None:
        """Return the source that spoke right before the link, if a word of the link fits."""
        said = next((self._after[t] for t in self._find_tokens(link) if t in self._after and fits(t)), None)
        return None if said is None else LinkOwner(said.source, f"link on the {what} with {said.why}")

    def find_relay(self, link: Anchor) -> LinkOwner | None:
        """Return the rule by which the link is on an outlet that had the article first, or that was told what
        is quoted."""
        lowers, lexicon = self._document.lowers, self._document.lexicon
        for token in filter(self._is_outlet, self._find_tokens(link)):
            verb = token - 1 - (lowers[token - 1] in lexicon.words.definite_determiners)
            lemma, frames = lexicon.find_cue(lowers[verb]) if verb >= 0 else NO_CUE
            if Frame.PERSON in frames:
                return LinkOwner(None, f"link on the outlet told: {lemma}")
        before = bisect_left(self._relays, (link.anchor.end,)) - 1  # the last name that starts in the link
        if before < 0 or self._relays[before].end <= link.anchor.start:
            return None
        return LinkOwner(None, self._relays[before].why)

    def _is_outlet(self, token: int) -> bool:
        """Return whether a token is the name of an outlet: “told CBS News”."""
        word, lexicon = self._document.lowers[token], self._document.lexicon
        named = self._document.tags[token].is_name
        return named and (word in lexicon.words.outlets or word in lexicon.kinds[SourceKind.OUTLET])

    def _find_bearer(self, link: Anchor) -> LinkOwner | None:
        anchor = self._names.find(strip_article(link.anchor.text, self._document.lexicon.words))
        hosted = self.find_by_host(link.url)
        if hosted is not None:
            return hosted
        if anchor is not None:
            return LinkOwner(anchor, "link on a name")
        tokens = self._find_tokens(link)
        block = self._document.sentences[self._document.sentence_of[tokens[0]]].block if tokens else -1
        near = self._near.get((block, extract_publisher(link.url)))
        return None if near is None else LinkOwner(near, "host: bears an affiliation")

    def find_by_host(self, url: str) -> LinkOwner | None:
        """Return the source whose name, initials or acronym a label of the host is."""
        return self._names.match_host(extract_host(url).split("."), extract_publisher(url))

    def _find_tokens(self, link: Anchor) -> range:
        starts, ends = self._document.starts, self._document.ends
        return range(bisect_right(ends, link.anchor.start), bisect_left(starts, link.anchor.end))
