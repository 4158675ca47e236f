"""A tree → its passages: text, links and offsets built together, while white space is folded.

    <p>Two  <a href="…">words</a></p>  →  Passage("Two words", links=(LinkSpan(4, 9, "…"),))

The text of a passage is final before any offset into it exists. Everything is linear in the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

# Soft hyphens and zero-width spaces are layout; the bidirectional overrides can turn a quotation around.
_LAYOUT: Final = dict.fromkeys(
    (0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
)


_KEY: Final = 60
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_THAI: Final = re.compile(r"[\u0e00-\u0eff]")


@dataclass(frozen=True, slots=True)
class LinkSpan:
    """A link inside a passage, by offsets into its text."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph-like stretch: its folded text, the element that holds it, and its links."""

    text: str
    element: HtmlElement
    links: tuple[LinkSpan, ...] = ()
    linked: int = 0

    @property
    def words(self) -> int:
        return count_words(self.text)

    @property
    def all_link(self) -> bool:
        """True if hardly a word stands outside its links."""
        return self.linked >= 0.9 * len(self.text)


def count_words(text: str) -> int:
    """Count words by spaces; where a script has none, two characters (Thai: five) are about a word."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    return spaced + len(_UNSPACED.findall(text)) // 2 + len(_THAI.findall(text)) // 5


def make_text_key(text: str) -> str:
    """Make a key of a text: its beginning without white space, on which an extraction and its page agree."""
    return "".join(text[: 2 * _KEY].split())[:_KEY]


def fold_whitespace(text: str) -> str:
    """Put `text` on one line: white space of every kind is one space, layout characters are gone."""
    return " ".join(_remove_layout_characters(text).split())


def _remove_layout_characters(text: str) -> str:
    return text if text.isascii() else text.translate(_LAYOUT)


@dataclass(slots=True)
class _PassageBuilder:
    """One passage while it is written. `length` is kept so that no step looks back over the text."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    gap: bool = False
    links: list[LinkSpan] = field(default_factory=list)
    url: str | None = None
    start: int | None = None

    def write(self, text: str) -> None:
        seen = _remove_layout_characters(text)
        words = " ".join(seen.split())
        if not words:
            self.gap = self.gap or bool(seen)
            return
        if self.length and (self.gap or seen[0].isspace()):
            words = " " + words
        if self.url is not None:
            if self.start is None:
                self.start = self.length + (words[0] == " ")
            self.linked += len(words)
        self.pieces.append(words)
        self.length += len(words)
        self.gap = seen[-1].isspace()

    def open(self, url: str) -> None:
        self.url, self.start = url, None

    def close(self) -> None:
        if self.url and self.start is not None:
            self.links.append(LinkSpan(self.start, self.length, self.url))
        self.url = None

    def take(self, element: HtmlElement) -> Passage | None:
        """Finish the passage that was written so far; a link that is still open goes on in the next one."""
        url = self.url
        self.close()
        done = Passage("".join(self.pieces), element, tuple(self.links), self.linked) if self.pieces else None
        self.pieces, self.links = [], []
        self.length = self.linked = 0
        self.gap, self.url, self.start = False, url, None
        return done


# Unknown elements stand in the line, as in browsers; the last line holds the tags of an extraction.
_BLOCKS: Final = frozenset(
    """address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption
    figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre
    section summary table tbody td tfoot th thead tr ul
    cell head item lb list quote row""".split(),
)
_UNREAD: Final = frozenset(
    """button canvas datalist iframe math noscript object option script select style svg template
    textarea title video audio""".split(),
)
_LINKS: Final = frozenset(("a", "ref"))


def find_passages(
    body: HtmlElement, skip: Callable[[HtmlElement], bool] = lambda _: False
) -> Iterator[Passage]:
    """Yield the passages of a page or of an extraction, in order; elements that `skip` names are passed
    over."""
    line, blocks = _PassageBuilder(), [body]
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in _BLOCKS:
            if done := line.take(blocks[-1]):
                yield done
            blocks.append(element) if event == "start" else blocks.pop()
        elif tag in _LINKS:
            line.close()
            if event == "start":
                line.open(element.get("target") or element.get("href") or "")
        if event == "end":
            line.write((element is not body and element.tail) or "")
        elif tag in _UNREAD or skip(element):
            walk.skip_subtree()
        else:
            line.write(element.text or "")
    if done := line.take(body):
        yield done
