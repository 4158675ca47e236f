"""Text, offsets and links are built together, and every offset is right."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring, fragment_fromstring

from bot.fetching.blocks import Passage, count_words, find_passages, fold_whitespace


def parsed(markup: str) -> HtmlElement:
    return fragment_fromstring(markup, create_parent="div")


def told(markup: str) -> list[str]:
    return [passage.text for passage in find_passages(parsed(markup))]


def linked(passage: Passage) -> list[tuple[str, str]]:
    return [(passage.text[link.start : link.end], link.url) for link in passage.links]


def test_white_space_of_every_kind_is_one_space() -> None:
    assert told("<p> The\u00a0 port \n\t is\u2009closed <b> now </b>. </p>") == ["The port is closed now ."]


def test_layout_characters_are_gone() -> None:
    assert told("<p>har\u00adbour\u200b mas\ufeffter \u202etxet\u202c</p>") == ["harbour master txet"]


def test_joiners_that_scripts_need_stay() -> None:
    assert told("<p>می\u200cخواهم 👩\u200d🔧</p>") == ["می\u200cخواهم 👩\u200d🔧"]


def test_words_are_not_glued_or_parted_at_inline_elements() -> None:
    assert told("<p>un<b>happ</b>y <i>and</i><a href='x'> tired</a> men</p>") == ["unhappy and tired men"]


def test_unknown_elements_stand_in_the_line() -> None:
    assert told("<p>one <blink-word>two</blink-word> three</p>") == ["one two three"]


def test_a_line_break_ends_a_passage() -> None:
    assert told("<p>one<br>two</p>three") == ["one", "two", "three"]


def test_scripts_and_controls_are_not_read() -> None:
    assert told(
        "<p>one<script>x</script> two<button>Share</button></p><style>p{}</style><svg><text>y</text></svg>"
    ) == ["one two"]


def test_a_link_has_its_words_and_none_of_the_space_around_them() -> None:
    (passage,) = find_passages(
        parsed("<p>said  <a href='u'> the <b>port</b>\u00a0authority </a> on <a href='v'>X</a></p>")
    )
    assert linked(passage) == [("the port authority", "u"), ("X", "v")]


def test_a_link_over_two_paragraphs_is_two_links() -> None:
    found = find_passages(parsed("<a href='u'><p>one</p><p>two</p></a>"))
    assert [linked(passage) for passage in found] == [[("one", "u")], [("two", "u")]]


def test_a_link_without_words_is_none() -> None:
    (passage,) = find_passages(parsed("<p>one<a href='u'><img src='x'> </a>two</p>"))
    assert (passage.text, passage.links) == ("one two", ())


def test_what_is_skipped_leaves_its_tail() -> None:
    found = find_passages(
        parsed("<p>one<span class='no'>two</span>three</p><div class='no'>four</div>five"), skip
    )
    assert [passage.text for passage in found] == ["onethree", "five"]


def skip(element: HtmlElement) -> bool:
    return bool(element.get("class") == "no")


PIECES = st.lists(
    st.sampled_from(
        [
            "<a href='u'>",
            "</a>",
            "<b>",
            "</b>",
            "<p>",
            "</p>",
            "<br>",
            " ",
            "\u00a0",
            "\u00ad",
            "port",
            "“é”",
            "🙂 ",
            "<i></i>",
            "<div>",
            "</div>",
            "<x-y>",
        ]
    ),
    max_size=40,
)


@given(PIECES)
def test_passages_are_folded_and_hold_their_links(pieces: list[str]) -> None:
    for passage in find_passages(document_fromstring("<html><body>" + "".join(pieces) + "-</body></html>")):
        assert passage.text
        assert passage.text == fold_whitespace(passage.text)
        assert all(words == fold_whitespace(words) and words for words, _ in linked(passage))
        assert passage.linked <= len(passage.text)


@given(PIECES)
def test_no_word_of_the_page_is_lost_or_doubled(pieces: list[str]) -> None:
    root: HtmlElement = document_fromstring("<html><body>" + "".join(pieces) + "-</body></html>")
    kept = "".join(passage.text for passage in find_passages(root))
    assert "".join(kept.split()) == "".join(fold_whitespace(root.text_content()).split())


def test_two_hundred_thousand_links_in_a_paragraph_take_seconds_at_most() -> None:
    root = parsed("<p>" + "<a href='u'>w</a> " * 200_000 + "</p>")
    start = time.process_time()
    (passage,) = find_passages(root)
    assert len(passage.links) == 200_000
    assert time.process_time() - start < 6


def test_words_are_counted_where_a_script_has_no_spaces() -> None:
    assert count_words("two words") == 2
    assert 8 <= count_words("港口将关闭到星期五渔民被告知不要出海") <= 12
