"""Vanishing and exploding gradients in numbers: how much the loss at the last letter hears of each earlier one."""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import output_error, output_weight_grads, step_backward
from rnnwalk.engine.cells.cell import StepBackward
from rnnwalk.engine.gradient_flow import error_at_last, input_error, jacobian
from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import Array, remade, replaced, with_axes
from rnnwalk.errors import InputError, check_number
from rnnwalk.model.model import LARGEST, Model
from rnnwalk.model.problem import Problem, check_size

STEADY = 1.05  # a factor per step between 1/STEADY and STEADY counts as steady
MOST_LENGTH = 10**7  # letters
MOST_WORK = 2e10  # letters times the cube of the state's height: some seconds of eigenvalues


class Size(NamedTuple):
    """A number by its power of ten, so that nothing overflows. log10: −∞ for 0; sign: of the number."""

    log10: float
    sign: int = 1

    @property
    def value(self) -> float:
        """The number as a float: ±∞ or 0 where floats end."""
        return self.sign * (math.inf if self.log10 > 308.25 else 10.0**self.log10 if self.log10 > -330 else 0.0)


ZERO = Size(-math.inf)


class Scaled(NamedTuple):
    """An array without its power: it stands for array·10^power."""

    array: Array
    power: float = 0.0

    def normal(self) -> "Scaled":
        """The same with 1 as its largest number."""
        top = float(np.abs(self.array).max(initial=0.0))
        return Scaled(self.array / top, self.power + math.log10(top)) if top else Scaled(self.array, -math.inf)

    def norm(self) -> Size:
        """The root of the sum of squares."""
        array, power = self.normal()
        return Size(power + math.log10(float(np.linalg.norm(array)))) if power > -math.inf else ZERO

    def number(self, row: int) -> Size:
        """One number of a column."""
        found = float(self.array[row, 0])
        return Size(self.power + math.log10(abs(found)), 1 if found > 0 else -1) if found else ZERO


class Stretch(NamedTuple):
    """How much a step back can stretch an error: 2-norm and spectral radius of its Jacobian."""

    norm: float
    radius: float


class Arrival(NamedTuple):
    """What arrives at a letter of the loss at the last one.

    error: ‖∂L/∂state‖, of each part (h, c) and of all together ("state"); step: the step back to it from the next
    letter (None at the last); bound: the product of the norms of all steps so far; product: the norm of the
    Jacobians' product; input: ‖∂L/∂x‖; along: ∂L/∂x in the letter's own row.
    """

    letter: int
    symbol: str
    error: dict[str, Size]
    step: Stretch | None
    bound: Size
    product: Size
    input: Size
    along: Size


class Clipping(NamedTuple):
    """The gradient of the loss at the last letter by every weight: its length, and that after clipping."""

    limit: float
    raw: dict[str, Size]
    whole: Size

    @property
    def factor(self) -> Size:
        """What clipping multiplies with: 1, or what makes the gradient as long as the limit (torch's rule)."""
        whole = self.whole.log10
        whole = math.log10(10**whole + 1e-6) if whole < 100 else whole
        return Size(min(0.0, math.log10(self.limit) - whole))

    def clipped(self, size: Size) -> Size:
        """A length after clipping."""
        return Size(size.log10 + self.factor.log10)


@dataclass(frozen=True)
class Flow:
    """arrivals: of each letter read, the first letter first; steps: the way back through each letter's step."""

    problem: Problem
    scale: float
    loss: float
    arrivals: list[Arrival]
    steps: list[StepBackward]
    gradient: dict[str, Size]  # by weight, its length

    @property
    def middle(self) -> int:
        """The letter where the far half of the way begins: by then an LSTM's error has gone over from h to c."""
        return max(2, (len(self.arrivals) + 1) // 2)

    @cached_property
    def per_step(self) -> float | None:
        """log10 of the factor that a step back multiplies the error with, on average over the far half of the way.

        None for a single letter, and where there is no error.
        """
        if len(self.arrivals) == 1 or self.arrivals[-1].error["state"] == ZERO:
            return None
        near = self.arrivals[self.middle - 1].error["state"].log10
        return (self.arrivals[0].error["state"].log10 - near) / (self.middle - 1) if near > -math.inf else near

    @property
    def left(self) -> Size:
        """How much of the error at the last letter arrives at the first, as a share of it."""
        first, last = self.arrivals[0].error["state"], self.arrivals[-1].error["state"]
        return Size(first.log10 - last.log10) if last != ZERO else ZERO

    @property
    def regime(self) -> str:
        """ "vanishing", "steady" or "exploding"; "none" where nothing travels."""
        if self.per_step is None:
            return "none"
        edge = math.log10(STEADY)
        return "vanishing" if self.per_step < -edge else "exploding" if self.per_step > edge else "steady"

    def clipping(self, limit: float) -> Clipping:
        """What clipping at a global norm makes of it; raises InputError for a limit that is none."""
        check_number("--clip", limit, 0, LARGEST, above=True)
        return Clipping(limit, self.gradient, together(self.gradient.values()))


def scaled(model: Model, scale: float) -> Model:
    """The model with every matrix from hidden state to hidden state (or gate) multiplied by ``scale``."""
    if scale == 1:
        return model
    check_number("--scale", scale, -LARGEST, LARGEST)
    changed = {}
    for name in with_axes(type(model.weights), "nn"):
        changed[name] = getattr(model.weights, name) * scale
        if not np.abs(changed[name]).max() <= LARGEST:
            raise InputError(f"--scale {scale:g} makes a number of {name} larger than {LARGEST:g}; take a smaller one")
    return replace(model, weights=replaced(model.weights, **changed))


def stretched(problem: Problem, length: int, seed: int | None = None) -> Problem:
    """The problem with a text of so many symbols: its own, repeated, or drawn from the vocabulary by a seed."""
    check_number("--length", length, 2, MOST_LENGTH)
    check_size(length - 1, len(problem.model.vocabulary), problem.model.hidden, problem.model.cell)
    if seed is None:
        rounds = -(-length // len(problem.symbols))
        return problem._replace(symbols=(problem.symbols * rounds)[:length])
    generator, vocabulary = random.Random(seed), problem.model.vocabulary
    # random() gives the same numbers in every version of Python
    return problem._replace(symbols=tuple(vocabulary[int(generator.random() * len(vocabulary))] for _ in range(length)))


def flow(problem: Problem, scale: float = 1.0) -> Flow:
    """Follow the error of the last letter's loss back to the first letter, with Whh multiplied by ``scale``.

    Errors are kept with their power of ten apart, so neither 10^400 nor 10^-400 is lost. Raises InputError.
    """
    model = scaled(problem.model, scale)
    network, w, last = model.network, model.weights, len(problem.inputs)
    height = sum(part.shape[0] for part in model.before)
    if last * height**3 > MOST_WORK:
        raise InputError(
            f"{last} steps with a state of {height} numbers would take minutes; take a shorter text or fewer hidden units"
        )
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    letters = forward(network, w, xs, targets, model.before).letters
    befores = [model.before, *[letter.step for letter in letters[:-1]]]
    error, power = _normal(error_at_last(network, w, letters[-1], targets[-1], model.before), 0.0)
    jacobians = Jacobians(height)
    dy = output_error(network, letters[-1].output, targets[-1])
    grads = [(output_weight_grads(w, dy, letters[-1].step.h), 0.0)]
    arrivals: list[Arrival] = []
    steps: list[StepBackward] = []
    for k in range(last - 1, -1, -1):
        way = step_backward(network, w, letters[k].step, befores[k], error)
        dx = Scaled(input_error(network, w, way), power)
        symbol = problem.inputs[k]
        along = dx.number(model.vocabulary.index(symbol))
        arrivals.append(
            Arrival(k + 1, symbol, _sizes(error, power), jacobians.latest, *jacobians.so_far, dx.norm(), along)
        )
        grads.append((network.cell.weight_grads(w, xs[k], way.cache, way.gate_grads), power))
        jacobians.take(jacobian(network, w, letters[k].step, befores[k]))
        steps.append(way)
        error, power = _normal(way.grad_previous_state, power)
    loss = float(letters[-1].output.loss[0, 0])
    return Flow(problem._replace(model=model), scale, loss, arrivals[::-1], steps[::-1], _lengths(grads))


class Jacobians:
    """The Jacobians of the steps taken back so far. latest: the Stretch of the last one."""

    def __init__(self, height: int) -> None:
        self.latest: Stretch | None = None
        self._bound = 0.0
        self._product = Scaled(np.eye(height))

    def take(self, jacobian: Array) -> None:
        """One more step back."""
        norm = float(np.linalg.norm(jacobian, 2))
        self.latest = Stretch(norm, float(np.abs(np.linalg.eigvals(jacobian)).max()))
        self._bound += math.log10(norm) if norm else -math.inf
        self._product = Scaled(jacobian @ self._product.array, self._product.power).normal()

    @property
    def so_far(self) -> tuple[Size, Size]:
        """The product of the norms, and the norm of the product."""
        top = float(np.linalg.norm(self._product.array, 2))
        return Size(self._bound), Size(self._product.power + math.log10(top)) if top else ZERO


def _normal(error: Any, power: float) -> tuple[Any, float]:
    """An error with 1 as its largest number, and its power."""
    top = max(float(np.abs(part).max()) for part in error)
    return (remade(error, [part / top for part in error]), power + math.log10(top)) if top else (error, -math.inf)


def _sizes(error: Any, power: float) -> dict[str, Size]:
    named = {name: Scaled(part, power).norm() for name, part in error._asdict().items()}
    return named | {"state": together(named.values())}


def together(sizes: Iterable[Size]) -> Size:
    """The root of the sum of squares."""
    logs = [size.log10 for size in sizes]
    top = max(logs)
    return Scaled(np.array([[10 ** (log - top)] for log in logs]), top).norm() if top > -math.inf else ZERO


def _lengths(grads: list[tuple[dict[str, Array | None], float]]) -> dict[str, Size]:
    """The length of each weight's gradient, from what the letters add to it, with their powers."""
    top = max(power for _, power in grads)
    sums: dict[str, Array] = {}
    for named, power in grads:
        for name, grad in named.items():
            if grad is not None:
                sums[name] = sums.get(name, 0) + grad * 10 ** (power - top)
    return {name: Scaled(array, top).norm() for name, array in sums.items()}
