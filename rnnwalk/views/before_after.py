"""A word under a model as it was and as it is now: what the network said, and what it says."""

from collections.abc import Sequence

from rnnwalk.engine.network import Forward, forward, most_likely
from rnnwalk.model.problem import LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.views.page import Block, Prose, Table
from rnnwalk.walks.numbers import number, percent


def said(problem: Problem) -> str:
    """What the network says, as one text; a long one is cut."""
    return _text(problem, _predictions(problem, _pass(problem)))


def _pass(problem: Problem) -> Forward:
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    return forward(model.network, model.weights, xs, targets, model.before)


def _predictions(problem: Problem, run: Forward) -> list[str]:
    return [problem.model.vocabulary[int(most_likely(letter.output)[0])] for letter in run.letters]


def _text(problem: Problem, symbols: Sequence[str]) -> str:
    signs = [shown(symbol) for symbol in symbols[:LONG]]
    return ("" if problem.noun == "letter" else " ").join([*signs, "…"] if len(symbols) > LONG else signs)


def before_and_after(before: Problem, after: Problem, digits: int) -> list[Block]:
    """What learning did for a word: each letter's prediction and its probability of the truth, and the loss."""
    runs = [_pass(problem) for problem in (before, after)]
    told = [_predictions(problem, run) for problem, run in zip((before, after), runs, strict=True)]
    rows = []
    for t, (read, truth) in enumerate(zip(before.inputs[:LONG], before.targets, strict=False)):
        row = before.model.vocabulary.index(truth)
        cells = [str(t + 1), shown(read), shown(truth)]
        for run, symbols in zip(runs, told, strict=True):
            mark = "✓" if symbols[t] == truth else "✗"
            cells += [f"{shown(symbols[t])} {mark}", percent(float(run.letters[t].output.p[row, 0]))]  # type: ignore[union-attr]
        rows.append(cells)
    headings = ["t", "reads", "truth", "said before", "p(truth)", "says now", "p(truth) "]
    right = sum(a == b for a, b in zip(told[1], before.targets, strict=True))
    losses = [number(float(run.loss[0, 0]), digits) for run in runs]
    texts = [_text(before, symbols) for symbols in told]
    return [
        Table(headings, rows, frozenset({0, 4, 6}), roles=("", "input", "target", *["probability"] * 4)),
        Prose(
            f"Loss {losses[0]} before, {losses[1]} now; {right} of {len(told[1])} right. "
            f"It said “{texts[0]}” and says “{texts[1]}”."
        ),
    ]
