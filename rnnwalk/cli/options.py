"""The options that commands share."""

import inspect
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from rnnwalk.cli.numbers import real, whole
from rnnwalk.engine.cells import CELLS
from rnnwalk.errors import InputError, TooLargeError
from rnnwalk.model.examples import names
from rnnwalk.text import listed

if TYPE_CHECKING:
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.problem import Problem

Word: TypeAlias = Annotated[str | None, typer.Argument(help="What the network reads.", show_default="hello")]
Words: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(help="What the network reads; several of one length, side by side.", show_default="hello"),
]
Weights: TypeAlias = Annotated[
    str | None, typer.Option("--weights", "-w", metavar="FILE", help="Weights from a JSON or NPZ file (- for stdin).")
]
Vocab: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="SYMBOLS", help="The vocabulary, for random weights.", show_default="the word's symbols"),
]
Hidden: TypeAlias = Annotated[int | None, whole(help="Hidden units, for random weights.", show_default="3")]
Seed: TypeAlias = Annotated[int | None, whole(help="Seed of the random weights.", show_default="0")]
By: TypeAlias = Annotated[
    Literal["letter", "character", "word"] | None, typer.Option(help="What a symbol is.", show_default="letter")
]
Cell: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar=f"<{'|'.join(CELLS)}>",
        help="The cell, for random weights.",
        show_default="rnn",
        autocompletion=lambda: list(CELLS),
    ),
]
Form: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--form", metavar="FORM", help="The cell's form: chung2014, cho2014 or pytorch (gru; walk and export: all)."
    ),
]
ForgetBias: TypeAlias = Annotated[
    float | None,
    real(
        metavar="B",
        help="The forget gate's bias, for random weights (1 keeps memories from the start).",
        show_default="random",
    ),
]
Bundled: TypeAlias = Annotated[
    str | None,
    typer.Option("--example", metavar="NAME", help=f"A bundled example: {listed(names())}.", autocompletion=names),
]
Digits: TypeAlias = Annotated[int, whole(least=1, most=15, help="Decimals shown, 1 to 15; values stay exact.")]
MaybeDigits: TypeAlias = Annotated[  # of a command that may show none
    int | None,
    whole("--digits", least=1, most=15, help="Decimals shown, 1 to 15; values stay exact.", show_default="6"),
]
DIGITS = 6
Formulas: TypeAlias = Annotated[
    Literal["symbols", "numbers", "both"] | None,
    typer.Option(help="How the arithmetic is written.", show_default="numbers"),
]
Rate: TypeAlias = Annotated[float | None, real("--lr", metavar="η", help="Learning rate.", show_default="0.1")]
RATE = 0.1
Optimizer: TypeAlias = Annotated[
    Literal["sgd", "momentum", "adagrad", "adam"] | None,
    typer.Option(help="The update rule.", show_default="sgd"),
]
Clip: TypeAlias = Annotated[float | None, real(metavar="N", help="Scale a longer gradient down to this length.")]
ClipValue: TypeAlias = Annotated[
    float | None, real(metavar="V", help="Cut each number of the gradient off at this size.")
]
Target: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="TRUTH", help='What it should say, where the word does not hold it: positive, 14, "1,0 0,1".'),
]
Targets: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="TRUTH",
        help='What it should say, where the word does not hold it: positive, 14, "1,0 0,1"; of several words, once for each.',
    ),
]


def to_write(name: str) -> Path:
    """The file to write; a Path would forget the slash by which a name is that of a folder."""
    if name.endswith(("/", "/.", os.sep)):
        raise typer.BadParameter(f"{name} is a folder's name; name a file in it")
    return Path(name)


Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]
Output: TypeAlias = Annotated[
    Path, typer.Option("--output", "-o", parser=to_write, metavar="FILE", help="The file to write (- for stdout).")
]

Notation: TypeAlias = Annotated[
    Literal["article", "course"] | None,
    typer.Option(
        "--notation",
        help="How symbols are written: h₂, f₂ and p₂, or a⟨2⟩, Γf⟨2⟩ and ŷ⟨2⟩ as in courses.",
        show_default="article",
    ),
]

Inputs: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="Read numbers, not symbols: their names, as in x1,x2; or ranks: each symbol's row in the vocabulary.",
    ),
]
Classes: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAMES", help="Say which of these classes it is, as in negative,positive.")
]
Linear: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAMES", help="Give numbers with these names, as in sum.")
]
At: TypeAlias = Annotated[
    Literal["every", "last"] | None,
    typer.Option(
        help="When there is an output: after every time step or the last.", show_default="last with --classes, --linear"
    ),
]
Embedding: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="N", help="Symbols are read as word vectors of N numbers (train --data: or those of a file)."),
]
Dense: TypeAlias = Annotated[
    str | None, typer.Option(metavar="LAYERS", help="Dense layers before the output, as in 6:sigmoid,4:relu.")
]

# The fields of ModelOptions: which model is meant, how weights are drawn, and for what task.
DRAWN: dict[str, Any] = {
    "vocab": Vocab,
    "hidden": Hidden,
    "seed": Seed,
    "by": By,
    "cell": Cell,
    "form": Form,
    "forget_bias": ForgetBias,
}
MODEL: dict[str, Any] = {"weights": Weights, **DRAWN, "example": Bundled}
TASK: dict[str, Any] = {
    "inputs": Inputs,
    "classes": Classes,
    "linear": Linear,
    "at": At,
    "embedding": Embedding,
    "dense": Dense,
}
Command: TypeAlias = Callable[..., None]


def taking(fields: dict[str, Any]) -> Callable[[Command], Command]:
    """Give a command the options that fill these fields of ModelOptions, in the place of its parameter ``asked``.

    typer reads a command's signature, so the options are written into it; the command gets them as one record.
    """

    def wrap(command: Command) -> Command:
        own = inspect.signature(command)
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters: list[inspect.Parameter] = []
        for parameter in own.parameters.values():
            if parameter.name == "asked":
                parameters += [inspect.Parameter(name, kind, default=None, annotation=fields[name]) for name in fields]
            else:
                parameters.append(parameter.replace(kind=kind))

        @wraps(command)
        def called(**given: Any) -> None:
            from rnnwalk.model.options import ModelOptions

            weights = given.get("weights")
            asked = ModelOptions(**{name: given.pop(name) for name in fields})
            try:
                command(**given, asked=asked)
            except TooLargeError as error:
                if weights is None:
                    raise
                from rnnwalk.inputs import label

                raise InputError(f"{label(weights)}: {error}") from None

        called.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return called

    return wrap


takes_model = taking(MODEL)


MOST_TOLD = 12  # words that are left out, of those that are named


def tell_left_out(problem: "Problem") -> None:
    """Name the words of a text that the model does not read, those that it does not know first."""
    tell_words_left_out(problem.left_out)
    tell_words_left_out(problem.beyond, f"more than the {problem.length} words that are read")


def tell_words_left_out(words: tuple[str, ...], why: str = "not in the vocabulary") -> None:
    """Name words that are not read."""
    if words:
        from rnnwalk.cli.streams import say
        from rnnwalk.model.symbols import shown
        from rnnwalk.text import listed

        few = [shown(word) for word in words[:MOST_TOLD]]
        more = [f"{len(words) - len(few):,} more"] if len(words) > len(few) else []
        say(f"left out, {why}: {listed(few + more)}")


def needs(what: str, **given: object) -> None:
    """Raise InputError for an option that was given though it does nothing without another one."""
    for name in _given(given):
        raise InputError(f"{name} does nothing without {what}; add it, or leave {name} out")


def clashes(what: str, **given: object) -> None:
    """Raise InputError for an option that was given though it does nothing beside another one."""
    for name in _given(given):
        raise InputError(f"{name} does nothing beside {what}; leave one of them out")


def _given(options: dict[str, object]) -> list[str]:
    """The options that were given, as they are typed; ``all_`` is --all."""
    return [
        f"--{name.rstrip('_').replace('_', '-')}"
        for name, value in options.items()
        if value is not None and value is not False
    ]


LONG = 300  # characters of a text that is named in a command


def same_model(words: list[str] | None, asked: "ModelOptions", target: list[str] | None = None, **more: object) -> str:
    """The arguments that name the same model again, and more options, each with a blank before it."""
    options = asked._asdict() | more
    if options["weights"] == "-":
        options["weights"] = "FILE"  # standard input cannot be read again
    given = [*options.items(), *(("target", each) for each in target or [])]
    found = [f"--{name.replace('_', '-')} {_typed(str(value))}" for name, value in given if value is not None]
    read = [_typed(word) for word in words or []]
    minus = any(word.startswith("-") for word in words or [])
    return "".join(f" {text}" for text in ([*found, "--", *read] if minus else [*read, *found]))


def _typed(text: str) -> str:
    """The text as it is typed in a shell; TEXT for what is too long, or cannot be typed."""
    import shlex

    from rnnwalk.model.symbols import revealed

    return shlex.quote(text) if len(text) <= LONG and text == revealed(text) else "TEXT"
