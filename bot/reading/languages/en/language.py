"""English: everything that reading asks of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from bot.reading.languages.base import Language, TokenizerRules, normalize_word
from bot.reading.languages.en.inflection import inflect, singularise
from bot.reading.languages.en.penn import TAGS
from bot.reading.languages.en.tag_repair import name_openers, retag
from bot.reading.languages.en.tagging import tag
from bot.reading.languages.lexicon import Lexicon
from bot.reading.languages.loading import read_lexicon
from bot.reading.tags import Tag

CLITIC: Final = re.compile(r"(?i)(n['’]t|['’](?:s|re|ve|ll|d|m))$")  # alone, as in the Penn Treebank


def language() -> Language:
    """Return English with its lexicon; the tagger is loaded when it is first asked."""
    file = files(__package__).joinpath("lexicon.toml")
    return Language(
        code="en",
        lexicon=read_lexicon(file, inflect=inflect, singularise=singularise),
        tag=tag_sentences,
        tokens=TokenizerRules(clitic=CLITIC, words_of_one_capital=frozenset("I")),
    )


def tag_sentences(sentences: Sequence[Sequence[str]], lexicon: Lexicon) -> list[list[Tag]]:
    """Return the parts of speech in each sentence of a text, mended by what stands around them."""
    found = [tag(words) for words in sentences]
    name_openers(sentences, found)
    for words, tags in zip(sentences, found, strict=True):
        retag([normalize_word(word) for word in words], tags, lexicon)
    return [[TAGS[tag] for tag in tags] for tags in found]
