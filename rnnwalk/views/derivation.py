"""How a value was made: its equation, its matrices side by side, one element in numbers."""

import numpy as np

from rnnwalk.trace.expression import Expr, Index
from rnnwalk.trace.notation import ATOM, LATEX, MATHS, write
from rnnwalk.trace.record import Node
from rnnwalk.views.page import Block, Equation, Formula, Lines, Matrix
from rnnwalk.walks.formulas import GAP, Formulas, shorten
from rnnwalk.walks.walk import Walk

MARK = "\ue000"  # stands on both sides of a matrix's number while an equation is printed


class Derivation:
    """Makes the blocks for the values of one walk. show: "symbols", "numbers" or "both"."""

    def __init__(self, walk: Walk, digits: int = 6, show: str = "both") -> None:
        self.walk = walk
        self.digits = digits
        self.show = show
        self.formulas = Formulas(walk.names, digits)

    def blocks(self, node: Node, at: Index | None = None) -> list[Block]:
        """How a value was made: symbols, matrices side by side, one element (the first unless ``at``) in numbers."""
        at = at or ((int(np.argmax(node.value[:, 0])), 0) if self.walk.names.labels[node].field == "y" else (0, 0))
        blocks: list[Block] = []
        if self.show != "numbers":
            blocks.append(self.formula(node))
        blocks.append(self.equation(node))
        if self.show != "symbols":
            blocks.append(Lines([self.formulas.line(node, at)]))
        return blocks

    def formula(self, node: Node) -> Formula:
        """The equation of a node in symbols and in shapes."""
        equation = self.formulas.equation
        return Formula(equation(node), equation(node, LATEX), self.formulas.shapes(node))

    def equation(self, node: Node) -> Equation:
        """The equation of a node with its matrices drawn: [W]·[x] = [result]."""
        drawn: list[Node] = []

        def leaf(expr: Expr) -> tuple[str, int]:
            if expr is GAP:
                return "…", ATOM
            if expr.node is None or expr.node.op == "constant":
                return f"{expr.value:g}", ATOM
            drawn.append(expr.node)  # the printer may ask twice, so the mark says which one it is
            return f"{MARK}{len(drawn) - 1}{MARK}", ATOM

        text = write(shorten(self.formulas.expr(node)), MATHS, leaf) + " = "
        parts: list[Matrix | str] = []
        for i, piece in enumerate(text.split(MARK)):
            if piece:
                parts.append(self.matrix(drawn[int(piece)]) if i % 2 else piece)
        return Equation([*parts, self.matrix(node)])

    def given(self, node: Node) -> Equation:
        """A value that was not made, drawn."""
        return Equation([self.matrix(node)])

    def matrix(self, node: Node) -> Matrix:
        """A value as it is drawn, with its name and the headings of rows and columns."""
        names = self.walk.names
        return Matrix(
            names.symbol(node), node.value, names.heads(node, 0), names.heads(node, 1), self.formulas.digits_of(node)
        )
