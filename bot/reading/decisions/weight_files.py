"""Every file of weights that comes with this package, read once at the start."""

from __future__ import annotations

from importlib.resources import files

from bot.reading.decisions.linear import read_models
from bot.reading.decisions.tensor_file import check_tensors


def check_weights() -> None:
    """Read every file of weights there is, the encoder's without the arithmetic that it is for. Raises
    CannotLoadWeights."""
    for file in sorted((files(__package__) / "weights").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            read_models(file)
        elif file.name.endswith(".safetensors"):
            check_tensors(file)
