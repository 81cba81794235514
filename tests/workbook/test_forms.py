"""The sheet Forms: a GRU's weights under each form, live, against NumPy in that form."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from rnnwalk.errors import InputError
from rnnwalk.layout.sheets import addresses
from rnnwalk.model import pose as posing
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.problem import Problem
from rnnwalk.render.workbook import write_workbook
from rnnwalk.views.cell import in_form
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

from ..examples import reference
from .support import Calculator, Written, near, read, references

NAMES = ("chung2014", "cho2014", "pytorch")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Written]:
    """``exported(form)``: a GRU of that form with all three side by side, drawn once."""

    @cache
    def write(form: str) -> Written:
        walk = Walk(pose("abcab", cell="gru", form=form, hidden=2, seed=3))
        path = tmp_path_factory.mktemp("forms") / "w.xlsx"
        write_workbook(walk, path, forms=True)
        return Written(walk, path, read(path))

    return write


def columns(book: dict, text: str) -> tuple[int, list[str]]:
    """The row whose heading is a text, and the letters of the columns beside it."""
    (row,) = [r for (r, c), cell in book["Forms"].items() if c == 1 and cell.text == text]
    return row, list("CDEFGHIJKL"[: sum(r == row and c >= 3 for r, c in book["Forms"])])


OWN = [("chung2014", "cho2014"), ("cho2014", "chung2014"), ("pytorch", "pytorch")]


@pytest.mark.parametrize(("own", "shown"), [OWN[0], *[pytest.param(*own, marks=pytest.mark.long) for own in OWN[1:]]])
def test_a_form_shows_what_pytorch_makes_of_the_same_weights(own: str, shown: str, tmp_path: Path) -> None:
    """The references of the first two have the same weights, so the workbook of one must hold the answers of the other."""
    problem, path = reference(f"hello-gru-{own}")[0], tmp_path / "w.xlsx"
    other, expected = reference(f"hello-gru-{shown}")
    assert all(
        np.array_equal(mine, theirs)
        for mine, theirs in zip(problem.model.weights, other.model.weights, strict=True)
        if mine is not None
    )
    write_workbook(Walk(problem), path, forms=True)
    book, calculator = read(path), Calculator(path).evaluate()
    row, _ = columns(book, f"ƒ the loss of the word · {shown}")
    assert near(calculator.value(f"Forms!C{row}"), expected["loss"])


@pytest.mark.parametrize("own", sampled(NAMES, "pytorch"))
def test_after_an_edit_every_form_has_numpys_values(own: str, exported: Callable[[str], Written]) -> None:
    walk, path, book = exported(own)
    problem, calculator, address = walk.problem, Calculator(path), addresses(walk)
    random, weights = np.random.default_rng(1), {}
    for name, matrix in problem.model.weights._asdict().items():
        if matrix is not None:
            weights[name] = matrix + random.normal(size=matrix.shape)
            for at in np.ndindex(*matrix.shape):
                calculator.edit(str(address(walk.names.node[name], at)), float(weights[name][at]))
    calculator.edit("Inputs!D6", "a")
    calculator.evaluate()
    model = replace(problem.model, weights=problem.model.weights._replace(**weights))
    walks = {form: Walk(Problem(in_form(model, form), tuple("aacab"))) for form in NAMES}
    for form, edited in walks.items():
        for field, text in (("h", f"↪ the state h · {form}"), ("loss", f"ƒ the loss · {form}")):
            row, letters = columns(book, text)
            assert len(letters) == 4
            for t, letter in enumerate(letters, start=1):
                for r, value in enumerate(edited.at(field, t).value[:, 0].tolist()):
                    assert near(calculator.value(f"Forms!{letter}{row + r}"), value), (form, field, t)
        row, letters = columns(book, f"★ says · {form}")
        assert [calculator.value(f"Forms!{letter}{row}") for letter in letters] == edited.predictions
        if form != own:
            row, letters = columns(book, f"‖h − h({own})‖ · {form}")
            for t, letter in enumerate(letters, start=1):
                gap = np.linalg.norm(edited.at("h", t).value - walks[own].at("h", t).value)
                assert near(calculator.value(f"Forms!{letter}{row}"), float(gap))
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"
    calculator.edit("Inputs!G6", "")
    calculator.evaluate()
    assert [calculator.value(f"Forms!{letter}11") for letter in "CDEF"] == [1, 2, 3, ""]  # steps
    (blank,) = [
        area for area in load_workbook(path)["Forms"].conditional_formatting if area.rules[0].formula == ['C$11=""']
    ]
    row, _ = columns(book, f"★ says · {list(walks)[-1]}")
    assert (
        str(blank.sqref) == f"C12:F{row + 2}"
    )  # down to the last verdict, what is beside an emptied step is not shown


def test_how_far_forms_are_apart_is_written_with_their_numbers(exported: Callable[[str], Written]) -> None:
    _, path, book = exported("chung2014")
    calculator = Calculator(path)
    calculator.edit("Inputs!C13", 0.7)  # the texts follow
    calculator.evaluate()
    told = [str(calculator.value(f"Forms!C{r}")) for (r, c), cell in book["Forms"].items() if "√(" in str(cell.text)]
    assert len(told) == 2
    for text in told:
        before, result = text.removeprefix("letter 2: √").replace("−", "-").replace("²", "**2").split(" = ")
        assert eval(before) ** 0.5 == pytest.approx(float(result), abs=2e-6), text


def test_forms_refers_to_no_empty_cell(exported: Callable[[str], Written]) -> None:
    book = exported("pytorch").book
    for sheet in ("Forms", "Unrolled_chung2014", "Unrolled_cho2014"):
        for cell in book[sheet].values():
            if cell.formula:
                assert all(place[1:] in book[place[0]] for place in references(cell.formula, sheet)), cell.formula


def test_only_a_gru_has_forms_to_compare(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--cell gru"):
        write_workbook(Walk(pose("hello")), tmp_path / "w.xlsx", forms=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "target"),
    [({"classes": "a,b"}, "a"), ({"classes": "a,b"}, None), ({"linear": "a", "at": "last"}, "0.5")],
    ids=["answers once", "nothing known", "numbers"],
)
def test_forms_of_other_tasks_show_what_there_is(options: dict, target: str | None, tmp_path: Path) -> None:
    """The states at each word, and a single answer with its loss, if it is known what is true; equal to walks in each form."""
    problem = posing.pose("not so bad", ModelOptions(cell="gru", hidden=2, by="word", **options), target)
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(problem), path, forms=True)
    book, calculator = read(path), Calculator(path).evaluate()
    for form in NAMES:
        walk = Walk(problem._replace(model=in_form(problem.model, form)))
        row, letters = columns(book, f"↪ the state h · {form}")
        shown = [calculator.value(f"Forms!{letter}{row}") for letter in letters]
        assert (
            all(near(a, float(walk.at("h", t).value[0, 0])) for t, a in enumerate(shown, start=1)) and len(shown) == 3
        )
        texts = {str(cell.text) for (_, c), cell in book["Forms"].items() if c == 1}
        assert (f"ƒ the loss · {form}" in texts) == (target is not None)
        assert (f"★ says · {form}" in texts) == ("classes" in options)
        if target is not None:
            row, _ = columns(book, f"ƒ the loss · {form}")
            assert near(calculator.value(f"Forms!E{row}"), walk.loss)
    assert calculator.value("Start!C7") == "✓ all checks hold"
