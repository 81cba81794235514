"""Where the way back stands in the workbook: the sheet Backprop, and the sheet Nudge that checks it."""

from dataclasses import dataclass

from rnnwalk.layout.addresses import BACKPROP, FIRST, NUDGE, READ, CellRef, RowBlock, column_letters, headings, wide
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.record import Node
from rnnwalk.walks.walk import Walk

DOWN, ALONG = (1, 0), (0, 1)
ORDER = READ + 1  # the row of the order in which the letters are read


@dataclass
class WeightRows:
    """The rows of one weight on Backprop, a row for each of its numbers: what each letter adds, then what
    follows from it, a column each. top: the row of its title; row: of its first number.
    """

    weight: Node
    top: int
    row: int
    shares: list[Node]  # in the order of the letters
    columns: list[Node]  # gradient, clipped gradient, weight, what the optimiser remembers, new weight


class BackpropSheet:
    """The sheet Backprop. Each letter keeps its column of Unrolled wherever the weights leave room.

    drawn: where a value stands on the sheet (a weight in its block); home: of those that are computed here;
    before: the column of time 0; after: of the gradients.
    """

    def __init__(self, walk: Walk, before: int) -> None:
        self.walk = walk
        self.drawn: dict[Node, CellRef] = {}
        self.home: dict[Node, CellRef] = {}
        self.row_blocks: list[RowBlock] = []
        self.weight_rows: list[WeightRows] = []
        self._labels = walk.names.labels
        used = {node: self._weights(node) for node in walk.each_field_back}
        self.before = max(before, *[FIRST + _shape(*each)[1] for weights in used.values() for each in weights])
        self.wide = len(walk.problem.sequences)
        self.last = self.before + (walk.length + 1) * self.wide - 1
        self.after = self.last + 2
        row = self._errors(9, used)
        self.second = row + 1
        row = self._accounts(row + 3)
        self.settings: list[Node] = []
        row = self._rest(row + 1)
        self.end = row

    def _weights(self, node: Node) -> list[tuple[Node, bool]]:
        """The weights that a value is made of, and whether each is used transposed; a wide one is read from Inputs."""
        turned = _turned(self.walk.names.expr(node))
        weights = [(part, part in turned) for part in self._parts(node) if self._labels[part].group == "weight"]
        return [each for each in weights if not wide(*_shape(*each))]

    def _parts(self, node: Node) -> list[Node]:
        return self.walk.names.parts(node)

    def _errors(self, row: int, used: dict[Node, list[tuple[Node, bool]]]) -> int:
        """The blocks of rows: the forward values that are needed, and under them the errors that are made of them."""
        steps: dict[str, list[Node]] = {}
        for node, label in self._labels.items():
            if label.letter is not None:
                steps.setdefault(label.field, []).append(node)
        shares = [self._shares(name)[0] for name in self.walk.gradients]
        for node in [*used, *shares]:
            own = [] if node in shares else [node]
            for part in [*[part for part in self._parts(node) if self._forward(part)], *own]:
                field = self._labels[part].field
                if any(self._labels[row_block.node].field == field for row_block in self.row_blocks):
                    continue
                weights = used.get(part, [])
                first = self.walk.names.node.get(f"{field}_1", part)
                row_block = RowBlock(first, row, row + headings(bool(weights)))
                tall = max(part.shape[0], self._place(row_block, weights))
                for each in steps[field]:
                    place = CellRef(BACKPROP, row_block.row, self.before + (self._labels[each].letter or 0) * self.wide)
                    self.drawn[each] = place
                    if not self._forward(each):
                        self.home[each] = place
                self.row_blocks.append(row_block)
                row = row_block.row + tall + 1
        return row

    def _place(self, row_block: RowBlock, weights: list[tuple[Node, bool]]) -> int:
        """Put the weights of a block side by side, and below each other where they would need more columns; returns the rows."""
        row, column, tall = row_block.row, FIRST, 0
        for weight, turned in weights:
            down, right = (ALONG, DOWN) if turned else (DOWN, ALONG)
            rows, columns = _shape(weight, turned)
            if column + columns > self.before:
                row, column, tall = row + tall + headings(True), FIRST, 0
            row_block.weights[weight] = CellRef(BACKPROP, row, column, down, right)
            column, tall = column + columns, max(tall, rows)
        return row + tall - row_block.row

    def _shares(self, name: str) -> list[Node]:
        """What the letters add to the gradient of a weight, without those that add nothing."""
        found = [getattr(letter.weight_grads, name) for letter in self.walk.trace.result.backward]
        return [share for share in found if share is not None]

    def _forward(self, node: Node) -> bool:
        return self._labels[node].group in ("input", "target", "initial", "forward")

    def _accounts(self, row: int) -> int:
        """A block for each weight, its numbers under each other."""
        walk, result = self.walk, self.walk.trace.result
        for name, gradient in walk.gradients.items():
            weight = walk.names.node[name]
            shares = self._shares(name)
            clipped = [] if result.clipped is None else [result.clipped.gradients[name]]
            memories = [
                memory[name]
                for state in (walk.trace.inputs["optimiser"], result.next_state)
                for memory in state
                if isinstance(memory, dict)
            ]
            block = WeightRows(
                weight, row, row + 2, shares, [gradient, *clipped, weight, *memories, walk.updated[name]]
            )
            for node, column in [
                *[(share, self.before + (self._labels[share].letter or 0) * self.wide) for share in shares],
                *zip(block.columns, range(self.after, self.after + len(block.columns)), strict=True),
            ]:
                self.drawn[node] = CellRef(BACKPROP, block.row, column, (weight.shape[1], 0), DOWN)
                if node is not weight:
                    self.home[node] = self.drawn[node]
            self.weight_rows.append(block)
            row = block.row + weight.value.size + 1
        return row

    def _rest(self, row: int) -> int:
        """What learning has once for all weights: the length of the gradient, the powers of Adam."""
        for node, label in self._labels.items():
            if label.group in ("gradient", "setting", "update") and node not in self.home and node.path not in GIVEN:
                self.settings.append(node)
                self.drawn[node] = self.home[node] = CellRef(BACKPROP, row + ALONE, FIRST)
                row += ALONE + 3  # the numbers put in, and a blank row
        return row

    @property
    def width(self) -> int:
        """The last column that is used."""
        return self.after + len(self.weight_rows[0].columns)


ALONE = 2  # rows over a number that stands for itself: its title, and what it is
GIVEN = (("rate",), ("limit",), ("bound",))  # what the reader of the workbook chooses, on Inputs


class Nudge:
    """The sheet Nudge: the forward pass twice, a column each, with one weight moved up and down.

    weights: those that are learned; row: of the first element of each value; the columns: which number is chosen, the two passes, the gradient.
    """

    top, chosen, more, less, gradient = 8, 2, 3, 4, 5

    def __init__(self, walk: Walk) -> None:
        names = walk.names.labels
        self.weights = [walk.names.node[name] for name in walk.gradients]
        self.forward = [node for node, label in names.items() if label.group == "forward"]
        self.row: dict[Node, int] = {}
        row = self.top
        for node in [*self.weights, *self.forward]:
            self.row[node] = row
            row += node.value.size
        self.end = row

    def place(self, node: Node, column: int) -> CellRef:
        """Where a value begins in a column."""
        return CellRef(NUDGE, self.row[node], column, (node.shape[1], 0), DOWN)

    def weight_rows(self, column: int) -> str:
        """The cells of all numbers that are learned, in a column."""
        last = self.top + sum(node.value.size for node in self.weights) - 1
        letters = column_letters(column)
        return f"{NUDGE}!${letters}${self.top}:${letters}${last}"


def _shape(node: Node, turned: bool) -> tuple[int, int]:
    rows, columns = node.shape
    return (columns, rows) if turned else (rows, columns)


def _turned(expr: Expr) -> set[Node]:
    """The values that an expression uses transposed."""
    found = {arg.node for arg in expr.args if expr.op == "transpose" and arg.node is not None}  # a leaf
    return found.union(*[_turned(arg) for arg in expr.args])
