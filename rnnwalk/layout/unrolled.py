"""Where the pass forward stands in the workbook: the sheet Unrolled, each letter a column."""

from rnnwalk.layout.addresses import FIRST, UNROLLED, CellRef, RowBlock, headings, wide
from rnnwalk.trace.record import Node
from rnnwalk.walks.walk import Walk

LEAST = 4  # columns left of time 0: titles stand there


class UnrolledSheet:
    """The sheet Unrolled, or the one that another form of the cell has for itself.

    drawn: where a value stands on the sheet; row_blocks: a field each, from the top; whole: values that belong to no
    letter, under them; before: the column of time 0; last: the last column; end: the row after all.
    """

    def __init__(self, walk: Walk, title: str = UNROLLED) -> None:
        self.walk, self.title = walk, title
        self.wide = len(walk.problem.sequences)
        self.drawn: dict[Node, CellRef] = {}
        self.row_blocks: list[RowBlock] = []
        self._labels = walk.names.labels
        order = walk.each_field  # as the cell's record has it: a gate beside what it is made of
        used = {node: self._weights(node) for node in order}
        self.before = FIRST + max(LEAST, *[sum(part.shape[1] for part in weights) for weights in used.values()])
        self.last = self.before + (walk.length + 1) * self.wide - 1
        row = self._letters(7, used)
        self.whole = [node for node, label in self._labels.items() if label.group == "forward" and label.letter is None]
        for node in self.whole:
            self.drawn[node] = CellRef(title, row, self.before + self.wide)
            row += 2
        self.end = row

    def _weights(self, node: Node) -> list[Node]:
        """The weights that stand beside a value that is made of them; a wide one is read from Inputs."""
        parts = self.walk.names.parts(node)
        return [part for part in parts if self._labels[part].group == "weight" and not wide(*part.shape)]

    def _letters(self, row: int, used: dict[Node, list[Node]]) -> int:
        """The blocks of rows: what is computed at a letter, under what is read for it; returns the next free row."""
        steps: dict[str, list[Node]] = {}
        for node, label in self._labels.items():
            if label.letter is not None and label.group in ("initial", "input", "target", "forward"):
                steps.setdefault(label.field, []).append(node)
        for node in used:
            read = [part for part in self.walk.names.parts(node) if self._labels[part].group in ("input", "target")]
            for part in [*read, node]:
                if any(row_block.node is part for row_block in self.row_blocks):
                    continue
                row = self._block(part, used.get(part, []), steps[self._labels[part].field], row)
        return row

    def _block(self, node: Node, weights: list[Node], steps: list[Node], row: int) -> int:
        """A field with its weights left of it; returns the next free row. steps: the field at each letter."""
        row_block = RowBlock(node, row, row + headings(bool(weights)))
        column = FIRST
        for weight in weights:
            row_block.weights[weight] = CellRef(self.title, row_block.row, column)
            column += weight.shape[1]
        for each in steps:
            letter = self._labels[each].letter or 0
            self.drawn[each] = CellRef(self.title, row_block.row, self.before + letter * self.wide)
        self.row_blocks.append(row_block)
        below = 5 if self._labels[node].field == "p" else 1  # what the probabilities say, and whether it is right
        return row_block.row + node.shape[0] + below
