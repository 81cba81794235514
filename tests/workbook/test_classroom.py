"""What a class does with a workbook: shorter words, a chosen letter, wild settings, F2."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from rnnwalk.engine.notes import replaced
from rnnwalk.layout.addresses import FIRST, column_letters
from rnnwalk.layout.gradient_flow import SUMMARY
from rnnwalk.layout.one_letter import CHOICE
from rnnwalk.layout.sheets import Layout
from rnnwalk.layout.training import LOSS, TOP, Epochs
from rnnwalk.model import pose as posing
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.problem import Problem
from rnnwalk.model.text_rules import TextRules
from rnnwalk.model.weight_record import parse
from rnnwalk.render.workbook import draw, package, write_workbook
from rnnwalk.render.workbook.complaints import UNKNOWN
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.trace.record import Node
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

from .support import Calculator, Written, blanked, drawn, near, read

LONG_SHORT = [pytest.param(*case, marks=pytest.mark.long) for case in (("rnn", "hell"), ("lstm", "he"))]
LONG_SCREEN = [pytest.param(*case, marks=pytest.mark.long) for case in (("rnn", 3), ("lstm", 4), ("gru", 5))]


@pytest.mark.parametrize(("cell", "word"), [("rnn", "he"), ("gru", "hel"), *LONG_SHORT])
def test_letters_that_are_emptied_at_the_end_leave_the_shorter_word(cell: str, word: str, tmp_path: Path) -> None:
    """Loss, gradients, new weights and training are those of a walk over the shorter word."""
    path, problem = tmp_path / "w.xlsx", pose("hello", cell=cell, hidden=2)
    walk = Walk(problem, backward=True)
    layout = Layout(walk)
    write_workbook(walk, path, epochs=3)
    calculator = Calculator(path)
    for step in range(len(word) + 1, 6):
        calculator.edit(str(layout.letter(step)), "")
    calculator.evaluate()
    shorter = Walk(Problem(problem.model, tuple(word)), backward=True)
    for now, then in [
        (walk.names.node["loss"], shorter.names.node["loss"]),
        *[(walk.gradients[name], shorter.gradients[name]) for name in walk.gradients],
        *[(walk.updated[name], shorter.updated[name]) for name in walk.updated],
    ]:
        for at in np.ndindex(*now.shape):
            assert near(calculator.value(str(layout.home[now].to(at))), float(then.value[at])), (now, at)
    assert near(calculator.value(f"Training!B{TOP}"), shorter.loss)
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"
    assert calculator.value("Unrolled!" + layout.unrolled.drawn[walk.at("h", 4)]._replace(row=4).cell) == ""
    texts = [
        (str(cell.text), str(calculator.value(f"{sheet}!{column_letters(c)}{r}")))
        for sheet in ("Unrolled", "Backprop")
        for (r, c), cell in read(path)[sheet].items()
        if cell.formula and re.match(r"\S+₂\S* = ", str(cell.text))
    ]
    letter = "₂" if len(word) > 2 else "₁"  # of two letters one is read
    for whole, now in texts:
        assert re.match(rf"\S+{letter}\S* = [^#]+$", now) or (now == "" and "ᵗⁱᵐᵉ" in whole and len(word) < 4)


ANSWERED = {
    "article": ("not so bad", {"by": "word", "hidden": 2, "classes": "−,+"}, "+"),
    "lstm": ("a b c d", {"by": "word", "cell": "lstm", "hidden": 2, "classes": "x,y"}, "y"),
    "gru": ("hello", {"cell": "gru", "form": "cho2014", "hidden": 2, "at": "last", "linear": "a,b"}, "1.5,-2"),
    "ranks": ("hello", {"inputs": "ranks", "hidden": 2, "at": "last", "classes": "x,y", "dense": "2:relu"}, "x"),
    "vectors": ("a b c", {"by": "word", "embedding": 2, "cell": "lstm", "hidden": 2, "classes": "x,y"}, "y"),
    "tags": ("the old man", {"by": "word", "cell": "gru", "hidden": 2, "at": "every", "classes": "A,B"}, "A B A"),
}


@pytest.mark.parametrize(
    ("word", "options", "target", "kept"),
    [
        pytest.param(*ANSWERED[name], kept, id=f"{name}-{kept}", marks=() if kept == 2 else pytest.mark.long)
        for name in ANSWERED
        for kept in (2, 1)
    ],
)
def test_words_that_are_emptied_at_the_end_leave_the_shorter_text(
    word: str, options: dict, target: str, kept: int, tmp_path: Path
) -> None:
    """Of a text with targets of its own: the answer, errors, gradients, new weights, training and Gradient flow are those of a
    walk over the shorter one, though a single answer still stands in the last column.
    """
    walk, path = Walk(posing.pose(word, ModelOptions(**options), target), backward=True), tmp_path / "w.xlsx"
    layout, problem, length = Layout(walk), walk.problem, walk.length
    write_workbook(walk, path, epochs=3, gradients=True)
    calculator = Calculator(path)
    for place in range(kept + 1, length + 1):
        calculator.edit(str(layout.letter(place)), "")
    calculator.edit(str(CHOICE), float(kept))
    calculator.evaluate()
    once, given = problem.model.task.at == "last", problem.given or ()
    short = problem._replace(symbols=problem.symbols[:kept], given=given if once else given[:kept])
    other = Walk(short, backward=True)
    pairs = [(walk.names.node["loss"], other.names.node["loss"])]
    for ours, theirs in ((walk.gradients, other.gradients), (walk.updated, other.updated)):
        pairs += [(ours[name], theirs[name]) for name in ours]
    answered = {key for key in walk.names.node if key.endswith(f"_{length}") and once}
    for key, node in other.names.node.items():
        label = other.names.labels[node]
        if label.group in ("forward", "backward") and label.letter and node.op != "input":
            single = f"{label.field}_{length}" in answered and f"{label.field}_1" not in walk.names.node
            pairs.append((walk.names.node[f"{label.field}_{length}" if single else key], node))
    wrong = [
        (walk.names.key(now, at), found, float(then.value[at]))
        for now, then in pairs
        for at in np.ndindex(*then.shape)
        if not near(found := calculator.value(str(layout.home[now].to(at))), float(then.value[at]))
    ]
    assert not wrong and len(pairs) > 20
    for epoch, values in enumerate(Epochs(other, 3).rows()):
        assert near(calculator.value(f"Training!B{TOP + epoch}"), float(values[other.names.node["loss"]][0, 0]))
    arrivals = [each.error["state"].value for each in flow(short).arrivals]
    shown = [calculator.value(f"Gradient flow!{column_letters(FIRST + i)}{SUMMARY}") for i in range(kept)]
    assert all(near(a, b) for a, b in zip(shown, arrivals, strict=True))
    assert "; the target is “" in str(calculator.value("One letter!H2"))
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"
    errors = {
        sheet
        for sheet, cells in read(path).items()
        for r, c in cells
        if str(calculator.value(f"{sheet}!{column_letters(c)}{r}")).startswith("#")
    }
    assert errors <= {"Gradient flow"} | ({"Training"} if not once else set())  # #N/A, which charts leave out


def test_the_chart_of_the_gradient_flow_draws_no_letter_that_is_gone(written: Callable[..., Written]) -> None:
    path = written("hello", gradients=True).path
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "charts/chart" in name]
    (chart,) = [text for text in charts if "logBase" in text]
    ranges = re.findall(r"Gradient flow'!\$([A-Z]+)\$(\d+):\$([A-Z]+)", chart)
    calculator = Calculator(path)
    calculator.edit("Inputs!G6", "")
    calculator.evaluate()
    first, row, last = max(ranges, key=lambda each: int(each[1]))
    cells = range(column_index_from_string(first), column_index_from_string(last) + 1)
    *shown, gone = [calculator.value(f"Gradient flow!{column_letters(c)}{row}") for c in cells]
    assert gone == "#N/A" and len(shown) == 3 and all(isinstance(each, float) for each in shown)
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"


TOGETHER = {
    "rnn": (["hello", "lehol"], {"hidden": 2}, None, (5, 3)),
    "lstm": (["hello", "lehol", "ollhe"], {"cell": "lstm", "hidden": 2}, None, (2, 5, 3)),
    "answers once": (
        ["good not bad very", "not very good bad"],
        {"cell": "gru", "hidden": 2, "by": "word", "classes": "−,+", "at": "last"},
        ["+", "−"],
        (3, 1),
    ),
    "tags": (
        ["good not bad", "not bad good"],
        {"by": "word", "at": "every", "classes": "A,B"},
        ["A B A", "B B A"],
        (1, 2),
    ),
}


@pytest.mark.parametrize("case", sampled([*TOGETHER], "rnn", "answers once"))
def test_of_words_side_by_side_each_ends_where_its_own_last_letters_are_emptied(case: str, tmp_path: Path) -> None:
    """The numbers are those of walks over each word alone; the loss and the gradients are their sums."""
    words, options, targets, kept = TOGETHER[case]
    walk, path = Walk(posing.pose(words, ModelOptions(**options), targets), backward=True), tmp_path / "w.xlsx"
    layout, once = Layout(walk), walk.problem.model.task.at == "last"
    write_workbook(walk, path, epochs=2, gradients=True)
    calculator, alone = Calculator(path), list[Walk]()
    for which, (one, count) in enumerate(zip(walk.problem.sequences, kept, strict=True)):
        for step in range(count + 1, len(one.symbols) + 1):
            calculator.edit(str(layout.letter(layout.place(step, which))), "")
        given = one.given if once or one.given is None else one.given[:count]
        alone.append(Walk(one._replace(symbols=one.symbols[:count], given=given), backward=True))
    calculator.evaluate()

    def shown(node: Node, at: tuple[int, int]) -> object:
        return calculator.value(str(layout.home[node].to(at)))

    assert near(shown(walk.names.node["loss"], (0, 0)), sum(each.loss for each in alone))
    assert near(calculator.value(f"Training!B{TOP}"), sum(each.loss for each in alone))
    for name, node in walk.gradients.items():
        for at in np.ndindex(*node.shape):
            assert near(shown(node, at), sum(float(each.gradients[name].value[at]) for each in alone)), (name, at)
    compared = 0
    for which, each in enumerate(alone):
        for key, node in each.names.node.items():
            label = each.names.labels[node]
            learned = node.op == "input" or "weight_grads" in node.path
            if label.group in ("forward", "backward") and label.letter and not learned:
                single = f"{label.field}_1" not in walk.names.node
                ours = walk.names.node[f"{label.field}_{walk.length}" if single else key]
                for row in range(node.shape[0]):
                    assert near(shown(ours, (row, which)), float(node.value[row, 0])), (which, key)
                    compared += 1
        for step, arrival in enumerate(flow(each.problem).arrivals, start=1):
            column = column_letters(FIRST + layout.place(step, which) - 1)
            assert near(calculator.value(f"Gradient flow!{column}{SUMMARY}"), arrival.error["state"].value)
    assert compared > 40
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"


def test_words_side_by_side_say_which_has_a_gap_and_which_letters_are_gone(tmp_path: Path) -> None:
    walk, path = Walk(posing.pose(["hello", "lehol"], ModelOptions(hidden=2))), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    calculator = Calculator(path)
    calculator.edit("Inputs!L6", "")  # of lehol
    calculator.edit(str(CHOICE), 4.0)
    assert calculator.evaluate().value("Start!A1") == "A recurrent network reads “hello | leho”"
    assert calculator.value("One letter!H2") == "It reads “l | –”; the true next letter is “o | –”."
    gone = {column for row, column in blanked(calculator, path, "Unrolled") if row > 5}
    assert gone == {Layout(walk).unrolled.last}
    calculator.edit("Inputs!H6", "")
    assert (
        calculator.evaluate().value("Start!C7")
        == "✗ a letter is missing: leave letters empty only at the end of a word"
    )
    for place in "FHJL":
        calculator.edit(f"Inputs!{place}6", "")
    assert calculator.evaluate().value("Start!C7") == "✗ a word is too short: two letters are needed"


def test_of_words_side_by_side_no_text_is_told_of_one_that_has_ended(tmp_path: Path) -> None:
    """Nor of one that stays, a longer formula than Excel takes."""
    walk, path = Walk(posing.pose(["planet", "tanple"], ModelOptions(hidden=2)), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, gradients=True)
    book, calculator = read(path), Calculator(path)
    assert max(len(cell.formula or "") for cells in book.values() for cell in cells.values()) <= 8192
    for place in "GIKM":  # of planet
        calculator.edit(f"Inputs!{place}6", "")
    calculator.evaluate()
    told = {str(calculator.value(f"Walk!A{row}")) for row, c in book["Walk"] if c == 1}
    assert any("₁" in text and " = 0." in text for text in told)
    assert not [text for text in told if re.search(r"[₂₃₄₅].* = \S*\d$", text)]


def test_numbers_after_a_letter_that_is_written_from_the_right_are_read_from_the_left(tmp_path: Path) -> None:
    write_workbook(Walk(pose("שלום", hidden=2)), tmp_path / "w.xlsx")
    told = [str(cell.text) for cell in read(tmp_path / "w.xlsx")["Walk"].values() if cell.formula]
    (y,) = [text for text in told if text.startswith("y₁[")]
    assert y.startswith("y₁[ש]\u200e = ")  # U+200E is a mark that nobody sees


@pytest.mark.parametrize("options", [{"cell": "lstm"}, {}])
def test_no_formula_takes_a_power_of_a_cell_as_that_of_a_tiny_number_is_an_error_in_libreoffice(
    options: dict, tmp_path: Path
) -> None:
    walk, path = (
        Walk(pose("hello", hidden=2, **options), backward=True, optimiser="adam", clip=0.5),
        tmp_path / "w.xlsx",
    )
    write_workbook(walk, path, epochs=2, gradients=True)
    formulas = [cell.formula for cells in read(path).values() for cell in cells.values() if cell.formula]
    assert len(formulas) > 1000
    assert not [text for text in formulas if re.search(r"[A-Z]\d+\)?\^2", text)]
    texts = [str(cell.text) for cells in read(path).values() for cell in cells.values() if cell.formula]
    assert any("√(" in text for text in texts) and not [text for text in texts if re.search(r"[ (]−[\de.−]+²", text)]


def test_numbers_that_are_almost_0_are_put_in_as_0_where_a_root_is_taken_of_them(tmp_path: Path) -> None:
    """LibreOffice cannot divide by a power of ten below 1E-308; what an optimiser remembers of squares is shown in powers."""
    model = pose("anna", cell="lstm", hidden=2, seed=4).model
    shut = replace(model, weights=model.weights._replace(bo=np.array([[-700.0], [0.1]])))
    walk = Walk(posing.pose("anna", ModelOptions(weights=shut)), backward=True, optimiser="adam", clip=1.0)
    write_workbook(walk, tmp_path / "w.xlsx")
    sheet = read(tmp_path / "w.xlsx")["Backprop"]
    texts = [str(cell.text) for cell in sheet.values() if cell.formula and "√(" in str(cell.text)]
    assert len(texts) > 4 and not [text for text in texts if re.search(r"e−30\d", text)]
    formulas = " ".join(str(cell.formula) for cell in sheet.values())
    assert "*1E+300<1" in formulas


def test_a_gap_in_the_word_and_a_single_letter_are_no_shorter_word(written: Callable[[str], Written]) -> None:
    calculator = Calculator(written("hello").path)
    calculator.edit("Inputs!E6", "")
    told = "✗ a letter is missing: leave letters empty only at the end of the word"
    assert calculator.evaluate().value("Start!C7") == told
    calculator.edit("Inputs!E6", "z")
    assert str(calculator.evaluate().value("Start!C7")).startswith("✗ not in the vocabulary")
    for place in "DEFG":
        calculator.edit(f"Inputs!{place}6", "")
    assert calculator.evaluate().value("Start!C7") == "✗ the word is too short: two letters are needed"


def test_of_a_word_of_one_letter_the_numbers_put_in_are_those_of_that_letter(written: Callable[[str], Written]) -> None:
    walk, path, book = written("hello")
    calculator = Calculator(path)
    for place in "EFG":
        calculator.edit(f"Inputs!{place}6", "")
    calculator.evaluate()
    told = [str(calculator.value(f"Unrolled!{column_letters(c)}{row}")) for row, c in book["Unrolled"]]
    (h,) = [text for text in told if text.startswith("h₁[1] = ")]
    assert h.startswith("h₁[1] = tanh(") and h.endswith(f" = {walk['h_1'].value[0, 0]:.6f}")
    assert not [text for text in told if "₂" in text]


def test_gradient_flow_of_a_word_of_one_letter_says_what_a_fresh_workbook_of_it_says(tmp_path: Path) -> None:
    """But for what stands at the last letter alone, whose text is empty once that is another one."""
    problem = pose("badce", cell="gru", hidden=2)
    told = []
    for word, emptied in (("badce", "EFG"), ("ba", "")):
        path = tmp_path / f"{word}.xlsx"
        write_workbook(Walk(Problem(problem.model, tuple(word)), backward=True), path, gradients=True)
        calculator = Calculator(path)
        for column in emptied:
            calculator.edit(f"Inputs!{column}6", "")
        calculator.evaluate()
        texts = [str(calculator.value(f"Gradient flow!A{row}")) for (row, c) in read(path)["Gradient flow"] if c == 1]
        told.append({text for text in texts if re.match(r"\S+₁\[\w\] = [^A-Za-z]*\d", text)})
    shortened, fresh = told
    assert len(shortened) > 10 and shortened <= fresh
    assert all(re.match(r"(y|q|p|∂L/∂y|∂L/∂h)₁", text) for text in fresh - shortened)


@pytest.mark.parametrize("case", sampled(["hello", "lstm", "gru"], "lstm"))
def test_one_letter_shows_the_letter_that_is_chosen(case: str, written: Callable[[str], Written]) -> None:
    walk, path, book = written(case)
    calculator = Calculator(path)
    for letter in range(1, walk.length + 1):
        calculator.edit(str(CHOICE), float(letter))
        calculator.evaluate()
        found = [
            calculator.value(f"One letter!{column}{row}")
            for (row, c), cell in book["One letter"].items()
            if cell.formula and cell.type == "n"
            for column in [chr(64 + c)]
        ]
        for field in ("h", "y", "p", "loss"):
            for value in walk.at(field, letter).value[:, 0].tolist():
                assert any(near(each, value) for each in found), (letter, field)


@pytest.mark.parametrize("cell", sampled(["rnn", "lstm"], "lstm"))
def test_one_letter_of_several_words_is_chosen_from_a_list_of_steps_each_once(cell: str, tmp_path: Path) -> None:
    walk = Walk(pose(["hello", "holle", "hoell"], cell=cell))
    write_workbook(walk, tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["One letter"]
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("list", '"1,2,3,4"', CHOICE.cell)
    calculator = Calculator(tmp_path / "w.xlsx")
    for letter in range(1, walk.length + 1):
        calculator.edit(str(CHOICE), float(letter))
        calculator.evaluate()
        read, true = (" | ".join(word[at] for word in ("hello", "holle", "hoell")) for at in (letter - 1, letter))
        told = f"It reads “{read}”; the true next letter is “{true}”."
        assert (
            str(calculator.value("One letter!H2")).removesuffix(" Weights that have no room here stand on Walk.")
            == told
        )
        found = [
            calculator.value(f"One letter!{cell.coordinate}") for row in sheet.iter_rows(min_row=4) for cell in row
        ]
        for field in ("h", "y", "p", "loss"):
            for value in walk.at(field, letter).value.ravel().tolist():
                assert any(isinstance(each, float) and near(each, value) for each in found), (letter, field)


def test_the_numbers_put_in_follow_an_edit(written: Callable[[str], Written]) -> None:
    """The article's own line, then with another weight: Wxh[1,e] = 1."""
    path = written("hello").path
    calculator = Calculator(path).evaluate()
    line = written("hello").walk["h_2[1]"].numbers
    place = "Unrolled!F27"
    assert calculator.value(place) == "h₂[1] = tanh(0.846060 + 0.863014) = 0.936534"
    assert str(calculator.value(place)).split(" = ")[-1] == line.split(" = ")[-1]
    calculator.edit("Inputs!D13", 1.0)
    assert calculator.evaluate().value(place) == f"h₂[1] = tanh(1.000000 + 0.863014) = {np.tanh(1.8630138):.6f}"


def test_a_long_sum_with_its_numbers_put_in_says_how_many_terms_it_leaves_out(tmp_path: Path) -> None:
    """Of Whh·h₁ with six units; the sum has all of them, also after one that is left out was edited: Whh[1,3] = 1."""
    walk = Walk(pose("hello", hidden=6, seed=1))
    write_workbook(walk, tmp_path / "w.xlsx")
    calculator = Calculator(tmp_path / "w.xlsx").evaluate()
    place = "Unrolled!I23"
    shown = "−0.330000·(−0.327477) + 0.010000·(−0.069886) + … 3 more … + 0.370000·(−0.345214) + (−0.030000)"
    assert calculator.value(place) == f"(Whh·h₁ + b)[1] = {shown} = 0.121661"
    calculator.edit("Inputs!E22", 1.0)
    edited = walk["Whh_h_2"].value[0, 0] + (1 + 0.27) * walk["h_1"].value[2, 0]
    shown = str(calculator.evaluate().value(place)).partition(" = ")[2]
    assert shown.endswith(f"+ … 3 more … + 0.370000·(−{-walk['h_1'].value[5, 0]:.6f}) + (−0.030000) = {edited:.6f}")


def test_negative_numbers_in_a_list_have_no_brackets_like_on_the_terminal(tmp_path: Path) -> None:
    walk = Walk(pose("hello", hidden=2, seed=3))
    write_workbook(walk, tmp_path / "w.xlsx")
    texts = [str(cell.text) for cell in read(tmp_path / "w.xlsx")["Unrolled"].values() if cell.formula]
    (shown,) = [text for text in texts if " = max(" in text]
    assert shown == walk["m_2"].numbers.replace("-", "−") and ", −" in shown


def test_a_huge_number_is_put_in_as_a_power_of_ten(written: Callable[..., Written]) -> None:
    """Of Why[h,1]·h₂[1] + …, edited and in a new workbook. 1e99 in six decimals has 107 characters."""
    calculator, problem = Calculator(written("hello").path), pose("hello")
    for weight, shown in (
        (1e99, "1.00000e+99·0.936534"),
        (-6.098976e123, "−6.09898e+123·0.936534"),
        (9.9999961e9, "1.00000e+10·0.936534"),
        (-1234567.25, "−1234567.250000·0.936534"),
        (-4e-7, "−4.00000e-07·0.936534"),
        (1e-310, "0.000000·0.936534"),
    ):
        calculator.edit("Inputs!C27", weight)
        found = str(calculator.evaluate().value("Unrolled!F32"))
        assert found.startswith(f"y₂[h] = {shown} + 0.974829·")
        Why = problem.model.weights.Why.copy()
        Why[0, 0] = weight
        model = replace(problem.model, weights=replaced(problem.model.weights, Why=Why))
        book = draw(Walk(problem._replace(model=model)))
        assert book["Unrolled"].cell(32, 6).value.value == found


@pytest.mark.parametrize(("value", "says"), [("two", "✗ 'Gradient flow'!C4 holds no number"), (2.0, "✎ inputs edited")])
def test_the_scale_of_gradient_flow_is_checked_and_counted(
    value: float | str, says: str, written: Callable[..., Written]
) -> None:
    calculator = Calculator(written("hello", gradients=True).path)
    calculator.edit("Gradient flow!C4", value)
    assert str(calculator.evaluate().value("Start!C7")).startswith(says)


def test_a_weight_whose_square_no_sheet_can_hold_is_no_failed_check(written: Callable[[str], Written]) -> None:
    calculator = Calculator(written("hello").path)
    calculator.edit("Inputs!C13", 1e200)
    assert calculator.evaluate().value("Start!C7") == "✎ inputs edited; all other checks hold"


@pytest.mark.parametrize(("case", "more"), [("gru pytorch", {"forms": True}), ("hello", {"gradients": True})])
def test_checks_looks_at_every_sheet(case: str, more: dict[str, bool], written: Callable[..., Written]) -> None:
    book = written(case, **more).book
    looked = " ".join(str(cell.text) for cell in book["Checks"].values())
    assert set(re.findall("No cell on (.*?) is an error", looked)) == set(book) - {"Start", "Checks"}


@pytest.mark.parametrize("rate", sampled([1e308, 1e307], 1e308))
def test_training_that_overflows_in_the_sheet_is_named_by_checks(rate: float, tmp_path: Path) -> None:
    """By the first epoch without a loss, also where later ones have one; what would be an error is #N/A or empty."""
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=20)
    calculator = Calculator(path)
    calculator.edit(str(Layout(walk).home[walk.names.node["rate"]]), rate)
    calculator.evaluate()
    losses = [calculator.value(f"Training!B{TOP + epoch}") for epoch in range(20)]
    first = 1 + next(epoch for epoch, loss in enumerate(losses) if not isinstance(loss, float))
    told = f"✗ training overflows in epoch {first}: take a smaller learning rate"
    assert calculator.value("Start!C7") == calculator.value("Training!A4") == told
    assert losses[first - 1 :] == ["#N/A"] * (21 - first)  # what comes later is meaningless
    summary = [calculator.value(f"Training!{column}{TOP + first - 1}") for column in "BCDEFG"]
    assert summary == ["#N/A", "", "#N/A", "#N/A", "#N/A", "#N/A"]
    assert LOSS == 2


def test_a_forward_pass_that_overflows_is_not_blamed_on_the_learning_rate(tmp_path: Path) -> None:
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=2)
    calculator = Calculator(path)
    for at in range(3):
        calculator.edit(str(Layout(walk).home[walk.names.node["Why"]].to((0, at))), 1.7e308)
    calculator.evaluate()
    told = "✗ the forward pass overflows: take smaller weights"
    assert calculator.value("Start!C7") == calculator.value("Training!A4") == told


def test_a_weight_near_the_largest_number_of_a_sheet_is_no_overflow_where_no_cell_is_an_error(tmp_path: Path) -> None:
    """tanh saturates; but the sum over a sheet on which the weight stands several times would be too large."""
    walk, path = Walk(pose("hello", hidden=2), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=2)
    calculator = Calculator(path)
    calculator.edit(str(Layout(walk).home[walk.names.node["Wxh"]]), 1e308)
    assert calculator.evaluate().value("Start!C7") == "✎ inputs edited; all other checks hold"


def test_a_way_back_that_overflows_names_the_sheet_where_it_does(tmp_path: Path) -> None:
    """Each number of Why is one that a sheet can hold, and so is each score; their errors' sum is not."""
    walk, path = Walk(pose("hello", hidden=2), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, gradients=True)
    calculator, home = Calculator(path), Layout(walk).home
    for at in ((0, 0), (1, 0), (2, 0), (3, 0)):
        calculator.edit(str(home[walk.names.node["Why"]].to(at)), 1.2e308 if at[0] % 2 else -1.2e308)
    for name in ("Wxh", "bh"):
        for at in np.ndindex(*walk.names.node[name].shape):
            calculator.edit(str(home[walk.names.node[name]].to(at)), 1e-300)
    calculator.evaluate()
    told = "✗ a cell on Backprop is an error: undo what was changed, or take smaller weights"
    assert calculator.value("Start!C7") == told


def test_a_large_total_that_is_not_the_sum_of_its_terms_fails_the_checks(tmp_path: Path) -> None:
    """Of gradients of about 1E5 a millionth is 0.1. No square of them is looked at: LibreOffice has none of 1E200."""
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    layout, calculator = Layout(walk), Calculator(path)
    calculator.edit(str(layout.home[walk.names.node["Why"]]), 1e6)
    assert calculator.evaluate().value("Start!C7") == "✎ inputs edited; all other checks hold"
    total = str(layout.home[walk.names.node["dWxh"]].to((0, 1)))
    calculator.edit(total, float(str(calculator.value(total))) * (1 + 1e-6))
    assert str(calculator.evaluate().value("Start!C7")).startswith("✗ a check fails")
    checks = read(path)["Checks"]
    sums = [row for row, column in checks if column == 1 and " is the sum of what " in str(checks[row, 1].text)]
    assert sums and not any("SUMSQ" in str(checks[row, 2].formula) for row in sums)


def test_on_each_sheet_a_formula_that_was_typed_over_is_noticed_even_by_its_own_value(
    libreoffice: Callable[..., Path], tmp_path: Path
) -> None:
    walk, path = Walk(pose("noon", cell="gru", hidden=2), backward=True), tmp_path / "w.xlsx"
    file = draw(walk, epochs=2, gradients=True, forms=True)
    typed = set()
    for sheet in file:
        formulas = [cell for cell in sheet._cells.values() if isinstance(cell._value, package.Live)]
        if formulas and sheet.title not in ("Start", "Checks"):
            formulas[-1]._value = formulas[-1]._value.value
            typed.add(sheet.title)
    with path.open("wb") as out:
        package.save(file, out)
    texts = {str(cell.text): row for (row, column), cell in read(path)["Checks"].items() if column == 1}
    rows = {text: row for text, row in texts.items() if "was typed over" in text}
    found = read(libreoffice(path))
    assert {"Inputs", "One letter", "Forms", "Unrolled_pytorch", "Gradient flow"} <= typed
    assert rows.keys() == {f"No formula on {title} was typed over" for title in typed}
    assert {found["Checks"][row, 2].value for row in rows.values()} == {False}
    assert found["Start"][7, 3].value == "✗ a formula on Inputs was typed over: undo that, or export again"
    calculator = Calculator(path).evaluate()  # it cannot count formulas, and says neither
    assert {calculator.value(f"Checks!B{row}") for row in rows.values()} == {"–"}


def test_what_is_wrong_with_an_input_is_said_on_every_sheet_and_no_statement_stands_beside_errors(
    tmp_path: Path,
) -> None:
    walk, path = Walk(pose("hello"), backward=True, clip_value=0.3), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=3, gradients=True)
    layout, calculator = Layout(walk), Calculator(path)
    rate, bound, weight = (str(layout.home[walk.names.node[name]]) for name in ("rate", "bound", "Whh"))
    flow = "✗ an input is wrong: see Start"
    for cell, value, told, verdict in (
        (weight, "abc", "✗ a framed cell holds no number: see the dark cells on Inputs", flow),
        ("Inputs!E6", "z", "✗ not in the vocabulary: see the cells marked ✗ on Inputs", flow),
        (rate, "0,1", f"✗ the learning rate is no number: see {rate}", "vanishing"),
        (rate, 0.0, f"✗ the learning rate must be greater than 0: see {rate}", "vanishing"),
        (bound, -0.3, f"✗ the largest number of the gradient must be greater than 0: see {bound}", "vanishing"),
    ):
        kept = calculator.value(cell)
        calculator.edit(cell, value)
        calculator.evaluate()
        assert [calculator.value(place) for place in ("Start!C7", "Training!A5")] == [told, told]
        assert calculator.value("Gradient flow!D6") == verdict
        if verdict == flow:
            assert [calculator.value(f"Gradient flow!{place}") for place in ("C6", "C10", "C11")] == [""] * 3
        calculator.edit(cell, kept)


def test_of_equal_probabilities_the_first_is_named_everywhere(tmp_path: Path) -> None:
    """Scores that differ in their last bit: 0.1 + 0.2 is not 0.3, and programs round such sums each in its own way."""
    weights = {"Wxh": [[0.0] * 3], "Whh": [[0.0]], "Why": [[0.0]] * 3, "by": [0.3, 0.1 + 0.2, -1.0]}
    walk = Walk(pose("abc", weights=parse({"vocabulary": list("abc"), "weights": weights}, "a test", "Of a test.")))
    assert walk.predictions == ["a", "a"]
    write_workbook(walk, tmp_path / "w.xlsx")
    calculator = Calculator(tmp_path / "w.xlsx").evaluate()
    p = Layout(walk).unrolled.drawn[walk.at("p", 1)]
    assert calculator.value(f"Unrolled!{p.to((4, 0)).cell}") == "a"


def test_nothing_speaks_of_a_letter_that_is_gone(written: Callable[..., Written]) -> None:
    walk, path, _ = written("hello")
    calculator = Calculator(path)
    calculator.edit("Inputs!G6", "")
    calculator.edit(str(CHOICE), 4.0)
    calculator.evaluate()
    place = Layout(walk).unrolled.drawn[walk.names.node["loss"]]
    assert "0.000000" not in str(calculator.value(f"Unrolled!F{place.row + 1}"))
    assert str(calculator.value(f"Unrolled!F{place.row + 1}")).endswith(" = 5.244759")
    assert calculator.value("One letter!H2") == "The word ends before this letter: choose another."


def test_a_shortened_sentence_ends_where_it_ends(tmp_path: Path) -> None:
    """No blank after its last word, no … for what is not left out, no letter 5 and no axis of 0 on Gradient flow."""
    walk, path = Walk(pose("we love working on deep learning", by="word", hidden=2), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=2, gradients=True)
    calculator, place = Calculator(path), Layout(walk).unrolled.drawn[walk.names.node["loss"]]
    for letter in "FGH":
        calculator.edit(f"Inputs!{letter}6", "")
    calculator.evaluate()
    assert calculator.value("Start!A1") == "A recurrent network reads “we love working”"
    said = str(calculator.value(f"Training!C{TOP}"))
    assert said == said.strip() and len(said.split()) == 2
    (total,) = [
        str(calculator.value(f"Unrolled!{column_letters(c)}{r}"))
        for (r, c), cell in read(path)["Unrolled"].items()
        if r == place.row + 1 and cell.formula
    ]
    assert re.fullmatch(r"loss = [\d.]+ \+ [\d.]+ = [\d.]+", total)
    assert [calculator.value(f"Training!{letter}8") for letter in "DEFG"] == [
        "we (1)",
        "love (2)",
        "no word 3",
        "no word 4",
    ]
    assert str(calculator.value("Gradient flow!A2")).startswith("L is the loss at word 2 alone;")
    assert [calculator.value(f"Gradient flow!{letter}8") for letter in "CDEFG"] == ["we", "love", "", "", ""]


def test_the_loss_of_a_single_letter_is_written_once(written: Callable[..., Written]) -> None:
    """Of a word that has only one to answer, and of one that is shortened so far."""
    for word, gone in (("one symbol", ""), ("hello", "EFG"), ("hello", "FG")):
        walk, path, _ = written(word)
        calculator, unrolled = Calculator(path), Layout(walk).unrolled
        place = unrolled.drawn[walk.names.node["loss"]]
        for letter in gone:
            calculator.edit(f"Inputs!{letter}6", "")
        calculator.evaluate()
        told = str(calculator.value(f"Unrolled!{column_letters(unrolled.before - 1)}{place.row + 1}"))
        loss = f"{calculator.value(str(place)):.6f}"
        assert (told == f"loss = {loss}") == (gone != "FG")
        assert told.endswith(f" = {loss}")


def test_the_steps_of_the_first_letter_have_the_numbers_that_they_have_on_walk(
    written: Callable[[str], Written],
) -> None:
    calculator = Calculator(written("hello").path)
    book = written("hello").book["One letter"]
    titles = [f"One letter!{chr(64 + c)}{r}" for (r, c), cell in book.items() if str(cell.text).startswith("Step ")]
    for letter, numbers in ((1, ["1", "2", "3", "6", "7"]), (2, ["4a", "4b", "5", "6", "7"])):
        calculator.edit(str(CHOICE), float(letter))
        calculator.evaluate()
        assert sorted({str(calculator.value(title)).split()[1] for title in titles}) == numbers


@pytest.mark.parametrize(("cell", "hidden"), [("lstm", 5), *LONG_SCREEN])
def test_the_steps_of_a_letter_stand_on_one_screen_and_one_page(cell: str, hidden: int) -> None:
    """On 1366 × 768 some 520 pixels are left for the cells, at the sheet's zoom; its smallest text has 12 points."""
    sheet = drawn("banana", cell=cell, hidden=hidden, seed=3)["One letter"]
    high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, sheet.max_row + 1))
    assert high * sheet.sheet_view.zoomScale / 100 <= 520
    assert not sheet.row_breaks.brk
    assert 12 * sheet.page_setup.scale / 100 >= 8
    texts = [str(getattr(cell.value, "text", "")) for row in sheet.iter_rows(1) for cell in row]
    assert sum("The scores" in text for text in texts) == 1


@pytest.mark.parametrize("hidden", sampled([12, 14], 12))
def test_what_a_letter_of_many_units_ends_with_stays_on_the_screen(hidden: int) -> None:
    """What has no room even at the smallest zoom: the answer and the loss stand in the rows that do not move."""
    sheet = draw(Walk(pose("banana", cell="lstm", hidden=hidden)))["One letter"]
    assert (sheet.sheet_view.zoomScale, sheet.freeze_panes) == (60, "A3")
    assert sheet["A1"].value == "One letter: its steps"  # and not: on one screen
    assert {"★ It says", "ƒ The loss: ln S + m − y of the truth"} <= {cell.value for cell in sheet[1]}


def test_what_is_said_in_the_first_row_is_blank_for_a_word_that_is_not_the_last() -> None:
    """The network answers once: before the last word it says nothing, and has no loss of 0.0000."""
    asked = ModelOptions(by="word", classes="negative,positive", embedding=3, cell="gru", hidden=14)
    sheet = draw(Walk(posing.pose("not so bad", asked, "positive")))["One letter"]
    told = {(1, cell.column) for cell in sheet[1][1:] if cell.value is not None}
    assert len(told) == 5
    (blank,) = [
        found.sqref
        for found in sheet.conditional_formatting
        if any(rule.formula[0].startswith(f"{CHOICE.local}<>") for rule in found.rules)
    ]
    blanked = {at for area in blank.ranges for row in area.rows for at in row}
    assert told < blanked and (1, 1) not in blanked


@pytest.mark.parametrize(("notation", "shown"), [("article", "[h]"), ("course", "[a]")])
def test_of_two_states_walk_says_what_each_is(notation: str, shown: str) -> None:
    """What an LSTM carries is not the same twice: the cell state, and what the output gate shows of it."""
    sheet = draw(Walk(pose("ab", cell="lstm", hidden=2), notation=notation))["Walk"]
    told = {row[0].value: row[1].value for row in sheet.iter_rows(5, 40, 2, 3) if str(row[0].value).startswith("[")}
    assert "the new cell state, carried to the next letter. A plain sum" in told["[c]"]
    assert "the new hidden state, carried to the next letter. What the output gate lets through" in told[shown]


def test_start_proposes_to_change_a_number_whose_name_is_not_read_as_a_word() -> None:
    """Not “Change by in …”; and a bias is often 0 already."""
    told = [str(row[1].value) for row in draw(Walk(pose("hello", hidden=3, seed=3)))["Start"].iter_rows(19)]
    assert any(text.startswith("Change Whh[1,1] in Inputs!C19 to 0 or to 2") for text in told)


@pytest.mark.parametrize(
    ("word", "options"),
    [
        ("banana", {"cell": "lstm", "hidden": 4, "seed": 3}),  # its forget gate has no memory at the one b
        (None, {"example": "pizza"}),  # whose smallest matrix begins with a 0
    ],
)
def test_the_change_that_start_proposes_moves_what_is_to_be_watched(
    word: str | None, options: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(pose(word, **options)), path)
    told = " ".join(str(cell.text) for cell in read(path)["Start"].values())
    found = re.search(r"Change \S+ in (Inputs!\w+) to (\d) or to (\d), and watch the loss in (Unrolled!\w+)", told)
    assert found
    calculator = Calculator(path)
    losses = [calculator.value(found[4])]
    for to in (found[2], found[3]):
        calculator.edit(found[1], float(to))
        losses.append(calculator.evaluate().value(found[4]))
    assert len({f"{loss:.4f}" for loss in losses}) == 3


def test_one_letter_shows_what_follows_from_the_last_word_alone_for_that_word(tmp_path: Path) -> None:
    """The scores, the probabilities and the loss: where sentiment.json answers; another word says where to find them."""
    walk, path = Walk(pose(example="sentiment")), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    cells, calculator = read(path)["One letter"], Calculator(path)
    (rule,) = [
        rule
        for found in openpyxl.load_workbook(path)["One letter"].conditional_formatting
        for rule in found.rules
        if rule.formula and rule.formula[0].startswith(f"{CHOICE.local}<>")
    ]
    assert rule.dxf.numFmt.formatCode == ";;;"
    for word in (walk.length, 1):
        calculator.edit(str(CHOICE), float(word))
        calculator.evaluate()
        told = str(calculator.value("One letter!H2"))
        found = [calculator.value(f"One letter!{column_letters(c)}{row}") for row, c in cells if cells[row, c].formula]
        assert not any(str(each).startswith("#") for each in found)
        assert all(any(near(each, value) for each in found) for value in walk.at("h", word).value[:, 0].tolist())
        if word == walk.length:
            assert "; the target is “positive”. Weights that have no room here stand on Walk." in told
            assert {"positive", "✓"} <= set(map(str, found))
            for field in ("y", "p", "loss"):
                assert all(
                    any(near(each, value) for each in found) for value in walk.at(field, word).value[:, 0].tolist()
                )
        else:
            assert told.endswith(f"The answer comes after the last word: choose {walk.length}.")


def test_where_no_word_can_be_left_out_as_texts_are_padded_inputs_and_start_say_so(tmp_path: Path) -> None:
    asked = ModelOptions(by="word", classes="no,yes", vocab="<pad> so good bad", hidden=2)
    model = posing.pose("so good bad", asked).model
    padded = replace(model, task=model.task._replace(text=TextRules(maxlen=3)))
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(posing.pose("so good bad", ModelOptions(weights=padded))), path)
    calculator = Calculator(path)
    assert "Here no word can be left out." in str(calculator.value("Inputs!A2"))
    for value, told in (("", "✗ a word is empty: here none can be left out"), ("zz", UNKNOWN)):
        calculator.edit("Inputs!E6", value)
        assert calculator.evaluate().value("Start!C7") == told


SENTIMENT = {"options": {"example": "sentiment"}, "emptied": "DE"}
HELLO = {"options": {"word": "hello"}, "emptied": "FG"}


@pytest.mark.parametrize("case", [SENTIMENT, HELLO], ids=["answers once", "answers always"])
def test_only_what_was_left_out_is_blank_and_what_says_so_is_not(case: dict, tmp_path: Path) -> None:
    """Before an edit nothing of Gradient flow is; then Walk still names each word that is gone, and Training shows none of it."""
    walk, path = Walk(pose(**case["options"]), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=1, gradients=True)
    assert not blanked(Calculator(path), path, "Gradient flow")
    calculator = Calculator(path)
    for letter in case["emptied"]:
        calculator.edit(f"Inputs!{letter}6", "")
    assert {openpyxl.utils.get_column_letter(column) for _, column in blanked(calculator, path, "Inputs")} == {
        *case["emptied"],
        *("E" if case is HELLO else ""),  # its x, as it is only a target now
    }
    hidden = blanked(calculator, path, "Walk")
    told = {
        row: str(calculator.value(f"Walk!A{row}"))
        for row, column in read(path)["Walk"]
        if column == 1 and str(calculator.value(f"Walk!A{row}")).startswith("–")
    }
    assert len(told) == 2 and not {(row, 1) for row in told} & hidden
    assert ("here is the answer" in [*told.values()][-1]) == (case is SENTIMENT)
    epochs, names = Epochs(walk, 1), walk.names
    hidden, gone = (
        blanked(Calculator(path), path, "Training"),
        {column for _, column in blanked(calculator, path, "Training")},
    )
    assert not hidden
    kept = walk.length - 2
    for node, column in epochs.column.items():
        letter, key = names.labels[node].letter or 0, names.labels[node].field
        carried = case is SENTIMENT and (key in ("h", "dh_time") or f"{key}_1" not in names.node)
        assert (column in gone) == (letter > kept and not carried), names.key(node)


def test_what_is_chosen_is_named_where_it_is_no_letter_and_no_weight(tmp_path: Path) -> None:
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    for place, value, told in (
        (str(CHOICE), "", "✗ no letter is chosen: see 'One letter'!F2"),
        (str(CHOICE), 9.0, "✗ no letter is chosen: see 'One letter'!F2"),
        ("Checks!B7", "", "✗ no weight is chosen: see Checks!B7"),
    ):
        calculator = Calculator(path)
        calculator.edit(place, value)
        assert calculator.evaluate().value("Start!C7") == told
        if place != "Checks!B7":
            assert calculator.value("One letter!H2") == "Choose a number from 1 to 4."
            assert len(blanked(calculator, path, "One letter")) > 20


def test_training_says_that_it_shows_the_first_letters_of_a_long_word() -> None:
    sheet = draw(Walk(pose("abcdefghijklmnop", hidden=2), backward=True), epochs=1)["Training"]
    assert sheet["D7"].value == "after each letter: the first 12 of 15"


def test_a_target_that_is_missing_is_not_called_a_word_outside_the_vocabulary(tmp_path: Path) -> None:
    problem = posing.pose("the old man", ModelOptions(by="word", at="every", hidden=2, classes="A,B"), "A B A")
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(problem), path)
    for value in ("", "X"):
        calculator = Calculator(path)
        calculator.edit("Inputs!D7", value)
        told = calculator.evaluate().value("Start!C7")
        assert told == "✗ a word or a target is not in its list: see the cells marked ✗ on Inputs"


def test_numbers_put_in_are_none_of_a_letter_that_is_gone(tmp_path: Path) -> None:
    """∂L/∂h₂ᵗⁱᵐᵉ is made of letter 3: of a word of two letters that are read, its line is empty."""
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    lines = [at for at, cell in read(path)["Backprop"].items() if str(cell.text).startswith("∂L/∂h₂ᵗⁱᵐᵉ")]
    calculator = Calculator(path)
    assert lines and all(calculator.value(f"Backprop!{column_letters(c)}{r}") for r, c in lines)
    for letter in "FG":
        calculator.edit(f"Inputs!{letter}6", "")
    calculator.evaluate()
    assert [calculator.value(f"Backprop!{column_letters(c)}{r}") for r, c in lines] == [""] * len(lines)
