"""Every platform is a folder of handlers/ whose client.py has a `run`; whatever folder comes is tested here.

A new folder needs a fake of its name in tests/fakes (`FakeDiscord` in discord.py) with what `Place` asks.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiohttp import web
from pydantic import SecretStr

import handlers.app
from handlers.settings import EnvironmentSettings
from tests.fakes.conversation import OneReply
from tests.fakes.loopback import Loopback
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import dispatcher, serving

Run = Callable[..., Coroutine[Any, Any, None]]

PLATFORMS = sorted(client.parent.name for client in Path(handlers.app.__file__).parent.glob("*/client.py"))

ARTICLE = """<html lang=en><title>Night ferry may stop in spring</title><body><article>
<h1>Night ferry may stop in spring</h1>
<p>The night ferry to the outer islands will stop for good in spring, the Harbour Gazette reported on
Tuesday, citing two people close to the company.</p>
<p>The report could not be independently verified. The company said that it would publish its timetable
in January and that no decision had been taken about any single route before then.</p>
<p>“Nobody has told us anything,” said Ines Holm, who has worked on the boats for twenty years and speaks
for the crews. She said that the ferries were full on most nights of the past summer.</p>
<p>Shopkeepers on the islands, who get their bread and their newspapers with the night boat, are said to
be looking for another way to bring them over the water.</p>
</article></body></html>"""


class Seen(Protocol):
    @property
    def text(self) -> str: ...


class Place(Protocol):
    """What a fake platform offers to these tests."""

    token: str

    @property
    def seams(self) -> dict[str, Any]: ...

    @property
    def met(self) -> bool: ...

    async def online(self) -> None: ...

    async def down(self) -> None: ...

    async def up(self) -> None: ...

    async def says_in_private(self, text: str) -> int: ...

    async def answer(self, number: int = 1) -> Seen: ...


@pytest.fixture
async def places() -> AsyncIterator[dict[str, Place]]:
    async with AsyncExitStack() as stack:
        fakes = {
            name: getattr(import_module(f"tests.fakes.{name}"), f"Fake{name.title()}") for name in PLATFORMS
        }
        yield {name: await stack.enter_async_context(fake()) for name, fake in fakes.items()}


@pytest.fixture
async def page() -> AsyncIterator[str]:
    """The address of an article of our own on loopback."""

    async def article(_: web.Request) -> web.Response:
        return web.Response(text=ARTICLE, content_type="text/html")

    application = web.Application()
    application.router.add_get("/ferry", article)
    server = Loopback(application)
    await server.start()
    yield f"http://127.0.0.1:{server.port}/ferry"
    await server.stop()


def fake_of(name: str) -> Any:
    return getattr(import_module(f"tests.fakes.{name}"), f"Fake{name.title()}")()


def runs(name: str) -> Run:
    run: Run = import_module(f"handlers.{name}.client").run
    return run


@asynccontextmanager
async def at_work(places: dict[str, Place], conversation: OneReply) -> AsyncIterator[None]:
    """All of them in this one event loop."""
    async with AsyncExitStack() as stack:
        for name, place in places.items():
            running = runs(name)(conversation, dispatcher(conversation), place.token, **place.seams)
            await stack.enter_async_context(serving(running))
            await place.online()
        yield


def configured(tmp_path: Path, places: dict[str, Place], *names: str) -> EnvironmentSettings:
    tokens = {f"{name}_token": SecretStr(places[name].token) if name in names else None for name in places}
    given = {"database": tmp_path / "store.sqlite3", "allow_loopback": True, "operations_port": 0}
    return EnvironmentSettings.model_validate({**given, **tokens})


@pytest.fixture
def seams(places: dict[str, Place], monkeypatch: pytest.MonkeyPatch) -> None:
    """The composition root starts each platform with its defaults; here it meets the fakes instead."""
    for name, place in places.items():
        monkeypatch.setattr(f"handlers.{name}.client.run", partial(runs(name), **place.seams))


def test_there_are_platforms() -> None:
    assert {"discord", "telegram"} <= set(PLATFORMS)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_runs_with_a_conversation_a_dispatcher_and_a_token_and_needs_nothing_else(
    name: str,
) -> None:
    conversation, dispatcher, token, *rest = inspect.signature(runs(name)).parameters.values()
    assert (conversation.name, dispatcher.name, token.name) == ("conversation", "dispatcher", "token")
    assert all(p.kind is p.KEYWORD_ONLY and p.default is not p.empty for p in rest)


async def test_all_platforms_answer_in_one_event_loop(places: dict[str, Place]) -> None:
    async with at_work(places, conversation := OneReply(ferry())):
        await asyncio.gather(*(place.says_in_private(URL) for place in places.values()))
        answers = await asyncio.gather(*(place.answer() for place in places.values()))
    assert all("UNCONFIRMED: the article says so itself" in answer.text for answer in answers)
    assert {heard.room.platform for heard in conversation.heard} == set(PLATFORMS)


@pytest.mark.parametrize("lost", PLATFORMS)
async def test_an_outage_of_one_does_not_stop_the_others(places: dict[str, Place], lost: str) -> None:
    others = [place for name, place in places.items() if name != lost]
    async with at_work(places, OneReply(ferry())):
        await places[lost].down()
        for place in others:
            await place.says_in_private(URL)
            await place.answer()
        await places[lost].up()
        await places[lost].says_in_private(URL)
        await places[lost].answer()


@pytest.mark.parametrize("name", PLATFORMS)
@pytest.mark.usefixtures("seams")
async def test_with_one_token_one_platform_starts_and_answers_with_the_real_conversation(
    places: dict[str, Place], tmp_path: Path, page: str, name: str
) -> None:
    async with serving(handlers.app._run_platforms(configured(tmp_path, places, name))):
        await places[name].online()
        await places[name].says_in_private(page)
        answer = await places[name].answer()
    assert "Night ferry may stop in spring" in answer.text
    assert "UNCONFIRMED: the article says so itself" in answer.text
    assert "The report could not be independently verified." in answer.text
    assert [other for other, place in places.items() if place.met] == [name]


@pytest.mark.usefixtures("seams")
async def test_a_refused_token_stops_its_own_platform_alone(places: dict[str, Place], tmp_path: Path) -> None:
    first, *others = PLATFORMS
    places[first].token = "900:refused"
    found = configured(tmp_path, places, *PLATFORMS)
    places[first].token = "900:valid"
    async with serving(handlers.app._run_platforms(found)):
        for name in others:
            await places[name].online()
            await places[name].says_in_private("no link")
            await places[name].answer()
    assert not places[first].met
