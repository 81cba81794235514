"""Numbers as they are shown: rounded, aligned, and never "-0"."""

import math

import numpy as np

from rnnwalk.trace import Node


def number(value: float, digits: int = 6) -> str:
    """A float in at most ``digits`` decimals; tiny and huge ones in powers of ten; "∞", never "-0"."""
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{value:.{digits}f}"
    if abs(value) >= 1e9 or (value and not float(text)):
        return f"{value:.{max(digits - 1, 1)}e}"
    return text.removeprefix("-") if not float(text) else text


def whole(node: Node) -> bool:
    """True for a given array of whole numbers (one-hot columns, h₀), which is shown without decimals."""
    return node.op == "input" and bool(np.all(node.value == np.floor(node.value)))


def value_of(node: Node, value: float, digits: int) -> str:
    """A number of a node as it is shown."""
    return str(int(value)) if whole(node) else number(value, digits)
