"""Parts of speech as every language has them: the classes and features of Universal Dependencies.

A language maps the tags of its own tagger to a `Tag`; the rules ask the `Tag` what it is. `Tag.fine` keeps
the tagger's own tag, which only the language itself and the patterns of its lexicon name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property


class Upos(StrEnum):
    """The universal parts of speech (https://universaldependencies.org/u/pos/)."""

    ADJ = "ADJ"
    ADP = "ADP"
    ADV = "ADV"
    AUX = "AUX"
    CCONJ = "CCONJ"
    DET = "DET"
    INTJ = "INTJ"
    NOUN = "NOUN"
    NUM = "NUM"
    PART = "PART"
    PRON = "PRON"
    PROPN = "PROPN"
    PUNCT = "PUNCT"
    SCONJ = "SCONJ"
    SYM = "SYM"
    VERB = "VERB"
    X = "X"


class Feature(Enum):
    """The features that rules ask for, each with its name and value in Universal Dependencies."""

    PLURAL = "Number=Plur"
    POSSESSIVE = "Poss=Yes"
    PERSONAL = "PronType=Prs"
    RELATIVE = "PronType=Rel"  # interrogative too: "who", "which", "where"
    EXISTENTIAL = "PronType=Exs"  # "there is"
    TOTAL = "PronType=Tot"  # stands before another determiner: "all the"
    COMPARATIVE = "Degree=Cmp"
    SUPERLATIVE = "Degree=Sup"
    FINITE = "VerbForm=Fin"
    INFINITIVE = "VerbForm=Inf"
    PARTICIPLE = "VerbForm=Part"
    PAST = "Tense=Past"
    PRESENT = "Tense=Pres"
    MODAL = "VerbType=Mod"
    VERBAL = "PartType=Vbp"  # a particle that belongs to a verb: "call off"
    CURRENCY = "NumType=Curr"  # "$"
    COMMA = "PunctType=Comm"
    STOP = "PunctType=Peri"


@dataclass(frozen=True)
class Tag:
    """The part of speech of a word, its features, and the tag of the language's own tagger.

    Each answer is worked out once a tag, of which a language has a few dozen.
    """

    upos: Upos
    fine: str
    features: frozenset[Feature] = frozenset()

    def has(self, feature: Feature) -> bool:
        """Return whether the tag has a feature."""
        return feature in self.features

    # nouns and what stands for them or before them

    @cached_property
    def is_noun(self) -> bool:
        """A common noun or a name."""
        return self.upos in {Upos.NOUN, Upos.PROPN}

    @cached_property
    def is_common_noun(self) -> bool:
        """A noun that is no name."""
        return self.upos is Upos.NOUN

    @cached_property
    def is_singular_noun(self) -> bool:
        """A common noun that is no plural."""
        return self.is_common_noun and not self.is_plural

    @cached_property
    def is_plural_noun(self) -> bool:
        """A common noun in the plural."""
        return self.is_common_noun and self.is_plural

    @cached_property
    def is_name(self) -> bool:
        """A proper noun."""
        return self.upos is Upos.PROPN

    @cached_property
    def is_singular_name(self) -> bool:
        """A name that is no plural."""
        return self.is_name and not self.is_plural

    @cached_property
    def is_plural(self) -> bool:
        """A noun or name in the plural."""
        return self.has(Feature.PLURAL)

    @cached_property
    def is_pronoun(self) -> bool:
        """A personal pronoun, “he”, or a possessive one, “his”."""
        return self.has(Feature.PERSONAL)

    @cached_property
    def is_personal_pronoun(self) -> bool:
        """“he”, “him”; not “his”."""
        return self.is_pronoun and not self.has(Feature.POSSESSIVE)

    @cached_property
    def is_possessive_pronoun(self) -> bool:
        """“his”, “their”."""
        return self.is_pronoun and self.has(Feature.POSSESSIVE)

    @cached_property
    def is_possessive_marker(self) -> bool:
        """The 's of “Venn's”."""
        return self.upos is Upos.PART and self.has(Feature.POSSESSIVE)

    @cached_property
    def is_relative(self) -> bool:
        """“who”, “which”, “whose”."""
        return self.has(Feature.RELATIVE) and self.upos is not Upos.ADV

    @cached_property
    def is_relative_pronoun(self) -> bool:
        """“who”, “which”; not “whose”."""
        return self.is_relative and not self.has(Feature.POSSESSIVE)

    @cached_property
    def is_relative_adverb(self) -> bool:
        """“where”, “when”."""
        return self.has(Feature.RELATIVE) and self.upos is Upos.ADV

    @cached_property
    def is_existential(self) -> bool:
        """The “there” of “there is”."""
        return self.has(Feature.EXISTENTIAL)

    @cached_property
    def is_determiner(self) -> bool:
        """“the”, “some”, “this”; neither “his” nor the “all” of “all the”."""
        return self.upos is Upos.DET and not self.features

    @cached_property
    def is_specifier(self) -> bool:
        """A determiner, a possessive pronoun or a number: what stands before the adjectives of a noun."""
        return self.is_determiner or self.is_possessive_pronoun or self.is_numeral

    @cached_property
    def is_numeral(self) -> bool:
        """“two”, “24”."""
        return self.upos is Upos.NUM

    @cached_property
    def is_adjective(self) -> bool:
        """An adjective of any degree."""
        return self.upos is Upos.ADJ

    @cached_property
    def is_plain_adjective(self) -> bool:
        """An adjective that compares nothing."""
        return self.is_adjective and not self.features

    @cached_property
    def is_adverb(self) -> bool:
        """An adverb of any degree; not “where”."""
        return self.upos is Upos.ADV and not self.has(Feature.RELATIVE)

    @cached_property
    def is_superlative(self) -> bool:
        """“most important”, “best”, as an adjective."""
        return self.is_adjective and self.has(Feature.SUPERLATIVE)

    @cached_property
    def is_plain_adverb(self) -> bool:
        """An adverb that compares nothing."""
        return self.is_adverb and not self.features

    @cached_property
    def is_comparing_adverb(self) -> bool:
        """“more”, “most”."""
        return self.is_adverb and bool(self.features)

    @cached_property
    def is_comparative_adverb(self) -> bool:
        """“more”, “later”."""
        return self.is_adverb and self.has(Feature.COMPARATIVE)

    @cached_property
    def can_open_noun_phrase(self) -> bool:
        """A noun, or what can be the first word before one or stand for one."""
        return (
            self.upos in {Upos.NOUN, Upos.PROPN, Upos.DET, Upos.NUM, Upos.ADJ}
            or (self.upos is Upos.PRON and not self.is_relative)
            or self.is_comparing_adverb
            or self.has(Feature.CURRENCY)
        )

    @cached_property
    def can_stand_before_noun(self) -> bool:
        """A word that can stand inside a noun phrase before its noun; participles can, personal pronouns
        cannot."""
        stands_alone = self.is_noun or self.is_personal_pronoun or self.is_existential
        return self.is_participle or (self.can_open_noun_phrase and not stands_alone)

    @cached_property
    def is_content_word(self) -> bool:
        """A noun, a name, a number, an adjective or a verb that is no auxiliary: what a sentence is about."""
        return self.is_noun or self.upos in {Upos.NUM, Upos.ADJ, Upos.VERB}

    # verbs

    @cached_property
    def is_verb(self) -> bool:
        """A verb in any form, auxiliaries and modals among them."""
        return self.upos in {Upos.VERB, Upos.AUX}

    @cached_property
    def is_modal(self) -> bool:
        """“could”, “will”."""
        return self.has(Feature.MODAL)

    @cached_property
    def is_finite(self) -> bool:
        """A verb that carries tense, or a modal."""
        return self.has(Feature.FINITE)

    @cached_property
    def is_past(self) -> bool:
        """A finite verb in the past tense."""
        return self.is_finite and self.has(Feature.PAST)

    @cached_property
    def is_present(self) -> bool:
        """A finite verb in the present tense."""
        return self.is_finite and self.has(Feature.PRESENT)

    @cached_property
    def is_infinitive(self) -> bool:
        """The base form, as after “to” and “could”."""
        return self.is_verb and self.has(Feature.INFINITIVE)

    @cached_property
    def is_participle(self) -> bool:
        """A participle of either tense; gerunds too, where a language tells them not apart."""
        return self.has(Feature.PARTICIPLE)

    @cached_property
    def is_past_participle(self) -> bool:
        """“said”, “written”."""
        return self.is_participle and self.has(Feature.PAST)

    @cached_property
    def is_present_participle(self) -> bool:
        """“saying”."""
        return self.is_participle and self.has(Feature.PRESENT)

    # small words and signs

    @cached_property
    def is_preposition(self) -> bool:
        """An adposition or a subordinator, which many taggers do not tell apart."""
        return self.upos in {Upos.ADP, Upos.SCONJ} and not self.features

    @cached_property
    def is_particle(self) -> bool:
        """A particle that belongs to a verb: “call off”."""
        return self.has(Feature.VERBAL)

    @cached_property
    def is_infinitive_marker(self) -> bool:
        """The “to” before a verb."""
        return self.upos is Upos.PART and self.has(Feature.INFINITIVE)

    @cached_property
    def is_conjunction(self) -> bool:
        """“and”, “or”, “but”."""
        return self.upos is Upos.CCONJ

    @cached_property
    def is_comma(self) -> bool:
        """A comma."""
        return self.has(Feature.COMMA)

    @cached_property
    def is_stop(self) -> bool:
        """A sign that ends a sentence."""
        return self.has(Feature.STOP)
