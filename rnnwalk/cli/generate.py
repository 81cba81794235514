"""rnnwalk generate: one symbol in, many out."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from rnnwalk.cli.numbers import real, whole
from rnnwalk.cli.options import Weights, clashes, needs, taking, tell_words_left_out
from rnnwalk.errors import InputError
from rnnwalk.model.examples import writing
from rnnwalk.text import listed

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.options import ModelOptions

EXACT = 1e15  # below it a float holds every digit of a whole number


Writing: TypeAlias = Annotated[
    str | None,
    typer.Option("--example", metavar="NAME", help=f"A bundled example: {listed(writing())}.", autocompletion=writing),
]


@taking({"weights": Weights, "example": Writing})
def generate(
    asked: "ModelOptions",
    start: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="What it begins with.",
            show_default="the word's first symbol or, where only its end is answered, all of it",
        ),
    ] = None,
    length: Annotated[int, whole(help="Symbols to draw, or steps of numbers.")] = 20,
    temperature: Annotated[
        float | None,
        real(
            metavar="T", help="Below 1 likely symbols become likelier; 0 always takes the likeliest.", show_default="1"
        ),
    ] = None,
    seed: Annotated[int | None, whole(help="Draws the symbols.", show_default="0")] = None,
    show: Annotated[bool, typer.Option("--show", help="Show the probabilities of each step, too.")] = False,
    digits: Annotated[
        int | None,
        whole(least=1, most=15, help="Decimals of the probabilities, 1 to 15.", show_default="3"),
    ] = None,
) -> None:
    """Let the network write: it reads its own last answer and gives the next.

    That is a symbol, drawn, or as many numbers as a step reads.
    """
    from rnnwalk.model.pose import pose
    from rnnwalk.model.symbols import revealed, shown
    from rnnwalk.model.weightfile import model_of
    from rnnwalk.render.terminal import screen
    from rnnwalk.tasks.generate import begin, generate
    from rnnwalk.views.generated import generated

    if not show:
        needs("--show", digits=digits)
    if temperature == 0:
        clashes("--temperature 0", seed=seed)
    if asked.example is not None:
        model = pose(None, asked).model
    elif asked.weights is not None:
        model = model_of(asked.weights)
    else:
        raise InputError("generate needs a network that has learned: name its file (--weights), or an --example")
    counts = model.task.linear  # numbers, which are not drawn
    if counts:
        clashes("numbers, which are computed and not drawn", temperature=temperature, seed=seed, show=show)
    begun = begin(model, _own_start(model) if start is None else start)
    model = begun.model
    given = (1.0 if temperature is None else temperature, seed or 0)
    choices = list(generate(model, model.joint.join(begun.symbols), length, *given))
    tell_words_left_out(begun.left_out)
    symbols = [
        *begun.symbols,
        *[_rounded(choice.symbol) if counts else choice.symbol for choice in choices],
    ]
    text = model.joint.join(symbols)
    if show:
        drawn = [(choice.symbol, choice.p.tolist()) for choice in choices if choice.p is not None]
        screen.show([generated(drawn, model.answers, digits or 3)], screen.make_console())
    typer.echo(text if text == revealed(text) else model.joint.join(map(shown, symbols)))


def _own_start(model: "Model") -> str:
    """The first symbol of the model's own word; all that it reads of it where an answer comes only at the end."""
    from rnnwalk.model.symbols import split

    if model.task.inputs is not None:
        steps = (model.word or "").split()
    else:
        steps = [*split(model.word or "", model.by), *([] if model.task.at == "last" else model.vocabulary)]
    if model.task.at == "last":
        return model.joint.join(steps[:-1] if model.target is None and model.task.names_next else steps)
    return steps[0] if steps else ""


def _rounded(step: str) -> str:
    """The numbers of a step with six digits that count, whole ones with all as far as floats are exact."""
    numbers = map(float, step.split(","))
    return ",".join(f"{int(n)}" if n.is_integer() and abs(n) < EXACT else f"{n:.6g}" for n in numbers)
