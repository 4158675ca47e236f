from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.model import BlockRole, Caveat, Hedge, SourceKind
from bot.reading.chunking import Chunk
from bot.reading.explain import Analysis, ExplainedSentence, analyse
from bot.reading.report import report
from tests.bot.reading.test_report import PARAGRAPH, excerpts
from tests.bot.reading.texts import article


def of(*paragraphs: str) -> Analysis:
    return analyse(article(*paragraphs))


def tags(seen: ExplainedSentence) -> list[str]:
    return [f"{one.word.text}/{one.tag}" for one in seen.words]


def fitting(found: Analysis) -> list[tuple[str, str]]:
    return [(fit.words.text, fit.why) for seen in found.sentences for fit in seen.fitting]


def test_every_word_has_its_tag_and_stands_in_one_chunk() -> None:
    (seen,) = of("Mara Venn said that the old bridge fell.").sentences
    assert tags(seen) == snapshot(
        ["Mara/NNP", "Venn/NNP", "said/VBD", "that/IN", "the/DT", "old/JJ", "bridge/NN", "fell/VBD", "./."]
    )
    assert tuple(word for chunk in seen.chunks for word in chunk.words) == seen.words


def test_a_chunk_is_named_by_its_head() -> None:
    (seen,) = of("The mayor of Dale said that the old bridge fell.").sentences
    assert [one.head.text for one in seen.chunks if one.kind is Chunk.NOUN] == ["mayor", "Dale", "bridge"]


def test_the_report_is_the_one_that_a_check_gives() -> None:
    text = article("# Bridge to close", "The bridge may close, the Dale Courier reported.", "Pike denied it.")
    assert analyse(text).report == report(text)


def test_a_language_without_a_lexicon_is_read_as_english() -> None:
    found = analyse(article("Mara Venn said that the bridge fell.", language="xx"))
    assert found.language == found.report.article.language == "en"
    assert [one.name.text for one in found.report.sources] == ["Mara Venn"]


def test_a_sentence_in_which_no_rule_looks_has_words_and_no_chunks() -> None:
    caption, body = of("~ Mara Venn said so.", "Owen Pike said so.").sentences
    assert (caption.role, caption.chunks, len(caption.words)) == (BlockRole.CAPTION, (), 5)
    assert body.chunks


def test_a_quotation_is_speech_or_is_not_and_stands_in_the_sentence_where_it_begins() -> None:
    found = of("The “safe” bridge fell. “It fell last night. Nobody saw it,” Venn said.")
    assert [[(q.words.text, q.speech) for q in seen.quotations] for seen in found.sentences] == [
        [("“safe”", False)],
        [("“It fell last night. Nobody saw it,”", True)],
        [],
    ]


def test_an_entry_that_fits_is_told_although_a_look_alike_silences_it() -> None:
    found = of("Mara Venn spoke to likely voters in Dale.")
    assert found.report.hedges == ()
    assert [words for words, why in fitting(found) if why.startswith("look-alike: ")] == ["likely voters"]


def test_a_finding_is_not_told_again_as_an_entry_that_fits() -> None:
    found = of("The bridge reportedly fell, but the report is unconfirmed.")
    caveats = found.report.claim.caveats if found.report.claim else ()
    findings: tuple[Hedge | Caveat, ...] = (*found.report.hedges, *caveats)
    made = [(one.words.text, one.why) for one in findings]
    assert {why.partition(":")[0] for _, why in made} == {"reportative", "disclaimer", "caveat"}
    assert not set(made) & set(fitting(found))


def test_each_thing_that_is_named_stands_once_with_all_its_mentions() -> None:
    found = of("Mara Venn went to see the Dale Courier, and Venn left.")
    assert [(one.name.text, one.kind, [m.text for m in one.mentions]) for one in found.names] == [
        ("Mara Venn", SourceKind.PERSON, ["Mara Venn", "Venn"]),
        ("Dale Courier", SourceKind.OUTLET, ["Dale Courier"]),
    ]


def test_the_kind_of_a_name_is_what_the_name_alone_says_and_not_what_the_report_makes_of_it() -> None:
    found = of("Harbour Front reports…", "The bridge has fallen, a guard said.")
    assert (found.names[0].name, found.names[0].kind) == (
        found.report.sources[0].name,
        SourceKind.ORGANISATION,
    )
    assert found.report.sources[0].kind is SourceKind.OUTLET


def test_a_text_without_words_has_an_empty_analysis() -> None:
    found = analyse(article())
    assert (found.sentences, found.names, found.report.sources) == ((), (), ())


@given(st.lists(PARAGRAPH, min_size=1, max_size=4))
def test_every_excerpt_is_verbatim_on_any_text(paragraphs: list[str]) -> None:
    found = of(*(p.replace("\n", " ") or "x" for p in paragraphs))
    text = found.report.article.text
    assert all(text[e.start : e.end] == e.text for e in excerpts((found.sentences, found.names)))
