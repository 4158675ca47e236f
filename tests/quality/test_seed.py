"""The article that started this project gets the answer that PRODUCT.md gives, word for word."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from bot.fetching.article import extract_article
from bot.model import End, Page, Report, SourceKind
from bot.reading.report import report
from bot.replying.reply import compose_reply
from handlers.discord.render import render_text as markdown
from handlers.telegram.render import render as render_html
from handlers.terminal.render import render
from handlers.terminal.screen import screen
from tests.fakes.telegram_limits import faults, parse

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEED = SHARED / "eval/pages/seed.html"
PRODUCT = SHARED / "PRODUCT.md"
SOON, LATER = datetime(2019, 2, 11, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason="../shared/eval is not here")


@pytest.fixture(scope="module")
def seed() -> Report:
    return report(extract_article(Page("https://21stcenturywire.example/2019/02/10/x/", SEED.read_bytes())))


def test_the_card_is_the_one_of_the_product(seed: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    out = StringIO()
    screen(out).print(render(compose_reply(seed, now=LATER, languages={"en"})))
    wanted = re.search(r"```\n(### Revealed.*?)\n\[Sources", PRODUCT.read_text("utf-8"), re.DOTALL)
    assert wanted is not None
    assert _plain(out.getvalue()) == _plain(wanted[1])


def test_the_message_on_telegram_opens_with_that_card_and_folds_the_details(seed: Report) -> None:
    answer = compose_reply(seed, now=LATER, languages={"en"})
    text, entities = parse(render_html(answer))
    card, _, details = text.partition("Sources (6)")
    wanted = re.search(r"```\n(### Revealed.*?)\n\[Sources", PRODUCT.read_text("utf-8"), re.DOTALL)
    assert wanted is not None
    assert _plain(card) == _plain(wanted[1])
    assert details.count("Words of doubt (7)") == 1
    assert [entity["type"] for entity in entities].count("expandable_blockquote") == 2
    assert faults(render_html(answer), []) == []


def test_the_buttons_are_those_of_the_product(seed: Report) -> None:
    wanted = re.search(r"^\[Sources.*\]$", PRODUCT.read_text("utf-8"), re.MULTILINE)
    assert wanted is not None
    shown = compose_reply(seed, now=LATER, languages={"en"}).buttons
    assert " ".join(f"[{button.words}]" for button in shown) == wanted[0]


def test_the_one_line_style_is_that_of_the_product(seed: Report) -> None:
    wanted = re.search(r"^One-line style: `(.*)`$", PRODUCT.read_text("utf-8"), re.MULTILINE)
    assert wanted is not None
    shown = markdown(compose_reply(seed, now=SOON, style="brief", languages={"en"}).blocks)
    assert " ".join(shown.split()) == wanted[1]


def _plain(card: str) -> list[str]:
    """The lines of a card without the marks of Discord or of the terminal."""
    return [
        re.sub(r"^(?:### |-# |> |│ )|\*\*", "", line).strip() for line in card.splitlines() if line.strip()
    ]


def test_five_sources_are_named_and_one_group_is_cited_three_times(seed: Report) -> None:
    assert [(s.name.text, s.kind) for s in seed.sources if s.named] == [
        ("James F. Jeffrey", SourceKind.PERSON),
        ("South Front", SourceKind.OUTLET),
        ("Deir Ezzor 24", SourceKind.OUTLET),
        ("Syrian Democratic Forces (SDF)", SourceKind.ORGANISATION),
        ("Syrian Observatory for Human Rights (SOHR)", SourceKind.ORGANISATION),
    ]
    (unnamed,) = [s for s in seed.sources if not s.named]
    assert [m.text for m in unnamed.mentions] == ["special sources", "The sources", "one of its sources"]
    assert seed.sources[unnamed.relayed_by or 0].name.text == "Deir Ezzor 24"


def test_the_chain_ends_with_nobody_named(seed: Report) -> None:
    first = seed.chains[0]
    assert [s.name for s in first.steps] == ["21WIRE", "South Front", "Deir Ezzor 24", "special sources"]
    assert first.end is End.WITHHELD


def test_the_hedges_are_the_seven_of_the_product_and_the_flags_own(seed: Report) -> None:
    wanted = (
        "The sources believe|reportedly|could be|suspect some degree of|maybe|apparent|suggest|unconfirmed"
    )
    assert sorted(h.words.text for h in seed.hedges) == sorted(wanted.split("|"))
