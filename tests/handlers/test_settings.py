from __future__ import annotations

from pathlib import Path

import pytest

from handlers.paths import data_dir, log_file
from handlers.settings import EnvironmentSettings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a .env file and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in EnvironmentSettings.model_fields:
        monkeypatch.delenv(f"HEARSAY_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_without_any_setting_nothing_is_on_and_files_go_to_the_users_folder() -> None:
    found = read_settings()
    assert (found.discord_token, found.telegram_token, found.allow_loopback) == (None, None, False)
    assert found.retention_days == 30
    assert found.database == data_dir() / "hearsay.sqlite3"
    assert found.log_file == log_file() == data_dir() / "hearsay.log"


def test_settings_come_from_the_environment_and_from_a_file(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / ".env").write_text("HEARSAY_RETENTION_DAYS=7\nHEARSAY_CONTACT=me\nOTHER=x\n")
    monkeypatch.setenv("HEARSAY_CONTACT", "ops@harbour-post.example")
    found = read_settings()
    assert (found.retention_days, found.contact) == (7, "ops@harbour-post.example")


def test_a_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_DISCORD_TOKEN", "very-secret")
    found = read_settings()
    assert found.discord_token is not None
    assert found.discord_token.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(found) + str(found) + str(found.model_dump_json())


def test_an_empty_token_leaves_its_platform_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_DISCORD_TOKEN", "")
    assert read_settings().discord_token is None


def test_what_cannot_be_used_is_one_sentence_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_LOG_FORMAT", "very-secret")
    monkeypatch.setenv("HEARSAY_RETENTION_DAYS", "0")
    with pytest.raises(SettingsError) as bad:
        read_settings()
    sentence = str(bad.value)
    assert "HEARSAY_LOG_FORMAT" in sentence
    assert "HEARSAY_RETENTION_DAYS" in sentence
    assert "very-secret" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("blank", [" ", "\t \n"])
def test_a_blank_token_leaves_its_platform_out(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("HEARSAY_TELEGRAM_TOKEN", blank)
    assert read_settings().telegram_token is None


@pytest.mark.parametrize("contact", ["Jürgen", "a\r\nX-Other: b", "a\x7f"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(
    monkeypatch: pytest.MonkeyPatch, contact: str
) -> None:
    monkeypatch.setenv("HEARSAY_CONTACT", contact)
    with pytest.raises(SettingsError, match="HEARSAY_CONTACT: it stands in a header, so use plain ASCII"):
        read_settings()


@pytest.mark.parametrize("url", ["postgresql://me:very-secret@db/x", "sqlite:///x", "postgresql+psycopg://x"])
def test_a_database_that_is_no_file_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("HEARSAY_DATABASE", url)
    with pytest.raises(SettingsError, match="PostgreSQL goes into HEARSAY_DATABASE_URL") as bad:
        read_settings()
    assert "very-secret" not in str(bad.value)


def test_a_file_of_settings_that_is_not_unicode_is_one_sentence(bare: Path) -> None:
    (bare / ".env").write_bytes("HEARSAY_CONTACT=Jürgen".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"^The file \.env cannot be used: it is not in UTF-8\.$"):
        read_settings()


def test_settings_do_not_change_after_the_start() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().retention_days = 1
