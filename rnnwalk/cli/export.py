"""rnnwalk export: the walk as a live workbook."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.numbers import whole
from rnnwalk.cli.options import (
    RATE,
    Clip,
    ClipValue,
    Force,
    Notation,
    Optimizer,
    Output,
    Rate,
    Targets,
    Words,
    needs,
    takes_model,
    tell_left_out,
)
from rnnwalk.cli.streams import say
from rnnwalk.errors import InputError, check_number

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions


@takes_model
def export(
    asked: "ModelOptions",
    output: Output,
    words: Words = None,
    backward: Annotated[bool, typer.Option("--backward", help="The way back, too: the sheet Backprop.")] = False,
    train: Annotated[int | None, whole(help="The sheet Training: N epochs, live (with Backprop).")] = None,
    gradients: Annotated[
        bool, typer.Option("--gradients", help="The sheet Gradient flow: the last letter's error on its way back.")
    ] = False,
    targets: Targets = None,
    rate: Rate = None,
    optimizer: Optimizer = None,
    clip: Clip = None,
    clip_value: ClipValue = None,
    notation: Notation = None,
    force: Force = False,
) -> None:
    """Write the walk to an Excel workbook of live formulas.

    Change a weight or a letter in it, and everything down to the prediction and the charts follows.
    Excel, LibreOffice and Google Sheets open it.
    """
    from rnnwalk.files import check_target
    from rnnwalk.text import named

    file = check_target(output, force)
    if file is None and sys.stdout.isatty():
        raise InputError(
            "a workbook is nothing for a terminal; name a file that ends in .xlsx, or send it through a pipe"
        )
    if file is not None and output.suffix.lower() != ".xlsx":
        raise InputError(
            f"{named(output)}: a workbook's name ends in .xlsx, as in {named(output.with_suffix('.xlsx').name)}"
        )

    from rnnwalk.layout.addresses import MOST_ROWS
    from rnnwalk.layout.sheets import check_length
    from rnnwalk.model.limits import check_pace
    from rnnwalk.model.pose import pose
    from rnnwalk.render.terminal.progress import working
    from rnnwalk.render.workbook import write_workbook
    from rnnwalk.walks.walk import Walk

    if not backward and train is None:
        needs("--backward or --train", lr=rate, optimizer=optimizer, clip=clip, clip_value=clip_value)
    if train is not None:
        check_number("--train", train, 1, MOST_ROWS)
    rate = RATE if rate is None else rate
    check_pace(rate, clip, clip_value)
    forms = asked.form == "all"
    problem = pose(words, asked._replace(form=None) if forms else asked, targets)
    tell_left_out(problem)
    if forms and problem.beside:
        raise InputError("--form all adds sheets about one word to the workbook; give one, or leave --form all out")
    backward = backward or train is not None
    check_length(problem, backward=backward)
    with working() as tell:
        tell("recording the walk")
        walk = Walk(
            problem,
            backward=backward,
            rate=rate,
            optimiser=optimizer or "sgd",
            clip=clip,
            clip_value=clip_value,
            notation=notation or "article",
        )
        write_workbook(walk, output, epochs=train or 0, gradients=gradients, forms=forms, force=force, tell=tell)
    if file is not None:
        say(f"wrote {named(output)}: begin with its sheet Start")
