"""What a recurrent cell is: everything that rnnwalk asks of one.

A cell is a module that has these names. mypy says which one a new cell lacks (``cells: list[Cell] = [yours]``); the
registry in ``rnnwalk.engine.cells`` gives it to every command.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from rnnwalk.engine.notes import Array, Context, Note, Saying


def into(now: Context) -> str:
    """Why a matrix that reads the input has its shape."""
    columns = {
        "symbols": "each symbol: x picks one column",
        "vectors": "each number of a word vector",
        "ranks": "the rank",
        "numbers": "each number that is read",
    }[now.reads]
    return f"a row for each hidden unit, a column for {columns}"


BIAS = "one number for each hidden unit"
WHY = Note("Why", "on", "hidden to output", "a row for each {scored} of the output, a column for each hidden unit")
BY = Note("by", "o1", "output bias", "one number for each {scored} of the output")
H0 = Note("hₜ", "n1", "initial hidden state", "The memory before the first {letter}: nothing yet, one 0 per unit.")


class Weights(Protocol):
    """A cell's learned numbers: a NamedTuple whose fields carry notes; what reads h at the output is always there."""

    @property
    def Why(self) -> Array: ...
    @property
    def by(self) -> Array | None: ...
    def _asdict(self) -> dict[str, Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class State(Protocol):
    """What one time step hands to the next: a NamedTuple with at least h, each part (n, m)."""

    @property
    def h(self) -> Array: ...
    @property
    def _fields(self) -> tuple[str, ...]: ...
    def _asdict(self) -> dict[str, Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Cache(Protocol):
    """What the way back needs of a time step: a NamedTuple with at least h, from which the output was made."""

    @property
    def h(self) -> Array: ...


class StepBackward(NamedTuple):
    """One time step, walked back.

    cache: what was retained of it; local_grads: how steep each way through it was; gate_grads: the error inside it;
    grad_previous_state: the error of the State before it.
    """

    cache: Any
    local_grads: Any
    gate_grads: Any
    grad_previous_state: Any


class Course(NamedTuple):
    """The layout that puts the state before and the input side by side, [a₋, x], as courses write it.

    gates: what the letters of the course are called here, such as ``{"u": "i"}``; of two letters for one gate the first
    is written. stacked: the gates of Wg, from the top, in the course's letters ("" for a cell without gates). others:
    what a value of a step is called beside them, whose own letter is one of the course's gates.
    """

    gates: Mapping[str, str]
    stacked: str = ""
    others: Mapping[str, str] = {}


class Stage(NamedTuple):
    """One of the few steps that a cell is explained in. text: what it decides; fields: of the Step, in order."""

    title: str
    text: str
    fields: tuple[str, ...]


class Asked(NamedTuple):
    """What readers ask about a cell, and the answer."""

    question: str
    answer: Saying


def stage_of(cell: "Cell", field: str) -> Stage | None:
    """The stage of a step that a quantity belongs to."""
    return next((stage for stage in cell.STAGES if field in stage.fields), None)


class Cell(Protocol):
    """A module of equations. Arrays are columns (n, m): n hidden units, m sequences; a form is a name in FORMS."""

    NAME: str
    """As it is typed: "lstm"."""
    TITLE: str
    """As it is read: "LSTM cell"."""
    A_TITLE: str
    """The same in a sentence: "an LSTM cell"."""
    CARRIES: str
    """What a step hands to the next, in words; ``{numbers}`` stands for how many numbers a column has."""
    FORMS: dict[str, str]
    """The forms, the default first: each with the sentence that tells it from the others, or "" where none is needed."""
    FORM_ONLY_WEIGHTS: dict[str, str]
    """The weights that one form alone has, with that form."""
    JACOBIANS: dict[str, str]
    """By form: what a step back multiplies an error with."""
    ARTICLE_STEPS: dict[str, tuple[str, str]]
    """The article's number of each quantity's step, at the first letter and at later ones; empty: counted in order."""
    FORGET_BIAS: str
    """The weight that keeps memories from the start if it is large, or "" where there is none."""
    COURSE: Course
    STAGES: tuple[Stage, ...]
    """The headings under which the quantities of a step stand, in order; empty for a cell that needs none."""
    QUESTIONS: tuple[Asked, ...]
    """What readers ask about the cell as a whole, with the answers; empty where a walk answers it step by step."""
    PICTURES: dict[str, str]
    """By form: the cell drawn in one-column signs, at most 78 columns; ``[f]`` is a quantity of the Step, in its colour."""

    # Properties, so that a class in the module will do: what could be assigned anew would have to be of this very type.
    @property
    def Weights(self) -> Callable[..., Any]:
        """The learned numbers; the first is a matrix that reads x, (n, k)."""

    @property
    def State(self) -> Callable[..., Any]:
        """What a step hands to the next, h first; the name of each part is one letter."""

    @property
    def Step(self) -> Callable[..., Any]:
        """What a step computes, in order, with all parts of the State among it."""

    @property
    def LocalGrads(self) -> Callable[..., Any]:
        """How steep each way through the step is."""

    @property
    def GateGrads(self) -> Callable[..., Any]:
        """The error inside the step; of a part of the State besides h, such as c, also what arrives: dc_time."""

    def project_input(self, w: Any, x: Array, /) -> Any:
        """What the inputs x (k, m) bring to the step, an array or a NamedTuple of arrays; it does not recur."""

    def step(self, w: Any, projected: Any, before: Any, form: str, /) -> Any:
        """One time step from the State before: its Step, which is also the State after it."""

    def cache(self, step: Any, before: Any, form: str, /) -> Cache:
        """What the way back needs of a step."""

    def local_grads(self, cache: Any, form: str, /) -> Any:
        """How steep each way through the step was; known from the forward pass."""

    def gate_grads(self, w: Any, cache: Any, local: Any, grad: Any, /) -> Any:
        """Into the step: the error of each sum z, from the whole error of the State after it."""

    def grad_previous_state(self, w: Any, cache: Any, grad: Any, gates: Any, /) -> Any:
        """What the State before hears of the error, through time."""

    def grad_input(self, w: Any, gates: Any, /) -> Array:
        """What the inputs hear of the error: ∂L/∂x, (k, m)."""

    def weight_grads(self, w: Any, x: Array, cache: Any, gates: Any, /) -> dict[str, Array | None]:
        """What these columns add to the gradient of each weight that the step used."""

    def flow_sentence(
        self, w: Any, cache: Any, local: Any, form: str, regime: str, shown: Callable[[float], str], /
    ) -> str:
        """Why an error vanishes or not on its way back through steps, a column for each; shown: writes a number."""
