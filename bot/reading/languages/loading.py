"""A lexicon from its TOML. What no rule asks for, stands twice or has no example is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.resources.abc import Traversable
from typing import Any, Final

from bot.model import Category, SourceKind
from bot.reading.languages.lexicon import Constructions, Frame, Lexicon, Words
from bot.reading.patterns import PatternCompiler, Patterns

Raw = Mapping[str, Any]
Inflect = Callable[[str], Iterable[str]]

WORD_LIST: Final = ("use", "words", "example")  # what each list has
IN_ORDER: Final = ("_endings", "_prefixes")  # lists that are tried from first to last
WORD_LISTS: Final = frozenset(field.name for field in fields(Words))
PLAIN: Final = {  # sections of patterns that all have one label
    "phrasal": "clause",
    "anonymous": "anonymous",
    "agentless": "agentless",
    "lookalikes": "look-alike",
    "settled": "settled",
    "debunks": "debunk",
    "relays": "relay",
    "citing_prepositions": "citing",
    "hearers": "heard by",
    "publishers": "passed on by",
}
GROUPED: Final = frozenset({"hedges", "caveats", "captions"})  # those whose groups have one each
KINDS: Final = frozenset(f"kinds.{kind.value}" for kind in SourceKind if kind is not SourceKind.ANONYMOUS)
SECTIONS: Final = frozenset({"words", "sets", "kinds", "events", "cues", "noun_cues", *PLAIN, *GROUPED})
SET: Final = re.compile(r"\{(\w+)\}")


def read_lexicon(file: Traversable, *, inflect: Inflect, singularise: Callable[[str], str]) -> Lexicon:
    """Return the lexicon in a file. `inflect` gives the forms of a verb, the lemma among them.

    Raises ValueError for what the rules do not know, miss, or find twice.
    """
    return parse_lexicon(tomllib.loads(file.read_text("utf-8")), inflect=inflect, singularise=singularise)


def parse_lexicon(raw: Raw, *, inflect: Inflect, singularise: Callable[[str], str]) -> Lexicon:
    """Return the lexicon that a TOML file spells. Raises ValueError as `read_lexicon` does."""
    without = frozenset(raw.get("without", "").split())
    _refuse_unknown(without, WORD_LISTS | KINDS | SECTIONS, "no language may do without")
    given = {name: raw.get(name, {}) for name in {*raw, *(SECTIONS & without)} - {"without"}}
    _require("section", given, SECTIONS, without)
    sets = {name: _read_word_list(f"sets.{name}", text, {}) for name, text in given["sets"].items()}
    _require("word list", given["words"], WORD_LISTS, without)
    words = _read_words(given["words"], sets)
    _require("kind", {f"kinds.{name}" for name in given["kinds"]}, KINDS, without)
    patterns = {name: _read_patterns(name, given[name]) for name in (*PLAIN, *GROUPED)}
    sources = [source for labels in patterns.values() for source in labels]
    texts = [*sources, *(word_list["words"] for word_list in given["words"].values())]
    asked = {name for text in texts for name in SET.findall(text)}
    _refuse_unknown(sets, asked, "no rule asks for the set")
    compiler = PatternCompiler({name: frozenset(listed) for name, listed in sets.items()})
    return Lexicon(
        words=words,
        singularise=singularise,
        cues=_read_cues(given["cues"] or (), inflect),
        noun_cues=frozenset(_read_noun_cues(given["noun_cues"])),
        kinds={kind: _read_nouns("kinds", given["kinds"], kind.value) for kind in SourceKind},
        events={event: _read_nouns("events", given["events"], event) for event in given["events"]},
        **{name: _compile(labels, compiler) for name, labels in patterns.items()},
    )


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────


def _require(what: str, given: Collection[str], asked: Collection[str], without: Collection[str]) -> None:
    """Raise ValueError unless exactly what is asked for is given."""
    _refuse_unknown(given, asked, f"no rule asks for the {what}")
    for name in sorted(set(asked) - set(given) - set(without)):
        raise ValueError(f"the {what} “{name}” is missing; a language that has none names it in `without`")


def _refuse_unknown(given: Collection[str], known: Collection[str], why: str) -> None:
    for name in sorted(set(given) - set(known)):
        raise ValueError(f"{why} “{name}”")


def _refuse_twice(where: str, entries: Sequence[str]) -> None:
    if len(set(entries)) < len(entries):
        twice = next(entry for at, entry in enumerate(entries) if entry in entries[:at])
        raise ValueError(f"“{twice}” stands twice in {where}")


def _require_example(what: str, example: object) -> None:
    if not example:
        raise ValueError(f"{what} no example")


# ── word lists ──────────────────────────────────────────────────────────────────────────────────────


def _read_word_list(name: str, given: object, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of a list, which may be those of a set that patterns use too: "{negation}"."""
    if not isinstance(given, Mapping):
        why = f"the word list “{name}” has no use and no example"
        raise ValueError(why)  # noqa: TRY004  # as for all else that a lexicon may not hold
    for key in WORD_LIST:
        if not given.get(key):
            raise ValueError(f"the word list “{name}” has no {key}")
    _refuse_unknown(given, WORD_LIST, f"the word list “{name}” knows nothing called")
    shared = SET.fullmatch(given["words"])
    if shared is not None and shared[1] not in sets:
        raise ValueError(f"the word list “{name}” asks for the set “{shared[1]}”, which is missing")
    words: tuple[str, ...] = tuple(given["words"].split()) if shared is None else sets[shared[1]]
    _refuse_twice(f"the word list “{name}”", words)
    return words


def _read_words(given: Raw, sets: Mapping[str, tuple[str, ...]]) -> Words:
    """Return all word lists; those that the language does without are empty."""
    lists = {name: _read_word_list(name, given[name], sets) if name in given else () for name in WORD_LISTS}
    every: dict[str, Any] = {
        name: words if name.endswith(IN_ORDER) else frozenset(words) for name, words in lists.items()
    }
    return Words(**every)


def _read_nouns(section: str, given: Raw, name: str) -> frozenset[str]:
    """Return the nouns of one kind or event, none for a kind that the language does without."""
    return frozenset(_read_word_list(f"{section}.{name}", given[name], {}) if name in given else ())


def _read_noun_cues(given: Raw) -> list[str]:
    nouns: list[str] = given["nouns"].split() if given else []
    _refuse_twice("noun_cues", nouns)
    if given:
        _require_example("noun_cues have", given.get("example"))
    return nouns


def _read_cues(
    groups: Iterable[Mapping[str, str]], inflect: Inflect
) -> dict[str, tuple[str, frozenset[Frame]]]:
    frames: dict[str, set[Frame]] = {}
    for group in groups:
        where = f"the cues of the frame “{group['frame']}”"
        _require_example(f"{where} have", group.get("example"))
        for lemma in group["lemmas"].split():
            known, frame = frames.setdefault(lemma, set()), Frame(group["frame"])
            if frame in known:
                raise ValueError(f"“{lemma}” stands twice in {where}")
            known.add(frame)
    cues = ((lemma, frozenset(known)) for lemma, known in frames.items())
    return {form: cue for cue in cues for form in inflect(cue[0])}


# ── patterns ────────────────────────────────────────────────────────────────────────────────────────


def _read_patterns(section: str, given: Raw) -> dict[str, str]:
    """Return the patterns of a section, as written, each with its label."""
    groups = {PLAIN[section]: given} if section in PLAIN else given
    labels: dict[str, str] = {}
    for group, examples in groups.items():
        label = Category(group).value if section == "hedges" else group
        for source, example in examples.items():
            _require_example(f"the pattern “{source}” has", example)
            if source in labels:
                raise ValueError(f"“{source}” stands twice in {section}")
            labels[source] = label
    return labels


def _compile(labels: Mapping[str, str], compiler: PatternCompiler) -> Constructions:
    compiled = Patterns(map(compiler.compile, labels))
    return Constructions(compiled, tuple(labels.values()), tuple(labels))
