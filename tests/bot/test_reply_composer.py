"""Replies about checked links: composed whatever happens, and marked as the request wants them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import BadStatus, CannotCheck
from bot.messages import CheckRequest
from bot.model import Link
from bot.places import Room
from bot.ports import StoredReport
from bot.replies import Action
from bot.reply_composer import ReplyComposer, list_hosts
from bot.replying.card import EVERY
from bot.replying.failures import failure
from tests.bot.written import bridge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROOM = Room("discord", "5", private=False, server="1")
COMPOSER = ReplyComposer(lambda: NOW, {"en"})


def request(*names: str, aside: bool = False, spoiler: bool = False) -> CheckRequest:
    links = tuple(Link(f"https://{name}.example/secret", name, spoiler=spoiler) for name in names)
    return CheckRequest(ROOM, "you", links, aside=aside)


def test_a_failure_is_a_reply() -> None:
    assert COMPOSER.compose(request("a"), "card", [BadStatus(404)], EVERY) == failure(BadStatus(404))


def test_a_bug_is_said_to_be_our_own_fault_and_logs_the_host_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.reply_composer.compose_reply", lambda *_, **__: 1 / 0)
    found = COMPOSER.compose(request("a"), "card", [StoredReport(bridge(), NOW)], EVERY)
    assert found == failure(CannotCheck())
    assert caplog.messages == ["no reply could be composed about a.example"]


def test_a_private_reply_may_be_shown_and_not_removed() -> None:
    found = COMPOSER.compose(request("a", aside=True), "card", [StoredReport(bridge(), NOW)], EVERY)
    actions = [button.action for button in found.buttons]
    assert (Action.SHOW in actions, Action.REMOVE in actions) == (True, False)


def test_a_reply_about_a_hidden_link_is_hidden() -> None:
    assert COMPOSER.compose(request("a", spoiler=True), "card", [BadStatus(404)], EVERY).spoiler


def test_hosts_are_listed_without_paths() -> None:
    assert list_hosts(request("a", "b")) == "a.example, b.example"
