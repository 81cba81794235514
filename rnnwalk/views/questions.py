"""The questions that readers of the article asked, each answered where it arises, for the model at hand."""

import numpy as np

from rnnwalk.engine.network import TIE
from rnnwalk.engine.notes import notes, said, with_axes
from rnnwalk.model.model import Model
from rnnwalk.model.symbols import shown
from rnnwalk.text import count
from rnnwalk.views.live import Live, recorded, sentence
from rnnwalk.views.page import Question
from rnnwalk.views.sentences import about
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk


def remembers_by(model: Model) -> str:
    """The one matrix that reads the hidden state, such as Whh; "" for a cell with gates, which has several."""
    names = with_axes(type(model.weights), "nn")
    return names[0] if len(names) == 1 else ""


def scalar(model: Model) -> bool:
    """True for the article's 1×1 Whh on several units."""
    Whh = remembers_by(model)
    return bool(Whh) and getattr(model.weights, Whh).shape == (1, 1) and model.hidden > 1


def cell(walk: Walk) -> list[Question]:
    """What readers ask about the cell as a whole."""
    problem = walk.problem
    context = about(problem)
    asked = problem.model.network.cell.QUESTIONS
    return [Question(each.question, said(each.answer, context)) for each in asked]


def shapes(model: Model) -> list[Question]:
    """Why each matrix has its shape."""
    first, Whh = with_axes(type(model.weights), "nk")[0], remembers_by(model)
    n, k = getattr(model.weights, first).shape
    each, whose = {
        "symbols": ("one for each symbol", "the vocabulary"),
        "vectors": ("a word vector", "the length of the word vectors"),
        "ranks": (f"the rank of a {model.by}", "the input"),
        "numbers": ("the input", "the input"),
    }[model.network.reads]
    asked = [
        Question(
            f"Why is {first} {n}×{k}?",
            f"It turns a column of {count(k, 'number')} ({each}) into a column of {n} (one for each hidden "
            f"unit), so it needs {count(n, 'row')} and {count(k, 'column')}. The columns are given by {whose}; "
            "the rows are a choice: more hidden units remember more, and have more to learn.",
        )
    ]
    if scalar(model):
        asked.append(
            Question(
                f"And why is {Whh} 1×1?",
                f"Normally {Whh} is {n}×{n}: a number from each hidden unit to each hidden unit. The article keeps it small: one "
                f"number, and each unit remembers only itself, all {n} by the same factor. --hidden {n} draws a network "
                f"with the usual {n}×{n}.",
            )
        )
    elif Whh:
        asked.append(
            Question(
                f"And why is {Whh} {n}×{n}?",
                f"It turns the {count(n, 'number')} of the previous hidden state into the {n} of the new one, so it is square.",
            )
        )
    return asked


def memory(walk: Walk, digits: int) -> list[Question]:
    """At the first Whh·h + b: its shapes, where Whh comes from, and why h₀ is what it is."""
    model, noun = walk.problem.model, walk.problem.noun
    asked, Whh = [], remembers_by(model)
    one: str = f"a number of {Whh}"
    if scalar(model):
        asked.append(_broadcast(model, len(walk.problem.sequences)))
        made = Derivations(walk.names, digits)[walk.names.node[Whh]]
        one = sentence("the ", Live(made.result((0, 0)), "element", Whh, 0), f" of {Whh}")
    asked.append(
        Question(
            f"What is {Whh}, and where does such a number come from?",
            sentence(
                "It tells how much of the previous hidden state goes into the new one: the strength of the memory. Like "
                "every weight, ",
                one,
                " usually starts as a random number, and training changes it until the predictions are good. "
                f"All {noun}s use the same {Whh}.",
            ),
        )
    )
    return [*asked, _start(model, noun)]


def _broadcast(model: Model, columns: int) -> Question:
    n, weights = model.hidden, model.weights._asdict()
    biases = [weights[name] for name, note in notes(type(model.weights)).items() if note.axes == "n1"]
    shared = any(bias is not None and bias.shape == (1, 1) for bias in biases)
    return Question(
        f"How can 1×1 times {n}×{columns}{' plus 1×1' if shared else ''} give {n}×{columns}?",
        f"As a matrix product it could not. The single number multiplies each of the {n} units"
        f"{' and adds the one bias b to every unit' if shared else ''}: a scalar, written as a 1×1 matrix. "
        "Spreadsheets and NumPy call this broadcasting.",
    )


def _start(model: Model, noun: str) -> Question:
    n, k = model.hidden, getattr(model.weights, with_axes(type(model.weights), "nk")[0]).shape[1]
    what = {"symbols": "the number of symbols", "vectors": "the length of a word vector"}.get(
        model.network.reads, "the number of inputs"
    )
    other = (
        f"{k} is {what}, the height of {'x' if model.network.reads != 'vectors' else 'E·x'}"
        if n != k
        else f"that x has as many is a coincidence: its height is {what}, also {k}"
    )
    begins = (
        "Here it was given with the weights, as a memory to start from."
        if model.before.h.any()
        else f"Before the first {noun} there is nothing to remember: zeros."
    )
    return Question(
        f"Why does h₀ have {count(n, 'number')}{f', and not {k}' if n != k else ''}?",
        sentence(f"h₀ is a hidden state, so it has one number for each hidden unit ({n}); {other}. ", recorded(begins)),
    )


def softmax(walk: Walk) -> list[Question]:
    """What goes into the softmax bracket and what comes out."""
    k = len(walk.problem.model.answers)
    return [
        Question(
            "What goes into the softmax bracket, and what comes out?",
            f"The whole column y: {count(k, 'score')}, of any size and sign. Out come as many probabilities, in the same "
            "order, none negative, with the sum 1. Each needs all scores, because each is divided by the sum of all the "
            "powers.",
        )
    ]


def verdict(walk: Walk, letter: int, digits: int) -> list[Question]:
    """Why the network says what it says, when that is wrong; of several words, about the first where it is."""
    model, names, told = walk.problem.model, walk.names, enumerate(walk.problem.sequences)
    wrong = [(column, one) for column, one in told if one.truth(letter) not in (None, walk.prediction(letter, column))]
    if not wrong or model.task.head:
        return []
    column, one = wrong[0]
    read, said, truth = one.inputs[letter - 1], walk.prediction(letter, column), one.truth(letter) or ""
    rows = model.answers.index(said), model.answers.index(truth)
    y = walk.at("y", letter)
    scores = [names.symbol(y, (row, column)) for row in rows]
    lead = float(y.value[rows[0], column] - y.value[rows[1], column])
    reason = (
        f"Because {scores[0]} is larger than {scores[1]} by {number(lead, digits)}. {_share(walk, letter, rows, column, digits)}."
        if lead > TIE
        else f"{scores[0]} and {scores[1]} are equal, and of equal scores the first in the vocabulary is taken."
    )
    chance = (
        "Nothing has been learned yet, so what it says is chance."
        if model.untrained
        else "These weights have not learned (yet) what comes next here."
        if model.next_symbol
        else "These weights have not learned this (yet)."
    )
    return [
        Question(
            f"Why does it say “{shown(said)}” after “{shown(read)}”, and not “{shown(truth)}”?",
            f"{reason} {chance} Training changes the weights until the truth has the highest score.",
            dated=True,
        )
    ]


def _share(walk: Walk, letter: int, rows: tuple[int, int], column: int, digits: int) -> str:
    """What adds most to the lead of one score over another, a hidden unit or the output bias, and what takes from it."""
    derivations, names = Derivations(walk.names, digits), walk.names
    Why, by = walk.problem.model.weights.Why, walk.problem.model.weights.by
    h = walk.at("h", letter)
    parts = (Why[rows[0]] - Why[rows[1]]) * h.value[:, column]
    unit = int(np.argmax(parts))
    bias = 0.0 if by is None else float(by[rows[0], 0] - by[rows[1], 0])
    against = float(parts[parts < 0].sum()) + min(bias, 0.0)
    taken = f"; what speaks against it comes to {number(against, digits)}" if against else ""
    if bias > parts[unit]:
        return f"The output bias adds most to that, {number(bias, digits)}{taken}"
    node = names.node["Why"]
    factors = [(node, (rows[0], unit)), (node, (rows[1], unit)), (h, (unit, column))]
    told = [f"{names.symbol(*factor)} is {derivations[factor[0]].result(factor[1])}" for factor in factors]
    return f"Unit {unit + 1} adds most to that, {number(float(parts[unit]), digits)}: {told[0]}, {told[1]}, and {told[2]}{taken}"
