"""rnnwalk train: learning, before one's eyes."""

import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rnnwalk.cli.numbers import real, whole
from rnnwalk.cli.options import MODEL, TASK, Clip, ClipValue, Digits, Force, Notation, needs, taking, to_write
from rnnwalk.cli.streams import abandon, say
from rnnwalk.ending import Ended, Ending
from rnnwalk.errors import InputError, check_number

if TYPE_CHECKING:
    from rnnwalk.model.model import Model
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem
    from rnnwalk.tasks.keep import Kept


BATCH = 32
MOST = 10**12  # epochs, and lines: more than a life is long enough for
LONGEST_PATH = 4096  # characters: weights that went elsewhere are to be found again


@taking(MODEL | TASK)
def train(
    asked: "ModelOptions",
    words: Annotated[list[str] | None, typer.Argument(help="The words to learn.", show_default="hello")] = None,
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Learn the lines of a file instead (- for stdin).")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Learn the rows of a CSV file: texts with a class each (- for stdin)."),
    ] = None,
    text_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Of --data: by name, or number from 0 without a header.", show_default="text"
        ),
    ] = None,
    label_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The same for the classes.", show_default="target")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of --data, such as latin-1.", show_default="utf-8")
    ] = None,
    num_words: Annotated[int | None, whole(help="Read only the N − 1 most frequent words of --data.")] = None,
    maxlen: Annotated[int | None, whole(metavar="L", help="Pad or truncate every text of --data to L words.")] = None,
    padding: Annotated[
        Literal["pre", "post"] | None, typer.Option(help="Pad before or after the text.", show_default="pre")
    ] = None,
    truncating: Annotated[
        Literal["pre", "post"] | None, typer.Option(help="Truncate its beginning or its end.", show_default="pre")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", parser=to_write, metavar="FILE", help="Where to write the weights (- for stdout)."
        ),
    ] = None,
    epochs: Annotated[int, whole(help="How many times to read everything.")] = 100,
    rate: Annotated[
        float | None, real("--lr", metavar="η", help="Learning rate.", show_default="0.1; 0.01 for adam")
    ] = None,
    optimizer: Annotated[
        Literal["sgd", "momentum", "adagrad", "adam"] | None,
        typer.Option(help="The update rule.", show_default="sgd; adam with --text, --data"),
    ] = None,
    clip: Clip = None,
    clip_value: ClipValue = None,
    batch: Annotated[int | None, whole(help="Lines per update, at most.", show_default="32")] = None,
    validation: Annotated[
        float | None,
        real(
            metavar="SHARE",
            help="Lines held back to check.",
            show_default="0; 0.1 with --text, labelled texts",
        ),
    ] = None,
    patience: Annotated[int | None, whole(help="Stop after N epochs without a better loss.")] = None,
    precision: Annotated[
        Literal["single", "double"], typer.Option(help="Of the numbers; single is faster.")
    ] = "double",
    digits: Digits = 6,
    notation: Notation = None,
    force: Force = False,
) -> None:
    """Learn words, a text or labelled texts, and show what changes.

    Ctrl-C ends it early. Whatever ends it, -o keeps the best weights so far.
    """
    from rnnwalk.cli.labelled import labelled_lesson
    from rnnwalk.cli.learned import lesson
    from rnnwalk.cli.source import Source, check_source, labelled
    from rnnwalk.files import check_target
    from rnnwalk.inputs import same_file
    from rnnwalk.model.limits import MOST_SEED, check_pace
    from rnnwalk.model.weightfile import check_room
    from rnnwalk.render.terminal import progress, screen
    from rnnwalk.tasks.held_back import check_share
    from rnnwalk.tasks.keep import Kept, keep
    from rnnwalk.tasks.training import Training
    from rnnwalk.text import count, named
    from rnnwalk.views.training import Course, report

    for name, value in {
        "--epochs": epochs,
        "--batch": BATCH if batch is None else batch,
        "--patience": 1 if patience is None else patience,
    }.items():
        check_number(name, value, 1, MOST)
    if patience is not None and patience >= epochs:
        raise InputError(
            f"--patience {patience} does nothing within {count(epochs, 'epoch')}; take fewer, or more --epochs"
        )
    seed = asked.seed or 0
    check_number("--seed", seed, -MOST_SEED, MOST_SEED)
    file, table = (None if path is None else str(path) for path in (text, data))
    optimizer = optimizer or ("sgd" if file is table is None else "adam")
    rate = (0.01 if optimizer == "adam" else 0.1) if rate is None else rate
    check_pace(rate, clip, clip_value)  # before a long file is read, as what stands in the options is checked in all
    check_share(validation or 0)
    if output is None:
        needs("--output", force=force)
    target = None if output is None else check_target(output, force)
    itemsize = 4 if precision == "single" else 8
    source = Source(
        words, file, table, text_column, label_column, encoding, num_words, maxlen, padding, truncating, itemsize
    )
    check_source(source, asked)
    for what, given in (("text", file), ("data", table)):
        if given is not None and target is not None and same_file(given, target):
            raise InputError(f"{named(output)}: is the {what} to learn from; name another file for the weights")
    texts, asked = labelled(source, asked)
    share = (0.1 if texts or file is not None else 0.0) if validation is None else validation
    start, learned, held, shown, first = (labelled_lesson if texts else lesson)(source, asked, share, seed)
    if validation and len(learned) + len(held) < 2:
        raise InputError("--validation holds back lines to check, and there is only one; give more, or leave it out")
    if batch is not None and len(learned) == 1:
        raise InputError(
            "--batch does nothing with one line to learn from: that is one update; give more, or leave it out"
        )
    if batch is not None and batch >= len(learned):
        say(f"--batch {batch}: there are {len(learned)} lines to learn from, so all of them make each update")
    if output is not None and target is not None:
        check_room(sum(w.size for w in start.weights if w is not None), output)
    training = Training(
        start,
        learned,
        optimiser=optimizer,
        rate=rate,
        clip=clip,
        clip_value=clip_value,
        batch=BATCH if batch is None else batch,
        seed=seed,
        validation=held,
        patience=patience,
        dtype="float32" if precision == "single" else "float64",
    )
    course = Course(training.letters, training.held_letters, for_each=bool(held) or not start.next_symbol)
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
                say(told(kept, f"{_numbers(best)}, the {done}"))
    ended = stop.code if isinstance(stop, Ended) else 130 if isinstance(stop, KeyboardInterrupt) else None
    if stop is not None and ended is None:
        raise stop
    course.interrupted = ended is not None
    course.clipped = None if clip is clip_value is None else (training.clipped, training.updates)
    after = [problem._replace(model=best) for problem in shown]
    aside = output is not None and target is None  # the weights alone go to standard output
    if aside and kept.failure:
        abandon(sys.stdout)  # what it holds still has been written elsewhere
    path = None if aside and kept.failure is None else kept.path
    commands = None if output is None else () if path is None else next_commands(path, shown[0], notation)
    confused = training.confusion() if texts and course.last and (held or not course.interrupted) else None
    with suppress(OSError) if course.interrupted else nullcontext():  # the terminal that closed shows nothing any more
        screen.show(
            report(course, shown, after, digits, commands, confused, notation),
            screen.make_console(sys.stderr if aside else None),
        )
        sys.stdout.flush()
    raise typer.Exit(ended or (2 if kept.failure and not kept.unread else 0))


def _numbers(model: "Model") -> str:
    """How many numbers have learned, and how many were not to."""
    from rnnwalk.text import count

    frozen = sum(getattr(model.weights, name).size for name in model.task.frozen)
    return count(model.parameters, "number") + (f", and {count(frozen, 'frozen one')}" if frozen else "")


def told(kept: "Kept", what: str) -> str:
    """Where the weights are, in a line."""
    from rnnwalk.text import named

    if kept.failure is None:
        return f"wrote {named(kept.path)}: {what}"
    if kept.path is None:
        return f"rnnwalk: {kept.failure}; nor do the current folder and the temporary one take the weights"
    return f"rnnwalk: {kept.failure}; wrote {named(kept.path, LONGEST_PATH)} instead: {what}"


def next_commands(output: Path, first: "Problem", notation: str | None = None) -> tuple[str, ...]:
    """What to do with the trained weights."""
    from rnnwalk.text import typed

    same = " --notation course" * (notation == "course")

    file, sheet = typed(output), typed(output.with_suffix(".xlsx"))
    if not first.model.next_symbol:
        return (f"rnnwalk walk --weights {file}{same}", f"rnnwalk walk --backward --weights {file}{same}")
    return (
        f"rnnwalk walk --weights {file}{same}",
        f"rnnwalk export --weights {file} -o {sheet}{same}",
        f"rnnwalk generate --weights {file} --start {typed(first.symbols[0])}",
    )
