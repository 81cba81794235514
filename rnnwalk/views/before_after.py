"""A word under a model as it was and as it is now: what the network said, and what it says."""

from collections.abc import Sequence

from rnnwalk.engine.network import Forward, Output, forward, most_likely
from rnnwalk.model.problem import LONG, Problem, overflows
from rnnwalk.model.symbols import shown
from rnnwalk.views.page import Block, Prose, Table
from rnnwalk.walks.numbers import number, percent


def said(problem: Problem) -> str:
    """What the network says, as one text; a long one is cut."""
    return _text(problem, _predictions(problem, _pass(problem)))


def _pass(problem: Problem) -> Forward:
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.aims(range(1, problem.length + 1))
    with overflows():  # of an update that was too large
        return forward(model.network, model.weights, xs, targets, model.before)


def _predictions(problem: Problem, run: Forward) -> list[str]:
    outputs = [letter.output for letter in run.letters if letter.output is not None]
    if problem.model.task.linear:
        return [",".join(number(value, 6) for value in output.y[:, 0].tolist()) for output in outputs]
    return [problem.model.answers[int(most_likely(output)[0])] for output in outputs]


def _text(problem: Problem, symbols: Sequence[str]) -> str:
    signs = [shown(symbol) for symbol in symbols[:LONG]]
    joint = problem.joint if problem.model.task.names_next else " "
    return joint.join([*signs, "…"] if len(symbols) > LONG else signs)


def before_and_after(before: Problem, after: Problem, digits: int) -> list[Block]:
    """What learning did for a word: each letter's prediction and its probability of the truth, and the loss."""
    runs = [_pass(problem) for problem in (before, after)]
    told = [_predictions(problem, run) for problem, run in zip((before, after), runs, strict=True)]
    linear = before.model.task.linear
    rows = []
    letters = [t for t in range(1, before.length + 1) if before.says(t)]
    for i, t in enumerate(letters[:LONG]):
        truth = before.truth(t) or ""
        cells = [str(t), before.named(before.inputs[t - 1]), before.named(truth)]
        for run, symbols in zip(runs, told, strict=True):
            mark = "" if linear else " ✓" if symbols[i] == truth else " ✗"
            cells += [f"{shown(symbols[i])}{mark}", _share(before, run, t, truth)]
        rows.append(cells)
    headings = ["t", "reads", "truth", "said before", "p(truth)", "says now", "p(truth) "]
    right = sum(a == b for a, b in zip(told[1], before.targets, strict=True))
    losses = [number(0.0 if run.loss is None else float(run.loss[0, 0]), digits) for run in runs]
    texts = [_text(before, symbols) for symbols in told]
    table = Table(headings, rows, frozenset({0, 4, 6}), roles=("", "input", "target", *["probability"] * 4))
    told_of = (
        f"It said “{texts[0]}” and says “{texts[1]}”"
        if texts[0] != texts[1]
        else f"It said “{texts[0]}” and still does"
    )
    score = "" if linear or len(letters) == 1 else f"; {right} of {len(told[1])} right"
    return [
        table.without((4, 6)) if linear else table,
        Prose(f"Loss {losses[0]} before, {losses[1]} now{score}. {told_of}."),
    ]


def _share(problem: Problem, run: Forward, letter: int, truth: str) -> str:
    """The probability of the truth after a letter; nothing where numbers are said."""
    output = run.letters[letter - 1].output
    return percent(float(output.p[problem.model.answers.index(truth), 0])) if isinstance(output, Output) else ""
