"""Write the files of arrays that `bot.reading.decisions.tensor_file` opens."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from bot.reading.decisions.tensor_file import LENGTH, METADATA

DTYPES = {"int8": "I8", "uint8": "U8", "float16": "F16", "float32": "F32"}
ALIGNED = 8  # bytes


def write_tensors(file: Path, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write the arrays with wide numbers first, so that all of them are aligned."""
    ordered = sorted(arrays.items(), key=lambda named: (-named[1].itemsize, named[0]))
    content = b"".join(array.tobytes() for _, array in ordered)
    header: dict[str, Any] = {METADATA: {**metadata, "crc32": str(zlib.crc32(content))}}
    end = 0
    for name, array in ordered:
        start, end = end, end + array.nbytes
        header[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": array.shape,
            "data_offsets": [start, end],
        }
    packed = json.dumps(header, separators=(",", ":")).encode()
    packed += b" " * (-len(packed) % ALIGNED)
    file.write_bytes(len(packed).to_bytes(LENGTH, "little") + packed + content)
