"""How a value was made, as blocks of a page: its equation, its matrices side by side, one element in numbers."""

import numpy as np

from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.views.page import Block, Equation, Formula, Lines, Matrix
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk


class Blocks:
    """Makes the blocks for the values of one walk. show: "symbols", "numbers" or "both"."""

    def __init__(self, walk: Walk, digits: int = 6, show: str = "both") -> None:
        self.walk = walk
        self.digits = digits
        self.show = show
        self.derivations = Derivations(walk.names, digits)

    def derived(self, node: Node, at: Index | None = None) -> list[Block]:
        """How a value was made: symbols, matrices side by side, one element (the first unless ``at``) in numbers."""
        label = self.walk.names.labels[node]
        at = at or ((int(np.argmax(node.value[:, 0])), 0) if label.field == "y" else (0, 0))
        blocks: list[Block] = []
        if self.show != "numbers":
            blocks.append(self.formula(node))
        blocks.append(self.equation(node))
        if self.show != "symbols":
            blocks.append(Lines([self.derivations[node].line(at)]))
        return blocks

    def formula(self, node: Node) -> Formula:
        """The equation of a node in symbols and in shapes."""
        made = self.derivations[node]
        return Formula(made.equation, made.latex, made.shapes)

    def equation(self, node: Node) -> Equation:
        """The equation of a node with its matrices drawn: [W]·[x] = [result]."""
        drawing = self.derivations[node].drawing
        return Equation([part if isinstance(part, str) else self.matrix(part) for part in drawing])

    def given(self, node: Node) -> Equation:
        """A value that was not made, drawn."""
        return Equation([self.matrix(node)])

    def matrix(self, node: Node) -> Matrix:
        """A value as it is drawn, with its name and the headings of rows and columns."""
        names = self.walk.names
        rows, columns = (names.heads(node, axis) for axis in (0, 1))
        return Matrix(names.symbol(node), node.value, rows, columns, self.derivations[node].decimals)
