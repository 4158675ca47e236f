"""Files of an installation stay where earlier versions put them."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.paths import data_dir, log_file


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        ("linux", "", ".local/share/hearsay"),
        ("linux", "/srv/data", "/srv/data/hearsay"),
        ("linux", "data", "data/hearsay"),
        ("darwin", "/srv/data", "Library/Application Support/hearsay"),
    ],
)
def test_each_system_has_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, folder: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", variable)
    monkeypatch.chdir(tmp_path)
    assert data_dir().absolute() == tmp_path / folder


def test_the_log_goes_there_unless_it_is_told_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARSAY_LOG_FILE", raising=False)
    assert log_file() == data_dir() / "hearsay.log"
    monkeypatch.setenv("HEARSAY_LOG_FILE", "/srv/log")
    assert log_file() == Path("/srv/log")
