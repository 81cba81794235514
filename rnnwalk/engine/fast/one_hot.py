"""One-hot columns as the rows of their ones: a product with them picks columns, and the way back adds into them.

Of a vocabulary of thousands the zeros would cost more than all else. The equations stay as they are written:
``W @ X`` and ``dz @ X.T`` know what stands on their right.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import operation
from rnnwalk.engine.notes import Array

OFTEN = 8  # columns of one row: more are added up by themselves


class OneHot:
    """Columns (height, N) of zeros with a single 1 in each of the rows: N whole numbers."""

    __array_ufunc__ = None  # so that NumPy leaves a product to us

    def __init__(self, rows: Any, height: int) -> None:
        self.rows = rows
        self.shape = (height, len(rows))
        self._sorted: ByRow | None = None

    @property
    def T(self) -> "_Transposed":
        return _Transposed(gathered, self)

    def copy(self) -> "OneHot":
        """The same columns, which may become others."""
        return OneHot(self.rows, self.shape[0])

    def become(self, other: "OneHot") -> None:
        """The columns of another one, as many."""
        self.rows, self._sorted = other.rows, other._sorted

    @property
    def by_row(self) -> "ByRow":
        """The columns in the order of their rows; found once."""
        if self._sorted is None:
            small = self.rows.astype(np.uint16) if self.shape[0] <= 2**16 else self.rows  # which sort faster
            order = np.argsort(small, kind="stable")
            rows = self.rows[order]
            first = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
            counts = np.diff(first, append=len(rows))
            often = np.argsort(-counts, kind="stable")
            places = np.empty(len(rows), np.intp)
            places[order] = np.repeat(np.argsort(often), counts)
            self._sorted = ByRow(rows[first[often]], places, order, first[often], counts[often])
        return self._sorted

    def __rmatmul__(self, W: Any) -> Any:
        return picked(W, self)


class ByRow(NamedTuple):
    """rows: that occur, the most frequent first; places: for each column its row's place there; order: the columns, row by
    row; first, counts: where those of each row begin there, and how many they are."""

    rows: Any
    places: Any
    order: Any
    first: Any
    counts: Any


class WordVectors:
    """E @ X for one-hot X: the columns of E (k, v) that X (v, N) picks. Words come often, so each is multiplied once."""

    __array_ufunc__ = None

    def __init__(self, E: Any, X: OneHot) -> None:
        self.E, self.X = E, X
        self.shape = (E.shape[0], X.shape[1])

    @property
    def T(self) -> "_Transposed":
        return _Transposed(gathered_vectors, self.E, self.X)

    def __rmatmul__(self, W: Any) -> Any:
        return picked_vectors(W, self.E, self.X)


class _Transposed:
    """What stands on the right of dz in the way back; by: the product that it means."""

    __array_ufunc__ = None

    def __init__(self, by: Any, *of: Any) -> None:
        self.by, self.of = by, of

    def __rmatmul__(self, dz: Any) -> Any:
        return self.by(dz, *self.of)


@operation
def picked(W: Array, X: OneHot, out: Array | None = None) -> Array:
    """W @ X: of W (n, v) the column of each row, (n, N)."""
    return np.take(W.T, X.rows, axis=0, out=None if out is None else out.T, mode="clip").T


@operation
def gathered(dz: Array, X: OneHot, out: Array | None = None) -> Array:
    """dz @ X.T: the columns of dz (n, N) added up for each row, (n, v)."""
    words, sums = _added_up(dz, X)
    if out is None:
        out = np.empty((X.shape[0], len(dz)), dz.dtype).T  # what belongs to a word lies together
    out[:] = 0
    out.T[words] = sums
    return out


@operation
def picked_vectors(W: Array, E: Array, X: OneHot, out: Array | None = None) -> Array:
    """W @ (E @ X), (n, N)."""
    brought = E.T[X.by_row.rows] @ W.T
    return np.take(brought, X.by_row.places, axis=0, out=None if out is None else out.T, mode="clip").T


@operation
def gathered_vectors(dz: Array, E: Array, X: OneHot, out: Array | None = None) -> Array:
    """dz @ (E @ X).T, (n, k)."""
    words, sums = _added_up(dz, X)
    return np.matmul(sums.T, E.T[words], out)


def _added_up(dz: Array, X: OneHot) -> tuple[Any, Array]:
    """The rows that occur, and the sum of the columns of dz for each of them, as rows: those of many columns one after the
    other, the many of few all at once, the second columns first."""
    words, _, order, first, counts = X.by_row
    columns = dz.T[order]
    sums = columns[first]
    often = np.count_nonzero(counts > OFTEN)
    for i in range(often):
        np.add.reduce(columns[first[i] : first[i] + counts[i]], axis=0, out=sums[i])
    for more in range(1, OFTEN):
        rest = slice(often, np.count_nonzero(counts > more))
        sums[rest] += columns[first[rest] + more]
    return words, sums
