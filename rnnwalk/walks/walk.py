"""A walk: one recorded pass over a word, forward or back as well, whose quantities have names, values and formulas."""

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any

import numpy as np

from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import Array, as_dict
from rnnwalk.errors import InputError, near
from rnnwalk.model.problem import ModelOptions, Problem, check_size, pose
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node, record
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.labels import Label
from rnnwalk.walks.names import Names


class Walk:
    """The record of a forward pass. ``walk["h_2"]`` is a Quantity; iterating gives them all, in order.

    backward: record one step of learning: the pass forward, the way back, and the weights after it;
    rate: its learning rate; optimiser: one of ``engine.optimisers``; clip: the longest gradient, or None.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        backward: bool = False,
        rate: float = 0.1,
        optimiser: str = "sgd",
        clip: float | None = None,
    ) -> None:
        model = problem.model
        self.problem = problem
        self.backward = backward
        w, before = model.weights, model.before
        xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
        if backward:
            check_size(len(xs), len(model.vocabulary), model.hidden, model.cell, learned=model.parameters)
            from rnnwalk.engine.backward import learning_step, nothing_after
            from rnnwalk.engine.optimisers import OPTIMISERS

            rules = OPTIMISERS[optimiser]
            self.trace = record(
                partial(learning_step, model.network, rules),
                weight=w,
                input=xs,
                target=targets,
                initial=before,
                after=nothing_after(before),
                optimiser=rules.start(as_dict(w)),
                rate=np.array([[float(rate)]]),
                limit=None if clip is None else np.array([[float(clip)]]),
            )
        else:
            self.trace = record(partial(forward, model.network), weight=w, input=xs, target=targets, initial=before)
        self.names = Names(self.trace.named, problem)

    @cached_property
    def derivations(self) -> Derivations:
        """How each value was made, with six decimals."""
        return Derivations(self.names)

    def __getitem__(self, name: str) -> "Quantity":
        """The quantity, or one element of it: ``h_2``, ``h_2[3]``, ``p_2[h]``, ``Wxh[1,e]``, ``loss``."""
        node, at = self.names.find(name)
        return Quantity(self, node, at)

    def __iter__(self) -> Iterator["Quantity"]:
        return (Quantity(self, node) for node in self.names.labels)

    @property
    def loss(self) -> float:
        """The loss of the word: the sum over its letters."""
        return float(self.names.node["loss"].value[0, 0])

    @cached_property
    def predictions(self) -> list[str]:
        """The most probable next symbol after each letter."""
        vocabulary = self.problem.model.vocabulary
        return [vocabulary[int(np.argmax(self.at("y", t).value))] for t in range(1, self.length + 1)]

    @property
    def length(self) -> int:
        """How many letters the network reads."""
        return len(self.problem.inputs)

    def at(self, field: str, letter: int) -> Node:
        """The node of a field at a letter, from 1."""
        return self.names.node[f"{field}_{letter}"]

    def fields(self, letter: int) -> list[Node]:
        """What is computed at a letter, in the order of the cell's record."""
        return [node for part in self.trace.result.letters[letter - 1] for node in part if node is not None]

    def fields_back(self, letter: int) -> list[Node]:
        """What the way back computes at a letter, in order: the error, the slopes, the error inside the step."""
        *parts, _ = self.trace.result.backward[letter - 1]
        return [node for part in parts for node in part if node is not None]

    def weight_grads(self, letter: int) -> dict[str, Node]:
        """What a letter adds to the gradient of each weight, by the weight's name."""
        return as_dict(self.trace.result.backward[letter - 1].weight_grads)

    @property
    def gradients(self) -> dict[str, Node]:
        """The gradient of each weight of the network, by the weight's name."""
        return as_dict(self.trace.result.gradients)

    @property
    def updated(self) -> dict[str, Node]:
        """Each weight after the step of learning, by its name."""
        return as_dict(self.trace.result.updated)


class Quantity:
    """A value of a walk: its name, its value, and how it was made."""

    def __init__(self, walk: Walk, node: Node, at: Index | None = None) -> None:
        self.walk = walk
        self.node = node
        self.at = at

    @property
    def name(self) -> Label:
        return self.walk.names.labels[self.node]

    @property
    def key(self) -> str:
        """What ``rnnwalk explain`` takes, such as h_2[3]."""
        return self.walk.names.key(self.node, self.at)

    @property
    def symbol(self) -> str:
        """As the article writes it, such as h₂[3]."""
        return self.walk.names.symbol(self.node, self.at)

    @property
    def value(self) -> Array:
        """The exact value: (rows, columns), or (1, 1) for an element."""
        if self.at is None:
            return self.node.value.copy()
        return self.node.value[self.at[0] : self.at[0] + 1, self.at[1] : self.at[1] + 1].copy()

    @property
    def formula(self) -> str:
        """The equation that made it, in symbols; empty for what was given."""
        return self.walk.derivations[self.node].equation

    @property
    def numbers(self) -> str:
        """symbol = numbers put in = result, with six decimals; a line for each element."""
        rows, columns = self.node.shape
        places = [(r, c) for r in range(rows) for c in range(columns)] if self.at is None else [self.at]
        return "\n".join(self.walk.derivations[self.node].line(at) for at in places)

    def __repr__(self) -> str:
        return f"<{self.key} {self.value.tolist()}>"


def walk(word: str | None = None, **options: Any) -> Walk:
    """Walk a word: ``walk("hello")``. The options are those of ``rnnwalk.model.problem.ModelOptions``."""
    for option in options:
        if option not in ModelOptions._fields:
            raise InputError(f"walk has no option '{option}'{near(option, ModelOptions._fields)}")
    return Walk(pose(word, ModelOptions(**options)))
