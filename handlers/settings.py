"""Settings, read once at the start from the environment (`HEARSAY_…`) or a `.env` file beside it."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.paths import data_dir, log_file
from handlers.startup_errors import StartupError

PREFIX = "HEARSAY_"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ADDRESS: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class SettingsError(StartupError):
    """The environment does not make sense; the message is one sentence without any value in it."""


class EnvironmentSettings(BaseSettings):
    """Everything that whoever runs Hearsay can set. A token that is not set leaves its platform out."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database: Annotated[Path, Field(description="where reports are kept (a SQLite file)")] = Field(
        default_factory=lambda: data_dir() / "hearsay.sqlite3"
    )
    database_url: Annotated[
        SecretStr | None,
        Field(
            description="a PostgreSQL database instead of that file (postgresql://name:password@host/name)"
        ),
    ] = None
    discord_token: Annotated[SecretStr | None, Field(description="starts Hearsay on Discord")] = None
    discord_shard_count: Annotated[
        int,
        Field(description="how many processes share Discord, each with a part of the servers", ge=1, le=1000),
    ] = 1
    discord_shard_id: Annotated[int, Field(description="which of them this one is, from 0", ge=0, le=999)] = 0
    telegram_token: Annotated[SecretStr | None, Field(description="starts Hearsay on Telegram")] = None
    telegram_webhook_url: Annotated[
        str | None,
        Field(description="the public https address at which Telegram brings updates, instead of polling"),
    ] = None
    telegram_webhook_listen: Annotated[
        str, Field(description="the address on this machine at which its proxy hands them on")
    ] = "127.0.0.1"
    telegram_webhook_port: Annotated[int, Field(description="the port there", ge=1, le=65535)] = 8081
    telegram_webhook_secret: Annotated[
        SecretStr | None,
        Field(description="what Telegram shows with each update; else it is made of the token"),
    ] = None
    operations_listen: Annotated[
        str, Field(description="the address at which /healthz, /readyz and /metrics are answered")
    ] = "127.0.0.1"
    operations_port: Annotated[int, Field(description="the port there; 0 for none", ge=0, le=65535)] = 8082
    readers: Annotated[
        int,
        Field(
            description="pages read at once, each in a process; 0 leaves them to `hearsay worker`",
            ge=0,
            le=64,
        ),
    ] = 2
    contact: Annotated[
        str, Field(description="an address or page that web sites find in the User-Agent", max_length=200)
    ] = ""
    allow_loopback: Annotated[
        bool, Field(description="also read pages on this machine; for developers only")
    ] = False
    retention_days: Annotated[int, Field(description="how long reports are kept", ge=1, le=3650)] = 30
    log_format: Annotated[
        Literal["human", "json"], Field(description="how log lines on standard error look")
    ] = "human"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="the lowest level that is logged")
    ] = "info"
    log_file: Annotated[Path, Field(description="where `check`, `batch` and the terminal chat log")] = Field(
        default_factory=log_file
    )

    @field_validator(
        "discord_token", "telegram_token", "telegram_webhook_url", "telegram_webhook_secret", "database_url",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _blank_is_not_set(cls, given: object) -> object:
        return given.strip() or None if isinstance(given, str) else given

    @model_validator(mode="after")
    def _is_one_of_the_shards(self) -> Self:
        if self.discord_shard_id >= self.discord_shard_count:
            raise PydanticCustomError(
                "shard", "HEARSAY_DISCORD_SHARD_ID counts from 0 and stays below HEARSAY_DISCORD_SHARD_COUNT"
            )
        return self

    @model_validator(mode="after")
    def _somebody_reads(self) -> Self:
        if not self.readers and self.database_url is None:
            raise PydanticCustomError(
                "readers", "HEARSAY_READERS=0 leaves every page to workers, which need HEARSAY_DATABASE_URL"
            )
        return self

    @field_validator("telegram_webhook_url")
    @classmethod
    def _is_https(cls, given: str | None) -> str | None:
        if given is not None and not given.startswith("https://"):
            raise PydanticCustomError("webhook", "Telegram brings updates to https addresses only")
        return given

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_a_secret(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and not _SECRET.fullmatch(given.get_secret_value()):
            raise PydanticCustomError("secret", "use 1 to 256 of the letters A-Z, a-z, 0-9, _ and -")
        return given

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, given: str) -> str:
        if not (given.isascii() and given.isprintable()):
            raise PydanticCustomError("contact", "it stands in a header, so use plain ASCII on one line")
        return given

    @field_validator("database", mode="before")
    @classmethod
    def _is_a_file(cls, given: object) -> object:
        if isinstance(given, str) and _ADDRESS.match(given):
            raise PydanticCustomError(
                "database", "this is the path of a SQLite file; PostgreSQL goes into HEARSAY_DATABASE_URL"
            )
        return given


def database_location(found: EnvironmentSettings) -> Path | str:
    """Return the path of a SQLite file, or the address of a PostgreSQL database."""
    return found.database_url.get_secret_value() if found.database_url else found.database


SECRET: Final = tuple(
    name for name, field in EnvironmentSettings.model_fields.items() if field.annotation == SecretStr | None
)  # settings that no log shows, and no other process is given


def secret_values(found: EnvironmentSettings) -> tuple[str, ...]:
    """Return the values that no log may show, and the password within the address of a database."""
    values = (getattr(found, name) for name in SECRET)
    hidden = [value.get_secret_value() for value in values if value is not None]
    passwords = []
    for address in (one for one in hidden if "://" in one):
        with suppress(ValueError):
            passwords.append(urlsplit(address).password)
    return (*hidden, *filter(None, passwords))


def read_settings() -> EnvironmentSettings:
    """Return the settings. Raises SettingsError with one sentence that names what is wrong and shows no
    value."""
    try:
        return EnvironmentSettings()
    except UnicodeDecodeError:
        raise SettingsError("The file .env cannot be used: it is not in UTF-8.") from None
    except OSError as problem:
        raise SettingsError(f"The file .env cannot be read: {problem.strerror}.") from None
    except ValidationError as problem:
        raise SettingsError(_sentence(problem)) from None


def _sentence(problem: ValidationError) -> str:
    wrong = [
        f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else str(e["msg"])
        for e in problem.errors()
    ]
    return "These settings cannot be used: " + "; ".join(wrong) + "."
