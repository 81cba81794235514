"""What training has done: the loss as a curve, and the predictions before and after."""

import math
from collections.abc import Sequence
from itertools import pairwise

from rnnwalk.numbers import number
from rnnwalk.problem import Problem
from rnnwalk.symbols import shown
from rnnwalk.views.page import Block, Drawing, Lines, Page, Prose, Table
from rnnwalk.walks import Walk

HEIGHT, WIDTH = 10, 60  # of the curve, in characters
EIGHTHS = " ▁▂▃▄▅▆▇█"


def curve(losses: Sequence[float]) -> list[str]:
    """The losses as columns of a chart: each the mean of its epochs, from 0 to the largest."""
    count = min(len(losses), WIDTH)
    edges = [round(i * len(losses) / count) for i in range(count + 1)]
    means = [math.fsum(losses[a:b]) / (b - a) for a, b in pairwise(edges)]
    top = max(means) or 1.0
    labels = {HEIGHT - 1: f"{top:.3f}", HEIGHT // 2: f"{top / 2:.3f}", 0: "0.000"}
    margin = max(map(len, labels.values()))
    lines = []
    for level in range(HEIGHT - 1, -1, -1):
        fill = [min(max(round((mean / top * HEIGHT - level) * 8), 0), 8) for mean in means]
        lines.append(f"{labels.get(level, ''):>{margin}} │{''.join(EIGHTHS[eighths] for eighths in fill)}".rstrip())
    lines.append(" " * margin + " └" + "─" * count)
    last = f"epoch {len(losses)}"
    axis = f"1{last.rjust(count - 1)}" if len(last) + 2 < count else f"1 … {last}"
    return [*lines, " " * (margin + 2) + axis]


def report(
    before: Sequence[Problem], after: Sequence[Problem], losses: Sequence[float], digits: int, commands: tuple[str, ...]
) -> list[Page]:
    """Loss curve, then each word's predictions and the probability of the truth before and after; then what next."""
    pages = [Page("The loss, epoch by epoch", [Drawing(curve(losses))])] if losses else []
    for old, new in zip(before, after, strict=True):
        pages.append(_word(Walk(old), Walk(new), digits))
    if commands:
        pages.append(Page("What next?", [Lines(list(commands))]))
    return pages


def said(walk: Walk) -> str:
    """The predicted symbols as one text."""
    return ("" if walk.problem.noun == "letter" else " ").join(map(shown, walk.predictions))


def _word(before: Walk, after: Walk, digits: int) -> Page:
    problem = before.problem
    rows = []
    for t in range(1, before.length + 1):
        truth = problem.targets[t - 1]
        row = problem.model.vocabulary.index(truth)
        cells = [str(t), shown(problem.inputs[t - 1]), shown(truth)]
        for walk in (before, after):
            p = float(walk.at("p", t).value[row, 0])
            cells += [
                shown(walk.predictions[t - 1]) + (" ✓" if walk.predictions[t - 1] == truth else " ✗"),
                f"{100 * p:.1f} %",
            ]
        rows.append(cells)
    headings = ["t", "reads", "truth", "said before", "p(truth)", "says now", "p(truth) "]
    right = sum(a == b for a, b in zip(after.predictions, problem.targets, strict=True))
    blocks: list[Block] = [
        Table(headings, rows[:40], frozenset({0, 4, 6})),
        Prose(
            f"Loss {number(before.loss, digits)} before, {number(after.loss, digits)} now; {right} of {after.length} right. "
            f"It said “{said(before)}” and says “{said(after)}”."
        ),
    ]
    return Page(f"“{problem.title}” before and after", blocks)


def generated(choices: Sequence[tuple[str, Sequence[float]]], vocabulary: Sequence[str], digits: int) -> Page:
    """Each generated symbol with the distribution it was drawn from: the likeliest few."""
    rows, bars = [], []
    for i, (symbol, p) in enumerate(choices, start=1):
        order = sorted(range(len(p)), key=lambda row: -p[row])[:4]
        listed = "  ".join(f"{shown(vocabulary[row])} {100 * p[row]:.1f} %" for row in order)
        share = p[list(vocabulary).index(symbol)]
        rows.append([str(i), shown(symbol), number(share, min(digits, 3)), listed])
        bars.append(float(share))
    return Page("Drawn, symbol by symbol", [Table(["", "drawn", "p", "the likeliest"], rows, frozenset({0, 2}), bars)])
