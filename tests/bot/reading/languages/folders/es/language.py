"""A little Spanish: a tagger of a few dozen words, and a small lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from bot.reading.languages.base import Language
from bot.reading.languages.lexicon import Lexicon
from bot.reading.languages.loading import read_lexicon
from bot.reading.tags import Feature, Tag, Upos

TAGS: Final = {
    tag.fine: tag
    for tag in (
        Tag(Upos.DET, "DET"),
        Tag(Upos.NOUN, "NOUN"),
        Tag(Upos.NOUN, "NOUNS", frozenset({Feature.PLURAL})),
        Tag(Upos.PROPN, "NAME"),
        Tag(Upos.PRON, "PRON", frozenset({Feature.PERSONAL})),
        Tag(Upos.PRON, "REL", frozenset({Feature.RELATIVE})),
        Tag(Upos.ADJ, "ADJ"),
        Tag(Upos.ADV, "ADV"),
        Tag(Upos.VERB, "PAST", frozenset({Feature.FINITE, Feature.PAST})),
        Tag(Upos.VERB, "PRES", frozenset({Feature.FINITE, Feature.PRESENT})),
        Tag(Upos.VERB, "PART", frozenset({Feature.PARTICIPLE, Feature.PAST})),
        Tag(Upos.VERB, "INF", frozenset({Feature.INFINITIVE})),
        Tag(Upos.AUX, "MODAL", frozenset({Feature.FINITE, Feature.MODAL})),
        Tag(Upos.ADP, "PREP"),
        Tag(Upos.SCONJ, "SUB"),
        Tag(Upos.CCONJ, "CONJ"),
        Tag(Upos.PUNCT, "COMMA", frozenset({Feature.COMMA})),
        Tag(Upos.PUNCT, "STOP", frozenset({Feature.STOP})),
        Tag(Upos.PUNCT, "MARK"),
    )
}
WORDS: Final = {
    word: fine
    for fine, words in {
        "DET": "el la los las un una este esta su sus",
        "NOUNS": "fuentes ingenieros informes barcos",
        "PRON": "ella él ellos lo",
        "ADJ": "débil viejo nuevo falso oficial",
        "ADV": "no ayer también supuestamente nunca",
        "PAST": "dijo añadió anunció afirmó creyó cayó",
        "PRES": "dice es está ha cierra cree creen",
        "PART": "confirmado dicho anunciado caído",
        "INF": "caer cerrar confirmar verificar",
        "MODAL": "podría podrían puede pudo",
        "PREP": "de en por según a con sobre del al",
        "CONJ": "y o pero sino",
        "COMMA": ",",
        "STOP": ". ? !",
        "MARK": "« » “ ” : ; … —",
    }.items()
    for word in words.split()
}


def language() -> Language:
    """Return the little Spanish that the tests read."""
    lexicon = read_lexicon(
        files(__package__).joinpath("lexicon.toml"), inflect=inflect, singularise=singularise
    )
    return Language(code="es", lexicon=lexicon, tag=tag_sentences)


def tag_sentences(sentences: Sequence[Sequence[str]], _: Lexicon) -> list[list[Tag]]:
    """Return the parts of speech in each sentence."""
    return [tag_words(words) for words in sentences]


def tag_words(words: Sequence[str]) -> list[Tag]:
    """Return a tag for each word: known ones from the list, names by their capital, the rest as nouns."""
    tags: list[Tag] = []
    for word in words:
        after_verb = bool(tags) and tags[-1].is_verb
        if word.lower() == "que":
            fine = "SUB" if after_verb else "REL"
        else:
            fine = WORDS.get(word.lower()) or ("NAME" if word[0].isupper() else "NOUN")
        tags.append(TAGS[fine])
    return tags


def inflect(lemma: str) -> tuple[str, ...]:
    """Return the infinitive of a verb and what the third person says in the present and the past."""
    irregular = {
        "decir": ("dice", "dicen", "dijo", "dijeron", "dicho"),
        "creer": ("cree", "creen", "creyó", "creyeron", "creído"),
    }
    stem = lemma[:-2]
    if lemma.endswith("ar"):
        regular = (stem + "a", stem + "an", stem + "ó", stem + "aron", stem + "ado")
    else:
        regular = (stem + "e", stem + "en", stem + "ió", stem + "ieron", stem + "ido")
    return (lemma, *irregular.get(lemma, regular))


def singularise(noun: str) -> str:
    """Return a regular plural without its ending."""
    return noun.removesuffix("es") if noun.endswith("res") else noun.removesuffix("s")
