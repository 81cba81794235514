"""Which symbols moved the answer: how its score changes with what was read at each step."""

from typing import NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after
from rnnwalk.engine.fast.batch import Batch, errors_before, forward_batch, one_hot
from rnnwalk.engine.fast.cell import fast_form, stack
from rnnwalk.engine.notes import Array
from rnnwalk.model.problem import Problem


class Influence(NamedTuple):
    """What each step did to the score of the answer at the end, to first order.

    answer: its name; score: of it, y; gradient: of that score by what the cell read, (k, N), a column for each step:
    the word vector, the numbers, or the one-hot column; contributions: the gradient times what was read, summed, (N,):
    by so much the score would fall, to first order, were it not read.
    """

    answer: str
    score: float
    gradient: Array
    contributions: Array

    @property
    def lengths(self) -> Array:
        """How long the gradient is at each step, (N,)."""
        with np.errstate(all="ignore"):
            return np.linalg.norm(self.gradient, axis=0)

    @property
    def strongest(self) -> int:
        """The step that moved the score most, from 1."""
        return int(np.abs(self.contributions).argmax()) + 1


def influence(problem: Problem, answer: str) -> Influence:
    """What moved the score of an answer that is given after the last step."""
    model, network = problem.model, problem.model.network
    cell = fast_form(network.cell, model.weights)
    w, row = stack(cell, network, model.weights, np.float64), model.answers.index(answer)
    X, named = np.concatenate(problem.columns(problem.inputs), axis=1), one_hot([row], len(model.answers))
    batch = Batch(X, named, [(t, t + 1) for t in range(problem.length)])
    with np.errstate(all="ignore"):  # what is out of range is told where it is shown
        run = forward_batch(cell, network, w, batch, model.before)
        _, errors = errors_before(cell, network, w, batch, run, named, nothing_after(model.before))
        gradient = cell.grad_input(w, errors)
        return Influence(answer, float(run.output.y[row, 0]), gradient, (gradient * run.fed).sum(axis=0))
