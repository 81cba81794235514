"""rnnwalk explain: how one number was made."""

from typing import Annotated

import typer

from rnnwalk.cli.options import By, Digits, Formulas, Hidden, Seed, Vocab, Weights, Word


def explain(
    quantity: Annotated[str, typer.Argument(help='Such as "h_2[3]", "p_2[h]", "Wxh[1,e]", y_4, loss.')],
    word: Word = None,
    weights: Weights = None,
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    depth: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Levels back.", show_default="to the weights")
    ] = None,
    digits: Digits = 6,
    formulas: Formulas = "numbers",
) -> None:
    """Explain a number: a tree from it back to the weights and the one-hot inputs."""
    from rnnwalk.layout import addresses
    from rnnwalk.problem import pose
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.explain import explain
    from rnnwalk.walks import Walk

    walk = Walk(pose(word, weights=weights, vocab=vocab, hidden=hidden, seed=seed, by=by))
    page = explain(walk, quantity, digits=digits, depth=depth, formulas=formulas, where=addresses(walk))
    screen.show([page], screen.make_console())
