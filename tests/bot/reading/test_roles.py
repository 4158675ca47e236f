from __future__ import annotations

import pytest

from tests.bot.reading.texts import read


def role(*paragraphs: str) -> str | None:
    """The role of the first source."""
    found = read(*paragraphs).sources[0].role
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Owen Pike, the mayor of Dale, said it fell.", "mayor of Dale"),
        (
            "Rep. Owen Pike (D-Dale), ranking member of the council, said it fell.",
            "ranking member of the council",
        ),
        ("Lena Ort, 32, a former clerk, said it fell.", "a former clerk"),
        ("Lena Ort - Pike's sister and co-host - said it fell.", "Pike's sister and co-host"),
        ("Lena Ort, chief of Dale Corp., said it fell.", "chief of Dale Corp."),
        ("Owen Pike, a Republican who wants the seat, said it fell.", "a Republican"),
        ("The US-backed Dale Forces said it fell.", "US-backed"),
        ("Iran-backed Ramdeh said it fell.", "Iran-backed"),
        ("Lena Ort, a member of the club which won, said it fell.", "a member of the club"),
    ],
)
def test_the_description_beside_a_speaking_name_is_its_role(text: str, expected: str) -> None:
    assert role(text) == expected


@pytest.mark.parametrize(
    ("introduced", "expected"),
    [
        ("President Owen Pike left.", "President"),
        ("Dale Park resident Owen Pike left.", "Dale Park resident"),
        ("Aides to President Owen Pike left.", "President"),
        ("The group's founder, Owen Pike, is a force.", "group's founder"),
        ("Owen Pike, the mayor of Dale, left.", "mayor of Dale"),
        ("It was about Owen Pike, a worker of the club, who left.", "a worker of the club"),
        ("Former envoy to Iran Owen Pike left.", "Former envoy to Iran"),
        ("The medical writer Dr. Owen Pike left.", "medical writer"),
        ("The newly-elected Owen Pike left.", "newly-elected"),
        ("In spring, Owen Pike left.", None),
        ("Owen Pike, who left early, was tired.", None),
        ("The council, Owen Pike, and Ort left.", None),
        ("As mayor, Owen Pike left.", None),
        ("Owen Pike and the mayor, all of them, left.", None),
        ("# President Owen Pike left", None),
        ("Dale's founder, Owen Pike, left.", "Dale's founder"),
        ("He met Owen Pike, the mayor.", "mayor"),
        ("It was Owen Pike, the mayor; he left.", "mayor"),
        ("It was Owen Pike, the mayor — he left.", "mayor"),
        ("He was a friend of Owen Pike. President Pike slept.", "President"),
        ("For Owen Pike, the mayor is old.", None),
        ("House Speaker Owen Pike left.", "House Speaker"),
    ],
)
def test_a_role_is_taken_from_where_the_person_is_introduced(introduced: str, expected: str | None) -> None:
    assert role(introduced, "Pike said it fell.") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Brazil's Inpe said it fell.",
        "A new Courier poll said it fell.",
        "The 54-year-old Ramdeh said it fell.",
        "Lena Ort, appearing on air, said it fell.",
        "Nuclear experts such as Lena Ort said it fell.",
        "The Dale Courier newspaper said it fell.",
        "The mayors, Owen and Pike, said it fell.",
        "The Dale Council, head of the port, left. The Dale Council said it fell.",
        "Lena Ort, Owen Pike, said it fell.",
        "Ort of Lakeland, Dale, said it fell.",
        "- Owen Pike said it fell.",
    ],
)
def test_what_is_no_office_is_no_role(text: str) -> None:
    assert role(text) is None
