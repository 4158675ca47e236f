"""Arrays in one file that is mapped into memory, so that opening it costs nothing and readers share it.

    8 bytes        the length of the header, little-endian
    the header     JSON {"__metadata__": {NAME: TEXT}, NAME: {"dtype", "shape", "data_offsets"}, …}
    the rest       the arrays' own bytes, row by row

This is the safetensors format. The metadata state the version and the checksum of the bytes after the header.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from typing import Any, Final

from bot.reading.decisions.linear import VERSION, CannotLoadWeights

LENGTH: Final = 8  # bytes that state the header's length
METADATA: Final = "__metadata__"
SIZES: Final = {"I8": 1, "U8": 1, "F16": 2, "F32": 4}  # bytes of a number


@dataclass(frozen=True, slots=True)
class StoredArray:
    """Where the numbers of an array begin in a file, and their type and shape."""

    dtype: str
    shape: tuple[int, ...]
    start: int

    @property
    def count(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class TensorFile:
    """An open file of arrays. `start` is the place of the first array."""

    metadata: Mapping[str, str]
    arrays: Mapping[str, StoredArray]
    content: mmap.mmap
    start: int


def open_tensors(file: Traversable) -> TensorFile:
    """Return the arrays of a file, whose numbers are not read yet. Raises CannotLoadWeights."""
    try:
        with as_file(file) as path, path.open("rb") as raw:
            content = mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ)
        found = _parse(content)
        version = int(found.metadata["version"])
    except FileNotFoundError:
        raise CannotLoadWeights(f"The weights {file.name} are missing: install hearsay-bot again.") from None
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        raise CannotLoadWeights(f"The weights {file.name} are broken: install hearsay-bot again.") from None
    if version != VERSION:
        raise CannotLoadWeights(
            f"The weights {file.name} are of version {version}, and version {VERSION} is needed:"
            " install hearsay-bot again."
        )
    return found


def check_tensors(file: Traversable) -> None:
    """Read a file of arrays to its end. Raises CannotLoadWeights."""
    opened = open_tensors(file)
    with memoryview(opened.content) as content, content[opened.start :] as rest:
        checksum = zlib.crc32(rest)
    if str(checksum) != opened.metadata.get("crc32"):
        raise CannotLoadWeights(f"The weights {file.name} are broken: install hearsay-bot again.")


def _parse(content: mmap.mmap) -> TensorFile:
    """Return what the header states. Raises ValueError where the file does not hold exactly that."""
    start = LENGTH + int.from_bytes(content[:LENGTH], "little")
    header: dict[str, Any] = json.loads(content[LENGTH:start])
    metadata = header.pop(METADATA)
    arrays = {
        name: StoredArray(one["dtype"], tuple(one["shape"]), start + one["data_offsets"][0])
        for name, one in header.items()
    }
    ends = [array.start + array.count * SIZES[array.dtype] for array in arrays.values()]
    if max(ends) != len(content):
        raise ValueError("cut short, or longer than its header states")
    return TensorFile(metadata, arrays, content, start)
