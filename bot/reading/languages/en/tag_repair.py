"""Part-of-speech tags that the sentence around them proves wrong, put right.

The tagger sees three words at a time; whether a participle is the only verb of its clause takes the whole
clause. Each rule names the mistake that it mends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.model import SourceKind
from bot.reading.languages.lexicon import Frame, Lexicon, is_introduction_only

TENSED = frozenset({"VBD", "VBZ", "VBP", "MD"})
SUBJECTS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
CLOSING_MARKS = frozenset({"''", '"'})
QUOTATION_ENDS = frozenset("\"”’'")
SPEAKERS = frozenset({"NNP", "NNPS", "PRP", "DT"})
SAYING = frozenset({Frame.CLAUSE, Frame.FINDING, Frame.BELIEF})
WITHIN_NAME = frozenset({"NN", "NNP", "JJ", "DT", "PRP$", "CD"})
LONGEST_NAME = 10  # tokens before a word that are looked at as one name
ASIDE = [",", "RB", ","]
AUXILIARY_REACH = 4  # tokens before a participle in which its auxiliary stands


def retag(lowers: Sequence[str], tags: list[str], lexicon: Lexicon) -> None:
    """Mend the tags of one sentence in place."""
    if is_introduction_only(lowers, lexicon):
        tags[:-1] = [t if t == "DT" else "NNP" for t in tags[:-2]] + ["VBZ"]
    tensed = False  # whether a tensed verb stands between here and the end of the clause
    for at in range(len(tags) - 1, -1, -1):
        if at > 0 and tags[at] in MENDS:
            here = _Place(lowers, tags, at, lexicon, tensed)
            tags[at] = next(filter(None, (mend(here) for mend in MENDS[tags[at]])), tags[at])
        if tags[at] in {",", ":"} or (tags[at] == "IN" and lowers[at] in lexicon.words.that):
            tensed = False
        tensed = tensed or tags[at] in TENSED


def name_openers(sentences: Sequence[Sequence[str]], tags: Sequence[list[str]]) -> None:
    """Mend in place the tags of first words of sentences that are names elsewhere: “Weaver dismissed it”.

    What a word names it mostly names throughout a text (Gale, Church and Yarowsky 1992, "One sense per
    discourse"); a word that also stands in small letters is left alone.
    """
    small = {word for words in sentences for word in words if word.islower()}
    named = {
        words[at]
        for words, row in zip(sentences, tags, strict=True)
        if any(word.islower() for word in words)
        for at in range(1, len(words))
        if row[at].startswith("NNP") and words[at].istitle()
    }
    for words, row in zip(sentences, tags, strict=True):
        at = next((i for i, word in enumerate(words) if word[0].isalnum()), 0)
        if words[at] in named and words[at].lower() not in small and not row[at].startswith("NNP"):
            row[at] = "NNP"


@dataclass(frozen=True, slots=True)
class _Place:
    """A word in its sentence; `tensed`: a tensed verb stands between it and the end of its clause."""

    lowers: Sequence[str]
    tags: Sequence[str]
    at: int
    lexicon: Lexicon
    tensed: bool

    @property
    def word(self) -> str:
        return self.lowers[self.at]

    @property
    def word_before(self) -> str:
        return self.lowers[self.at - 1]

    @property
    def before(self) -> str:
        return self.tags[self.at - 1]

    @property
    def after(self) -> Sequence[str]:
        """The tags after it."""
        return self.tags[self.at + 1 :]

    @property
    def nearest(self) -> int:
        """The first token that is looked at before it."""
        return max(0, self.at - LONGEST_NAME)

    @property
    def ends_clause(self) -> bool:
        return self.at + 1 >= len(self.tags) or self.lowers[self.at + 1] in {".", ",", "…", ":", "that"}

    @property
    def has_auxiliary(self) -> bool:
        """Return whether an auxiliary or "to" stands close before the verb."""
        reach = range(max(0, self.at - AUXILIARY_REACH), self.at)
        return any(
            self.lowers[i] in self.lexicon.words.auxiliaries or self.tags[i] in {"MD", "TO"} for i in reach
        )

    @property
    def clause_start(self) -> int:
        """The first token after the nearest comma before it, or the first that is looked at."""
        commas = (i + 1 for i in range(self.at - 1, self.nearest, -1) if self.tags[i] == ",")
        return next(commas, self.nearest)

    @property
    def follows_clause(self) -> bool:
        """Return whether a comma opens its clause, with a tensed verb before it and none after it."""
        start = self.clause_start
        opened = start > self.nearest and self.tags[start - 1] == ","
        inside = any(tag in TENSED for tag in self.tags[start : self.at])
        return opened and not inside and any(tag in TENSED for tag in self.tags[: start - 1])

    def names_one(self, at: int) -> bool:
        """Return whether a token ends a name: “Venn”, “Channel 13”, “the Post”, also where it looks like an
        adjective."""
        numbered = self.tags[at] == "CD" and at > 0 and self.tags[at - 1] in {"NN", "NNP"}
        outlet = self.tags[at] == "JJ" and self.lowers[at] in self.lexicon.kinds[SourceKind.OUTLET]
        return self.tags[at] == "NNP" or numbered or outlet

    def is_a(self, kind: SourceKind) -> bool:
        return self.word in self.lexicon.kinds[kind]


def _mend_rare_past(here: _Place) -> str | None:
    """Return the past tense for a rare verb that looks like an adjective: “Venn chimed”."""
    past = here.word.endswith("ed") and here.word in here.lexicon.cues
    return "VBD" if past and here.before in {"NNP", "PRP"} else None


def _mend_said(here: _Place) -> str | None:
    """Return the past tense for a form that is always a verb of speech: “officials said inflation fell”."""
    if here.word not in here.lexicon.words.always_verbs:
        return None
    passive = here.tags[here.at] == "VBN" and (
        here.has_auxiliary or here.before == ","
    )  # ", said to be a leak"
    return None if passive else "VBD"


def _mend_reporting_verb(here: _Place) -> str | None:
    """Return the present tense for a verb of reporting: “…, the Dale Courier reports”, “…, a new study
    reports”, “…, reports Venn”."""
    lemma, _ = here.lexicon.find_cue(here.word)
    if lemma not in here.lexicon.words.introducing | here.lexicon.words.inverting:
        return None
    if here.tags[here.clause_start] == "VBG":  # "…, according to local news reports"
        return None
    inverted = here.before in {",", *CLOSING_MARKS} and here.after[:1] == ["NNP"] and not here.tensed
    closing = here.ends_clause and (here.before == "NNP" or (here.before == "NN" and here.follows_clause))
    return ("VBZ" if here.word != lemma else "VBP") if inverted or closing else None


def _mend_closing_present(here: _Place) -> str | None:
    """Return the present tense for a base form that ends its clause after a plural: “…, researchers at Dale
    say”."""
    lemma, frames = here.lexicon.find_cue(here.word)
    if here.word != lemma or not frames & SAYING or not here.ends_clause or not here.follows_clause:
        return None
    subject = here.tags[here.clause_start : here.at]
    return "VBP" if any(tag in {"NNS", "NNPS"} for tag in subject) else None


def _mend_present_after_quotation(here: _Place) -> str | None:
    """Return the present tense for a cue that looks like a plural, after the name that follows a quotation,
    as in “It fell,” Mara Venn recalls."""
    lemma, frames = here.lexicon.find_cue(here.word)
    if here.word == lemma or not frames or here.before != "NNP" or not here.ends_clause:
        return None
    name = next((i for i in range(here.at - 1, here.nearest, -1) if here.tags[i] != "NNP"), here.nearest)
    return "VBZ" if here.lowers[name] in QUOTATION_ENDS else None


def _mend_cue_before_clause(here: _Place) -> str | None:
    """Return the present tense for a cue that looks like a plural, between a singular and the subject of what
    it says: “The Courier claims Venn left”, “she claims to have left”."""
    lemma, frames = here.lexicon.find_cue(here.word)
    if here.word == lemma or Frame.CLAUSE not in frames or not here.after:
        return None
    infinitive = here.before == "PRP" and here.after[0] == "TO"
    clause = here.tensed and here.after[0] in {"NNP", "PRP", "DT", "PRP$", "EX"}
    following = here.lowers[here.at + 1]
    outlet = here.word_before in here.lexicon.kinds[SourceKind.OUTLET]
    one = here.before == "NN" and following in here.lexicon.words.the
    sayer = outlet or one or here.before in {"NNP", "PRP"}
    open_clause = not any(tag in TENSED for tag in here.tags[here.clause_start : here.at])
    return "VBZ" if infinitive or (clause and sayer and open_clause) else None


def _mend_object(here: _Place) -> str | None:
    """Return a noun for the object of a participle: “advising Williams College graduates in 2007”."""
    at = here.at - 1
    while at > here.nearest and here.tags[at] in WITHIN_NAME:
        at -= 1
    governed = at < here.at - 1 and here.tags[at] == "VBG"
    return "NNS" if governed and here.after[:1] and here.after[0] in {"IN", "TO", ","} else None


def _mend_document(here: _Place) -> str | None:
    """Return a noun for a document: “a Supreme Court ruling”, “the editorial read”."""
    if not here.is_a(SourceKind.DOCUMENT):
        return None
    if here.tags[here.at] == "VBG":
        return "NN" if here.before in SUBJECTS else None
    return None if any(t.startswith("NN") for t in here.after[:2]) else "NN"


def _mend_second_verb(here: _Place) -> str | None:
    """Return a noun for the first of two tensed verbs, which never meet: “…, records show”, “Online records
    revealed”."""
    tensed = here.after[:1] in (["VBP"], ["VBD"]) or here.after[:2] in (["VBN", "DT"], ["VBN", "PRP$"])
    relative = any(t in {"WDT", "WP"} for t in here.tags[here.nearest : here.at])  # "which Venn says fell"
    return "NNS" if tensed and not relative and here.word not in here.lexicon.words.auxiliaries else None


def _mend_disagreeing_verb(here: _Place) -> str | None:
    """Return a noun for a plural verb after one name or noun: “the White House press secretary”, “a radio
    show on Friday”; its subject may stand farther left: “friends of the mayor say”."""
    named = here.before in {"NNP", "NN"} and not here.word_before.endswith("s")
    start = here.at - 1
    while start > here.nearest and here.tags[start - 1] in WITHIN_NAME:
        start -= 1
    following = here.after[0] if here.after else "."
    governed = start > 0 and here.tags[start - 1] in {"IN", "TO", "CC"}
    ends = following in ({"NN", ".", ","} if governed else {"NN", "NNS", "NNP", "IN", ".", ","})
    clause = here.at + 1 < len(here.tags) and here.lowers[here.at + 1] in here.lexicon.words.that
    inserted = Frame.CLAUSE in here.lexicon.find_cue(here.word)[1] and (
        following == "," or here.follows_clause  # "aides to Venn say,", "…, aides to Venn say."
    )
    return "NN" if named and ends and not clause and not inserted else None


def _mend_role(here: _Place) -> str | None:
    """Return a noun for a role between two names: “Venn ally Owen Pike”."""
    between = here.before == "NNP" and here.after[:1] == ["NNP"]
    return "NN" if between and here.is_a(SourceKind.PERSON) and here.word not in here.lexicon.cues else None


def _mend_noun_after_article(here: _Place) -> str | None:
    """Return a noun after an article, which no tensed verb follows: “the think tank”, “a new think tank”."""
    at = here.at - 1 - (here.before == "JJ" and here.at > 1 and here.after[:1] == ["NN"])
    return "NN" if here.tags[at] == "DT" and here.lowers[at] in here.lexicon.words.articles else None


def _mend_adjective_after_number(here: _Place) -> str | None:
    """Return an adjective for a participle between a number and a noun: “475 pledged delegates”."""
    ends = here.after[:1] == ["NNS"] and here.word.endswith("ed")
    return "JJ" if here.before == "CD" and ends else None


def _mend_reading_verb(here: _Place) -> str | None:
    """Return the past tense for a document's verb: “…,” the letter read."""
    document = here.word_before in here.lexicon.kinds[SourceKind.DOCUMENT]
    return "VBD" if document and here.ends_clause and here.word in here.lexicon.words.reading_verbs else None


def _mend_present(here: _Place) -> str | None:
    """Return the present tense for a base form after a plural: “economists say”, “the two admit”, “some who
    run argue that”, “scholars, however, argue”."""
    clause = here.at + 1 < len(here.tags) and here.lowers[here.at + 1] in here.lexicon.words.that
    aside = here.at > len(ASIDE) and list(here.tags[here.at - 3 : here.at]) == ASIDE
    before = here.tags[here.at - 4] if aside else here.before
    plural = before in {"NNS", "NNPS", "CD"} or (clause and before == "NN")
    saying = here.lexicon.find_cue(here.word)[1] & SAYING and here.tensed
    if (
        saying and here.after and here.after[0] in {"DT", "PRP", "PRP$", "NNP"}
    ):  # "sources near Venn say he left"
        subject = here.tags[here.clause_start : here.at]
        plural = plural or (here.before in SUBJECTS and "NNS" in subject and TENSED.isdisjoint(subject))
    return "VBP" if plural and not here.has_auxiliary else None


def _mend_complementiser(here: _Place) -> str | None:
    """Return a preposition for a relative before what somebody says: “the Budget Office projects that the
    bridge …”."""
    if here.word not in here.lexicon.words.that or not here.tags[: here.at - 1] or not here.after:
        return None
    lemma, frames = here.lexicon.find_cue(here.word_before)
    speaks = here.before == "NNS" and frames & SAYING and here.word_before != lemma
    subject = here.after[0] in {"PRP", "DT", "NNP", "NNS", "PRP$"}
    return "IN" if speaks and subject and here.names_one(here.at - 2) else None


def _mend_cue(here: _Place) -> str | None:
    """Return the present tense for a cue that looks like a noun, between a noun that agrees with it and what
    it says: “the campaign projects that”, “scholars caution that”, “many fear it will”."""
    lemma, frames = here.lexicon.find_cue(here.word)
    plain = here.word == lemma
    if not frames & SAYING or not here.after or plain != (here.tags[here.at] == "NN"):
        return None
    many = here.word_before in here.lexicon.words.one_of
    one = not plain and (here.before == "NN" or here.names_one(here.at - 1))
    agrees = (plain and many) or one or (plain and here.before in {"NNS", "NNPS"})
    clause = here.after[0] == "IN" and here.lowers[here.at + 1] in here.lexicon.words.that
    bare = plain and many and here.lowers[here.at + 1] in here.lexicon.words.clause_subjects
    return ("VBP" if plain else "VBZ") if agrees and (clause or bare) else None


def _mend_particle_of_name(here: _Place) -> str | None:
    """Return a name for a foreign word before one: “a de Venn spokesman”."""
    return "NNP" if here.after[:1] == ["NNP"] else None


def _mend_participle(here: _Place) -> str | None:
    """Return the past tense for a participle after a determiner, after a quotation, or as the only verb of
    a clause: “Another said”, “Why?” asked Venn, “a judge sided with them, saying …”."""
    determined = here.before == "DT" and here.word_before in here.lexicon.words.other_determiners
    quoted = here.before in CLOSING_MARKS and here.after[:1] and here.after[0] in SPEAKERS
    role = here.before == "JJ" and here.word_before in here.lexicon.kinds[SourceKind.PERSON]
    only = not here.tensed and (here.before in SUBJECTS or role) and not here.has_auxiliary
    return "VBD" if determined or quoted or only else None


Mend = Callable[[_Place], str | None]
MENDS: Mapping[str, tuple[Mend, ...]] = {
    "FW": (_mend_particle_of_name,),
    "JJ": (_mend_said, _mend_rare_past, _mend_document),
    "NN": (_mend_said, _mend_rare_past, _mend_reading_verb, _mend_closing_present, _mend_cue),
    "NNS": (_mend_reporting_verb, _mend_present_after_quotation, _mend_cue_before_clause, _mend_cue),
    "VB": (_mend_role, _mend_reading_verb, _mend_present, _mend_closing_present),
    "VBG": (_mend_document,),
    "VBD": (_mend_adjective_after_number,),
    "VBN": (_mend_said, _mend_adjective_after_number, _mend_participle),
    "VBP": (_mend_noun_after_article, _mend_role, _mend_disagreeing_verb),
    "VBZ": (_mend_second_verb, _mend_object),
    "WDT": (_mend_complementiser,),
}
