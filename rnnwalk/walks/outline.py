"""A long text read the fast way: what each letter comes to, without a record of how."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.fast.batch import Batch, BatchForward, forward_batch, one_hot
from rnnwalk.engine.fast.cell import fast_form
from rnnwalk.engine.network import most_likely
from rnnwalk.engine.notes import Array, notes
from rnnwalk.model.limits import check_finite, overflows
from rnnwalk.model.problem import EDGE, Problem
from rnnwalk.walks.row import Row

CHUNK = 4096  # letters that are computed together, or
NUMBERS = 2**21  # as many as have so many scores


class Outline(NamedTuple):
    """said, losses: of each letter, (N,); rows: by letter, of the first and the last ones."""

    said: Any
    losses: Array
    rows: dict[int, Row]


def outline(problem: Problem) -> Outline:
    """The whole text, letter by letter."""
    length = len(problem.inputs)
    said, losses, rows = [], [], dict[int, Row]()
    for first, run, truth in _runs(problem, length):
        check_finite(f"a score after {problem.noun} {first} or later", run.output.y)
        output: Any = run.output
        said.append(most_likely(output))
        losses.append(output.loss[0])
        for i in range(run.cache.h.shape[1]):
            letter = first + i
            if not EDGE < letter <= length - EDGE:
                p = output.p[:, i]
                shares = float(p[said[-1][i]]), float(p[truth[i]])
                rows[letter] = Row(int(said[-1][i]), *shares, float(losses[-1][i]), run.cache.h[:, i])
    return Outline(np.concatenate(said), np.concatenate(losses), rows)


def state_before(problem: Problem, letter: int) -> Any:
    """The cell's State in which a letter is read."""
    state = problem.model.before
    for first, run, _ in _runs(problem, letter - 1):
        check_finite(f"a hidden state at {problem.noun} {first} or later", run.cache.h)
        state = run.state
    kind = problem.model.network.cell.State
    return kind(*[getattr(state, name) for name in notes(kind)])


def _runs(problem: Problem, length: int) -> Iterator[tuple[int, BatchForward, Any]]:
    """The pass over the first letters, chunk by chunk: the chunk's first letter, the pass, and the true next rows."""
    model, network = problem.model, problem.model.network
    numbers = problem.rows(problem.symbols[: length + 1])
    cell = fast_form(network.cell, model.weights)
    w, state, height = cell.stack(model.weights), model.before, len(model.vocabulary)
    chunk = max(1, min(CHUNK, NUMBERS // height))
    for start in range(0, length, chunk):
        end = min(start + chunk, length)
        reads, truth = numbers[start:end], numbers[start + 1 : end + 1]
        spans = [(t, t + 1) for t in range(len(reads))]
        with overflows():
            run = forward_batch(cell, network, w, Batch(one_hot(reads, height), one_hot(truth, height), spans), state)
        state = run.state
        yield start + 1, run, truth
