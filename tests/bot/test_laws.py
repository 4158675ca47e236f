"""The laws of the product that are about a conversation's memory, over any order of what people do.

Messages go the whole way: the conversation hears them, the dispatcher accepts their checks, and a chat of
plain dictionaries holds what stands. Processes may end at any point between accepting and answering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from bot.answer_cache import Answer
from bot.commands import Commands
from bot.dispatcher import EDITS, Dispatcher, SentMessage, Undeliverable
from bot.errors import BadStatus
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.model import Link, Report
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.replies import Action, BlockQuote, Label, Line, ListEntry, Reply, Said, SmallPrint, Text
from bot.room_settings.definitions import SETTING
from bot.room_settings.overrides import Overrides
from bot.room_settings.overrides import resolve_settings as layered
from bot.rooms import Mode, Removers, RoomSettings, has_reportable_finding
from bot.service import ConversationService
from tests.bot.reading.texts import read as read_paragraphs
from tests.bot.written import bridge, plain
from tests.fakes.dispatching import resume
from tests.fakes.memory import FakeHistory, FakeJobStore, FakeRooms, memory
from tests.fakes.ports import FakeChecker, FakeTextReader

SHARED = [Room("discord", str(n), private=False, server="1") for n in (5, 6)]
ROOMS = [*SHARED, Room("discord", "9", private=True)]
SERVER = Room("discord", "1", private=False, server="1")
PEOPLE = [Person("discord", n) for n in ("7", "8")]
PAGES = {
    "a": bridge(),
    "b": plain(),
    "e": read_paragraphs("# @everyone look", "The bridge has fallen, @here said.", "It is unconfirmed."),
}
UNREADABLE = "c"
VALUES = {
    "mode": ["off", "on_request", "automatic", "sometimes"],
    "findings": ["unconfirmed", "every_article", "none"],
    "person_cooldown_seconds": ["0", "30", "many"],
    "repeat_hours": ["0", "24"],
    "people_ignored": ["7", "none"],
    "domains_ignored": ["a.example", "none"],
    "removers": ["moderators_only", "poster_asker_and_moderators"],
    "colour": ["red"],
}

_T = TypeVar("_T")


async def read(link: Link, **_: object) -> StoredReport:
    name = page_of(link)
    if name not in PAGES:
        raise BadStatus(404)
    return StoredReport(PAGES[name], datetime(2026, 11, 25, tzinfo=UTC))


async def unread(text: str) -> Report:
    raise AssertionError(text)


def page_of(link: Link) -> str:
    return link.url.removeprefix("https://").partition(".")[0]


@dataclass
class Post:
    """A message that somebody wrote; `pages` are its links, `removed`: somebody has removed the answer,
    `read_by`: the settings when it was read last."""

    room: Room
    who: Person
    where: str
    pages: list[str]
    asked: bool
    read_by: RoomSettings
    edits: int = 0
    gone: bool = False
    removed: bool = False


@dataclass
class Chat:
    """What stands: each answer by its own message's number."""

    standing: dict[str, tuple[Job, Answer]] = field(default_factory=dict)
    sent: int = 0

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        if job.placeholder is not None and job.placeholder not in self.standing:
            raise Undeliverable("somebody has removed it")
        if job.placeholder is None:
            self.sent += 1
        message = job.placeholder or str(self.sent)
        self.standing[message] = (job, answer)
        return SentMessage(message, f"https://chat.example/{message}")

    async def delete(self, job: Job) -> bool:
        return self.standing.pop(job.placeholder or "", None) is not None


class Rooms(RuleBasedStateMachine):
    """Admins change settings, people write, edit, delete, press, remove and ask to be left alone; processes
    end and begin."""

    posts: Bundle[Post] = Bundle("posts")

    def __init__(self) -> None:
        super().__init__()
        self.memory = memory()
        self.job_store = FakeJobStore()
        self.chat = Chat()
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)
        self.changes = 0
        self.written: list[Post] = []
        self.waiting: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.talk = ConversationService(
            checker=FakeChecker(read),
            text_reader=FakeTextReader(unread),
            stores=self.memory,
            clock=lambda: self.now,
        )
        self.dispatcher = Dispatcher(self.job_store, self.talk, lambda: self.now)
        self.commands = Commands(self.memory)

    def do(self, working: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run(working)

    def holds(self, room: Room) -> RoomSettings:
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        server = rooms.given.get(("discord", "1"), Overrides()) if room.server else Overrides()
        return layered(server, rooms.given.get((room.platform, room.id), Overrides()))

    def answers_to(self, post: Post) -> list[Answer]:
        return [answer for job, answer in self.chat.standing.values() if job.where == post.where]

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
    def configure(self, room: Room, change: tuple[str, str], who: Person) -> None:
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        before = rooms.given.get((room.platform, room.id))
        self.do(self.commands.set(room, *change, who))
        after = rooms.given.get((room.platform, room.id))
        self.changes += (before or None) != (after or None)
        if change[0] not in SETTING or change[1] in ("sometimes", "many"):
            assert before == after

    @rule(
        target=posts,
        room=st.sampled_from(ROOMS),
        who=st.sampled_from(PEOPLE),
        pages=st.lists(st.sampled_from("abce"), min_size=1, max_size=2, unique=True),
        asked=st.booleans(),
        dies=st.booleans(),
    )
    def write(self, room: Room, who: Person, pages: list[str], asked: bool, dies: bool) -> Any:  # noqa: FBT001  # cases
        """Law 1: silent unless asked, or on what this room's admins want to hear about."""
        asked = asked or room.private
        settings = self.holds(room)
        post = Post(room, who, f"message {len(self.written)}", pages, asked, settings)
        ignored = self.do(self.memory.people.is_ignored(who))
        heard = self.do(self.talk.hear(self.message(post)))
        if not isinstance(heard, CheckRequest):
            assert (heard is not None) == asked
            return multiple()
        if not asked:
            assert settings.mode is Mode.AUTOMATIC
            assert not ignored
            assert who.id not in settings.people_ignored
        self.written.append(post)
        job = self.do(self.dispatcher.accept(post.where, heard, post.where))
        assert job is not None
        self.work([job.id], dies=dies)
        return post

    @rule(post=posts, pages=st.lists(st.sampled_from("abce"), max_size=2, unique=True), dies=st.booleans())
    def edit(self, post: Post, pages: list[str], dies: bool) -> None:  # noqa: FBT001  # a case
        """An answer follows its message."""
        if post.gone:
            return
        changed = self.do(self.dispatcher.handle_edit(self.message(post, pages), post.where))
        if changed is None:  # withdrawn before: what is written now counts as new
            return
        settings = self.holds(post.room)
        assert pages != post.pages or settings != post.read_by or not changed
        post.read_by = settings
        post.edits += bool(changed)
        post.pages = pages
        self.work(changed, dies=dies)

    @rule(post=posts, dies=st.booleans())
    def delete(self, post: Post, dies: bool) -> None:  # noqa: FBT001  # a case
        post.gone = True
        self.work(self.do(self.dispatcher.handle_deletion("discord", post.where)), dies=dies)

    @rule(post=posts, action=st.sampled_from([Action.AGAIN, Action.SOURCES, Action.WRONG]))
    def press(self, post: Post, action: Action) -> None:
        """Buttons change nothing about what stands."""
        for answer in self.answers_to(post):
            before = dict(self.chat.standing)
            self.do(self.talk.press(answer.id, action))
            assert self.chat.standing == before

    @rule(post=posts, who=st.sampled_from(PEOPLE), moderator=st.booleans())
    def remove(self, post: Post, who: Person, moderator: bool) -> None:  # noqa: FBT001  # a case
        """Law 7: the poster, whoever asked and moderators remove an answer, unless a room narrows it; what
        was removed is gone, from the history too, and comes back by no edit."""
        narrowed = self.holds(post.room).removers is Removers.MODERATORS_ONLY
        for message, (job, answer) in list(self.chat.standing.items()):
            if job.where != post.where:
                continue
            involved = who.id in job.request.involved
            refused = self.do(
                self.talk.refuse_removal(answer.id, post.room, involved=involved, moderator=moderator)
            )
            allowed = moderator or (involved and not narrowed) or post.room.private
            assert (refused is None) == allowed
            if refused is None:
                del self.chat.standing[message]
                self.do(self.dispatcher.handle_removal(answer.id))
                self.do(self.dispatcher.run_job(answer.id, self.chat))
                post.removed = True
                assert answer.id not in self.remembered()

    @rule(who=st.sampled_from(PEOPLE), wish=st.booleans())
    def wish(self, who: Person, wish: bool) -> None:  # noqa: FBT001  # a case
        self.do(self.commands.ignore(who) if wish else self.commands.stop_ignoring(who))

    @rule(minutes=st.integers(-30, 60 * 30))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def restart(self) -> None:
        """Another process takes up what the last one left; settings and histories are still there."""
        self.begin()
        self.do(resume(self.dispatcher, "discord", self.chat))
        self.waiting.clear()

    # ── what always holds ──

    @invariant()
    def each_message_has_at_most_one_answer_and_that_is_about_its_links(self) -> None:
        for post in self.written:
            found = [job for job, _ in self.chat.standing.values() if job.where == post.where]
            assert len(found) <= 1
            if post.where in self.busy():
                continue  # its process has died, and no other has come yet
            for job in found:
                assert not post.gone
                assert not post.removed
                assert {page_of(link) for link in job.request.links} <= set(post.pages)

    @invariant()
    def who_asks_is_answered(self) -> None:
        for post in self.written:
            left = {job.where for job in self.job_store.rows.values() if not job.withdrawn}
            done = post.where in left and post.where not in self.busy()
            if post.asked and done and not (post.gone or post.removed or post.edits > EDITS):
                assert self.answers_to(post)

    @invariant()
    def law_one(self) -> None:
        """What nobody asked for stands only where it was a finding."""
        for job, answer in self.chat.standing.values():
            if job.request.unasked and "Checked here" not in str(answer.reply):
                assert any(page_of(link) in PAGES for link in job.request.links)

    @invariant()
    def law_five_and_six(self) -> None:
        """No quotation is longer than 400 characters, and no word of ours calls anybody."""
        for _, answer in self.chat.standing.values():
            quoted = [block.words for block in answer.reply.blocks if isinstance(block, BlockQuote)]
            quoted += [
                words
                for block in answer.reply.blocks
                if isinstance(block, ListEntry)
                for words in block.evidence
            ]
            assert all(len(one.excerpt.text) <= 400 for one in quoted)  # a quotation, no copy of the article
            assert not any("@" in piece.text for piece in ours(answer.reply))

    @invariant()
    def the_history_holds_what_stands(self) -> None:
        standing = {answer.id for _, answer in self.chat.standing.values()}
        assert self.remembered() <= standing | set(self.busy().values())

    @invariant()
    def law_eight(self) -> None:
        """Every change of a setting is on record, with who and when."""
        rooms = self.memory.rooms
        assert isinstance(rooms, FakeRooms)
        assert len(rooms.records) == self.changes
        assert all(one.who in {"7", "8"} for _, one in rooms.records)

    # ── inside ──

    def message(self, post: Post, pages: list[str] | None = None) -> Message:
        text = "look " + " ".join(
            f"https://{page}.example/" for page in (post.pages if pages is None else pages)
        )
        return Message(post.room, post.who.id, text, post.asked)

    def work(self, checks: Any, *, dies: bool) -> None:
        """Sees checks through, or leaves them to the next process. An unasked answer has something to say."""
        for check in checks:
            if dies:
                self.waiting.append(check)
                continue
            self.do(self.dispatcher.run_job(check, self.chat))
            self.waiting = [other for other in self.waiting if other != check]
            for job, answer in self.chat.standing.values():
                if job.id == check and job.request.unasked and "Checked here" not in str(answer.reply):
                    settings = self.holds(job.request.room)
                    pages = [page_of(link) for link in job.request.links]
                    assert any(has_reportable_finding(PAGES[p], settings) for p in pages if p in PAGES)

    def busy(self) -> dict[str, str]:
        """Messages whose checks no process is at work on any more, and their checks."""
        return {self.job_store.rows[check].where: check for check in self.waiting}

    def remembered(self) -> set[str]:
        history = self.memory.history
        assert isinstance(history, FakeHistory)
        return {*history.answers}


def ours(reply: Reply) -> Iterator[Said]:
    lines: list[Line] = [b.line for b in reply.blocks if isinstance(b, Text | SmallPrint | Label | ListEntry)]
    yield from (piece for line in lines for piece in line if isinstance(piece, Said))


TestRooms = Rooms.TestCase
TestRooms.settings = hypothesis_settings(max_examples=100, stateful_step_count=40, deadline=None)
