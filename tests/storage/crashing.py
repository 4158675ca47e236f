"""A process that is killed at one step of a check, over and over: what was accepted against what came.

usage: python -m tests.storage.crashing DATABASE FOLDER ROUNDS

For each step, each round and each platform a child, whose claims run out at once, accepts a check, sees its
message edited, and kills itself at that step; after each step another child finishes what there is. Two
platforms: one that knows an answer by its key (sent twice, it stands once), and one that does not (every
sending stands). Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.answer_cache import Answer
from bot.dispatcher import Dispatcher, SentMessage
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Room
from bot.replying.failures import remark
from storage.engine import open_engine, postgres_engine, sqlite_engine
from storage.job_store import SqlJobStore
from tests.fakes.dispatching import resume

STEPS = (
    "before it is accepted",
    "accepted",
    "claimed",
    "while it is read",
    "read",
    "before it is sent",
    "sent",
    "noted",
    "finished",
    "revised",
    "before it is edited",
    "edited",
    "edited and finished",
)
BOTH = ("keyed", "unkeyed")
SAID = remark("conversation.paste")  # before children are forked, or each loads all phrases


def now() -> datetime:
    return datetime.now(UTC)


class Dying:
    """Kills this very process when the step has come."""

    def __init__(self, step: str | None) -> None:
        self._step = step

    def at(self, step: str) -> None:
        if step == self._step:
            os.kill(os.getpid(), signal.SIGKILL)


class Answers:
    def __init__(self, dying: Dying) -> None:
        self._dying = dying

    async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:  # noqa: ARG002  # one for all
        self._dying.at("claimed")
        await asyncio.sleep(0)
        self._dying.at("while it is read")
        await asyncio.sleep(0)
        self._dying.at("read")
        return Answer(str(answer_id), SAID)

    async def mark_sent(self, answer_id: str, place: str) -> None:  # noqa: ARG002  # nothing is remembered here
        self._dying.at("noted")

    async def retract(self, answer_id: str) -> None:
        pass

    async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:  # noqa: ARG002  # one edit for all
        return replace(before, links=(Link("https://b/", "b"),))


class Platform:
    """A folder of what stands in the chat: by key, or one line for each sending."""

    def __init__(self, folder: Path, name: str, dying: Dying) -> None:
        self._folder, self.name, self._dying = folder, name, dying

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:  # noqa: ARG002  # what it says does not matter here
        if job.placeholder is not None:
            self._dying.at("before it is edited")
            (self._folder / f"edited {job.origin}").write_text("", encoding="utf-8")
            self._dying.at("edited")
            return SentMessage(job.placeholder, job.id)
        self._dying.at("before it is sent")
        if self.name == "keyed":
            (self._folder / f"keyed {job.origin}").write_text("", encoding="utf-8")
        else:
            with (self._folder / "unkeyed").open("a", encoding="utf-8") as lines:
                lines.write(job.origin + "\n")
        self._dying.at("sent")
        return SentMessage("1", job.id)

    async def delete(self, job: Job) -> bool:
        raise AssertionError(job)


async def dies(where: Path | str, folder: Path, step: str, name: str, origin: str) -> None:
    """A process that accepts a check on a platform, answers it and follows an edit, until the step comes."""
    dying, room, message = Dying(step), Room(name, "5", private=False), f"{name} {origin}"
    engine, platform = _engine(where), Platform(folder, name, dying)
    dispatcher = Dispatcher(
        SqlJobStore(engine, now), Answers(dying), now, claim_time=timedelta(milliseconds=1)
    )
    dying.at("before it is accepted")
    job = await dispatcher.accept(message, CheckRequest(room, "7", (Link("https://a/", "a"),)), message)
    if job is None:
        raise AssertionError(origin)
    (folder / f"accepted {message}").write_text("", encoding="utf-8")
    dying.at("accepted")
    await dispatcher.run_job(job.id, platform)
    dying.at("finished")
    (check,) = await dispatcher.handle_edit(Message(room, "7", "https://b/", asked=True), message) or ()
    (folder / f"revised {message}").write_text("", encoding="utf-8")
    dying.at("revised")
    await dispatcher.run_job(check, platform)
    dying.at("edited and finished")


async def follows(where: Path | str, folder: Path) -> None:
    """A process that finishes what others left."""
    engine = _engine(where)
    dispatcher = Dispatcher(SqlJobStore(engine, now), Answers(Dying(None)), now)
    for name in BOTH:
        await resume(dispatcher, name, Platform(folder, name, Dying(None)))
    await engine.dispose()


def _engine(where: Path | str) -> AsyncEngine:
    return postgres_engine(where) if isinstance(where, str) else sqlite_engine(where)


def apart(*lives: Coroutine[Any, Any, None]) -> None:
    """Each in a child of its own, all at once; a child may die."""
    children = [_begun(life) for life in lives]
    for child in children:
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not killed and os.waitstatus_to_exitcode(status):
            raise AssertionError("a process ended badly")


def _begun(life: Coroutine[Any, Any, None]) -> int:
    child = os.fork()
    if child == 0:
        asyncio.run(life)
        os._exit(0)
    life.close()
    return child


async def made(where: Path | str) -> None:
    await (await open_engine(where)).dispose()


def main() -> None:
    where: Path | str = sys.argv[1] if sys.argv[1].startswith("postgresql") else Path(sys.argv[1])
    folder, rounds = Path(sys.argv[2]), int(sys.argv[3])
    asyncio.run(made(where))
    gc.freeze()  # or each child copies what it only looks through
    for step in STEPS:
        for number in range(rounds):
            apart(*(dies(where, folder, step, name, f"{step} {number}") for name in BOTH))
        apart(follows(where, folder))
    accepted = {path.name.removeprefix("accepted ") for path in folder.glob("accepted *")}
    keyed = {path.name.removeprefix("keyed ") for path in folder.glob("keyed *")}
    unkeyed = Counter((folder / "unkeyed").read_text("utf-8").splitlines())
    revised = {path.name.removeprefix("revised ") for path in folder.glob("revised *")}
    edited = {path.name.removeprefix("edited ") for path in folder.glob("edited *")}
    found = {
        "accepted": len(accepted),
        "edited": len(revised),
        "stale": sorted(revised - edited),
        "lost": sorted(accepted - keyed - set(unkeyed)),
        "unasked": sorted((keyed | set(unkeyed)) - accepted),
        "doubled": sorted(origin for origin, n in unkeyed.items() if n > 1),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
