"""What hostile bodies cost in memory, measured in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.hostile.settings import CHUNKED, ENDLESS_CHUNK, HTML_HEAD, zeros
from tests.servers import Answer, Asked, endless, head, html, raw, serve, typed

ALLOWED: Final = 20 * 1024  # KiB
BOMBS: Final[dict[str, Answer]] = {
    "gzip-256-mib": typed("text/html", zeros(31), content_encoding="gzip"),
    "gzip-many-members": typed("text/html", zeros(31, 4) * 64, content_encoding="gzip"),
    "plain-64-mib": raw(HTML_HEAD, *[b"a" * (1 << 16)] * 1024),
    "endless-chunks": endless(CHUNKED, ENDLESS_CHUNK),
    "one-chunk-of-64-mib": raw(CHUNKED + b"4000000\r\n", *[b"a" * (1 << 16)] * 1024),
    "header-of-8-mib": raw(b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"a" * (1 << 16)] * 128),
    "100,000-headers": raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 100_000 + b"\r\n"),
    "declared-10-gb": raw(head(content_type="text/html", content_length=str(10 * 10**9))),
}
OUTCOMES: Final = {"header-of-8-mib": "bad_answer", "100,000-headers": "bad_answer"}


@pytest.fixture
async def costs() -> Mapping[str, tuple[str, int]]:
    """For each bomb its outcome and the rise of the peak, in KiB."""
    answers = {f"/{path}": answer for path, answer in BOMBS.items()} | {"/ordinary": html()}

    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        async for piece in answers[asked.path](asked):
            yield piece

    async with serve(answer) as site:
        lines = await run("tests.hostile.bombs", str(site.port), *BOMBS)
    rows = (line.split("\t") for line in lines)
    return {path: (told, int(rise)) for path, told, rise in rows}


async def run(module: str, *arguments: str) -> list[str]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(child.communicate(), timeout=60)
    assert child.returncode == 0
    return output.decode().splitlines()


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="peaks are read from Linux's /proc")
async def test_no_bomb_raises_memory_by_more_than_20_mib(costs: Mapping[str, tuple[str, int]]) -> None:
    assert {path: told for path, (told, _) in costs.items()} == {
        path: OUTCOMES.get(path, "too_large") for path in BOMBS
    }
    assert max(rise for _, rise in costs.values()) <= ALLOWED
