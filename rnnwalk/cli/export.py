"""rnnwalk export: the walk as a live workbook."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.options import (
    Clip,
    Force,
    Optimizer,
    Output,
    Rate,
    Word,
    takes_model,
)
from rnnwalk.cli.streams import say
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.problem import ModelOptions


@takes_model
def export(
    asked: "ModelOptions",
    output: Output,
    word: Word = None,
    backward: Annotated[bool, typer.Option("--backward", help="The way back, too: the sheet Backprop.")] = False,
    train: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="The sheet Training: N epochs, live (with Backprop).")
    ] = None,
    gradients: Annotated[
        bool, typer.Option("--gradients", help="The sheet Gradient flow: the last letter's error on its way back.")
    ] = False,
    rate: Rate = 0.1,
    optimizer: Optimizer = "sgd",
    clip: Clip = None,
    force: Force = False,
) -> None:
    """Write the walk to an Excel workbook in which every number is a live formula.

    Change a weight or a letter in it, and everything down to the prediction and the charts follows.
    Excel, LibreOffice and Google Sheets open it.
    """
    from rnnwalk.files import check_target

    if output.suffix.lower() != ".xlsx":
        raise InputError(f"{output}: a workbook's name ends in .xlsx, as in {output.with_suffix('.xlsx').name}")
    check_target(output, force)

    from rnnwalk.model.problem import pose
    from rnnwalk.render.workbook import write_workbook
    from rnnwalk.tasks.training import check_pace
    from rnnwalk.walks.walk import Walk

    check_pace(rate, clip)
    forms = asked.form == "all"
    problem = pose(word, asked._replace(form=None) if forms else asked)
    walk = Walk(problem, backward=backward or train is not None, rate=rate, optimiser=optimizer, clip=clip)
    write_workbook(walk, output, epochs=train or 0, gradients=gradients, forms=forms, force=force)
    say(f"wrote {output}: begin with its sheet Start")
