"""How gradients change the weights: the update rules of torch.optim, as functions from arrays to new arrays.

Weights, gradients and what an optimiser remembers are dicts of arrays by name; training gives it one
long vector as a single entry, a walk gives it each weight apart.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import total
from rnnwalk.engine.notes import Array

Arrays = dict[str, Array]


class Optimiser(NamedTuple):
    """start: the state before the first update; update: weights, gradients, state, rate to new weights and state."""

    start: Callable[[Arrays], Any]
    update: Callable[[Arrays, Arrays, Any, Array], tuple[Arrays, Any]]


def zeros(w: Arrays) -> Arrays:
    """Zeros like w."""
    return {name: np.zeros_like(array) for name, array in w.items()}


def one(w: Arrays) -> Array:
    """1 as an array (1, 1) of the precision of w."""
    return np.ones((1, 1), next(iter(w.values())).dtype)


def sgd(w: Arrays, g: Arrays, state: Any, rate: Array) -> tuple[Arrays, Any]:
    """Gradient descent: W ← W − η·∂L/∂W."""
    return {name: w[name] - rate * g[name] for name in w}, state


class Momentum(NamedTuple):
    """velocity: the running sum of gradients."""

    velocity: Arrays


def momentum(w: Arrays, g: Arrays, state: Momentum, rate: Array) -> tuple[Arrays, Any]:
    """Gradient descent with momentum 0.9: v ← 0.9·v + ∂L/∂W, W ← W − η·v (Sutskever et al. 2013, as in torch)."""
    velocity = {name: 0.9 * state.velocity[name] + g[name] for name in w}
    return {name: w[name] - rate * velocity[name] for name in w}, Momentum(velocity)


class Adagrad(NamedTuple):
    """squares: the sum of squared gradients so far."""

    squares: Arrays


def adagrad(w: Arrays, g: Arrays, state: Adagrad, rate: Array) -> tuple[Arrays, Any]:
    """Adagrad: s ← s + (∂L/∂W)², W ← W − η·∂L/∂W / (√s + 1e-8) (Duchi et al. 2011)."""
    squares = {name: state.squares[name] + g[name] ** 2 for name in w}
    return {name: w[name] - rate * g[name] / (np.sqrt(squares[name]) + 1e-8) for name in w}, Adagrad(squares)


class Adam(NamedTuple):
    """mean, squares: running means of the gradients and of their squares; power1, power2: 0.9ᵗ and 0.999ᵗ, (1, 1)."""

    mean: Arrays
    squares: Arrays
    power1: Array
    power2: Array


def adam(w: Arrays, g: Arrays, state: Adam, rate: Array) -> tuple[Arrays, Any]:
    """Adam with β = 0.9, 0.999 and ε = 1e-8 (Kingma & Ba 2015, algorithm 1)."""
    power1 = 0.9 * state.power1
    power2 = 0.999 * state.power2
    pace = rate / (1 - power1)
    root = np.sqrt(1 - power2)
    mean = {name: 0.9 * state.mean[name] + 0.1 * g[name] for name in w}
    squares = {name: 0.999 * state.squares[name] + 0.001 * g[name] ** 2 for name in w}
    updated = {name: w[name] - pace * (mean[name] / (np.sqrt(squares[name]) / root + 1e-8)) for name in w}
    return updated, Adam(mean, squares, power1, power2)


OPTIMISERS: dict[str, Optimiser] = {
    "sgd": Optimiser(lambda w: (), sgd),  # noqa: ARG005 (it remembers nothing)
    "momentum": Optimiser(lambda w: Momentum(zeros(w)), momentum),
    "adagrad": Optimiser(lambda w: Adagrad(zeros(w)), adagrad),
    "adam": Optimiser(lambda w: Adam(zeros(w), zeros(w), one(w), one(w)), adam),
}


def clip(g: Arrays, limit: Array) -> tuple[Array, Array, Arrays]:
    """The norm of all gradients together, the factor, and the gradients times it, as torch's clip_grad_norm_."""
    norm = np.sqrt(total(*[(part**2).sum(keepdims=True) for part in g.values()]))
    factor = np.minimum(1, limit / (norm + 1e-6))
    return norm, factor, {name: factor * part for name, part in g.items()}


def clip_values(g: Arrays, bound: Array) -> Arrays:
    """Each number of the gradients by itself, held between −bound and bound, as torch's clip_grad_value_."""
    return {name: np.maximum(np.minimum(part, bound), -bound) for name, part in g.items()}
