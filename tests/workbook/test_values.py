"""The formulas give NumPy's values, the file holds them bit for bit, and an edit moves everything."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.layout.sheets import addresses
from rnnwalk.model.model import build
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.render.workbook import write_workbook
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

from .support import CASES, Calculator, Written, bits, near, places, read, split

some = pytest.mark.parametrize(
    "case", sampled(CASES, "hello", "matrix", "signs", "lstm", "gru", "gru cho2014", "gru pytorch")
)

NUMBERS = st.one_of(
    st.floats(-2, 2), st.floats(-1e-9, 1e-9), st.sampled_from([0.0, -0.0, 1.0, -1.0, 12.5, -30.0, 1e-300, 5e-324])
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Words, vocabularies, sizes and weights; scalar and matrix Whh; with and without biases."""
    vocabulary = tuple(draw(st.lists(st.sampled_from("abcXx =+'*?é本🙂1"), min_size=1, max_size=10, unique=True)))
    hidden = draw(st.integers(1, 10))
    k, scalar = len(vocabulary), draw(st.booleans())

    def matrix(rows: int, columns: int) -> np.ndarray:
        flat = draw(st.lists(NUMBERS, min_size=rows * columns, max_size=rows * columns))
        return np.array(flat, dtype=np.float64).reshape(rows, columns)

    weights = {
        "Wxh": matrix(hidden, k),
        "Whh": matrix(*((1, 1) if scalar else (hidden, hidden))),
        "Why": matrix(k, hidden),
    }
    if draw(st.booleans()):
        weights["bh"] = matrix(1 if scalar else hidden, 1)
    if draw(st.booleans()):
        weights["by"] = matrix(k, 1)
    initial = {"h": matrix(hidden, 1)} if draw(st.booleans()) else None
    form = draw(st.sampled_from(["tanh", "logistic"]))
    model = build("rnn", vocabulary, weights, "test", form=form, initial=initial, origin="Drawn by a test.")
    word = draw(st.lists(st.sampled_from(vocabulary), min_size=2, max_size=6))
    return Problem(model, tuple(word))


@pytest.mark.parametrize("examples", sampled([5, 50], 5))
def test_every_formula_recalculates_to_numpys_value_and_its_own_cache(examples: int, tmp_path: Path) -> None:
    @settings(max_examples=examples)
    @given(problem=problems())
    def holds(problem: Problem) -> None:
        recalculates(problem, tmp_path / "w.xlsx")

    holds()


def recalculates(problem: Problem, path: Path) -> None:
    """Write the workbook, and compare what a calculator makes of it with NumPy's values and with those in the file."""
    walk = Walk(problem)
    write_workbook(walk, path, force=True)
    calculator = Calculator(path).evaluate()
    for address, value in places(walk):
        assert near(calculator.value(address), value), address
    p = [walk.at("p", t).value[:, 0] for t in range(1, walk.length + 1)]
    tied = any(np.sum(each.max() - each < 1e-12) > 1 for each in p)  # then a last bit decides what is named
    for sheet, cells in read(path).items():
        for (row, column), cell in cells.items():
            if cell.formula is None or cell.counts:
                continue
            found = calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column)
            if cell.type == "n":
                assert near(found, float(str(cell.text))), f"{sheet} {row},{column} ={cell.formula}"
            elif not tied:
                assert found == cell.value, f"{sheet} {row},{column} ={cell.formula}"


@pytest.mark.parametrize("cell", sampled(["rnn", "lstm", "gru"], "rnn", "lstm"))
def test_an_extreme_model_is_exported_and_every_calculator_gets_its_loss(cell: str, tmp_path: Path) -> None:
    """p underflows, and the e^-z of a sigmoid overflows a spreadsheet."""
    model = pose("hello", cell=cell, hidden=3).model
    large = {name: w * 1e4 for name, w in model.weights._asdict().items() if w is not None}
    walk, path = (
        Walk(Problem(replace(model, weights=model.weights._replace(**large)), tuple("hello"))),
        tmp_path / "w.xlsx",
    )
    assert min(float(walk.at("p", t).value.min()) for t in range(1, 5)) == 0
    write_workbook(walk, path)
    calculator = Calculator(path).evaluate()
    for address, value in places(walk):
        assert near(calculator.value(address), value), address
    assert calculator.value("Start!C7") == "✓ all checks hold"


def test_a_weight_of_900_leaves_the_workbook_without_an_error(written: Callable[[str], Written]) -> None:
    calculator = Calculator(written("hello").path)
    calculator.edit("Inputs!C27", 900.0)
    calculator.edit("Inputs!C13", 900.0)
    assert calculator.evaluate().value("Start!C7") == "✎ inputs edited; all other checks hold"


@some
def test_the_file_holds_numpys_values_bit_for_bit(case: str, written: Callable[[str], Written]) -> None:
    walk, _, book = written(case)
    for address, value in places(walk):
        sheet, row, column = split(address)
        assert bits(float(str(book[sheet][row, column].text))) == bits(value), address


@some
def test_every_cell_of_a_case_recalculates(case: str, written: Callable[[str], Written]) -> None:
    _, path, book = written(case)
    calculator = Calculator(path).evaluate()
    for sheet, cells in book.items():
        for (row, column), cell in cells.items():
            found = calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column)
            if cell.formula is not None and cell.type == "n":
                assert near(found, float(str(cell.text))), f"{sheet} {row},{column} ={cell.formula}"
            elif cell.formula is not None and not cell.counts:
                assert found == cell.value, f"{sheet} {row},{column} ={cell.formula}"


@pytest.mark.parametrize(
    "case",
    sampled([case for case in CASES if case != "one symbol"], "hello", "signs", "lstm"),
)
def test_after_an_edit_of_weights_and_letters_every_cell_is_that_of_the_edited_model(
    case: str, written: Callable[[str], Written]
) -> None:
    walk, path, book = written(case)
    calculator, address, model = Calculator(path), addresses(walk), walk.problem.model
    random = np.random.default_rng(5)
    weights = {}
    for name, matrix in model.weights._asdict().items():
        if matrix is not None:
            weights[name] = matrix + random.normal(size=matrix.shape)
            for at in np.ndindex(*matrix.shape):
                calculator.edit(str(address(walk.names.node[name], at)), float(weights[name][at]))
    symbols = tuple(random.choice(model.vocabulary, size=walk.length + 1).tolist())
    for step, symbol in enumerate(symbols, start=1):
        letter = address(walk.names.node["x_1"], (0, 0))
        sheet, _, first = split(str(letter))
        calculator.model.update_cell_with_text(calculator.sheets.index(sheet), 6, first + step - 1, shown(symbol))
    edited = Walk(Problem(replace(model, weights=model.weights._replace(**weights)), symbols))
    calculator.evaluate()
    for place, value in places(edited):
        assert near(calculator.value(place), value), place
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"
    texts = {
        str(calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column))
        for sheet, cells in book.items()
        for (row, column), cell in cells.items()
        if cell.formula is not None and sheet == "Walk" and cell.type == "str"
    }
    assert set(map(shown, edited.predictions)) <= texts


@pytest.mark.parametrize("letter", ["H", "", "?", "ll"])  # a capital is another letter
def test_from_a_letter_that_is_not_in_the_vocabulary_on_there_are_no_numbers(
    letter: str, written: Callable[[str], Written]
) -> None:
    """What a column of zeros gives would look like an answer of the network."""
    walk, path, _ = written("hello")
    calculator, address = Calculator(path), addresses(walk)
    calculator.edit("Inputs!E6", letter)  # the third
    calculator.evaluate()
    assert calculator.value("Inputs!E8") == "✗ no"
    told = "✗ not in the vocabulary: see" if letter else "✗ a letter is missing: leave letters empty only at"
    assert str(calculator.value("Start!C7")).startswith(told)
    for node, name in walk.names.labels.items():
        first = {"target": 2, "loss": 2, "Whh_h": 4}.get(name.field, 3)  # letter 3 remembers what was before it
        reached = name.letter is not None and name.letter >= first
        unread = name.field == "target" and name.letter != 2  # the other letters are what they were
        if name.group in ("input", "target", "forward"):
            found = calculator.value(str(address(node, (0, 0))))
            if name.field == "loss" and name.letter is None:
                assert found == "#N/A"
            elif name.field in ("x", "Wxh_x"):
                assert (found == "#N/A") == (name.letter == 3)
            else:
                assert (found == "#N/A") == (reached and not unread), name.key
    assert calculator.value("Unrolled!I58") in walk.names.letters
    assert calculator.value("Unrolled!J58") == "#N/A"  # what it names


def test_what_is_no_number_fails_the_checks_instead_of_passing_for_zero(written: Callable[[str], Written]) -> None:
    calculator = Calculator(written("hello").path)
    for cell in ("Inputs!C13", "Inputs!C34"):  # a weight, and one of h₀, where 0 would be no edit
        sheet, row, column = split(cell)
        index = calculator.sheets.index(sheet)
        before = calculator.value(cell)
        assert isinstance(before, float)
        for text in ("x", "", "'0.5", "TRUE", None):
            if text is None:
                calculator.model.clear_cell_contents(index, row, column)
            else:
                calculator.model.set_user_input(index, row, column, text)
            calculator.evaluate()
            assert calculator.value("Start!C7") == "✗ a framed cell holds no number: see the dark cells on Inputs"
        calculator.edit(cell, before)
    assert calculator.evaluate().value("Start!C7") == "✓ all checks hold"


def test_an_error_in_a_weight_is_counted_as_an_edit(written: Callable[[str], Written]) -> None:
    _, path, book = written("hello")
    calculator = Calculator(path)
    sheet, row, column = split("Inputs!C13")
    calculator.model.set_user_input(calculator.sheets.index(sheet), row, column, "=1/0")
    calculator.evaluate()
    assert str(calculator.value("Start!C7")).startswith("✗ a framed cell holds no number")
    verdicts = [calculator.value(f"Checks!B{r}") for (r, c), cell in book["Checks"].items() if c == 2]
    assert "#DIV/0!" not in verdicts
    assert "edited" in verdicts


def test_an_edit_that_is_taken_back_is_no_edit(written: Callable[[str], Written]) -> None:
    calculator = Calculator(written("hello").path)
    before = float(str(calculator.evaluate().value("Inputs!C13")))
    calculator.edit("Inputs!C13", before + 1)
    assert calculator.evaluate().value("Start!C7") == "✎ inputs edited; all other checks hold"
    calculator.edit("Inputs!C13", before)
    assert calculator.evaluate().value("Start!C7") == "✓ all checks hold"
