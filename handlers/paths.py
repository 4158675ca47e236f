"""The paths of Hearsay's files on a person's machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_dir() -> Path:
    """Return the system's folder for what a program keeps for its user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "hearsay"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "hearsay"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hearsay"


def log_file() -> Path:
    return Path(os.environ.get("HEARSAY_LOG_FILE") or data_dir() / "hearsay.log")
