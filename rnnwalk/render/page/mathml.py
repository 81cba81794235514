"""Equations in MathML, which browsers draw by themselves: no script, no fonts."""

import re
from html import escape

from rnnwalk.text import DIGITS
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.notation import MATHML, write
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import shorten
from rnnwalk.walks.names import Names

# A tag, the number of a leaf, a number, a name, or a sign of an equation as it is printed.
PIECE = re.compile(r"(<[^>]*>)|\ufdd0(\d+)\ufdd1|(\d+(?:\.\d+)?)|([^\W\d_]+)|(\S)")


def equation(names: Names, node: Node) -> str:
    """``symbol = expression`` of a value, as a <math> element; "" for what was given."""
    if node.op == "input":
        return ""
    called = names.labels[node].note.symbol
    left = "" if called == "=" else f"{symbol(names.labels[node].symbol)}<mo>=</mo>"
    return f'<math displaystyle="true">{left}{_written(names, node)}</math>'


def _written(names: Names, node: Node) -> str:
    """The expression of a value; of those in it that are called by their formula, that one."""
    leaves: list[str] = []

    def leaf(expr: Expr) -> tuple[str, int]:
        assert expr.node is not None
        label = names.labels[expr.node]
        formula = label.note.symbol == "=" and expr.node.op != "input"
        leaves.append(_written(names, expr.node) if formula else symbol(label.symbol))
        return f"\ufdd0{len(leaves) - 1}\ufdd1", names.binding(expr.node)

    right = write(shorten(names.expr(node)), MATHML, leaf)
    return PIECE.sub(lambda found: _piece(found, leaves), right)


def symbol(text: str) -> str:
    """A symbol such as h₂ or ∂L/∂h₂, its time as a subscript."""
    pieces = re.split("([₀-₉]+)$", text)
    name = f"<mi>{escape(pieces[0])}</mi>"
    return f"<msub>{name}<mn>{pieces[1].translate(DIGITS)}</mn></msub>" if len(pieces) > 1 else name


def _piece(found: re.Match[str], leaves: list[str]) -> str:
    tag, leaf, number, name, sign = found.groups()
    if tag:
        return str(tag)
    if leaf:
        return leaves[int(leaf)]
    return f"<mn>{number}</mn>" if number else f"<mi>{name}</mi>" if name else f"<mo>{escape(sign)}</mo>"
