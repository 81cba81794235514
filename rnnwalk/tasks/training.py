"""Training a model on words: epochs, batches, a part held back, and the best weights so far."""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.fast.batch import Batch
from rnnwalk.engine.fast.learner import Learner, working_set
from rnnwalk.engine.fast.packing import FEW, pack, pack_pairs, pack_texts
from rnnwalk.engine.notes import replaced
from rnnwalk.engine.optimisers import OPTIMISERS
from rnnwalk.errors import InputError, near
from rnnwalk.model.limits import LARGEST, MOST_MEMORY, check_pace
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.corpus import Lines
from rnnwalk.tasks.held_back import groups, shuffled
from rnnwalk.tasks.room import check_precision, check_weights
from rnnwalk.tasks.rows import Rows

USUAL = 0.1  # the learning rate that is advised where a larger one diverged
GROWN = 1000  # times its first value: a loss that has grown so far will not come back


class Epoch(NamedTuple):
    """number: from 1; loss: of all lines, summed over their letters, as met while learning; validation: of the
    lines held back, after the epoch (None without any); best: whether it is the lowest so far; accuracy: the share of
    those lines that got the right answer, where a network names classes."""

    number: int
    loss: float
    validation: float | None
    best: bool
    accuracy: float | None = None


Line = Sequence[str] | Problem
"""What is learned at once: symbols, each but the last to name the next one, or a problem that says what is true."""


def steps_of(line: Any) -> int:
    """How many steps are read of a line."""
    return line.length if isinstance(line, Problem) else len(line) - 1


def check_batch(model: Model, lines: Iterable[Line] | Rows, batch: int) -> None:
    """Raise InputError where the longest lines do not fit into memory, a batch of them together."""
    letters = sum(nlargest(batch, lines.lengths.tolist() if isinstance(lines, Rows) else map(steps_of, lines)))
    size = working_set(letters, model.hidden, max(min(len(model.vocabulary), FEW), len(model.answers)))
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
        lines: Sequence[Line] | Rows,
        *,
        optimiser: str = "sgd",
        rate: float = 0.1,
        clip: float | None = None,
        clip_value: float | None = None,
        batch: int = 32,
        seed: int = 0,
        validation: Sequence[Line] | Rows = (),
        patience: int | None = None,
        dtype: Any = np.float64,
    ) -> None:
        if optimiser not in OPTIMISERS:
            raise InputError(
                f"unknown optimizer '{optimiser}'; known: {', '.join(OPTIMISERS)}{near(optimiser, OPTIMISERS)}"
            )
        check_pace(rate, clip, clip_value)
        if batch < 1:
            raise InputError(f"the batch is {batch}, expected at least 1 line")
        if not lines:
            raise InputError("there is nothing to learn from; give at least one word")
        for part in (lines, validation):
            check_batch(model, part, batch)
        frozen = sum(getattr(model.weights, name).size for name in model.task.frozen)
        check_weights(model.parameters, frozen, np.dtype(dtype).itemsize)
        for name, w in (model.weights._asdict() | model.before._asdict()).items():
            if w is not None:
                check_precision(name, w, dtype)
        self._model = model
        self._rows = {symbol: row for row, symbol in enumerate(model.vocabulary)}
        self.learner = Learner(model.network, model.weights, model.before, optimiser, rate, clip, clip_value, dtype)
        self._lines = self._all_numbers(lines)
        self._random = random.Random(seed)
        self.patience = patience
        self.rate = rate
        self._held = [self._pack(group) for group in groups(self._all_numbers(validation), batch)]
        self.held_letters = _outputs_of(validation)
        self._batch = batch
        self._whole = self._pack(self._lines) if len(lines) <= batch else None
        self.tell: Callable[[float], None] = lambda _: None  # gets the share of an epoch that is done
        self._best = self.learner.vector.copy()
        self.best_loss = math.inf
        self.updates = self.clipped = 0  # so far, and how many of them had their gradient clipped

    @property
    def letters(self) -> int:
        """How many letters are to be named, or other outputs are read, in an epoch."""
        return _outputs_of(self._lines)

    @property
    def model(self) -> Model:
        """The model with the latest weights."""
        return self._with(self.learner.vector)

    @property
    def best(self) -> Model:
        """The model with the best weights so far."""
        return self._with(self._best)

    def epochs(self, count: int) -> Iterator[Epoch]:
        """Learn for so many epochs, or until nothing got better for ``patience`` epochs. Raises InputError on divergence."""
        first, waited = None, 0
        for number in range(1, count + 1):
            # Of a single batch the loss is that of the weights before they learned from it.
            before = self._whole is not None and not self._held
            known = self.learner.vector.copy() if before else self.learner.vector
            loss = self._epoch()
            first = loss if first is None else first
            if not math.isfinite(loss) or loss > GROWN * (first + 1):
                raise InputError(self._diverged(number, loss))
            validation, accuracy = self._validate()
            better = self._keep(loss if validation is None else validation, known)
            waited = 0 if better else waited + 1
            yield Epoch(number, loss, validation, better, accuracy)
            if self.patience is not None and waited >= self.patience:
                return
        if self._whole is not None and not self._held:
            self._keep(self.learner.loss(self._whole), self.learner.vector)

    def _keep(self, loss: float, vector: Any) -> bool:
        # As long a vector, or NaN, is what a last step left before all diverges: no file could hold it.
        if not loss < self.best_loss or not float(np.vdot(vector, vector)) <= LARGEST**2:
            return False
        self._best[:] = vector
        self.best_loss = loss
        return True

    def _epoch(self) -> float:
        if self._whole is not None:
            return self._step(self._whole)
        loss = 0.0
        for done, batch in enumerate(self._batches(shuffled(len(self._lines), self._random))):
            loss += self._step(batch)
            self.tell(min((done + 1) * self._batch / len(self._lines), 1.0))
            if not math.isfinite(loss):
                break
        return loss

    def _step(self, batch: Batch) -> float:
        loss = self.learner.step(batch)
        self.updates += 1
        self.clipped += self.learner.clipped
        return loss

    def _batches(self, order: Any) -> Iterator[Batch]:
        for group in groups(order, self._batch):
            rows = isinstance(self._lines, Rows)
            yield self._pack(self._lines[group] if rows else [self._lines[i] for i in group])  # type: ignore[call-overload]

    def _validate(self) -> tuple[float | None, float | None]:
        """The loss of the lines held back, and the share of right answers where there are classes."""
        if not self._held:
            return None, None
        if not self.classifies:
            return sum(self.learner.loss(batch) for batch in self._held), None
        loss, table = self._answers(self._held)
        return loss, float(np.trace(table) / table.sum())

    @property
    def classifies(self) -> bool:
        """Whether each answer is one of some classes."""
        return self._model.task.names is not None and not self._model.task.linear

    def confusion(self) -> Any:
        """How often the best weights named each class (column) for each that was true (row), of the lines held back, or
        of those that were learned where there are none."""
        latest = self.learner.vector.copy()
        self.learner.vector[:] = self._best
        try:
            return self._answers(self._held or self._batches(np.arange(len(self._lines))))[1]
        finally:
            self.learner.vector[:] = latest

    def _answers(self, batches: Iterable[Batch]) -> tuple[float, Any]:
        """The loss, and how often each class was named for each that was true."""
        loss, table = 0.0, np.zeros((len(self._model.answers),) * 2, np.int64)
        for batch in batches:
            more, named = self.learner.answers(batch)
            loss += more
            np.add.at(table, (batch.targets.argmax(axis=0), named), 1)
        return loss, table

    def _pack(self, lines: Sequence[Any]) -> Batch:
        symbols, kind = len(self._rows), self.learner.dtype
        if isinstance(lines, Rows):
            outputs, ranks = len(self._model.answers), self._model.task.ranks
            return pack_texts(lines.rows, lines.starts, lines.ends, lines.labels, symbols, outputs, ranks, kind)
        if not isinstance(lines[0], tuple):
            return pack(lines, symbols, symbols, kind)
        return pack_pairs(lines, symbols, len(self._model.answers), self._model.task.at == "every", kind)

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
            true = np.concatenate(line.aims(range(1, line.length + 1)), axis=1)
            check_precision("the target", true, self.learner.dtype)
            true = true.astype(self.learner.dtype)
            if self._model.task.inputs is None and not self._model.task.ranks:
                return np.array([self._rows[symbol] for symbol in line.inputs]), true
            read = np.concatenate(line.columns(line.inputs), axis=1)
            check_precision("a step", read, self.learner.dtype)
            return read.astype(self.learner.dtype), true
        if len(line) < 2:
            raise InputError(f"a line of {len(line)} symbols has no next one to name; give at least two")
        for symbol in line:
            if symbol not in self._rows:
                raise InputError(f"'{shown(symbol)}' is not in the vocabulary; use a model that knows it")
        return np.array([self._rows[symbol] for symbol in line])

    def _with(self, vector: Any) -> Model:
        learned = self.learner.weights_of(vector.astype(np.float64))
        frozen = {
            name: getattr(self._model.weights, name) for name in self._model.task.frozen
        }  # as precise as they were
        return replace(self._model, weights=replaced(learned, **frozen), untrained=False, story="")

    def _diverged(self, number: int, loss: float) -> str:
        found = f"grew to {loss:.3g}" if math.isfinite(loss) else "is no longer a number"
        clip = "" if (self.learner.limit, self.learner.bound) != (None, None) else ", or clip long gradients (--clip 1)"
        return (
            f"training diverged: the loss {found} in epoch {number}; "
            f"take a smaller learning rate (--lr {min(self.rate / 10, USUAL):g}){clip}"
        )


def _outputs(line: Any) -> int:
    """How many outputs are read of a line."""
    if isinstance(line, tuple) and line and isinstance(line[0], np.ndarray):
        return int(line[1].shape[1])
    return len(line.targets) if isinstance(line, Problem) else len(line) - 1


def _outputs_of(lines: Sequence[Any]) -> int:
    return len(lines) if isinstance(lines, Rows) else sum(map(_outputs, lines))
