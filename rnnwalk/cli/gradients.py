"""rnnwalk gradients: vanishing and exploding, in numbers."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnwalk.cli.options import Model, Word, takes_model
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.problem import Problem

EXAMPLES = {"pizza": "the man who ate my pizza has purple hair"}
NEXT = (
    "rnnwalk gradients --length 60",
    "rnnwalk gradients ab --hidden 40 --scale 8 --length 60",
    "rnnwalk gradients --example pizza --compare --forget-bias 5",
)


@takes_model
def gradients(
    model: Model,
    word: Word = None,
    example: Annotated[
        Literal["pizza"] | None,
        typer.Option(help="A built-in text: “the man who ate my pizza has purple hair”, by words."),
    ] = None,
    length: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="Repeat the word until it has N symbols; without a word, draw N."),
    ] = None,
    scale: Annotated[
        float, typer.Option(metavar="S", help="Multiply Whh by it (in a gated cell, every matrix that reads h).")
    ] = 1.0,
    clip: Annotated[
        float | None, typer.Option(metavar="N", help="Show the gradient clipped at this length, beside the raw one.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="rnn, lstm and gru of one size, side by side.")] = False,
    digits: Annotated[int, typer.Option(min=2, max=15, metavar="N", help="Significant digits shown.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, with exact numbers.")] = False,
) -> None:
    """See the error of the last prediction vanish or explode on its way back through time.

    Without options it is the article's network reading "hello". Try --length 60 --scale 4.
    """
    from rnnwalk.model.problem import pose
    from rnnwalk.tasks.gradient_flow import flow, stretched

    if example is not None:
        if word is not None or model["by"] == "letter":
            raise InputError("--example brings its own text, by words; leave out the word and --by")
        word, model["by"] = EXAMPLES[example], "word"
    problems = [pose(word, **model)] if not compare else _one_of_each(word, model, clip)
    if length is not None:
        draw = None if word is not None else model["seed"] or 0
        problems = [stretched(problem, length, draw) for problem in problems]
    flows = [flow(problem, scale) for problem in problems]
    if clip is not None:
        flows[0].clipping(clip)  # refused before anything is shown
    if as_json:
        from rnnwalk.render import gradient_flow_json

        sys.stdout.write(gradient_flow_json.text(flows, clip))
        return
    from rnnwalk.render.terminal import screen
    from rnnwalk.views import compared
    from rnnwalk.views import gradient_flow as view

    shown = compared.pages(flows, digits) if compare else view.pages(flows[0], digits, clip, NEXT)
    screen.show(shown, screen.make_console())


def _one_of_each(word: str | None, model: Model, clip: float | None) -> "list[Problem]":
    """The same word for an rnn, an lstm and a gru of one size."""
    from rnnwalk.model.problem import pose

    for name in ("weights", "cell", "form"):
        if model[name] is not None:
            raise InputError(f"--compare draws an rnn, an lstm and a gru; it does not go with --{name}")
    if clip is not None:
        raise InputError("--compare draws an rnn, an lstm and a gru; it does not go with --clip")
    bias = model["forget_bias"]
    return [
        pose(word, **model | {"cell": cell, "forget_bias": bias if cell == "lstm" else None})
        for cell in ("rnn", "lstm", "gru")
    ]
