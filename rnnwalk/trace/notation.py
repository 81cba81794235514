"""Notation is data: how each operation is written and how strongly it binds, one table a notation.

``write`` is the one recursive printer. What it prints for a leaf (a symbol, a number, a cell
address) is the caller's, so one printer gives the formula, the numbers put in, and the Excel formula.
"""

from collections.abc import Callable
from typing import NamedTuple

from rnnwalk.trace.expression import Expr

# How strongly a written piece binds: a piece that binds less than its place asks is put in brackets.
SUM, QUOTIENT, PRODUCT, SIGN, POWER, CALL, ATOM = 1, 2, 3, 4, 5, 8, 9


class Rule(NamedTuple):
    """binding: of the written piece; operands: how strongly each operand must bind; text: from the pieces."""

    binding: int
    operands: tuple[int, ...]
    text: str

    def need(self, position: int) -> int:
        return self.operands[min(position, len(self.operands) - 1)]


Notation = dict[str, Rule]  # by operation

Leaf = Callable[[Expr], tuple[str, int]]
"""What to print for a leaf, and how strongly it binds (a negative number binds as a sign does)."""


def infix(sign: str, binding: int, right: int = 0) -> Rule:
    return Rule(binding, (binding, binding + right), f"{{0}}{sign}{{1}}")


def call(name: str) -> Rule:
    return Rule(CALL, (0,), f"{name}({{all}})")


MATHS: Notation = {
    "constant": Rule(ATOM, (), "{value:g}"),
    "gap": Rule(ATOM, (), "… ({value:g} more)"),
    "add": infix(" + ", SUM),
    "subtract": infix(" − ", SUM, 1),
    "multiply": infix("·", PRODUCT, 2),
    "hadamard": infix("⊙", PRODUCT, 2),
    "matmul": infix("·", PRODUCT, 2),
    "divide": Rule(QUOTIENT, (PRODUCT, SIGN + 1), "{0} / {1}"),  # (a / b)·c: without brackets it could be a / (b·c)
    "negative": Rule(SIGN, (SIGN + 1,), "−{0}"),
    "power": Rule(POWER, (POWER + 1, ATOM), "{0}^{1}"),
    "square": Rule(POWER, (POWER + 1,), "{0}²"),
    "transpose": Rule(CALL, (CALL,), "{0}ᵀ"),
    "dot": Rule(SUM, (SUM,), "{ + }"),
    "series": Rule(SUM, (SUM,), "{ + }"),
    "total": Rule(SUM, (SUM,), "{ + }"),
    "sum": Rule(QUOTIENT, (PRODUCT,), "Σ {all}"),
    "max": call("max"),
    "minimum": call("min"),
    "maximum": call("max"),
    "sign": call("sign"),
    "tanh": call("tanh"),
    "exp": Rule(POWER, (ATOM,), "e^{0}"),
    "log": call("ln"),
    "sqrt": call("√"),
    "sigmoid": call("σ"),
    "relu": call("relu"),
    "one": Rule(ATOM, (0,), "1"),
    "cross_entropy": Rule(SUM, (CALL, SUM, CALL, 0), "ln {0} + {1} − {2}[{3}]"),
    "squared_error": call("squared-error"),
}

# For single cells only: a matrix product is a dot product there, and composites are opened (sigmoid fits in one cell).
# In the formulas of Excel, LibreOffice and Google Sheets a sign binds more than a power: -A1^2 is (-A1)^2.
SPREADSHEET: Notation = {
    "constant": Rule(ATOM, (), "{value:.15G}"),
    "add": infix("+", SUM, 1),  # a + (b + c) keeps its brackets: rounding goes in NumPy's order
    "subtract": infix("-", SUM, 1),
    "multiply": infix("*", PRODUCT),
    "divide": infix("/", PRODUCT, 1),
    "negative": Rule(POWER + 1, (POWER + 1,), "-{0}"),
    "power": Rule(POWER, (POWER + 2, POWER + 2), "{0}^{1}"),
    "square": Rule(SUM, (POWER + 2,), "{0}*{0}"),  # ^2 of 1E-200 is #NUM! in LibreOffice; in brackets in a product
    "dot": Rule(SUM, (SUM,), "{+}"),
    "series": Rule(SUM, (SUM,), "{+}"),
    "total": Rule(SUM, (SUM,), "{+}"),
    "max": call("MAX"),
    "minimum": call("MIN"),
    "maximum": call("MAX"),
    "sign": call("SIGN"),
    "tanh": call("TANH"),
    "exp": call("EXP"),
    "log": call("LN"),
    "sqrt": call("SQRT"),
    "relu": Rule(CALL, (0,), "MAX({0},0)"),
    "one": Rule(SUM, (PRODUCT,), "1+0*{0}"),
    "sigmoid": Rule(PRODUCT, (POWER + 1,), "1/(1+EXP(MIN(-{0},700)))"),  # e^710 is #NUM!
}

# What courses write as one product with two columns on top of each other: Wf·[a, x] for Wfa·a + Wfx·x.
COURSE: Notation = MATHS | {
    "joint": Rule(ATOM, (0,), "{0}"),  # of Wfa and Wfx; who prints it says Wf
    "stacked": Rule(ATOM, (0,), "[{all}]"),
}

LATEX: Notation = {
    "constant": Rule(ATOM, (), "{value:g}"),
    "gap": Rule(ATOM, (), r"\dots"),
    "add": infix(" + ", SUM),
    "subtract": infix(" - ", SUM, 1),
    "multiply": infix(r" \cdot ", PRODUCT, 2),
    "hadamard": infix(r" \odot ", PRODUCT, 2),
    "matmul": infix(r" \, ", PRODUCT, 2),
    "divide": Rule(POWER, (0,), r"\frac{{{0}}}{{{1}}}"),
    "negative": Rule(SIGN, (SIGN + 1,), "-{0}"),
    "power": Rule(POWER, (POWER + 1, 0), "{0}^{{{1}}}"),
    "square": Rule(POWER, (POWER + 1,), "{0}^2"),
    "transpose": Rule(CALL, (CALL,), r"{0}^\top"),
    "dot": Rule(SUM, (SUM,), "{ + }"),
    "series": Rule(SUM, (SUM,), "{ + }"),
    "total": Rule(SUM, (SUM,), "{ + }"),
    "sum": Rule(QUOTIENT, (PRODUCT,), r"\sum {all}"),
    "max": call(r"\max"),
    "minimum": call(r"\min"),
    "maximum": call(r"\max"),
    "sign": call(r"\operatorname{{sign}}"),
    "tanh": call(r"\tanh"),
    "exp": Rule(POWER, (0,), "e^{{{0}}}"),
    "log": call(r"\ln"),
    "sqrt": Rule(CALL, (0,), r"\sqrt{{{0}}}"),
    "sigmoid": call(r"\sigma"),
    "relu": call(r"\operatorname{{relu}}"),
    "one": Rule(ATOM, (0,), "1"),
    "cross_entropy": Rule(SUM, (CALL, SUM, CALL, 0), r"\ln {0} + {1} - {2}[{3}]"),
    "squared_error": call(r"\operatorname{{squared-error}}"),
    "joint": Rule(ATOM, (0,), "{0}"),
    "stacked": Rule(ATOM, (0,), "[{all}]"),
}


# In MathML what stands above or below something has a tag of its own; signs, names and numbers get theirs afterwards.
MATHML: Notation = MATHS | {
    "gap": Rule(ATOM, (), "…"),
    "divide": Rule(POWER, (0,), "<mfrac><mrow>{0}</mrow><mrow>{1}</mrow></mfrac>"),
    "power": Rule(POWER, (POWER + 1, 0), "<msup><mrow>{0}</mrow><mrow>{1}</mrow></msup>"),
    "square": Rule(POWER, (POWER + 1,), "<msup><mrow>{0}</mrow>2</msup>"),
    "transpose": Rule(CALL, (CALL,), "<msup><mrow>{0}</mrow>T</msup>"),
    "exp": Rule(POWER, (0,), "<msup>e<mrow>{0}</mrow></msup>"),
    "sqrt": Rule(CALL, (0,), "<msqrt>{0}</msqrt>"),
    "sum": Rule(QUOTIENT, (PRODUCT,), "∑{all}"),
    "joint": Rule(ATOM, (0,), "{0}"),
    "stacked": Rule(ATOM, (0,), "[{all}]"),
}


def write(expr: Expr, notation: Notation, leaf: Leaf, need: int = 0, first: bool = True) -> str:
    """An expression in a notation; brackets only where the place asks for a stronger binding than the piece has.

    first: nothing stands before the piece in its bracket; elsewhere a leading minus gets brackets: a + (-b).
    """
    if expr.op == "leaf":
        text, binding = leaf(expr)
    else:
        rule = notation[expr.op]
        opens = rule.binding == CALL
        pieces = [
            write(arg, notation, leaf, rule.need(i), opens or (first and i == 0)) for i, arg in enumerate(expr.args)
        ]
        text, binding = fill(rule.text, pieces, expr.value), rule.binding
        if expr.op == "constant" and expr.value < 0:
            binding = notation["negative"].binding
    if binding >= need and (first or not text.startswith(("-", "−"))):
        return text
    if expr.op != "leaf":  # inside its bracket it is first
        text = write(expr, notation, leaf)
    return f"({text})"


def fill(template: str, pieces: list[str], value: float = 0.0) -> str:
    """The template with its pieces: {0} and {1} by position, {all} with commas, { + } with that sign between."""
    if template in ("{ + }", "{+}"):
        return template[1:-1].join(pieces)
    return template.format(*pieces, all=", ".join(pieces), value=value)
