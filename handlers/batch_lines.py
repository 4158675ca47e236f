"""One line of a batch: JSON in, JSON out. Runs in a sandbox, so nothing is raised or printed."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import BadLine, CannotCheck, CannotRead, ReaderKilled
from bot.model import Report
from bot.replying.failures import explain_failure
from bot.report_json import failure_to_json, to_json

LONGEST: Final = 64 * 2**20  # bytes of one line


@dataclass(frozen=True, slots=True)
class OutputLine:
    """An output line, and what went wrong inside us, for the log."""

    line: str
    failed: bool = False
    trace: str | None = None


def read_line(line: bytes) -> OutputLine:
    """The report on a line, or the failure; only what is our own fault leaves a trace."""
    found: Mapping[str, Any] = {}
    try:
        found = parse_line(line)
        return OutputLine(json.dumps(to_json(_report(found), line_id(found))))
    except CannotCheck as error:
        return failure_line(error, line_id(found))
    except MemoryError:
        return failure_line(ReaderKilled(), line_id(found))
    except Exception:  # noqa: BLE001  # a page that breaks the reader must not end the batch
        return failure_line(CannotRead(), line_id(found), traceback.format_exc())


def failure_line(error: CannotCheck, name: str | None, trace: str | None = None) -> OutputLine:
    return OutputLine(
        json.dumps(failure_to_json(error, name, explain_failure(error))), failed=True, trace=trace
    )


def load() -> None:
    """Load what the first line would otherwise wait for."""
    read_line(b'{"id": "warm", "html": "<p>Nothing was said.</p>", "url": null}')
    read_line(b'{"id": "warm", "text": "Nothing was said."}')


def parse_line(line: bytes) -> Mapping[str, Any]:
    """The object on a line. Raises BadLine."""
    if len(line) > LONGEST:
        raise BadLine(f"it is longer than {LONGEST // 2**20} MiB")
    try:
        found = json.loads(line)
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLine("it is not JSON") from None
    if not isinstance(found, dict):
        raise BadLine("it is not an object")
    return found


def line_id(found: Mapping[str, Any]) -> str | None:
    """The line's id as text; None for one that has none."""
    name = found.get("id")
    return str(name) if isinstance(name, str | int) and not isinstance(name, bool) else None


def _report(found: Mapping[str, Any]) -> Report:
    # Heavy, and needed in the workers alone: the process that feeds them starts without.
    from bot.fetching.article import article_from_html, article_from_text  # noqa: PLC0415
    from bot.reading.report import report  # noqa: PLC0415

    text, html, url = found.get("text"), found.get("html"), found.get("url")
    if url is not None and not isinstance(url, str):
        raise BadLine("its url is not text")
    if isinstance(text, str):
        return report(article_from_text(text))
    if isinstance(html, str):
        return report(article_from_html(html, url))
    raise BadLine('it has neither "text" nor "html"')
