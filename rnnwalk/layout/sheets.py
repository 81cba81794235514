"""Where each value stands in the workbook: the sheets Inputs and Unrolled, as rows and columns of cells.

Nothing here writes a workbook: the terminal prints these addresses too.
"""

from collections.abc import Callable

from rnnwalk.errors import InputError
from rnnwalk.layout.ledger import GIVEN, Ledger, Nudge
from rnnwalk.layout.places import (
    EDITED,
    FIRST,
    HEADS,
    INPUTS,
    LETTERS,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    SPARE,
    UNROLLED,
    Band,
    Place,
)
from rnnwalk.names import Names
from rnnwalk.terms import Index, parts
from rnnwalk.trace import Node
from rnnwalk.walks import Walk


class Layout:
    """home: the cell where a value is given or computed; drawn: where Unrolled shows it; unrolled: that sheet's title.

    Raises InputError for a walk that no workbook can hold.
    """

    def __init__(self, walk: Walk, unrolled: str = UNROLLED) -> None:
        self.unrolled = unrolled
        self.names: Names = walk.names
        self.length = walk.length
        self.home: dict[Node, Place] = {}
        self.drawn: dict[Node, Place] = {}
        self.bands: list[Band] = []
        self._groups: dict[str, list[Node]] = {}
        for node, name in walk.names.of.items():
            self._groups.setdefault(name.group, []).append(node)
        self.settings = [node for node in self.of("setting") if node.path in GIVEN]
        self._inputs()
        self._unrolled(walk.fields(1))
        self.ledger = Ledger(walk, self.before) if walk.backward else None
        self.nudge = Nudge(walk) if walk.backward else None
        if self.ledger is not None:
            self.home |= self.ledger.home
        self._check()

    def of(self, group: str) -> list[Node]:
        """The nodes of a group, in order."""
        return self._groups.get(group, [])

    @property
    def given(self) -> list[Node]:
        """What may be edited besides the letters: the weights, the initial state, how to learn."""
        return [*self.of("weight"), *self.of("initial"), *self.settings]

    def letter(self, step: int) -> Place:
        """The cell of the word's letter ``step``, from 1 (the last one is only a target)."""
        return Place(INPUTS, LETTERS, FIRST + step - 1)

    def _inputs(self) -> None:
        row = EDITED + 2
        for node in [*self.of("weight"), *self.of("initial")]:
            self.home[node] = Place(INPUTS, row + 2, FIRST)  # under its title and the headings of its columns
            row += 3 + node.shape[0]
        for group in ("input", "target"):
            nodes = self.of(group)
            for node in nodes:
                self.home[node] = Place(INPUTS, row + 1, FIRST + (self.names.of[node].letter or 1) - 1)
            row += 2 + max(node.shape[0] for node in nodes)
        for node in self.settings:  # last, so that a walk with the way back has the same cells before them
            row += 1
            self.home[node] = Place(INPUTS, row, FIRST)
        self.vocabulary = Place(INPUTS, self.home[self.of("input")[0]].row, HEADS)
        self.matches = Place(
            INPUTS, row + (3 if self.settings else 1), FIRST
        )  # where each letter is looked up in the vocabulary
        self.inputs_end = self.matches.row - 1 + len(self.names.letters)

    def _unrolled(self, order: list[Node]) -> None:
        """order: what is computed at a letter, as the cell's record has it: a gate beside what it is made of."""
        names = self.names.of
        forward = self.of("forward")
        steps: dict[str, list[Node]] = {}
        for node in [*self.of("initial"), *self.of("input"), *self.of("target"), *forward]:
            if names[node].letter is not None:
                steps.setdefault(names[node].field, []).append(node)
        terms = {node: self.parts(node) for node in order}
        used = {node: [part for part in parts if names[part].group == "weight"] for node, parts in terms.items()}
        self.before = FIRST + max(sum(part.shape[1] for part in weights) for weights in used.values())  # time 0
        row = 7
        for node, made_of in terms.items():
            new = [part for part in made_of if names[part].group in ("input", "target")]
            for part in [*new, node]:
                if any(band.node is part for band in self.bands):
                    continue
                weights = used.get(part, [])
                band = Band(part, row, row + (2 if weights else 1 if part.shape[0] > 1 else 0))
                column = FIRST
                for weight in weights:
                    band.weights[weight] = Place(self.unrolled, band.row, column)
                    column += weight.shape[1]
                for each in steps[names[part].field]:
                    self.drawn[each] = Place(self.unrolled, band.row, self.before + (names[each].letter or 0))
                self.bands.append(band)
                row = band.row + part.shape[0] + (1 if part is not self.names.node.get("p_1") else 5)
        self.whole = [node for node in forward if names[node].letter is None]
        for node in self.whole:
            self.drawn[node] = Place(self.unrolled, row, self.before + 1)
            row += 2
        for node in forward:
            self.home[node] = self.drawn[node]
        self.unrolled_end = row

    def parts(self, node: Node) -> list[Node]:
        """The named values that a value is made of."""
        return parts(node, self.names.of)

    @property
    def last(self) -> int:
        """The last column of Unrolled."""
        return self.before + self.length

    def _check(self) -> None:
        before = self.before if self.ledger is None else self.ledger.before
        if before + self.length + SPARE > MOST_COLUMNS:
            fits = MOST_COLUMNS - before - SPARE + 1
            raise InputError(
                f"a workbook has {MOST_COLUMNS:,} columns, one for each step: a text of {self.length + 1:,} symbols with "
                f"these weights does not fit; take at most {max(fits, 0):,} symbols, or fewer hidden units"
            )
        weights, forward = (sum(node.value.size for node in self.of(group)) for group in ("weight", "forward"))
        # each weight is drawn on four sheets
        cells = sum(node.value.size for node in self.drawn) + 4 * weights
        rows = max(self.unrolled_end, self.inputs_end)
        if self.ledger is not None and self.nudge is not None:
            rows = max(rows, self.ledger.end, self.nudge.end)
            cells += sum(node.value.size for node in self.ledger.drawn) + 2 * forward + 4 * weights
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


def addresses(walk: Walk) -> Callable[[Node, Index], str | None]:
    """Where ``rnnwalk export`` puts each number: ``Unrolled!F12``; None for all of a walk that no workbook can hold."""
    try:
        home = Layout(walk).home
    except InputError:
        home = {}

    def address(node: Node, at: Index) -> str | None:
        return str(home[node].to(at)) if node in home else None

    return address
