"""Expressions: a recorded value unfolded into the expression that made it, whole or for one element.

A notation prints an expression; a leaf of it is a value that has a name, a cell, or simply a number.
"""

from collections.abc import Container
from math import log
from typing import NamedTuple

from rnnwalk.trace.record import Node, opened

ELEMENTWISE = frozenset(
    "add subtract multiply divide negative power tanh exp log sqrt minimum maximum sign sigmoid relu one total".split()
)

Index = tuple[int, int]


class Expr(NamedTuple):
    """op: an operation's name, "constant", "leaf" for a value that is not unfolded, or "gap"; args: what it is applied to.

    node, at: the value it stands for, whole (at=None) or one element; node is None for a product
    inside a dot product.  value: the number, for an element.
    """

    op: str
    args: tuple["Expr", ...] = ()
    node: Node | None = None
    at: Index | None = None
    value: float = float("nan")


GAP = Expr("gap")  # what is left out of a long sum; value: how many terms


def unfold(node: Node, at: Index | None, named: Container[Node], *, top: bool = True, live: bool = False) -> Expr:
    """The expression of a node, or of its element ``at``, down to the named nodes.

    live: the expression must stay right when its leaves change, so nothing is left out because of a value.
    """
    if node.op == "constant":
        return Expr("constant", (), node, None, float(node.value))
    if node.op == "input" or (node in named and not top):
        return Expr("leaf", (), node, at, element(node, at))
    return _whole(node, named) if at is None else _element(node, at, named, live)


def leaves(expr: Expr) -> list[Node]:
    """The values that an expression is made of, in the order in which they are written."""
    if expr.op == "leaf":
        return [expr.node] if expr.node is not None else []
    return list(dict.fromkeys(node for arg in expr.args for node in leaves(arg)))


def element(node: Node, at: Index | None) -> float:
    """The number at a place of a node (a 1 in its shape serves every row or column)."""
    shape = node.shape
    if not shape:
        return float(node.value)
    if at is None:
        return float(node.value[0, 0]) if shape == (1, 1) else float("nan")
    rows, columns = shape
    return float(node.value[at[0] if rows > 1 else 0, at[1] if columns > 1 else 0])


def place(node: Node, at: Index) -> Index:
    """Where element ``at`` of a result finds its number in an operand that broadcasts."""
    rows, columns = node.shape or (1, 1)
    return (at[0] if rows > 1 else 0, at[1] if columns > 1 else 0)


def _whole(node: Node, named: Container[Node]) -> Expr:
    operands = node.operands
    if _squared(node):
        return Expr("square", (unfold(operands[0], None, named, top=False),), node)
    if node.op == "sum" and node.shape == operands[0].shape:  # over a single column: that column itself
        return unfold(operands[0], None, named, top=False)
    same = len(operands) == 2 and operands[0].shape == operands[1].shape != (1, 1)
    op = "hadamard" if node.op == "multiply" and same else node.op
    return Expr(op, tuple(unfold(operand, None, named, top=False) for operand in operands), node)


def _squared(node: Node) -> bool:
    return node.op == "power" and node.operands[1].op == "constant" and node.operands[1].value == 2


def _element(node: Node, at: Index, named: Container[Node], live: bool) -> Expr:
    value = element(node, at)

    def part(operand: Node, where: Index) -> Expr:
        return unfold(operand, place(operand, where), named, top=False, live=live)

    if _squared(node):
        return Expr("square", (part(node.operands[0], at),), node, at, value)
    if node.op in ELEMENTWISE:
        return Expr(node.op, tuple(part(operand, at) for operand in node.operands), node, at, value)
    if node.op == "matmul":
        left, right = node.operands
        products = []
        for k in range(left.shape[1]):
            pair = part(left, (at[0], k)), part(right, (k, at[1]))
            products.append(Expr("multiply", pair, None, None, pair[0].value * pair[1].value))
        return products[0] if len(products) == 1 else Expr("dot", tuple(products), node, at, value)
    if node.op == "transpose":
        return part(node.operands[0], (at[1], at[0]))
    if node.op in ("sum", "max"):
        (operand,) = node.operands
        axis = node.settings["axis"] if node.settings and "axis" in node.settings else None
        rows = range(operand.shape[0]) if axis in (0, None) else [at[0]]
        columns = range(operand.shape[1]) if axis in (1, None) else [at[1]]
        parts = tuple(part(operand, (r, c)) for r in rows for c in columns)
        return Expr("series" if node.op == "sum" else node.op, parts, node, at, value)
    if node.op == "cross_entropy" and not live:
        S, m, y, target = node.operands
        hot = [r for r in range(target.shape[0]) if element(target, (r, at[1]))]
        if len(hot) == 1 and element(target, (hot[0], at[1])) == 1:  # the one score that counts
            total, most, score = part(S, at), part(m, at), part(y, (hot[0], at[1]))
            behind = Expr("subtract", (most, score), None, None, most.value - score.value)
            return Expr("add", (Expr("log", (total,), None, None, log(total.value)), behind), node, at, value)
    return _element(opened(node), at, named, live)
