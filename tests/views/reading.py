"""What the tests ask of a page: its blocks of a kind, every text on it, and its numbers read back."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from rnnwalk.views.page import Block, Fitted, LazyPage, Matrix, Page, Table

B = TypeVar("B", bound=Block)

CELLS = [
    ("rnn", "tanh"),
    ("rnn", "logistic"),
    ("lstm", "lstm"),
    ("gru", "chung2014"),
    ("gru", "cho2014"),
    ("gru", "pytorch"),
]


def made(pages: Iterable[LazyPage]) -> list[Page]:
    """The pages themselves."""
    return [page.make() for page in pages]


def of(page: Page, kind: type[B]) -> list[B]:
    """The blocks of a kind, in order."""
    return [block for block in page.blocks if isinstance(block, kind)]


def only(page: Page, kind: type[B]) -> B:
    """The one block of a kind."""
    (block,) = of(page, kind)
    return block


def texts(part: Any) -> Iterator[str]:
    """Every text on a page or in a part of one; drawings at 100 columns."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Fitted):
        yield from part.draw(100, str)
    elif hasattr(part, "_asdict"):
        for name, item in part._asdict().items():
            if name not in ("key", "latex", "role", "roles", "bar_roles"):
                yield from texts(item)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from texts(item)


def column(table: Table, heading: str) -> list[str]:
    """The cells under a heading."""
    return [row[table.headings.index(heading)] for row in table.rows]


def values(cells: Iterable[str]) -> np.ndarray:
    """Cells as numbers; percent as shares."""
    return np.array([float(cell[:-2]) / 100 if cell.endswith(" %") else float(cell) for cell in cells])


class Drawn(np.ndarray):
    """A matrix as the article multiplies it: a 1×1 times a column is a scalar times it."""

    def __matmul__(self, other: Any) -> Any:
        return self * other if self.shape == (1, 1) else super().__matmul__(other)


SIGNS = {"·": "@", "⊙": "*", "−": "-", "²": "**2", "ᵀ": ".T"}
FUNCTIONS = {
    "tanh": np.tanh,
    "σ": lambda z: 1 / (1 + np.exp(-z)),
    "total": lambda z: np.sum(z, keepdims=True),
}


def evaluated(parts: list[Matrix | str]) -> np.ndarray:
    """What NumPy makes of the left side of a drawn equation, all but the last matrix."""
    *left, equals, _ = parts
    given: dict[str, Any] = {}
    text = ""
    for part in [*left, str(equals).removesuffix(" = ")]:
        if isinstance(part, Matrix):
            text += f"m{len(given)}"
            given[f"m{len(given)}"] = part.values.view(Drawn)
        else:
            text += part
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    if text.startswith("Σ "):
        text = f"total({text[2:]})"
    return eval(text, {"__builtins__": {}}, {**FUNCTIONS, **given})
