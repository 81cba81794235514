"""Training a model on words: epochs, batches, a part held back, and the best weights so far."""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import chain, compress
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.fast.batch import Batch
from rnnwalk.engine.fast.learner import Learner, pack, pack_pairs, working_set
from rnnwalk.engine.optimisers import OPTIMISERS
from rnnwalk.errors import InputError, check_number, near
from rnnwalk.model.model import LARGEST, Model
from rnnwalk.model.problem import MOST_MEMORY, Problem, check_pace
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.corpus import Lines

GROWN = 1000  # times its first value: a loss that has grown so far will not come back


class Epoch(NamedTuple):
    """number: from 1; loss: of all lines, summed over their letters, as met while learning; validation: of the
    lines held back, after the epoch (None without any); best: whether it is the lowest so far."""

    number: int
    loss: float
    validation: float | None
    best: bool


Line = Sequence[str] | Problem
"""What is learned at once: symbols, each but the last to name the next one, or a problem that says what is true."""


def steps_of(line: Any) -> int:
    """How many steps are read of a line."""
    return line.length if isinstance(line, Problem) else len(line) - 1


def check_batch(model: Model, lines: Iterable[Line], batch: int) -> None:
    """Raise InputError where the longest lines do not fit into memory, a batch of them together."""
    letters = sum(nlargest(batch, map(steps_of, lines)))
    size = working_set(letters, model.hidden, max(len(model.vocabulary), len(model.answers)))
    if size > MOST_MEMORY:
        raise InputError(
            f"to learn from {letters} {model.by}s at once takes about {size / 2**30:.1f} GiB, more than the limit of "
            f"{MOST_MEMORY >> 30} GiB; take a smaller --batch, shorter lines or fewer hidden units"
        )


class Training:
    """A model that learns lines of symbols, or problems: sequences with what is true of them.

    ``for epoch in training.epochs(100)`` learns; whenever that ends (patience, Ctrl-C, divergence), ``training.best``
    is the model with the lowest loss, and ``training.model`` the latest. Raises InputError for what cannot be learned.
    """

    def __init__(
        self,
        model: Model,
        lines: Sequence[Line],
        *,
        optimiser: str = "sgd",
        rate: float = 0.1,
        clip: float | None = None,
        clip_value: float | None = None,
        batch: int = 32,
        seed: int = 0,
        validation: Sequence[Line] = (),
        patience: int | None = None,
        dtype: Any = np.float64,
    ) -> None:
        if optimiser not in OPTIMISERS:
            raise InputError(
                f"unknown optimizer '{optimiser}'{near(optimiser, OPTIMISERS)}; known: {', '.join(OPTIMISERS)}"
            )
        check_pace(rate, clip, clip_value)
        if batch < 1:
            raise InputError(f"the batch is {batch}, expected at least 1 line")
        if not lines:
            raise InputError("there is nothing to learn from; give at least one word")
        check_batch(model, chain(lines, validation), batch)
        self._model = model
        self._rows = {symbol: row for row, symbol in enumerate(model.vocabulary)}
        self.learner = Learner(model.network, model.weights, model.before, optimiser, rate, clip, clip_value, dtype)
        self._lines = self._all_numbers(lines)
        self._random = random.Random(seed)
        self.patience = patience
        self.rate = rate
        self._held = [self._pack(group) for group in groups(self._all_numbers(validation), batch)]
        self.held_letters = sum(map(_outputs, validation))
        self._batch = batch
        self._whole = self._pack(self._lines) if len(lines) <= batch else None
        self._best = self.learner.vector.copy()
        self.best_loss = math.inf

    @property
    def letters(self) -> int:
        """How many letters are to be named, or other outputs are read, in an epoch."""
        return sum(_outputs(line) for line in self._lines)

    @property
    def model(self) -> Model:
        """The model with the latest weights."""
        return self._with(self.learner.vector.copy())

    @property
    def best(self) -> Model:
        """The model with the best weights so far."""
        return self._with(self._best.copy())

    def epochs(self, count: int) -> Iterator[Epoch]:
        """Learn for so many epochs, or until nothing got better for ``patience`` epochs. Raises InputError on divergence."""
        first, waited = None, 0
        for number in range(1, count + 1):
            start = self.learner.vector.copy()
            loss = self._epoch()
            first = loss if first is None else first
            if not math.isfinite(loss) or loss > GROWN * (first + 1):
                raise InputError(self._diverged(number, loss))
            validation = sum(self.learner.loss(batch) for batch in self._held) if self._held else None
            # Of a single batch the loss is that of the weights before they learned from it.
            known = start if self._whole is not None and validation is None else self.learner.vector
            better = self._keep(loss if validation is None else validation, known)
            waited = 0 if better else waited + 1
            yield Epoch(number, loss, validation, better)
            if self.patience is not None and waited >= self.patience:
                return
        if self._whole is not None and not self._held:
            self._keep(self.learner.loss(self._whole), self.learner.vector)

    def _keep(self, loss: float, vector: Any) -> bool:
        # As long a vector, or NaN, is what a last step left before all diverges: no file could hold it.
        if not loss < self.best_loss or not np.vdot(vector, vector) <= LARGEST**2:
            return False
        self._best, self.best_loss = vector.copy(), loss
        return True

    def _epoch(self) -> float:
        if self._whole is not None:
            return self.learner.step(self._whole)
        order = shuffled(len(self._lines), self._random)
        return sum(
            self.learner.step(self._pack([self._lines[i] for i in group])) for group in groups(order, self._batch)
        )

    def _pack(self, lines: Sequence[Any]) -> Batch:
        symbols = len(self._rows)
        if not isinstance(lines[0], tuple):
            return pack(lines, symbols, symbols, self.learner.dtype)
        return pack_pairs(lines, symbols, len(self._model.answers), self._model.task.at == "every", self.learner.dtype)

    def _all_numbers(self, lines: Sequence[Any]) -> Sequence[Any]:
        return lines if isinstance(lines, Lines) else [self._numbers(line) for line in lines]

    def _numbers(self, line: Any) -> Any:
        """A line of symbols as rows of the vocabulary; a problem as columns."""
        if isinstance(line, Problem):
            if not line.targets:
                raise InputError(
                    f"for '{line.title}' the truth is not given, so nothing can be learned; give rows with a target "
                    "(--data FILE.csv), or a weight file with one"
                )
            true = np.concatenate(line.aims(range(1, line.length + 1)), axis=1).astype(self.learner.dtype)
            if self._model.task.inputs is None:
                return np.array([self._rows[symbol] for symbol in line.inputs]), true
            return np.concatenate(line.columns(line.inputs), axis=1).astype(self.learner.dtype), true
        if len(line) < 2:
            raise InputError(f"a line of {len(line)} symbols has no next one to name; give at least two")
        for symbol in line:
            if symbol not in self._rows:
                raise InputError(f"'{shown(symbol)}' is not in the vocabulary; use a model that knows it")
        return np.array([self._rows[symbol] for symbol in line])

    def _with(self, vector: Any) -> Model:
        return replace(
            self._model, weights=self.learner.weights_of(vector.astype(np.float64)), untrained=False, story=""
        )

    def _diverged(self, number: int, loss: float) -> str:
        found = f"grew to {loss:.3g}" if math.isfinite(loss) else "is no longer a number"
        clip = "" if (self.learner.limit, self.learner.bound) != (None, None) else ", or clip long gradients (--clip 1)"
        return (
            f"training diverged: the loss {found} in epoch {number}; "
            f"take a smaller learning rate (--lr {self.rate / 10:g}){clip}"
        )


def _outputs(line: Any) -> int:
    """How many outputs are read of a line."""
    if isinstance(line, tuple) and line and isinstance(line[0], np.ndarray):
        return int(line[1].shape[1])
    return len(line.targets) if isinstance(line, Problem) else len(line) - 1


def shuffled(count: int, generator: random.Random) -> Any:
    """The numbers 0 … count−1 in an order that ``generator.random()`` decides: the same in every version of Python."""
    return np.argsort(np.fromiter((generator.random() for _ in range(count)), float, count), kind="stable")


def groups(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The items in groups of at most ``size``, in order."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def hold_back(lines: Sequence[Any], share: float, seed: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """The lines to learn from and those held back to validate: a share of them (at least one of two), drawn."""
    check_number("--validation", share, 0, 0.9)
    count = min(max(round(share * len(lines)), 1), len(lines) - 1) if share > 0 else 0
    held = np.zeros(len(lines), bool)
    held[shuffled(len(lines), random.Random(seed))[:count]] = True
    if isinstance(lines, Lines):
        return lines[~held], lines[held]
    return list(compress(lines, ~held)), list(compress(lines, held))
