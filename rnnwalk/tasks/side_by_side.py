"""Two sequences through one network: where their states part, and what becomes of an answer without an order."""

from typing import NamedTuple

import numpy as np

from rnnwalk.engine.layers import EMBEDDING
from rnnwalk.engine.network import Letter, forward
from rnnwalk.engine.notes import Array, notes
from rnnwalk.errors import InputError
from rnnwalk.model.limits import check_finite, overflows
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.text import begun, count

MOST_STEPS = 10_000
OUTPUT = ("Why", "by")


class Read(NamedTuple):
    """A sequence that was read. states: h after each step, (n, 1); answers: what the network says after each, or would
    say if the sequence ended there, (o, 1): probabilities, or numbers; losses: of each step, where it is known what is true;
    alone: the answer to each step by itself, from the initial state; bag: their mean.
    """

    problem: Problem
    states: list[Array]
    answers: list[Array]
    losses: list[float]
    alone: list[Array]

    def __repr__(self) -> str:
        told = f"{count(len(self.states), 'state')}, {count(len(self.answers), 'answer')}"
        return f"<Read of “{begun(self.problem.title)}”: {told}>"

    @property
    def bag(self) -> Array:
        return np.mean(self.alone, axis=0)


def read(problem: Problem) -> Read:
    """The pass over a sequence, and over each of its steps alone. Raises InputError for too many steps."""
    if problem.length > MOST_STEPS:
        raise InputError(f"the sequence has {problem.length:,} steps, expected at most {MOST_STEPS:,} to be compared")
    model = problem.model
    network = model.network._replace(at="every")
    known = bool(problem.targets) and model.task.at == "every"
    xs = problem.columns(problem.inputs)
    targets = problem.aims(range(1, problem.length + 1)) if known else []
    with overflows():
        letters = forward(network, model.weights, xs, targets, model.before).letters
        single = [forward(network, model.weights, [x], [], model.before).letters[0] for x in xs]
    for t, letter in enumerate(letters, start=1):
        check_finite(f"y_{t}", _answer(letter))
    losses = [float(letter.output.loss[0, 0]) for letter in letters if letter.output and letter.output.loss is not None]
    return Read(
        problem, [letter.step.h for letter in letters], [*map(_answer, letters)], losses, [*map(_answer, single)]
    )


def _answer(letter: Letter) -> Array:
    output = letter.output
    assert output is not None  # an output is read after every step here
    said: Array = getattr(output, "p", output.y)
    return said


def apart(one: Read, other: Read) -> list[float]:
    """The distance ‖h − h′‖ of the states after each step that both have."""
    return [float(np.linalg.norm(a - b)) for a, b in zip(one.states, other.states, strict=False)]


def in_one_layer(model: Model, steps: int) -> int:
    """How many numbers a network learns that reads so many steps side by side, in one layer as wide as the state.

    A column for each input of each step, and a bias for each unit; what stands behind the state stays as it is.
    """
    recurrent = set(notes(model.network.cell.Weights)) - {*OUTPUT}
    weights = model.weights._asdict()
    inside = sum(weights[name].size for name in recurrent if weights[name] is not None)
    width = weights[EMBEDDING].shape[0] if model.network.embedded else len(model.task.inputs or model.vocabulary)
    width = 1 if model.task.ranks else width
    return model.hidden * (steps * width + 1) + model.parameters - inside
