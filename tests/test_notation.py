"""Every operation can be shown in every notation, and what is printed means what was computed."""

import inspect
import math
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.engine import functions
from rnnwalk.trace.differentiate import RULES
from rnnwalk.trace.expression import ELEMENTWISE, Expr, unfold
from rnnwalk.trace.notation import ATOM, COURSE, LATEX, MATHS, SIGN, SPREADSHEET, Notation, write
from rnnwalk.trace.record import REDUCTIONS, UFUNCS, Node, TraceError, record
from tests.arithmetic import Spreadsheet, evaluate_maths

COMPOSITES = {name: value for name, value in inspect.getmembers(functions) if hasattr(value, "body")}

INPUTS = {
    "a": np.array([[0.5, 2.0], [1.5, 0.25]]),
    "b": np.array([[3.0, 0.75], [1.25, 2.5]]),
    "hot": np.array([[0.0, 1.0], [1.0, 0.0]]),
}


def peak(a: Any) -> tuple[Any, Any]:
    """What stands in the place of S and m."""
    return np.sum(a, axis=0, keepdims=True), np.max(a, axis=0, keepdims=True)


# One use of every operation, and of those that are written in more than one way.
USES: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "multiply by a number": lambda a: 3 * a,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "power": lambda a, b: a**b,
    "power 2": lambda a, b: (a - b) ** 2,
    "matmul": lambda a, b: a @ b,
    "tanh": lambda a: np.tanh(a),
    "exp": lambda a: np.exp(a),
    "log": lambda a: np.log(a),
    "sqrt": lambda a: np.sqrt(a),
    "minimum": lambda a, b: np.minimum(a, b),
    "maximum": lambda a, b: np.maximum(a, b),
    "sign": lambda a, b: np.sign(a - b),
    "relu": lambda a, b: functions.relu(a - b),
    "one": lambda a: functions.one(a),
    "sum": lambda a: np.sum(a, axis=0, keepdims=True),
    "sum of a row": lambda a: np.sum(a, axis=1, keepdims=True),
    "sum of everything": lambda a: np.sum(a, keepdims=True),
    "max": lambda a: np.max(a, axis=0, keepdims=True),
    "transpose": lambda a: a.T,
    "transpose of a product": lambda a, b: (a @ b).T,
    "sigmoid": lambda a: functions.sigmoid(a),
    "cross_entropy": lambda a, hot: functions.cross_entropy(*peak(a), a, hot),
    "cross_entropy of a mixture": lambda a, b: functions.cross_entropy(*peak(a), a, b),
    "cross_entropy of two answers": lambda a, b: functions.cross_entropy(*peak(a), a, np.minimum(b, 1)),
    "squared_error": lambda a, b: functions.squared_error(a, b),
    "total": lambda a, b, hot: functions.total(a, b, hot),
    "a column beside a matrix": lambda a, b: a + np.sum(b, axis=1, keepdims=True),
}


def used(case: str) -> Node:
    return record(USES[case], **{name: INPUTS[name] for name in inspect.signature(USES[case]).parameters}).result


def in_brackets(leaf: Expr) -> tuple[str, int]:
    """A number as a leaf, exact; a negative one binds as a sign does."""
    text = np.format_float_positional(leaf.value, trim="-")
    return text, SIGN if leaf.value < 0 else ATOM


ALL = UFUNCS | set(REDUCTIONS.values()) | {"transpose"}
TABLES: dict[str, tuple[Collection[str], Collection[str]]] = {  # each with what it must know
    "MATHS": (MATHS, ALL | set(COMPOSITES)),
    "COURSE": (COURSE, ALL | set(COMPOSITES)),
    "LATEX": (LATEX, ALL | set(COMPOSITES)),
    "SPREADSHEET": (SPREADSHEET, ALL - {"matmul", "sum", "transpose"}),  # of cells: a dot product, a series, one cell
    "ELEMENTWISE": (ELEMENTWISE, UFUNCS - {"matmul"}),
    "RULES": (RULES, ALL),
}


def test_every_operation_that_can_be_recorded_is_tried_here() -> None:
    assert ALL | set(COMPOSITES) == {case.split(" ")[0] for case in USES if not case.startswith("a ")}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_every_operation_that_it_must_know(name: str) -> None:
    table, needed = TABLES[name]
    assert set(needed) - set(table) == set()


@pytest.mark.parametrize(
    ("use", "said"),
    [(lambda a: np.arctan(a), "np.arctan .* UFUNCS"), (lambda a: np.mean(a, keepdims=True), "mean .* REDUCTIONS")],
    ids=["arctan", "mean"],
)
def test_an_operation_that_is_not_recorded_is_refused_with_the_table_it_is_missed_in(
    use: Callable[..., Any], said: str
) -> None:
    with pytest.raises(TraceError, match=said):
        record(use, a=INPUTS["a"])


@pytest.mark.parametrize("notation", [MATHS, LATEX], ids=["maths", "latex"])
@pytest.mark.parametrize("case", USES)
def test_every_operation_is_written_whole(case: str, notation: Notation) -> None:
    node = used(case)
    text = write(unfold(node, None, ()), notation, lambda leaf: (str(leaf.node and leaf.node.path), ATOM))
    if case != "one":  # which is 1 whatever it is of
        assert all(str(operand.path) in text for operand in node.operands if operand.path)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("case", USES)
def test_every_element_is_a_formula_that_a_spreadsheet_works_out_to_its_value(case: str) -> None:
    node = used(case)
    for at in np.ndindex(node.value.shape):
        formula = write(unfold(node, at, ()), SPREADSHEET, in_brackets)
        assert Spreadsheet()(formula) == pytest.approx(node.value[at], rel=1e-12), formula


@pytest.mark.parametrize("case", USES)
def test_every_element_is_written_as_mathematics_of_its_value(case: str) -> None:
    node = used(case)
    for at in np.ndindex(node.value.shape):
        line = write(unfold(node, at, ()), MATHS, in_brackets)
        assert evaluate_maths(line) == pytest.approx(node.value[at], rel=1e-12), line


def leaf(name: str) -> Expr:
    return Expr("leaf", (), Node("input", np.zeros((1, 1)), path=(name,)))


def by_name(expr: Expr) -> tuple[str, int]:
    assert expr.node is not None
    return str(expr.node.path[0]), ATOM


a, b, c = (leaf(name) for name in "abc")


def expr(op: str, *args: Expr) -> Expr:
    return Expr(op, args)


BRACKETS = [
    (expr("negative", expr("square", a)), "−a²", "-(a*a)"),
    (expr("square", expr("negative", a)), "(−a)²", "(-a)*(-a)"),
    (expr("subtract", a, expr("subtract", b, c)), "a − (b − c)", "a-(b-c)"),
    (expr("subtract", expr("subtract", a, b), c), "a − b − c", "a-b-c"),
    (expr("subtract", a, expr("add", b, c)), "a − (b + c)", "a-(b+c)"),
    (expr("divide", a, expr("multiply", b, c)), "a / (b·c)", "a/(b*c)"),
    (expr("divide", expr("multiply", a, b), c), "a·b / c", "a*b/c"),
    (expr("multiply", expr("divide", a, b), c), "(a / b)·c", "a/b*c"),
    (expr("divide", expr("divide", a, b), c), "(a / b) / c", "a/b/c"),
    (expr("multiply", a, expr("add", b, c)), "a·(b + c)", "a*(b+c)"),
    (expr("power", expr("power", a, b), c), "(a^b)^c", "(a^b)^c"),
    (expr("power", a, expr("power", b, c)), "a^(b^c)", "a^(b^c)"),
    (expr("negative", expr("add", a, b)), "−(a + b)", "-(a+b)"),
    (expr("multiply", expr("sum", a), b), "(Σ a)·b", None),
    (expr("sum", expr("multiply", a, b)), "Σ a·b", None),
    (expr("divide", expr("sum", a), b), "(Σ a) / b", None),
    (expr("subtract", a, expr("sum", b)), "a − Σ b", None),
    (expr("sum", expr("subtract", a, b)), "Σ (a − b)", None),
]


@pytest.mark.parametrize(("expression", "maths", "formula"), BRACKETS, ids=[row[1] for row in BRACKETS])
def test_brackets_stand_where_they_are_needed_and_nowhere_else(expression: Expr, maths: str, formula: str) -> None:
    assert write(expression, MATHS, by_name) == maths
    if formula:
        assert write(expression, SPREADSHEET, by_name) == formula


def test_the_power_of_a_fraction_is_in_brackets_in_latex() -> None:
    assert write(expr("square", expr("divide", a, b)), LATEX, by_name) == r"(\frac{a}{b})^2"
    assert write(expr("multiply", expr("divide", a, b), c), LATEX, by_name) == r"\frac{a}{b} \cdot c"


def test_the_spreadsheet_of_these_tests_has_the_precedence_of_excel() -> None:
    assert [Spreadsheet()(text) for text in ("-3^2", "2^3^2", "2-3-4", "8/2/2", "2^-1", "--3", "1-MAX(2,3)*2")] == [
        9, 64, -5, 2, 0.5, 3, -5,
    ]  # fmt: skip


PRIME = 2**61 - 1


class Number:
    """A number of a finite field: two different expressions of such numbers are never equal by luck or rounding."""

    def __init__(self, value: int) -> None:
        self.value = value % PRIME

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Number({self.value})"

    def __add__(self, other: "Number") -> "Number":
        return Number(self.value + other.value)

    def __sub__(self, other: "Number") -> "Number":
        return Number(self.value - other.value)

    def __mul__(self, other: "Number") -> "Number":
        return Number(self.value * other.value)

    def __truediv__(self, other: "Number") -> "Number":
        return Number(self.value * pow(other.value, PRIME - 2, PRIME))

    def __neg__(self) -> "Number":
        return Number(-self.value)

    def __pow__(self, other: Any) -> "Number":
        exponent = other.value if isinstance(other, Number) else other
        return Number(pow(self.value, 3, PRIME) * 31 + exponent * 17 + self.value * exponent * exponent + 5)


def scramble(key: int) -> Callable[..., Number]:
    """A function of the field that is like no other."""
    return lambda *args: Number(sum(pow(arg.value + key, 5 + i, PRIME) * (i + key) for i, arg in enumerate(args)))


E = Number(271828)
NAMED = {name: scramble(i + 1) for i, name in enumerate(("tanh", "ln", "√", "σ", "max", "min"))}
SHEET = {"TANH": "tanh", "LN": "ln", "SQRT": "√", "MAX": "max", "MIN": "min"}


def meaning(expression: Expr) -> Number:
    """The value of an expression, without any notation."""
    if expression.op == "leaf":
        return Number(int(expression.value))
    args = [meaning(arg) for arg in expression.args]
    if expression.op in ("dot", "series", "total"):
        return sum(args[1:], args[0])
    two = {
        "add": Number.__add__,
        "subtract": Number.__sub__,
        "multiply": Number.__mul__,
        "divide": Number.__truediv__,
        "power": Number.__pow__,
    }
    one: dict[str, Callable[..., Number]] = {
        "negative": Number.__neg__,
        "square": lambda x: x ** Number(2),
        "exp": lambda x: E**x,
        "tanh": NAMED["tanh"],
        "log": NAMED["ln"],
        "sqrt": NAMED["√"],
        "sigmoid": NAMED["σ"],
        "max": NAMED["max"],
        "minimum": NAMED["min"],
        "maximum": NAMED["max"],
    }
    return {**two, **one}[expression.op](*args)


NUMBERS = st.integers(-20, 20).map(lambda n: Expr("leaf", value=float(n)))


def branches(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    def of(ops: tuple[str, ...], least: int, most: int) -> st.SearchStrategy[Expr]:
        args = st.lists(inner, min_size=least, max_size=most).map(tuple)
        return st.tuples(st.sampled_from(ops), args).map(lambda made: Expr(*made))

    return (
        of(("negative", "square", "exp", "tanh", "log", "sqrt", "sigmoid"), 1, 1)
        | of(("add", "subtract", "multiply", "divide", "power"), 2, 2)
        | of(("dot", "series", "total", "max", "minimum", "maximum"), 1, 3)
    )


TREES = st.recursive(NUMBERS, branches, max_leaves=12)


@settings(max_examples=300)
@given(TREES)
def test_a_line_of_mathematics_has_every_bracket_that_it_needs(tree: Expr) -> None:
    line = write(tree, MATHS, in_brackets)
    assert evaluate_maths(line, lambda text: Number(int(text)), NAMED, E) == meaning(tree), line


@settings(max_examples=300)
@given(TREES)
def test_a_formula_has_every_bracket_that_a_spreadsheet_needs(tree: Expr) -> None:
    formula = write(tree, SPREADSHEET, in_brackets)
    logistic = {"EXP": lambda x: E**x}
    sheet = Spreadsheet(lambda text: Number(int(text)), {**{name: NAMED[f] for name, f in SHEET.items()}, **logistic})

    def opened(expression: Expr) -> Expr:  # a spreadsheet has no σ, and a square is a product there
        args = tuple(opened(arg) for arg in expression.args)
        if expression.op == "square":
            return Expr("multiply", args * 2)
        if expression.op != "sigmoid":
            return Expr(expression.op, args, value=expression.value)
        one, most = Expr("leaf", value=1.0), Expr("leaf", value=700.0)  # e^710 is too large
        return Expr(
            "divide", (one, Expr("add", (one, Expr("exp", (Expr("minimum", (Expr("negative", args), most)),)))))
        )

    assert sheet(formula) == meaning(opened(tree)), formula


def test_the_reader_of_these_tests_knows_mathematics() -> None:
    lines = {"−2²": -4, "2·(3 − −4)": 14, "e^(−1)": math.exp(-1), "σ(0)": 0.5, "−ln 1": 0, "√(4)^2": 4, "6 / 2·3": 9}
    for line, value in lines.items():
        assert evaluate_maths(line) == pytest.approx(value), line
