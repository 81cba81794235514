"""rnnwalk walk: the forward pass, number by number."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rnnwalk.cli.options import By, Digits, Force, Formulas, Hidden, Seed, Vocab, Weights, Word, same_model
from rnnwalk.errors import InputError


def walk(
    word: Word = None,
    weights: Weights = None,
    vocab: Vocab = None,
    hidden: Hidden = None,
    seed: Seed = None,
    by: By = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter in full, not the first two only.")] = False,
    letter: Annotated[int | None, typer.Option(metavar="N", help="Only this letter, from 1.")] = None,
    step: Annotated[int | None, typer.Option(metavar="N", help="Only this step of the article, 1 to 7.")] = None,
    digits: Digits = 6,
    formulas: Formulas = "both",
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="One step at a time (? shows the keys).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, with exact numbers.")] = False,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save to a .txt, .md, .html or .svg file.")] = None,
    force: Force = False,
) -> None:
    """Walk a word through the network, every number shown.

    Without options it is the article's network reading "hello". Any other word gets weights that are
    drawn from --seed; --weights reads your own.
    """
    from rnnwalk.problem import pose
    from rnnwalk.views.tour import Choice, pages, tour
    from rnnwalk.walks import Walk

    if save is not None:
        from rnnwalk.render.terminal import save as saving

        saving.check_ending(save, force)
    problem = pose(word, weights=weights, vocab=vocab, hidden=hidden, seed=seed, by=by)
    choice = Choice(
        digits,
        formulas,
        letter,
        step,
        everything,
        next_commands(same_model(word, weights, vocab, hidden, seed, by), problem.symbols),
    )
    if as_json:
        if save is not None or letter is not None or step is not None or interactive:
            raise InputError(
                "--json writes the whole walk to stdout; it does not go with --save, --letter, --step, --interactive"
            )
        from rnnwalk.render import json

        for chunk in json.chunks(Walk(problem)):
            sys.stdout.write(chunk)
        return
    walked = Walk(problem)
    if save is not None:
        saving.save(pages(walked, choice), save, force=force, title=f"rnnwalk: {problem.title}")
        print(f"saved {save}", file=sys.stderr)
        return
    from rnnwalk.render.terminal import screen

    console = screen.make_console()
    if interactive and sys.stdin.isatty() and console.is_terminal:
        from dataclasses import replace

        from rnnwalk.render.terminal.interactive import Tour
        from rnnwalk.views.explain import explain

        Tour(
            tour(walked, replace(choice, everything=True)),
            console,
            problem.noun,
            lambda key: explain(walked, key, digits=digits),
        ).run()
        return
    screen.show(pages(walked, choice), console)


def next_commands(model: str, symbols: tuple[str, ...]) -> tuple[str, ...]:
    """What to try after a walk, with the same model."""
    return (
        f'rnnwalk explain "h_{min(2, len(symbols) - 1)}[1]"{model}',
        f"rnnwalk walk --interactive{model}",
        "rnnwalk walk banana --hidden 4" if not model else "rnnwalk weights new --word banana -o banana.json",
    )
