"""Reverse mode over a recorded trace: gradients without any equation of the way back, to check those that we wrote."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.trace.record import Node, TraceError, opened

# By operation: from the error g of the result, the result, and the operands' values to the error of each operand.
RULES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "add": lambda g, out, a, b: (g, g),
    "subtract": lambda g, out, a, b: (g, -g),
    "multiply": lambda g, out, a, b: (g * b, g * a),
    "divide": lambda g, out, a, b: (g / b, -g * out / b),
    "negative": lambda g, out, a: (-g,),
    "power": lambda g, out, a, b: (g * b * a ** (b - 1), None),  # exponents are constants
    "matmul": lambda g, out, a, b: (g @ b.T, a.T @ g),
    "transpose": lambda g, out, a: (g.T,),
    "tanh": lambda g, out, a: (g * (1 - out**2),),
    "exp": lambda g, out, a: (g * out,),
    "log": lambda g, out, a: (g / a,),
    "sqrt": lambda g, out, a: (g / (2 * out),),
    "minimum": lambda g, out, a, b: (g * (a <= b), g * (b < a)),
    "maximum": lambda g, out, a, b: (g * (a >= b), g * (b > a)),
    "sum": lambda g, out, a: (g * np.ones_like(a),),
    "max": lambda g, out, a: (g * (a == out) / _fold((a == out) * 1.0, out.shape),),
    "total": lambda g, out, *parts: (g,) * len(parts),
    "sigmoid": lambda g, out, a: (g * out * (1 - out),),
}


def differentiate(result: Node) -> dict[Node, Array]:
    """∂result/∂node for every node that ``result``, a single number, was made from.

    An operation without a rule is opened, and its parts differentiated.
    """
    if np.size(result.value) != 1:
        raise TraceError(f"{result!r} is not a single number: a gradient needs one")
    errors: dict[Node, Array] = {result: np.ones(result.shape)}
    bodies: dict[Node, Node] = {}
    for node in reversed(_in_order(result, bodies)):
        error = errors.get(node)
        if error is None or not node.operands:
            continue
        if node in bodies:
            errors[bodies[node]] = error
            continue
        parts = RULES[node.op](error, node.value, *[operand.value for operand in node.operands])
        for operand, part in zip(node.operands, parts, strict=True):
            if operand.op != "constant":
                folded = _fold(part, operand.shape)
                errors[operand] = errors[operand] + folded if operand in errors else folded
    return errors


def _in_order(result: Node, bodies: dict[Node, Node]) -> list[Node]:
    """The nodes that ``result`` was made from, each after its operands; ``bodies`` gets those that had to be opened."""
    order: list[Node] = []
    done: set[Node] = set()
    stack = [(result, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            needs = node.operands
            if node.operands and node.op not in RULES:
                bodies[node] = opened(node)
                needs = (bodies[node],)
            stack.extend((operand, False) for operand in needs)
    return order


def _fold(error: Array, shape: tuple[int, ...]) -> Array:
    """The error of an operand whose 1s served several rows or columns: the sum over them."""
    for axis, length in enumerate(shape):
        if length == 1 and error.shape[axis] != 1:
            error = error.sum(axis=axis, keepdims=True)
    return error
