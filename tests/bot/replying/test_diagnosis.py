"""What a doctor says of a room."""

from __future__ import annotations

import pytest

from bot.replying.diagnosis import Need, diagnose
from bot.rooms import DeliveryStyle, FindingKind, Mode, RoomSettings
from tests.bot.lined import lines
from tests.bot.told import ROOM, Channels, commands
from tests.fakes.memory import Reach, memory


@pytest.mark.parametrize(
    ("settings", "doing"),
    [
        (RoomSettings(mode=Mode.OFF), "I am switched off here (the mode is “off”), so I answer nobody."),
        (RoomSettings(), "I answer whoever asks. I leave links alone that are only pasted"),
        (
            RoomSettings(mode=Mode.AUTOMATIC, findings=frozenset({FindingKind.UNCONFIRMED})),
            "I answer whoever asks, and I read the links that are pasted here. On my own I speak about: unc",
        ),
    ],
)
def test_a_doctor_says_what_hearsay_does(settings: RoomSettings, doing: str) -> None:
    title, done, nothing = lines(diagnose(settings))
    assert (title, nothing) == ("**What I do here**", "Nothing is in the way.")
    assert done.startswith(doing)


def test_a_doctor_names_what_hinders() -> None:
    alone = RoomSettings(style=DeliveryStyle.LOG_CHANNEL_ONLY)
    needs = [Need("send_messages", met=False), Need("view_channel", met=True)]
    assert lines(diagnose(alone, needs))[2:] == [
        "* Answers go only to the log channel, and none is set: nobody will see them.",
        "* I may not write in this channel, so I answer nobody here. Grant me Send Messages here.",
    ]
    unseen = diagnose(RoomSettings(log_channel="90"), log_channel_seen=False)
    assert lines(unseen)[2:] == ["* I cannot reach the log channel just now: this platform is not connected."]


async def test_a_doctor_without_a_memory_says_what_holds() -> None:
    reach = Reach(lost=True)
    (line,) = lines(await commands(Channels(), memory(reach)).diagnose(ROOM))
    assert line.startswith("I cannot reach my records just now, so the usual settings hold")
