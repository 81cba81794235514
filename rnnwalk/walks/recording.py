"""The equations run on traced arrays: the pass forward over a word, or one step of learning with its way back."""

from functools import partial
from typing import Any

import numpy as np

from rnnwalk.engine.network import forward, forward_part
from rnnwalk.engine.notes import as_dict
from rnnwalk.model.problem import Problem
from rnnwalk.trace.record import Trace, record


def forward_pass(problem: Problem, letters: range) -> Trace:
    """The pass forward over some letters; what comes before them is read, but not recorded."""
    part = forward if len(letters) == problem.length else forward_part
    return record(partial(part, problem.model.network), **_given(problem, letters))


def step_of_learning(
    problem: Problem, letters: range, rate: float, optimiser: str, clip: float | None, clip_value: float | None
) -> Trace:
    """The pass forward, the way back, and the weights after it. rate … clip_value: as of a Walk."""
    from rnnwalk.engine.backward import learning_step, nothing_after
    from rnnwalk.engine.optimisers import OPTIMISERS

    model, rules = problem.model, OPTIMISERS[optimiser]
    given = _given(problem, letters)
    return record(
        partial(learning_step, model.network, rules),
        **given,
        after=nothing_after(given["initial"]),
        optimiser=rules.start({name: w for name, w in as_dict(model.weights).items() if name not in model.task.frozen}),
        rate=np.array([[float(rate)]]),  # an input of the record, not a literal in its formulas
        limit=None if clip is None else np.array([[float(clip)]]),
        bound=None if clip_value is None else np.array([[float(clip_value)]]),
    )


def _given(problem: Problem, letters: range) -> dict[str, Any]:
    """What every pass is given: the weights, what is read and what is true, and the state before the first letter."""
    before = problem.start
    if letters[0] > 1:
        from rnnwalk.walks.outline import state_before

        before = state_before(problem, letters[0])
    return {
        "weight": problem.model.weights,
        "input": problem.reads(letters),
        "target": problem.aims(letters),
        "initial": before,
    }
