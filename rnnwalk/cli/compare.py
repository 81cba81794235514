"""rnnwalk compare: two sequences through one network."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.numbers import whole
from rnnwalk.cli.options import Notation, takes_model, tell_left_out

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions


@takes_model
def compare(
    asked: "ModelOptions",
    first: Annotated[str, typer.Argument(metavar="ONE", help="What the network reads.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="TWO", help="What it reads instead.", show_default=False)],
    digits: Annotated[int, whole(least=1, most=15, help="Decimals shown, 1 to 15; values stay exact.")] = 3,
    notation: Notation = None,
) -> None:
    """Compare two sequences, step by step.

    It shows why order counts; beside them stand two ways that fail: a bag of words, and one wide layer.
    """
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.render.terminal import screen
    from rnnwalk.tasks.side_by_side import read
    from rnnwalk.views.side_by_side import pages

    one, other = (read(problem) for problem in problems_for_words([first, second], asked))
    for each in (one, other):
        tell_left_out(each.problem)
    screen.show(pages(one, other, digits, notation or "article"), screen.make_console())
