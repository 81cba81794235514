"""What a gradient flow is asked of: a text made longer, a memory made stronger."""

import random
from dataclasses import replace

import numpy as np

from rnnwalk.engine.notes import replaced, with_axes
from rnnwalk.errors import InputError, check_number
from rnnwalk.model.limits import LARGEST, check_size
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem

MOST_LENGTH = 10**7  # letters
MOST_WORK = 2e10  # letters times the cube of the state's height: some seconds of eigenvalues


def scaled(model: Model, scale: float) -> Model:
    """The model with every matrix from hidden state to hidden state (or gate) multiplied by ``scale``."""
    if scale == 1:
        return model
    check_number("--scale", scale, -LARGEST, LARGEST)
    changed = {}
    for name in with_axes(type(model.weights), "nn"):
        changed[name] = getattr(model.weights, name) * scale
        if not np.abs(changed[name]).max() <= LARGEST:
            raise InputError(f"--scale {scale:g} makes a number of {name} larger than {LARGEST:g}; take a smaller one")
    return replace(model, weights=replaced(model.weights, **changed), story="")  # it told of others


def stretched(problem: Problem, length: int, seed: int | None = None) -> Problem:
    """The problem with a text of so many symbols: its own, repeated, or drawn from the vocabulary by a seed.

    What is true of its steps is repeated with them, so they are not drawn then.
    """
    problem = problem._replace(beside=tuple(stretched(each, length, seed) for each in problem.beside))
    check_number("--length", length, 2, MOST_LENGTH)
    check_size(length - 1, len(problem.model.vocabulary), problem.model.hidden, problem.model.cell)
    if seed is None or problem.given is not None:
        rounds = -(-length // len(problem.symbols))
        given = problem.given
        if given and problem.model.task.at == "every":
            given = (given * rounds)[:length]
        return problem._replace(symbols=(problem.symbols * rounds)[:length], given=given)
    generator, vocabulary = random.Random(seed), problem.model.vocabulary
    # random() gives the same numbers in every version of Python
    return problem._replace(symbols=tuple(vocabulary[int(generator.random() * len(vocabulary))] for _ in range(length)))


def check_work(problem: Problem) -> None:
    """Raise InputError for a flow that would take too long, or too much memory."""
    model, last, beside = problem.model, problem.length, len(problem.sequences)
    height = sum(part.shape[0] for part in model.before)
    if beside * last * height**3 > MOST_WORK:
        raise InputError(
            f"{beside * last} steps with a state of {height} numbers would take minutes; take "
            f"{problem.shorter} or fewer hidden units"
        )
    check_size(last, len(model.vocabulary), model.hidden, model.cell, beside=beside, shorter=problem.shorter)
