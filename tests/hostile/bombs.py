"""Run as `python -m tests.hostile.bombs PORT PATH…`: fetches each path and prints what it cost.

One line a path: the outcome and how far the peak of this process rose above an ordinary page, in KiB.
A process of its own, because a peak that the test runner has reached before would hide a bomb's.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import structlog

from bot.errors import CannotCheck
from bot.fetching.fetch import HttpFetch
from bot.fetching.links import parse_link


def peak() -> int:
    """KiB of memory that this process ever held at once (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


async def outcome(fetch: HttpFetch, url: str) -> str:
    try:
        return f"{len((await fetch.fetch(parse_link(url, loopback=True))).body)} bytes"
    except CannotCheck as failure:
        return failure.kind


async def main(port: str, *paths: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    async with HttpFetch(contact="https://hearsay.example/bot", allow_loopback=True) as fetch:
        await outcome(fetch, f"http://127.0.0.1:{port}/ordinary")
        before = peak()
        for path in paths:
            told = await outcome(fetch, f"http://127.0.0.1:{port}/{path}")
            sys.stdout.write(f"{path}\t{told}\t{peak() - before}\n")


asyncio.run(main(*sys.argv[1:]))
