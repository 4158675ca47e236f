"""A process that is killed at one step of a check, over and over: what was accepted against what came.

usage: python -m tests.storage.crashing DATABASE FOLDER ROUNDS

For each step and each round a child, whose claims run out at once, accepts a check and kills itself at that
step; a second child finishes what there is. Two platforms: one that knows an answer by its key (sent twice,
it stands once), and one that does not (every sending stands). Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversation import Answer
from bot.desk import Desk, Standing
from bot.ledger import Due
from bot.messages import Asked, Message
from bot.model import Link
from bot.places import Room
from bot.replying.failures import remark
from storage.checks import SqlLedger
from storage.engine import opened, postgres_engine, sqlite_engine

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
)
BOTH = ("keyed", "unkeyed")


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

    async def answer(self, asked: Asked, *, ident: str | None = None) -> Answer | None:  # noqa: ARG002  # one for all
        self._dying.at("claimed")
        await asyncio.sleep(0)
        self._dying.at("while it is read")
        return Answer(str(ident), remark("conversation.paste"))

    async def sent(self, answer_id: str, place: str) -> None:  # noqa: ARG002  # nothing is remembered here
        self._dying.at("noted")

    async def retract(self, answer_id: str) -> None:
        pass

    async def reread(self, message: Message, before: Asked) -> Asked:
        raise AssertionError(message, before)


class Platform:
    """A folder of what stands in the chat: by key, or one line for each sending."""

    def __init__(self, folder: Path, name: str, dying: Dying) -> None:
        self._folder, self.name, self._dying = folder, name, dying

    async def put(self, due: Due, answer: Answer) -> Standing:  # noqa: ARG002  # what it says does not matter here
        self._dying.at("before it is sent")
        if self.name == "keyed":
            (self._folder / f"keyed {due.origin}").write_text("", encoding="utf-8")
        else:
            with (self._folder / "unkeyed").open("a", encoding="utf-8") as lines:
                lines.write(due.origin + "\n")
        self._dying.at("sent")
        return Standing("1", due.id)

    async def take_back(self, due: Due) -> None:
        raise AssertionError(due)


async def live(where: Path | str, folder: Path, step: str | None, origin: str | None) -> None:
    """One process: accept and answer a check, or finish what others left."""
    dying = Dying(step)
    engine = postgres_engine(where) if isinstance(where, str) else sqlite_engine(where)
    desk = Desk(
        SqlLedger(engine, now), Answers(dying), now, span=timedelta(milliseconds=1 if origin else 9000)
    )
    for name in BOTH:
        platform = Platform(folder, name, dying)
        if origin is None:
            await desk.resume(name, platform)
            continue
        room = Room(name, "5", private=False)
        dying.at("before it is accepted")
        due = await desk.accept(f"{name} {origin}", Asked(room, "7", (Link("https://a/", "a"),)), "here")
        if due is None:
            raise AssertionError(origin)
        (folder / f"accepted {name} {origin}").write_text("", encoding="utf-8")
        dying.at("accepted")
        await desk.see_through(due.id, platform)
        dying.at("finished")
    await engine.dispose()


def apart(where: Path | str, folder: Path, step: str | None, origin: str | None) -> None:
    """In a child, which may die."""
    child = os.fork()
    if child == 0:
        asyncio.run(live(where, folder, step, origin))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and os.waitstatus_to_exitcode(status):
        raise AssertionError(f"a process ended badly at {step}")


async def made(where: Path | str) -> None:
    await (await opened(where)).dispose()


def main() -> None:
    where: Path | str = sys.argv[1] if sys.argv[1].startswith("postgresql") else Path(sys.argv[1])
    folder, rounds = Path(sys.argv[2]), int(sys.argv[3])
    asyncio.run(made(where))
    for step in STEPS:
        for number in range(rounds):
            apart(where, folder, step, f"{step} {number}")
            apart(where, folder, None, None)
    accepted = {path.name.removeprefix("accepted ") for path in folder.glob("accepted *")}
    keyed = {path.name.removeprefix("keyed ") for path in folder.glob("keyed *")}
    unkeyed = Counter((folder / "unkeyed").read_text("utf-8").splitlines())
    found = {
        "accepted": len(accepted),
        "lost": sorted(accepted - keyed - set(unkeyed)),
        "unasked": sorted((keyed | set(unkeyed)) - accepted),
        "doubled": sorted(origin for origin, n in unkeyed.items() if n > 1),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
