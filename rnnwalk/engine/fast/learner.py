"""Weights that learn from batches of sequences, the fast way."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from rnnwalk.engine.fast.batch import Batch, BatchForward, backward_batch, forward_batch
from rnnwalk.engine.fast.cell import FastCell, fast_form, shaped, stack, unstack
from rnnwalk.engine.fast.one_hot import OneHot
from rnnwalk.engine.fast.plan import Plan, mapped
from rnnwalk.engine.network import Network, most_likely
from rnnwalk.engine.notes import Array, as_dict
from rnnwalk.engine.optimisers import OPTIMISERS, clip, clip_values

MOST_PLANNED = 256 * 2**20  # bytes that the plans of a learner may take, estimated
PART = 2**16  # numbers that are updated together
LETTER_BYTES = 8000  # of a letter's calls, measured


def working_set(columns: int, hidden: int, outputs: int, itemsize: int = 8) -> int:
    """About how many bytes a step of learning takes for so many letters of all its lines together."""
    return columns * (40 * hidden + 8 * outputs) * itemsize


def loss_and_gradient(
    cell: FastCell,
    network: Network,
    names: Sequence[str],
    batch: Batch,
    ends: tuple[Any, Any],
    w: Any,
    limit: Array | None,
    bound: Array | None,
) -> tuple[Array, Array]:
    """The loss of a batch (1, 1), and its gradient by the named weights as one column (P, 1), clipped.

    cell: the fast form of the network's; w: its weights, ends: the State before the batch and the error after it.
    """
    before, after = ends
    run = forward_batch(cell, network, w, batch, before)
    grads = backward_batch(cell, network, w, batch, run, after)
    gradient = {"": np.concatenate([grads[name] for name in names], axis=None)[:, None]}
    if limit is not None:
        gradient = clip(gradient, limit)[2]
    elif bound is not None:
        gradient = clip_values(gradient, bound)
    return loss_of(run), gradient[""]


def loss_of(run: BatchForward) -> Array:
    """The loss of a batch, (1, 1): the sum over its outputs."""
    assert run.output.loss is not None  # a batch has targets
    return run.output.loss.sum(keepdims=True)


class Learner:
    """A network whose weights learn. weights: views of one long column, so that an update is one expression.

    rate: the learning rate; limit: the longest gradient that passes unclipped, or None; bound: the largest size of each
    of its numbers, or None; dtype: the precision to compute with (np.float32 is twice as fast for large networks; its batches are packed with the same dtype).
    """

    def __init__(
        self,
        network: Network,
        weights: Any,
        before: Any,
        optimiser: str = "sgd",
        rate: float = 0.1,
        limit: float | None = None,
        bound: float | None = None,
        dtype: Any = np.float64,
    ) -> None:
        self.network = network
        self.dtype = dtype
        self.before = before._make([part.astype(dtype) for part in before])
        self.rate = np.array([[rate]], dtype)
        self.limit = None if limit is None else np.array([[limit]], dtype)
        self.bound = None if bound is None else np.array([[bound]], dtype)
        self.cell = fast_form(network.cell, weights)
        stacked = stack(self.cell, network, weights, dtype)
        self.names = [name for name in as_dict(stacked) if name not in network.frozen]
        learned = [array for name, array in as_dict(stacked).items() if name in self.names]
        self.vector = np.concatenate(learned, axis=None, dtype=dtype)[:, None]
        self.stacked = shaped(stacked, self.vector, network.frozen)
        self.weights = unstack(self.cell, network, self.stacked)
        self.rules = OPTIMISERS[optimiser]
        self.state = self.rules.start({"": self.vector})
        self.gradient = np.zeros_like(self.vector)
        self._plans: dict[tuple[int, int], tuple[Plan, Batch]] = {}
        self._seen: set[tuple[int, int]] = set()
        self._planned = 0  # bytes
        self._last: Batch | None = None  # whose letters the buffers hold

    def weights_of(self, vector: Array) -> Any:
        """The weights that a copy of ``vector`` holds."""
        return unstack(self.cell, self.network, shaped(self.stacked, vector, self.network.frozen))

    def loss(self, batch: Batch) -> float:
        """The loss of a batch: the sum over its letters."""
        return float(loss_of(self._forward(batch))[0, 0])

    def answers(self, batch: Batch) -> tuple[float, Any]:
        """The loss of a batch, and the row of the answer that is named in each column of its targets."""
        run = self._forward(batch)
        return float(loss_of(run)[0, 0]), most_likely(run.output)

    def _forward(self, batch: Batch) -> BatchForward:
        before, _ = self._ends(batch)
        with np.errstate(all="ignore"):
            return forward_batch(self.cell, self.network, self.stacked, batch, before)

    def step(self, batch: Batch) -> float:
        """Learn from a batch once; its loss before. A shape of batch that comes again is planned."""
        with np.errstate(all="ignore"):  # a run that diverges is told by its loss
            plan = self._plan(batch)
            if plan is not None:
                loss, _ = plan()
            else:
                ends = self._ends(batch)
                loss, self.gradient[:] = self._learn(batch, ends, self.stacked, self.gradient, self.limit, self.bound)
            for update in self._updates:
                update()
        return float(loss[0, 0])

    @property
    def clipped(self) -> bool:
        """Whether the gradient of the last step is as long, or a number of it as large, as it may be."""
        if self.limit is not None:
            longest, found = self.limit.item(), float(np.linalg.norm(self.gradient))
        elif self.bound is not None:
            longest, found = self.bound.item(), float(np.abs(self.gradient).max(initial=0.0))
        else:
            return False
        return found >= longest - 1e-6 * (longest + 1)  # clipping by norm comes out so much shorter

    def _learn(self, batch: Batch, ends: Any, w: Any, _: Array, limit: Array | None, bound: Array | None) -> Any:
        return loss_and_gradient(self.cell, self.network, self.names, batch, ends, w, limit, bound)

    @cached_property
    def _updates(self) -> list[Plan]:
        """The update of the weights by the gradient, part by part, so that what is made of a part stays near."""
        spare: dict[int, list[Array]] = {}
        plans = []
        for start in range(0, len(self.vector), PART):
            part = slice(start, start + PART)
            inputs = [self.vector[part], self.gradient[part], _part(self.state, part), self.rate]
            plans.append(Plan(self._updated, inputs, _successors, self.dtype, spare))
        return plans

    def _updated(self, vector: Array, gradient: Array, state: Any, rate: Array) -> tuple[Array, Any]:
        updated, new = self.rules.update({"": vector}, {"": gradient}, state, rate)
        return updated[""], new

    def _ends(self, batch: Batch) -> tuple[Any, Any]:
        first, last = batch.widths
        before = (
            self.before if first == 1 else self.before._make([np.repeat(part, first, axis=1) for part in self.before])
        )
        return before, self.before._make([np.zeros((part.shape[0], last), self.dtype) for part in self.before])

    def _plan(self, batch: Batch) -> Plan | None:
        """The plan for batches of this shape: from the second one on, where all lines end together."""
        first, last = batch.widths
        key = (len(batch.spans), first)
        if first != last:
            return None
        if key not in self._plans:
            size = len(batch.spans) * LETTER_BYTES
            size += working_set(batch.X.shape[1], self.before.h.shape[0], len(batch.targets), self.vector.itemsize)
            if key not in self._seen or self._planned + size > MOST_PLANNED:
                self._seen.add(key)
                return None
            self._planned += size
            own = batch._replace(X=batch.X.copy(), targets=batch.targets.copy())
            inputs = [own, self._ends(batch), self.stacked, self.gradient, self.limit, self.bound]
            self._plans[key] = Plan(self._learn, inputs, _new_gradient, self.dtype), own
        plan, own = self._plans[key]
        if batch is not self._last:
            if isinstance(own.X, OneHot):
                own.X.become(batch.X)
            else:
                np.copyto(own.X, batch.X)
            np.copyto(own.targets, batch.targets)
            self._last = batch
        return plan


def _new_gradient(result: Any, *inputs: Any) -> list[tuple[Any, Any]]:
    """What takes the place of what: the gradient, that of the last batch."""
    return [(result[1], inputs[3])]


def _successors(result: Any, vector: Any, _: Any, state: Any, rate: Any) -> list[tuple[Any, Any]]:
    """What takes the place of what: the new weights and the optimiser's new state."""
    updated, new_state = result
    return [(updated, vector), *zip(leaves(new_state), leaves(state), strict=True)]


def _part(state: Any, part: slice) -> Any:
    """What an optimiser remembers of a part of the weights; what all parts have in common, each as its own."""
    return mapped(state, lambda array: array[part] if array.size > 1 else array.copy())


def leaves(state: Any) -> list[Any]:
    """The arrays of nested tuples and dicts, in order."""
    if isinstance(state, dict | tuple):
        return [leaf for part in (state.values() if isinstance(state, dict) else state) for leaf in leaves(part)]
    return [state]
