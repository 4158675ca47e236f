"""The word list (words.toml) inflected: every form and the tags that it can have."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

LIST = Path(__file__).with_name("words.toml")
VOWELS = "aeiou"
# A kind is the string of these letters for all that a word can be, in this order: "reports" is "sz".
LETTERS = dict(
    zip("NN NNS NNP NNPS JJ JJR JJS RB VB VBP VBZ VBD VBN VBG".split(), "nsNSjJtrvpzdkg", strict=True)
)
THIRDS = {"be": "is", "do": "does", "go": "goes", "have": "has"}
TAKE_ES = frozenset("echo veto torpedo hero potato tomato embargo cargo volcano".split())
# Irregular verbs of several syllables, or with two vowel letters, that double their last letter.
DOUBLING = frozenset("begin forget forbid upset offset undercut quit".split())
# No plural for one of a people where the word ends like this: "the British", "the Chinese".
INVARIABLE = ("sh", "ese", "ch", "ss", "ic", "ish")


def reporting_forms() -> frozenset[str]:
    """Every form of the words after which "that" opens what is said or held."""
    raw = tomllib.loads(LIST.read_text("utf-8"))
    wanted = set(raw["reporting"].split())
    irregular = ";".join(e for e in raw["irregular"].split(";") if e.split()[0] in wanted)
    known = {**raw, "verbs": " ".join(wanted & set(raw["verbs"].split())), "irregular": irregular}
    known["nouns"] = " ".join(wanted & set(raw["nouns"].split()))
    found: dict[str, set[str]] = defaultdict(set)
    _verbs(known, found)
    _nouns({**known, "irregular_plurals": "hypothesis hypotheses"}, found)
    return frozenset(found)


def possible_tags() -> dict[str, tuple[str, ...]]:
    """Every listed form (lower case) → its tags, in the order of LETTERS."""
    raw = tomllib.loads(LIST.read_text("utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    _verbs(raw, found)
    _nouns(raw, found)
    _qualities(raw, found)
    _names(raw, found)
    return {form: tuple(t for t in LETTERS if t in tags) for form, tags in sorted(found.items())}


def kind(tags: tuple[str, ...], *, reports: bool = False) -> str:
    """The letters of all that a word can be; "q" at the end for words of reporting."""
    return "".join(LETTERS[t] for t in tags) + ("q" if reports else "")


def _verbs(raw: Mapping[str, str], found: dict[str, set[str]]) -> None:
    for entry in raw["verbs"].split():
        verb, doubled = entry.rstrip("*"), entry.endswith("*")
        found[verb] |= {"VB", "VBP"}
        found[third(verb)].add("VBZ")
        for stem in {doubling(verb, always=doubled), verb} if doubled else {doubling(verb)}:
            found[past(stem)] |= {"VBD", "VBN"}
            found[gerund(stem)].add("VBG")
    for entry in raw["irregular"].split(";"):
        verb, pasts, participles = entry.split()
        found[verb] |= {"VB", "VBP"}
        found[THIRDS.get(verb, third(verb))].add("VBZ")
        found[gerund(doubling(verb, always=verb in DOUBLING))].add("VBG")
        for form in pasts.split("/"):
            found[form].add("VBD")
        for form in participles.split("/"):
            found[form].add("VBN")


def _nouns(raw: Mapping[str, str], found: dict[str, set[str]]) -> None:
    irregular = dict(entry.split() for entry in raw["irregular_plurals"].split(";"))
    for noun in raw["nouns"].split():
        found[noun].add("NN")
        if noun not in irregular and noun not in raw["uncountable"].split():
            found[third(noun)].add("NNS")
    for noun, plural in irregular.items():
        found[plural].add("NNS")
        if noun != plural:
            found[noun].add("NN")


def _qualities(raw: Mapping[str, str], found: dict[str, set[str]]) -> None:
    for adjective in raw["adjectives"].split():
        found[adjective].add("JJ")
        if not adjective.endswith("ly") and "-" not in adjective:
            found[adverb(adjective)].add("RB")
        if syllables(adjective) == 1 or (adjective.endswith("y") and syllables(adjective) == 2):
            stem = doubling(adjective) if adjective[-1] not in "ey" else adjective[:-1]
            stem += "i" if adjective.endswith("y") else ""
            found[stem + "er"].add("JJR")
            found[stem + "est"].add("JJS")
    for word in raw["adverbs"].split():
        found[word].add("RB")


def _names(raw: Mapping[str, str], found: dict[str, set[str]]) -> None:
    for word in (raw["places"] + raw["names"] + raw["bodies"]).split():
        found[word].add("NNP")
    for people in raw["peoples"].split():
        found[people] |= {"JJ", "NNP"}
        if not people.endswith(INVARIABLE):
            found[people + "s"].add("NNPS")


# ── spelling ────────────────────────────────────────────────────────────────────────────────────────


def third(word: str) -> str:
    """ "says" of "say", and the plural of a noun: the spelling is the same."""
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in TAKE_ES:
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in VOWELS else word + "s"


def past(stem: str) -> str:
    if stem.endswith("e"):
        return stem + "d"
    return stem[:-1] + "ied" if stem.endswith("y") and stem[-2] not in VOWELS else stem + "ed"


def gerund(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    silent = stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")) and stem != "be"
    return (stem[:-1] if silent else stem) + "ing"


def adverb(adjective: str) -> str:
    if adjective.endswith("ic") and len(adjective) > 3:
        return adjective + "ally"
    if adjective.endswith("le") and adjective[-3] not in VOWELS:
        return adjective[:-1] + "y"
    return (adjective[:-1] + "i" if adjective.endswith("y") else adjective) + "ly"


def doubling(word: str, *, always: bool = False) -> str:
    """The stem before "-ed", "-ing" and "-er": "stop" → "stopp", "admit" → "admitt" when told so."""
    short = syllables(word) == 1 and len(word) > 2 and word[-2] in VOWELS and word[-3] not in VOWELS
    return word + word[-1] if always or (short and word[-1] not in VOWELS + "wxy") else word


def syllables(word: str) -> int:
    """The number of groups of vowel letters."""
    marks = [letter in VOWELS + "y" for letter in word]
    return sum(now and not before for before, now in zip([False, *marks], marks, strict=False))
