"""Training as it goes: a bar with the loss and what the network says, on a terminal only."""

import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rnnwalk.problem import Problem
from rnnwalk.training import Training
from rnnwalk.views.learned import said
from rnnwalk.walks import Walk

REFRESH = 0.1  # seconds between two looks


def follow(training: Training, epochs: int, symbols: Sequence[str]) -> tuple[list[float], bool]:
    """Train for so many epochs; the losses, and whether Ctrl-C ended it early. symbols: the word whose prediction is shown."""
    losses: list[float] = []
    console = Console(stderr=True, markup=False, highlight=False)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), auto_refresh=False) as progress:
        task = progress.add_task("", total=epochs)
        looked = 0.0
        try:
            for epoch in training.epochs(epochs):
                losses.append(epoch.loss)
                now = time.monotonic()
                if not progress.disable and now - looked > REFRESH:
                    looked = now
                    walk = Walk(Problem(training.model, tuple(symbols[:20])))
                    held = "" if epoch.validation is None else f", held back {epoch.validation:.4f}"
                    progress.update(
                        task,
                        completed=epoch.number,
                        description=f"loss {epoch.loss:.4f}{held} says {said(walk)}",
                        refresh=True,
                    )
            if not progress.disable:
                progress.update(task, completed=len(losses), refresh=True)
        except KeyboardInterrupt:
            return losses, True
    return losses, False
