"""rnnwalk generate: one symbol in, many out."""

from typing import Annotated

import typer

from rnnwalk.cli.options import Digits


def generate(
    weights: Annotated[
        str, typer.Option("--weights", "-w", metavar="FILE", help="Weights from a JSON or NPZ file (- for stdin).")
    ],
    start: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What it begins with.", show_default="the word's first symbol")
    ] = None,
    length: Annotated[int, typer.Option(metavar="N", help="Symbols to draw.")] = 20,
    temperature: Annotated[
        float, typer.Option(metavar="T", help="Below 1 the likely becomes likelier; 0 takes the likeliest.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(metavar="N", help="Draws the symbols.")] = 0,
    show: Annotated[bool, typer.Option("--show", help="Each step's distribution, too.")] = False,
    digits: Digits = 6,
) -> None:
    """Let the network write: it reads its own last symbol and draws the next."""
    from rnnwalk.model.symbols import revealed, shown, split
    from rnnwalk.model.weightfile import read
    from rnnwalk.render.terminal import screen
    from rnnwalk.tasks.generate import generate
    from rnnwalk.views.training import generated

    model = read(weights)
    if start is None:
        start = split(model.word, model.by)[0] if model.word else model.vocabulary[0]
    choices = list(generate(model, start, length, temperature, seed))
    joint = "" if model.by == "letter" else " "
    symbols = [*split(start, model.by), *[choice.symbol for choice in choices]]
    text = joint.join(symbols)
    if show:
        page = generated([(choice.symbol, choice.p.tolist()) for choice in choices], model.vocabulary, digits)
        screen.show([page], screen.make_console())
    typer.echo(text if text == revealed(text) else joint.join(map(shown, symbols)))
