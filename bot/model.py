"""The nouns of Hearsay: frozen values, equal by content, ignorant of storage and of chats.

    Link ─▶ Page ─▶ Article ─▶ Report (─▶ Reply, in bot/replies.py)

Words of an article exist only as `Excerpt`, and only `Article.cut` makes one, so whatever points into
an article is the article's own words at their own place. Offsets count Unicode code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

# ── before reading ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Link:
    """A web address as somebody pasted it.

    `url` is what is fetched and shown. `key` names "the same link" (no tracking parameters, scheme,
    fragment, AMP or mobile host) and is never fetched or shown. `spoiler`: it stood inside ||bars||.
    """

    url: str
    key: str
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A server's word on the version of the page at `url`: its ETag, its Last-Modified, or both.

    A stranger's words: to be repeated to that address alone, where it is asked whether the page has changed.
    """

    url: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """A server's answer that the version that is known here is still the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A server's answer, undecoded: `body` holds at most 2 MiB of decompressed bytes.

    `url` is the address after redirects; `charset` is what the Content-Type header named, if anything.
    """

    url: str
    body: bytes
    charset: str | None = None
    cut: bool = False
    version: Version | None = None


# ── the article ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, order=True)
class Excerpt:
    """`text` is the article's own words from code point `start` to `end` (end exclusive)."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Excerpt) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: Excerpt) -> bool:
        return self.start <= other.start and other.end <= self.end


class BlockRole(StrEnum):
    """The role of a block on its page; nothing is deleted, everything is labelled."""

    TITLE = "title"
    DECK = "deck"
    BYLINE = "byline"
    BODY = "body"
    HEADING = "heading"
    QUOTE = "quote"
    ITEM = "item"
    CAPTION = "caption"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like stretch of the article's text and what it is on the page."""

    role: BlockRole
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in the text: where it leads (absolute) and the words that carry it."""

    url: str
    anchor: Excerpt


@dataclass(frozen=True, slots=True)
class Article:
    """One text and one coordinate system for everything that is later said about it.

    `blocks` are in order and do not overlap. What the page does not state is None; `stated_in` tells for
    each stated fact where ("title" → "h1"), as pairs sorted by name. `partial` says why only a part could
    be read. `pasted`: the text came from a person, not from a page.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    links: tuple[Anchor, ...] = ()
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    stated_in: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    partial: str | None = None
    pasted: bool = False

    def cut(self, start: int, end: int) -> Excerpt:
        """The words from `start` to `end`. Raises ValueError unless 0 <= start < end <= len(text)."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no words at {start}:{end} in a text of {len(self.text)}")
        return Excerpt(start, end, self.text[start:end])

    @property
    def sha256(self) -> str:
        """Of the text in UTF-8, lone surrogates kept."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


# ── the report ──────────────────────────────────────────────────────────────────────────────────────


class SourceKind(StrEnum):
    """The kind of a source: the closed list of labels that Hearsay itself gives."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    DOCUMENT = "document"
    SOCIAL_MEDIA = "social_media"
    GROUP = "group"
    ANONYMOUS = "anonymous"


class How(StrEnum):
    """The part of a source: its own words, or another's that it heard, published or passed on."""

    SPEAKS = "speaks"
    RELAYS = "relays"


OFFICE: Final = "office: "  # opens the rule of a standing that a noun for an office gave


class Standing(StrEnum):
    """The standing of a source: a name; an institution, an official, a document or a group; or somebody whose
    name is not given."""

    NAMED = "named"
    BY_OFFICE = "by_office"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source + cue + content: who is said to have said what, and by which word.

    `reporting` is False for intentions and attitudes ("plans", "supports"): nothing was said.
    `why` names the rule and the lexicon entry, `source_why` the rule that tied its source to an entry of the
    list; empty where it is tied to none.
    """

    source: Excerpt | None
    cue: Excerpt | None
    content: tuple[Excerpt, ...]
    reporting: bool
    why: str
    source_id: int | None = None
    source_why: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """A link that leads to what a source itself published; `anchor` None for a canonical URL elsewhere.

    `why` names the rule that tied it to its source, or that found it to be an original of nobody here.
    """

    url: str
    anchor: Excerpt | None
    why: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Everyone and everything to which words or findings are attributed, one entry each.

    `name` is the fullest naming in the text; `mentions` every place where something is attributed to it;
    `relayed_by` the id of the source that relays an unnamed one. `why` names the rule of its kind, `role_why`
    that of its role, `standing_why` that of its standing.
    """

    id: int
    name: Excerpt
    named: bool
    kind: SourceKind
    mentions: tuple[Excerpt, ...]
    aliases: tuple[str, ...] = ()
    role: Excerpt | None = None
    relayed_by: int | None = None
    originals: tuple[Original, ...] = ()
    why: str = ""
    role_why: str = ""
    how: How = How.SPEAKS
    standing: Standing = Standing.NAMED
    standing_why: str = ""

    def is_mentioned_in(self, words: Excerpt) -> bool:
        return any(words.overlaps(mention) for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Step:
    """One relay: its name, the source it is (None for the page itself) and the words that show it."""

    name: str
    source_id: int | None
    evidence: Excerpt | None
    why: str


class End(StrEnum):
    """The far end of a chain."""

    NAMED = "named"
    DOCUMENT = "document"
    OUTLET = "outlet"
    OFFICE = "office"
    WITHHELD = "withheld"

    @classmethod
    def _missing_(cls, value: object) -> End | None:
        """Reports of before 2026-12 knew one end for everybody who is not named."""
        return cls.WITHHELD if value == "unnamed" else None


def chain_end(steps: Sequence[Step], sources: Sequence[Source]) -> End:
    """Return the end of these steps: by the last one's source, or the page itself."""
    last = steps[-1].source_id if steps else None
    if last is None:
        return End.OUTLET
    source = sources[last]
    if source.standing is Standing.WITHHELD:
        return End.WITHHELD
    if source.kind is SourceKind.DOCUMENT:
        return End.DOCUMENT
    if source.standing is Standing.BY_OFFICE:
        return End.OFFICE
    return End.OUTLET if source.kind is SourceKind.OUTLET else End.NAMED


@dataclass(frozen=True, slots=True)
class Chain:
    """The relays of a statement, outermost (the page itself) first. `sure`: automatic mode may speak of a
    withheld end."""

    of_claim: bool
    steps: tuple[Step, ...]
    end: End
    sure: bool = True


class Category(StrEnum):
    """The way in which a hedge makes a fact less than certain (eval taxonomy; FactBank's distinctions)."""

    REPORTATIVE = "reportative"
    MODAL = "modal"
    BELIEF = "belief"
    APPEARANCE = "appearance"
    DISCLAIMER = "disclaimer"
    CONDITIONAL = "conditional"
    RUMOUR = "rumour"
    UNKNOWN = "unknown"
    EVIDENTIAL = "evidential"


class Voice(StrEnum):
    """The speaker of a hedge: the report, the site's comment around it, or a source."""

    ARTICLE = "article"
    COMMENT = "comment"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Hedge:
    """Wording that marks a reported fact as less than certain, in its sentence."""

    words: Excerpt
    category: Category
    sentence: Excerpt
    voice: Voice
    why: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Caveat:
    """Words by which the article says that something is not established, in their sentence."""

    words: Excerpt
    sentence: Excerpt
    why: str


class Stance(StrEnum):
    """The article's own stance on its core claim."""

    ASSERTS = "asserts"
    UNCONFIRMED = "reports-as-unconfirmed"
    DENIES = "denies"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence that was chosen to be shown, and the rule that chose it."""

    words: Excerpt
    why: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The main news: its core, the sentence that carries it, and what the article says against it.

    `why` names the rule that chose the sentence, `stance_why` the one that gave it its stance. `against`
    holds the sentences in which a named source disputes or qualifies it.
    """

    statement: Excerpt
    sentence: Excerpt
    why: str
    stance: Stance
    stance_why: str
    caveats: tuple[Caveat, ...] = ()
    side_caveats: tuple[Caveat, ...] = ()
    against: tuple[Chosen, ...] = ()

    @property
    def contrasts(self) -> tuple[Excerpt, ...]:
        """The words of what stands against it."""
        return tuple(one.words for one in self.against)

    @property
    def concerns(self) -> tuple[tuple[str, tuple[Caveat, ...]], ...]:
        """The caveats under the name of what they concern: the claim itself, then a detail."""
        return ("caveats", self.caveats), ("side_caveats", self.side_caveats)

    @property
    def unconfirmed(self) -> bool:
        """The flag: up exactly when the article's own words against the claim can be shown."""
        return bool(self.caveats)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The headline asserts what a line of the body calls unconfirmed."""

    headline: Excerpt
    body: Excerpt
    why: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A page that tells several stories apart from each other, and so has no claim of its own."""

    stories: int
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one article. Sources stand at the index of their id; `chosen` sums it up.

    A `digest` has no claim, no conflict and no summary.
    """

    article: Article
    claim: Claim | None = None
    sources: tuple[Source, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    chains: tuple[Chain, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    conflict: Conflict | None = None
    chosen: tuple[Chosen, ...] = ()
    originals: tuple[Original, ...] = ()
    digest: Digest | None = None

    @property
    def summary(self) -> tuple[Excerpt, ...]:
        """The words that sum it up."""
        return tuple(one.words for one in self.chosen)
