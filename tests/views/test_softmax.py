"""The softmax opened: powers, sums and quotients by NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.render.glyphs import UNICODE
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.page import Formula, Lines, Page, Prose, Table
from rnnwalk.views.softmax import softmax
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems, reference
from tests.views.reading import of, only, values


def page(run: Walk, letter: int, digits: int = 12, show: str = "both") -> Page:
    return Page("softmax", softmax(Blocks(run, digits, show), letter))


def steep(*scores: float) -> Walk:
    """A network that gives these scores after every letter, whatever it reads."""
    weights = {"Wxh": [[0.0] * len(scores)], "Whh": [[0.0]], "Why": [[0.0]] * len(scores), "by": list(scores)}
    record = {"vocabulary": list("abcdef"[: len(scores)]), "weights": weights}
    return Walk(pose("ab", weights=parse(record, "a test", "The weights of a test.")))


@settings(max_examples=25)
@given(problems())
def test_the_columns_are_the_powers_and_the_quotients_and_their_sums(problem: Problem) -> None:
    run = Walk(problem)
    for letter in range(1, run.length + 1):
        y = run[f"y_{letter}"].value[:, 0]
        textbook, e = np.exp(y), np.exp(y - y.max())
        *rows, sums = only(page(run, letter), Table).rows
        found = values(cell for row in rows for cell in row[1:5]).reshape(-1, 4).T
        np.testing.assert_allclose(found, [y, textbook, e, e / e.sum()], atol=1e-11)
        np.testing.assert_allclose(values(sums[2:5]), [textbook.sum(), e.sum(), 1], atol=1e-11)


@settings(max_examples=25)
@given(problems())
def test_the_bars_are_the_probabilities(problem: Problem) -> None:
    run = Walk(problem)
    bars = only(page(run, 1), Table).bars
    assert bars is not None
    y = run["y_1"].value[:, 0]
    np.testing.assert_allclose(bars, np.exp(y) / np.exp(y).sum(), rtol=1e-12)
    assert sum(bars) == pytest.approx(1, abs=1e-14)


def test_the_bars_of_hello_are_pytorchs_probabilities() -> None:
    problem, expected = reference("hello-article")
    for letter, step in enumerate(expected["steps"], start=1):
        assert only(page(Walk(problem), letter), Table).bars == pytest.approx(step["p"], rel=1e-12)


@settings(max_examples=25)
@given(problems())
def test_one_row_says_what_is_said_and_one_what_is_true(problem: Problem) -> None:
    run = Walk(problem)
    for letter in range(1, run.length + 1):
        *rows, _ = only(page(run, letter), Table).rows
        vocabulary, y = problem.model.vocabulary, run[f"y_{letter}"].value[:, 0]
        assert [i for i, row in enumerate(rows) if "says" in row[-1]] == [int(np.argmax(y))]
        assert [i for i, row in enumerate(rows) if "truth" in row[-1]] == [vocabulary.index(problem.symbols[letter])]


@pytest.mark.parametrize(
    ("scores", "fits"), [((1, 2), True), ((700, 1), True), ((800, 1), False), ((-800, -900), False)]
)
def test_the_articles_powers_are_left_out_where_a_float_cannot_hold_them(scores, fits: bool) -> None:
    made = page(steep(*scores), 1)
    table = only(made, Table)
    assert ("e^y₁" in table.headings) == fits
    assert {len(row) for row in table.rows} == {len(table.headings)}
    assert any("out of the computer's range" in block.text for block in of(made, Prose)) != fits
    assert table.bars == pytest.approx([1, 0] if scores[0] - scores[1] > 50 else table.bars, abs=1e-12)


def test_of_many_answers_the_likeliest_and_the_truth_have_a_row_and_the_others_are_counted() -> None:
    scores = [float(i % 30) for i in range(600)]  # the likeliest: 29, 59, 89 …, of which the first is said
    record = {
        "vocabulary": [f"w{i}" for i in range(600)],
        "symbols": "word",
        "weights": {"Wxh": [[0.0] * 600], "Whh": [[0.0]], "Why": [[0.0]] * 600, "by": scores},
    }
    made = page(Walk(pose("w1 w330", weights=parse(record, "a test", "The weights of a test."))), 1)
    table = only(made, Table)
    *rows, others, sums = table.rows
    assert [row[0] for row in rows] == [*[f"w{29 + 30 * i}" for i in range(10)], "w330"]
    assert ("says" in rows[0][-1], "truth" in rows[-1][-1]) == (True, True)
    assert others[0] == "… 589 others"
    assert {len(row) for row in table.rows} == {len(table.headings)}
    e = np.exp(np.array(scores) - 29)
    np.testing.assert_allclose(values(sums[3:5]), [e.sum(), 1], atol=1e-11)
    assert table.bars == pytest.approx([*[1 / e.sum()] * 10, e[330] / e.sum()])
    assert {table.of[10, column] for column in (1, 4)} == {("y_1", (330, 0)), ("p_1", (330, 0))}
    assert any("p_1[w0]" in block.text for block in of(made, Prose))


@pytest.mark.parametrize("show", ["symbols", "numbers", "both"])
def test_symbols_are_four_formulas_and_numbers_four_lines(show: str) -> None:
    made = page(Walk(pose("hello")), 3, show=show)
    assert len(of(made, Formula)) == (0 if show == "numbers" else 4)
    lines = of(made, Lines)
    assert len(lines[0].lines) == (2 if show == "symbols" else 4)
    assert len(lines[-1].lines) == 2


def test_the_loss_is_minus_the_logarithm_of_the_share_of_the_truth() -> None:
    _, expected = reference("hello-article")
    for letter, step in enumerate(expected["steps"], start=1):
        lines = of(page(Walk(pose("hello")), letter), Lines)[-1].lines
        expected_loss = pytest.approx(-np.log(step["p"]["helo".index(step["target"])]))
        assert [float(line.split()[-1]) for line in lines] == [expected_loss] * 2


def test_a_probability_that_underflows_is_not_put_into_a_logarithm() -> None:
    made = page(steep(900, 0), 1)
    (line,) = of(made, Lines)[-1].lines
    assert line.endswith(" = 900.000000000000")
    assert "too small for a computer" in of(made, Prose)[-1].text


def test_what_is_said_is_called_right_only_where_it_is() -> None:
    verdicts = [of(page(run, 1), Prose)[2].text for run in (steep(0, 5), steep(5, 0))]
    assert verdicts[0].startswith("It says “b” (99.3 %), which is right.")
    assert verdicts[1].startswith("It says “a” (99.3 %), but the word goes on with “b” (0.7 %).")


def test_the_bars_stay_on_80_columns_where_what_it_says_is_the_truth() -> None:
    made = page(Walk(pose("we love deep learning", by="word", cell="gru")), 2, digits=6)
    (line,) = [line for line in plain(Paper(80, "utf-8", UNICODE).page(made)).splitlines() if "← says, truth" in line]
    assert "█" in line
