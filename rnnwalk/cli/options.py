"""The options that commands share."""

import shlex
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

Word: TypeAlias = Annotated[str | None, typer.Argument(help="What the network reads.", show_default="hello")]
Weights: TypeAlias = Annotated[
    str | None, typer.Option("--weights", "-w", metavar="FILE", help="Weights from a JSON or NPZ file (- for stdin).")
]
Vocab: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="SYMBOLS", help="The vocabulary, for drawn weights.", show_default="the word's symbols"),
]
Hidden: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", help="Hidden units, for drawn weights.", show_default="3")
]
Seed: TypeAlias = Annotated[int | None, typer.Option(metavar="N", help="Draws the weights.", show_default="0")]
By: TypeAlias = Annotated[
    Literal["letter", "word"] | None, typer.Option(help="What a symbol is.", show_default="letter")
]
Cell: TypeAlias = Annotated[
    Literal["rnn", "lstm", "gru"] | None, typer.Option(help="The cell, for drawn weights.", show_default="rnn")
]
Form: TypeAlias = Annotated[
    str | None, typer.Option(metavar="FORM", help="The cell's form: chung2014, cho2014 or pytorch (gru).")
]
ForgetBias: TypeAlias = Annotated[
    float | None,
    typer.Option(
        min=-1000,
        max=1000,
        metavar="B",
        help="The forget gate's bias of drawn lstm weights, such as 1.",
        show_default="drawn",
    ),
]
Digits: TypeAlias = Annotated[int, typer.Option(min=1, max=15, metavar="N", help="Decimals shown; values stay exact.")]
Formulas: TypeAlias = Annotated[Literal["symbols", "numbers", "both"], typer.Option(help="How each step is written.")]
Rate: TypeAlias = Annotated[float, typer.Option("--lr", metavar="η", help="Learning rate.")]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]
Output: TypeAlias = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")]

LONG = 60  # characters of a text that is named in a command


def same_model(word: str | None, **options: object) -> str:
    """The arguments that name the same model again, each with a blank before it."""
    words = [f"--{name.replace('_', '-')} {_typed(str(value))}" for name, value in options.items() if value is not None]
    if word is not None:
        words = [*words, "--", _typed(word)] if word.startswith("-") else [_typed(word), *words]
    return "".join(f" {text}" for text in words)


def _typed(text: str) -> str:
    """The text as it is typed in a shell; TEXT for what is too long, or cannot be typed."""
    return shlex.quote(text) if len(text) <= LONG and text.isprintable() else "TEXT"
