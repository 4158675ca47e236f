"""Reports built by hand from texts of our own: excerpts are cut by searching the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.model import (
    Article,
    Attribution,
    Block,
    BlockRole,
    Category,
    Caveat,
    Chain,
    Chosen,
    Claim,
    Conflict,
    End,
    Excerpt,
    Hedge,
    Original,
    Report,
    Source,
    SourceKind,
    Stance,
    Standing,
    Step,
    Voice,
)


@dataclass(frozen=True)
class Written:
    """An article and a way to point into it: `cut("words")` finds their n-th place (from 0)."""

    article: Article

    def cut(self, words: str, nth: int = 0) -> Excerpt:
        at = -1
        for _ in range(nth + 1):
            at = self.article.text.index(words, at + 1)
        return self.article.cut(at, at + len(words))

    def caveat(self, words: str, sentence: str) -> Caveat:
        return Caveat(self.cut(words), self.cut(sentence), "caveat: by hand")

    def chosen(self, words: str) -> Chosen:
        return Chosen(self.cut(words), "chosen: by hand")

    def hedge(self, words: str, sentence: str, category: Category, voice: Voice = Voice.ARTICLE) -> Hedge:
        where = self.cut(sentence)
        at = where.start + where.text.index(words)
        return Hedge(self.article.cut(at, at + len(words)), category, where, voice, "hedge: by hand")

    def said(self, source: str, cue: str, *content: str, by: int | None = None) -> Attribution:
        contents = tuple(self.cut(c) for c in content)
        return Attribution(self.cut(source), self.cut(cue), contents, True, "said: by hand", by)

    def step(self, name: str, source_id: int | None = None, evidence: str = "") -> Step:
        return Step(name, source_id, self.cut(evidence) if evidence else None, "step: by hand")


def written(
    title: str,
    *paragraphs: str,
    published: date | None = None,
    outlet: str | None = None,
    url: str | None = "https://harbour-post.example/bridge",
    pasted: bool = False,
    language: str | None = "en",
    partial: str | None = None,
) -> Written:
    """A page of our own: a title block and body blocks."""
    parts = [title, *paragraphs]
    text = "\n\n".join(parts)
    blocks, at = [], 0
    for n, part in enumerate(parts):
        blocks.append(Block(BlockRole.BODY if n else BlockRole.TITLE, at, at + len(part)))
        at += len(part) + 2
    return Written(
        Article(
            text,
            tuple(blocks),
            url=None if pasted else url,
            title=title,
            outlet=outlet,
            published=published,
            stated_in=(("title", "h1"),),
            language=language,
            partial=partial,
            pasted=pasted,
        )
    )


LEDE: Final = (
    "The city and the ferry company have agreed to close the old bridge in May, the Quay Street blog "
    "reported on Monday citing people close to the talks."
)
WARNING: Final = (
    "The following account is unconfirmed, but it raises a question that the town has asked for years."
)
DENIAL: Final = "However, the Harbour Workers’ Union (HWU) said that the talks are still going on."
MAYBE: Final = "The closure could be delayed, one of the people said."
EXPERT: Final = (
    "Maria Lindqvist, the town’s chief engineer, said the bridge “will stand for another ten years”."
)


def bridge(**about: object) -> Report:
    """A flagged report with a chain that ends unnamed: the shape of the seed, in words of our own."""
    w = written(
        "Old bridge to close in May",
        WARNING,
        LEDE,
        MAYBE,
        DENIAL,
        EXPERT,
        published=date(2026, 11, 2),
        outlet="Harbour Post",
        **about,  # type: ignore[arg-type]  # keywords of `written`
    )
    people = Source(
        3,
        w.cut("people close to the talks"),
        False,
        SourceKind.ANONYMOUS,
        (w.cut("people close to the talks"), w.cut("one of the people")),
        relayed_by=0,
        standing=Standing.WITHHELD,
    )
    sources = (
        Source(0, w.cut("Quay Street blog"), True, SourceKind.OUTLET, (w.cut("Quay Street blog"),)),
        Source(
            1,
            w.cut("Harbour Workers’ Union (HWU)"),
            True,
            SourceKind.ORGANISATION,
            (w.cut("Harbour Workers’ Union (HWU)"),),
            ("HWU",),
        ),
        Source(
            2,
            w.cut("Maria Lindqvist"),
            True,
            SourceKind.PERSON,
            (w.cut("Maria Lindqvist"),),
            role=w.cut("the town’s chief engineer"),
        ),
        people,
    )
    return Report(
        w.article,
        claim=Claim(
            w.cut("The city and the ferry company have agreed to close the old bridge in May"),
            w.cut(LEDE),
            "claim: by hand",
            Stance.UNCONFIRMED,
            "stance: by hand",
            (w.caveat("unconfirmed", WARNING),),
            (),
            (w.chosen(DENIAL),),
        ),
        sources=sources,
        attributions=(
            w.said(
                "the Quay Street blog",
                "reported",
                "The city and the ferry company have agreed to close the old bridge in May",
                by=0,
            ),
            w.said(
                "people close to the talks",
                "citing",
                "The city and the ferry company have agreed to close the old bridge in May",
                by=3,
            ),
            w.said("one of the people", "said", "The closure could be delayed", by=3),
            w.said("the Harbour Workers’ Union (HWU)", "said that", "the talks are still going on", by=1),
            w.said("Maria Lindqvist", "said the", "the bridge “will stand for another ten years”", by=2),
        ),
        chains=(
            Chain(
                True,
                (
                    w.step("Harbour Post"),
                    w.step("Quay Street blog", 0, "the Quay Street blog reported"),
                    w.step("people close to the talks", 3, "citing people close to the talks"),
                ),
                End.WITHHELD,
            ),
        ),
        hedges=(
            w.hedge("unconfirmed", WARNING, Category.DISCLAIMER, Voice.COMMENT),
            w.hedge("could be", MAYBE, Category.MODAL),
        ),
        chosen=(w.chosen(LEDE), w.chosen(DENIAL)),
    )


def plain(**about: object) -> Report:
    """A report in which everybody is named and nothing is hedged."""
    w = written("Bridge reopens", "The old bridge reopened on Monday, said Maria Lindqvist.", **about)  # type: ignore[arg-type]  # as above
    statement = w.cut("The old bridge reopened on Monday")
    return Report(
        w.article,
        claim=Claim(
            statement,
            w.cut("The old bridge reopened on Monday, said Maria Lindqvist."),
            "claim: by hand",
            Stance.ASSERTS,
            "stance: by hand",
        ),
        sources=(Source(0, w.cut("Maria Lindqvist"), True, SourceKind.PERSON, (w.cut("Maria Lindqvist"),)),),
        attributions=(w.said("Maria Lindqvist", "said", "The old bridge reopened on Monday", by=0),),
        chains=(
            Chain(
                True,
                (w.step("This page"), w.step("Maria Lindqvist", 0, "said Maria Lindqvist")),
                End.NAMED,
            ),
        ),
    )


def contradicted(report: Report, headline: str, body: str) -> Report:
    """The same report with a headline that the body does not carry."""
    w = Written(report.article)
    return replace(report, conflict=Conflict(w.cut(headline), w.cut(body), "conflict: by hand"))


def linked(report: Report, urls: Sequence[str]) -> Report:
    """The same report with originals that only metadata names."""
    return replace(report, originals=tuple(Original(url, None, "original: by hand") for url in urls))


def canonical(report: Report, url: str = "https://quay.example/post") -> Report:
    """The same report on a page that stands elsewhere first, on the site of its first source."""
    first, *others = report.sources
    original = Original(url, None, "original: by hand", first.id)
    return replace(
        report,
        article=replace(report.article, canonical_url=url),
        sources=(replace(first, originals=(original,)), *others),
        originals=(original,),
    )


def long_words(letters: int) -> Report:
    """A flagged report whose every excerpt is far longer than may be shown; its caveat comes late."""
    sentence = (
        " ".join(["harbour"] * (letters // 8)) + " is unconfirmed " + " ".join(["quay"] * (letters // 5))
    )
    w = written("A title of many words " * 40, sentence, sentence, published=date(2026, 11, 2), outlet="Post")
    first = w.cut(sentence)
    second = w.cut(sentence, 1)
    source = Source(0, second, True, SourceKind.OUTLET, (second,), role=first)
    return Report(
        w.article,
        claim=Claim(
            first,
            first,
            "by hand",
            Stance.UNCONFIRMED,
            "by hand",
            (Caveat(w.cut("unconfirmed"), first, "by hand"),),
            (),
            (Chosen(second, "by hand"),),
        ),
        sources=(source,),
        attributions=(Attribution(second, None, (first,), True, "by hand", 0),),
        chains=(Chain(True, (w.step("Post"), Step(second.text, 0, second, "by hand")), End.OUTLET),),
        hedges=(Hedge(second, Category.MODAL, second, Voice.ARTICLE, "by hand"),),
        chosen=(Chosen(first, "by hand"), Chosen(second, "by hand")),
    )
