"""Lazy imports: modules that load when something of theirs is first used, and not when another module imports
them.

The standard library's LazyLoader loads as soon as a second module imports the name, which is the case here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _LazyModule(ModuleType):
    """A stand-in for a module until one of its names is asked for; then it holds what that module holds."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        self.__dict__.update(import_module(self.__name__).__dict__)
        return self.__dict__[name] if name in self.__dict__ else super().__getattribute__(name)


def import_lazily(name: str) -> None:
    """Make `import name` cost nothing from here on until it is used. A loaded or absent module stays as it
    is."""
    if name not in sys.modules and find_spec(name) is not None:
        sys.modules[name] = _LazyModule(name)
