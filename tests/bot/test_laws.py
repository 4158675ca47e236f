"""The laws of PRODUCT.md that are about a conversation's memory, over any order of what people do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from bot.commands import Commands
from bot.conversation import Answer, Hearsay
from bot.errors import BadStatus
from bot.messages import Asked, Message
from bot.model import Link, Report
from bot.places import Person, Room
from bot.ports import Kept
from bot.replies import Action, Bar, Entry, Reply
from bot.rooms import Mode, Settings, worth_speaking
from bot.setting.declared import SETTING
from bot.setting.overrides import Overrides
from bot.setting.overrides import settings as layered
from tests.bot.written import bridge, plain
from tests.fakes.memory import FakeHistory, FakeRooms, memory

SHARED = [Room("discord", str(n), private=False, server="1") for n in (5, 6)]
ROOMS = [*SHARED, Room("discord", "9", private=True)]
SERVER = Room("discord", "1", private=False, server="1")
PEOPLE = [Person("discord", n) for n in ("7", "8")]
PAGES = {"a": bridge(), "b": plain()}
VALUES = {
    "mode": ["off", "on_request", "automatic", "sometimes"],
    "findings": ["unconfirmed", "every_article", "none"],
    "person_cooldown_seconds": ["0", "30", "many"],
    "repeat_hours": ["0", "24"],
    "people_ignored": ["7", "none"],
    "domains_ignored": ["a.example", "none"],
    "colour": ["red"],
}

_T = TypeVar("_T")


async def read(link: Link, **_: object) -> Kept:
    name = link.url.removeprefix("https://").partition(".")[0]
    if name not in PAGES:
        raise BadStatus(404)
    return Kept(PAGES[name], datetime(2026, 11, 25, tzinfo=UTC))


async def unread(text: str) -> Report:
    raise AssertionError(text)


class Rooms(RuleBasedStateMachine):
    """Admins change settings, people write, press and ask to be left alone; processes end and begin."""

    answers: Bundle[tuple[Room, Answer]] = Bundle("answers")

    def __init__(self) -> None:
        super().__init__()
        self.memory = memory()
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)
        self.changes = 0
        self.standing: dict[str, int] = {}  # answers whose buttons work, and their rows in the history
        self.begin()

    def begin(self) -> None:
        self.talk = Hearsay(check=read, read_text=unread, memory=self.memory, clock=lambda: self.now)
        self.commands = Commands(self.memory)

    def do(self, working: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run(working)

    def holds(self, room: Room) -> Settings:
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        server = rooms.given.get(("discord", "1"), Overrides()) if room.server else Overrides()
        return layered(server, rooms.given.get((room.platform, room.id), Overrides()))

    @property
    def noted(self) -> int:
        """How many answers all histories hold."""
        assert isinstance(self.memory.history, FakeHistory)
        return len(self.memory.history.rows)

    # ── what happens ──

    @initialize()
    def open_doors(self) -> None:
        """So that links in shared rooms are read at all in most of the stories."""
        for name, value in (("mode", "automatic"), ("person_cooldown_seconds", "0")):
            self.do(self.commands.set(SERVER, name, value, PEOPLE[0]))
            self.changes += 1

    @rule(
        room=st.sampled_from([*ROOMS, SERVER]),
        change=st.sampled_from([(name, value) for name, values in VALUES.items() for value in values]),
        who=st.sampled_from(PEOPLE),
    )
    def set(self, room: Room, change: tuple[str, str], who: Person) -> None:
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        before = rooms.given.get((room.platform, room.id))
        self.do(self.commands.set(room, *change, who))
        after = rooms.given.get((room.platform, room.id))
        self.changes += (before or None) != (after or None)
        if change[0] not in SETTING or change[1] in ("sometimes", "many"):
            assert before == after

    @rule(
        target=answers,
        room=st.sampled_from(ROOMS),
        who=st.sampled_from(PEOPLE),
        page=st.sampled_from("abc"),
        asked=st.booleans(),
    )
    def write(self, room: Room, who: Person, page: str, asked: bool) -> Any:  # noqa: FBT001  # a case
        """Law 1: silent unless asked, or on what this room's admins want to hear about."""
        asked = asked or room.private
        before = self.noted
        ignored = self.do(self.memory.people.ignored(who))
        message = Message(room, who.id, f"look https://{page}.example/", asked)
        heard = self.do(self.talk.hear(message))
        answer = self.do(self.talk.answer(heard)) if isinstance(heard, Asked) else None
        if not asked:
            assert not isinstance(heard, Reply)
            settings = self.holds(room)
            if heard is not None:
                assert settings.mode is Mode.AUTOMATIC
                assert not ignored
                assert who.id not in settings.people_ignored
            if answer is not None and page != "c" and "Checked here" not in str(answer.reply):
                assert worth_speaking(PAGES[page], settings)
            assert answer is None or page != "c"
        else:
            assert heard is not None
            assert isinstance(heard, Reply) or answer is not None
        if answer is None:
            return multiple()
        self.law_five(answer.reply)
        self.standing[answer.id] = self.noted - before
        return (room, answer)

    @rule(given=answers, action=st.sampled_from([Action.AGAIN, Action.SOURCES, Action.WRONG]))
    def press(self, given: tuple[Room, Answer], action: Action) -> None:
        """Buttons work as long as the answer is known, and change nothing else."""
        _, answer = given
        before, known = self.noted, answer.id in self.standing
        found = self.do(self.talk.press(answer.id, action))
        assert known or (found is None and self.noted == before)
        if known and action is Action.AGAIN:
            self.standing[answer.id] += self.noted - before

    @rule(given=consumes(answers))
    def remove(self, given: tuple[Room, Answer]) -> None:
        """Law 7: what was removed is gone, from the history too."""
        _, answer = given
        before = self.noted
        self.do(self.talk.press(answer.id, Action.REMOVE))
        assert self.noted == before - self.standing.pop(answer.id, 0)
        assert self.do(self.talk.press(answer.id, Action.SHOW)) is None

    @rule(who=st.sampled_from(PEOPLE), wish=st.booleans())
    def wish(self, who: Person, wish: bool) -> None:  # noqa: FBT001  # a case
        self.do(self.commands.ignore(who) if wish else self.commands.heed(who))

    @rule(minutes=st.integers(-30, 60 * 30))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def restart(self) -> None:
        """Buttons of a process that has ended are dead; settings and histories are not."""
        self.begin()
        self.standing.clear()

    # ── what always holds ──

    def law_five(self, reply: Reply) -> None:
        """No quotation is longer than 400 characters."""
        quoted = [block.words for block in reply.blocks if isinstance(block, Bar)]
        quoted += [words for block in reply.blocks if isinstance(block, Entry) for words in block.evidence]
        assert all(len(one.excerpt.text) <= 400 for one in quoted)  # PRODUCT.md, law 5

    @invariant()
    def law_eight(self) -> None:
        """Every change of a setting is on record, with who and when."""
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        assert len(rooms.records) == self.changes
        assert all(one.who in {"7", "8"} for _, one in rooms.records)


TestRooms = Rooms.TestCase
TestRooms.settings = hypothesis_settings(max_examples=100, stateful_step_count=40, deadline=None)
