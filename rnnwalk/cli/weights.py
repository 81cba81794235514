"""rnnwalk weights: make a weight file, and look into one."""

from typing import Annotated

import typer

from rnnwalk.cli.options import (
    At,
    By,
    Cell,
    Classes,
    Dense,
    Digits,
    Embedding,
    Force,
    ForgetBias,
    Form,
    Hidden,
    Inputs,
    Linear,
    Output,
    Seed,
    Target,
    Vocab,
)
from rnnwalk.cli.streams import say

app = typer.Typer(help="Make weight files, and look into them.", rich_markup_mode=None, no_args_is_help=True)


@app.command()
def new(
    output: Output,
    word: Annotated[str, typer.Option("--word", metavar="WORD", help="The word that the network is for.")] = "hello",
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    cell: Cell = None,
    form: Form = None,
    forget_bias: ForgetBias = None,
    inputs: Inputs = None,
    classes: Classes = None,
    linear: Linear = None,
    at: At = None,
    embedding: Embedding = None,
    dense: Dense = None,
    target: Target = None,
    force: Force = False,
) -> None:
    """Draw weights for a word and write them to a JSON or NPZ file, ready to be changed."""
    from rnnwalk.files import check_target
    from rnnwalk.model.pose import ModelOptions, pose
    from rnnwalk.model.weightfile import write
    from rnnwalk.text import count, named, typed

    file = check_target(output, force)
    asked = ModelOptions(
        vocab=vocab,
        hidden=3 if hidden is None else hidden,
        seed=seed,
        by=by,
        cell=cell,
        form=form,
        forget_bias=forget_bias,
        inputs=inputs,
        classes=classes,
        linear=linear,
        at=at,
        embedding=embedding,
        dense=dense,
    )
    problem = pose(word, asked, target)
    write(problem.model.renamed(word, problem.spoken), output, force=force)
    if file is not None:
        parameters = count(problem.model.parameters, "number")
        say(f"wrote {named(output)}: {parameters}; read it with: rnnwalk walk --weights {typed(output)}")


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON or NPZ file (- for stdin).")],
    digits: Digits = 6,
) -> None:
    """Shapes, counts and ranges of the weights in a file, as a table."""
    from rnnwalk.inputs import label
    from rnnwalk.model.weightfile import read
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.weights import overview

    screen.show([overview(read(file), label(file), digits)], screen.make_console())
