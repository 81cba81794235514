"""rnnwalk explain: how one number was made."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.options import (
    RATE,
    Digits,
    Formulas,
    Notation,
    Rate,
    Targets,
    Words,
    needs,
    takes_model,
    tell_left_out,
)

if TYPE_CHECKING:
    from rnnwalk.model.pose import ModelOptions


@takes_model
def explain(
    asked: "ModelOptions",
    quantity: Annotated[str, typer.Argument(help='Such as "h_2[3]", "p_2[h]", "Wxh[1,e]", y_4, loss.')],
    words: Words = None,
    depth: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Levels back, however long that is.", show_default="what fits 40 lines"),
    ] = None,
    targets: Targets = None,
    rate: Rate = None,
    digits: Digits = 6,
    formulas: Formulas = "numbers",
    notation: Notation = None,
) -> None:
    """Explain a number: a tree back to the weights and the inputs."""
    from rnnwalk.layout.sheets import addresses
    from rnnwalk.model.pose import pose
    from rnnwalk.model.problem import check_pace
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.explain import MOST_READ, explain, knows, letters_needed
    from rnnwalk.walks.walk import Walk

    problem = pose(words, asked, targets)
    tell_left_out(problem)
    walk = Walk(problem, letters=letters_needed(problem, quantity, depth), notation=notation or "article")
    if knows(walk, quantity):
        needs("a quantity of learning, such as Whh_new", lr=rate)
    else:
        if not problem.targets and not walk.of_the_way_back(quantity):
            walk.names.find(quantity)  # which says what there is instead
        rate = RATE if rate is None else rate
        check_pace(rate, None)
        walk = Walk(problem, backward=True, rate=rate, notation=notation or "article")
    console = screen.make_console()
    page = explain(
        walk,
        quantity,
        digits=digits,
        depth=depth,
        formulas=formulas,
        where=addresses(walk),
        fits=screen.fits(console, MOST_READ),
    )
    screen.show([page], console)
