"""Watching: run equations on ``Traced`` arrays and keep every operation as a ``Node``.

Nothing here knows a cell or a renderer. A node says which operation made a value from which other
nodes; after the run, each value that the result holds is labelled by the path where it stands.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Path = tuple[str | int, ...]

# What may be recorded, by name. Every table of ``trace`` must know each of them (tests/test_notation.py compares).
UFUNCS = frozenset("add subtract multiply divide negative power matmul tanh exp log sqrt minimum maximum".split())
REDUCTIONS = {np.sum: "sum", np.max: "max"}


class TraceError(TypeError):
    """Equations did something that cannot be recorded and shown."""


class Node:
    """One value and how it was made.

    op: "input", "constant" or an operation's name; function and settings: what replays it;
    operands: the nodes it was made from; value: (rows, columns), or a float for a constant;
    path: where it stands in the inputs or the result (empty for a value without a name).
    """

    __slots__ = ("function", "op", "operands", "path", "settings", "value")

    def __init__(
        self,
        op: str,
        value: Any,
        operands: tuple["Node", ...] = (),
        function: Callable[..., Any] | None = None,
        settings: dict[str, Any] | None = None,
        path: Path = (),
    ) -> None:
        self.op = op
        self.value = value
        self.operands = operands
        self.function = function
        self.settings = settings
        self.path = path

    def compute(self, *operands: Any) -> Any:
        """The operation once more, on other values of the operands."""
        if self.function is None:
            raise TraceError(f"{self!r} was given, not computed")
        return self.function(*operands, **(self.settings or {}))

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns); () for a constant."""
        return np.shape(self.value)

    def __repr__(self) -> str:
        return f"<{'.'.join(map(str, self.path)) or self.op} {self.shape}>"


class Traced(NDArrayOperatorsMixin):
    """An array that records what is done with it, by NumPy's own protocols (NEP 13 and NEP 18)."""

    __slots__ = ("node", "tape")

    def __init__(self, node: Node, tape: list[Node]) -> None:
        self.node = node
        self.tape = tape

    @property
    def shape(self) -> tuple[int, ...]:
        return self.node.shape

    @property
    def T(self) -> "Traced":
        return _apply("transpose", np.transpose, (self,), {}, self.tape)

    def sum(self, **settings: Any) -> "Traced":
        return np.sum(self, **settings)

    def max(self, **settings: Any) -> "Traced":
        return np.max(self, **settings)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> "Traced":
        if method != "__call__" or kwargs:
            raise TraceError(f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} cannot be recorded: write a = a + b")
        if ufunc.__name__ not in UFUNCS:
            raise TraceError(f"np.{ufunc.__name__} is not recorded: it is not in UFUNCS (rnnwalk/trace/record.py)")
        return _apply(ufunc.__name__, ufunc, inputs, {}, self.tape)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> "Traced":
        if hasattr(func, "body"):
            return _apply(func.__name__, func, args, {}, self.tape)
        if func not in REDUCTIONS:
            raise TraceError(f"{func.__name__} is not recorded: it is not in REDUCTIONS (rnnwalk/trace/record.py)")
        if set(kwargs) - {"axis"} != {"keepdims"} or not kwargs["keepdims"] or len(args) != 1:
            raise TraceError(f"np.{func.__name__} must keep its dimensions: every value is 2-D")
        if kwargs.get("axis") not in (0, 1, None):
            raise TraceError(f"np.{func.__name__} along axis {kwargs['axis']}: expected 0, 1, or none")
        return _apply(REDUCTIONS[func], func, args, kwargs, self.tape)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TraceError("a traced value cannot become a plain array: what follows would be lost from the record")

    def __bool__(self) -> bool:
        raise TraceError("a traced value cannot decide a branch: the other branch would be lost from the record")

    def __iter__(self) -> Iterator[Any]:
        raise TraceError("a traced value cannot be looped over")


def _apply(op: str, function: Callable[..., Any], args: Any, settings: dict[str, Any], tape: list[Node]) -> Traced:
    operands = []
    for arg in args:
        if isinstance(arg, Traced):
            operands.append(arg.node)
        elif isinstance(arg, int | float):
            operands.append(Node("constant", float(arg)))
        else:
            raise TraceError(f"{op} met a plain {type(arg).__name__}: pass it as an input, or it would be a literal")
    value = function(*[operand.value for operand in operands], **settings)
    node = Node(op, value, tuple(operands), function, settings)
    tape.append(node)
    return Traced(node, tape)


class Trace:
    """A recorded run. nodes: in execution order, inputs first; named: by path; inputs, result: nodes for values."""

    def __init__(self, nodes: list[Node], inputs: dict[str, Any], result: Any) -> None:
        self.nodes = nodes
        self.inputs = inputs
        self.result = result
        self.named: dict[Path, Node] = {node.path: node for node in nodes if node.path}


def record(function: Callable[..., Any], **inputs: Any) -> Trace:
    """Run ``function`` on traced copies of its inputs, which it takes by position.

    The names are the caller's own: by them the inputs are labelled, whatever the function calls them.

    Inputs and result may nest arrays in tuples, NamedTuples, lists and dicts; anything else in
    them is passed on as it is. A value is labelled by its first place: inputs before results.
    Raises TraceError where the function leaves what can be recorded.
    """
    tape: list[Node] = []

    def enter(value: Any, path: Path) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        if value.ndim != 2:
            raise TraceError(f"{'.'.join(map(str, path))} has shape {value.shape}, but every value is 2-D")
        tape.append(Node("input", value, path=path))
        return Traced(tape[-1], tape)

    def leave(value: Any, path: Path) -> Any:
        if not isinstance(value, Traced):
            return value
        if not value.node.path:
            value.node.path = path
        return value.node

    entered = {name: _map(value, enter, (name,)) for name, value in inputs.items()}
    result = function(*entered.values())
    return Trace(tape, _map(entered, leave, ()), _map(result, leave, ()))


def opened(node: Node) -> Node:
    """The node of a composite (softmax, sigmoid ...) again, made step by step from the same operands."""
    tape: list[Node] = []
    body = node.function.body  # type: ignore[union-attr]
    return body(*[Traced(operand, tape) for operand in node.operands]).node


def replay(trace: Trace, inputs: dict[Path, Any] | None = None) -> dict[Node, Any]:
    """Every node's value computed once more from the record, with some inputs replaced."""
    values: dict[Node, Any] = {}
    for node in trace.nodes:
        if node.op == "input":
            values[node] = (inputs or {}).get(node.path, node.value)
        else:
            operands = [operand.value if operand.op == "constant" else values[operand] for operand in node.operands]
            values[node] = node.compute(*operands)
    return values


def _map(value: Any, change: Callable[[Any, Path], Any], path: Path) -> Any:
    """``change`` every leaf of nested tuples, NamedTuples, lists and dicts, keeping the structure."""
    if hasattr(value, "_fields"):
        return type(value)(
            *[_map(part, change, (*path, name)) for name, part in zip(value._fields, value, strict=True)]
        )
    if isinstance(value, list | tuple):
        return type(value)(_map(part, change, (*path, index)) for index, part in enumerate(value))
    if isinstance(value, dict):
        return {name: _map(part, change, (*path, name)) for name, part in value.items()}
    return change(value, path)
