"""Where each value stands in the workbook, all sheets together, and on the sheet Inputs, as rows and columns of cells.

Nothing here writes a workbook: the terminal prints these addresses too.
"""

from collections.abc import Callable
from typing import NamedTuple

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
    NEXT,
    SPARE,
    STATUS,
    UNROLLED,
    CellRef,
    drawn_shape,
    placed,
)
from rnnwalk.layout.backprop import GIVEN, BackpropSheet, Nudge
from rnnwalk.layout.unrolled import UnrolledSheet
from rnnwalk.model.problem import LONG_TEXT, Problem
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names
from rnnwalk.walks.walk import Walk


class Choice(NamedTuple):
    """What is chosen from a list, step by step, on Inputs. row: of the chosen cells; places: where one is chosen;
    listed: the first cell of the list; names: what it holds; matches: the first cell of where they are looked up in it.
    """

    row: int
    places: range
    listed: CellRef
    names: list[str]
    matches: CellRef


class Layout:
    """home: the cell where a value is given or computed; unrolled, backprop, nudge: those sheets, the last two of a walk
    with its way back; wide: the columns that each step has, one for each sequence. They are counted over all steps, from 1: a place.

    Raises InputError for a walk that no workbook can hold.
    """

    def __init__(self, walk: Walk, unrolled: str = UNROLLED) -> None:
        self.problem = walk.problem
        self.names: Names = walk.names
        self.length = walk.length
        self.wide = len(walk.problem.sequences)
        self.home: dict[Node, CellRef] = {}
        self._groups: dict[str, list[Node]] = {}
        for node, label in walk.names.labels.items():
            self._groups.setdefault(label.group, []).append(node)
        used = [part for node in walk.each_field for part in walk.names.parts(node)]
        self._groups["weight"].sort(
            key=lambda node: used.index(node) if node in used else len(used)
        )  # as steps use them
        self.settings = [node for node in self.nodes_of("setting") if node.path in GIVEN]
        self._inputs()
        self.unrolled = UnrolledSheet(walk, unrolled)
        self.home |= {node: self.unrolled.drawn[node] for node in self.nodes_of("forward")}
        self.answers = self._answers()
        self.backprop = BackpropSheet(walk, self.unrolled.before) if walk.backward else None
        self.nudge = Nudge(walk) if walk.backward else None
        if self.backprop is not None:
            self.home |= self.backprop.home
        self._check()

    def nodes_of(self, group: str) -> list[Node]:
        """The nodes of a group, in order."""
        return self._groups.get(group, [])

    @property
    def given(self) -> list[list[Node]]:
        """The numbers that may be edited, what stands side by side together: the weights, the initial state, what is
        read and aimed at where it is not chosen from a list, how to learn.
        """
        alone = [[node] for node in [*self.nodes_of("weight"), *self.nodes_of("initial")]]
        typed = [self.nodes_of(group) for group in ("input", "target") if self.typed(group)]
        return [*alone, *typed, *[[node] for node in self.settings]]

    def typed(self, group: str) -> bool:
        """Whether the columns of the inputs or targets hold numbers that are typed, and follow from no choice."""
        if group == "input" and self.problem.model.task.ranks:
            return False
        return any(not self.names.one_hot(node) for node in self.nodes_of(group)[:1])  # which are all alike

    @property
    def shortens(self) -> bool:
        """Whether a word may lose its last letters.

        Not what is padded to one length; and where a word holds its own target and that comes once, the last letter is not read.
        """
        task = self.problem.model.task
        if self.typed("input") or (task.text is not None and task.text.maxlen is not None):
            return False
        return self.length > 1 if self.problem.given is not None else task.at == "every"

    @property
    def fewest(self) -> int:
        """How many letters make the shortest word: of two the second may be the target of the first."""
        return 2 if self.problem.given is None else 1

    @property
    def carries(self) -> bool:
        """Whether a step that was left out only carries the memory on, to the one answer after the last step."""
        return self.shortens and not self.problem.says(1)

    @property
    def places(self) -> range:
        """The places of all steps that are read."""
        return range(1, self.length * self.wide + 1)

    def places_of(self, step: int) -> range:
        """The places of a step."""
        return range((step - 1) * self.wide + 1, step * self.wide + 1)

    def stands(self, place: int) -> tuple[int, int]:
        """The step of a place, from 1, and the column of its sequence, from 0."""
        before, column = divmod(place - 1, self.wide)
        return before + 1, column

    def follows(self, group: str) -> tuple[Choice, int]:
        """The choice that a column of the inputs or targets follows, and how many columns right of it it is made."""
        own = [choice for choice in self.choices if choice.row == (LETTERS if group == "input" else NEXT)]
        return (own[0], 0) if own else (self.choices[0], self.wide)

    def letter(self, place: int) -> CellRef:
        """The cell of the letter at a place (the last one of a word is only a target)."""
        return CellRef(INPUTS, LETTERS, FIRST + place - 1)

    def truth(self, place: int) -> CellRef:
        """The cell that holds what is true after a place, where that is known."""
        if self.problem.given is None:
            return self.letter(place + self.wide)
        return self.letter(place)._replace(row=NEXT)

    def place(self, step: int, which: int) -> int:
        """The place of a step of a word; which: the column of that word among those that a step has, from 0."""
        return (step - 1) * self.wide + which + 1

    def present(self, place: int) -> CellRef:
        """A cell that is empty where a word was shortened so far that it does not have the step of a place."""
        return self.known(place + (self.fewest - 1) * self.wide)

    def known(self, place: int) -> CellRef:
        """The cell that says whether the letter at a place is in the vocabulary; empty where the word was shortened."""
        return self.letter(place)._replace(row=STATUS)

    def _inputs(self) -> None:
        groups = [group for group in ("input", "target") if self.nodes_of(group)]
        row = EDITED + 2 + (self.wide > 1)  # under the numbers of the words
        for group in filter(self.typed, groups):
            row = self._side_by_side(group, row)
        for node in [*self.nodes_of("weight"), *self.nodes_of("initial")]:
            # under its title and the headings of its columns
            self.home[node] = placed(node, CellRef(INPUTS, row + 2, FIRST))
            row += 3 + drawn_shape(node)[0]
        for group in groups:
            row = row if self.typed(group) else self._side_by_side(group, row)
        for node in self.settings:  # last, so that a walk with the way back has the same cells before them
            row += 1
            self.home[node] = CellRef(INPUTS, row, FIRST)
        self._choices(row + (3 if self.settings else 1))

    def _side_by_side(self, group: str, row: int) -> int:
        """The inputs or the targets, a column each; returns the next free row."""
        nodes = self.nodes_of(group)
        for node in nodes:
            self.home[node] = CellRef(INPUTS, row + 1, FIRST + ((self.names.labels[node].letter or 1) - 1) * self.wide)
        return row + 2 + max(node.shape[0] for node in nodes)

    def _choices(self, row: int) -> None:
        """What is chosen from a list; row: of the first cell where the first choice is looked up."""
        problem, self.choices = self.problem, list[Choice]()
        found = [("input", LETTERS, self.names.letters, range(1, len(problem.symbols) * self.wide + 1))]
        if problem.given:
            answered = self.places if problem.says(1) else self.places_of(self.length)
            found.append(("target", NEXT, self.names.answers, answered))
        for group, of, names, places in found:
            if not self.typed(group):
                matches, (node, *_) = CellRef(INPUTS, row, FIRST), self.nodes_of(group)
                listed = self.home[node] if self.names.one_hot(node) else matches  # where the rows have the names
                self.choices.append(Choice(of, places, listed._replace(column=HEADS), names, matches))
                row += len(names) + 2
        self.inputs_end = row - 3 if self.choices else row

    def _answers(self) -> CellRef | None:
        """The first cell of the list of answers, None for numbers: of the vocabulary, of the targets, or beside p."""
        if self.problem.model.task.linear:
            return None
        if self.problem.model.task.names is None or self.problem.given:
            return self.choices[-1].listed
        (p,) = [row_block for row_block in self.unrolled.row_blocks if self.names.labels[row_block.node].field == "p"]
        return CellRef(self.unrolled.title, p.row, self.unrolled.before)

    def check_columns(self, length: int) -> None:
        """Raise InputError where so many letters do not fit side by side."""
        before = (self.unrolled if self.backprop is None else self.backprop).before
        if before + (length + 1) * self.wide - 1 + SPARE > MOST_COLUMNS:
            fits = (MOST_COLUMNS - before - SPARE + 1) // self.wide
            raise InputError(
                f"a workbook has {MOST_COLUMNS:,} columns, one for each step: a text of {length + 1:,} symbols with "
                f"these weights does not fit; take {self._at_most(max(fits, 0))}, or fewer hidden units"
            )

    def _at_most(self, symbols: int) -> str:
        text, told = self.problem.model.task.text, f"at most {symbols:,} symbols"
        return told if text is None or text.maxlen is None else f"{self.problem.shorter} ({told} fit)"

    @property
    def cells(self) -> int:
        """How many cells hold a number; each weight is drawn on four sheets, and with the way back on as many more."""
        weights, forward = (sum(node.value.size for node in self.nodes_of(group)) for group in ("weight", "forward"))
        cells = sum(node.value.size for node in self.unrolled.drawn) + 4 * weights
        if self.backprop is not None:
            cells += sum(node.value.size for node in self.backprop.drawn) + 2 * forward + 4 * weights
        return cells

    def _check(self) -> None:
        self.check_columns(self.length)
        rows = max(self.unrolled.end, self.inputs_end)
        if self.backprop is not None and self.nudge is not None:
            rows = max(rows, self.backprop.end, self.nudge.end)
        if rows > MOST_ROWS:
            raise InputError(
                f"a workbook has {MOST_ROWS:,} rows and this network needs "
                f"{rows:,}; take fewer hidden units or a smaller vocabulary"
            )
        check_cells(self.cells, self.problem.shorter)


def check_cells(cells: int, shorter: str) -> None:
    """Raise InputError for more numbers than a workbook is good for. shorter: what would take less."""
    if cells > MOST_CELLS:
        raise InputError(
            f"this walk has {cells:,} numbers, more than the {MOST_CELLS:,} that a workbook is good for; "
            f"take {shorter} or fewer hidden units"
        )


def check_length(problem: Problem, *, backward: bool) -> None:
    """Raise InputError for a text that is too long for a workbook, before it is recorded: each letter has as many cells."""
    if problem.length > LONG_TEXT:
        if backward:  # the loss is a sum over all letters, and Excel takes a formula of 8,192 characters
            raise InputError(
                f"a workbook with the way back holds at most {LONG_TEXT:,} {problem.noun}s, and this text has "
                f"{problem.length:,}; take a shorter one, or leave the way back out (--backward, --train)"
            )
        one, two = (Layout(Walk(problem.begun(letters))) for letters in (1, 2))
        one.check_columns(problem.length)
        check_cells(one.cells + (problem.length - 1) * (two.cells - one.cells), problem.shorter)


def addresses(walk: Walk) -> Callable[[Node, Index], str | None]:
    """Where ``rnnwalk export`` puts each number: ``Unrolled!F12``; None for all of a walk that no workbook can hold, or that is recorded in part."""
    try:
        home = Layout(walk).home if walk.complete else {}
    except InputError:
        home = {}

    def address(node: Node, at: Index) -> str | None:
        return str(home[node].to(at)) if node in home else None

    return address
