"""rnnwalk weights: make a weight file, and look into one."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.options import DRAWN, TASK, Digits, Force, Notation, Output, Target, taking
from rnnwalk.cli.streams import say

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions

app = typer.Typer(help="Make weight files, and look into them.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def help_alone(context: typer.Context) -> None:
    """Make weight files, and look into them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
@taking(DRAWN | TASK)
def new(
    asked: "ModelOptions",
    output: Output,
    word: Annotated[
        str | None,
        typer.Option(metavar="WORD", help="The word that the network is for.", show_default="hello, or the --vocab"),
    ] = None,
    target: Target = None,
    force: Force = False,
) -> None:
    """Make random weights for a word and write them to a JSON or NPZ file, ready to be changed."""
    from rnnwalk.files import check_target
    from rnnwalk.model.pose import pose
    from rnnwalk.model.weightfile import write
    from rnnwalk.text import count, named, typed

    file = check_target(output, force)
    asked = asked._replace(hidden=3 if asked.hidden is None else asked.hidden)  # of "hello", too: not the article's
    word = asked.vocab or "hello" if word is None else word
    problem = pose(word, asked, target)
    write(problem.model.renamed(word, problem.spoken), output, force=force)
    if file is not None:
        parameters = count(problem.model.parameters, "number")
        say(f"wrote {named(output)}: {parameters}; read it with: rnnwalk walk --weights {typed(output)}")


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON or NPZ file (- for stdin).")],
    digits: Digits = 6,
    notation: Notation = None,
) -> None:
    """Shapes, counts and ranges of the weights in a file, as a table."""
    from rnnwalk.inputs import label
    from rnnwalk.model.weightfile import read
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.notation import course_for
    from rnnwalk.views.weights import overview

    model = read(file)
    screen.show([overview(model, label(file), digits, course_for(model, notation))], screen.make_console())
