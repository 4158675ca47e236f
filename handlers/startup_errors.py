"""What stops Hearsay from starting, as one sentence for the person who starts it."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  # it is no fault of the program
    """The message is the whole sentence; it never holds the value of a secret."""
