"""Long sums, cut where they are written: the terms that matter stay, and how many are left out is counted."""

from heapq import nlargest

import numpy as np

from rnnwalk.trace.expression import GAP, Expr, element

LONG = 6  # of a sum of more terms the largest are shown
CUT = ("dot", "series", "max", "total")  # such sums


def shorten(expr: Expr, most: int = LONG) -> Expr:
    """The expression with long sums cut: what is exactly 0 goes first, then all but the largest terms."""
    args = tuple(shorten(arg, most) for arg in expr.args)
    if expr.op in CUT and len(args) > most:
        sizes = _sizes(expr)
        every = range(len(args))
        kept = [i for i in every if sizes[i] or expr.op == "max"] or [i for i in every if _read(args[i])] or [*every]
        if len(kept) > most - 2:
            kept = sorted(nlargest(most - 2, kept, key=sizes.__getitem__))
        gap = [GAP._replace(value=len(args) - len(kept))] if len(kept) < len(args) else []
        args = *(args[i] for i in kept), *gap
    return expr._replace(args=args)


def _read(term: Expr) -> bool:
    """Whether a term is a product with what is not 0, as where a one-hot has its 1."""
    return term.op == "multiply" and term.args[-1].value != 0


def _sizes(expr: Expr) -> list[float]:
    """How much each term of a sum, or of a maximum, counts; of a sum of matrices, where its largest number stands."""
    if expr.at is None and expr.node is not None:
        row, column = np.unravel_index(int(np.abs(expr.node.value).argmax()), expr.node.shape)
        values = [element(arg.node, (int(row), int(column))) for arg in expr.args if arg.node is not None]
    else:
        values = [arg.value for arg in expr.args]
    return [value if expr.op == "max" else abs(value) for value in values]


def ranked(expr: Expr) -> list[Expr]:
    """The terms of an expression in order; those of a sum that is cut where it is written, the largest first."""
    args = expr.args
    if expr.op not in CUT or len(args) <= LONG:
        return [*args]
    return [args[i] for i in sorted(range(len(args)), key=_sizes(expr).__getitem__, reverse=True)]
