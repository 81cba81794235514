"""What is too much: numbers that a computer does not hold, a record that its memory does not, a pace that nothing is
learned at.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from rnnwalk.engine.cells import cell_named
from rnnwalk.engine.notes import Array, notes
from rnnwalk.errors import InputError, TooLargeError, check_number

LARGEST = 1e100  # of a number that is given; a product of two larger ones would soon overflow
MOST_HIDDEN, MOST_SEED = 10**6, 10**18
MOST_MEMORY = 2 * 2**30  # bytes that a recorded walk may take
NODE_BYTES = 850  # of a recorded value beyond its numbers, measured


def check_size(
    letters: int,
    vocabulary: int,
    hidden: int,
    cell: str,
    learned: int = 0,
    beside: int = 1,
    shorter: str = "a shorter text",
) -> None:
    """Raise InputError for a walk whose record would not fit: estimated before anything is computed.

    learned: how many weights a walk back adds to, letter by letter (0 for a pass forward alone); beside: how many
    sequences are walked at once; shorter: what would take less.
    """
    module = cell_named(cell)
    axes = {"n": hidden, "k": vocabulary, "o": vocabulary, "1": 1}
    weights = notes(module.Weights).values()
    records = [module.Step, *([module.LocalGrads, module.GateGrads] if learned else [])]
    fields = sum(len(notes(record)) for record in records) + (4 if learned else 0)  # 4: the error of y and of h
    nodes = 8 + 2 * fields + (2 * len(weights) if learned else 0)
    numbers = 2 * sum(axes[note.axes[0]] * axes[note.axes[1]] for note in weights)
    numbers += letters * (beside * ((fields + 1) * hidden + 8 * vocabulary) + learned)
    estimate = 8 * numbers + letters * nodes * NODE_BYTES
    if estimate > MOST_MEMORY:
        what = f"{letters} steps" if letters else "the weights of a network"
        raise InputError(
            f"{what} with {hidden} hidden units and {vocabulary} symbols would take about "
            f"{estimate / 2**30:.1f} GiB to record, more than the limit of {MOST_MEMORY >> 30} GiB; "
            f"take fewer hidden units{f' or {shorter}' if letters else ''}"
        )


@contextmanager
def overflows() -> Iterator[list[str]]:
    """What overflows inside, or is no number, collected where NumPy would print a warning of its own.

    Whether it matters is to be seen in what comes out: a processor may tell of what never reached a result.
    """
    met: list[str] = []
    with np.errstate(over="call", invalid="call", call=lambda kind, _: met.append(kind)):
        yield met


def check_finite(name: str, value: Array) -> None:
    """Raise TooLargeError for a quantity that overflowed: what follows from it would be wrong."""
    if not np.isfinite(value).all():
        raise TooLargeError(
            f"the numbers of this network grow too large for a computer: {name} is no finite number any more; take "
            "smaller weights, smaller inputs or a shorter text"
        )


def check_pace(rate: float, clip: float | None, clip_value: float | None = None) -> None:
    """Raise InputError for a learning rate or a limit of clipping that nothing can be learned with, and for two limits."""
    if clip is not None and clip_value is not None:
        raise InputError(
            "--clip and --clip-value do not go together: the one shortens the gradient as a whole, the other each number "
            "of it by itself; use one"
        )
    for name, value in (("learning rate", rate), ("clip norm", clip), ("clip value", clip_value)):
        if value is not None:
            check_number(f"the {name}", value, 0, LARGEST, above=True)
