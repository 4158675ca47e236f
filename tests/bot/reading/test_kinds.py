from __future__ import annotations

import pytest

from tests.bot.reading.texts import read


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Dale-Review reported that it fell.", "Dale-Review", "outlet"),
        ("The Harbour Post-Dispatch reported that it fell.", "Harbour Post-Dispatch", "outlet"),
        ("A new CNN poll found that it fell.", "CNN poll", "document"),
        ("They met in Amazona. Amazona said it fell.", "Amazona", "organisation"),
        ("The Democratic Convention said it fell.", "Democratic Convention", "organisation"),
        ("USA TODAY said it fell.", "USA TODAY", "outlet"),
        ("Russia Today said it fell.", "Russia Today", "outlet"),
        ("The Dale Eye, a small newspaper, said it fell.", "Dale Eye", "outlet"),
        ("The Harbour Workers' Union said it fell.", "Harbour Workers' Union", "organisation"),
        ("Twitter said it fell.", "Twitter", "organisation"),
        ("In May it fell. May said it rained.", "May", "person"),
        ("Funeral directors said it fell.", "Funeral directors", "group"),
        ("OrbitBeyond said it fell.", "OrbitBeyond", "organisation"),
        ("McVenn said it fell.", "McVenn", "person"),
        ("Brian Babin (R-TX) said it fell.", "Brian Babin", "person"),
        ("The Dale News Agency said it fell.", "Dale News Agency", "outlet"),
        ("The guidelines said it fell.", "The guidelines", "document"),
        (
            "A spokesman who did not wish to be named said it fell.",
            "A spokesman who did not wish to be named",
            "anonymous",
        ),
        ("The couple said it fell.", "The couple", "group"),
        ("Many institutions say it fell.", "Many institutions", "group"),
        ("An invitation seen by Pike said it fell.", "An invitation seen by Pike", "document"),
        ("A series of letters said it fell.", "A series of letters", "document"),
        ("The Italians said it fell.", "The Italians", "group"),
        ("Some Asian Americans said it fell.", "Some Asian Americans", "group"),
        ("Lena Williams said it fell.", "Lena Williams", "person"),
    ],
)
def test_a_source_is_of_the_kind_that_its_words_say(text: str, name: str, kind: str) -> None:
    assert [(s.name.text, s.kind.value) for s in read(text).sources] == [(name, kind)]
