"""Chains of sources, from the page itself to the origin: each step with the words that show it.

    page ─▶ where its article comes from ─▶ the outlet that was told ─▶ who said it ─▶ whom that one cites

A step is a source where the text attributes something to it; an agency in the dateline, the site of a
reprint and an outlet that was told are steps by their name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from bot.model import Chain, Claim, End, SourceKind, Step, chain_end
from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.content_words import find_content_words
from bot.reading.decisions.chain_end import PASSING_ON, ChainEnd, ChainEndFeatures, choose_end
from bot.reading.decisions.linear import Features
from bot.reading.decisions.withheld_ends import PAGE
from bot.reading.document import Document
from bot.reading.languages.lexicon import Frame, Words
from bot.reading.lead import Lead
from bot.reading.mentions import trim_description
from bot.reading.names import Names, find_page_name, is_same_outlet
from bot.reading.provenance import (
    Origin,
    find_agencies,
    find_linked_datelines,
    find_original_outlets,
    find_reprint_site,
)
from bot.reading.sites import extract_host, extract_publisher, normalize_outlet
from bot.reading.sources import ResolvedFindings

CLOSE = 2  # sentences after the claim in which its source may follow
SHARED = 4  # content words that show that a sentence says the same
ALIKE = 0.4  # share of content words of the shorter one
FAR = 0.4  # share of a sentence before a speaker from which on only a part is the speaker's
LITTLE = 0.22  # share of a sentence that is too little for its main clause
EDITION = 4  # letters of an outlet's name that its editions begin with
NEAR = 4  # tokens before a speaker whose words are all that another says
MARKS = frozenset({",", "—", "–", "--"})
TELLING = 4  # letters of a word that tells one description from another
LOOKED_AT = 12  # attributions of one sentence


def find_chains(
    document: Document, lead: Lead, resolved: ResolvedFindings, names: Names, claim: Claim
) -> tuple[Chain, ...]:
    """Return the chain of the core claim first, then every other relay in reading order."""
    relays = _RelayGraph(document, resolved, names)
    page = [*relays.find_page()]
    own = relays.find_attributing(lead)
    words = document.lexicon.words
    claimed = relays.build_claim_steps(lead, own)
    described, usual = _describe_ends(document, lead, resolved, claim, claimed)
    chosen = choose_end(described, usual, resolved.sources, words)
    claimed = relays.build_chosen_steps(claimed, chosen)
    first = _merge_steps([*page, *relays.find_origins(lead), *claimed], words)
    rest = (
        _merge_steps([*page, *relays.build_steps(row)], words)
        for row in relays.find_other_relays(frozenset(own))
    )
    result: dict[tuple[str, ...], Chain] = {}
    for steps in (first, *(row for row in rest if len(row) > len(page) + 1)):
        end = chain_end(steps, resolved.sources)
        found = Chain(not result, tuple(steps), end, chosen.sure or end is not End.WITHHELD or bool(result))
        result.setdefault(tuple(s.name.lower() for s in steps), found)
    return tuple(c for c in result.values() if c.steps)


def describe_ends(
    document: Document, lead: Lead, resolved: ResolvedFindings, names: Names, claim: Claim
) -> tuple[Mapping[int, Features], int]:
    """Return the features of each end that the claim's chain can have, and the end of the claim's own
    sentence; training learns from them."""
    relays = _RelayGraph(document, resolved, names)
    claimed = relays.build_claim_steps(lead, relays.find_attributing(lead))
    return _describe_ends(document, lead, resolved, claim, claimed)


def _describe_ends(
    document: Document, lead: Lead, resolved: ResolvedFindings, claim: Claim, claimed: Sequence[Step]
) -> tuple[Mapping[int, Features], int]:
    own = [step.source_id for step in claimed if step.source_id is not None]
    return ChainEndFeatures(document, lead, resolved, claim, own).describe(), own[-1] if own else PAGE


class _RelayGraph:
    """The findings as links between sources, looked up by sentence and by whom they relay."""

    def __init__(self, document: Document, resolved: ResolvedFindings, names: Names) -> None:
        self._document, self._resolved, self._names = document, resolved, names
        self._words = document.lexicon.words
        self._here: dict[int, list[int]] = {}
        self._speaks: dict[int, int] = {}
        for number, (f, source) in enumerate(resolved.pairs()):
            if source is not None and f.head is not None:
                self._here.setdefault(f.sentence, []).append(number)
                self._speaks.setdefault(f.head, number)
        self._passing = {relay.name[0]: source for relay, source in resolved.relays}
        article = document.article
        self._own = {normalize_outlet(extract_publisher(article.url), self._words)} if article.url else set()
        if article.outlet:
            self._own.add(normalize_outlet(article.outlet, self._words))
        self._pages: dict[int, bool] = {}

    # the page, and where its article comes from ─────────────────────────────────────────────────────

    def find_page(self) -> Iterator[Step]:
        """Yield the page as it calls itself: in its text, else by its stated outlet, its agency or its
        host."""
        article = self._document.article
        host = extract_host(article.url or "").removeprefix("www.")
        for agency in map(self._build_step, find_agencies(self._document)):
            if normalize_outlet(agency.name, self._words) in self._own or not (article.outlet or host):
                yield replace(agency, why=f"page with {agency.why}")
                return
        for entity in self._names.entities if article.outlet else ():
            name = find_page_name(self._document, entity)
            if name is not None:
                words = self._document.excerpt(name.first, name.last)
                yield Step(words.text, None, words, "page: its name in the text")
                return
        if article.outlet or host:
            stated = "stated outlet" if article.outlet else "host"
            yield Step(article.outlet or host, None, None, f"page: {stated}")

    def find_origins(self, lead: Lead) -> Iterator[Step]:
        """Yield the sources from which the page has its article: a reprint's site, an agency, "originally
        published by"."""
        document, article, known = self._document, self._document.article, set(self._own)
        origins = chain(
            find_reprint_site(document, self._names),
            find_linked_datelines(document),
            find_original_outlets(document, lead.sentence, lead.sentence + CLOSE),
            find_agencies(document) if article.outlet or article.url else (),
        )
        for step in map(self._build_step, origins):
            name = normalize_outlet(step.name, self._words)
            long = (k for k in known if min(len(name), len(k)) >= EDITION)
            edition = any(name.startswith(k) or k.startswith(name) for k in long)  # "VICE US" of Vice
            if name not in known and not edition:
                known.add(name)
                yield step

    def _build_step(self, origin: Origin) -> Step:
        words = self._document.article.cut(origin.start, origin.end)
        return Step(words.text, None, words, origin.why)

    # who says it ────────────────────────────────────────────────────────────────────────────────────

    def find_attributing(self, lead: Lead) -> list[int]:
        """Return the findings that attribute the claim: in its sentence, else where the next ones say the
        same."""
        document, claim = self._document, self._document.sentences[lead.sentence]
        found = self._rank_speakers(lead.sentence)
        if found:
            return found
        words = find_content_words(document, claim.first, claim.last)
        for index in range(lead.sentence + 1, min(lead.sentence + 1 + CLOSE, len(document.sentences))):
            found = self._rank_speakers(index)
            content = self._resolved.findings[found[0]].content if found else ()
            said = frozenset[str]().union(*(find_content_words(document, *c) for c in content))
            same = len(words & said) >= max(SHARED, ALIKE * min(len(words), len(said)))
            # "While it is the first bridge, as Venn said, …": what is said is not the point
            if same and document.lowers[content[0][0]] not in self._words.fronting:
                return found
        return []

    def _rank_speakers(self, index: int) -> list[int]:
        """Return the findings that attribute a whole sentence, outermost first, then those that cite."""
        here = self._here.get(index, [])[:LOOKED_AT]
        cited = [n for n in here if self._cites(n)]
        said = [n for n in here if n not in cited]
        whole = [n for n in said if not self._is_partial(n, here)]
        findings = self._resolved.findings
        row: list[int] = []
        while whole:
            row.append(max(whole, key=lambda n: (self._speaker_follows(n), findings[n].width, -n)))
            whole = [n for n in said if n not in row and self._is_inside(n, row[-1])]
        return [*row, *cited]

    def _cites(self, number: int) -> bool:
        f = self._resolved.findings[number]
        return f.outer is not None or f.frame is AttributionFrame.CITING

    def _speaker_follows(self, number: int) -> bool:
        """“…, the Courier reported”: the speaker after everything that is said."""
        f = self._resolved.findings[number]
        opens = self._document.sentences[f.sentence].first
        return bool(f.content) and f.content[0][0] < f.begin and f.content[0][0] - opens <= NEAR

    def _is_partial(self, number: int, here: Sequence[int]) -> bool:
        """Return whether only a part of the sentence is attributed: in a subordinate clause, or inside
        another's description."""
        f, document = self._resolved.findings[number], self._document
        first, last = document.sentences[f.sentence].first, document.sentences[f.sentence].last
        if self._speaker_follows(number):
            return False
        lexicon = document.lexicon
        before = document.lowers[f.begin - 1] if f.begin > first else ""
        linked = before in lexicon.words.subordinators or before in lexicon.words.conjunctions
        far = f.begin - first > FAR * (last - first) and self._find_told_outlet(f) is None
        little = before not in MARKS or f.width < LITTLE * (last - first)
        return (
            linked
            or (far and little)
            or any(_holds(self._resolved.findings[n].source, f) for n in here if n != number)
        )

    def _is_inside(self, inner: int, outer: int) -> bool:
        """Return whether one finding is what another says."""
        f = self._resolved.findings[inner]
        for content in self._resolved.findings[outer].content:
            if _holds(content, f):
                return self._speaker_follows(inner) or f.begin - content[0] <= NEAR
        return False

    # other relays ───────────────────────────────────────────────────────────────────────────────────

    def find_other_relays(self, own: frozenset[int]) -> Iterator[list[int]]:
        """Yield the findings of sources that are cited, quoted by an outlet, or told an outlet what the page
        says."""
        for here in self._here.values():
            for place, number in enumerate(here):
                f = self._resolved.findings[number]
                if number in own:
                    continue
                if self._cites(number):
                    outer = self._speaks.get(-1 if f.outer is None else f.outer)
                    near = here[place + 1 : place + 2] if f.outer is None else []
                    yield [*(near if outer is None else [outer]), number]
                elif self._find_told_outlet(f) is not None:
                    yield [number]
                else:
                    yield from (
                        [n, number] for n in here[max(0, place - 1) : place + 2] if self._quotes(n, number)
                    )

    def _quotes(self, outer: int, inner: int) -> bool:
        source = self._resolved.source_ids[outer]
        outlet = source is not None and self._resolved.sources[source].kind is SourceKind.OUTLET
        mutual = self._is_inside(outer, inner) and self._speaker_follows(inner)
        return outlet and outer != inner and self._is_inside(inner, outer) and not mutual

    # steps ──────────────────────────────────────────────────────────────────────────────────────────

    def build_claim_steps(self, lead: Lead, own: Sequence[int]) -> list[Step]:
        """Return the steps of the claim's own sentence; whoever is named elsewhere is named."""
        introduced = [] if lead.introduced_by is None else [lead.introduced_by]
        return [self._name_described(step) for step in self.build_steps([*introduced, *own])]

    def build_chosen_steps(self, claimed: Sequence[Step], chosen: ChainEnd) -> list[Step]:
        """Return the steps of the claim's own sentence as far as its chosen end, or those who pass it on and
        then the end."""
        if chosen.end == PAGE:
            return []
        numbers = [n for n, s in enumerate(self._resolved.source_ids) if s == chosen.end]
        ids = [step.source_id for step in claimed]
        if chosen.end in ids:
            steps = [*claimed[: ids.index(chosen.end) + 1]]
        else:
            passing = (s for s in claimed if s.source_id is None or self._passes_on(s.source_id))
            rows = (row for row in self.find_other_relays(frozenset()) if row[-1] in numbers)
            last = self.build_steps(next(rows, numbers[:1])) or self._build_heard_step(chosen)
            steps = [*passing, *(replace(step, why=chosen.why) for step in last)]
        return [*self._find_hearer(steps, numbers), *steps]

    def _find_hearer(self, steps: Sequence[Step], numbers: Sequence[int]) -> list[Step]:
        """Return the step of the outlet that somebody told elsewhere: “an insider says …”, and then “the
        insider told the Courier”; none where somebody passes it on already."""
        if len(steps) > 1 or not steps or steps[0].source_id is None or self._passes_on(steps[0].source_id):
            return []
        findings = [self._resolved.findings[number] for number in numbers[:LOOKED_AT]]
        told = ((self._find_told_outlet(f), f) for f in findings)
        return next(([self._build_named_step(at, f, "told")] for at, f in told if at is not None), [])

    def _passes_on(self, source: int) -> bool:
        return self._resolved.sources[source].kind in PASSING_ON

    def _build_heard_step(self, chosen: ChainEnd) -> list[Step]:
        """Return the step of an outlet that passed the words on without a cue of its own."""
        source = self._resolved.sources[chosen.end]
        return [Step(source.name.text, source.id, words, chosen.why) for words in source.mentions[:1]]

    def _name_described(self, step: Step) -> Step:
        """Return a step with the name of the one person of whom the text tells the same: “the envoy of Dale
        said”, and later “Mara Venn, the envoy of Dale,”."""
        source = None if step.source_id is None else self._resolved.sources[step.source_id]
        if source is None or source.named or source.kind is not SourceKind.PERSON:
            return step
        offices = self._document.lexicon.kinds[SourceKind.PERSON]
        told = _find_words(step.name)
        heads, rest = told & offices, told - offices
        known = [
            one
            for one in self._resolved.sources
            if one.named and one.role is not None and heads & _find_words(one.role.text)
        ]
        if len(known) != 1 or not known[0].mentions or known[0].role is None:
            return step
        also = rest & _find_words(known[0].role.text)
        if not also and step.name.split()[0].lower() not in self._words.definite_determiners:
            return step
        named = known[0]
        return Step(named.name.text, named.id, named.mentions[0], f"named elsewhere with {step.why}")

    def build_steps(self, numbers: Iterable[int]) -> list[Step]:
        """Return the steps of some findings, the outlet that was told before who told it."""
        return [step for number in numbers for step in self._step(number)]

    def _step(self, number: int) -> Iterator[Step]:
        f, source = self._resolved.findings[number], self._resolved.source_ids[number]
        if source is None or f.source is None:
            return
        outer = None if f.outer is None or f.outer in self._speaks else f.outer
        relay = None if outer is None else self._names.at.get(outer)
        if outer is not None and relay is not None and not self._is_page(relay):
            yield self._build_named_step(outer, f, "silent relay")  # "The Courier, citing police, …"
        told = self._find_told_outlet(f)
        if told is not None:
            yield self._build_named_step(told, f, "told")
        entry = self._resolved.sources[source]
        words = f.source if f.head is None else trim_description(self._document, f.source, f.head)
        name = entry.name.text if entry.named else self._document.excerpt(*words).text
        yield Step(name, source, self._document.excerpt(f.begin, max(f.source[1], f.cue[1])), f.why)

    def _build_named_step(self, token: int, f: Finding, rule: str) -> Step:
        """Return a step by the name at a token, shown by the words from there to the finding's, or back."""
        entity, at = self._names.at[token], self._names.at
        first, last = token, token + 1
        while first > 0 and at.get(first - 1) == entity:
            first -= 1
        while at.get(last) == entity:
            last += 1
        words = self._document.excerpt(min(first, f.begin), max(last, f.cue[1]))
        source = self._passing.get(first)
        return Step(self._document.excerpt(first, last).text, source, words, f"{rule} with {f.why}")

    def _find_told_outlet(self, f: Finding) -> int | None:
        """Return a token of the name of the outlet that was told: “told the Courier”."""
        document, at = self._document, f.told
        if at is None and Frame.PERSON in document.lexicon.find_cue(document.lowers[f.cue[1] - 1])[1]:
            at = f.cue[1]
            at += at < len(document.lowers) and document.lowers[at] in self._words.definite_determiners
        entity = None if at is None else self._names.at.get(at)
        if entity is None or self._names.entities[entity].kind is not SourceKind.OUTLET:
            return None
        return None if self._is_page(entity) else at

    def _is_page(self, number: int) -> bool:
        if number not in self._pages:
            entity = self._names.entities[number]
            name = self._document.excerpt(entity.fullest.first, entity.fullest.last).text
            self._pages[number] = (
                find_page_name(self._document, entity) is not None
                or normalize_outlet(name, self._words) in self._own
            )
        return self._pages[number]


def _find_words(text: str) -> frozenset[str]:
    """Return the words of a description that tell it from others, in lower case."""
    return frozenset(word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) >= TELLING)


def _merge_steps(steps: Iterable[Step], words: Words) -> list[Step]:
    """Return the first step of each source or name."""
    result: list[Step] = []
    ids: set[int] = set()
    known: set[str] = set()
    for step in steps:
        told = any(  # AP, Associated Press
            is_same_outlet(step.name, one.name, words) or is_same_outlet(one.name, step.name, words)
            for one in result
        )
        if step.source_id not in ids and not told and normalize_outlet(step.name, words) not in known:
            result.append(step)
            known.add(normalize_outlet(step.name, words))
            ids |= set() if step.source_id is None else {step.source_id}
    return result


def _holds(place: Range | None, f: Finding) -> bool:
    """Return whether speaker and verb of a finding stand inside a range."""
    return place is not None and place[0] <= f.begin and max(f.cue[1], (f.source or f.cue)[1]) <= place[1]
