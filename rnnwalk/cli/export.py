"""rnnwalk export: the walk as a live workbook."""

import sys
from typing import Annotated

import typer

from rnnwalk.cli.options import By, Cell, Force, ForgetBias, Form, Hidden, Output, Seed, Vocab, Weights, Word
from rnnwalk.errors import InputError


def export(
    output: Output,
    word: Word = None,
    weights: Weights = None,
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    cell: Cell = None,
    form: Form = None,
    forget_bias: ForgetBias = None,
    gradients: Annotated[
        bool, typer.Option("--gradients", help="The sheet Gradient flow: the last letter's error on its way back.")
    ] = False,
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

    from rnnwalk.problem import pose
    from rnnwalk.render.workbook import write_workbook
    from rnnwalk.walks import Walk

    write_workbook(
        Walk(
            pose(
                word,
                weights=weights,
                vocab=vocab,
                hidden=hidden,
                seed=seed,
                by=by,
                cell=cell,
                form=form,
                forget_bias=forget_bias,
            )
        ),
        output,
        gradients=gradients,
        force=force,
    )
    print(f"wrote {output}: begin with its sheet Start", file=sys.stderr)
