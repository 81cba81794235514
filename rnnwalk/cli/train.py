"""rnnwalk train: learning, before one's eyes."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rnnwalk.cli.options import MODEL, TASK, Clip, ClipValue, Digits, Force, clashes, needs, taking, to_write
from rnnwalk.cli.streams import abandon, say
from rnnwalk.ending import Ended, Ending
from rnnwalk.errors import InputError, check_number

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.pose import ModelOptions
    from rnnwalk.model.problem import Problem
    from rnnwalk.tasks.corpus import Corpus
    from rnnwalk.tasks.keep import Kept


MOST = 10**12  # epochs, and lines: more than a life is long enough for


@taking(MODEL | TASK)
def train(
    asked: "ModelOptions",
    words: Annotated[list[str] | None, typer.Argument(help="The words to learn.", show_default="hello")] = None,
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Learn the lines of a file instead (- for stdin).")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Learn the rows of a CSV file, with the columns text and target."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", parser=to_write, metavar="FILE", help="Where to write the weights (- for stdout)."
        ),
    ] = None,
    epochs: Annotated[int, typer.Option(metavar="N", help="How many times to read everything.")] = 100,
    rate: Annotated[
        float | None, typer.Option("--lr", metavar="η", help="Learning rate.", show_default="0.1; 0.01 for adam")
    ] = None,
    optimizer: Annotated[
        Literal["sgd", "momentum", "adagrad", "adam"] | None,
        typer.Option(help="The update rule.", show_default="sgd; adam with --text"),
    ] = None,
    clip: Clip = None,
    clip_value: ClipValue = None,
    batch: Annotated[int, typer.Option(metavar="N", help="Lines per update, at most.")] = 32,
    validation: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Lines held back to check, with --text.",
            show_default="0.1 with --text",
        ),
    ] = None,
    patience: Annotated[
        int | None, typer.Option(metavar="N", help="Stop after N epochs without a better loss.")
    ] = None,
    digits: Digits = 6,
    force: Force = False,
) -> None:
    """Learn words or the lines of a text, and show what changes.

    Ctrl-C ends it early. Whatever ends it, -o keeps the best weights so far.
    """
    from rnnwalk.files import check_target
    from rnnwalk.inputs import same_file
    from rnnwalk.model.pose import problems_for_words
    from rnnwalk.model.problem import MOST_SEED, Problem
    from rnnwalk.render.terminal import progress, screen
    from rnnwalk.tasks.data import read_data
    from rnnwalk.tasks.keep import Kept, keep
    from rnnwalk.tasks.training import Training, hold_back
    from rnnwalk.text import count, named
    from rnnwalk.views.training import Course, report

    for name, value in {
        "--epochs": epochs,
        "--batch": batch,
        "--patience": 1 if patience is None else patience,
    }.items():
        check_number(name, value, 1, MOST)
    seed = asked.seed or 0
    check_number("--seed", seed, -MOST_SEED, MOST_SEED)
    optimizer = optimizer or ("sgd" if text is None else "adam")
    rate = (0.01 if optimizer == "adam" else 0.1) if rate is None else rate
    if output is None:
        needs("--output", force=force)
    target = None if output is None else check_target(output, force)
    if data is not None and (words or text is not None):
        raise InputError("--data goes neither with words nor with --text: learn one of them")
    if data is not None and target is not None and same_file(str(data), target):
        raise InputError(f"{named(output)}: is the data to learn from; name another file for the weights")
    if text is not None:
        clashes("--text", inputs=asked.inputs, classes=asked.classes, linear=asked.linear, at=asked.at)
    if text is not None and words:
        raise InputError("words and --text do not go together: learn either")
    if text is not None and asked.example is not None:
        raise InputError("--example and --text do not go together: learn either")
    if text is not None and str(text) == asked.weights == "-":
        raise InputError("--text - and --weights - do not go together: stdin can be read once")
    if text is not None and target is not None and same_file(str(text), target):
        raise InputError(f"{named(output)}: is the text to learn from; name another file for the weights")
    corpus, posed = None, list[Problem]()
    if text is not None:
        start, corpus = _corpus(str(text), asked)
        lines: Sequence[Any] = corpus.lines
        first = start.word or ""
    else:
        posed = problems_for_words(words or [None], asked) if data is None else read_data(str(data), asked)
        start, first = posed[0].model, posed[0].word
        lines = [problem.symbols for problem in posed] if start.next_symbol else posed
    if validation and len(lines) < 2:
        raise InputError("--validation holds back lines to check, and there is only one; give more, or leave it out")
    learned, held = hold_back(lines, (0.1 if text is not None else 0.0) if validation is None else validation, seed)
    training = Training(
        start,
        learned,
        optimiser=optimizer,
        rate=rate,
        clip=clip,
        clip_value=clip_value,
        batch=batch,
        seed=seed,
        validation=held,
        patience=patience,
    )
    shown = posed[:3] if corpus is None else [Problem(start, corpus.symbols(line)) for line in learned[:2]]
    course = Course(training.letters, training.held_letters)
    stop: BaseException | None = None
    kept = Kept(None)
    with Ending() as ending:
        try:
            with ending.heeded():
                progress.follow(training, epochs, shown[0], course, ending.check)
        except BaseException as error:  # whatever it is, what was learned is kept first
            stop = error
        best = training.best
        if output is not None:
            kept = keep(best.renamed(first, shown[0].spoken), output, force=force)
            done = f"best of {count(course.last.number, 'epoch')}" if course.last else "weights that it began with"
            if target is not None or kept.failure:
                say(told(kept, f"{count(best.parameters, 'number')}, the {done}"))
    ended = stop.code if isinstance(stop, Ended) else 130 if isinstance(stop, KeyboardInterrupt) else None
    if stop is not None and ended is None:
        raise stop
    course.interrupted = ended is not None
    after = [problem._replace(model=best) for problem in shown]
    aside = output is not None and target is None  # the weights alone go to standard output
    if aside and kept.failure:
        abandon(sys.stdout)  # what it holds still has been written elsewhere
    commands = next_commands(None if aside and kept.failure is None else kept.path, shown[0])
    with suppress(OSError) if course.interrupted else nullcontext():  # the terminal that closed shows nothing any more
        screen.show(report(course, shown, after, digits, commands), screen.make_console(sys.stderr if aside else None))
        sys.stdout.flush()
    raise typer.Exit(ended or (2 if kept.failure and not kept.unread else 0))


def _corpus(text: str, asked: "ModelOptions") -> "tuple[Model, Corpus]":
    """The text as numbers, and the model that learns it."""
    from rnnwalk.inputs import label
    from rnnwalk.model.pose import drawn, own_vocabulary, problems_for_words
    from rnnwalk.model.weightfile import model_of
    from rnnwalk.tasks.corpus import read_corpus

    if asked.weights is not None:
        given = model_of(asked.weights)
        asked = asked._replace(weights=given, by=asked.by or given.by)
        known: tuple[str, ...] | None = given.vocabulary
    else:
        known = None if asked.vocab is None else own_vocabulary(asked)
    by = asked.by or "letter"
    corpus = read_corpus(text, by, known)
    if corpus.left_out:
        say(f"{label(text)}: left out {corpus.left_out} of its lines, with fewer than two {by}s")
    word = (" " if by == "word" else "").join(corpus.symbols(corpus.lines[0]))
    if asked.weights is not None:
        return problems_for_words([word], asked)[0].model, corpus._replace(vocabulary=given.vocabulary)
    return drawn(corpus.vocabulary, word, asked), corpus


def told(kept: "Kept", what: str) -> str:
    """Where the weights are, in a line."""
    from rnnwalk.text import named

    if kept.failure is None:
        return f"wrote {named(kept.path)}: {what}"
    if kept.path is None:
        return f"rnnwalk: {kept.failure}; nor do the current folder and the temporary one take the weights"
    return f"rnnwalk: {kept.failure}; wrote {named(kept.path)} instead: {what}"


def next_commands(output: Path | None, first: "Problem") -> tuple[str, ...]:
    """What to do with the trained weights; nothing where they were not kept."""
    if output is None:
        return ()
    from rnnwalk.text import typed

    file, sheet = typed(output), typed(output.with_suffix(".xlsx"))
    if not first.model.next_symbol:
        return (f"rnnwalk walk --weights {file}", f"rnnwalk walk --backward --weights {file}")
    return (
        f"rnnwalk walk --weights {file}",
        f"rnnwalk export --weights {file} -o {sheet}",
        f"rnnwalk generate --weights {file} --start {typed(first.symbols[0])}",
    )
