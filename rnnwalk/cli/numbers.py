"""Options that are numbers: each typer reads them in words of its own, so they are read here."""

import math
from typing import Any

import typer

from rnnwalk.errors import InputError, check_number, real_number, whole_number


def whole(*names: str, least: int | None = None, most: int | None = None, metavar: str = "N", **how: Any) -> Any:
    """An option that is a whole number, in this range where it is given.

    Some typers take 3.0 for one, and none says how many digits are too many.
    """

    def number(text: str | int) -> int:
        try:
            found = whole_number("it", text)
            check_number("it", found, -math.inf if least is None else least, math.inf if most is None else most)
        except InputError as error:
            raise typer.BadParameter(str(error)) from None
        return found

    return typer.Option(*names, parser=number, metavar=metavar, **how)


def real(*names: str, **how: Any) -> Any:
    """An option that is a number with decimals; its range is the command's to check."""

    def number(text: str | float) -> float:
        try:
            return real_number(str(text))
        except ValueError:
            raise typer.BadParameter(f"it is '{str(text)[:40]}', expected a number{_with_point(str(text))}") from None

    return typer.Option(*names, parser=number, **how)


def _with_point(text: str) -> str:
    """A suggestion for a number with a decimal comma."""
    units, comma, decimals = text.partition(",")
    return f", as in {units}.{decimals}" if comma and f"{units}{decimals}".isdecimal() and len(text) < 40 else ""
