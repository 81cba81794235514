"""What a cell is to the learner: the same equations, arranged so that one product serves all gates and all letters."""

from collections import namedtuple
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from rnnwalk.engine.cells.cell import Cell
from rnnwalk.engine.functions import operation, plus
from rnnwalk.engine.layers import EMBEDDING
from rnnwalk.engine.network import Network
from rnnwalk.engine.notes import Array, notes


class FastCell(Protocol):
    """The functions of a cell that learning needs. ``stack`` puts weights on top of each other, ``unstack`` undoes it.

    The fast form of a cell is the module here that has the cell's name.
    """

    def fits(self, w: Any, /) -> bool:
        """Whether it serves these weights; where it does not, the cell learns as it is written."""

    def stack(self, w: Any, /) -> Any:
        """The weights as this form wants them."""

    def unstack(self, w: Any, /) -> Any:
        """The cell's own weights: views of the stacked ones."""

    def prepare(self, w: Any, x: Array, /) -> tuple[Any, Any]:
        """All that does not recur, of all letters at once, and the weights that are left for the steps."""

    def step(self, w: Any, prepared: Any, before: Any, form: str, /) -> Any: ...
    def cache(self, step: Any, before: Any, form: str, /) -> Any: ...
    def local_grads(self, cache: Any, form: str, /) -> Any: ...
    def gate_grads(self, w: Any, cache: Any, local: Any, grad: Any, /) -> Any: ...
    def grad_previous_state(self, w: Any, cache: Any, grad: Any, gates: Any, /) -> Any: ...
    def grad_input(self, w: Any, gates: Any, /) -> Array: ...
    def weight_grads(self, w: Any, x: Array, cache: Any, gates: Any, /) -> dict[str, Array | None]: ...


@operation
def by_columns(W: Array, out: Array | None = None) -> Array:
    """W, laid out column by column as its states are: what multiplies at every step is up to twice as fast so."""
    if out is None:
        return np.array(W, order="F")
    np.copyto(out, W)
    return out


def prepare_stacked(w: Any, x: Array) -> tuple[Array, Any]:
    """What the inputs and the biases bring to all gates, a column for each letter, and the weights for the steps.

    w: stacked weights: Wx of all that reads x, Wh of all that reads h, and b, their biases.
    """
    return plus(w.Wx @ x, w.b), w._replace(Wh=by_columns(w.Wh))


class AsWritten:
    """A textbook cell for the learner: nothing of it is stacked."""

    def __init__(self, cell: Cell) -> None:
        self.project_input = cell.project_input
        self.step, self.cache, self.local_grads = cell.step, cell.cache, cell.local_grads
        self.gate_grads, self.grad_previous_state = cell.gate_grads, cell.grad_previous_state
        self.grad_input, self.weight_grads = cell.grad_input, cell.weight_grads

    def fits(self, w: Any) -> bool:
        """True: it serves all weights."""
        return True

    def stack(self, w: Any) -> Any:
        """The weights as they are."""
        return w

    def unstack(self, w: Any) -> Any:
        """The weights as they are."""
        return w

    def prepare(self, w: Any, x: Array) -> tuple[Any, Any]:
        """What the inputs bring, and the weights as they are."""
        return self.project_input(w, x), w


def fast_form(cell: Cell, w: Any) -> FastCell:
    """The fast form of a cell for these weights; the cell as it is written where there is none."""
    name = f"{__package__}.{cell.NAME}"
    fast: Any = import_module(name) if find_spec(name) else None
    if hasattr(fast, "fits") and fast.fits(w):  # without it, it is no cell: this module, batch, plan
        chosen: FastCell = fast
        return chosen
    return AsWritten(cell)


def stack(cell: FastCell, network: Network, weights: Any, dtype: Any) -> Any:
    """All the weights as the fast form of the cell wants its own, with what stands around the cell beside them."""
    own = network.cell.Weights(**{name: getattr(weights, name) for name in notes(network.cell.Weights)})
    around = {name: array for name, array in weights._asdict().items() if name not in own._fields}
    stacked = cell.stack(own)
    if not around:
        return stacked
    record = _record(type(stacked).__name__, (*around, *stacked._fields))
    parts = {name: None if part is None else part.astype(dtype) for name, part in (around | stacked._asdict()).items()}
    if EMBEDDING in parts:
        parts[EMBEDDING] = np.asfortranarray(parts[EMBEDDING])  # a word's vector lies together
    return record(**parts)


def unstack(cell: FastCell, network: Network, stacked: Any) -> Any:
    """The weights of a network again: views."""
    own = cell.unstack(stacked)
    return network.Weights(
        *[getattr(own if name in own._fields else stacked, name) for name in network.Weights._fields]
    )


@cache
def _record(name: str, fields: tuple[str, ...]) -> Any:
    return namedtuple(name, fields)


def shaped(weights: Any, vector: Array, frozen: frozenset[str]) -> Any:
    """The long column as a record of matrices like ``weights``: views, not copies; what is frozen stays as it is."""
    views: list[Array | None] = []
    start = 0
    for name, array in weights._asdict().items():
        if array is None or name in frozen:
            views.append(array)
            continue
        views.append(vector[start : start + array.size].reshape(array.shape))
        start += array.size
    return weights._make(views)
