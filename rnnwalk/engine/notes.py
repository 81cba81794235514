"""What travels with a quantity of a cell: how it is written, its shape, and what to say of it."""

from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Note(NamedTuple):
    """The teaching note of one field of a cell's record.

    symbol: as the article writes it; ``ₜ`` and ``ₜ₋₁`` stand for the time step;
    ``=`` for a value that is called by its own formula.
    axes: rows and columns, each ``n`` (hidden units), ``k`` (inputs), ``o`` (outputs) or ``1``.
    title: a heading of a few words.  text: one plain sentence (for a weight: why that shape).
    """

    symbol: str
    axes: str
    title: str
    text: str


def notes(record: Any) -> dict[str, Note]:
    """The notes of a NamedTuple class, in the order of its fields; fields without one are left out."""
    return _notes(record)


@cache
def _notes(record: Any) -> dict[str, Note]:
    found = {}
    for field, hint in get_type_hints(record, include_extras=True).items():
        if get_origin(hint) is Annotated:
            found[field] = next(extra for extra in get_args(hint) if isinstance(extra, Note))
    return found
