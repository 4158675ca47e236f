from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from bot.model import Category, Claim, End, Hedge, Report, Stance, Voice
from bot.rooms import (
    DEFAULT,
    DeliveryStyle,
    FindingKind,
    Mode,
    Removers,
    RoomSettings,
    can_remove,
    find_conflicts,
    has_reportable_finding,
    is_active,
    is_author_ignored,
    is_domain_allowed,
    is_text_ignored,
    needs_request,
)
from tests.bot.written import bridge, contradicted, plain, written


def _unflagged() -> Report:
    report = bridge()
    assert report.claim is not None
    return replace(report, claim=replace(report.claim, caveats=()))


def test_a_raised_flag_is_worth_speaking_of() -> None:
    assert has_reportable_finding(replace(bridge(), chains=()))


def test_a_core_claim_whose_chain_ends_unnamed_is_worth_speaking_of() -> None:
    assert has_reportable_finding(_unflagged())


def test_a_withheld_end_that_is_not_sure_is_not_worth_speaking_of() -> None:
    report = _unflagged()
    chains = tuple(replace(chain, sure=False) for chain in report.chains)
    assert not has_reportable_finding(replace(report, chains=chains))


def test_an_unnamed_end_of_another_chain_is_not() -> None:
    report = _unflagged()
    chains = tuple(replace(chain, of_claim=False) for chain in report.chains)
    assert not has_reportable_finding(replace(report, chains=chains))


def test_unnamed_people_beside_the_claim_are_not() -> None:
    report = _unflagged()
    chains = tuple(replace(chain, end=End.NAMED) for chain in report.chains)
    assert not has_reportable_finding(replace(report, chains=chains))


def test_an_ordinary_article_is_not() -> None:
    assert not has_reportable_finding(plain())


def test_a_room_that_wants_only_the_flag_hears_of_nothing_else() -> None:
    assert not has_reportable_finding(
        _unflagged(), RoomSettings(findings=frozenset({FindingKind.UNCONFIRMED}))
    )


# ── what an admin may add ───────────────────────────────────────────────────────────────────────────


def _only(*findings: FindingKind, least_hedges: int = 1) -> RoomSettings:
    return RoomSettings(findings=frozenset(findings), least_hedges=least_hedges)


def _hedged() -> Report:
    """Two hedges in the sentence of the claim, one elsewhere, and one that only begins in the sentence."""
    claim = "The ferry will reportedly stop in May and could be sold."
    w = written("Ferry to stop", claim, "It might be late.")
    hedges = (
        w.hedge("reportedly", claim, Category.REPORTATIVE),
        w.hedge("could be", claim, Category.MODAL),
        w.hedge("might", "It might be late.", Category.MODAL),
        Hedge(w.cut("sold.\n\nIt"), Category.MODAL, w.cut(claim), Voice.ARTICLE, "hedge: by hand"),
    )
    sentence = w.cut(claim)
    return Report(w.article, claim=Claim(sentence, sentence, "", Stance.ASSERTS, ""), hedges=hedges)


@pytest.mark.parametrize(("least", "worth"), [(1, True), (2, True), (3, False), (20, False)])
def test_so_many_hedges_in_the_claims_own_sentence_are_a_finding(least: int, worth: bool) -> None:  # noqa: FBT001  # told
    assert has_reportable_finding(_hedged(), _only(FindingKind.HEDGES, least_hedges=least)) is worth


def test_hedges_of_a_page_without_a_claim_are_not() -> None:
    assert not has_reportable_finding(replace(_hedged(), claim=None), _only(FindingKind.HEDGES))


def test_a_headline_against_its_body_is_a_finding_where_an_admin_says_so() -> None:
    report = contradicted(plain(), "Bridge reopens", "The old bridge reopened on Monday")
    assert has_reportable_finding(report, _only(FindingKind.HEADLINE_CONFLICT))
    assert not has_reportable_finding(plain(), _only(FindingKind.HEADLINE_CONFLICT))
    assert not has_reportable_finding(report)


def test_every_article_is_one_where_an_admin_says_so() -> None:
    assert has_reportable_finding(plain(), _only(FindingKind.EVERY_ARTICLE))
    assert has_reportable_finding(replace(plain(), claim=None), _only(FindingKind.EVERY_ARTICLE))


def test_a_room_without_findings_hears_of_none() -> None:
    assert not has_reportable_finding(bridge(), _only())


# ── does this message want a check? ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mode", "asked", "unasked"),
    [(Mode.OFF, False, False), (Mode.ON_REQUEST, True, False), (Mode.AUTOMATIC, True, True)],
)
def test_a_mode_says_when_hearsay_acts(mode: Mode, asked: bool, unasked: bool) -> None:  # noqa: FBT001  # told
    assert is_active(RoomSettings(mode=mode), asked=True) is asked
    assert is_active(RoomSettings(mode=mode), asked=False) is unasked


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://harbour.example/a", True),
        ("https://News.Harbour.example/a", True),
        ("https://blogs.harbour.example/a", False),
        ("https://ann.blogs.harbour.example/a", False),
        ("https://oldharbour.example/a", False),
        ("https://quay.example/a", False),
        ("http://[bad/", False),
    ],
)
def test_a_link_is_read_under_an_allowed_domain_unless_that_is_ignored(url: str, allowed: bool) -> None:  # noqa: FBT001  # told
    settings = RoomSettings(
        domains_allowed=frozenset({"harbour.example"}), domains_ignored=frozenset({"blogs.harbour.example"})
    )
    assert is_domain_allowed(settings, url) is allowed


def test_where_no_domain_is_allowed_by_name_all_are_but_the_ignored() -> None:
    settings = RoomSettings(domains_ignored=frozenset({"xn--bcher-kva.example"}))
    assert is_domain_allowed(settings, "https://quay.example/")
    assert not is_domain_allowed(settings, "https://Bücher.example/")


def test_links_that_look_private_are_never_read_unasked_and_admins_change_which() -> None:
    video, members = "https://www.youtube.com/watch?v=1", "https://harbour.example/members/5"
    assert needs_request(DEFAULT, video)
    assert not needs_request(DEFAULT, members)
    settings = RoomSettings(unasked_too=frozenset({"/members"}), unasked_spared=frozenset({"youtube.com"}))
    assert not needs_request(settings, video)
    assert needs_request(settings, members)


def test_people_are_ignored_by_name_or_by_role() -> None:
    settings = RoomSettings(people_ignored=frozenset({"7"}), roles_ignored=frozenset({"41", "42"}))
    assert is_author_ignored(settings, "7")
    assert is_author_ignored(settings, "8", ("40", "41"))
    assert not is_author_ignored(settings, "8", ("40", "7"))
    assert not is_author_ignored(settings, "41")


def test_bots_are_ignored_until_an_admin_says_otherwise() -> None:
    assert is_author_ignored(DEFAULT, "9", bot=True)
    assert not is_author_ignored(DEFAULT, "9")
    heard = RoomSettings(bots_ignored=False, people_ignored=frozenset({"7"}))
    assert not is_author_ignored(heard, "9", bot=True)
    assert is_author_ignored(heard, "7", bot=True)


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("!play https://quay.example/", True),
        ("\n !play", True),
        ("Look! https://quay.example/", False),
        ("An ADVERT: https://quay.example/", True),
        ("https://quay.example/advert", True),
        ("Two adverts", False),
        ("a press\n  Release of Dale", True),
        ("press the release", False),
        ("in the Strasse today", True),
        ("Café", True),
        ("Cafés", False),
        ("今日の広告です", True),
        ("#ad here", True),
        ("C++ here", True),
        ("", False),
    ],
)
def test_a_message_is_ignored_for_its_beginning_or_for_a_word_in_it(text: str, ignored: bool) -> None:  # noqa: FBT001  # told
    words = {"advert", "Press release", "straße", "cafe\N{COMBINING ACUTE ACCENT}", "広告", "#ad", "C++"}
    assert is_text_ignored(RoomSettings(keywords_ignored=frozenset(words)), text) is ignored


def test_a_long_message_is_searched_for_many_keywords_in_little_time() -> None:
    settings = RoomSettings(keywords_ignored=frozenset(f"word {n}" for n in range(50)))
    began = process_time()
    assert not is_text_ignored(settings, "word " * 1000)
    assert process_time() - began < 0.1


def test_without_keywords_and_prefixes_no_message_is_ignored() -> None:
    assert not is_text_ignored(RoomSettings(prefixes_ignored=frozenset()), "!play")


# ── who may remove, and what makes no sense ─────────────────────────────────────────────────────────


def test_moderators_always_remove_and_those_involved_unless_it_is_narrowed() -> None:
    narrow = RoomSettings(removers=Removers.MODERATORS_ONLY)
    for settings in (DEFAULT, narrow):
        assert can_remove(settings, involved=False, moderator=True)
        assert not can_remove(settings, involved=False, moderator=False)
    assert can_remove(DEFAULT, involved=True, moderator=False)
    assert not can_remove(narrow, involved=True, moderator=False)


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        (DEFAULT, ()),
        (RoomSettings(style=DeliveryStyle.LOG_CHANNEL_ONLY), ("no_log_channel",)),
        (RoomSettings(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel="5"), ()),
        (
            RoomSettings(
                domains_allowed=frozenset({"news.quay.example"}), domains_ignored=frozenset({"quay.example"})
            ),
            ("no_domain_left",),
        ),
        (
            RoomSettings(
                domains_allowed=frozenset({"quay.example"}), domains_ignored=frozenset({"news.quay.example"})
            ),
            (),
        ),
        (RoomSettings(repeat_hours=25, retention_days=1), ("repeat_outlives_retention",)),
        (RoomSettings(repeat_hours=24, retention_days=1), ()),
    ],
)
def test_settings_that_make_no_sense_together_are_named(
    settings: RoomSettings, keys: tuple[str, ...]
) -> None:
    assert find_conflicts(settings) == keys
