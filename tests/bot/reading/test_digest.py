from __future__ import annotations

from tests.bot.reading.texts import read

FERRY = (
    "Ferries stop. " + "The boats of Lakeland will not run in winter, the harbour master told the paper. " * 3
)
HARE = "Hares return. " + "Two brown animals were seen near Stonemoor, a keeper wrote in a short letter. " * 3
ROBBERY = "A bank was robbed. " + "Officers in Harbour took three men away, a clerk who saw it said. " * 3
STORIES = ("= Ferries", FERRY, "= Hares", HARE, "= Robbery", ROBBERY)


def test_a_digest_of_several_stories_is_summed_up_by_none() -> None:
    found = read("# Morning notes", *STORIES)
    assert found.digest is not None
    assert (found.digest.stories, found.digest.why) == (3, "stories without a name in common")
    assert found.claim is None
    assert found.conflict is None
    assert found.summary == ()
    assert found.sources


def test_a_digest_that_says_so_may_share_names() -> None:
    found = read("# Lakeland roundup", *(s if s[0] == "=" else f"Lakeland: {s}" for s in STORIES))
    assert found.digest is not None
    assert found.digest.why == "digest by its headline: roundup"


def test_headings_within_one_story_make_no_digest() -> None:
    found = read("# Lena Ort and the town", *(s if s[0] == "=" else f"{s} Lena Ort saw it." for s in STORIES))
    assert found.digest is None
    assert found.claim is not None


def test_two_stories_are_no_digest() -> None:
    for title in ("# Morning notes", "# Lakeland roundup"):
        assert read(title, *STORIES[:4]).digest is None
