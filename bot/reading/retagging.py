"""Part-of-speech tags that the sentence around them proves wrong, put right.

The tagger sees three words at a time; whether a participle is the only verb of its clause takes the whole
clause. Each rule names the mistake that it mends.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Kind
from bot.reading.lexicon.load import Frame, Lexicon

TENSED = frozenset({"VBD", "VBZ", "VBP", "MD"})
SUBJECTS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
SHORTEST, INTRODUCTION = 3, 6  # tokens of a line that hands over to a report
HANDING_OVER = frozenset({"…", "...", ":"})
CLOSING_MARKS = frozenset({"''", '"'})
SPEAKERS = frozenset({"NNP", "NNPS", "PRP", "DT"})
SAYING = frozenset({Frame.CLAUSE, Frame.FINDING})
AUXILIARY_REACH = 4  # tokens before a participle in which its auxiliary stands


def retag(lowers: Sequence[str], tags: list[str], first: int, last: int, lexicon: Lexicon) -> None:
    """Mend the tags of one sentence in place."""
    if hands_over(lowers, first, last, lexicon):
        tags[first : last - 1] = [t if t == "DT" else "NNP" for t in tags[first : last - 2]] + ["VBZ"]
    tensed = False  # whether a tensed verb stands between here and the end of the clause
    for at in range(last - 1, first - 1, -1):
        if tags[at] in {",", ":"}:
            tensed = False
        elif at > first:
            _mend(lowers, tags, at, (first, last), lexicon, tensed=tensed)
        tensed = tensed or tags[at] in TENSED


def name_openers(words: Sequence[str], tags: list[str], sentences: Sequence[tuple[int, int]]) -> None:
    """Mend in place the first words of sentences that are names elsewhere, as in “Weaver dismissed it”.

    What a word names it mostly names throughout a text (Gale, Church and Yarowsky 1992, "One sense per
    discourse"); a word that also stands in small letters is left alone.
    """
    small = {word for word in words if word.islower()}
    named = {
        words[at]
        for first, last in sentences
        if any(word.islower() for word in words[first:last])
        for at in range(first + 1, last)
        if tags[at].startswith("NNP") and words[at].istitle()
    }
    for first, last in sentences:
        at = next((i for i in range(first, last) if words[i][0].isalnum()), first)
        if words[at] in named and words[at].lower() not in small and not tags[at].startswith("NNP"):
            tags[at] = "NNP"


def hands_over(lowers: Sequence[str], first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a line only introduces a report: “South Front reports…”. It is too short for the tagger to see
    its verb, the last word but one."""
    if not SHORTEST <= last - first <= INTRODUCTION or lowers[last - 1] not in HANDING_OVER:
        return False
    lemma, _ = lexicon.cues.get(lowers[last - 2], ("", frozenset()))
    return lemma in lexicon.words.introducing


def _mend(  # the row and the place in it
    lowers: Sequence[str],
    tags: list[str],
    at: int,
    bounds: tuple[int, int],
    lexicon: Lexicon,
    *,
    tensed: bool,
) -> None:
    (first, last), tag, before = bounds, tags[at], tags[at - 1]
    if (
        tag in {"JJ", "NN"}
        and before in {"NNP", "PRP"}
        and lowers[at].endswith("ed")
        and lowers[at] in lexicon.cues
    ):
        tags[at] = "VBD"  # rare verbs look like adjectives: "Venn chimed"
    elif tag == "NNS" and before == "NNP" and _closes(lowers, at, last) and _reports(lowers[at], lexicon):
        tags[at] = "VBZ"  # "…, the Dale Courier reports."
    elif tag == "VBG" and before in SUBJECTS and lowers[at] in lexicon.kinds[Kind.DOCUMENT]:
        tags[at] = "NN"  # "a Supreme Court ruling"
    elif tag == "VB" and _plural(lowers, tags, at) and not _led(lowers, tags, at, first, lexicon):
        tags[at] = "VBP"  # "economists say", "the two admit", "some who run argue that"
    elif tag == "VBN" and before in CLOSING_MARKS and at + 1 < last and tags[at + 1] in SPEAKERS:
        tags[at] = "VBD"  # “Why?” asked Venn
    elif tag in {"NN", "NNS"} and not tensed and _unseen_verb(lowers, tags, at, last, lexicon):
        tags[at] = "VBZ" if tag == "NNS" else "VBP"  # "the campaign projects that", "scholars caution that"
    elif tag == "VBN" and not tensed and before in SUBJECTS and not _led(lowers, tags, at, first, lexicon):
        tags[at] = "VBD"  # the only verb of its clause: "a judge sided with them, saying …"


def _plural(lowers: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Whether a plain verb can be the present tense of what stands before it."""
    before = tags[at - 1]
    clause = at + 1 < len(lowers) and lowers[at + 1] == "that" and before == "NN"
    return before in {"NNS", "NNPS", "CD"} or clause


def _unseen_verb(lowers: Sequence[str], tags: Sequence[str], at: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a cue that looks like a noun is the verb of its clause: a noun before it that agrees with it,
    and what it says after it."""
    lemma, frames = lexicon.cues.get(lowers[at], ("", frozenset()))
    if not frames & SAYING or at + 1 >= last:
        return False
    plain = lowers[at] == lemma
    agrees = tags[at - 1] in ({"NNS", "NNPS"} if plain else {"NN", "NNP"})
    clause = tags[at + 1] == "IN" and lowers[at + 1] in lexicon.words.that
    return agrees and (plain == (tags[at] == "NN")) and clause


def _closes(lowers: Sequence[str], at: int, last: int) -> bool:
    return at + 1 >= last or lowers[at + 1] in {".", ",", "…", ":", "that"}


def _reports(word: str, lexicon: Lexicon) -> bool:
    """Whether a word in -s is a verb by which outlets report."""
    lemma, _ = lexicon.cues.get(word, ("", frozenset()))
    return lemma in lexicon.words.introducing | lexicon.words.inverting


def _led(lowers: Sequence[str], tags: Sequence[str], at: int, first: int, lexicon: Lexicon) -> bool:
    """Whether an auxiliary or "to" stands close before the verb."""
    reach = range(max(first, at - AUXILIARY_REACH), at)
    return any(lowers[i] in lexicon.words.auxiliaries or tags[i] in {"MD", "TO"} for i in reach)
