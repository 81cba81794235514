"""The sheet Gradient flow: it recalculates to its values, and follows the scale, the weights and the letters."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.layout.addresses import FIRST
from rnnwalk.layout.gradient_flow import FLOW, SCALE, STEP, SUMMARY, VERDICT, WORDS, FlowSheet
from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.model.weight_record import parse
from rnnwalk.render.workbook import draw, write_workbook
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run, run  # noqa: F401
from tests.examples import pose, sampled

from .support import BESIDE, Calculator, Written, near, read, references, split
from .test_formulas import relative

CASES = {
    "hello": {"word": "hello"},  # the article's Whh is 1×1
    "sentence": {"word": "the man who ate my pizza has purple hair", "by": "word"},
    "lstm": {"word": "banana", "cell": "lstm", "hidden": 2},
    "chung2014": {"word": "banana", "cell": "gru", "hidden": 3},
    "pytorch": {"word": "banana", "cell": "gru", "form": "pytorch", "hidden": 3},
    "long sums": {"word": "abcabd", "hidden": 10},
    "one letter": {"word": "ab"},
}


@pytest.fixture(params=sampled(CASES, "hello", "lstm", "one letter"), scope="module")
def exported(
    request: pytest.FixtureRequest, written: Callable[..., Written], tmp_path_factory: pytest.TempPathFactory
) -> Written:
    if request.param == "hello":
        return written("hello", gradients=True)
    walk, path = Walk(pose(**CASES[request.param])), tmp_path_factory.mktemp("flow") / "w.xlsx"
    write_workbook(walk, path, gradients=True)
    return Written(walk, path, read(path))


def lengths(calculator: Calculator, letters: int) -> list[float]:
    sheet = calculator.sheets.index(FLOW)
    return [calculator.model.get_cell_value(sheet, SUMMARY, FIRST + i) for i in range(letters)]


def set_scale(calculator: Calculator, scale: float) -> None:
    calculator.edit(str(SCALE), scale)  # a number: a text is told to be none


def test_every_formula_recalculates_to_its_own_cache(exported: Written) -> None:
    _, path, book = exported
    calculator = Calculator(path).evaluate()
    cells = book[FLOW]
    sheet = calculator.sheets.index(FLOW)
    formulas = {at: cell for at, cell in cells.items() if cell.formula is not None}
    assert len(formulas) > 20
    for (row, column), cell in formulas.items():
        found = calculator.model.get_cell_value(sheet, row, column)
        if cell.type == "n":
            assert near(found, float(str(cell.text))), f"{row},{column} ={cell.formula}"
        else:
            assert found == (cell.value or ""), f"{row},{column} ={cell.formula}"


def test_scale_weights_and_letters_move_the_lengths_as_the_flow_of_the_edited_model(
    exported: Written,
) -> None:
    walk, path, _ = exported
    calculator, address, model = Calculator(path), addresses(walk), walk.problem.model
    random = np.random.default_rng(3)
    weights = {}
    for name, matrix in model.weights._asdict().items():
        if matrix is not None:
            weights[name] = matrix + random.normal(size=matrix.shape) / 4
            for at in np.ndindex(*matrix.shape):
                calculator.edit(str(address(walk.names.node[name], at)), float(weights[name][at]))
    symbols = tuple(random.choice(model.vocabulary, size=walk.length + 1).tolist())
    for step, symbol in enumerate(symbols):
        sheet, _, first = split(str(address(walk.names.node["x_1"], (0, 0))))
        calculator.model.update_cell_with_text(calculator.sheets.index(sheet), 6, first + step, shown(symbol))
    edited = Problem(replace(model, weights=model.weights._replace(**weights)), symbols)
    for scale in (1.0, 0.3, -2.5):
        set_scale(calculator, scale)
        calculator.evaluate()
        expected = flow(edited, scale)
        found = lengths(calculator, walk.length)
        assert all(near(a, b.error["state"].value) for a, b in zip(found, expected.arrivals, strict=True))
        if walk.length > 1:
            sheet = calculator.sheets.index(FLOW)
            assert near(calculator.model.get_cell_value(sheet, VERDICT, FIRST), 10**expected.per_step)
            assert calculator.model.get_cell_value(sheet, VERDICT, FIRST + 1) == expected.regime


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"cell": "lstm"}, "hel"),
        ({"cell": "gru", "form": "cho2014"}, "he"),
        pytest.param({}, "hell", marks=pytest.mark.long),
        pytest.param({"cell": "gru", "form": "pytorch"}, "hel", marks=pytest.mark.long),
    ],
)
def test_a_shortened_word_has_the_flow_of_the_shorter_word(options: dict, word: str, tmp_path: Path) -> None:
    """Its lengths, factors and regime are the engine's; its equations name the letter that is the last one now, and the
    texts of what is computed there alone are those of the shorter word's own workbook.
    """
    problem, path = pose("hello", hidden=2, **options), tmp_path / "w.xlsx"
    walk = Walk(problem)
    write_workbook(walk, path, gradients=True)
    calculator, last = Calculator(path), len(word) - 1
    for step in range(len(word) + 1, 6):
        calculator.edit(str(Layout(walk).letter(step)), "")
    set_scale(calculator, 1.5)
    calculator.evaluate()
    expected = flow(Problem(problem.model, tuple(word)), 1.5)
    arrivals = [each.error["state"].value for each in expected.arrivals]
    assert all(near(a, b) for a, b in zip(lengths(calculator, last), arrivals, strict=True))
    sheet = calculator.sheets.index(FLOW)
    rows = [[calculator.model.get_cell_value(sheet, SUMMARY + r, FIRST + i) for i in range(last)] for r in (1, 2)]
    for found, other in zip(rows, (arrivals[1:], [arrivals[-1]] * (last - 1)), strict=True):
        assert found.pop() in ("", None)
        assert all(near(a, b / c) for a, b, c in zip(found, arrivals, other, strict=False))
    verdict = [calculator.model.get_cell_value(sheet, VERDICT, FIRST + i) for i in (0, 1)]
    if last > 1:
        assert near(verdict[0], 10**expected.per_step) and verdict[1] == expected.regime
    else:
        assert verdict == ["", "of a single letter there is none"]
    end, sub = FlowSheet(walk, Layout(walk)).end, "₀₁₂₃"[last]
    texts = {str(calculator.model.get_cell_value(sheet, row, 1)) for row in range(1, end)}
    assert {f"y{sub} = Why·h{sub}{' + by' * (problem.model.weights.by is not None)}"} == {
        text for text in texts if text.startswith("y") and "[" not in text
    }
    write_workbook(Walk(Problem(problem.model, tuple(word))), tmp_path / "own.xlsx", gradients=True)
    own = Calculator(tmp_path / "own.xlsx")
    set_scale(own, 1.5)
    own.evaluate()
    told = {str(own.model.get_cell_value(own.sheets.index(FLOW), row, 1)) for row in range(1, end)}
    alone = tuple(f"{symbol}{sub}[" for symbol in ("y", "q", "p", "∂L/∂y"))
    assert len({text for text in told if text.startswith(alone)}) == len(alone)
    assert {text for text in told if text.startswith(alone)} == {text for text in texts if text.startswith(alone)}
    assert calculator.value("Start!C7") == "✎ inputs edited; all other checks hold"


def test_the_lengths_of_the_first_letter_are_told_with_their_numbers_also_of_a_shortened_word(tmp_path: Path) -> None:
    """The root of the squares that stand in the text is the length; what is left is its share of that at the last letter."""
    walk, path = Walk(pose("hello", cell="lstm", hidden=2)), tmp_path / "w.xlsx"
    write_workbook(walk, path, gradients=True)
    told = next(row for (row, _), cell in read(path)[FLOW].items() if str(cell.text).startswith("How the numbers of"))
    calculator = Calculator(path)

    def numbers(row: int) -> list[float]:
        text = str(calculator.value(f"{FLOW}!A{row}")).partition("= ")[2]
        return [float(each.replace("−", "-")) for each in re.findall(r"[−]?\d+\.\d+(?:e[-+]\d+)?", text)]

    set_scale(calculator, 2.5)
    for last in (4, 3):
        calculator.evaluate()
        first, second, *_, end = lengths(calculator, last)
        *parts, length = numbers(told + 2)
        assert len(parts) == 4 and [np.linalg.norm(parts), length] == pytest.approx([first, first], rel=1e-4)
        for row, divisor in ((told + 3, second), (told + 4, end)):
            assert numbers(row) == pytest.approx([first, divisor, first / divisor], rel=1e-2)
        calculator.edit("Inputs!G6", "")


def test_a_scale_of_zero_is_no_error_anywhere(written: Callable[..., Written]) -> None:
    _, path, book = written("hello", gradients=True)
    calculator = Calculator(path)
    set_scale(calculator, 0.0)
    calculator.evaluate()
    sheet = calculator.sheets.index(FLOW)
    for row, column in book[FLOW]:
        assert not str(calculator.model.get_cell_value(sheet, row, column)).startswith("#")
    assert lengths(calculator, 4)[:3] == [0.0, 0.0, 0.0]


def test_no_formula_refers_to_an_empty_cell_and_only_the_scale_may_be_changed(exported: Written) -> None:
    walk, _, book = exported
    constants = set()
    for (row, column), cell in book[FLOW].items():
        if cell.formula is None:
            constants |= {(row, column)} if cell.type == "n" and row != STEP else set()
            continue
        for other, r, c in references(cell.formula, FLOW):
            assert book[other].get((r, c)) is not None, f"{row},{column} ={cell.formula}"
    given = {(SCALE.row, SCALE.column)}
    if "c" in walk.problem.model.before._fields:  # the error that arrives at the last letter's memory: none
        place = FlowSheet(walk, Layout(walk)).drawn
        after = next(node for node in place if node.path == ("after", "c"))
        given |= {(place[after].row + r, place[after].column) for r in range(after.shape[0])}
    assert constants == given


def test_the_letters_between_the_first_and_the_last_have_the_same_formulas(exported: Written) -> None:
    walk, _, book = exported
    cells = book[FLOW]
    flow_sheet = FlowSheet(walk, Layout(walk))
    top = min(flow_sheet.drawn[node].row for node in flow_sheet.nodes_of("h")[1:] or flow_sheet.nodes_of("norm"))
    for row in {row for row, _ in cells if row >= top}:
        found = {
            relative(cells[row, FIRST + t].formula or "constant", row, FIRST + t)
            for t in range(1, walk.length - 1)
            if (row, FIRST + t) in cells
        }
        assert len(found) <= 1, (row, found)


def test_the_chart_has_a_logarithmic_axis_and_reads_the_lengths(written: Callable[..., Written]) -> None:
    _, path, book = written("hello", gradients=True)
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if re.search(r"charts/chart\d", name)]
    (chart,) = [text for text in charts if "logBase" in text]
    assert re.search(r'logBase val="10', chart)
    assert f"'{FLOW}'!$H${SUMMARY}:$K${SUMMARY}" in chart
    # Saved by LibreOffice, a "gap" at the end of a line is a 0, and of one row without a named cell each letter is a level.
    assert 'dispBlanksAs val="span"' in chart and f"<tx><strRef><f>'{FLOW}'!$A${SUMMARY}</f>" in chart
    cells = book[FLOW]
    for column, letters in zip(range(8, 12), "CDEF", strict=True):  # the lengths, while the word is whole
        assert str(cells[SUMMARY, column].formula).endswith(f",NA(),{letters}{SUMMARY})")


def test_a_workbook_without_it_is_as_before(written: Callable[..., Written]) -> None:
    assert FLOW not in written("hello").book


def test_what_no_sheet_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.xlsx"
    weights = {"Wxh": [[0, 0]], "Whh": [[1e100]], "Why": [[1], [2]]}
    exploding = parse({"vocabulary": ["a", "b"], "weights": weights, "word": "ababab"}, "w.json", "")
    with pytest.raises(InputError, match="too large for a workbook"):
        write_workbook(Walk(pose(weights=exploding)), path, gradients=True)
    monkeypatch.setattr("rnnwalk.layout.gradient_flow.MOST_CELLS", 100)
    with pytest.raises(InputError, match="fewer letters"):
        write_workbook(Walk(pose("hello")), path, gradients=True)
    assert not path.exists()


def test_what_has_vanished_entirely_is_zero_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    weights = {"Wxh": [[0, 0]], "Whh": [[1e-100]], "Why": [[1], [2]]}
    vanishing = parse({"vocabulary": ["a", "b"], "weights": weights, "word": "ababab"}, "w.json", "")
    write_workbook(Walk(pose(weights=vanishing)), path, gradients=True)
    cells = read(path)[FLOW]
    assert [float(str(cells[SUMMARY + row, FIRST].text)) for row in range(3)] == [0.0, 0.0, 0.0]
    found = lengths(Calculator(path).evaluate(), 5)
    assert all(near(a, float(str(cells[SUMMARY, FIRST + t].text))) for t, a in enumerate(found))


def test_a_row_of_all_letters_is_told_in_a_sentence_that_holds_for_all(exported: Written) -> None:
    walk, _, book = exported
    told = {str(cell.value) for (_, column), cell in book[FLOW].items() if column == FIRST}
    assert any("initial" in text for text in told) == (walk.length == 1)
    if walk.problem.model.cell == "rnn" and walk.length > 1:
        assert any(
            text.startswith(f"The hidden state of the {walk.problem.noun} before is multiplied by Whh") for text in told
        )


@pytest.mark.parametrize("case", sampled(BESIDE, "side by side"))
def test_of_words_side_by_side_each_column_is_the_flow_of_its_own_word(
    case: str, written: Callable[..., Written]
) -> None:
    walk, path, book = written(case, gradients=True)
    calculator = Calculator(path)
    sheet = calculator.sheets.index(FLOW)
    calculator.evaluate()
    for (row, column), cell in book[FLOW].items():
        if cell.formula is not None:
            found = calculator.model.get_cell_value(sheet, row, column)
            assert near(found, float(str(cell.text))) if cell.type == "n" else found == (cell.value or ""), cell.formula
            assert all(book[other].get((r, c)) for other, r, c in references(cell.formula, FLOW)), cell.formula
    for scale in (1.0, -2.5):
        set_scale(calculator, scale)
        calculator.evaluate()
        for which, one in enumerate(walk.problem.sequences):
            expected = flow(one, scale)
            for step, arrival in enumerate(expected.arrivals):
                found = calculator.model.get_cell_value(sheet, SUMMARY, FIRST + 3 * step + which)
                assert near(found, arrival.error["state"].value)
            factor, regime = (calculator.model.get_cell_value(sheet, WORDS + row, FIRST + which) for row in (2, 3))
            assert near(factor, 10**expected.per_step)
            assert regime == expected.regime
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if re.search(r"charts/chart\d", name)]
    (chart,) = [text for text in charts if "logBase" in text]
    assert [name for name in ("word 1", "word 2", "word 3") if name in chart] == ["word 1", "word 2", "word 3"]


def test_export_takes_the_option(run: Run) -> None:  # noqa: F811
    assert run("export", "--gradients", "-o", "w.xlsx").code == 0
    assert FLOW in read(Path("w.xlsx"))


@pytest.mark.parametrize("options", [{}, {"cell": "lstm"}, {"cell": "gru"}])
def test_each_block_has_the_colour_and_the_sign_that_start_and_unrolled_give_its_role(options: dict) -> None:
    book = draw(Walk(pose("hello", hidden=2, **options)), gradients=True)
    start = [(row[0].value, row[0].fill.fgColor.rgb) for row in book["Start"].iter_rows(9, 30)]
    legend = {(sign, colour) for sign, colour in start if sign and len(sign) == 1}

    def blocks(title: str, first: int) -> dict[str, tuple[str, str]]:
        """Of each caption its sign, and the colour of the first number under it."""
        found, rest, sign = {}, "", ""
        for row in book[title].iter_rows(first):
            head = str(row[0].value or "")
            if "×" in head and head[1] == " ":
                sign, rest = head[0], head[2:]
            numbers = [cell for cell in row[2:] if cell.alignment.horizontal == "right" and cell.fill.fill_type]
            if rest and numbers:
                found.setdefault(rest, (sign, numbers[-1].fill.fgColor.rgb))
        return found

    flow, whole = blocks(FLOW, 30), blocks("Unrolled", 6)
    both = flow.keys() & whole.keys()
    assert len(both) >= 4 and {rest: flow[rest] for rest in both} == {rest: whole[rest] for rest in both}
    scaled = {rest for rest in flow if "scaled" in rest}  # of a weight, but computed: not to be changed
    assert {flow[rest][0] for rest in scaled} == {"ƒ"} and {("✎", flow[rest][1]) for rest in scaled} <= legend
    assert {flow[rest] for rest in flow.keys() - scaled} <= legend
    assert {sign for rest, (sign, _) in flow.items() if "error" in rest.lower()} == {"∂"}


def test_where_there_is_no_error_nothing_vanishes(tmp_path: Path) -> None:
    """The network of sum.json says exactly 14: as the command, the sheet says that no error arrives."""
    walk, path = Walk(pose(example="sum")), tmp_path / "w.xlsx"
    write_workbook(walk, path, gradients=True)
    calculator = Calculator(path).evaluate()
    assert calculator.value(f"{FLOW}!D{VERDICT}") == "no error arrives at all"
    (target,) = [node for node, label in walk.names.labels.items() if label.group == "target"]
    calculator.edit(str(Layout(walk).home[target]), 50.0)
    assert calculator.evaluate().value(f"{FLOW}!D{VERDICT}") == "steady"


def test_a_result_of_the_flow_that_was_typed_over_is_a_check_that_fails(written: Callable[..., Written]) -> None:
    walk, path, _ = written("hello", gradients=True)
    sheet = FlowSheet(walk, Layout(walk))
    (place,) = [place for node, place in sheet.drawn.items() if sheet.names.labels[node].key == "dz_3"]
    calculator = Calculator(path)
    calculator.edit(str(place), 0.1)
    assert calculator.evaluate().value("Start!C7") == "✗ a check fails: see the sheet Checks"
