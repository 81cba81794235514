"""Numbers as they are shown: rounded, aligned, and never "-0"."""

import math

import numpy as np

from rnnwalk.trace.record import Node

HUGE = 1e9  # from here on numbers are shown in powers of ten


def number(value: float, digits: int = 6) -> str:
    """A float in at most ``digits`` decimals; tiny and huge ones in powers of ten; "∞", never "-0"."""
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{value:.{digits}f}"
    if abs(value) >= HUGE or (value and not float(text)):
        return f"{value:.{max(digits - 1, 1)}e}"
    return text.removeprefix("-") if not float(text) else text


def magnitude(log10: float, digits: int = 4, sign: int = 1) -> str:
    """A number given by its power of ten, with significant digits: 0.01230, 5.67e-12, and 2.41e+400 where a float ends."""
    if log10 == -math.inf:
        return "0"
    if log10 == math.inf:
        return "∞" if sign > 0 else "-∞"
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.{digits - 1}f}"
    if float(mantissa) >= 10:  # 9.9996 is rounded up
        exponent, mantissa = exponent + 1, f"{1:.{digits - 1}f}"
    minus = "-" if sign < 0 else ""
    if -4 <= exponent < digits:
        return minus + f"{float(mantissa) * 10.0**exponent:.{digits - 1 - exponent}f}"
    return f"{minus}{mantissa}e{exponent:+03d}"


def decimals(node: Node, digits: int) -> int:
    """How many decimals a value is shown with: all, or for given numbers as few as show them exactly (one-hot: none)."""
    if node.op != "input" or (node.value.size and np.abs(node.value).max() >= HUGE):
        return digits
    return next((d for d in range(digits) if np.array_equal(np.round(node.value, d), node.value)), digits)


def percent(share: float) -> str:
    """A share of 1 in percent, with one decimal."""
    return "undefined" if math.isnan(share) else f"{100 * share:.1f} %"
