"""The tags of the Penn Treebank → universal parts of speech."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.reading.tags import Feature, Tag, Upos

_CLASSES: Final[Mapping[Upos, Mapping[str, tuple[Feature, ...]]]] = {
    Upos.NOUN: {"NN": (), "NNS": (Feature.PLURAL,)},
    Upos.PROPN: {"NNP": (), "NNPS": (Feature.PLURAL,)},
    Upos.PRON: {
        "PRP": (Feature.PERSONAL,),
        "PRP$": (Feature.PERSONAL, Feature.POSSESSIVE),
        "WP": (Feature.RELATIVE,),
        "WDT": (Feature.RELATIVE,),
        "WP$": (Feature.RELATIVE, Feature.POSSESSIVE),
        "EX": (Feature.EXISTENTIAL,),
    },
    Upos.DET: {"DT": (), "PDT": (Feature.TOTAL,)},
    Upos.NUM: {"CD": ()},
    Upos.ADJ: {"JJ": (), "JJR": (Feature.COMPARATIVE,), "JJS": (Feature.SUPERLATIVE,)},
    Upos.ADV: {
        "RB": (),
        "RBR": (Feature.COMPARATIVE,),
        "RBS": (Feature.SUPERLATIVE,),
        "WRB": (Feature.RELATIVE,),
    },
    Upos.VERB: {
        "VB": (Feature.INFINITIVE,),
        "VBD": (Feature.FINITE, Feature.PAST),
        "VBG": (Feature.PARTICIPLE, Feature.PRESENT),
        "VBN": (Feature.PARTICIPLE, Feature.PAST),
        "VBP": (Feature.FINITE, Feature.PRESENT),
        "VBZ": (Feature.FINITE, Feature.PRESENT),
    },
    Upos.AUX: {"MD": (Feature.FINITE, Feature.MODAL)},
    Upos.ADP: {"IN": (), "RP": (Feature.VERBAL,)},  # "that" and "because" are IN too
    Upos.PART: {"POS": (Feature.POSSESSIVE,), "TO": (Feature.INFINITIVE,)},
    Upos.CCONJ: {"CC": ()},
    Upos.INTJ: {"UH": ()},
    Upos.SYM: {"$": (Feature.CURRENCY,), "SYM": ()},
    Upos.PUNCT: {
        ",": (Feature.COMMA,),
        ".": (Feature.STOP,),
        ":": (),
        "``": (),
        "''": (),
        "-LRB-": (),
        "-RRB-": (),
    },
    Upos.X: {"FW": (), "GW": (), "LS": ()},
}
TAGS: Final[Mapping[str, Tag]] = {
    fine: Tag(upos, fine, frozenset(features))
    for upos, fines in _CLASSES.items()
    for fine, features in fines.items()
}
