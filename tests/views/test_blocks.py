"""How a value was made."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk.engine.cells import gru
from rnnwalk.marked import Marked, parts_of
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown, width
from rnnwalk.render.cut import kept_of
from rnnwalk.render.glyphs import UNICODE
from rnnwalk.render.terminal.matrices import draw
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.in_part import from_both_ends
from rnnwalk.views.page import Equation, Formula, Lines, Matrix
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems


@pytest.mark.parametrize("letter", [1, 2])
def test_an_equation_draws_each_matrix_where_its_symbol_stands_also_in_brackets(tmp_path: Path, letter: int) -> None:
    weights = {"Wxh": [[1, 2], [3, 4]], "Whh": [[0.5]], "Why": [[1, 2], [3, 4]]}
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"form": "logistic", "vocabulary": ["a", "b"], "weights": weights}), "utf-8")
    walk = Walk(pose("aba", weights=str(path)), backward=True)
    parts = Blocks(walk).equation(walk.at("slope", letter)).parts
    t = "₁₂"[letter - 1]
    told = [part.label if isinstance(part, Matrix) else part for part in parts]
    assert told == [f"h{t}", "⊙(1 − ", f"h{t}", ") = ", f"slope{t}"]


HELLO = Walk(pose("hello"))


@pytest.mark.parametrize("notation", ["article", "course"])
@pytest.mark.parametrize("options", [{}, {"cell": "lstm"}, *({"cell": "gru", "form": form} for form in gru.FORMS)])
def test_a_quantity_keeps_its_colour_inside_the_formula_that_another_is_called_by(
    options: dict[str, str], notation: str
) -> None:
    walk = Walk(pose("hello", **options), backward=True, notation=notation)
    formulas = [label.symbol for label in walk.names.labels.values() if label.note.symbol == "="]
    roles = {label.symbol: label.role for label in walk.names.labels.values() if label.symbol not in formulas}
    met = set()
    for node in walk.names.labels:
        blocks = Blocks(walk)
        for text in (
            blocks.derivations[node].equation,
            blocks.derivations[node].line((0, 0)),
            blocks.matrix(node).label,
        ):
            for symbol, role in parts_of(text):
                assert roles.get(symbol, role) == role, text
                met.add(role)
    assert {"weight", "memory", "gradient"} <= met
    assert formulas


def lit(part: Matrix) -> set[str]:
    return {number(float(part.values[at]), part.digits) for at in part.lit}


@settings(max_examples=15)
@given(problems())
def test_what_is_lit_in_the_matrices_is_what_the_line_below_them_is_written_with(problem: Problem) -> None:
    """No value may be lit that the line does not name, but for the column that a one-hot picks and its zeros."""
    walk = Walk(problem, backward=True)
    for node, label in walk.names.labels.items():
        if node.op == "input" or label.field in ("m", "e", "S", "p", "loss"):
            continue
        found = Blocks(walk).derived(node)
        (equation,), (line,) = ([b for b in found if isinstance(b, kind)] for kind in (Equation, Lines))
        (text,) = line.lines
        assert isinstance(text, Marked)
        called = text.parts.index((" = ", "")) if (" = ", "") in text.parts else text.parts.index((" ≈ ", ""))
        written = {told for told, role in text.parts[called:] if role} | {"0"}
        drawn = [part for part in equation.parts if isinstance(part, Matrix)]
        for part in drawn:
            assert part.lit, label
            picked = (
                {number(float(v), part.digits) for v in part.values[:, part.column]}
                if part.column is not None
                else set()
            )
            assert lit(part) <= written | picked or "…" in text, (label, text, lit(part))
        assert set().union(*map(lit, drawn)) >= written - {"0"}, (label, text)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_column_of_the_letter_is_pointed_at_in_each_matrix_that_reads_it(cell: str) -> None:
    walk = Walk(pose("hello", cell=cell))
    for letter, symbol in enumerate("hell", start=1):
        for node in walk.fields(letter):
            for part in Blocks(walk).equation(node, (0, 0)).parts:
                if isinstance(part, Matrix) and part.role == "weight" and part.column_heads == list("helo"):
                    assert (part.row, part.column) == (0, "helo".index(symbol))
                    assert part.lit == {(0, c) for c in range(4)} | {(r, part.column) for r in range(3)}
                elif isinstance(part, Matrix) and part.role == "input":
                    assert (part.row, part.lit) == ("helo".index(symbol), {("helo".index(symbol), 0)})


def test_in_a_row_that_is_too_long_the_element_that_is_followed_is_not_left_out() -> None:
    walk = Walk(pose("".join(map(chr, range(97, 123))), hidden=30))
    equation = Blocks(walk).equation(walk.at("Wxh_x", 13), (17, 0))
    lines, cut = draw(equation, 78, UNICODE)
    text = plain(lines)
    assert cut
    assert re.search(r"18 ⎢▸", text)
    assert "▾m" in text
    assert max(map(width, text.splitlines())) <= 78


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_row_of_a_large_matrix_shows_only_zeros_while_the_number_that_it_holds_is_left_out(columns: int) -> None:
    names, most_first = [f"word{i}" for i in range(24)], from_both_ends(range(24))
    matrix = Matrix("one-hot columns", np.eye(24), names, names, 0, "input", picked=(most_first, most_first))
    lines, cut = draw(Equation([matrix]), columns, UNICODE)
    rows = re.findall(r"^ *(word[0-9]+) [⎡⎢⎣](.*).$", plain(lines), re.MULTILINE)
    assert cut
    assert (rows[0][0], rows[-1][0]) == ("word0", "word23")
    assert [numbers.count("1") for _, numbers in rows] == [1] * len(rows)


def test_of_given_columns_that_are_too_many_the_first_and_the_last_have_room() -> None:
    assert kept_of(20, 7, None, from_both_ends(range(20))) == [0, 1, 2, 3, None, 18, 19]


@pytest.mark.parametrize(
    ("show", "kinds"),
    [("symbols", [Formula, Equation]), ("numbers", [Equation, Lines]), ("both", [Formula, Equation, Lines])],
)
def test_a_value_is_told_in_symbols_in_matrices_and_in_numbers_as_is_asked(show: str, kinds: list[type]) -> None:
    assert [type(block) for block in Blocks(HELLO, show=show).derived(HELLO.at("h", 2))] == kinds


@settings(max_examples=15)
@given(problems())
def test_of_the_scores_the_largest_is_worked_out_and_of_others_the_first(problem: Problem) -> None:
    run = Walk(problem)
    said = problem.model.vocabulary[int(np.argmax(run["y_1"].value))]
    for field, element in (("y", f"[{shown(said)}]"), ("h", "[1]" if problem.model.hidden > 1 else "")):
        line = Blocks(run, show="numbers").derived(run.at(field, 1))[-1].lines[0]
        assert line.startswith(f"{field}₁{element} = ")


@settings(max_examples=15)
@given(problems())
def test_every_matrix_is_headed_by_as_many_heads_as_it_has_rows_and_columns(problem: Problem) -> None:
    run = Walk(problem, backward=True)
    for node in run.names.labels:
        drawn = Blocks(run).matrix(node)
        for heads, count in zip((drawn.row_heads, drawn.column_heads), drawn.values.shape, strict=True):
            assert len(heads) == count or (not heads and count == 1)


@settings(max_examples=15)
@given(problems())
def test_given_numbers_are_drawn_with_as_few_decimals_as_are_exact_and_made_ones_with_all(problem: Problem) -> None:
    run = Walk(problem)
    for node in run.names.labels:
        digits = Blocks(run, 4).matrix(node).digits
        exact = [d for d in range(4) if np.array_equal(node.value.round(d), node.value)]
        assert digits == (min(exact, default=4) if node.op == "input" else 4)


def test_one_hot_columns_have_no_decimals_and_the_articles_weights_six() -> None:
    maker = Blocks(HELLO)
    assert [maker.matrix(HELLO[name].node).digits for name in ("x_1", "h_0", "Wxh", "Whh")] == [0, 0, 6, 6]
