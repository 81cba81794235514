"""What is wrong with the matrices of a file, and what may have been meant: another cell, other rows, a decimal comma."""

from collections.abc import Collection

import numpy as np

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.notes import Array, Note, notes
from rnnwalk.errors import InputError
from rnnwalk.text import size


def of_another_cell(unknown: Collection[str], cell: str) -> str:
    """Which other cells have matrices of these names, to end a sentence with; "" for none, and for a single one."""
    having = []
    for other in CELLS:
        module = cell_named(other)
        names = {*notes(module.Weights), *[f"{kind}{gate}" for gate in module.COURSE.gates for kind in "Wb"]}
        having += [f'"{other}"'] * (other != cell and len(unknown) > 1 and names.issuperset(unknown))
    return f'; these are of another cell: set "cell": {" or ".join(having)}' if having else ""


def check_shape(name: str, matrix: Array, note: Note, reasons: dict[str, tuple[int, str]], where: str) -> None:
    """Raise InputError when a matrix has not the rows and columns that the others ask for."""
    rows, columns = (reasons[axis] for axis in note.axes)
    allowed = [*dict.fromkeys([(rows[0], columns[0]), *[(1, 1)] * note.one])]
    if matrix.shape in allowed:
        return
    wrong = [part[1] for part, found in zip((rows, columns), matrix.shape, strict=True) if part[0] != found and part[1]]
    because = " and ".join(dict.fromkeys(wrong)) or f"{name} is a column"
    if matrix.shape[::-1] in allowed:
        because += "; it looks transposed: exchange its rows and columns"
    elif matrix.size in [2 * r * c for r, c in allowed] and (matrix == np.floor(matrix)).all():
        because += "; decimal commas? JSON writes 0.5, with a point"
    elif parted := _parted(matrix, [r * c for r, c in allowed]):
        because += "; is {0:.0f},{1:.0f} a decimal comma? write {0:.0f}.{1:.0f}".format(*parted)
    raise InputError(
        f"{where}: {name} is {size(matrix.shape)}, expected {' or '.join(size(shape) for shape in allowed)}: {because}"
    )


def _parted(matrix: Array, sizes: list[int]) -> tuple[float, float] | None:
    """The first number that a decimal comma may have parted in two, where as many may have been as there are too many."""
    values = matrix.ravel().tolist()
    found, i = list[tuple[float, float]](), 0
    while i < len(values) - 1:
        parted = values[i].is_integer() and values[i + 1].is_integer() and values[i + 1] >= 0
        found += [(values[i], values[i + 1])] * parted
        i += 1 + parted
    return found[0] if any(len(values) - size == len(found) > 0 for size in sizes) else None
