"""What README promises is what happens."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from bot.fetching.article import article_from_html
from bot.reading.report import report
from bot.replying.reply import compose_reply
from handlers.settings import PREFIX, EnvironmentSettings
from handlers.terminal.render import render
from handlers.terminal.screen import screen
from tests.room_settings import PLACE, table

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FOLDERS = ("bot", "storage", "handlers")
SECURITY = (ROOT / "docs/security.md").read_text("utf-8")


def test_the_answer_shown_is_the_one_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    found = report(article_from_html((ROOT / "docs/example.html").read_text("utf-8"), None))
    out = StringIO()
    screen(out).print(render(compose_reply(found, now=datetime(2026, 11, 25, tzinfo=UTC), languages={"en"})))
    shown = re.search(r"```\n(.*?)\n```", README, re.DOTALL)
    assert shown is not None
    assert out.getvalue().rstrip() == shown[1]


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(rf"^\| `({PREFIX}\w+)`", README, re.MULTILINE))
    assert documented == {PREFIX + name.upper() for name in EnvironmentSettings.model_fields}


def test_every_room_setting_is_documented_as_it_is_declared() -> None:
    """`python -m tests.room_settings` writes the table anew."""
    found = PLACE.search(README)
    assert found is not None
    assert found[0] == table()


@pytest.mark.parametrize("target", ["run", "test", "bench", "quality"])
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./]+)\)", README))))
def test_every_file_that_is_linked_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:bot|storage|handlers|tests|docs)/[\w./]*)`", README + CONTRIBUTING)))
)
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_module_in_where_things_live_exists() -> None:
    found = CONTRIBUTING.partition("## Where things live")[2].partition("\n## ")[0]
    modules = re.findall(r"`(\w+\.py|\w+/)`", found)
    assert len(modules) > 20
    folders = [ROOT / top for top in ("", "bot", "bot/reading", "bot/replying", "storage", "handlers")]
    assert [one for one in modules if not any((folder / one).exists() for folder in folders)] == []


@pytest.mark.parametrize(("path", "test"), sorted(set(re.findall(r"(tests/[\w/]+\.py)::(\w+)", SECURITY))))
def test_every_test_that_holds_a_boundary_exists(path: str, test: str) -> None:
    assert re.search(rf"^(?:async )?def {test}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_every_boundary_names_a_test_and_a_file_that_exist() -> None:
    rows = re.split(
        r"^\d+\. ", SECURITY.partition("## Boundaries")[2].partition("\nDone,")[0], flags=re.MULTILINE
    )
    assert len(rows) > 1
    for row in rows[1:]:
        files = re.findall(r"`((?:bot|storage|handlers)/[\w/]+\.py)`", row)
        assert files, row
        assert all((ROOT / file).is_file() for file in files), row
        assert "`tests/" in row, row
        assert row.count("`tests/") == len(re.findall(r"`tests/[\w/]+\.py::test_\w+`", row)), row


@pytest.mark.parametrize(
    "file",
    sorted(str(f.relative_to(ROOT)) for top in FOLDERS for f in (ROOT / "tests" / top).rglob("test_*.py")),
)
def test_a_test_file_is_named_for_its_module_or_says_what_it_covers(file: str) -> None:
    path = Path(file)
    module = ROOT.joinpath(*path.parts[1:-1], path.name.removeprefix("test_"))
    assert module.is_file() or ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8")))
