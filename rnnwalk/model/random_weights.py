"""Random weights, for a model that nobody has given: readable ones, the same for a seed on every machine."""

import math
from typing import Any

import numpy as np

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.layers import EMBEDDING, HEIGHTS, weights_record
from rnnwalk.engine.notes import Array, notes
from rnnwalk.errors import InputError
from rnnwalk.model.model import Model, build, check_form
from rnnwalk.model.task import NEXT_SYMBOL, Task


def draw(
    cell: str,
    vocabulary: tuple[str, ...],
    hidden: int,
    seed: int,
    *,
    form: str | None = None,
    forget: float | None = None,
    task: Task = NEXT_SYMBOL,
    embedding: int = 0,
    dense: tuple[int, ...] = (),
    vectors: Array | None = None,
    **rest: Any,
) -> Model:
    """A model with readable two-decimal weights, the same for a seed on every machine and for ever.

    Each weight is a two-decimal number within ±1/√n (PyTorch's range for its nn.RNN), rounded; n = hidden.
    The stream is SHAKE-256 of "rnnwalk SEED NAME": 8 bytes a number, row by row, big-endian, modulo the range.
    forget: the bias of the cell's forget gate instead of drawn ones; 1 keeps memories from the start.
    embedding: the length of word vectors, 0 for none; vectors: those, (embedding, v), where they are not drawn; dense:
    the units of each dense layer.
    """
    import hashlib  # only here: it takes longer to load than most of us

    k, v = 1 if task.ranks else len(vocabulary if task.inputs is None else task.inputs), len(vocabulary)
    sizes = {"n": hidden, "k": embedding or k, "v": v, "o": len(task.names or vocabulary), "1": 1}
    sizes |= dict(zip(HEIGHTS, dense, strict=False))
    reach = max(1, round(100 / math.sqrt(hidden)))
    matrices = {}
    module, form = check_form(cell, form, "drawn weights")
    for name, note in notes(weights_record(module.Weights, embedding > 0, len(dense))).items():
        if module.FORM_ONLY_WEIGHTS.get(name, form) != form:
            continue
        if name == EMBEDDING and vectors is not None:
            matrices[name] = vectors
            continue
        shape = tuple(sizes[axis] for axis in note.axes)
        stream = hashlib.shake_256(f"rnnwalk {seed} {name}".encode()).digest(8 * math.prod(shape))
        whole = (np.frombuffer(stream, ">u8") % np.uint64(2 * reach + 1)).astype(np.int64) - reach
        matrices[name] = (whole / 100).reshape(shape)
    besides = ""
    if forget is not None:
        check_forget(cell, forget)
        matrices[module.FORGET_BIAS] = np.full((hidden, 1), float(forget))
        besides = f"; the forget gate's bias is {forget:g}"
    origin = f"The weights are random (seed {seed}, two decimals{besides}): nothing has been learned yet."
    return build(
        cell, vocabulary, matrices, "drawn weights", form=form, origin=origin, untrained=True, task=task, **rest
    )


def check_forget(cell: str, forget: float) -> None:
    """Raise InputError for a bias of the forget gate that a cell has not."""
    if not cell_named(cell).FORGET_BIAS:
        able = " or ".join(f"--cell {name}" for name in CELLS if cell_named(name).FORGET_BIAS)
        raise InputError(
            f"a cell '{cell}' has no forget gate whose bias of {forget:g} could decide what is kept; use {able}"
        )
