"""rnnwalk walk: the forward pass, number by number."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnwalk.cli.options import Digits, Force, Formulas, Rate, Word, same_model, takes_model
from rnnwalk.cli.streams import say, write_json
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.problem import ModelOptions, Problem


@takes_model
def walk(
    asked: "ModelOptions",
    word: Word = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter in full, not the first two only.")] = False,
    letter: Annotated[int | None, typer.Option(metavar="N", help="Only this letter, from 1.")] = None,
    step: Annotated[int | None, typer.Option(metavar="N", help="Only this step of the article, 1 to 7.")] = None,
    digits: Digits = 6,
    formulas: Formulas = "both",
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="One step at a time (? shows the keys).")
    ] = False,
    backward: Annotated[
        bool, typer.Option("--backward", help="The way back, too: BPTT and one step of learning.")
    ] = False,
    rate: Rate = 0.1,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, with exact numbers.")] = False,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save to a .txt, .md, .html or .svg file.")] = None,
    force: Force = False,
) -> None:
    """Walk a word through the network, every number shown.

    Without options it is the article's network reading "hello". Any other word gets weights that are
    drawn from --seed; --weights reads your own.
    """
    from rnnwalk.model.problem import pose
    from rnnwalk.views.walkthrough import Choice, pages, walkthrough
    from rnnwalk.walks.walk import Walk

    if save is not None:
        from rnnwalk.render.terminal import save as saving

        saving.check_ending(save, force)
    if asked.form == "all":
        if backward or as_json or interactive or save is not None or letter is not None or step is not None:
            raise InputError(
                "--form all is one table; it does not go with --backward, --letter, --step, --json, --save, --interactive"
            )
        _show_forms(pose(word, asked._replace(form=None)), digits)
        return
    if backward:
        from rnnwalk.tasks.training import check_pace

        check_pace(rate, None)
    problem = pose(word, asked)
    choice = Choice(
        digits,
        formulas,
        letter,
        step,
        everything,
        next_commands(same_model(word, asked), problem),
    )
    if as_json:
        if save is not None or letter is not None or step is not None or interactive:
            raise InputError(
                "--json writes the whole walk to stdout; it does not go with --save, --letter, --step, --interactive"
            )
        from rnnwalk.render import json

        write_json(json.chunks(Walk(problem, backward=backward, rate=rate)))
        return
    walked = Walk(problem, backward=backward, rate=rate)
    if save is not None:
        saving.save(pages(walked, choice), save, force=force, title=f"rnnwalk: {problem.title}")
        say(f"saved {save}")
        return
    from rnnwalk.render.terminal import screen

    console = screen.make_console()
    if interactive and screen.can_be_redrawn(console):
        from rnnwalk.render.terminal.interactive import Pager
        from rnnwalk.views.explain import explain

        Pager(
            walkthrough(walked, choice._replace(everything=True)),
            console,
            lambda key: explain(walked, key, digits=digits),
        ).run()
        return
    screen.show(pages(walked, choice), console)


def _show_forms(problem: "Problem", digits: int) -> None:
    """The forms of the GRU side by side."""
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.cell import comparison

    screen.show([comparison(problem, digits)], screen.make_console())


def next_commands(model: str, problem: "Problem") -> tuple[str, ...]:
    """What to try after a walk, with the same model."""
    element = "[1]" if problem.model.hidden > 1 else ""  # a single number has no element
    return (
        f'rnnwalk explain "h_{min(2, len(problem.inputs))}{element}"{model}',
        f"rnnwalk walk --interactive{model}",
        f"rnnwalk walk --backward{model}",
        "rnnwalk walk banana --hidden 4" if not model else "rnnwalk weights new --word banana -o banana.json",
    )
