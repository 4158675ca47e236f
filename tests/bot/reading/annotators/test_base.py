from __future__ import annotations

from dataclasses import replace

from bot.reading.annotators.base import Finding
from bot.reading.annotators.rules import Rules
from bot.reading.document import Prose
from bot.reading.quotes import Quotation


class Renamed:
    """The rules' findings under another rule's name, with other explanations."""

    def annotate(self, document: Prose, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        found = Rules().annotate(document, quotations)
        return tuple(
            replace(f, rule=f"model {n}", why=f"weight {n}: introduction") for n, f in enumerate(found)
        )


class Silent:
    """An annotator that finds nothing."""

    def annotate(self, document: Prose, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        return ()
