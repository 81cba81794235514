"""One-hot columns as rows, against the same columns with their zeros."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.engine.fast.batch import one_hot
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.one_hot import OneHot, WordVectors
from rnnwalk.engine.fast.packing import pack_pairs
from rnnwalk.model.random_weights import draw
from rnnwalk.model.task import Task

WORDS = tuple(f"w{number}" for number in range(90))


@given(st.lists(st.integers(0, 7), min_size=1, max_size=30))
def test_products_with_rows_are_those_with_columns(rows: list[int]) -> None:
    rng = np.random.default_rng(len(rows))
    X, dense = OneHot(np.array(rows), 8), one_hot(rows, 8)
    W, dz, E, V = (rng.normal(size=shape) for shape in ((3, 8), (3, len(rows)), (5, 8), (3, 5)))
    assert np.array_equal(W @ X, W @ dense)
    assert np.allclose(dz @ X.T, dz @ dense.T, rtol=0, atol=1e-13)
    assert np.allclose(V @ WordVectors(E, X), V @ (E @ dense), rtol=0, atol=1e-13)
    assert np.allclose(dz @ WordVectors(E, X).T, dz @ (E @ dense).T, rtol=0, atol=1e-13)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("embedding", "frozen"), [(0, set[str]()), (4, set[str]()), (4, {"E"})])
def test_batches_of_rows_and_of_columns_teach_the_same_planned_or_not(
    cell: str, embedding: int, frozen: set[str]
) -> None:
    task = Task(at="last", names=("no", "yes"), head=("sigmoid",), frozen=frozenset(frozen))
    model = draw(cell, WORDS, 3, 1, task=task, embedding=embedding, dense=(4,))
    learners = [
        Learner(model.network, model.weights, model.before, "adam", 0.01, limit=1.0, dtype=np.float64) for _ in range(2)
    ]
    rng = np.random.default_rng(5)
    for _ in range(5):  # from the second one on planned, for lines of one length
        rows = [rng.integers(0, 90, 6) for _ in range(4)]
        true = [one_hot([row[0] % 2], 2) for row in rows]
        for learner, lines in zip(learners, (rows, [one_hot(row, 90) for row in rows]), strict=True):
            learner.step(pack_pairs(list(zip(lines, true, strict=True)), 90, 2, every=False))
    assert learners[0]._plans
    assert np.allclose(learners[0].vector, learners[1].vector, rtol=0, atol=1e-12)
