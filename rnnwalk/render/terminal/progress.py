"""Long work as it goes, on a terminal only: of training a bar with the loss and what the network says."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from rnnwalk.model.problem import LONG, Problem
from rnnwalk.render.terminal.screen import Screen
from rnnwalk.tasks.training import Training
from rnnwalk.text import named
from rnnwalk.views.before_after import said
from rnnwalk.views.training import Course

REFRESH = 0.1  # seconds between two looks
LOOKS = 60  # epochs whose prediction is remembered


def follow(training: Training, epochs: int, shown: Problem, course: Course, check: Callable[[], None]) -> None:
    """Train for so many epochs, and write down in ``course`` how it goes, whatever ends it.

    shown: the word whose prediction is shown and remembered; check: called after each epoch, raises what ends it.
    """
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with _bar(epochs, columns) as show:
        looked, moved, done, text = 0.0, 0.0, 0, ""

        def tell(share: float) -> None:
            nonlocal moved
            if show is not None and (now := time.monotonic()) - moved > REFRESH:
                moved = now
                show(done + share, text)

        training.tell = tell
        for epoch in training.epochs(epochs):
            done = epoch.number
            if (epoch.number - 1) % max(1, epochs // LOOKS) == 0:
                course.said.append((epoch.number, said(_now(training, shown, LONG + 1))))
            course.add(epoch)
            check()
            now = time.monotonic()
            if show is not None and now - looked > REFRESH:
                looked = now
                text = f"{course.now} says {said(_now(training, shown, 19))}"
                show(epoch.number, text)
        if show is not None and course.last is not None:
            show(course.last.number, None)


@contextmanager
def reading(name: str) -> Iterator[Callable[[int], None]]:
    """A function that shows, on a terminal, how many bytes of a file have been read."""
    try:
        size: int | None = Path(name).stat().st_size
    except (OSError, ValueError):
        size = None
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with _bar(size, columns) as show:
        looked = 0.0

        def tell(done: int) -> None:
            nonlocal looked
            if show is not None and (now := time.monotonic()) - looked > REFRESH:
                looked = now
                show(done, named(name))

        yield tell


@contextmanager
def working() -> Iterator[Callable[[str], None]]:
    """A function that shows, on a terminal, what is done now, of work that cannot tell its share; gone when it ends."""
    with _bar(None, [TextColumn("{task.description}", markup=False)], stays=False) as show:
        yield lambda text: None if show is None else show(0, text)


def _now(training: Training, shown: Problem, most: int) -> Problem:
    """The word, or its beginning, for the model as it is now."""
    cut = shown.begun(most) if shown.model.task.at == "every" else shown
    return cut._replace(model=training.model)


@contextmanager
def _bar(
    total: int | None, columns: Sequence[ProgressColumn], stays: bool = True
) -> Iterator[Callable[[float, str | None], None] | None]:
    """A function that shows how much is done, and a text; None where there is no terminal. stays: on it at the end.

    A terminal that is gone, or full, ends the bar and not the work.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    console = Screen(stderr=True, markup=False, highlight=False)
    progress = Progress(*columns, console=console, auto_refresh=False, transient=not stays)
    task = progress.add_task("", total=total, visible=False)

    def show(done: float, text: str | None) -> None:
        with suppress(OSError):
            progress.update(task, completed=done, description=text, visible=True, refresh=True)

    try:
        with suppress(OSError):
            progress.start()
        yield show
    finally:
        with suppress(OSError):
            progress.stop()
