"""News that nobody reported: varied sentences of any length in words, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

PEOPLE = """Mara Venn;Councillor Idris Holt;Dr. Lena Aubrac;Sen. Tobias Reck of Calder County;Ana-Sofia Prell;
Police Chief Dan O'Rourke;Prime Minister Elke Voss;Jomo Addai, who runs the port;Yusuf Karam;
Judge Pia Lindqvist"""
BODIES = """the Calder Gazette;the transport ministry;the Harbour Workers' Union (HWU);prosecutors;
a spokesman for the company;the Northern Observatory;two people familiar with the talks;the central bank;
an official who asked not to be named;residents of the old town;the report;the rescue service;the UN agency;
a leaked memo"""
VERBS = """said;claimed;told reporters;reported;insisted;warned;confirmed;denied;argued;added;announced;
believes"""
CLAIMS = """the bridge over the Lor would close for eleven weeks;no money had been moved before the vote;
at least 14 people were hurt when the ferry struck the pier;the plant will not reopen this year;
talks with the island's leaders could resume on Monday;three of the ships carried nothing at all;
the figures, which were first published in March, had been checked twice;
the mayor knew of the plan and did not stop it"""
PLACES = """in Calder;outside the courthouse;near the border with Ostrava;at the old harbour;
on the island of Senn"""
TIMES = """on Tuesday;last week;on February 9;late on Friday;two days after the storm;
in a statement on Monday"""
FACTS = """The Lor is 340 kilometres long and has flooded four times since 1998.;
Shares of the builder fell 3.4% to $17.20, their lowest since June.;
“It was dark, and then there was a very loud noise,” she said.;
It was unclear on Thursday how many of them had already left.;
The ministry did not respond to a request for comment.;
A hearing is set for 10 a.m. on 4 May, before the same three judges.;
Reportedly, the tunnel has been shut since the first week of the year.;
However, the two sides may be closer to an agreement than they admit."""


def _choices(listed: str) -> list[str]:
    return [" ".join(entry.split()) for entry in listed.split(";")]


PARTS = {
    name: _choices(listed)
    for name, listed in {
        "person": PEOPLE,
        "body": BODIES,
        "verb": VERBS,
        "claim": CLAIMS,
        "place": PLACES,
        "time": TIMES,
        "fact": FACTS,
    }.items()
}
SHAPES = (
    "{person} {verb} {time} that {claim}.",
    "“{Claim},” {person} {verb} {place}.",
    "{Body} {verb} that {claim}, and {claim2}.",
    "According to {body}, {claim}.",
    "{Claim}, {body} reported {time}, citing {body2}.",
    "“{Claim},” {verb} {person}. “{Claim2}.”",
    "{fact}",
    "{fact} {Body} {verb} {claim}.",
    "{person} and {body} met {place} {time}; {claim}, they {verb}.",
    "In a letter seen by {body}, {person} {verb} that {claim}.",
)


def article(words: int, seed: int = 0) -> str:
    """A headline and paragraphs, at least `words` words in all and at most a sentence more."""
    rng = random.Random(seed)
    written, paragraphs = 0, ["Bridge over the Lor to close, minister says"]
    while written < words:
        paragraph = []
        for sentence in _sentences(rng, rng.randint(1, 4)):
            paragraph.append(sentence)
            written += len(sentence.split())
            if written >= words:
                break
        paragraphs.append(" ".join(paragraph))
    return "\n\n".join(paragraphs)


def _sentences(rng: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        slots = {name: rng.choice(PARTS[name]) for name in PARTS}
        slots |= {"claim2": rng.choice(PARTS["claim"]), "body2": rng.choice(PARTS["body"])}
        slots |= {name.capitalize(): _capital(words) for name, words in slots.items()}
        yield rng.choice(SHAPES).format(**slots)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
