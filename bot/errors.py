"""The errors of a check.

    CannotCheck
    ├── BadLink                 nothing was fetched
    │   ├── NotALink
    │   ├── RefusedScheme
    │   ├── RefusedPort
    │   └── RefusedUserinfo     a name, password or backslash before the host
    ├── CannotFetch             no page came back
    │   ├── RefusedAddress
    │   ├── NameNotFound
    │   ├── NoAnswer            no connection: refused, unreachable, or nobody there
    │   ├── SiteBusy            the site was asked so often that it is let alone for a while
    │   ├── TimedOut
    │   ├── TooLarge
    │   ├── TooManyRedirects
    │   ├── RedirectsNowhere
    │   ├── BadAnswer           not HTTP, cut off, or a certificate that does not fit
    │   └── BadStatus           carries the status
    ├── CannotRead              a page came back, but no article
    │   ├── NotAnArticle        carries what it is: video, post, document, image, feed, data, file
    │   ├── EmptyPage
    │   ├── TooShort            carries the number of words found
    │   ├── ConsentWall
    │   ├── SignIn
    │   ├── ErrorPage           a "not found" page that came with status 200
    │   └── ReaderKilled        the page made its reader exceed its time or memory
    └── BadInput                a file or a line given by a person
        ├── NoSuchFile
        ├── NotText
        └── BadLine             carries what is wrong with it

`kind` is the public name in the `error` of a report's JSON; the one sentence that people see stands in
`bot/replying/phrases`, under the same name. Errors are values too: equal by type and arguments, and
they survive pickling, because a reader process returns them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal


class CannotCheck(Exception):  # noqa: N818  # named for what could not be done
    """A check that ends without a report. Positional arguments are the facts for its sentence."""

    fields: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The class name in snake_case: "BadStatus" → "bad_status"."""
        return _kind(type(self))

    @property
    def facts(self) -> dict[str, object]:
        """The arguments by name, for the sentence."""
        return dict(zip(self.fields, self.args, strict=True))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class BadLink(CannotCheck): ...


class NotALink(BadLink): ...


class RefusedScheme(BadLink): ...


class RefusedPort(BadLink): ...


class RefusedUserinfo(BadLink): ...


class CannotFetch(CannotCheck): ...


class RefusedAddress(CannotFetch): ...


class NameNotFound(CannotFetch): ...


class NoAnswer(CannotFetch): ...


class SiteBusy(CannotFetch): ...


class TimedOut(CannotFetch): ...


class TooLarge(CannotFetch): ...


class TooManyRedirects(CannotFetch): ...


class RedirectsNowhere(CannotFetch): ...


class BadAnswer(CannotFetch): ...


class BadStatus(CannotFetch):
    fields = ("status",)

    def __init__(self, status: int) -> None:
        super().__init__(status)


class CannotRead(CannotCheck): ...


PageKind = Literal["video", "post", "document", "image", "audio", "feed", "data", "file"]


class NotAnArticle(CannotRead):
    fields = ("what",)

    def __init__(self, what: PageKind) -> None:
        super().__init__(what)


class EmptyPage(CannotRead): ...


class TooShort(CannotRead):
    fields = ("words",)

    def __init__(self, words: int) -> None:
        super().__init__(words)


class ConsentWall(CannotRead): ...


class SignIn(CannotRead): ...


class ErrorPage(CannotRead): ...


class ReaderKilled(CannotRead): ...


class BadInput(CannotCheck): ...


class NoSuchFile(BadInput):
    fields = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__(path)


class NotText(BadInput):
    fields = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__(path)


class BadLine(BadInput):
    fields = ("problem",)

    def __init__(self, problem: str) -> None:
        super().__init__(problem)


def make_error(kind: str, facts: Sequence[object]) -> CannotCheck:
    """Make the error of a public name from its facts in order; a plain CannotCheck of a name that is not
    known, as after a newer Hearsay wrote it."""
    found = _kinds().get(kind, CannotCheck)
    return found(*facts) if len(facts) == len(found.fields) else CannotCheck()


@cache
def _kinds() -> dict[str, type[CannotCheck]]:
    found, known = [CannotCheck], {}
    for one in found:
        found += one.__subclasses__()
        known[_kind(one)] = one
    return known


def _kind(error: type[CannotCheck]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
