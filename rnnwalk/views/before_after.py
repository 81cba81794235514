"""A word under a model as it was and as it is now: what the network said, and what it says."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from rnnwalk.engine.network import Forward, Output, forward, most_likely
from rnnwalk.engine.notes import remade
from rnnwalk.model.limits import overflows
from rnnwalk.model.problem import BESIDE, LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.views.live import Live, chosen, reads, sentence
from rnnwalk.views.live import truth as true
from rnnwalk.views.page import Block, Prose, Table
from rnnwalk.walks.numbers import number, percent
from rnnwalk.walks.walk import Walk

FINER = 4  # decimals more, at most


def updated(walk: Walk) -> Problem:
    """The problem of a walk with the weights that its step of learning gives."""
    weights = walk.trace.result.updated
    values = [None if node is None else node.value for node in weights]
    return walk.problem._replace(model=replace(walk.problem.model, weights=remade(weights, values)))


def grew(walk: Walk) -> bool:
    """Whether its step of learning made the loss larger."""
    first, last = (_loss(_pass(problem)) for problem in (walk.problem, updated(walk)))
    return not last <= first


def still(walk: Walk) -> bool:
    """Whether its step of learning moved no weight."""
    return all(np.array_equal(new.value, walk.names.node[name].value) for name, new in walk.updated.items())


def _loss(run: Forward) -> float:
    return 0.0 if run.loss is None else float(run.loss[0, 0])


def said(problem: Problem) -> str:
    """What the network says, as one text; a long one is cut."""
    return _text(problem, _predictions(problem, _pass(problem), 0))


def _pass(problem: Problem) -> Forward:
    model = problem.model
    letters = range(1, problem.length + 1)
    with overflows():  # of an update that was too large
        return forward(model.network, model.weights, problem.reads(letters), problem.aims(letters), problem.start)


def _predictions(problem: Problem, run: Forward, column: int) -> list[str]:
    outputs = [letter.output for letter in run.letters if letter.output is not None]
    if problem.model.task.linear:
        return [",".join(number(value, 6) for value in output.y[:, column].tolist()) for output in outputs]
    return [problem.model.answers[int(most_likely(output)[column])] for output in outputs]


def _text(problem: Problem, symbols: Sequence[str]) -> str:
    signs = [shown(symbol) for symbol in symbols[:LONG]]
    return problem.between.join([*signs, "…"] if len(symbols) > LONG else signs)


def before_and_after(before: Problem, after: Problem, digits: int, one_step: bool = True) -> list[Block]:
    """What learning did for a word: each letter's prediction and its probability of the truth, and the loss.

    one_step: it was one step of learning from this word alone, so that a loss that grew says something of the step.
    """
    runs = [_pass(problem) for problem in (before, after)]
    told = [
        [_predictions(problem, run, column) for column in range(len(before.sequences))]
        for problem, run in zip((before, after), runs, strict=True)
    ]
    linear = before.model.task.linear
    rows = []
    letters = [t for t in range(1, before.length + 1) if before.says(t)]
    for (i, t), (column, one) in product(enumerate(letters[:LONG]), enumerate(before.sequences)):
        truth = one.truth(t) or ""
        cells = [
            "" if column else str(t),
            reads(one.named(one.inputs[t - 1]), t, column),
            true(one.named(truth), t, column),
        ]
        for later, run, answers in zip((False, True), runs, told, strict=True):
            said_here = answers[column][i]
            right_here = chosen(said_here == truth, ("right", t, column, later), " ✓", " ✗")
            named = Live(shown(said_here), "says", t, column, later)
            share = Live(_share(before, run, t, truth, column), "share of truth", t, column, later)
            cells += [named, ""] if linear else [sentence(named, right_here), share]
        rows.append(cells)
    headings = ["t", "reads", "truth", "said before", "p(truth)", "says now", "p(truth) "]
    right = sum(
        a == b
        for answers, one in zip(told[1], before.sequences, strict=True)
        for a, b in zip(answers, one.targets, strict=True)
    )
    first, last = map(_loss, runs)
    finer = (places for places in range(digits, digits + FINER) if number(first, places) != number(last, places))
    places = next(finer, digits) if last < first else digits  # what fell a little is not to look the same
    losses = [
        Live(number(loss, places), "loss", digits, digits + FINER, later)
        for loss, later in ((first, False), (last, True))
    ]
    too_long = one_step and last > first and losses[0] != losses[1]
    advice = " The loss grew: the step was too long. Take a smaller learning rate, or clip the gradient."
    grew = chosen(too_long, ("grew", digits), advice)
    texts = [BESIDE.join(_text(before, symbols) for symbols in answers) for answers in told]
    table = Table(
        headings,
        rows,
        frozenset({0, 4, 6}),
        roles=("", "input", "target", *["probability"] * 4),
        name="What is said before and after learning",
    )
    was, is_now = (Live(text, "said", later) for text, later in zip(texts, (False, True), strict=True))
    still = chosen(was == is_now, ("says the same",), "still does", sentence("says “", is_now, "”"))
    answered = sum(map(len, told[1]))
    score = [] if linear or answered == 1 else ["; ", Live(str(right), "score", True), f" of {answered} right"]
    return [
        table.without((4, 6)) if linear else table,
        Prose(
            sentence(
                "Loss ",
                losses[0],
                " before, ",
                losses[1],
                " now",
                *score,
                ". It said “",
                was,
                "” and ",
                still,
                ".",
                grew,
            )
        ),
    ]


def _share(problem: Problem, run: Forward, letter: int, truth: str, column: int) -> str:
    """The probability of the truth after a letter; nothing where numbers are said."""
    output = run.letters[letter - 1].output
    return percent(float(output.p[problem.model.answers.index(truth), column])) if isinstance(output, Output) else ""
