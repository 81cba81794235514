"""What travels with a quantity of a cell: how it is written, its shape, its role, and what to say of it."""

from collections.abc import Callable, Iterable
from functools import cache
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
else:  # numpy.typing is not needed to run
    Array = np.ndarray

Role = Literal[
    "memory", "forget gate", "input gate", "output gate", "reset gate", "update gate", "candidate", "probability"
]
"""What a quantity does in a cell, where it is more than a result: its colour and its sign follow from it."""


class Context(NamedTuple):
    """What is true of a value where a sentence is said of it.

    letter, word: what a symbol, and what all of them together, are called; form: of the cell; first: it is at the
    first letter; biased: a bias is among the things that it is made of; reads: "symbols", word "vectors", "ranks" or "numbers";
    scored: what a row of the output stands for: a "symbol", a "class", or a "number" that is no score; below: what the
    output is made of; at: whether there is one after "every" time step or the "last"; its: "its", or of several words
    "their".
    """

    letter: str = "letter"
    word: str = "word"
    form: str = ""
    first: bool = False
    biased: bool = True
    reads: str = "symbols"
    scored: str = "symbol"
    below: str = "hidden state"
    at: str = "every"
    its: str = "its"

    def picks(self, matrix: str) -> str:
        """What a product with one-hot columns is."""
        if self.its == "their":
            return f"Each column of x has a single 1, so each column of the product is one of {matrix}."
        return f"The one-hot x has a single 1, so the product is one column of {matrix}."

    @property
    def read(self) -> str:
        """What is read at a time step: a letter, a word, or numbers as an input."""
        return "input" if self.reads == "numbers" else self.letter

    @property
    def Read(self) -> str:
        """The same at the beginning of a sentence."""
        return self.read.capitalize()

    @property
    def output(self) -> str:
        """What is made of the hidden state: scores, or numbers that are none."""
        return "output" if self.scored == "number" else "scores"


Saying: TypeAlias = str | Callable[[Context], str]
"""A text in which ``{letter}``, ``{read}``, ``{word}``, ``{its}``, ``{scored}``, ``{output}`` and ``{below}`` are filled in,
or a function where more depends."""


class Note(NamedTuple):
    """The teaching note of one field of a cell's record.

    symbol: as the article writes it; ``ₜ`` and ``ₜ₋₁`` stand for the time step;
    ``=`` for a value that is called by its own formula.
    axes: rows and columns, each ``n`` (hidden units), ``k`` (inputs), ``o`` (outputs) or ``1``.
    title: a heading of a few words.  text: one plain sentence (for a weight: why that shape).
    one: of a weight, whether a single number may serve all units instead (1×1).
    """

    symbol: str
    axes: str
    title: str
    text: Saying
    role: Role | None = None
    one: bool = False

    def heading(self, context: Context) -> str:
        """The title, said in a context."""
        return said(self.title, context)

    def sentence(self, context: Context) -> str:
        """The text, said in a context."""
        return said(self.text, context)


def said(saying: Saying, context: Context) -> str:
    """What is said in a context."""
    if callable(saying):
        return saying(context)
    return saying.format(
        letter=context.letter,
        read=context.read,
        word=context.word,
        its=context.its,
        scored=context.scored,
        output=context.output,
        below=context.below,
    )


def notes(record: Any) -> dict[str, Note]:
    """The notes of a NamedTuple class, in the order of its fields; fields without one are left out."""
    return {field: note for field, (note, _) in _annotated(record).items()}


def with_axes(record: Any, axes: str) -> list[str]:
    """The fields of a NamedTuple class whose values have these axes: "nn" for weights that read the hidden state."""
    return [field for field, note in notes(record).items() if note.axes == axes]


def optional(record: Any) -> frozenset[str]:
    """The fields of a NamedTuple class that may be missing: those of the type ``Array | None``."""
    return frozenset(field for field, (_, missing) in _annotated(record).items() if missing)


@cache
def _annotated(record: Any) -> dict[str, tuple[Note, bool]]:
    found = {}
    for field, hint in get_type_hints(record, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind, *extras = get_args(hint)
            found[field] = (next(extra for extra in extras if isinstance(extra, Note)), NoneType in get_args(kind))
    return found


def as_dict(record: Any) -> dict[str, Any]:
    """The parts of a record (a NamedTuple) by name, without those that are missing."""
    return {name: array for name, array in record._asdict().items() if array is not None}


R = TypeVar("R")


def remade(record: R, parts: Iterable[Any]) -> R:
    """A record (a NamedTuple) of the same kind with other parts."""
    return type(record)(*parts)


def replaced(record: R, **parts: Any) -> R:
    """A record (a NamedTuple) of the same kind with some parts replaced."""
    changed: R = record._replace(**parts)  # type: ignore[attr-defined]
    return changed


def columns(record: R, span: slice) -> R:
    """Some columns of every array of a record (a NamedTuple); what is missing stays so."""
    parts: Any = record
    return remade(record, [None if part is None else part[:, span] for part in parts])
