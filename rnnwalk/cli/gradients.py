"""rnnwalk gradients: vanishing and exploding, in numbers."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.numbers import real, whole
from rnnwalk.cli.options import ClipValue, Notation, Targets, Words, clashes, same_model, takes_model, tell_left_out
from rnnwalk.cli.streams import write_json
from rnnwalk.engine.cells import CELLS
from rnnwalk.errors import InputError
from rnnwalk.text import listed, spelled

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem

NEXT: dict[str, dict[str, object]] = {  # what to try next, and what is true of it where it has just been run
    "rnnwalk gradients ab --hidden 40 --scale 8 --length 60": {"words": ["ab"], "scale": 8, "length": 60},
    "rnnwalk gradients --example pizza --compare --forget-bias 5": {"compare": True},
    "rnnwalk gradients --example exploding": {"example": "exploding"},
}


@takes_model
def gradients(
    asked: "ModelOptions",
    words: Words = None,
    targets: Targets = None,
    length: Annotated[
        int | None,
        whole(least=2, help="Repeat the word until it has N symbols, 2 or more; without a word, draw N."),
    ] = None,
    scale: Annotated[
        float, real(metavar="S", help="Multiply Whh by it (in a gated cell, every matrix that reads h).")
    ] = 1.0,
    clip: Annotated[
        float | None, real(metavar="N", help="Show the gradient clipped at this length, beside the raw one.")
    ] = None,
    clip_value: ClipValue = None,
    compare: Annotated[bool, typer.Option("--compare", help=f"{listed(CELLS)} of one size, side by side.")] = False,
    digits: Annotated[
        int | None, whole(least=2, most=15, help="Significant digits shown, 2 to 15.", show_default="4")
    ] = None,
    notation: Notation = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, with exact numbers.")] = False,
) -> None:
    """See the last error vanish or explode on its way back in time.

    Without options it is the article's network reading "hello". Try --length 60 --scale 4.
    """
    from rnnwalk.model.pose import pose
    from rnnwalk.tasks.gradient_flow import Together, flow
    from rnnwalk.tasks.stretching import check_work, stretched

    if as_json:
        clashes("--json", digits=digits, notation=notation)
    if compare and len(words or []) > 1:
        raise InputError("--compare sets cells side by side that read one word; give one, or leave --compare out")
    problems = [pose(words, asked, targets)] if not compare else _one_of_each(words, asked, targets, clip, clip_value)
    if length is not None:
        draw = asked.seed or 0 if (words, asked.example) == (None, None) else None
        problems = [stretched(problem, length, draw) for problem in problems]
    for problem in problems:  # all of them, before the first is computed
        check_work(problem)
    problem = problems[0]
    tell_left_out(problem)
    flows = [flow(one, scale, products=as_json) for each in problems for one in each.sequences]
    together = Together(flows) if problem.beside else None
    gradient = flows[0].gradient if together is None else together.gradient
    if clip is not None:
        gradient.clipping(clip)  # refused before anything is shown
    if clip_value is not None:
        gradient.cutting(clip_value)
    if as_json:
        from rnnwalk.render import gradient_flow_json

        write_json(gradient_flow_json.chunks(flows, problem, clip, clip_value))
        return
    from rnnwalk.render.terminal import screen
    from rnnwalk.views import compared, flows_together
    from rnnwalk.views import gradient_flow as view
    from rnnwalk.views.notation import course_for, said, saying

    course = course_for(problem.model, notation)
    run = {"words": words, "length": length, "scale": scale, "compare": compare, "example": asked.example}
    if all(each.silent for each in flows):  # however long the text is
        first = "rnnwalk gradients hello"
    else:
        first = f"rnnwalk gradients{same_model(words, asked, targets, length=60)}"
    following: dict[str, dict[str, object]] = {first: {"length": 60}, **NEXT}
    same = " --notation course" * (course is not None)
    commands = tuple(line + same for line, just in following.items() if not just.items() <= run.items())
    if compare:
        shown = compared.pages(flows, digits or 4, lambda flow, text: saying(flow.problem.model, notation)(text))
    elif together is not None:
        shown = flows_together.pages(together, problem, digits or 4, clip, clip_value, commands)
    else:
        shown = view.pages(flows[0], digits or 4, clip, clip_value, commands)
    screen.show([said(page, course) for page in shown], screen.make_console())


def _one_of_each(
    words: list[str] | None,
    asked: "ModelOptions",
    targets: list[str] | None,
    clip: float | None,
    clip_value: float | None,
) -> "list[Problem]":
    """The same word for each cell, of one size."""
    from rnnwalk.engine.cells import cell_named
    from rnnwalk.model.examples import example
    from rnnwalk.model.pose import pose

    brings = asked.example if asked.example is not None and example(asked.example).model is not None else None
    refused = {
        "weights": asked.weights,
        "cell": asked.cell,
        "form": asked.form,
        "target": targets or None,
        "clip": clip,
        "clip-value": clip_value,
        f"example {brings}": brings,
    }
    for name, value in refused.items():
        if value is not None:
            each = listed(map(spelled, CELLS))
            raise InputError(f"--compare draws {each}; it does not go with --{name}")
    if asked.forget_bias is None:
        return [pose(words, asked._replace(cell=cell)) for cell in CELLS]
    forget = {cell: asked.forget_bias if cell_named(cell).FORGET_BIAS else None for cell in CELLS}
    return [pose(words, asked._replace(cell=cell, forget_bias=forget[cell])) for cell in CELLS]
