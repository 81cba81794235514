"""Reading printed formulas back: in the precedence of mathematics, and in that of a spreadsheet."""

import math
import re
from collections.abc import Callable
from typing import Any

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tanh": math.tanh,
    "ln": math.log,
    "√": math.sqrt,
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "sign": lambda a: (a > 0) - (a < 0),
    "relu": lambda a: max(a, 0.0),
}


def evaluate_maths(
    text: str,
    number: Callable[[str], Any] = float,
    functions: dict[str, Callable[..., Any]] = FUNCTIONS,
    e: Any = math.e,
) -> Any:
    """The value of a line of mathematics: Python's own precedence, after a change of signs."""
    for sign, python in (
        ("−", "-"),
        ("·", "*"),
        ("⊙", "*"),
        ("²", "**2"),
        ("^", "**"),
        ("√", "sqrt"),
        ("σ", "logistic"),
    ):
        text = text.replace(sign, python)
    text = re.sub(r"ln (\d+\.?\d*(?:e[-+]?\d+)?)", r"ln(\1)", text)
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[-+]?\d+)?)", r"number('\1')", text)
    names = {"sqrt": functions["√"], "logistic": functions["σ"], "number": number, "e": e, **functions}
    return eval(text, {"__builtins__": {}}, names)


SPREADSHEET: dict[str, Callable[..., Any]] = {
    "TANH": math.tanh,
    "LN": math.log,
    "EXP": math.exp,
    "SQRT": math.sqrt,
    "MAX": FUNCTIONS["max"],
    "MIN": FUNCTIONS["min"],
    "SIGN": FUNCTIONS["sign"],
}


class Spreadsheet:
    """The formulas of Excel, LibreOffice and Google Sheets: a sign binds more than a power, powers go left to right."""

    def __init__(
        self, number: Callable[[str], Any] = float, functions: dict[str, Callable[..., Any]] = SPREADSHEET
    ) -> None:
        self.number = number
        self.functions = functions

    def __call__(self, formula: str) -> Any:
        self.tokens = re.findall(r"\d+\.?\d*(?:E[-+]?\d+)?|[A-Z]+|[-+*/^(),]|\S", formula)
        value = self._sum()
        assert not self.tokens, f"{formula}: read up to {self.tokens}"
        return value

    def _take(self, *signs: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in signs else None

    def _sum(self) -> Any:
        value = self._product()
        while sign := self._take("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Any:
        value = self._power()
        while sign := self._take("*", "/"):
            value = value * self._power() if sign == "*" else value / self._power()
        return value

    def _power(self) -> Any:
        value = self._signed()
        while self._take("^"):
            value = value ** self._signed()
        return value

    def _signed(self) -> Any:
        return -self._signed() if self._take("-") else self._atom()

    def _atom(self) -> Any:
        token = self.tokens.pop(0)
        if token == "(":
            value = self._sum()
            assert self._take(")")
            return value
        if token in self.functions:
            assert self._take("(")
            values = [self._sum()]
            while self._take(","):
                values.append(self._sum())
            assert self._take(")")
            return self.functions[token](*values)
        return self.number(token)
