"""What the text says of somebody beside a name: roles."""

from __future__ import annotations

from bot.model import Kind
from bot.reading.entities import Entity
from bot.reading.names import Names
from bot.reading.prose import Prose
from bot.reading.views import Range

LONGEST_ROLE = 20  # tokens; longer descriptions are no roles


class Roles:
    """Looks up what is said of an entity beside its names."""

    def __init__(self, prose: Prose, names: Names) -> None:
        self.prose, self.names, self.lexicon = prose, names, prose.lexicon

    def within(self, source: Range, entity: Entity, until: int) -> Range | None:
        """The description before or after the name, its comma left out; what stands after token `until` is
        said of somebody else."""
        inside = [i for i in range(*source) if self.names.at.get(i) == entity.id]
        if not inside:
            return None
        first, last = inside[0], inside[-1] + 1
        before, after = (source[0], first), (last, until)
        for start, end in (self._trimmed(*after), self._trimmed(*before)):
            if 0 < end - start <= LONGEST_ROLE and self._describes(start, end):
                return start, end
        return None

    def _trimmed(self, start: int, end: int) -> Range:
        while start < end and (
            self.prose.words[start] in {",", "(", ")"}
            or self.prose.lowers[start] in self.lexicon.words.definite
        ):
            start += 1
        while start < end and self.prose.words[end - 1] in {",", "(", ")"}:
            end -= 1
        return start, end

    def _describes(self, start: int, end: int) -> bool:
        if self.prose.tags[start] in {"WP", "WDT", "CC", "IN", "VBG"} or self._names_a_person(start, end):
            return False
        first = self.prose.lowers[start].rstrip(".")
        labels = self.lexicon.titles | self.lexicon.kinds[Kind.OUTLET]
        return not (end - start == 1 and first in labels) and any(
            self.prose.tags[i].startswith(("NN", "JJ")) for i in range(start, end)
        )

    def _names_a_person(self, start: int, end: int) -> bool:
        """“Owen Pike and Lena Ort” after a name is no role of it."""
        entity, after = self.names.of(start), self.names.past(start, end)
        person = entity is not None and entity.kind is Kind.PERSON
        return person and (after >= end or self.prose.tags[after] in {"CC", ","})

    def epithet(self, entity: Entity) -> Range | None:
        """“US-backed” before the fullest name."""
        at = entity.fullest.first - 1
        described = at >= 0 and "-" in self.prose.words[at] and self.prose.words[at][-1].islower()
        return (at, at + 1) if described else None
