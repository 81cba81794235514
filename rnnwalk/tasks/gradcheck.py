"""Each weight's gradient, found in three ways that share no equation but those of the pass forward."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import Array, replaced
from rnnwalk.errors import TooLargeError
from rnnwalk.model.limits import overflows
from rnnwalk.model.problem import Problem
from rnnwalk.trace.differentiate import differentiate
from rnnwalk.walks.walk import Walk

MOST = 2000  # numbers whose central difference is taken, of all weights together,
MOST_LETTERS = 100_000  # and the letters that are read for it
NUDGE = 6e-6  # the cube root of the precision: rounding and curvature then weigh alike
NUMERIC, EXACT = 1e-6, 1e-10  # the largest differences that pass, relative to the largest gradient (or 1)


class Check(NamedTuple):
    """The gradient of one weight. numeric is not-a-number where no difference was taken; place: the largest's, [1,e]."""

    weight: str
    backward: Array
    numeric: Array
    differentiated: Array
    place: str = ""

    @property
    def largest(self) -> int:
        """Where the largest number of the gradient stands in it, counted row by row."""
        return int(np.abs(self.backward).argmax())

    @property
    def taken(self) -> int:
        """How many central differences were taken."""
        return int(np.isfinite(self.numeric).sum())

    @property
    def numeric_difference(self) -> float:
        """The largest difference between the way back and central differences."""
        return float(np.nanmax(np.abs(self.backward - self.numeric)))

    @property
    def trace_difference(self) -> float:
        """The largest difference between the way back and the differentiated trace."""
        return float(np.abs(self.backward - self.differentiated).max())

    @property
    def scale(self) -> float:
        """What differences are measured by: the largest number of the gradient, or 1."""
        return max(1.0, float(np.abs(self.backward).max()))

    @property
    def exact(self) -> bool:
        """True if the way back and the trace are the same but for rounding."""
        return self.trace_difference <= EXACT * self.scale

    @property
    def agrees(self) -> bool:
        """True if all three are the same but for rounding."""
        return self.numeric_difference <= NUMERIC * self.scale and self.exact


def gradcheck(problem: Problem, tell: Callable[[str], None] = lambda _: None) -> list[Check]:
    """A Check for each weight of the problem's network. tell: gets what is done now.

    Raises TooLargeError where numbers overflow: there is no gradient then; and where they are so large that a nudge is lost
    in their rounding: the central differences say nothing then.
    """
    tell("recording the walk")
    walk = Walk(problem, backward=True)
    tell("differentiating what was recorded")
    with overflows():
        found = differentiate(walk.names.node["loss"])
    most = min(MOST, max(1, MOST_LETTERS // (problem.length * len(problem.sequences))))
    every = max(1, -(-problem.model.parameters // most))
    checks = []
    for name, node in walk.gradients.items():
        largest = int(np.abs(node.value).argmax())
        at = (largest // node.shape[1], largest % node.shape[1])
        tell(f"central differences of {name}")
        place = walk.names.key(node, at).removeprefix(walk.names.labels[node].key)
        numeric = central_differences(problem, name, {*range(0, node.value.size, every), largest})
        checks.append(Check(name, node.value, numeric, found[getattr(walk.trace.inputs["weight"], name)], place))
    passed = [node for letter in range(1, walk.length + 1) for node in walk.fields(letter)]
    largest_passed = max(abs(walk.loss), *(float(np.abs(node.value).max()) for node in passed))
    lost = float(np.spacing(largest_passed)) / (2 * NUDGE)  # of a difference, at worst
    if any(lost > NUMERIC * check.scale < check.numeric_difference for check in checks):
        raise TooLargeError(
            f"the numbers on the way forward grow to {largest_passed:.0e}, where a weight nudged by {NUDGE:g} is lost in their "
            "rounding: central differences cannot check these gradients; take smaller weights or inputs"
        )
    return checks


def central_differences(problem: Problem, name: str, positions: Iterable[int]) -> Array:
    """(L(W + ε) − L(W − ε)) / 2ε at some positions of a weight, counted row by row; not-a-number at the others."""
    model = problem.model
    given = getattr(model.weights, name)
    letters = range(1, problem.length + 1)
    xs, targets, start = problem.reads(letters), problem.aims(letters), problem.start
    found = np.full(given.size, np.nan)

    def loss(position: int, nudge: float) -> float:
        moved = given.copy()
        moved.flat[position] += nudge
        with overflows():
            run = forward(model.network, replaced(model.weights, **{name: moved}), xs, targets, start)
        assert run.loss is not None  # the problem says what is true
        return float(run.loss[0, 0])

    for position in positions:
        nudge = NUDGE * max(1.0, abs(given.flat[position]))
        found[position] = (loss(position, nudge) - loss(position, -nudge)) / (2 * nudge)
    return found.reshape(given.shape)
