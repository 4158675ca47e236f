# ruff: noqa: E501  # the exact words of an answer stand on one line

"""A language is one folder: with the Spanish of these tests beside English, Spanish pages are read."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from inline_snapshot import snapshot
from typer.testing import CliRunner

from bot.reading import languages
from bot.reading.explain import Analysis, analyse
from bot.reading.languages.base import Language
from bot.reading.languages.loading import parse_lexicon
from bot.reading.languages.registry import find_language, readable_languages
from handlers import cli
from tests.bot.reading.languages.folders.es.language import inflect, singularise
from tests.bot.reading.texts import article

T = TypeVar("T")
FOLDERS: Final = Path(__file__).parent / "bot/reading/languages/folders"
LEXICON: Final[dict[str, Any]] = tomllib.loads((FOLDERS / "es/lexicon.toml").read_text("utf-8"))
PAST: Final = 3  # the place of "dijo" among the forms of a verb
NOWHERE: Final = "□"  # a word that stands in no example
PARAGRAPHS: Final = (
    "El puente de Dale cayó ayer, dijo Mara Venn.",
    "Owen Pike, ingeniero, añadió: «El puente es viejo y débil».",
    "Según el Correo de Dale, el nuevo puente podría caer también.",
    "Ella anunció que los barcos no están en el puerto.",
    "El informe no está confirmado.",
    "Los barcos llevan a la gente de un lado a otro del puerto desde que el puente se cerró a los coches.",
    "Los vecinos esperan en el mercado y hablan de los años en que el puente era el más largo de la costa.",
)
PAGE: Final = (
    '<html lang="es"><head><title>El puente de Dale cayó</title></head><body><article>'
    "<h1>El puente de Dale cayó</h1>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</article></body></html>"
)


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' folder of languages beside that of the bot."""
    monkeypatch.setattr(languages, "__path__", [*languages.__path__, str(FOLDERS)])
    for command in ("explain_command", "check_command"):
        monkeypatch.setattr(f"handlers.{command}.run_in_sandbox", run_here)


def run_here(
    function: Callable[..., T], *args: object, meanwhile: Callable[[], None] = lambda: None, **_: object
) -> T:
    """A sandbox in the tests' own process, which knows their folder."""
    meanwhile()
    return function(*args)


def read(*paragraphs: str) -> Analysis:
    return analyse(article(*paragraphs, language="es"))


def said(found: Analysis) -> list[tuple[str, str, str]]:
    """Source, cue and content of each attribution."""
    return [
        (
            a.source.text if a.source else "",
            a.cue.text if a.cue else "",
            " / ".join(c.text for c in a.content),
        )
        for a in found.report.attributions
    ]


def test_without_its_folder_a_language_cannot_be_read() -> None:
    assert readable_languages() == {"en"}


@pytest.mark.usefixtures("spanish")
def test_a_folder_makes_its_language_readable() -> None:
    assert readable_languages() == {"en", "es"}


@pytest.mark.usefixtures("spanish")
def test_its_attributions_are_found() -> None:
    assert said(read(*PARAGRAPHS)) == snapshot(
        [
            ("Mara Venn", "dijo", "El puente de Dale cayó ayer"),
            ("Owen Pike, ingeniero,", "añadió", "«El puente es viejo y débil»"),
            ("el Correo de Dale", "Según", "el nuevo puente podría caer también"),
            ("Ella", "anunció", "que los barcos no están en el puerto"),
        ]
    )


@pytest.mark.usefixtures("spanish")
def test_its_hedges_are_found() -> None:
    hedges = read(*PARAGRAPHS).report.hedges
    assert [(h.words.text, h.category.value) for h in hedges] == snapshot(
        [("podría caer", "modal"), ("no está confirmado", "disclaimer")]
    )


@pytest.mark.usefixtures("spanish")
def test_its_sentences_are_explained_on_the_command_line() -> None:
    done = CliRunner().invoke(
        cli.app, ["explain", "--language", "es", "El puente podría caer, dijo Mara Venn."]
    )
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        snapshot(
            [
                "Read as Spanish.",
                "",
                "1. El puente podría caer, dijo Mara Venn. (body)",
                "",
                "   Chunks",
                "     noun phrase  El/DET puente/NOUN  (head: puente)",
                "     verb group   podría/MODAL caer/INF  (head: caer)",
                "     comma        ,/COMMA",
                "     verb group   dijo/PAST",
                "     noun phrase  Mara/NAME Venn/NAME  (head: Venn)",
                "     final stop   ./STOP",
                "",
                "   Attributions",
                "     source     Mara Venn",
                "     cue        dijo",
                "     content    El puente podría caer",
                "     reporting  yes",
                "     why        inverted: decir",
                "     listed as  [0] Mara Venn",
                "     why        name",
                "",
                "   Words of doubt",
                "     words     podría caer",
                "     category  modal",
                "     voice     source: [0] Mara Venn",
                "     why       modal: podría|podrían <INF>",
                "",
                "   No quotations, no caveats here.",
                "",
                "Sources",
                "  name      [0] Mara Venn",
                "  kind      person, named",
                "  why       no word of another kind",
                "  mentions  Mara Venn",
                "",
                "Names",
                "  person  Mara Venn",
                "",
                "Claim",
                "  statement  El puente podría caer, dijo Mara Venn.",
                "  why        first of few sentences; near the start; in an early paragraph",
                "  stance     reports-as-unconfirmed",
                "  why        inverted: decir",
                "",
                "Where it comes from",
                "  of the claim  Mara Venn  (end: named)",
                "  why           inverted: decir",
                "",
                "Summary",
                "  words  El puente podría caer, dijo Mara Venn.",
                "  why    claim",
            ]
        ),
    )


@pytest.mark.usefixtures("spanish")
def test_a_page_in_it_gets_a_card(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    done = CliRunner().invoke(cli.app, ["check", str(page)])
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        snapshot(
            [
                "El puente de Dale cayó",
                "",
                "UNCONFIRMED: the article says so itself",
                "│ El informe no está confirmado.",
                "",
                "The headline states what the article calls unconfirmed",
                "Headline:",
                "",
                "│ El puente de Dale cayó",
                "",
                "Article:",
                "",
                "│ El informe no está confirmado.",
                "",
                "What it reports",
                "│ El puente de Dale cayó ayer, dijo Mara Venn.",
                "│ Según el Correo de Dale, el nuevo puente podría caer también.",
                "│ Owen Pike, ingeniero, añadió: «El puente es viejo y débil».",
                "",
                "Who says so",
                "This page, quoting Mara Venn.",
                "",
                "3 sources named · 1 more word of doubt · lines with a bar are quoted · read from this page only; nothing was checked elsewhere",
            ]
        ),
    )


def test_a_lexicon_that_cannot_be_loaded_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDERS / "es", tmp_path / "xx")
    lexicon = tmp_path / "xx/lexicon.toml"
    lexicon.write_text(lexicon.read_text("utf-8").replace("[words.that]", "[words.colours]"), "utf-8")
    monkeypatch.setattr(languages, "__path__", [*languages.__path__, str(tmp_path)])
    done = CliRunner().invoke(cli.app, ["explain", "--language", "xx", "El puente cayó."])
    assert done.stderr == snapshot(
        "I cannot load the word lists for “xx”: no rule asks for the word list “colours”.\n"
    )


@pytest.mark.usefixtures("spanish")
def test_where_every_noun_has_a_capital_none_is_a_name_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spanish = find_language("es")
    assert spanish is not None
    assert [name.name.text for name in read("Los Barcos dijeron que cayó.").names] == ["Barcos"]
    monkeypatch.setattr("bot.reading.explain.find_language", lambda _: replace(spanish, capitals_name=False))
    assert read("Los Barcos dijeron que cayó.").names == ()


# ── its lexicon ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize(
    ("example", "lemma"),
    [(group["example"], lemma) for group in LEXICON["cues"] for lemma in group["lemmas"].split()],
)
def test_every_cue_is_found_in_the_example_of_its_group(example: str, lemma: str) -> None:
    past = inflect(lemma)[PAST]
    assert [cue for _, cue, _ in said(read(example.format(past=past)))] == [past]


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize(
    ("category", "example"), [(c, e) for c, group in LEXICON["hedges"].items() for e in group.values()]
)
def test_every_example_of_a_hedge_is_listed_under_its_category(category: str, example: str) -> None:
    assert [h.category for h in read(example).report.hedges] == [category]


def without_words(section: str, name: str) -> Language:
    """The language with one word list that fits nothing."""
    emptied = {**LEXICON[section][name], "words": NOWHERE}
    raw = {**LEXICON, section: {**LEXICON[section], name: emptied}}
    spanish = find_language("es")
    assert spanish is not None
    return replace(spanish, lexicon=parse_lexicon(raw, inflect=inflect, singularise=singularise))


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize(
    ("section", "name"), [(section, name) for section in ("words", "kinds") for name in LEXICON[section]]
)
def test_the_example_of_a_word_list_is_read_otherwise_without_it(
    section: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = LEXICON[section][name]["example"]
    paragraphs = [example] if isinstance(example, str) else example
    with_list = read(*paragraphs).report
    emptied = without_words(section, name)
    monkeypatch.setattr("bot.reading.explain.find_language", lambda _: emptied)
    assert read(*paragraphs).report != with_list
