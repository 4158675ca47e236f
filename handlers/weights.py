"""The weights of the learnt decisions, looked at before anything is read."""

from __future__ import annotations

from bot.reading.decisions.linear import CannotLoadWeights
from bot.reading.decisions.weight_files import check_weights
from handlers.startup_errors import StartupError


def require_weights() -> None:
    """Raise StartupError if a file of weights is missing, broken or of another version."""
    try:
        check_weights()
    except CannotLoadWeights as problem:
        raise StartupError(str(problem)) from problem
