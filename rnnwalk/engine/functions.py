"""The functions that a recurrent network is made of, on columns: arrays of shape (units, sequences).

Each is shown as ONE operation; its body is what opens up when a reader asks for more.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.notes import Array


def operation(body: Callable[..., Array]) -> Callable[..., Array]:
    """Make ``body`` one operation by NumPy's own protocol (NEP 18).

    On arrays it is just ``body``; an argument with an ``__array_function__`` of its own is asked
    instead, and finds the equations in the attribute ``body``.
    """

    @wraps(body)
    def call(*arrays: Any) -> Any:
        for array in arrays:
            if type(array) is not np.ndarray and hasattr(array, "__array_function__"):
                return array.__array_function__(call, (type(array),), arrays, {})
        return body(*arrays)

    call.body = body  # type: ignore[attr-defined]
    return call


@operation
def sigmoid(z: Array) -> Array:
    """The logistic function 1/(1 + e⁻ᶻ), elementwise; any shape. Exact 0 and 1 at the far ends."""
    with np.errstate(over="ignore"):  # e^800 is inf, and 1/(1 + inf) is the right 0
        return 1 / (1 + np.exp(-z))


@operation
def relu(z: Array) -> Array:
    """max(z, 0), elementwise; any shape."""
    return np.maximum(z, 0)


@operation
def one(a: Array) -> Array:
    """1 for every element, any shape: the slope of what leaves a sum as it is."""
    return 1 + 0 * a


class Activation(NamedTuple):
    """What a sum z passes through. apply: a from z; slope: ∂a/∂z, from a; does, flat: what it does to a sum, and where it is not steep, in words."""

    apply: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    does: str
    flat: str


ACTIVATIONS = {
    "tanh": Activation(
        np.tanh,
        lambda a: 1 - a**2,
        "tanh squeezes each sum into −1 … 1",
        "Where {a} is near −1 or 1 the curve is flat, and little of the error passes.",
    ),
    "sigmoid": Activation(
        sigmoid,
        lambda a: a * (1 - a),
        "the logistic function σ squeezes each sum into 0 … 1",
        "Where {a} is near 0 or 1 the curve is flat, and little of the error passes.",
    ),
    "relu": Activation(
        relu,
        np.sign,
        "relu lets a positive sum pass and makes a negative one 0",
        "1 where {a} is above 0; where the sum was cut off the error ends.",
    ),
    "linear": Activation(lambda z: z, one, "the sums stay as they are", "1 everywhere: the error passes as it is."),
}


@operation
def cross_entropy(S: Array, m: Array, y: Array, target: Array) -> Array:
    """−ln p(target) of each column, as ln S + m − y(target); (1, m), (1, m), (o, m), (o, m) to (1, m).

    p(target) = e^(y(target) − m) / S, whose logarithm this is; it loses nothing where p itself underflows.
    """
    return np.log(S) + (m - (target * y).sum(axis=0, keepdims=True))


@operation
def squared_error(y: Array, target: Array) -> Array:
    """½ Σ (y − target)² of each column; (o, m), (o, m) to (1, m)."""
    return ((y - target) ** 2).sum(axis=0, keepdims=True) / 2


@operation
def total(*parts: Array) -> Array:
    """The sum of several values of one shape, term by term."""
    return np.sum(np.stack(parts), axis=0)


def recurrent(Whh: Array, h: Array) -> Array:
    """Whh·h: an n×n matrix, or the article's 1×1, which multiplies every unit by the same number."""
    return Whh * h if Whh.shape == (1, 1) else Whh @ h


def through(Whh: Array, dz: Array) -> Array:
    """Whhᵀ·∂L/∂z: the way back through ``recurrent``."""
    return Whh * dz if Whh.shape == (1, 1) else Whh.T @ dz


def recurrent_grad(Whh: Array, dz: Array, h: Array) -> Array:
    """∂L/∂Whh from its use in Whh·h. One number that serves all units collects one sum over all of them."""
    return (dz * h).sum(keepdims=True) if Whh.shape == (1, 1) else dz @ h.T


def plus(a: Array, bias: Array | None) -> Array:
    """a + bias, or just a for a network that has no such bias."""
    return a if bias is None else a + bias


def bias_grad(bias: Array | None, dz: Array) -> Array | None:
    """∂L/∂bias from its use in z + bias: the sum over the columns, and over all units if one number serves them."""
    if bias is None:
        return None
    return dz.sum(keepdims=True) if bias.shape == (1, 1) else dz.sum(axis=1, keepdims=True)
