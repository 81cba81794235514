"""What is too wide is broken between numbers, before a sign: on paper of any width each number stands on one line."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.marked import Marked
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import width
from rnnwalk.render.glyphs import UNICODE, signs
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.render.terminal.style import plain
from rnnwalk.render.terminal.wrapping import coloured, wrap, wrap_equation
from rnnwalk.views.explain import explain
from rnnwalk.views.page import Equation, Fitted, Matrices, Matrix, Page, Strip, Table
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems
from tests.views.reading import texts

NUMBER = re.compile(r"\d+\.\d+(?:e[+-]\d+)?")


def numbers_in(text: str) -> list[str]:
    return NUMBER.findall(text)


def softmax_page(walk: Walk) -> Page:
    (page,) = [page for page in pages(walk, Choice(letter=1)) if page.key == "p_1"]
    return page


def of_matrices(block: Equation | Matrices) -> set[str]:
    parts = block.matrices if isinstance(block, Matrices) else block.parts
    drawn = [part for part in parts if isinstance(part, Matrix)]
    return {found for m in drawn for v in np.ravel(m.values) for found in numbers_in(number(float(v), m.digits))}


@settings(max_examples=8)
@given(problems(), st.integers(60, 140), st.sampled_from([3, 6, 12]))
def test_no_number_is_split_across_lines_and_no_line_ends_with_a_sign(
    problem: Problem, columns: int, digits: int
) -> None:
    walk, paper = Walk(problem, backward=True), Paper(columns, "utf-8", UNICODE)
    told = [*pages(walk, Choice(digits)), explain(walk, "loss", digits=digits), explain(walk, "h_1", digits=digits)]
    for block in [block for page in told for block in page.blocks if not isinstance(block, Fitted | Strip)]:
        lines = plain(paper.block(block)).splitlines()
        found = [piece for line in lines for piece in numbers_in(line)]
        if isinstance(block, Equation | Matrices):
            assert set(found) <= of_matrices(block)
        elif isinstance(block, Table) and block.lists:  # of a list the last numbers may be left out, which it says
            whole = Counter(piece for text in texts(block) for piece in numbers_in(text))
            assert set(Counter(found) - whole) <= {str(problem.model.hidden)}
            assert Counter(found) == whole or "… (" in "".join(lines)
        else:
            assert Counter(found) == Counter(piece for text in texts(block) for piece in numbers_in(text))
            assert not [line for line in lines if re.search(r"\d [+−/=]$", line)]
        assert max(map(width, lines)) <= columns


@pytest.mark.parametrize("options", [{"hidden": 5}, {"cell": "lstm", "hidden": 4}, {"cell": "gru"}], ids=str)
def test_the_tables_of_a_sentence_stay_tables(options: dict[str, object]) -> None:
    """A table that has fallen apart into records has no rule."""
    walk = Walk(pose("we love deep learning", by="word", **options), backward=True)
    tables = [block for page in pages(walk, Choice()) for block in page.blocks if isinstance(block, Table)]
    assert len(tables) >= 8
    for columns in (80, 100, 120):
        for table in tables:
            assert "──" in plain(Paper(columns, "utf-8", UNICODE).block(table)), table.headings


def test_a_sum_is_broken_before_its_signs_and_a_product_only_where_it_alone_is_too_wide() -> None:
    assert wrap_equation("y = 1.5·2.5 + 3.5·(-4.5) + 5.5 = 0.25", 22) == [
        "y",
        "  = 1.5·2.5",
        "    + 3.5·(-4.5) + 5.5",
        "  = 0.25",
    ]
    assert wrap_equation("a = u⊙c + (1 − u)⊙b", 16) == ["a", "  = u⊙c", "    + (1 − u)⊙b"]
    assert wrap_equation("y = 1.234567·7.654321", 14) == ["y", "  = 1.234567", "    ·7.654321"]


def test_a_broken_text_keeps_the_roles_of_its_parts() -> None:
    text = Marked([("h", "memory"), (" = ", ""), ("1.5", "weight"), (" + ", ""), ("2.5", "result")])
    lines = coloured(text, wrap_equation(text, 10), how="lit")
    assert [[part for part in line if part[1]] for line in lines] == [
        [("h", "memory lit")],
        [("1.5", "weight lit")],
        [("2.5", "result lit")],
    ]


def test_a_range_stays_on_one_line() -> None:
    for span in ("−1 … 1.", "-1 ... 1."):
        for columns in range(10, 40):
            assert any(span in line for line in wrap(f"tanh squeezes each sum into {span}", columns)), columns


@pytest.mark.parametrize("whole", ["m → b", "m -> b", "a⟨t⟩ = Γu⟨t⟩"])
def test_an_arrow_and_a_sign_of_equality_stay_between_their_sides(whole: str) -> None:
    for columns in range(16, 60):
        assert any(whole in line for line in wrap(f"What it says, letter by letter: e, then {whole}, and b", columns))


def test_a_short_bracket_of_a_formula_stays_on_one_line() -> None:
    for columns in range(32, 90):
        assert any("(1 − Γu⟨t⟩)" in line for line in wrap("and a⟨t⟩ = (1 − Γu⟨t⟩)⊙ã⟨t⟩ + Γu⟨t⟩⊙a⟨t−1⟩", columns)), (
            columns
        )


def test_a_formula_in_a_sentence_is_one_piece_where_a_line_has_room_for_it() -> None:
    text = "a step multiplies by Jᵀ = Whhᵀ·diag(1 − h²), as the slopes 1 − a⟨t⟩² do, and costs −ln p + 1; 2 - 1 <= 3"
    for columns in range(24, 90):
        lines = wrap(text, columns)
        for whole in ("Jᵀ = Whhᵀ·diag(1 − h²)", "1 − a⟨t⟩²", "−ln p + 1", "2 - 1"):
            assert any(whole in line for line in lines), (columns, lines)
    for columns in range(14, 24):
        assert not [line for line in wrap(text, columns) if re.search(r" [=−+-]$|ln$", line)], columns


def test_where_bars_have_no_room_beside_equations_the_headings_are_symbols_alone() -> None:
    walk = Walk(pose("hello"), notation="course")
    for columns, equations in ((80, False), (100, True)):
        text = plain(Paper(columns, "utf-8", UNICODE).page(softmax_page(walk)))
        heading = next(line for line in text.splitlines() if "e^zy⟨1⟩" in line)
        assert (" = " in heading) == equations and "q⟨1⟩" in heading and "█" in text


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_a_sign_stands_before_its_matrix_on_its_lines(columns: int) -> None:
    """In a sum of gradients as wide as the screen no line is a sign alone."""
    walk = Walk(pose("recurrent networks", hidden=8), backward=True)
    (page,) = [page for page in pages(walk, Choice()) if page.key == "dWhy"]
    lines = plain(Paper(columns, "utf-8", UNICODE).page(page)).splitlines()
    assert not [line for line in lines if line.strip() in ("+", "+ … +", "=", "·")]


@pytest.mark.parametrize(("spelled", "turned"), [("utf-8", "ᵀ"), ("ascii", "^T")])
def test_a_transposition_stays_with_its_matrix_where_an_equation_goes_on_below(spelled: str, turned: str) -> None:
    walk = Walk(pose("we love deep learning", by="word", hidden=5), backward=True)
    (page,) = [page for page in pages(walk, Choice()) if page.key == "dWxh_3"]
    for columns in range(30, 130, 5):
        lines = plain(Paper(columns, spelled, signs(spelled)).page(page)).splitlines()
        assert not [line for line in lines if line.strip().startswith(turned)], columns
        ends = re.compile(rf"[⎥⎦⎤\]] {re.escape(turned)}")
        assert any(ends.search(line) for line in lines), columns


def test_a_row_of_long_words_is_a_line_on_80_columns() -> None:
    """A shade stays with its number."""
    walk = Walk(pose("not so extraordinarily bad film at all", by="word"))
    (page,) = [page for page in pages(walk, Choice()) if page.title == "The whole text"]
    lines = plain(Paper(80, "utf-8", UNICODE).page(page)).splitlines()
    rows = [line for line in lines if re.match(r"[1-6]  ", line)]
    assert len(rows) == 6 and all(re.search(r"[░▒▓█ ]-?0\.\d{3} …", row) for row in rows)
