"""rnnwalk generate: one symbol in, many out."""

from typing import Annotated

import typer

from rnnwalk.cli.options import Bundled, Weights, clashes, needs
from rnnwalk.errors import InputError


def generate(
    weights: Weights = None,
    example: Bundled = None,
    start: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What it begins with.", show_default="the word's first symbol")
    ] = None,
    length: Annotated[int, typer.Option(metavar="N", help="Symbols to draw.")] = 20,
    temperature: Annotated[
        float, typer.Option(metavar="T", help="Below 1 likely symbols become likelier; 0 always takes the likeliest.")
    ] = 1.0,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Draws the symbols.", show_default="0")] = None,
    show: Annotated[bool, typer.Option("--show", help="Show the probabilities of each step, too.")] = False,
    digits: Annotated[
        int | None, typer.Option(min=1, max=15, metavar="N", help="Decimals of the probabilities.", show_default="3")
    ] = None,
) -> None:
    """Let the network write, each symbol read as its next input."""
    from rnnwalk.model.pose import ModelOptions, pose
    from rnnwalk.model.symbols import revealed, shown, split
    from rnnwalk.model.weightfile import read
    from rnnwalk.render.terminal import screen
    from rnnwalk.tasks.generate import generate
    from rnnwalk.views.training import generated

    if not show:
        needs("--show", digits=digits)
    if temperature == 0:
        clashes("--temperature 0", seed=seed)
    if example is not None:
        model = pose(None, ModelOptions(weights=weights, example=example)).model
    elif weights is not None:
        model = read(weights)
    else:
        raise InputError("generate needs a network that has learned: name its file (--weights), or an --example")
    if start is None:
        start = next(iter([*split(model.word or "", model.by), *model.vocabulary]), "")
    choices = list(generate(model, start, length, temperature, seed or 0))
    joint = "" if model.by == "letter" else " "
    symbols = [*split(start, model.by), *[choice.symbol for choice in choices]]
    text = joint.join(symbols)
    if show:
        page = generated([(choice.symbol, choice.p.tolist()) for choice in choices], model.vocabulary, digits or 3)
        screen.show([page], screen.make_console())
    typer.echo(text if text == revealed(text) else joint.join(map(shown, symbols)))
