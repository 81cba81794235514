"""What training has done: the loss as a curve, and the predictions before and after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rnnwalk.engine.network import Forward, forward, most_likely
from rnnwalk.model.problem import LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.training import Epoch
from rnnwalk.views.page import Block, Drawing, Lines, Page, Prose, Table
from rnnwalk.walks.numbers import number, percent

CHANGES = 12  # of the prediction, that are told
HEIGHT, WIDTH = 10, 60  # of the curve, in characters
NONE = "It was interrupted before the first epoch had ended: the weights are still those that it began with."
EIGHTHS = " ▁▂▃▄▅▆▇█"


class Losses:
    """The losses of any number of epochs in a room of bounded size: each, or of more than MOST sums of neighbours.

    A signal may interrupt ``add`` anywhere, so each change is one assignment.
    """

    MOST = 16 * WIDTH

    def __init__(self) -> None:
        self._sums: list[tuple[float, int]] = []  # a sum, and of how many; only the last may be of fewer

    def add(self, loss: float) -> None:
        """The loss of the next epoch."""
        if self._sums and self._sums[-1][1] < self._sums[0][1]:
            total, count = self._sums[-1]
            self._sums[-1] = (total + loss, count + 1)
            return
        if len(self._sums) == self.MOST:
            pairs = zip(self._sums[::2], self._sums[1::2], strict=True)
            self._sums = [(one + other, m + n) for (one, m), (other, n) in pairs]
        self._sums.append((loss, 1))

    @property
    def count(self) -> int:
        """Of how many epochs these are the losses."""
        return sum(count for _, count in self._sums)

    def means(self) -> list[float]:
        """At most WIDTH means of about as many epochs each, in order."""
        columns = min(len(self._sums), WIDTH)
        edges = [round(i * len(self._sums) / columns) for i in range(columns + 1)]
        parts = [self._sums[a:b] for a, b in pairwise(edges)]
        return [math.fsum(total for total, _ in part) / sum(count for _, count in part) for part in parts]


def curve(losses: Losses) -> list[str]:
    """The losses as columns of a chart: each the mean of its epochs, from 0 to the largest."""
    means, epochs = losses.means(), losses.count
    count = len(means)
    top = max(means) or 1.0
    labels = {HEIGHT - 1: f"{top:.3f}", HEIGHT // 2: f"{top / 2:.3f}", 0: "0.000"}
    margin = max(map(len, labels.values()))
    lines = []
    for level in range(HEIGHT - 1, -1, -1):
        fill = [min(max(round((mean / top * HEIGHT - level) * 8), 0), 8) for mean in means]
        lines.append(f"{labels.get(level, ''):>{margin}} │{''.join(EIGHTHS[eighths] for eighths in fill)}".rstrip())
    lines.append(" " * margin + " └" + "─" * count)
    last = f"epoch {epochs}"
    axis = f"1{last.rjust(count - 1)}" if len(last) + 2 < count else f"1 … {last}"
    return [*lines, " " * (margin + 2) + axis]


@dataclass
class Course:
    """How a training went, as far as it is told. letters, held_back: how many are named in an epoch, and of the lines
    held back; losses: of all its epochs; first, last: of them, None before the first; said: in which epoch the network
    said what.
    """

    letters: int
    held_back: int
    losses: Losses = field(default_factory=Losses)
    first: Epoch | None = None
    last: Epoch | None = None
    said: list[tuple[int, str]] = field(default_factory=list)
    interrupted: bool = False

    def add(self, epoch: Epoch) -> None:
        """Take note of the next epoch."""
        self.losses.add(epoch.loss)
        self.first = self.first or epoch
        self.last = epoch


def report(
    course: Course, before: Sequence[Problem], after: Sequence[Problem], digits: int, commands: tuple[str, ...]
) -> list[Page]:
    """The loss curve and how the prediction changed; words before and after; what next."""
    pages = [_course(course, before[0], digits) if course.last else Page("Interrupted", [Prose(NONE)])]
    pages += [_word(old, new, digits) for old, new in zip(before, after, strict=True)]
    return [*pages, Page("What next?", [Lines(list(commands))])]


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


def _course(course: Course, problem: Problem, digits: int) -> Page:
    first, last = course.first, course.last
    assert first is not None
    assert last is not None
    ends = [number(epoch.loss / course.letters, digits) for epoch in (first, last)]
    each = f"For each {problem.noun} that is to be named: {ends[0]} in the first epoch, {ends[1]} in the last."
    if last.validation is not None:
        each += f" In the lines held back: {number(last.validation / course.held_back, digits)}."
    changes = [course.said[0], *[new for old, new in pairwise(course.said) if new[1] != old[1]]]
    if len(changes) > CHANGES:
        changes = [*changes[: CHANGES - 2], *changes[-2:]]
    told = " → ".join(f"{text} ({epoch})" for epoch, text in changes)
    return Page(
        "The loss, epoch by epoch",
        [
            Drawing(curve(course.losses)),
            Prose(each + (" It was interrupted." if course.interrupted else "")),
            Prose(f"For “{problem.title}” it said (in brackets: the epoch): {told}."),
        ],
    )


def _word(before: Problem, after: Problem, digits: int) -> Page:
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
    blocks: list[Block] = [
        Table(headings, rows, frozenset({0, 4, 6})),
        Prose(
            f"Loss {losses[0]} before, {losses[1]} now; {right} of {len(told[1])} right. "
            f"It said “{texts[0]}” and says “{texts[1]}”."
        ),
    ]
    return Page(f"“{before.title}” before and after", blocks)


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
