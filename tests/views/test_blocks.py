"""How a value was made."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.page import Equation, Formula, Lines, Matrix
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
