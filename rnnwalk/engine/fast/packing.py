"""Sequences packed into batches: side by side, longest first, step by step."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnwalk.engine.fast.batch import Batch, Span, one_hot
from rnnwalk.engine.fast.one_hot import OneHot

FEW = 64  # symbols: products with the one-hot columns of more cost more than to pick


def pack(sequences: Sequence[Any], inputs: int, outputs: int, dtype: Any = np.float64) -> Batch:
    """A batch of sequences of symbol numbers, each of at least two: read all but the last, name all but the first.

    inputs, outputs: how many symbols there are to read and to name. Sequences of any lengths, in any order.
    """
    lines = [np.asarray(sequence) for sequence in sequences]
    return pack_pairs([(line[:-1], line[1:]) for line in lines], inputs, outputs, True, dtype)


def pack_pairs(
    pairs: Sequence[tuple[Any, Any]], inputs: int, outputs: int, every: bool, dtype: Any = np.float64
) -> Batch:
    """A batch of sequences with what is true of them: each columns (k, steps) or (o, outputs), or the rows of the ones
    of one-hot columns, (steps) or (outputs).

    inputs, outputs: the height of such columns; every: there is an output after every step, and not after the last one
    alone. Any lengths, in any order.
    """
    pairs = sorted(pairs, key=lambda pair: -pair[0].shape[-1])
    lengths = np.array([read.shape[-1] for read, _ in pairs])
    order, spans = _step_by_step(np.cumsum(lengths) - lengths, lengths)
    read, true = (np.concatenate(parts, axis=-1) for parts in zip(*pairs, strict=True))
    X, targets = read[..., order], true[..., order] if every else true
    if X.ndim == 1:
        X = _ones(X, inputs, dtype)
    if targets.ndim == 1:
        targets = one_hot(targets, outputs, dtype)
    return Batch(X, targets, spans)


def pack_texts(
    rows: Any, starts: Any, ends: Any, answers: Any, inputs: int, outputs: int, ranks: bool, dtype: Any = np.float64
) -> Batch:
    """The same of texts that stand in one array, rows of a vocabulary, with the row of one answer each.

    starts, ends: where each text stands in ``rows``; ranks: the rows themselves are read, as sizes.
    """
    order = np.argsort(starts - ends, kind="stable")
    columns, spans = _step_by_step(starts[order], (ends - starts)[order])
    read = rows[columns]
    X = read[None].astype(dtype) if ranks else _ones(read, inputs, dtype)
    return Batch(X, one_hot(answers[order], outputs, dtype), spans)


def _ones(rows: Any, height: int, dtype: Any) -> Any:
    """One-hot columns, with their zeros where they are few."""
    return OneHot(rows, height) if height > FEW else one_hot(rows, height, dtype)


def _step_by_step(starts: Any, lengths: Any) -> tuple[Any, list[Span]]:
    """Where the columns of sequences, longest first, stand that are to be read step by step, and the spans of the steps."""
    steps = np.arange(lengths[0])[:, None]
    running = steps < lengths
    widths = running.sum(axis=1)
    ends = np.cumsum(widths)
    return (starts + steps)[running], list(zip((ends - widths).tolist(), ends.tolist(), strict=True))
