"""A machine on which nothing but one folder can be written, for a command of a user without rights: what
`docker run --read-only --volume data:/data` gives, without Docker.

    sealed(folder, "hearsay", "run")    the command line that does it

It is a mount namespace of its own, in which every mount but the folder's is read-only; the network is the
machine's. Needs root and util-linux. In CI its absence is a failure, where the tests run as root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import pytest

USER: Final = 10001  # as in the Dockerfile
_SEAL: Final = """
set -eu
data=$1; shift
mount --bind "$data" "$data"
while read -r _ _ _ _ place _; do
    [ "$place" = "$data" ] || mount -o remount,bind,ro "$place" 2>/dev/null || true
done < /proc/self/mountinfo
cd "$data"
exec env HOME="$data" "$@"
"""


def sealed(data: Path, *command: str) -> list[str]:
    """The command line of a command that can write nothing but `data`."""
    inside = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _SEAL, "seal", str(data)]
    user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
    return [*inside, *user, *_reading(), "--", *command]


def _reading() -> list[str]:
    """Where the interpreter lies in root's own home, it must be read there; that gives no right to write."""
    folders = [*Path(sys.executable).resolve().parents, *Path(__file__).resolve().parents]
    if all(folder.stat().st_mode & 0o001 for folder in folders):
        return []
    return ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


@contextmanager
def folder() -> Iterator[Path]:
    """The user's own, and gone afterwards."""
    made = Path(tempfile.mkdtemp(dir="/var/tmp"))  # pytest's own folders are for nobody else
    os.chown(made, USER, USER)
    try:
        yield made
    finally:
        shutil.rmtree(made)


def needs_sealing() -> None:
    """Skips, with the reason, where this machine permits no such thing."""
    why = _absence()
    if why and os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail(f"in CI a command must be sealed, and cannot be: {why}")
    if why:
        pytest.skip(f"no command can be sealed here: {why}")


@cache
def _absence() -> str:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "it takes root on Linux"
    if missing := [name for name in ("unshare", "setpriv", "mount") if shutil.which(name) is None]:
        return f"{' and '.join(missing)} of util-linux is not here"
    with folder() as made:
        tried = subprocess.run(sealed(made, "true"), capture_output=True, text=True, check=False)
    return tried.stderr.strip() or (f"it ends with {tried.returncode}" if tried.returncode else "")
