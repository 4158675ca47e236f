"""Who is withheld, and who stands for an office, an institution or a group."""

from __future__ import annotations

import pytest

from bot.model import Standing
from tests.bot.reading.texts import find_entries

OFFICE, WITHHELD, NAMED = Standing.BY_OFFICE, Standing.WITHHELD, Standing.NAMED


@pytest.mark.parametrize(
    ("sentence", "standing"),
    [
        ("Mara Venn said it fell.", NAMED),
        ("Police said it fell.", OFFICE),
        ("A ministry spokesman said it fell.", OFFICE),
        ("A harbour official, who asked not to be named, said it fell.", OFFICE),
        ("Witnesses said it fell.", OFFICE),
        ("The study said it fell.", OFFICE),
        ("Local media said it fell.", OFFICE),
        ("The company said it fell.", OFFICE),
        ("The bridge fell, according to local press reports.", OFFICE),
        ("Sources said it fell.", WITHHELD),
        ("Police sources said it fell.", WITHHELD),
        ("People familiar with the matter said it fell.", WITHHELD),
        ("A person close to the council said it fell.", WITHHELD),
        ("Two friends of the driver said it fell.", WITHHELD),
        ("A woman said it fell.", WITHHELD),
        ("Reports said it fell.", WITHHELD),
    ],
)
def test_the_standing_of_a_source(sentence: str, standing: Standing) -> None:
    assert [source.standing for source in find_entries(sentence)] == [standing]
