from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.model import Article, Block, BlockRole
from bot.replying.quoting import (
    count_words,
    find_title,
    make_host_link,
    merge_excerpts,
    quote,
    quote_around,
    quote_as_block,
)

TEXTS = st.text(st.sampled_from("ab \n"), min_size=1, max_size=60)


@given(TEXTS, st.integers(1, 70))
def test_a_cut_quotation_is_the_beginning_and_ends_with_a_whole_word(text: str, limit: int) -> None:
    article = Article(text)
    whole_text = article.cut(0, len(text))
    shown = quote(article, whole_text, limit)
    assert text.startswith(shown.excerpt.text)
    assert len(shown.excerpt.text) <= limit
    assert shown.cut == (len(text) > limit)
    after = text[shown.excerpt.end : shown.excerpt.end + 1]
    assert not shown.cut or after.isspace() or not any(map(str.isspace, text[1:limit].strip()))


@given(TEXTS, st.data())
def test_words_stand_in_what_is_shown_of_their_sentence(text: str, data: st.DataObject) -> None:
    article = Article(text)
    start = data.draw(st.integers(0, len(text) - 1))
    words = article.cut(start, data.draw(st.integers(start + 1, len(text))))
    limit = data.draw(st.integers(2, 80))
    assume(len(words.text) <= limit // 2)
    assert quote_around(article, words, article.cut(0, len(text)), limit).excerpt.start <= words.start


def test_a_late_word_is_shown_with_what_leads_up_to_it() -> None:
    article = Article("one two three four five six seven unconfirmed eight nine ten")
    sentence = article.cut(0, len(article.text))
    word = article.cut(34, 45)
    assert word.text == "unconfirmed"
    assert quote_around(article, word, sentence, 24).excerpt.text == "six seven unconfirmed"


@pytest.mark.parametrize(
    ("text", "shown", "begun"),
    [
        ("But the bridge fell.", "the bridge fell.", True),
        ("In addition, the bridge fell.", "the bridge fell.", True),
        ("But Venn said so.", "Venn said so.", False),
        ("the bridge fell.", "the bridge fell.", False),
        ("It fell. iron is weak.", "iron is weak.", False),
        ("“the bridge fell.", "the bridge fell.", False),
    ],
)
def test_a_bar_that_begins_inside_a_sentence_says_so(text: str, shown: str, *, begun: bool) -> None:
    article = Article(text, (Block(BlockRole.BODY, 0, len(text)),))
    assert quote_as_block(article, article.cut(text.index(shown), len(text))).begun == begun


def test_words_that_are_too_long_are_shown_from_the_start_of_their_sentence() -> None:
    article = Article("The port of New Dale told the town that " + "the ferry will sail again, and " * 12)
    sentence = article.cut(0, len(article.text))
    assert quote_around(article, article.cut(41, len(article.text)), sentence, 200).excerpt.start == 0


def test_a_text_without_spaces_is_cut_at_the_limit() -> None:
    article = Article("字" * 50)
    assert quote(article, article.cut(0, 50), 10).excerpt.text == "字" * 10


def test_words_of_the_article_are_counted_without_its_boilerplate() -> None:
    blocks = (Block(BlockRole.TITLE, 0, 5), Block(BlockRole.BODY, 6, 13), Block(BlockRole.CAPTION, 14, 20))
    assert count_words(Article("Title one two caption", blocks)) == 2
    assert count_words(Article("three plain words")) == 3


def test_a_title_is_a_block_of_the_text() -> None:
    assert find_title(Article("Title one", (Block(BlockRole.TITLE, 0, 5),))) == Article("Title one").cut(0, 5)
    assert find_title(Article("one")) is None


def test_pieces_make_one_excerpt_from_first_to_last() -> None:
    article = Article("She said so")
    assert merge_excerpts(article, (article.cut(9, 11), None, article.cut(0, 3))) == article.cut(0, 11)
    assert merge_excerpts(article, (None,)) is None


def test_only_web_addresses_have_a_host_to_show() -> None:
    shown = make_host_link("https://www.quay.example:8443/x")
    assert shown is not None
    assert shown.text == "quay.example"
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "",
        None,
        "https://",
        "http://[::1",
        "/relative",
    ):
        assert make_host_link(address) is None
