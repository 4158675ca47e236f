from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from handlers.lazy_imports import import_lazily


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that says when it is loaded."""
    (tmp_path / "slow_module.py").write_text(
        "import sys\nsys.slow_was_loaded = True\ndef answer():\n    return 42\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "slow_was_loaded", False, raising=False)
    monkeypatch.delitem(sys.modules, "slow_module", raising=False)
    return "slow_module"


def loaded() -> bool:
    return bool(getattr(sys, "slow_was_loaded"))  # noqa: B009  # a name that only this test gives it


def test_a_late_module_loads_when_it_is_used_and_not_when_it_is_imported(slow: str) -> None:
    import_lazily(slow)
    module = import_module(slow)
    assert not loaded()
    assert module.answer() == 42
    assert loaded()


def test_a_name_taken_from_a_late_module_is_the_modules_own(slow: str) -> None:
    import_lazily(slow)
    stand_in = import_module(slow)
    assert stand_in.answer is import_module(slow).answer
    with pytest.raises(AttributeError):
        _ = stand_in.question


def test_a_loaded_or_absent_module_stays_as_it_is(slow: str) -> None:
    module = import_module(slow)
    import_lazily(slow)
    assert sys.modules[slow] is module
    import_lazily("no_such_module_anywhere")
    assert "no_such_module_anywhere" not in sys.modules
