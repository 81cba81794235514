"""The article's way to probabilities: e to the power of each score, and sums; beside a walk, which takes the largest off first."""

from copy import copy
from typing import Any

import numpy as np

from rnnwalk.engine.notes import Array, Note
from rnnwalk.trace.record import Node
from rnnwalk.walks.label import timed
from rnnwalk.walks.names import Names
from rnnwalk.walks.walk import Walk

POWER = Note("e^yₜ", "o1", "The powers", "e to the power of each score.")
POWERS = Note("Σe^yₜ", "11", "Their sum", "What each power is divided by.")
WHOLE = Note("Σpₜ", "11", "The sum of the probabilities", "All together they are 1.")


def powers(y: Array) -> Array:
    """e to the power of each score (k, m); infinite where a computer cannot hold it."""
    with np.errstate(over="ignore"):
        return np.exp(y)


def with_powers(walk: Walk) -> tuple[Names, list[Node]]:
    """The names of a walk and of its powers, such as exp_y_2, sum_exp_y_2 and sum_p_2; and these values, in order."""
    names, made = copy(walk.names), list[Node]()
    names.labels = dict(names.labels)
    if not walk.problem.model.task.linear:
        for letter in filter(walk.problem.says, walk.recorded):
            y, p = walk.at("y", letter), walk.at("p", letter)
            power = Node("exp", powers(y.value), (y,), powers)
            found = {"exp_y": (power, POWER), "sum_exp_y": (_sum(power), POWERS), "sum_p": (_sum(p), WHOLE)}
            for field, (node, note) in found.items():
                names.labels[node] = timed(field, letter, "forward", note)
                made.append(node)
    names.node = {label.key: node for node, label in names.labels.items()}
    return names, made


def _sum(node: Node) -> Node:
    settings: dict[str, Any] = {"axis": 0, "keepdims": True}
    return Node("sum", np.sum(node.value, **settings), (node,), np.sum, settings)
