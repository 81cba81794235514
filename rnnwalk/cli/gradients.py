"""rnnwalk gradients: vanishing and exploding, in numbers."""

import sys
from functools import partial
from typing import Annotated, Literal

import typer

from rnnwalk.cli.options import By, Cell, ForgetBias, Form, Hidden, Seed, Vocab, Weights, Word
from rnnwalk.errors import InputError

EXAMPLES = {"pizza": "the man who ate my pizza has purple hair"}
NEXT = (
    "rnnwalk gradients --length 60",
    "rnnwalk gradients ab --hidden 40 --scale 8 --length 60",
    "rnnwalk gradients --example pizza --compare --forget-bias 5",
)


def gradients(
    word: Word = None,
    weights: Weights = None,
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    cell: Cell = None,
    form: Form = None,
    forget_bias: ForgetBias = None,
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
    from rnnwalk.flow import flow, stretched
    from rnnwalk.problem import pose

    if example is not None:
        if word is not None or by == "letter":
            raise InputError("--example brings its own text, by words; leave out the word and --by")
        word, by = EXAMPLES[example], "word"
    posed = partial(pose, word, weights=weights, vocab=vocab, hidden=hidden, seed=seed, by=by)
    if compare:
        for name, value in (("--weights", weights), ("--cell", cell), ("--form", form), ("--clip", clip)):
            if value is not None:
                raise InputError(f"--compare draws an rnn, an lstm and a gru; it does not go with {name}")
        problems = [
            posed(cell=each, forget_bias=forget_bias if each == "lstm" else None) for each in ("rnn", "lstm", "gru")
        ]
    else:
        problems = [posed(cell=cell, form=form, forget_bias=forget_bias)]
    if length is not None:
        problems = [stretched(problem, length, None if word is not None else seed or 0) for problem in problems]
    flows = [flow(problem, scale) for problem in problems]
    if clip is not None:
        flows[0].clipping(clip)  # refused before anything is shown
    if as_json:
        from rnnwalk.render import flowjson

        sys.stdout.write(flowjson.text(flows, clip))
        return
    from rnnwalk.render.terminal import screen
    from rnnwalk.views import compared
    from rnnwalk.views import flow as view

    shown = compared.pages(flows, digits) if compare else view.pages(flows[0], digits, clip, NEXT)
    screen.show(shown, screen.make_console())
