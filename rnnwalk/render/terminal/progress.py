"""Training as it goes: a bar with the loss and what the network says, on a terminal only."""

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rnnwalk.model.problem import LONG, Problem
from rnnwalk.tasks.training import Training
from rnnwalk.views.training import Course, said

REFRESH = 0.1  # seconds between two looks
LOOKS = 60  # epochs whose prediction is remembered


def follow(training: Training, epochs: int, symbols: tuple[str, ...]) -> Course:
    """Train for so many epochs, or until Ctrl-C. symbols: the word whose prediction is shown and remembered."""
    course = Course(training.letters, training.held_letters)
    console = Console(stderr=True, markup=False, highlight=False)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), auto_refresh=False) as progress:
        task = progress.add_task("", total=epochs)
        looked = 0.0
        try:
            for epoch in training.epochs(epochs):
                course.add(epoch)
                if (epoch.number - 1) % max(1, epochs // LOOKS) == 0:
                    course.said.append((epoch.number, said(Problem(training.model, symbols[: LONG + 2]))))
                now = time.monotonic()
                if not progress.disable and now - looked > REFRESH:
                    looked = now
                    held = "" if epoch.validation is None else f", held back {epoch.validation:.4f}"
                    text = f"loss {epoch.loss:.4f}{held} says {said(Problem(training.model, symbols[:20]))}"
                    progress.update(task, completed=epoch.number, description=text, refresh=True)
            if not progress.disable:
                progress.update(task, completed=course.losses.count, refresh=True)
        except KeyboardInterrupt:
            course.interrupted = True
    return course
