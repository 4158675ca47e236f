from __future__ import annotations

import pytest

from bot.reading.languages.registry import default_language, find_language, readable_languages


def test_the_folders_are_the_languages_that_can_be_read() -> None:
    assert readable_languages() == {"en"}


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "eng", "", None])
def test_a_language_is_found_by_the_beginning_of_its_code(code: str | None) -> None:
    assert find_language(code) is default_language()


@pytest.mark.parametrize("code", ["es", "xx", "e", "..", "__init__", "registry"])
def test_a_code_without_a_folder_finds_none(code: str) -> None:
    assert find_language(code) is None
