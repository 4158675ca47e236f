"""Whether automatic mode may speak of somebody withheld at the end of the claim's chain.

It is asked of the probabilities that `chain_end.py` gives the ends: how much of them is withheld, of which
sort, and how much is against it. The weights are learnt for precision: tests/training/chain_end.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.model import Source, SourceKind, Standing
from bot.reading.decisions.linear import Features, load_model
from bot.reading.languages.lexicon import Words

PAGE: Final = -1  # the candidate beside the ids of the sources
DENIED: Final = "page: denies the claim"
TOLD_OF_PAGE: Final = (DENIED, "page: leaves the claim open")


def is_surely_withheld(features: Features) -> bool:
    """Return whether it is likely enough that the claim rests on somebody withheld."""
    model = load_model("withheld_ends")
    return model.accepts(model.keep_known(features))


def describe_withheld(
    likely: Mapping[int, float], usual: int, sources: Sequence[Source], words: Words, page: Features
) -> Features:
    """Return the features of the withheld ends of an article together, by the probability of each end, or
    nothing where there is none. `usual`: the end of the claim's own sentence; `page`: the features of the
    page."""
    features: dict[str, float] = {}
    withheld = {e for e in likely if e != PAGE and sources[e].standing is Standing.WITHHELD}
    for end in sorted(withheld):
        sort, share = _find_sort(sources[end], words), likely[end]
        features[sort] = features.get(sort, 0.0) + share
        features["all"] = features.get("all", 0.0) + share
        features["the likeliest"] = max(features.get("the likeliest", 0.0), share)
    if not withheld:
        return {}
    if usual in withheld:
        features[f"the claim's own sentence: {_find_sort(sources[usual], words)}"] = 1.0
    named = (end for end in likely if end != PAGE and sources[end].named)
    features["the page"] = likely.get(PAGE, 0.0)
    features["somebody named"] = sum(sorted(likely[end] for end in named))
    return features | {name: page.get(name, 0.0) for name in TOLD_OF_PAGE}


def _find_sort(source: Source, words: Words) -> str:
    """Return how somebody is withheld: “reports”, “sources”, “a friend of Venn's”, or one of many people, who
    is often named elsewhere."""
    told = set(source.name.text.lower().split())
    if told & words.hearsay:
        return "hearsay"
    if source.kind is SourceKind.ANONYMOUS or told & words.anonymous_heads:
        return "an anonymous source"
    return "a private tie" if told & words.private_ties else "one of many"
