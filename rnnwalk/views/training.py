"""What training has done: the loss as a curve, and the predictions before and after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rnnwalk.model.problem import Problem
from rnnwalk.tasks.training import Epoch
from rnnwalk.text import count
from rnnwalk.views import before_after
from rnnwalk.views.confusion import confusion
from rnnwalk.views.notation import course_for, said
from rnnwalk.views.page import Drawing, Page, Prose, what_next
from rnnwalk.walks.numbers import number

SHARES = 10  # means of right answers that are told, where there are more epochs than
MOST_SHARES = 40  # that are told one by one
CHANGES = 12  # of the prediction, that are told
HEIGHT, WIDTH = 10, 60  # of the curve, in characters
NONE = "It was interrupted before the first epoch had ended: the weights are still those that it began with."
KEEP = "Add -o trained.json to keep the weights: walk, explain and export read them."
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

    def means(self, most: int = WIDTH) -> list[float]:
        """At most so many means of about as many epochs each, in order."""
        columns = min(len(self._sums), most)
        edges = [round(i * len(self._sums) / columns) for i in range(columns + 1)]
        parts = [self._sums[a:b] for a, b in pairwise(edges)]
        return [math.fsum(total for total, _ in part) / sum(count for _, count in part) for part in parts]


def curve(losses: Losses) -> list[str]:
    """The losses as columns of a chart: each the mean of its epochs, from 0 to the largest."""
    means, epochs = losses.means(), losses.count
    columns = len(means)
    top = max(means) or 1.0
    labels = {HEIGHT - 1: number(top, 3), HEIGHT // 2: number(top / 2, 3), 0: "0.000"}
    margin = max(map(len, labels.values()))
    lines = []
    for level in range(HEIGHT - 1, -1, -1):
        fill = [min(max(round((mean / top * HEIGHT - level) * 8), 0), 8) for mean in means]
        lines.append(f"{labels.get(level, ''):>{margin}} │{''.join(EIGHTHS[eighths] for eighths in fill)}".rstrip())
    lines.append(" " * margin + " └" + "─" * columns)
    last = f"epoch {epochs}"
    axis = f"1{last.rjust(columns - 1)}" if len(last) + 2 < columns else f"1 … {last}"
    return [*lines, " " * (margin + 2) + axis]


@dataclass
class Course:
    """How a training went, as far as it is told. letters, held_back: how many are named in an epoch, and of the lines
    held back; losses: of all its epochs; right: the shares of
    right answers among those held back, where there are classes; first, last: of them, None before the first; said: in which epoch the network
    said what; for_each: whether losses are told for each answer, as those of parts of different sizes are, and not summed
    over all of them; best: the last epoch whose loss was the lowest so far; clipped: of how many updates the gradient was
    clipped, and of how many; None where none is to be.
    """

    letters: int
    held_back: int
    losses: Losses = field(default_factory=Losses)
    first: Epoch | None = None
    last: Epoch | None = None
    said: list[tuple[int, str]] = field(default_factory=list)
    interrupted: bool = False
    right: Losses = field(default_factory=Losses)
    clipped: tuple[int, int] | None = None
    for_each: bool = False
    best: Epoch | None = None

    def add(self, epoch: Epoch) -> None:
        """Take note of the next epoch."""
        self.losses.add(epoch.loss / self._parts)
        if epoch.accuracy is not None:
            self.right.add(epoch.accuracy)
        self.first = self.first or epoch
        self.best = epoch if epoch.best else self.best
        self.last = epoch

    @property
    def _parts(self) -> int:
        return self.letters if self.for_each else 1

    @property
    def now(self) -> str:
        """The losses of the last epoch, and the share of right answers."""
        assert self.last is not None
        held, right = self.last.validation, self.last.accuracy
        told = f"loss {self.last.loss / self._parts:.4f}"
        told += "" if held is None else f", held back {held / (self.held_back if self.for_each else 1):.4f}"
        return told + ("" if right is None else f", {100 * right:.1f} % right")


def report(
    course: Course,
    before: Sequence[Problem],
    after: Sequence[Problem],
    digits: int,
    commands: tuple[str, ...] | None,
    confused: Any = None,
    notation: str | None = None,
) -> list[Page]:
    """The loss curve and how the prediction changed; words before and after; what next. commands: what to do with the
    weights, None where they are not to be kept. confused: of a network that names
    classes, how often it named each (column) for each that was true (row); notation: of symbols."""
    pages = [_course(course, before[0], digits) if course.last else Page("Interrupted", [Prose(NONE)])]
    if confused is not None:
        pages.append(confusion(confused, before[0].model.answers, course.held_back > 0))
    pages += [
        said(
            Page(f"“{old.title}” before and after", before_after.before_and_after(old, new, digits, one_step=False)),
            course_for(old.model, notation),
        )
        for old, new in zip(before, after, strict=True)
    ]
    if commands is None:
        return [*pages, Page("What next?", [Prose(KEEP)])]
    return [*pages, *what_next(commands)]


def _course(course: Course, problem: Problem, digits: int) -> Page:
    first, last = course.first, course.last
    assert first is not None
    assert last is not None
    ends = [number(epoch.loss / course.letters, digits) for epoch in (first, last)]
    one = problem.noun if problem.model.task.at == "every" else "prediction"
    each = f"Average loss per {one}: {ends[0]} in the first epoch, {ends[1]} in the last."
    if last.validation is not None:
        each += f" In the lines held back: {number(last.validation / course.held_back, digits)}."
    if last.accuracy is not None:
        each += f" Of their {count(course.held_back, 'answer')} {100 * last.accuracy:.1f} % were right."
    if not last.loss <= first.loss:
        each += " The loss grew: take a smaller learning rate (--lr), or clip the gradient (--clip)."
    kept = course.best
    if kept is not None and last.validation is None and kept.number < last.number:
        each += " Below, “now” means the best weights, those with the lowest loss."
    best = (
        f"The best weights are those after epoch {kept.number} of {last.number}: their loss in the lines held back is the "
        f"lowest, {number(kept.validation / course.held_back, digits)}."
        if kept is not None and kept.validation is not None
        else ""
    )
    before = (0, before_after.said(problem))
    changes = [before, *[new for old, new in pairwise([before, *course.said]) if new[1] != old[1]]]
    spoken = [f"{text} ({epoch})" for epoch, text in changes]
    if len(spoken) > CHANGES:
        spoken = [*spoken[: CHANGES - 2], "…", *spoken[-2:]]
    told = " → ".join(spoken)
    return Page(
        f"The loss{f' per {one}' * course.for_each}, epoch by epoch",
        [
            Drawing(curve(course.losses)),
            Prose(each),
            *([Prose(best)] if best else []),
            *([Prose(_shares(course.right))] if course.right.count > 1 else []),
            *([Prose(_clipping(*course.clipped))] if course.clipped else []),
            *([Prose("It was interrupted.")] if course.interrupted else []),
            Prose(f"What it said for “{problem.title}”, and after how many epochs: {told}."),
        ],
    )


def _clipping(clipped: int, updates: int) -> str:
    """In how many updates the gradient was clipped."""
    if not clipped:
        return f"Nothing was clipped: in {count(updates, 'update')} the gradient never reached the bound."
    return f"The gradient was clipped in {clipped} of {count(updates, 'update')}."


def _shares(right: Losses) -> str:
    """The share of right answers after each epoch, or of many the means of as many neighbours as are told."""
    shares = right.means(MOST_SHARES if right.count <= MOST_SHARES else SHARES)
    each = "epoch by epoch" if len(shares) == right.count else f"in {len(shares)} means of {right.count} epochs"
    return f"Right in the lines held back, {each}: {', '.join(f'{100 * share:.1f}' for share in shares)} %."
