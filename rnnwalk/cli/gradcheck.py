"""rnnwalk gradcheck: the gradients, checked before one's eyes."""

import typer

from rnnwalk.cli.options import By, Cell, Digits, ForgetBias, Form, Hidden, Seed, Vocab, Weights, Word


def gradcheck(
    word: Word = None,
    weights: Weights = None,
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    cell: Cell = None,
    form: Form = None,
    forget_bias: ForgetBias = None,
    digits: Digits = 6,
) -> None:
    """Check each weight's gradient in three ways that share no equation; exit code 1 if they differ."""
    from rnnwalk.gradcheck import gradcheck
    from rnnwalk.problem import pose
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.gradcheck import comparison

    problem = pose(
        word,
        weights=weights,
        vocab=vocab,
        hidden=hidden,
        seed=seed,
        by=by,
        cell=cell,
        form=form,
        forget_bias=forget_bias,
    )
    checks = gradcheck(problem)
    screen.show([comparison(checks, problem.title, digits)], screen.make_console())
    if not all(check.agrees for check in checks):
        raise typer.Exit(1)
