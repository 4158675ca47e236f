"""At most three sentences that stand alone: the claim, what stands against it, one key fact."""

from __future__ import annotations

from bot.model import Chosen, Claim, Excerpt, Role
from bot.reading.core import Core, content_words, dangling
from bot.reading.prose import Prose, Sentence

SHORTEST, LONGEST = 8, 45  # tokens of a key fact
LOOKED_AT = 25  # sentences after the claim
REPEATS = 0.6  # share of content words at which one sentence repeats another


def summary(prose: Prose, main: Core, said: Claim) -> tuple[Chosen, ...]:
    """The claim's sentence, the first contrast, and a fact that names and counts."""
    chosen = [Chosen(said.sentence, "claim")]
    chosen += [Chosen(one.words, f"first {one.why}") for one in said.against[:1]]
    fact = _fact(prose, main, [one.words for one in chosen])
    return tuple(chosen if fact is None else [*chosen, fact])


def _fact(prose: Prose, main: Core, chosen: list[Excerpt]) -> Chosen | None:
    claim = prose.sentences[main.sentence]
    known = content_words(prose, claim.first, claim.last)
    for sentence in prose.sentences[main.sentence + 1 : main.sentence + 1 + LOOKED_AT]:
        words = content_words(prose, sentence.first, sentence.last)
        excerpt = prose.sentence_excerpt(sentence)
        if excerpt in chosen or not _stands_alone(prose, sentence) or not _names_and_counts(prose, sentence):
            continue
        shared = len(words & known)
        if 0 < shared < REPEATS * len(words):
            return Chosen(excerpt, f"key fact with words of the claim: {shared} of {len(words)}")
    return None


def _stands_alone(prose: Prose, sentence: Sentence) -> bool:
    length = sentence.last - sentence.first
    opening = prose.lowers[sentence.first]
    return (
        sentence.role is Role.BODY
        and SHORTEST <= length <= LONGEST
        and opening not in prose.lexicon.words.pronouns
        and opening not in prose.lexicon.words.connectives
        and opening[0].isalnum()
        and prose.words[sentence.last - 1] == "."
        and not any(
            prose.lowers[i] in prose.lexicon.words.speakers for i in range(sentence.first, sentence.last)
        )
        and _whole_quotations(prose, sentence)
        and not dangling(prose, sentence)
    )


def _whole_quotations(prose: Prose, sentence: Sentence) -> bool:
    """No quotation begins before the sentence or goes on after it."""
    words = prose.words[sentence.first : sentence.last]
    return words.count("“") == words.count("”") and words.count('"') % 2 == 0 and words.count("''") % 2 == 0


def _names_and_counts(prose: Prose, sentence: Sentence) -> bool:
    tags = prose.tags[sentence.first : sentence.last]
    return "CD" in tags and any(t.startswith("NNP") for t in tags)
