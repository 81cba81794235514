"""Vanishing and exploding gradients in numbers: how much the loss at the last letter hears of each earlier one."""

import math
import random
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after, output_error, output_weight_grads
from rnnwalk.engine.fast.batch import joined
from rnnwalk.engine.gradient_flow import chunks, walk_back
from rnnwalk.engine.layers import EMBEDDING, dense, dense_backward, dense_weight_grads, read_by_cell, top
from rnnwalk.engine.network import feed, output, read
from rnnwalk.engine.notes import Array, columns, notes, remade, replaced, with_axes
from rnnwalk.errors import InputError, check_number
from rnnwalk.model.model import LARGEST, Model
from rnnwalk.model.problem import Problem, check_finite, check_size, overflows
from rnnwalk.tasks.sizes import ZERO, Scaled, Size, overall, summed

STEADY = 1.05  # a factor per step between 1/STEADY and STEADY counts as steady
MOST_LENGTH = 10**7  # letters
MOST_WORK = 2e10  # letters times the cube of the state's height: some seconds of eigenvalues


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


class Clipping(NamedTuple):
    """The gradient of the loss at the last letter by every weight: its length, and that after clipping as a whole."""

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


class Cutting(NamedTuple):
    """The same where each number is cut off at a size: by weight, its largest number and how many were cut; of its size."""

    limit: float
    largest: dict[str, Size]
    cut: dict[str, int]
    counts: dict[str, int]


class Gradient(NamedTuple):
    """Of the loss at the last letter by every weight, by name; each keeps its power of ten apart."""

    numbers: dict[str, Scaled]

    @property
    def lengths(self) -> dict[str, Size]:
        """The length of each weight's gradient."""
        return {name: part.norm() for name, part in self.numbers.items()}

    def clipping(self, limit: float) -> Clipping:
        """What clipping at a global norm makes of it; raises InputError for a limit that is none."""
        check_number("--clip", limit, 0, LARGEST, above=True)
        raw = self.lengths
        return Clipping(limit, raw, overall(raw.values()))

    def cutting(self, limit: float) -> Cutting:
        """What clipping each number by itself makes of it; raises InputError for a limit that is none."""
        check_number("--clip-value", limit, 0, LARGEST, above=True)
        logs = {name: part.logs() for name, part in self.numbers.items()}
        return Cutting(
            limit,
            {name: Size(float(log.max())) for name, log in logs.items()},
            {name: int((log > math.log10(limit)).sum()) for name, log in logs.items()},
            {name: log.size for name, log in logs.items()},
        )


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
    """The problem with a text of so many symbols: its own, repeated, or drawn from the vocabulary by a seed.

    What is true of its steps is repeated with them, so they are not drawn then.
    """
    problem = problem._replace(beside=tuple(stretched(each, length, seed) for each in problem.beside))
    check_number("--length", length, 2, MOST_LENGTH)
    check_size(length - 1, len(problem.model.vocabulary), problem.model.hidden, problem.model.cell)
    if seed is None or problem.given is not None:
        rounds = -(-length // len(problem.symbols))
        given = problem.given
        if given and problem.model.task.at == "every":
            given = (given * rounds)[:length]
        return problem._replace(symbols=(problem.symbols * rounds)[:length], given=given)
    generator, vocabulary = random.Random(seed), problem.model.vocabulary
    # random() gives the same numbers in every version of Python
    return problem._replace(symbols=tuple(vocabulary[int(generator.random() * len(vocabulary))] for _ in range(length)))


def check_work(problem: Problem) -> None:
    """Raise InputError for a flow that would take too long, or too much memory."""
    model, last, beside = problem.model, problem.length, len(problem.sequences)
    height = sum(part.shape[0] for part in model.before)
    if beside * last * height**3 > MOST_WORK:
        raise InputError(
            f"{beside * last} steps with a state of {height} numbers would take minutes; take a shorter text or fewer hidden units"
        )
    check_size(last, len(model.vocabulary), model.hidden, model.cell, beside=beside)


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
    cell, form = network.cell, network.form
    inputs = problem.columns(problem.inputs)
    state, caches = model.before, []
    for x in inputs:  # letter by letter, as a walk reads: a network that explodes is sensitive to last bits
        step = read(network, w, x, state)
        caches.append(cell.cache(step, state, form))
        state = step
    cache, X = joined(caches), np.concatenate(inputs, axis=1)
    _check_read(cache)
    (truth,) = problem.aims([last])
    layers = dense(w, network.head, state.h)
    said = output(network, w, top(layers, state.h), truth)
    for name, part in said._asdict().items():
        if part is not None:
            check_finite(f"{name}_{last}", part)
    dy = output_error(network, said, truth)
    back, dh = dense_backward(w, network.head, layers, w.Why.T @ dy)
    check_finite(f"dh_{last}", dh)
    way = walk_back(
        network, w, cache, np.concatenate(replaced(nothing_after(model.before), h=dh), axis=0), products=products
    )
    errors = cell.State(*np.split(way.errors, len(notes(cell.State))))
    lengths = {name: _logs(part, way.powers) for name, part in errors._asdict().items()}
    lengths["state"] = _logs(way.errors, way.powers)
    heard, along = np.empty(last), np.empty(last)
    largest = max(0.0, float(way.powers.max()))
    grads = output_weight_grads(w, dy, top(layers, state.h)) | dense_weight_grads(w, layers, back, state.h)
    sums = {name: part * 10.0**-largest for name, part in grads.items() if part is not None}
    for span in chunks(last):
        part, grad, x = columns(cache, span), columns(errors, span), X[:, span]
        local, fed = cell.local_grads(part, form), read_by_cell(x, feed(network, w, x))
        dx = cell.grad_input(w, cell.gate_grads(w, part, local, grad))
        heard[span], along[span] = _logs(dx, way.powers[span]), (fed * dx).sum(axis=0)
        grad = remade(grad, [part * 10.0 ** (way.powers[span] - largest) for part in grad])
        gates = cell.gate_grads(w, part, local, grad)
        grads = cell.weight_grads(w, fed, part, gates)
        if network.embedded and EMBEDDING not in network.frozen:
            grads[EMBEDDING] = cell.grad_input(w, gates) @ x.T
        sums |= {name: each + sums.get(name, 0.0) for name, each in grads.items() if each is not None}
    with np.errstate(divide="ignore"):
        signed = np.log10(np.abs(along)) + way.powers
    steps = map(Stretch, way.norms.tolist()[1:], way.radii.tolist()[1:])
    arrivals = list(
        map(
            Arrival,
            range(1, last + 1),
            problem.inputs,
            (dict(zip(lengths, each, strict=True)) for each in zip(*map(_sizes, lengths.values()), strict=True)),
            [*steps, None],
            _sizes(way.bounds),
            [None] * last if way.products is None else _sizes(way.products),
            _sizes(heard),
            map(Size, signed.tolist(), np.where(along < 0, -1, 1).tolist()),
        )
    )
    gradient = Gradient({name: Scaled(part, largest) for name, part in sums.items()})
    local, loss = cell.local_grads(cache, form), math.nan if said.loss is None else float(said.loss[0, 0])
    return Flow(problem._replace(model=model), scale, loss, arrivals, cache, local, gradient)


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
