"""One-hot columns as the rows of their ones: a product with them picks columns, and the way back adds into them.

Of a vocabulary of thousands the zeros would cost more than all else. The equations stay as they are written:
``W @ X`` and ``dz @ X.T`` know what stands on their right.
"""

from typing import Any

import numpy as np

from rnnwalk.engine.functions import operation
from rnnwalk.engine.notes import Array


class OneHot:
    """Columns (height, N) of zeros with a single 1 in each of the rows: N whole numbers."""

    __array_ufunc__ = None  # so that NumPy leaves a product to us

    def __init__(self, rows: Any, height: int) -> None:
        self.rows = rows
        self.shape = (height, len(rows))
        self._sorted: Any = None

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
    def by_row(self) -> tuple[Any, Any, Any, Any]:
        """The rows that occur, in order; which of them each column has; the columns from row to row; where each row begins there."""
        if self._sorted is None:
            small = self.rows.astype(np.uint16) if self.shape[0] <= 2**16 else self.rows  # which sort faster
            order = np.argsort(small, kind="stable")
            rows = self.rows[order]
            new = np.concatenate([[True], rows[1:] != rows[:-1]])
            places = np.empty(len(rows), np.intp)
            places[order] = np.cumsum(new) - 1
            self._sorted = rows[new], places, order, np.flatnonzero(new)
        return self._sorted

    def __rmatmul__(self, W: Any) -> Any:
        return picked(W, self)


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
    words, places, _, _ = X.by_row
    brought = E.T[words] @ W.T
    return np.take(brought, places, axis=0, out=None if out is None else out.T, mode="clip").T


@operation
def gathered_vectors(dz: Array, E: Array, X: OneHot, out: Array | None = None) -> Array:
    """dz @ (E @ X).T, (n, k)."""
    words, sums = _added_up(dz, X)
    return np.matmul(sums.T, E.T[words], out)


def _added_up(dz: Array, X: OneHot) -> tuple[Any, Array]:
    """The rows that occur, in order, and the sum of the columns of dz for each of them, as rows."""
    words, _, order, first = X.by_row
    return words, np.add.reduceat(dz.T[order], first, axis=0)
