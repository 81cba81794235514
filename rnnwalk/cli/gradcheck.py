"""rnnwalk gradcheck: the gradients, checked before one's eyes."""

from typing import TYPE_CHECKING

import typer

from rnnwalk.cli.options import Digits, Target, Word, takes_model, tell_left_out

if TYPE_CHECKING:
    from rnnwalk.model.pose import ModelOptions


@takes_model
def gradcheck(
    asked: "ModelOptions",
    word: Word = None,
    target: Target = None,
    digits: Digits = 6,
) -> None:
    """Check each gradient in three ways that share no equation.

    The exit code is 1 if they differ.
    """
    from rnnwalk.model.pose import pose
    from rnnwalk.render.terminal import screen
    from rnnwalk.tasks.gradcheck import gradcheck
    from rnnwalk.views.gradcheck import comparison

    problem = pose(word, asked, target)
    tell_left_out(problem)
    checks = gradcheck(problem)
    screen.show([comparison(checks, problem.title, digits)], screen.make_console())
    if not all(check.agrees for check in checks):
        raise typer.Exit(1)
