"""Training as it goes: a bar with the loss and what the network says, on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rnnwalk.model.problem import LONG, Problem
from rnnwalk.render.terminal.screen import Screen
from rnnwalk.tasks.training import Training
from rnnwalk.views.before_after import said
from rnnwalk.views.training import Course

REFRESH = 0.1  # seconds between two looks
LOOKS = 60  # epochs whose prediction is remembered


def follow(training: Training, epochs: int, shown: Problem, course: Course, check: Callable[[], None]) -> None:
    """Train for so many epochs, and write down in ``course`` how it goes, whatever ends it.

    shown: the word whose prediction is shown and remembered; check: called after each epoch, raises what ends it.
    """
    with _bar(epochs) as show:
        looked = 0.0
        for epoch in training.epochs(epochs):
            if (epoch.number - 1) % max(1, epochs // LOOKS) == 0:
                course.said.append((epoch.number, said(_now(training, shown, LONG + 1))))
            course.add(epoch)
            check()
            now = time.monotonic()
            if show is not None and now - looked > REFRESH:
                looked = now
                held = "" if epoch.validation is None else f", held back {epoch.validation:.4f}"
                text = f"loss {epoch.loss:.4f}{held} says {said(_now(training, shown, 19))}"
                show(epoch.number, text)
        if show is not None and course.last is not None:
            show(course.last.number, None)


def _now(training: Training, shown: Problem, most: int) -> Problem:
    """The word, or its beginning, for the model as it is now."""
    cut = shown.begun(most) if shown.model.task.at == "every" else shown
    return cut._replace(model=training.model)


@contextmanager
def _bar(epochs: int) -> Iterator[Callable[[int, str | None], None] | None]:
    """A function that shows how many epochs are done, and a text; None where there is no terminal.

    A terminal that is gone, or full, ends the bar and not the training.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    console = Screen(stderr=True, markup=False, highlight=False)
    progress = Progress(*columns, console=console, auto_refresh=False)
    task = progress.add_task("", total=epochs)

    def show(done: int, text: str | None) -> None:
        with suppress(OSError):
            progress.update(task, completed=done, description=text, refresh=True)

    try:
        with suppress(OSError):
            progress.start()
        yield show
    finally:
        with suppress(OSError):
            progress.stop()
