"""rnnwalk explain: how one number was made."""

from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.numbers import whole
from rnnwalk.cli.options import (
    DIGITS,
    RATE,
    Formulas,
    MaybeDigits,
    Notation,
    Rate,
    Targets,
    Words,
    clashes,
    needs,
    takes_model,
    tell_left_out,
)

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.walks.walk import Walk


@takes_model
def explain(
    asked: "ModelOptions",
    quantity: Annotated[str, typer.Argument(help='Such as "h_2[3]", "p_2[h]", "Wxh[1,e]", y_4, loss.')],
    words: Words = None,
    depth: Annotated[
        int | None,
        whole(least=0, help="Levels back, however long that is.", show_default="what fits 40 lines"),
    ] = None,
    targets: Targets = None,
    rate: Rate = None,
    digits: MaybeDigits = None,
    formulas: Formulas = None,
    notation: Notation = None,
) -> None:
    """Explain a number: a tree back to the weights and the inputs."""
    from rnnwalk.errors import InputError
    from rnnwalk.layout.sheets import addresses
    from rnnwalk.model.limits import check_pace
    from rnnwalk.model.pose import pose
    from rnnwalk.render.terminal import screen
    from rnnwalk.text import typed
    from rnnwalk.views.explain import MOST_READ, explain, knows, letters_needed, sums_a_long_text
    from rnnwalk.walks.walk import Walk

    problem = pose(words, asked, targets)
    tell_left_out(problem)
    walk = Walk(problem, letters=letters_needed(problem, quantity, depth), notation=notation or "article")
    if not knows(walk, quantity):
        if words and not _means(walk, quantity) and _means(walk, words[0]):
            right = f"rnnwalk explain {typed(words[0])} {typed(quantity)}"
            raise InputError(f"no quantity '{quantity}'; it comes before the text: {right}")
        if not problem.targets and not walk.of_the_way_back(quantity):
            walk.names.find(quantity)  # which says what there is instead
        pace = RATE if rate is None else rate
        check_pace(pace, None)
        walk = Walk(problem, backward=True, rate=pace, notation=notation or "article")
    if sums_a_long_text(walk, quantity):
        clashes("the loss of a long text, which has no tree", depth=depth, formulas=formulas, lr=rate)
    else:
        node, _ = walk.names.find(quantity)
        if not walk.names.follows([node], "setting"):
            needs("a quantity of learning, such as Whh_new", lr=rate)
        if not walk.names.follows([node], "weight"):
            needs(
                "a quantity that follows from the weights, such as h_1", seed=asked.seed, forget_bias=asked.forget_bias
            )
        if not walk.names.follows([node], "target"):
            needs("a quantity that follows from the target, such as loss", target=targets or None)
        if node.op == "input":
            needs("a quantity that is computed, such as h_1", depth=depth, formulas=formulas)
        if walk.names.one_hot(node):
            needs("a quantity with decimals, such as h_1", digits=digits)
    console = screen.make_console()
    page = explain(
        walk,
        quantity,
        digits=digits or DIGITS,
        depth=depth,
        formulas=formulas or "numbers",
        where=addresses(walk),
        fits=screen.fits(console, MOST_READ),
    )
    screen.show([page], console)


def _means(walk: "Walk", text: str) -> bool:
    """Whether a text names a quantity, here or on the way back."""
    return walk.names.means(text) or walk.of_the_way_back(text)
