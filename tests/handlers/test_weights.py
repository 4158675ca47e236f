"""Weights that cannot be used stop every command that reads, with one sentence."""

import pytest
from typer.testing import CliRunner

from bot.reading.decisions.linear import CannotLoadWeights
from handlers import cli, weights
from handlers.doctor import check_weights

BROKEN = "The weights lead.json are broken: install hearsay-bot again."


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise CannotLoadWeights(BROKEN)

    monkeypatch.setattr(weights, "check_weights", refuse)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    "command", [["check", "page.html"], ["explain", "Venn said so."], ["batch"], ["run"], ["worker"]]
)
def test_a_command_that_reads_says_that_its_weights_are_broken(command: list[str]) -> None:
    ended = CliRunner().invoke(cli.app, command)
    assert (ended.exit_code, ended.stderr.strip(), ended.stdout) == (2, BROKEN, "")


@pytest.mark.usefixtures("broken")
def test_the_doctor_names_broken_weights() -> None:
    assert check_weights() == ("weights", False, BROKEN)


def test_the_doctor_is_content_with_the_weights_that_are_shipped() -> None:
    assert check_weights() == ("weights", True, "The learnt decisions can be loaded.")
