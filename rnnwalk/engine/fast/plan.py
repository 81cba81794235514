"""A function of arrays as a list of NumPy calls on buffers that stay: what is left of it when it runs a second time.

For small networks Python and memory management cost more than arithmetic. So the equations are run once
on ``Planned`` arrays, which note each call by NumPy's own protocol; a run of the plan makes the same calls,
each into the buffer of the first time. Slices are views of buffers, and what is joined is written
in its place at once, so neither costs anything.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from rnnwalk.engine.fast.cell import by_columns
from rnnwalk.engine.fast.one_hot import gathered, gathered_vectors, picked, picked_vectors
from rnnwalk.engine.notes import Array


class Planned(NDArrayOperatorsMixin):
    """An array of a plan: given, made by a call, a view of another one, or placed into another one.

    parent, view: the array that it is a view of, and how.  made: by a call, so that it may be placed elsewhere.
    """

    __slots__ = ("array", "made", "parent", "plan", "view")

    def __init__(self, plan: "Plan", array: Array, parent: Any = None, view: Any = None, made: bool = False) -> None:
        self.plan = plan
        self.array = array
        self.parent = parent
        self.view = view
        self.made = made

    def place(self, parent: "Planned", view: Callable[[Array], Array]) -> None:
        """Let the calls that make this array write it into another one."""
        self.parent, self.view, self.made = parent, view, False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def T(self) -> "Planned":
        return Planned(self.plan, self.array.T, self, lambda array: array.T)

    def __getitem__(self, key: Any) -> "Planned":
        return Planned(self.plan, self.array[key], self, lambda array: array[key])

    def sum(self, axis: int | None = None, *, keepdims: bool) -> "Planned":
        return self.plan.call(np.add.reduce, (self, axis, None), (keepdims,))

    def max(self, axis: int | None = None, *, keepdims: bool) -> "Planned":
        return self.plan.call(np.maximum.reduce, (self, axis, None), (keepdims,))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> "Planned":
        if method != "__call__" or kwargs:
            raise TypeError(f"np.{ufunc.__name__}.{method} cannot be planned")
        if ufunc is np.power and inputs[1] == 2:
            return self.plan.call(np.square, inputs[:1])
        if ufunc in SPELLED_OUT:
            return self.plan.call(SPELLED_OUT[ufunc], inputs)
        return self.plan.call(ufunc, inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> "Planned":
        if function is np.concatenate:
            return self.plan.join(args[0], **kwargs)
        if getattr(function, "__name__", "") == "total":
            return sum(args[1:], start=args[0])
        if function in AT_ONCE:
            return self.plan.call(function.body, args)
        if hasattr(function, "body"):
            return function.body(*args)
        raise TypeError(f"np.{function.__name__} cannot be planned")

    @property
    def root(self) -> "Planned":
        """The array in whose buffer it lies."""
        return self if self.parent is None else self.parent.root

    def resolved(self) -> Array:
        """The buffer, found anew for what was placed since."""
        if self.parent is not None:
            self.array = self.view(self.parent.resolved())
        return self.array


class Plan:
    """The calls of ``function`` on ``inputs``, ready to be made again: ``plan()``.

    inputs: arrays that are read where they are at every run. result: the arrays of the function's result,
    which every run overwrites. same: from result and inputs to pairs (new, old): a result and the input
    that it replaces.  dtype: of constants.  spare: buffers to share with plans that never run at the same time.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: list[Any],
        same: Callable[..., Any],
        dtype: Any,
        spare: dict[int, list[Array]] | None = None,
    ) -> None:
        self.calls: list[tuple[Any, tuple[Any, ...], Planned, tuple[Any, ...]]] = []
        self.dtype = dtype
        planned = [mapped(value, lambda array: Planned(self, array)) for value in inputs]
        result = function(*planned)
        for new, old in same(result, *planned):
            whole = new.root  # of which it is all, be it as a column
            whole.place(old, lambda array, shape=whole.shape: array.reshape(shape))
        self._share(result, {} if spare is None else spare)
        self.result = mapped(result, lambda value: value.resolved())
        self.steps = [
            _quicker(f, (*[a.resolved() if isinstance(a, Planned) else a for a in args], out.resolved(), *rest))
            for f, args, out, rest in self.calls
        ]

    def __call__(self) -> Any:
        for function, arguments in self.steps:
            function(*arguments)
        return self.result

    def _share(self, result: Any, free: dict[int, list[Array]]) -> None:
        """Let arrays that are never needed at the same time have the same buffer: the less memory, the more of it is near."""
        kept: set[int] = set()
        mapped(result, lambda value: kept.add(id(value.root)) if isinstance(value, Planned) else None)
        used: dict[int, tuple[Planned, int]] = {}  # each array that a call writes, and the last call that needs it
        for number, (_, args, out, _) in enumerate(self.calls):
            for value in (out, *args):
                if isinstance(value, Planned) and value.root.made and id(value.root) not in kept:
                    used[id(value.root)] = value.root, number
        ending: dict[int, list[Planned]] = {}
        for root, last in used.values():
            ending.setdefault(last, []).append(root)
        placed: set[int] = set()
        for number, (_, _, out, _) in enumerate(self.calls):
            root = out.root
            if id(root) in used and id(root) not in placed:
                placed.add(id(root))
                spare = free.get(root.array.size)
                flat = spare.pop() if spare else np.empty(root.array.size, root.array.dtype)
                root.array = flat.reshape(root.array.shape, order="F")
            for ended in ending.get(number, ()):
                free.setdefault(ended.array.size, []).append(ended.array.reshape(-1, order="F"))

    def call(self, function: Any, args: tuple[Any, ...], rest: tuple[Any, ...] = ()) -> Planned:
        """Make a call and note it. Buffers are column by column, so that the columns of a letter lie together."""
        args = tuple(np.asarray(a, self.dtype) if isinstance(a, float | int) and not rest else a for a in args)
        value = function(*[a.array if isinstance(a, Planned) else a for a in args], *([None, *rest] if rest else []))
        out = Planned(self, np.asfortranarray(value), made=True)
        self.calls.append((function, args, out, rest))
        return out

    def join(self, parts: Any, axis: int | None = None) -> Planned:
        """Parts on top of each other (axis=0), side by side (1) or one after the other in a long vector (None)."""
        arrays = [part.array if isinstance(part, Planned) else part for part in parts]
        joined = np.concatenate(arrays, axis=axis)
        whole = Planned(self, np.asfortranarray(joined), made=True)
        start = 0
        for part, array in zip(parts, arrays, strict=True):
            end = start + (array.size if axis is None else array.shape[axis])
            view = _piece(slice(start, end), axis, array.shape)
            if isinstance(part, Planned) and part.made:
                part.place(whole, view)
            else:
                self.calls.append((np.positive, (part,), Planned(self, array, whole, view), ()))
            start = end
        return whole


def _quicker(function: Any, arguments: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """np.dot costs less than np.matmul; it wants a result whose rows lie together."""
    quick = function is np.matmul and arguments[2].flags.c_contiguous
    return (np.dot if quick else function), arguments


def _minimum(a: Array, b: Array, out: Array | None = None) -> Array:
    return np.minimum(a, b, out=out)


def _maximum(a: Array, b: Array, out: Array | None = None) -> Array:
    return np.maximum(a, b, out=out)


# Each is one call, whose last argument is the buffer.
AT_ONCE = (by_columns, picked, gathered, picked_vectors, gathered_vectors)
SPELLED_OUT: dict[np.ufunc, Any] = {np.minimum: _minimum, np.maximum: _maximum}  # whose out NumPy wants by its name


def _piece(span: slice, axis: int | None, shape: tuple[int, ...]) -> Callable[[Array], Array]:
    if axis is None:
        return lambda array: array[span].reshape(shape)
    return (lambda array: array[span]) if axis == 0 else (lambda array: array[:, span])


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Nested tuples, lists and dicts with each of their arrays changed."""
    if hasattr(value, "_make"):
        return value._make([mapped(part, change) for part in value])
    if isinstance(value, dict):
        return {name: mapped(part, change) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(mapped(part, change) for part in value)
    return change(value) if isinstance(value, np.ndarray | Planned) else value
