"""Training, epoch by epoch, from one recorded step of learning: the sheet Training, a row an epoch.

Nothing here knows a cell or an optimiser: the record is replayed with the new weights in the old ones' places.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError
from rnnwalk.layout.addresses import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SPARE, TRAINING, CellRef
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node, replay
from rnnwalk.walks.walk import Walk

GROUPS, SYMBOLS, ELEMENTS, TOP = 6, 7, 8, 9  # the rows of the headings and of the first epoch
NUMBER, LOSS, SAID, FIRST = 1, 2, 3, 4  # the columns of the summary
MOST_LETTERS = 12  # that the summary shows
GAP = 11  # columns for the charts
LAST_BITS = 1e-14  # how far the start weights are moved to see which epochs last bits decide
STEADY = 1e-10

Values = dict[Node, Array]


class Group(NamedTuple):
    """Columns under one heading."""

    title: str
    nodes: list[Node]


class Epochs:
    """So many epochs of a walk's step of learning, and where they stand.

    groups: the columns of all numbers; becomes: what each weight that is learned (and what the optimiser remembers)
    is in the next epoch; steps: after which an answer is summed up. Raises InputError for what a sheet cannot hold.
    """

    def __init__(self, walk: Walk, count: int) -> None:
        self.walk, self.count = walk, count
        given, result = walk.trace.inputs, walk.trace.result
        self.becomes: dict[Node, Node] = dict(_pairs(given["weight"], result.updated))
        self.becomes |= dict(_pairs(given["optimiser"], result.next_state))
        wide = len(walk.problem.sequences)
        said = [step for step in range(1, walk.length + 1) if walk.problem.says(step)]
        self.places = [(step - 1) * wide + column + 1 for step in said for column in range(wide)][:MOST_LETTERS]
        self.shown = len(self.places)
        self.said = FIRST + self.shown
        self.charts = self.said + self.shown + 1
        self.groups = self._groups()
        self.column: dict[Node, int] = {}
        column = self.charts + GAP
        for group in self.groups:
            for node in group.nodes:
                self.column[node] = column
                column += node.value.size
        self.last = column - 1
        self._check()

    def place(self, node: Node) -> CellRef:
        """Where a value begins in the first epoch: its numbers row by row, or one sequence after the other."""
        rows, columns = node.shape
        down, right = (1, rows) if self.beside(node) else (columns, 1)
        return CellRef(TRAINING, TOP, self.column[node], (0, down), (0, right))

    def order(self, node: Node) -> list[Index]:
        """The elements of a value in the order of their cells."""
        rows, columns = (range(count) for count in node.shape)
        return [(r, c) for c in columns for r in rows] if self.beside(node) else [(r, c) for r in rows for c in columns]

    def flat(self, node: Node, value: Array) -> list[float]:
        """The numbers of a value in that order."""
        numbers: list[float] = (value.T if self.beside(node) else value).ravel().tolist()
        return numbers

    def beside(self, node: Node) -> bool:
        """Whether a value has a column for each sequence, each of which must stand in one piece."""
        return node.shape[1] > 1 and self.walk.names.labels[node].note.axes[1] == "1"

    def rows(self) -> Iterator[Values]:
        """The values of each epoch. Raises InputError where training diverges."""
        inputs: dict[tuple[str | int, ...], Array] = {}
        for number in range(1, self.count + 1):
            with np.errstate(all="ignore"):
                values: Values = replay(self.walk.trace, inputs)
            for node in self.column:
                if not np.all(np.isfinite(values[node])):
                    raise InputError(
                        f"training diverges: {self.walk.names.key(node)} is no longer a finite number in epoch "
                        f"{number}, and a workbook holds no other; take a smaller learning rate (--lr), or --clip 1"
                    )
            yield values
            inputs = {node.path: values[after] for node, after in self.becomes.items()}

    def steady(self, losses: list[float]) -> int:
        """For how many epochs the last bits of the weights do not matter: so far every calculator must agree."""
        start = {
            node.path: node.value * (1 + LAST_BITS) for node in self.walk.trace.inputs["weight"] if node is not None
        }
        inputs, loss = dict(start), self.walk.names.node["loss"]
        for number, expected in enumerate(losses):
            with np.errstate(all="ignore"):
                values = replay(self.walk.trace, inputs)
            if not abs(float(values[loss][0, 0]) - expected) <= STEADY * (1 + abs(expected)):
                return number
            inputs = {node.path: values[after] for node, after in self.becomes.items()}
        return len(losses)

    def _groups(self) -> list[Group]:
        walk, names = self.walk, self.walk.names
        by: dict[str, list[Node]] = {}
        for node, label in names.labels.items():
            by.setdefault(label.group, []).append(node)
        computed = [node for node in walk.names.labels if node.op != "input"]
        noun = walk.problem.noun.capitalize()
        letters = range(1, walk.length + 1)

        def at(group: str, letter: int | None) -> list[Node]:
            return [n for n in computed if names.labels[n].group == group and names.labels[n].letter == letter]

        memories = [node for node in self.becomes if names.labels[node].group == "setting"]
        groups = [
            Group("The weights", [node for node in by["weight"] if node in self.becomes]),
            Group("What the optimiser remembers", memories),
            *[Group(f"{noun} {t}: forward", at("forward", t)) for t in letters],
            Group("The loss", at("forward", None)),
            *[Group(f"{noun} {t}: the way back", at("backward", t)) for t in reversed(letters)],
            Group("The gradients", at("gradient", None)),
            Group("What the optimiser will remember", [n for n in self.becomes.values() if n.path[0] != "updated"]),
            Group("The new weights", [n for n in self.becomes.values() if n.path[0] == "updated"]),
        ]
        return [group for group in groups if group.nodes]

    def _check(self) -> None:
        names, length = self.walk.names.labels, self.walk.length
        numbers = sum(node.value.size for node in self.column)
        if self.last + SPARE > MOST_COLUMNS:
            timed = sum(node.value.size for node in self.column if names[node].letter is not None)
            room = MOST_COLUMNS - SPARE - (self.last - timed)
            fits = max(0, room * length // timed)
            noun, ahead = self.walk.problem.noun, self.walk.problem.given is None
            one = "even two do not fit" if ahead else "even one does not fit"
            advice = f"at most {fits + ahead} {noun}s fit" if fits else one
            raise InputError(
                f"an epoch of this network has {numbers:,} numbers, and a row of a workbook {MOST_COLUMNS:,} cells: "
                f"{advice} (of {length + ahead}); take {self.walk.problem.shorter}, fewer hidden units or a smaller vocabulary"
            )
        fits = min(MOST_CELLS // numbers, MOST_ROWS - TOP)
        if self.count > fits:
            raise InputError(
                f"{self.count:,} epochs of {numbers:,} numbers each are more than the {MOST_CELLS:,} that a workbook "
                f"is good for; at most {fits:,} epochs fit, or take {self.walk.problem.shorter} or fewer hidden units"
            )


def _pairs(before: object, after: object) -> Iterator[tuple[Node, Node]]:
    """Nodes at the same places of two nested structures, where they differ: a frozen weight stays."""
    if isinstance(before, Node) and isinstance(after, Node):
        if before is not after:
            yield before, after
    elif isinstance(before, dict) and isinstance(after, dict):
        for name, part in before.items():
            yield from _pairs(part, after[name])
    elif isinstance(before, tuple) and isinstance(after, tuple):
        for one, other in zip(before, after, strict=True):
            yield from _pairs(one, other)
