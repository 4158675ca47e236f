"""Deduplication keys: two addresses of the same story have the same key.

    make_dedup_key("https://m.news.example:443/a/?utm_source=x#top") == "news.example/a"
    make_dedup_key("http://www.news.example/a") == "news.example/a"

A key is never fetched and never shown. Leaving two spellings apart costs one more fetch; joining two
stories shows somebody the wrong report. So what is doubtful stays in the key.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from courlan.clean import clean_query
from tld import get_fld

from bot.errors import BadLink
from bot.fetching.ip_addresses import is_loopback_name, parse_literal
from bot.fetching.url_validation import ALLOWED_PORTS, LONGEST_HOP, Target, parse_target

_VARIANT_LABELS: Final = frozenset({"www", "m", "mobile", "amp"})
_NESTED: Final = 3  # a wrapper in a wrapper in a wrapper is the most that people have been seen to paste
_SAFE_IN_PATH: Final = "/%:@!$&'()*+,;=~-._"

# Trackers that courlan's lists do not hold.
_MORE_TRACKERS: Final = frozenset(
    """
    __twitter_impression cmp cmpid cvid echobox fb_action_ids fb_comment_id guccounter guce_referrer
    guce_referrer_sig icid igsh intcid ito mibextid ncid ns_campaign ns_fee ns_linkname ns_mchannel ns_source
    ocid rdt share smid smtyp soc_src soc_trk spm sr_share srnd taid tpcc ttclid twclid wt_mc yclid
    """.split()
)
_MORE_TRACKER_BEGINNINGS: Final = ("_hs", "at_")
_AMP_NAMES: Final = frozenset({"amp", "amp_js_v", "amp_gsa", "__amp_source_origin", "usqp"})
_AMP_PAIRS: Final = frozenset({("outputtype", "amp"), ("output", "amp"), ("type", "amp"), ("view", "amp")})

# courlan reads any name that begins so as a tracker's ("ga" in "gallery", "cid" in "cid=1234567").
_PERHAPS_CONTENT: Final = re.compile(
    r"(?:^|[-_])(?:aff|ga|gl|kwd|ref|session|source|medium|campaign)[a-z]{2,}"
)
_SURELY_TRACKERS: Final = re.compile(
    r"(?:^|[-_])(?:aff(?:id|iliate|iliateid)|gad|gclsrc|ref(?:err?er|src|id)|source(?:id)?|campaign(?:id)?"
    r"|medium|session(?:id)?)(?:$|[-_])"
)
_PERHAPS_IDENTITY: Final = frozenset({"cid", "eid", "uid", "clid"})

_REDIRECTORS: Final = {
    ("google", "/url"): ("q", "url"),
    ("facebook.com", "/l.php"): ("u",),
}
_GOOGLE: Final = re.compile(r"google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_AMP_VIEWERS: Final = ("google", "bing.com")
_VIEWED: Final = re.compile(r"/amp/(?P<secure>s/)?(?P<rest>[^/]+\..*)")
_CACHED: Final = re.compile(r"/(?:[a-z]|wp)/(?P<secure>s/)?(?P<rest>[^/]+\..*)")

_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = {
    f"%{ord(sign):02X}": sign for sign in ascii_letters + digits + "._~-"
}  # by their escapes
_SESSION: Final = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_AMP_BEGINNING: Final = re.compile(r"^/amp(?=/[^/]+)")
_AMP_END: Final = re.compile(r"(?:/amp(?:\.html?)?|\.amp(?P<html>\.html?)?)$")
_FRONT_PAGE: Final = re.compile(r"/?(?:index|default|home)?(?:\.[a-z]{3,5})?", re.IGNORECASE)


def make_dedup_key(url: str) -> str:
    """Return the same key for all spellings of one story's address. Raises BadLink for what is no link."""
    return _make_dedup_key(parse_target(url, loopback=True, longest=LONGEST_HOP))


def make_story_key(final_url: str, canonical_url: str | None) -> str:
    """Return the key of the story on a page, from its address and its canonical address.

    A page's word about itself can be forged, so it counts only within one registrable domain, and never
    when it names the front page, an IP address or this machine.
    """
    found = parse_target(final_url, loopback=True, longest=LONGEST_HOP)
    stated = _try_parse(canonical_url or "")
    if (
        stated is None
        or parse_literal(stated.host)
        or is_loopback_name(stated.host)
        or _FRONT_PAGE.fullmatch(stated.rest)
        or get_registrable_domain(stated.host) != get_registrable_domain(found.host)
    ):
        return _make_dedup_key(found)
    return _make_dedup_key(stated)


def get_registrable_domain(host: str) -> str:
    """Return the registrable domain, which has one owner. Unknown endings: the last two labels."""
    if parse_literal(host):
        return host
    name = host.strip(".")
    # Private suffixes too: two blogs on one blogging host are two owners.
    known = get_fld(f"https://{name}/", fail_silently=True, search_private=True)
    return known or ".".join(name.split(".")[-2:])


def _make_dedup_key(given: Target) -> str:
    story = given
    for _ in range(_NESTED):
        if (inner := _unwrap(story)) is None:
            break
        story = inner
    path, _, query = story.rest.partition("?")
    parameters = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    pairs = sorted((name, value) for name, value in parameters if not _is_noise(name.lower(), value.lower()))
    told = "?" + urlencode(pairs, errors="surrogateescape") if pairs else ""
    return _normalize_host(story) + _normalize_path(path) + told


def _try_parse(url: str) -> Target | None:
    try:
        return parse_target(url)
    except BadLink:
        return None


def _unwrap(given: Target) -> Target | None:
    """Return the address inside that of a redirector or of an AMP viewer."""
    domain = get_registrable_domain(given.host)
    owner = "google" if _GOOGLE.fullmatch(domain) else domain
    path, _, query = given.rest.partition("?")
    values = dict(parse_qsl(query))
    for name in _REDIRECTORS.get((owner, path.rstrip("/")), ()):
        if inner := _try_parse(values.get(name, "")):
            return inner
    if given.host.endswith(".cdn.ampproject.org"):
        found = _CACHED.fullmatch(given.rest)
    else:
        found = _VIEWED.fullmatch(given.rest) if owner in _AMP_VIEWERS else None
    return _try_parse(f"https://{unquote(found['rest'])}") if found else None


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────


def _normalize_host(story: Target) -> str:
    port = "" if story.port in ALLOWED_PORTS else f":{story.port}"
    if parse_literal(story.host):
        return story.host + port
    name = story.host.strip(".")
    domain = get_registrable_domain(name)
    before = name.removesuffix(domain).split(".")
    return ".".join([*(label for label in before if label and label not in _VARIANT_LABELS), domain]) + port


def _normalize_path(path: str) -> str:
    spelled = _ESCAPE.sub(
        lambda escape: _UNRESERVED.get(escape[0].upper(), escape[0].upper()), quote(path, safe=_SAFE_IN_PATH)
    )
    kept: list[str] = []
    for segment in spelled.split("/"):
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    bare = _SESSION.sub("", "/".join(kept)).rstrip("/")
    shorter = _AMP_BEGINNING.sub("", _AMP_END.sub(lambda end: end["html"] or "", bare))
    # "/wiki/amp" is an article of its own; "/2024/05/some-story/amp" is a variant.
    return shorter if re.search(r"[-0-9]", shorter) else bare


def _is_noise(name: str, value: str) -> bool:
    """Return True if a parameter is about sharing or layout, and not about the story."""
    if name in _AMP_NAMES or (name, value) in _AMP_PAIRS:
        return True
    if name in _MORE_TRACKERS or name.startswith(_MORE_TRACKER_BEGINNINGS):
        return True
    if clean_query(f"{quote(name, errors='surrogateescape')}=1"):
        return False
    if name in _PERHAPS_IDENTITY:
        return not value.isdigit()
    return _PERHAPS_CONTENT.search(name) is None or _SURELY_TRACKERS.search(name) is not None
