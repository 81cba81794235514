"""The walk as a live workbook. The only place that knows openpyxl."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from rnnwalk.errors import InputError
from rnnwalk.files import check_target, replacing
from rnnwalk.layout.addresses import START
from rnnwalk.layout.gradient_flow import FLOW, FlowSheet
from rnnwalk.layout.one_letter import ONE
from rnnwalk.layout.sheets import Layout
from rnnwalk.layout.training import Epochs
from rnnwalk.model.symbols import MOST_SHOWN
from rnnwalk.render.workbook import (
    backprop,
    checks,
    gradient_flow,
    inputs,
    nudge,
    one_letter,
    start,
    training,
    unrolled,
    walk,
)
from rnnwalk.render.workbook import forms as side_by_side
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.package import save
from rnnwalk.render.workbook.style import Styles
from rnnwalk.views.cell import in_every_form
from rnnwalk.walks.walk import Walk


def write_workbook(
    recorded: Walk,
    path: Path,
    *,
    epochs: int = 0,
    gradients: bool = False,
    forms: bool = False,
    force: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the walk to an .xlsx file: whole or not at all, an existing file only with ``force``.

    epochs: of training, for a walk with its way back; gradients: with the sheet Gradient flow;
    forms: with the forms of a GRU side by side; tell: gets what is done now.

    Raises InputError, before anything is written, for what a workbook cannot hold.
    """
    check_target(path, force)
    book = draw(recorded, epochs, gradients, forms, tell)
    tell("writing the file")
    with replacing(path, force) as file:
        save(book, file)


def draw(
    recorded: Walk,
    epochs: int = 0,
    gradients: bool = False,
    forms: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Workbook:
    """The workbook in memory. Raises InputError for what a workbook cannot hold."""
    layout = Layout(recorded)
    _check(recorded)
    training_sheet = Epochs(recorded, epochs) if epochs else None
    file = Workbook()
    styles = Styles(file)
    file.remove(file.active)
    book = Book(recorded, layout, file, styles, {}, tell=tell)
    front = book.sheet(START, "2F4B6E")
    inputs.draw(book)
    sides = side_by_side.books(book, in_every_form(recorded.problem, recorded.notation)) if forms else {}
    results = walk.draw(book)
    unrolled.draw(book)
    one_letter.draw(book)
    if layout.backprop is not None and layout.nudge is not None:
        backprop.draw(book, layout.backprop)
        nudge.draw(book, layout.nudge)
    flow_sheet = FlowSheet(recorded, layout) if gradients else None
    if flow_sheet is not None:
        gradient_flow.draw(book, flow_sheet)
    losses = [] if training_sheet is None else training.draw(book, training_sheet)
    steady = [] if training_sheet is None else losses[: training_sheet.steady(losses)]
    more = side_by_side.sheets(book, sides)
    if sides:
        side_by_side.draw(book, sides)
    more_values = [] if flow_sheet is None else gradient_flow.extra(flow_sheet)
    checks.draw(book, results, steady, [*side_by_side.extra(book, sides), *more_values])
    order = [
        "Start",
        "Inputs",
        ONE,
        "Walk",
        "Unrolled",
        side_by_side.FORMS,
        *more,
        "Backprop",
        "Training",
        FLOW,
        "Checks",
        "Nudge",
        "Original",
    ]
    file._sheets = [file[title] for title in order if title in file]
    start.draw(book, front)
    file.calculation.fullCalcOnLoad = True
    file.properties.creator = "rnnwalk"
    file.properties.title = f"A recurrent network reads {recorded.problem.title}"[:200]
    return file


def _check(recorded: Walk) -> None:
    """Raise InputError for values or symbols that a cell cannot hold."""
    for node, label in recorded.names.labels.items():
        if not np.all(np.isfinite(node.value)):
            r, c = (int(axis[0]) for axis in np.nonzero(~np.isfinite(node.value)))
            raise InputError(
                f"{recorded.names.key(node, (r, c))} is {node.value[r, c]:g}, and a workbook holds finite numbers only; "
                f"take smaller weights{f' (it happens at letter {label.letter})' if label.letter else ''}"
            )
    for names in (recorded.names.letters, recorded.names.answers):
        _check_names(names)


def _check_names(names: list[str]) -> None:
    """Raise InputError for a list that no drop-down can hold."""
    for name_ in names:
        if len(name_) > MOST_SHOWN:
            raise InputError(
                f"the symbol '{name_[:20]!a}' cannot stand in a cell: at most {MOST_SHOWN} characters; "
                "use another vocabulary"
            )
    if len(set(names)) < len(names):
        twice = next(name_ for name_ in names if names.count(name_) > 1)
        raise InputError(f"two names of a list are both shown as '{twice}'; a drop-down could not tell them apart")
