"""The conversation service: policy, checks, stores and the answer cache behind one interface."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never
from weakref import WeakValueDictionary

from bot.answer_cache import (
    CACHE_SIZE,
    Answer,
    AnswerCache,
    CachedAnswer,
    LookUpReport,
    apply_delivery_style,
    look_up_nothing,
    restore_answer,
)
from bot.coalescing import RequestCoalescer
from bot.errors import CannotCheck
from bot.fair_queue import Ticket
from bot.fetching.links import find_links, parse_link
from bot.history import IN_THE_LOG, HistoryEntry, make_entry
from bot.hosts import get_host
from bot.log_context import bind_check_id, new_id
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Person, Room
from bot.policy import Policy, Refusal, filter_links
from bot.ports import Checker, Clock, FindLinks, StoredReport, TextReader
from bot.reading.languages.registry import readable_languages
from bot.replies import Action, Reply, Style
from bot.reply_composer import ReplyComposer, list_hosts
from bot.replying.failures import explain_failure, failure, remark
from bot.replying.phrasebook import get_phrases
from bot.replying.repeats import make_pointer
from bot.replying.reply import make_private
from bot.rooms import (
    DeliveryStyle,
    Removers,
    RoomSettings,
    can_remove,
    has_reportable_finding,
    is_reportable_by_flag,
)
from bot.stores import Stores

AT_ONCE: Final = 3  # links of one message that are checked
STYLES: Final[Mapping[DeliveryStyle, Style]] = {
    DeliveryStyle.BRIEF: "brief"
}  # other styles show the card, elsewhere
SOON: Final = timedelta(seconds=30)  # in which a page is not read again, however often somebody presses

_log = logging.getLogger(__name__)


class ConversationService:
    """Implements bot.conversation.Conversation. `look_up_report`: a stored report by its key; the buttons of
    answers that have left the cache work from there."""

    def __init__(  # its parts, each by name
        self,
        *,
        checker: Checker,
        text_reader: TextReader,
        stores: Stores,
        clock: Clock,
        look_up_report: LookUpReport = look_up_nothing,
        find_links: FindLinks = find_links,
        cache_size: int = CACHE_SIZE,
    ) -> None:
        self._checker = checker
        self._text_reader = text_reader
        self._stores = stores
        self._policy = Policy(stores, clock)
        self._clock = clock
        self._find_links = find_links
        self._look_up_report = look_up_report
        self._composer = ReplyComposer(clock, readable_languages())
        self._cache = AnswerCache(cache_size)
        self.dropped_count = 0  # automatic checks for which there was no time
        self._coalescers: WeakValueDictionary[tuple[Room, str], RequestCoalescer] = WeakValueDictionary()

    # ── in ──

    async def hear(self, message: Message) -> CheckRequest | Reply | None:
        """Stay silent unless asked, or unless the room wants its links read and this one may be."""
        try:
            refusal = await self._policy.find_refusal(message)
            if refusal is not None:
                return refusal.reply
            found = self._find_links(message.text)
            if not found:
                return _explain_no_link(message.text) if message.asked else None
            allowed = await self._policy.filter_links(message, found)
            if isinstance(allowed, Refusal):
                return allowed.reply
            request = CheckRequest(
                message.room,
                message.sender,
                (),
                unasked=not message.asked,
                poster=message.poster,
                aside=message.aside,
            )
            return _limit_links(request, allowed)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("a message could not be heard")
            return failure(CannotCheck()) if message.asked else None

    async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:
        """Return the request of an edited message: the same where its links are, without links where none is
        left or the policy refuses it. An edit starts no cooldown."""
        settings = await self._stores.settings(before.room)
        asked = not before.unasked
        found = self._find_links(message.text)
        read = {*before.links, *filter_links(settings, found, asked=asked)}  # what is checked already stays
        now = _limit_links(before, tuple(link for link in found if link in read))
        if now == before:
            return before
        # Whoever edits a message is its poster; somebody else may have asked.
        edited = replace(message, asked=asked, sender=before.sender, poster=message.sender)
        hindered = await self._policy.find_refusal(edited) is not None
        return _limit_links(before, ()) if hindered else replace(now, sender=before.sender or message.sender)

    # ── out ──

    async def answer(
        self, request: CheckRequest, style: Style | None = None, *, answer_id: str | None = None
    ) -> Answer | None:
        answer_id = answer_id or new_id()
        alone = None if request.room.private or request.aside or not request.links else request.links[0].key
        line = (
            RequestCoalescer()
            if alone is None
            else self._coalescers.setdefault((request.room, alone), RequestCoalescer())
        )
        with bind_check_id(answer_id):
            async with line.join() as problem:  # of ten who paste it at once nine get a pointer
                return await self._answer(request, style, answer_id, line, problem)

    async def _answer(
        self,
        request: CheckRequest,
        style: Style | None,
        answer_id: str,
        line: RequestCoalescer,
        problem: CannotCheck | None,
    ) -> Answer | None:
        settings = await self._stores.settings(request.room)
        shape = style or STYLES.get(settings.style, "card")
        earlier = await self._find_earlier(request, settings)
        if earlier is not None:
            if request.unasked and not await self._was_reportable(earlier, request.links[0].key, settings):
                return None
            pointer = self._cache_answer(request, shape, make_pointer(earlier, self._clock()), answer_id)
            return apply_delivery_style(pointer, request, settings)
        within = timedelta(hours=settings.repeat_hours) if settings.repeat_hours else None
        if problem is not None and len(request.links) == 1:
            outcomes: list[StoredReport | CannotCheck] = [problem]
        else:
            outcomes = await self._check_links(request, again=False, within=within)
        if isinstance(outcomes[0], CannotCheck):
            line.fail(outcomes[0])
        reports = [one.report for one in outcomes if isinstance(one, StoredReport)]
        if request.unasked and not any(has_reportable_finding(report, settings) for report in reports):
            return None
        found = self._composer.compose(request, shape, outcomes, settings.sections)
        answer = self._cache_answer(request, shape, found, answer_id)
        await self._add_to_history(request, outcomes, answer.id, settings)
        return apply_delivery_style(answer, request, settings)

    async def answer_text(self, request: CheckRequest, text: str, style: Style = "card") -> Answer:
        """Answer about a text that somebody pasted because the page could not be read."""
        answer_id = new_id()
        with bind_check_id(answer_id):
            return self._cache_answer(
                request, style, await self._read_pasted(request, text, style, answer_id), answer_id
            )

    async def mark_sent(self, answer_id: str, place: str) -> None:
        await self._stores.set_place(answer_id, place)

    async def retract(self, answer_id: str) -> None:
        """Remove an answer that does not stand any more from the cache and the history."""
        self._cache.pop(answer_id)
        await self._stores.remove_answer(answer_id)

    async def retract_at(self, platform: str, place: str, *, below: bool = False) -> None:
        for answer in await self._stores.find_at_place(platform, place, below=below):
            await self.retract(answer)

    async def drop(self, request: CheckRequest) -> None:
        self.dropped_count += 1
        self._policy.refund_cooldown(request)

    async def refuse_removal(
        self, answer_id: str, room: Room, *, involved: bool, moderator: bool
    ) -> str | None:
        """Return the sentence that refuses the removal of an answer; None where it is allowed.

        The poster of the link, whoever asked and moderators may remove it, or moderators alone where the
        admins of the room that it is about say so; it may stand in a log channel. In private, everybody may.
        """
        held = self._cache.get(answer_id)
        about = (held.request.room, ()) if held is not None else await self._stores.find_answer(answer_id)
        settings = await self._stores.settings(room if about is None else about[0])
        if room.private or can_remove(settings, involved=involved, moderator=moderator):
            return None
        narrowed = settings.removers is Removers.MODERATORS_ONLY
        return get_phrases().say("places.only_moderators" if narrowed else "places.only_asker_or_moderators")

    async def show(self, answer_id: str, room: Room) -> Answer | Reply | None:
        given = self._cache.get(answer_id)
        if given is None:
            return None
        if given.shown or not given.request.aside:
            return remark("conversation.shown")
        self._cache.add(replace(given, shown=True))  # before anything is waited for: it may be pressed twice
        shown: Answer | Reply | None = None
        try:
            shown = await self._show(answer_id, given, room)
        finally:
            if not isinstance(shown, Answer):
                self._mark_unshown(answer_id)
        return shown

    async def _show(self, answer_id: str, given: CachedAnswer, room: Room) -> Answer | Reply | None:
        if all(button.action is not Action.SHOW for button in given.answer.reply.buttons):
            return remark("conversation.nothing_to_show")
        if room != given.request.room:
            return remark("conversation.show_elsewhere")
        if (await self._stores.settings(room)).style is DeliveryStyle.LOG_CHANNEL_ONLY:
            return remark("conversation.show_nowhere")
        refusal = await self._policy.find_show_refusal(given.request)
        if refusal is not None:
            return refusal.reply
        shown = await self.answer(replace(given.request, aside=False), given.style)
        held = None if shown is None else self._cache.get(shown.id)
        if held is not None:
            self._cache.add(replace(held, shown_from=answer_id))
        return shown

    async def cancel_show(self, answer_id: str) -> None:
        held = self._cache.get(answer_id)
        if held is not None:
            self._mark_unshown(held.shown_from)
        await self.retract(answer_id)

    def _mark_unshown(self, answer_id: str) -> None:
        """Let a private answer be shown another time."""
        given = self._cache.get(answer_id)
        if given is not None:
            self._cache.add(replace(given, shown=False))

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        with bind_check_id(answer_id):
            given = await self._find_cached(answer_id)
            if given is None:
                return None
            match action:
                case Action.SOURCES | Action.HEDGES:
                    reply = given.answer.reply
                    panel = next((one for one in reply.panels if one.action is action), None)
                    return None if panel is None else Reply(panel.blocks, spoiler=reply.spoiler)
                case Action.AGAIN:
                    found = await self._recheck(given)
                    return found.reply if isinstance(found, Answer) else found
                case Action.PASTE:
                    return remark("conversation.paste")
                case Action.WRONG:
                    return await self._add_objection(given, None, "")
                case Action.OPEN | Action.REMOVE | Action.SHOW:
                    return None
                case _:
                    assert_never(action)

    async def recheck(self, answer_id: str) -> Answer | Reply | None:
        with bind_check_id(answer_id):
            given = await self._find_cached(answer_id)
            return None if given is None else await self._recheck(given)

    async def object(self, answer_id: str, who: Person | None, note: str = "") -> Reply | None:
        with bind_check_id(answer_id):
            given = await self._find_cached(answer_id)
            return None if given is None else await self._add_objection(given, who, note)

    async def _add_objection(self, given: CachedAnswer, who: Person | None, note: str) -> Reply:
        _log.warning(
            "a reader says that answer %s about %s is wrong", given.answer.id, list_hosts(given.request)
        )
        for about in given.request.links:
            await self._stores.add_objection(given.request.room, who, about.key, note)
        return remark("conversation.wrong_noted")

    async def answer_pasted(self, answer_id: str, room: Room, who: Person, text: str) -> Answer:
        given = await self._find_cached(answer_id)
        about = () if given is None else given.request.links
        return await self.answer_text(CheckRequest(room, who.id, about, aside=not room.private), text)

    def recent_answers(self, room: Room) -> tuple[Answer, ...]:
        """Return the cached answers of a room, newest first."""
        return tuple(given.answer for given in self._cache.find_by_room(room))

    # ── inside ──

    async def _find_cached(self, answer_id: str) -> CachedAnswer | None:
        """Return an answer from the cache, else restore it from the room's history."""
        held = self._cache.get(answer_id)
        if held is not None:
            return held
        again = await restore_answer(answer_id, self._stores, self._look_up_report)
        if again is None:
            return None
        request, outcomes = again
        settings = await self._stores.settings(request.room)
        reply = self._composer.compose(request, "card", outcomes, settings.sections)
        found = CachedAnswer(request, "card", Answer(answer_id, reply))
        self._cache.add(found)
        return found

    async def _find_earlier(self, request: CheckRequest, settings: RoomSettings) -> HistoryEntry | None:
        """Return the answer that stands in a shared room already, when a link is asked for again in
        public."""
        alone = len(request.links) == 1 and not request.more
        if request.room.private or request.aside or not alone or not settings.repeat_hours:
            return None
        now = self._clock()
        since = now - timedelta(hours=settings.repeat_hours)
        found = await self._stores.find_earlier(request.room, request.links[0].key, since)
        if found is None or found.at > now:  # the clock may have gone back
            return None
        hidden = found.place == IN_THE_LOG and settings.style is not DeliveryStyle.LOG_CHANNEL_ONLY
        return None if hidden else found

    async def _was_reportable(self, earlier: HistoryEntry, key: str, settings: RoomSettings) -> bool:
        """Return True if automatic mode would have posted an earlier answer, by what is stored of it."""
        if is_reportable_by_flag(settings, flagged=earlier.flagged):
            return True
        try:
            kept = await self._look_up_report(key)
        except OSError as problem:
            _log.warning("the report behind an answer could not be looked up: %s", problem)
            return False
        return kept is not None and has_reportable_finding(kept.report, settings)

    async def _check_links(
        self, request: CheckRequest, *, again: bool, within: timedelta | None = None
    ) -> list[StoredReport | CannotCheck]:
        room, waits = f"{request.room.platform} {request.room.id}", again or not request.unasked
        checks = (
            self._check_link(link, again=again, within=within, ticket=Ticket(room, asked=waits))
            for link in request.links
        )
        return list(await asyncio.gather(*checks))

    async def _check_link(
        self, link: Link, *, again: bool, within: timedelta | None, ticket: Ticket
    ) -> StoredReport | CannotCheck:
        """Return a failure as a value. An unforeseen exception is logged and becomes our own fault."""
        try:
            return await self._checker.check(link, again=again, within=within, ticket=ticket)
        except CannotCheck as error:
            return error
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("a check of %s broke", get_host(link))
            return CannotCheck()

    async def _add_to_history(
        self,
        request: CheckRequest,
        outcomes: Sequence[StoredReport | CannotCheck],
        answer_id: str,
        settings: RoomSettings,
    ) -> None:
        """Add an answer to the room's history, unless one person alone was told. An answer for the log
        channel alone is placed there at once, so that no reader finds it before it is sent."""
        logged = settings.style is DeliveryStyle.LOG_CHANNEL_ONLY and not request.room.private
        place = IN_THE_LOG if logged else None
        for about, one in zip(request.links, outcomes, strict=True):
            if isinstance(one, StoredReport) and not request.aside:
                entry = make_entry(one, about.key, self._clock(), spoiler=about.spoiler, place=place)
                await self._stores.add_entry(request.room, entry, one.report, answer_id)

    async def _read_pasted(self, request: CheckRequest, text: str, style: Style, answer_id: str) -> Reply:
        if not text.strip():
            return remark("conversation.no_text")
        try:
            kept = StoredReport(await self._text_reader.read_text(text), self._clock())
            found = self._composer.compose_pasted(kept, style)
        except CannotCheck as error:
            return failure(error)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("the check of a pasted text broke")
            return failure(CannotCheck())
        if request.aside:
            return make_private(found, showable=False)
        key = request.links[0].key if request.links else ""
        await self._stores.add_entry(
            request.room, make_entry(kept, key, kept.fetched), kept.report, answer_id
        )
        return found

    async def _recheck(self, given: CachedAnswer) -> Answer | Reply | None:
        """Check an answer's links again and put the new reply in its place: its buttons go on working. A page
        that cannot be read this time takes nothing away."""
        if given.at is not None and timedelta() <= self._clock() - given.at < SOON:
            return given.answer
        outcomes = await self._check_links(given.request, again=True)
        lost = next((one for one in outcomes if isinstance(one, CannotCheck)), None)
        if lost is not None:
            return remark("conversation.not_again", why=explain_failure(lost))
        if given.answer.id not in self._cache and await self._stores.find_answer(given.answer.id) is None:
            return None  # somebody removed it while it was read
        settings = await self._stores.settings(given.request.room)
        found = self._composer.compose(given.request, given.style, outcomes, settings.sections)
        answer = replace(given.answer, reply=found)
        if given.answer.id in self._cache:
            await self._add_to_history(given.request, outcomes, given.answer.id, settings)
            self._cache.add(replace(given, answer=answer, at=self._clock()))
        return answer

    def _cache_answer(self, request: CheckRequest, style: Style, found: Reply, answer_id: str) -> Answer:
        answer = Answer(answer_id, found, involved=request.involved)
        self._cache.add(CachedAnswer(request, style, answer))
        return answer


def _limit_links(request: CheckRequest, links: tuple[Link, ...]) -> CheckRequest:
    """Ask for the first of these links, and count the others."""
    return replace(request, links=links[:AT_ONCE], more=len(links[AT_ONCE:]))


def _explain_no_link(text: str) -> Reply:
    """Say why a text that stands alone and looks like an address is none that can be read."""
    alone = text.strip()
    if "://" in alone and not any(letter.isspace() for letter in alone):
        try:
            parse_link(alone)
        except CannotCheck as error:
            return failure(error)
    return remark("conversation.no_link")
