"""Values that settings take, for hypothesis."""

from __future__ import annotations

import string
from typing import assert_never

from hypothesis import strategies as st

from bot.room_settings.definitions import SETTINGS, Setting
from bot.room_settings.domains import LONGEST
from bot.room_settings.kinds import (
    LONGEST_ID,
    LONGEST_KEYWORD,
    LONGEST_PREFIX,
    Choice,
    Choices,
    Items,
    OnOff,
    RoomReference,
    Value,
    Whole,
)
from bot.room_settings.overrides import Overrides

_LETTERS = string.ascii_lowercase + string.digits
_LABELS = st.text(_LETTERS, min_size=1, max_size=20).filter(lambda label: not label.isdigit())
_DOMAINS = st.lists(_LABELS, min_size=2, max_size=4).map(".".join).filter(lambda name: len(name) <= LONGEST)
_IDS = st.text(string.ascii_letters + string.digits + "-_.:@/", min_size=1, max_size=LONGEST_ID)

ITEMS = {
    "domain": _DOMAINS,
    "entry": st.one_of(_DOMAINS, _LABELS.map("/{}".format), _LABELS.map("?{}".format)),
    "identity": _IDS,
    "keyword": st.text(min_size=1, max_size=LONGEST_KEYWORD),
    "prefix": st.text(min_size=1, max_size=LONGEST_PREFIX),
}


def values(setting: Setting) -> st.SearchStrategy[Value]:
    kind = setting.kind
    match kind:
        case Choice(among):
            return st.sampled_from(list(among))
        case Choices(among, least):
            return st.frozensets(st.sampled_from(list(among)), min_size=least)
        case Whole(least, most):
            return st.integers(least, most)
        case OnOff():
            return st.booleans()
        case RoomReference():
            return st.none() | _IDS
        case Items(sort):
            read = ITEMS[sort].map(kind.read).filter(lambda item: item is not None)
            return st.frozensets(read.map(str), max_size=6)
        case _:
            assert_never(kind)


def overrides() -> st.SearchStrategy[Overrides]:
    each = {setting.name: values(setting) for setting in SETTINGS}
    return st.fixed_dictionaries({}, optional=each).map(Overrides.of)
