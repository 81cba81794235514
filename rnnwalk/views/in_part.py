"""What of a large value is drawn in any case, where not all of it can be."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.model.problem import LONG, Problem
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.walks.walk import Walk

MANY, FEW = 14, 3  # rows or columns that may not all be drawn; of these, how many of the largest are

Picked = tuple[tuple[int, ...], tuple[int, ...]]
"""Rows and columns, those that matter most first."""


def rows_read(problem: Problem) -> frozenset[int]:
    """Where the symbols that are read stand in the vocabulary, so that a large one is drawn with them."""
    found = set[int]()
    for one in problem.sequences:
        read = one.inputs if one.model.task.text is None else tuple(dict.fromkeys(one.inputs))  # padding but once
        found.update(one.rows(read[:LONG]).tolist())
    return frozenset(found)


def symbol_axis(walk: Walk, node: Node, axis: int) -> bool:
    """Whether a value has a row (axis 0) or a column (axis 1) for each symbol that may be read."""
    task, embedded = walk.problem.model.task, walk.problem.model.network.embedded
    kind = walk.names.labels[node].note.axes[axis]
    return task.inputs is None and not task.ranks and kind == ("v" if embedded else "k") and node.shape[axis] > 1


def matters(walk: Walk, node: Node) -> Picked:
    """The rows and columns of the symbols that are read and, of another long axis of what was computed, the largest."""
    return _along(walk, node, 0), _along(walk, node, 1)


def _along(walk: Walk, node: Node, axis: int) -> tuple[int, ...]:
    sizes = np.abs(node.value).max(axis=1 - axis)
    if symbol_axis(walk, node, axis):
        read = rows_read(walk.problem)
        if node.op == "input":
            return from_both_ends(read)
        return tuple(i for i in largest(sizes) if i in read and sizes[i])
    return tuple(largest(sizes)[:FEW]) if node.op != "input" and len(sizes) > MANY else ()


def from_both_ends(places: Iterable[int]) -> tuple[int, ...]:
    """Places in the order in which there is room for them: of given numbers none matters more, so the middle goes first."""
    left, found = deque(sorted(places)), list[int]()
    while left:
        found.append(left.pop() if len(found) % 3 == 2 else left.popleft())
    return tuple(found)


def largest(sizes: Array) -> list[int]:
    """Places by their numbers, the largest first, those that are alike in order."""
    found: list[int] = np.argsort(-sizes, kind="stable").tolist()
    return found


def peak(sizes: Array) -> Index:
    """The place of the largest number, the first of those that are nearly equal: a browser rounds last bits otherwise."""
    most = sizes.max()
    place = int(np.argmax(sizes >= most - 1e-12 * abs(most)))
    return divmod(place, sizes.shape[1])


def elements(walk: Walk, node: Node) -> list[Index]:
    """The elements by which a whole value is told: a column, that of the largest number where each is no sequence's, and
    of what is long or begins with a 0 the largest first.
    """
    sizes = np.abs(node.value)
    column = 0
    if node.shape[1] > 1 and walk.names.labels[node].note.axes[1] != "1":
        column = next(iter(matters(walk, node)[1]), int(sizes.max(axis=0).argmax()))
    ranked = node.shape[0] > MANY or not sizes[0, column]
    return [(row, column) for row in (largest(sizes[:, column]) if ranked else range(node.shape[0]))]
