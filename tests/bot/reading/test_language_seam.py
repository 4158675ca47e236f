"""The rules know no language: a word or a tag of one stands in its folder, never in a comparison."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.reading

READING = Path(bot.reading.__path__[0])
MODULES = [m for m in sorted(READING.rglob("*.py")) if "languages" not in m.relative_to(READING).parts]
COMPARING = frozenset(
    {"startswith", "endswith", "removeprefix", "removesuffix", "isdisjoint", "issubset", "issuperset"}
    | {"count", "index", "find", "partition", "rpartition"}
)
COLLECTING = frozenset({"frozenset", "set"})
ALLOWED = {
    ("chains.py", "www."): "of a host",
    ("names.py", "co"): "of a host",
    ("names.py", "com"): "of a host",
    ("names.py", "net"): "of a host",
    ("names.py", "org"): "of a host",
    ("names.py", "uk"): "of a host",
    ("openings.py", "credit"): "a kind of caption, as the lexicon labels it",
    ("openings.py", "note"): "a kind of caption, as the lexicon labels it",
    ("originals.py", "http"): "of an address",
    ("originals.py", ".pdf"): "of an address",
    ("source_names.py", "edu"): "of a host",
    ("source_names.py", "gov"): "of a host",
    ("source_names.py", "int"): "of a host",
    ("source_names.py", "org"): "of a host",
    ("weight_files.py", ".json"): "of a file",
    ("weight_files.py", ".safetensors"): "of a file",
}


def compared(tree: ast.AST) -> Iterator[str]:
    """The strings that are compared, or gathered in sets to be compared."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                yield from strings(node.left, *node.comparators)
            case ast.Call(func=ast.Attribute(attr=method)) if method in COMPARING:
                yield from strings(*node.args)
            case ast.Call(func=ast.Name(id=name)) if name in COLLECTING:
                yield from strings(*node.args)
            case ast.Set():
                yield from strings(node)
            case ast.MatchValue():
                yield from strings(node.value)
            case _:
                pass


def strings(*nodes: ast.expr) -> Iterator[str]:
    """The strings that stand in expressions, those of calls inside them left out."""
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.Set() | ast.Tuple() | ast.List():
                yield from strings(*node.elts)
            case ast.BinOp():
                yield from strings(node.left, node.right)
            case ast.Call(func=ast.Attribute(value=ast.Constant() as text, attr="split")):
                yield from strings(text)
            case _:
                pass


def words_compared(module: Path) -> set[str]:
    """The strings with a letter that a module compares."""
    return {text for text in compared(ast.parse(module.read_text("utf-8"))) if any(map(str.isalpha, text))}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(READING)))
def test_no_rule_compares_a_word_or_a_tag_of_one_language(module: Path) -> None:
    assert {word for word in words_compared(module) if (module.name, word) not in ALLOWED} == set()


def test_nothing_is_allowed_that_no_rule_does() -> None:
    assert set(ALLOWED) == {(m.name, word) for m in MODULES for word in words_compared(m)}


def test_the_comparisons_of_a_rule_are_seen() -> None:
    rule = """
ok = word == "according" and tag.startswith(("NN", "JJ")) and mark in {"a", *more}
MARKS = frozenset("b c".split()) | {"d"}
"""
    assert set(compared(ast.parse(rule))) == {"according", "NN", "JJ", "a", "b c", "d"}
