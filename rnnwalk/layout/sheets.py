"""Where each value stands in the workbook: the sheets Inputs and Unrolled, as rows and columns of cells.

Nothing here writes a workbook: the terminal prints these addresses too.
"""

from collections.abc import Callable

from rnnwalk.errors import InputError
from rnnwalk.layout.addresses import (
    EDITED,
    FIRST,
    HEADS,
    INPUTS,
    LETTERS,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    SPARE,
    STATUS,
    UNROLLED,
    CellRef,
    RowBlock,
    headings,
)
from rnnwalk.layout.backprop import GIVEN, BackpropSheet, Nudge
from rnnwalk.model.problem import LONG_TEXT, Problem
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names
from rnnwalk.walks.walk import Walk


class Layout:
    """home: the cell where a value is given or computed; drawn: where Unrolled shows it; unrolled: that sheet's title.

    Raises InputError for a walk that no workbook can hold.
    """

    def __init__(self, walk: Walk, unrolled: str = UNROLLED) -> None:
        self.unrolled = unrolled
        self.names: Names = walk.names
        self.length = walk.length
        self.home: dict[Node, CellRef] = {}
        self.drawn: dict[Node, CellRef] = {}
        self.row_blocks: list[RowBlock] = []
        self._groups: dict[str, list[Node]] = {}
        for node, label in walk.names.labels.items():
            self._groups.setdefault(label.group, []).append(node)
        self.settings = [node for node in self.nodes_of("setting") if node.path in GIVEN]
        self._inputs()
        self._unrolled(walk.fields(1))
        self.backprop = BackpropSheet(walk, self.before) if walk.backward else None
        self.nudge = Nudge(walk) if walk.backward else None
        if self.backprop is not None:
            self.home |= self.backprop.home
        self._check()

    def nodes_of(self, group: str) -> list[Node]:
        """The nodes of a group, in order."""
        return self._groups.get(group, [])

    @property
    def given(self) -> list[Node]:
        """What may be edited besides the letters: the weights, the initial state, how to learn."""
        return [*self.nodes_of("weight"), *self.nodes_of("initial"), *self.settings]

    def letter(self, step: int) -> CellRef:
        """The cell of the word's letter ``step``, from 1 (the last one is only a target)."""
        return CellRef(INPUTS, LETTERS, FIRST + step - 1)

    def known(self, step: int) -> CellRef:
        """The cell that says whether letter ``step`` is in the vocabulary; empty where the word was shortened."""
        return self.letter(step)._replace(row=STATUS)

    def _inputs(self) -> None:
        row = EDITED + 2
        for node in [*self.nodes_of("weight"), *self.nodes_of("initial")]:
            self.home[node] = CellRef(INPUTS, row + 2, FIRST)  # under its title and the headings of its columns
            row += 3 + node.shape[0]
        for group in ("input", "target"):
            nodes = self.nodes_of(group)
            for node in nodes:
                self.home[node] = CellRef(INPUTS, row + 1, FIRST + (self.names.labels[node].letter or 1) - 1)
            row += 2 + max(node.shape[0] for node in nodes)
        for node in self.settings:  # last, so that a walk with the way back has the same cells before them
            row += 1
            self.home[node] = CellRef(INPUTS, row, FIRST)
        self.vocabulary = CellRef(INPUTS, self.home[self.nodes_of("input")[0]].row, HEADS)
        self.matches = CellRef(
            INPUTS, row + (3 if self.settings else 1), FIRST
        )  # where each letter is looked up in the vocabulary
        self.inputs_end = self.matches.row - 1 + len(self.names.letters)

    def _unrolled(self, order: list[Node]) -> None:
        """order: what is computed at a letter, as the cell's record has it: a gate beside what it is made of."""
        names = self.names.labels
        forward = self.nodes_of("forward")
        steps: dict[str, list[Node]] = {}
        for node in [*self.nodes_of("initial"), *self.nodes_of("input"), *self.nodes_of("target"), *forward]:
            if names[node].letter is not None:
                steps.setdefault(names[node].field, []).append(node)
        terms = {node: self.names.parts(node) for node in order}
        used = {node: [part for part in parts if names[part].group == "weight"] for node, parts in terms.items()}
        self.before = FIRST + max(sum(part.shape[1] for part in weights) for weights in used.values())  # time 0
        row = 7
        for node, made_of in terms.items():
            new = [part for part in made_of if names[part].group in ("input", "target")]
            for part in [*new, node]:
                if any(row_block.node is part for row_block in self.row_blocks):
                    continue
                weights = used.get(part, [])
                row_block = RowBlock(part, row, row + headings(bool(weights)))
                column = FIRST
                for weight in weights:
                    row_block.weights[weight] = CellRef(self.unrolled, row_block.row, column)
                    column += weight.shape[1]
                for each in steps[names[part].field]:
                    self.drawn[each] = CellRef(self.unrolled, row_block.row, self.before + (names[each].letter or 0))
                self.row_blocks.append(row_block)
                row = row_block.row + part.shape[0] + (1 if part is not self.names.node.get("p_1") else 5)
        self.whole = [node for node in forward if names[node].letter is None]
        for node in self.whole:
            self.drawn[node] = CellRef(self.unrolled, row, self.before + 1)
            row += 2
        for node in forward:
            self.home[node] = self.drawn[node]
        self.unrolled_end = row

    @property
    def last(self) -> int:
        """The last column of Unrolled."""
        return self.before + self.length

    def check_columns(self, length: int) -> None:
        """Raise InputError where so many letters do not fit side by side."""
        before = self.before if self.backprop is None else self.backprop.before
        if before + length + SPARE > MOST_COLUMNS:
            fits = MOST_COLUMNS - before - SPARE + 1
            raise InputError(
                f"a workbook has {MOST_COLUMNS:,} columns, one for each step: a text of {length + 1:,} symbols with "
                f"these weights does not fit; take at most {max(fits, 0):,} symbols, or fewer hidden units"
            )

    def _check(self) -> None:
        self.check_columns(self.length)
        weights, forward = (sum(node.value.size for node in self.nodes_of(group)) for group in ("weight", "forward"))
        # each weight is drawn on four sheets
        cells = sum(node.value.size for node in self.drawn) + 4 * weights
        rows = max(self.unrolled_end, self.inputs_end)
        if self.backprop is not None and self.nudge is not None:
            rows = max(rows, self.backprop.end, self.nudge.end)
            cells += sum(node.value.size for node in self.backprop.drawn) + 2 * forward + 4 * weights
        if rows > MOST_ROWS:
            raise InputError(
                f"a workbook has {MOST_ROWS:,} rows and this network needs "
                f"{rows:,}; take fewer hidden units or a smaller vocabulary"
            )
        if cells > MOST_CELLS:
            raise InputError(
                f"this walk has {cells:,} numbers, more than the {MOST_CELLS:,} that a workbook is good for; "
                "take a shorter text or fewer hidden units"
            )


def check_length(problem: Problem, *, backward: bool) -> None:
    """Raise InputError for a text that is too long for a workbook, before it is recorded."""
    if problem.length > LONG_TEXT:
        start = Walk(problem.begun(1), backward=backward)
        Layout(start).check_columns(problem.length)


def addresses(walk: Walk) -> Callable[[Node, Index], str | None]:
    """Where ``rnnwalk export`` puts each number: ``Unrolled!F12``; None for all of a walk that no workbook can hold, or that is recorded in part."""
    try:
        home = Layout(walk).home if walk.complete else {}
    except InputError:
        home = {}

    def address(node: Node, at: Index) -> str | None:
        return str(home[node].to(at)) if node in home else None

    return address
