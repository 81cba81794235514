"""Vanishing and exploding gradients in numbers: how much the loss at the last letter hears of each earlier one."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after, output_error, output_weight_grads
from rnnwalk.engine.fast.batch import joined
from rnnwalk.engine.gradient_flow import WayBack, chunks, walk_back
from rnnwalk.engine.layers import EMBEDDING, dense, dense_backward, dense_weight_grads, read_by_cell, top
from rnnwalk.engine.network import Network, feed, output, read
from rnnwalk.engine.notes import Array, columns, notes, remade, replaced
from rnnwalk.model.limits import check_finite, overflows
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.clipping import Gradient
from rnnwalk.tasks.sizes import ZERO, Scaled, Size, overall, summed
from rnnwalk.tasks.stretching import check_work, scaled

STEADY = 1.05  # a factor per step between 1/STEADY and STEADY counts as steady


class Stretch(NamedTuple):
    """How much a step back can stretch an error: 2-norm and spectral radius of its Jacobian."""

    norm: float
    radius: float


class Arrival(NamedTuple):
    """What arrives at a letter of the loss at the last one.

    error: ‖∂L/∂state‖, of each part (h, c) and of all together ("state"); step: the step back to it from the next
    letter (None at the last); bound: the product of the norms of all steps so far; product: the norm of the
    Jacobians' product; input: ‖∂L/∂x‖, of what the cell reads; along: that times ∂L/∂x, number by number, summed:
    of a one-hot x it is ∂L/∂x in the letter's own row.
    """

    letter: int
    symbol: str
    error: dict[str, Size]
    step: Stretch | None
    bound: Size
    product: Size | None
    input: Size
    along: Size


@dataclass(frozen=True)
class Flow:
    """arrivals: of each letter read, the first letter first; cache, local_grads: of all steps, a column for each."""

    problem: Problem
    scale: float
    loss: float
    arrivals: list[Arrival]
    cache: Any
    local_grads: Any
    gradient: Gradient

    @property
    def middle(self) -> int:
        """The letter where the far half of the way begins: by then an LSTM's error has gone over from h to c."""
        return max(2, (len(self.arrivals) + 1) // 2)

    @property
    def silent(self) -> bool:
        """Whether the loss of the last letter sends no error at all."""
        return self.arrivals[-1].error["state"] == ZERO

    @cached_property
    def per_step(self) -> float | None:
        """log10 of the factor that a step back multiplies the error with, on average over the far half of the way.

        None for a single letter, and where there is no error.
        """
        if len(self.arrivals) == 1 or self.silent:
            return None
        near = self.arrivals[self.middle - 1].error["state"].log10
        return (self.arrivals[0].error["state"].log10 - near) / (self.middle - 1) if near > -math.inf else near

    @property
    def left(self) -> Size:
        """How much of the error at the last letter arrives at the first, as a share of it."""
        first, last = self.arrivals[0].error["state"], self.arrivals[-1].error["state"]
        return ZERO if self.silent else Size(first.log10 - last.log10)

    @property
    def regime(self) -> str:
        """ "vanishing", "steady" or "exploding"; "uneven" where all of the way says the opposite of its far half; "none" where
        nothing travels.
        """
        if self.per_step is None:
            return "none"
        if abs(self.per_step) <= math.log10(STEADY):
            return "steady"
        if self.per_step * self.left.log10 < 0:
            return "uneven"
        return "vanishing" if self.per_step < 0 else "exploding"


@dataclass(frozen=True)
class Together:
    """The flows of several words, which never meet, and what they are as a mini-batch: its loss is the sum of theirs.

    errors: at each letter ‖∂L/∂state‖ of the matrix with a column for each word, of each part and of all ("state").
    """

    flows: list[Flow]

    @property
    def errors(self) -> list[dict[str, Size]]:
        letters = zip(*[flow.arrivals for flow in self.flows], strict=True)
        return [{name: overall(a.error[name] for a in each) for name in each[0].error} for each in letters]

    @property
    def gradient(self) -> Gradient:
        """Summed over the words."""
        names = self.flows[0].gradient.numbers
        return Gradient({name: summed([flow.gradient.numbers[name] for flow in self.flows]) for name in names})


@overflows()
def flow(problem: Problem, scale: float = 1.0, *, products: bool = True) -> Flow:
    """Follow the error of the last letter's loss back to the first letter, with Whh multiplied by ``scale``.

    products: of the Jacobians, too, which a table does not show. Of several words side by side it is that of the first.
    All letters stand side by side; only the error itself goes step by step. Raises InputError.
    """
    check_work(problem)
    problem.check_answered("no error comes back")
    model = scaled(problem.model, scale)
    network, w, last = model.network, model.weights, problem.length
    inputs = problem.columns(problem.inputs)
    cache, h = _remembered(model, inputs)
    (truth,) = problem.sequences[0].aims([last])
    layers = dense(w, network.head, h)
    said = output(network, w, top(layers, h), truth)
    for name, part in said._asdict().items():
        if part is not None:
            check_finite(f"{name}_{last}", part)
    dy = output_error(network, said, truth)
    back, dh = dense_backward(w, network.head, layers, w.Why.T @ dy)
    check_finite(f"dh_{last}", dh)
    error = np.concatenate(replaced(nothing_after(model.before), h=dh), axis=0)
    way = walk_back(network, w, cache, error, products=products)
    grads = output_weight_grads(w, dy, top(layers, h)) | dense_weight_grads(w, layers, back, h)
    gradient, heard = _heard(model, cache, np.concatenate(inputs, axis=1), way, grads)
    local = network.cell.local_grads(cache, network.form)
    loss = math.nan if said.loss is None else float(said.loss[0, 0])
    return Flow(
        problem._replace(model=model), scale, loss, _arrivals(problem, network, way, heard), cache, local, gradient
    )


def _remembered(model: Model, inputs: list[Array]) -> tuple[Any, Array]:
    """What the way back needs of each letter, a column for each, and the last hidden state."""
    network, state, caches = model.network, model.before, []
    for x in inputs:  # letter by letter, as a walk reads: a network that explodes is sensitive to last bits
        step = read(network, model.weights, x, state)
        caches.append(network.cell.cache(step, state, network.form))
        state = step
    cache = joined(caches)
    _check_read(cache)
    return cache, state.h


def _heard(
    model: Model, cache: Any, X: Array, way: WayBack, behind: dict[str, Array | None]
) -> tuple[Gradient, list[tuple[Size, Size]]]:
    """The gradient by every weight, and of each letter ‖∂L/∂x‖ and ∂L/∂x along x. behind: the gradients behind the cell."""
    network, w = model.network, model.weights
    cell, errors = network.cell, _errors(network, way)
    largest = max(0.0, float(way.powers.max()))
    sums = {name: part * 10.0**-largest for name, part in behind.items() if part is not None}
    heard: list[tuple[Size, Size]] = []
    for span in chunks(X.shape[1]):
        part, error, x, powers = columns(cache, span), columns(errors, span), X[:, span], way.powers[span]
        local, fed = cell.local_grads(part, network.form), read_by_cell(x, feed(network, w, x))
        dx = cell.grad_input(w, cell.gate_grads(w, part, local, error))
        heard += zip(_sizes(_logs(dx, powers)), _signed((fed * dx).sum(axis=0), powers), strict=True)
        error = remade(error, [each * 10.0 ** (powers - largest) for each in error])
        gates = cell.gate_grads(w, part, local, error)
        grads = cell.weight_grads(w, fed, part, gates)
        if network.embedded and EMBEDDING not in network.frozen:
            grads[EMBEDDING] = cell.grad_input(w, gates) @ x.T
        sums |= {name: each + sums.get(name, 0.0) for name, each in grads.items() if each is not None}
    return Gradient({name: Scaled(part, largest) for name, part in sums.items()}), heard


def _arrivals(problem: Problem, network: Network, way: WayBack, heard: list[tuple[Size, Size]]) -> list[Arrival]:
    """What arrives at each letter, the first letter first."""
    parts = {name: _sizes(_logs(part, way.powers)) for name, part in _errors(network, way)._asdict().items()}
    parts["state"] = _sizes(_logs(way.errors, way.powers))
    steps = [*map(Stretch, way.norms.tolist()[1:], way.radii.tolist()[1:]), None]
    products = [None] * len(steps) if way.products is None else _sizes(way.products)
    letters = zip(
        problem.inputs, zip(*parts.values(), strict=True), steps, _sizes(way.bounds), products, heard, strict=True
    )
    return [
        Arrival(letter, symbol, dict(zip(parts, error, strict=True)), step, bound, product, *arrived)
        for letter, (symbol, error, step, bound, product, arrived) in enumerate(letters, start=1)
    ]


def _errors(network: Network, way: WayBack) -> Any:
    """The errors of the way, in the parts of the state."""
    return network.cell.State(*np.split(way.errors, len(notes(network.cell.State))))


def _check_read(cache: Any) -> None:
    """Raise InputError for a letter at which something overflowed; cache: of all of them, side by side."""
    parts = {name: np.isfinite(part).all(axis=0) for name, part in cache._asdict().items() if part is not None}
    wrong = {name: int(fine.argmin()) for name, fine in parts.items() if not fine.all()}
    if wrong:
        name = min(wrong, key=wrong.__getitem__)
        check_finite(f"{name}_{wrong[name] + 1}", getattr(cache, name)[:, wrong[name]])


def _logs(columns: Array, powers: Array) -> Array:
    """log10 of the length of each column, which stands for column·10^power."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(np.linalg.norm(columns, axis=0)) + powers)


def _sizes(logs: Array) -> list[Size]:
    return [Size(log) for log in logs.tolist()]


def _signed(numbers: Array, powers: Array) -> list[Size]:
    """numbers·10^powers, with their signs."""
    with np.errstate(divide="ignore"):
        logs = np.log10(np.abs(numbers)) + powers
    return [*map(Size, logs.tolist(), np.where(numbers < 0, -1, 1).tolist())]
