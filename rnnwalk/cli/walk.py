"""rnnwalk walk: the forward pass, number by number."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnwalk.cli.numbers import whole
from rnnwalk.cli.options import (
    DIGITS,
    RATE,
    Force,
    MaybeDigits,
    Notation,
    Rate,
    Targets,
    Words,
    clashes,
    needs,
    same_model,
    takes_model,
    tell_left_out,
    to_write,
)
from rnnwalk.cli.streams import say, write_json
from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem


LARGE = 10  # megabytes of a page whose size is said


@takes_model
def walk(
    asked: "ModelOptions",
    words: Words = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter in full, not the first two only.")] = False,
    letter: Annotated[int | None, whole(help="Only this letter, from 1.")] = None,
    step: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Only this step, by the number in its heading (the article's 1 to 7; 4 is 4a and 4b; 1, 2, 3 of a later "
            "letter are 4b, 4a, 5).",
        ),
    ] = None,
    digits: MaybeDigits = None,
    formulas: Annotated[
        Literal["symbols", "numbers", "both"] | None,
        typer.Option(help="How the arithmetic is written.", show_default="both"),
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="One step at a time (? shows the keys).")
    ] = False,
    backward: Annotated[
        bool, typer.Option("--backward", help="The way back, too: BPTT and one step of learning.")
    ] = False,
    targets: Targets = None,
    rate: Rate = None,
    notation: Notation = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, with exact numbers.")] = False,
    save: Annotated[
        Path | None,
        typer.Option(parser=to_write, metavar="FILE", help="Save to a .txt, .md, .html or .svg file."),
    ] = None,
    force: Force = False,
) -> None:
    """Walk a word through the network, every number shown.

    Without options it is the article's network reading "hello". Any other word gets random weights
    (from --seed); --weights reads your own.
    """
    from rnnwalk.model.limits import check_pace
    from rnnwalk.model.pose import pose
    from rnnwalk.views.before_after import grew, still
    from rnnwalk.views.walkthrough import Choice, letters_in_full, pages, shows_target, walkthrough
    from rnnwalk.walks.walk import Walk

    if asked.form == "all":
        clashes("--form all", backward=backward, step=step, json=as_json, save=save)
        clashes("--form all", interactive=interactive, all_=everything, formulas=formulas, target=targets or None)
    if as_json:
        clashes("--json", save=save, letter=letter, step=step, interactive=interactive)
        clashes("--json", all_=everything, digits=digits, formulas=formulas, notation=notation)
    if interactive:
        clashes("--interactive", save=save, all_=everything, letter=letter, step=step)
    if (letter, step) != (None, None):  # the update, at the end, is not shown
        clashes("--letter" if step is None else "--step", all_=everything, lr=rate)
    if not backward:
        needs("--backward", lr=rate)
    if save is None:
        needs("--save", force=force)
    if save is not None:
        from rnnwalk.render.terminal import save as saving
        from rnnwalk.text import named

        saving.check_ending(save, force)
    if asked.form == "all":
        from rnnwalk.render.terminal import screen
        from rnnwalk.views.cell import comparison

        problem = pose(words, asked._replace(form=None))
        if problem.beside:
            raise InputError("--form all compares the forms of a cell on one word; give one")
        screen.show([comparison(problem, digits or DIGITS, letter, notation or "article")], screen.make_console())
        return
    if rate is not None:
        check_pace(rate, None)
    problem = pose(words, asked, targets)
    tell_left_out(problem)
    living = save is not None and save.suffix.lower() == ".html"
    if everything:
        _check_all(problem, living)
    length = problem.length
    if living:
        problem = _fitting(problem, backward)
    if as_json:
        from rnnwalk.render import json

        write_json(json.chunks(Walk(problem, backward=backward, rate=rate or RATE)))
        return
    from rnnwalk.render.terminal import screen

    console = screen.make_console()
    if interactive and not screen.can_be_redrawn(console):
        say("rnnwalk: there is no terminal to step through, so the walk is printed")
        interactive = False
    choice = Choice(digits or DIGITS, formulas or "both", letter, step, everything)
    recorded = None if backward or interactive or living else letters_in_full(problem, choice)
    walked = Walk(problem, backward=backward, rate=rate or RATE, letters=recorded, notation=notation or "article")
    following = next_commands(
        partial(same_model, words, asked, target=targets),
        problem,
        notation if notation == "course" else None,
        None if backward and rate is not None and grew(walked) else rate,
        backward=backward,
        interactive=interactive,
        # Of others than next symbols train takes what the file holds; where no weight moves, none is learned.
        learns=(problem.model.next_symbol or not (words or targets)) and not (backward and still(walked)),
    )
    choice = choice._replace(commands=following)
    if targets and not (backward or living or shows_target(walked, choice)):  # a page holds all of it
        clashes("--letter" if step is None else "--step", target=targets)
    if save is not None and living:
        from rnnwalk.render.page import page

        page.save(walked, choice, save, force=force, length=length)
        megabytes = save.stat().st_size / 1e6
        letters = page.drawn(walked)
        if len(letters) < problem.length:
            say(page.told(walked, letters))
        say(f"saved {named(save)}" + f": {megabytes:.0f} MB, long to open" * (megabytes > LARGE))
    elif save is not None:
        saving.save(pages(walked, choice), save, force=force, title=f"rnnwalk: {problem.title}")
        say(f"saved {named(save)}")
    elif interactive:
        from rnnwalk.render.terminal.interactive import Pager
        from rnnwalk.views.explain import MOST_READ, explain

        Pager(
            walkthrough(walked, choice._replace(everything=True)),
            console,
            lambda key: explain(walked, key, digits=choice.digits, fits=screen.fits(console, MOST_READ)),
        ).run()
    else:
        screen.show(pages(walked, choice), console)


def _check_all(problem: "Problem", living: bool) -> None:
    """Raise InputError where --all would print for minutes; say where it adds nothing. living: to a page."""
    from rnnwalk.model.problem import LONG_TEXT
    from rnnwalk.views.padding import in_full
    from rnnwalk.views.walkthrough import IN_FULL

    if living:
        say(f"--all: a page holds every {problem.noun} anyway")
    elif problem.length > LONG_TEXT:
        raise InputError(
            f"--all shows at most {LONG_TEXT:,} {problem.noun}s in full, and the text has {problem.length:,}; "
            "take a part of it, or one of them (--letter)"
        )
    elif len(in_full(problem, IN_FULL)) == problem.length:
        say(f"--all: of so short a text every {problem.noun} is shown in full anyway")


def _fitting(problem: "Problem", backward: bool) -> "Problem":
    """What a page holds of the text, said where that is not all of it."""
    from rnnwalk.render.page.page import MOST_NUMBERS, fitting

    found = fitting(problem, backward=backward)
    if found is not problem:
        held = f"the first {found.length} of {problem.length:,} {problem.noun}s"
        say(f"the page holds {held}: it has room for {MOST_NUMBERS:,} numbers")
    return found


def next_commands(
    same: Callable[..., str],
    problem: "Problem",
    notation: str | None = None,
    rate: float | None = None,
    *,
    backward: bool,
    interactive: bool,
    learns: bool,
) -> tuple[str, ...]:
    """What to try after a walk, with the same model, notation and learning rate; not what was just done.

    same: makes the arguments that name the model, and more options; learns: whether train takes them.
    """
    from rnnwalk.engine.notes import with_axes
    from rnnwalk.views.padding import in_full

    model, written = same(), same(notation=notation)
    element = "[1,1]" if problem.beside else "[1]" if problem.model.hidden > 1 else ""  # a single number has none
    plain = problem.given or notation  # h does not change with a target, and has another name in another notation
    asked = "loss" if plain else f"h_{in_full(problem, 2)[:2][-1]}{element}"
    explain = f'rnnwalk explain "{asked}"{written}'
    export = f"rnnwalk export -o lesson.xlsx{written}"
    way_back = f"rnnwalk walk --backward{written}"
    check = f"rnnwalk gradcheck{written}"
    if backward:
        weights = problem.model.weights
        no_memory = problem.length == 1 and not problem.model.before.h.any()  # so what weighs it has no gradient
        gradient = "dWhy" if no_memory else f"d{with_axes(type(weights), 'nn')[0]}"
        if notation:
            gradient = "loss" if weights.by is None or "by" in problem.model.task.frozen else "dby"
        train = [f"rnnwalk train{same(lr=rate, notation=notation)}"] if learns else []
        live = f"rnnwalk export --backward -o lesson.xlsx{same(lr=rate, notation=notation)}"
        return (f"rnnwalk explain {gradient}{written}", check, *train, live)
    further = export if interactive else f"rnnwalk walk --interactive{written}"
    if not problem.targets:
        return (explain, further)
    if not problem.model.next_symbol:  # learned from more than one text
        return (explain, further, way_back, check)
    return (explain, further, way_back, f"rnnwalk {'train' if model else 'walk banana --hidden 4'}{written}")
