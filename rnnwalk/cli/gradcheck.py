"""rnnwalk gradcheck: the gradients, checked before one's eyes."""

from typing import TYPE_CHECKING

import typer

from rnnwalk.cli.options import Digits, Notation, Targets, Words, takes_model, tell_left_out

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions


@takes_model
def gradcheck(
    asked: "ModelOptions",
    words: Words = None,
    targets: Targets = None,
    digits: Digits = 6,
    notation: Notation = None,
) -> None:
    """Check each gradient in three ways that share no equation.

    The exit code is 1 if they differ.
    """
    from rnnwalk.model.pose import pose
    from rnnwalk.render.terminal import screen
    from rnnwalk.render.terminal.progress import working
    from rnnwalk.tasks.gradcheck import gradcheck
    from rnnwalk.views.gradcheck import comparison
    from rnnwalk.views.notation import course_for

    problem = pose(words, asked, targets)
    tell_left_out(problem)
    with working() as tell:
        checks = gradcheck(problem, tell)
    course = course_for(problem.model, notation)
    called = str if course is None else course.weight
    page = comparison(checks, problem.title, digits, lambda weight: called(problem.model.symbol(weight)))
    screen.show([page], screen.make_console())
    if not all(check.agrees for check in checks):
        raise typer.Exit(1)
