"""The questions that readers of the article asked, each answered where it arises, for the model at hand."""

import numpy as np

from rnnwalk.formulas import Formulas
from rnnwalk.model import Model, size
from rnnwalk.numbers import number
from rnnwalk.symbols import shown
from rnnwalk.views.page import Question
from rnnwalk.walks import Walk


def scalar(model: Model) -> bool:
    """True for the article's 1×1 Whh on several units."""
    return getattr(model.weights, "Whh", None) is not None and model.weights.Whh.shape == (1, 1) and model.hidden > 1


def shapes(model: Model) -> list[Question]:
    """Why each matrix has its shape."""
    n, k = model.hidden, len(model.vocabulary)
    first = next(iter(model.weights._fields))
    asked = [
        Question(
            f"Why is {first} {n}×{k}?",
            f"It turns a column of {k} numbers (one for each symbol) into a column of {n} (one for each hidden unit), so "
            f"it needs {n} rows and {k} columns. The {k} is given by the vocabulary; the {n} is a choice: more hidden "
            "units remember more, and have more to learn.",
        )
    ]
    if scalar(model):
        asked.append(
            Question(
                "And why is Whh 1×1?",
                f"Normally Whh is {n}×{n}: a number from each hidden unit to each hidden unit. The article keeps it small: one "
                f"number, and each unit remembers only itself, all {n} by the same factor. --hidden {n} draws a network "
                f"with the usual {n}×{n}.",
            )
        )
    elif hasattr(model.weights, "Whh"):
        asked.append(
            Question(
                f"And why is Whh {size(model.weights.Whh.shape)}?",
                f"It turns the {n} numbers of the hidden state before into {n} numbers for the hidden state now, so it is square.",
            )
        )
    return asked


def memory(walk: Walk) -> list[Question]:
    """At the first Whh·h + b: its shapes, where Whh comes from, and why h₀ is what it is."""
    model = walk.problem.model
    n, k = model.hidden, len(model.vocabulary)
    asked = []
    if scalar(model):
        bias = " and adds the one bias b to every unit" if model.weights.bh is not None else ""
        asked.append(
            Question(
                f"How can 1×1 times {n}×1 plus 1×1 give {n}×1?",
                f"As a matrix product it could not. The single number multiplies each of the {n} units{bias}: a scalar, "
                "written as a 1×1 matrix. Spreadsheets and NumPy call this broadcasting.",
            )
        )
    whh = f"the {number(float(model.weights.Whh[0, 0]), 6)} of Whh" if scalar(model) else "a number of Whh"
    asked.append(
        Question(
            "What is Whh, and where does such a number come from?",
            "It says how much of the hidden state before goes into the new one: the strength of the memory. Like every "
            f"weight, {whh} starts as a random number and is changed by training until the predictions are good. "
            "All letters use the same Whh.",
        )
    )
    asked.append(
        Question(
            f"Why has h₀ {n} {'number' if n == 1 else 'numbers'}, and not {k}?",
            f"h₀ is a hidden state, so it has one number for each of the {n} hidden units; {k} is the number of symbols, "
            "the height of x. Before the first letter there is nothing to remember: zeros."
            if not model.before.h.any()
            else f"h₀ is a hidden state, so it has one number for each of the {n} hidden units; {k} is the number of symbols.",
        )
    )
    return asked


def softmax(walk: Walk) -> list[Question]:
    """What goes into the softmax bracket and what comes out."""
    k = len(walk.problem.model.vocabulary)
    return [
        Question(
            "What goes into the softmax bracket, and what comes out?",
            f"The whole column y: {k} scores, of any size and sign. Out come {k} probabilities, in the same order, all "
            "positive, with the sum 1. Each needs all scores, because the sum of the powers is below every fraction.",
        )
    ]


def verdict(walk: Walk, letter: int, digits: int) -> list[Question]:
    """Why the network answers what it answers, when that is wrong."""
    model = walk.problem.model
    truth, said = walk.problem.targets[letter - 1], walk.predictions[letter - 1]
    if truth == said:
        return []
    read, Why = walk.problem.inputs[letter - 1], model.weights.Why
    h = walk.at("h", letter).value[:, 0]
    rows = [model.vocabulary.index(said), model.vocabulary.index(truth)]
    parts = (Why[rows[0]] - Why[rows[1]]) * h
    unit = int(np.argmax(parts))
    y = walk.at("y", letter)
    symbol = Formulas(walk.names, digits)
    lead = float(y.value[rows[0], 0] - y.value[rows[1], 0])
    bias = 0.0 if model.weights.by is None else float(model.weights.by[rows[0], 0] - model.weights.by[rows[1], 0])
    share = (
        f"unit {unit + 1} alone gives {number(float(parts[unit]), digits)} of that, as Why[{shown(said)},{unit + 1}] is "
        f"{number(float(Why[rows[0], unit]), digits)} and Why[{shown(truth)},{unit + 1}] is {number(float(Why[rows[1], unit]), digits)}"
        if parts[unit] >= bias
        else f"the output bias alone gives {number(bias, digits)} of that"
    )
    chance = (
        "Nothing has been learned yet, so what it answers is chance."
        if model.untrained
        else "These weights do not (yet) know what follows here."
    )
    return [
        Question(
            f"Why does it answer “{shown(said)}” after “{shown(read)}”, and not “{shown(truth)}”?",
            f"Because {symbol.names.symbol(y, (rows[0], 0))} is larger than {symbol.names.symbol(y, (rows[1], 0))} by "
            f"{number(lead, digits)}; {share}. {chance} Training turns the weights until the true symbol has the highest score.",
        )
    ]
