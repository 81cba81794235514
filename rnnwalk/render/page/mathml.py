"""Equations in MathML, which browsers draw by themselves: no script, no fonts."""

import re
from html import escape

from rnnwalk.text import DIGITS
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.notation import MATHML, write
from rnnwalk.trace.record import Node
from rnnwalk.walks.long_sums import shorten
from rnnwalk.walks.names import Names

# A tag, the number of a leaf, a number, a name, or a sign of an equation as it is printed.
PIECE = re.compile(r"(<[^>]*>)|\ufdd0(\d+)\ufdd1|(\d+(?:\.\d+)?)|([^\W\d_]+)|(\S)")


def equation(names: Names, node: Node) -> str:
    """``symbol = expression`` of a value, as a <math> element; "" for what was given."""
    if node.op == "input":
        return ""
    called = names.labels[node].note.symbol
    left = "" if called == "=" else f"{symbol(names.labels[node].symbol)}<mo>=</mo>"
    return f'<math displaystyle="true">{left}{_joined(names, node)}{_written(names, names.expr(node), {})}</math>'


def _joined(names: Names, node: Node) -> str:
    """The same with the one product of courses, where it has one, and the sign between."""
    if names.course is None:
        return ""
    from rnnwalk.walks.course_notation import joined, joints

    expr = joined(names.expr(node), names.labels)
    called = joints(expr, names.labels)
    return f"{_written(names, expr, called)}<mo>=</mo>" if called else ""


def _written(names: Names, whole: Expr, called: dict[Node, str]) -> str:
    """An expression; of the values in it that are called by their formula, that one. called: others by their name."""
    leaves: list[str] = []

    def leaf(expr: Expr) -> tuple[str, int]:
        assert expr.node is not None
        label = names.labels[expr.node]
        formula = label.note.symbol == "=" and expr.node.op != "input"
        name = called.get(expr.node, label.symbol)
        leaves.append(_written(names, names.expr(expr.node), {}) if formula else symbol(name))
        return f"\ufdd0{len(leaves) - 1}\ufdd1", names.binding(expr.node)

    right = write(shorten(whole), MATHML, leaf)
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
