"""Whether numbers that are shown rounded still come to what is shown: 0.29 + 0.57 is 0.86, and not 0.85."""

from collections.abc import Callable
from math import isnan, nan

import numpy as np

from rnnwalk.engine.functions import sigmoid
from rnnwalk.trace.expression import Expr

OWN: dict[str, Callable[..., float]] = {  # operations that NumPy has no function of that name for
    "square": lambda a: a * a,
    "dot": lambda *parts: sum(parts),
    "series": lambda *parts: sum(parts),
    "total": lambda *parts: sum(parts),
    "max": lambda *parts: max(parts),
    "sigmoid": lambda a: float(sigmoid(np.array([[a]]))[0, 0]),
}


def comes_to(expr: Expr, shown: Callable[[Expr], str], result: str) -> bool:
    """Whether an expression of the shown numbers is the shown result, to the last decimal that is shown of it.

    True, too, where that cannot be told: for what is left out, or no number.
    """
    try:
        found = _value(expr, shown)
        return isnan(found) or abs(found - float(result)) <= 0.5001 * _last_place(result)
    except ValueError:
        return True


def _value(expr: Expr, shown: Callable[[Expr], str]) -> float:
    """What the shown numbers come to."""
    if expr.op == "constant":
        return expr.value
    if expr.op == "leaf":
        return float(shown(expr))
    function = OWN.get(expr.op) or getattr(np, expr.op, None)
    with np.errstate(all="ignore"):
        return nan if function is None else float(function(*[_value(arg, shown) for arg in expr.args]))


def _last_place(text: str) -> float:
    """The unit of the last decimal of a number that is shown."""
    mantissa, _, power = text.partition("e")
    return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
