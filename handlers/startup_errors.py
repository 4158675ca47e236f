"""The error that stops Hearsay from starting, as one sentence for the person who starts it."""

from __future__ import annotations


class StartupError(Exception):
    """The message is the whole sentence; it never holds the value of a secret."""
