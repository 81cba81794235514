"""On paper and on a screen: nothing falls off a page, nothing is cut, and what a shortened word has lost is not drawn."""

import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from rnnwalk.layout.one_letter import ONE
from rnnwalk.model import pose as posing
from rnnwalk.model.options import ModelOptions
from rnnwalk.render.workbook import draw, write_workbook
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

from .support import Calculator, Written, drawn, loaded, split

PIXEL = 7.4  # of a unit of column widths, as measured in LibreOffice, whose columns are wider than Excel's 7
PAPER = {"landscape": 96 * (11.69 - 0.8), "portrait": 96 * (8.27 - 0.8)}  # A4 without its margins of 0.4 inches
CHARACTER = 5.5  # pixels, of 11 points: Calibri's sentences have 5.8 and more


def pixels(sheet: object, first: int, last: int) -> float:
    widths = sheet.column_dimensions
    return sum(
        PIXEL * (widths[letters].width if letters in widths else 8.67)
        for letters in map(get_column_letter, range(first, last + 1))
    )


def printed_areas(sheet: object) -> list[tuple[int, int, int, int]]:
    """What is printed: the first column and row, the last column and row of each."""
    return [range_boundaries(each.split("!")[-1].replace("$", "")) for each in sheet.print_area.split(",")]


def across(sheet: object) -> Iterator[tuple[int, int]]:
    """The first and the last column of each printed page."""
    for first, _, last, _ in sorted(printed_areas(sheet)):
        breaks = [each.id for each in sheet.col_breaks.brk if first <= each.id < last]
        yield from ((before + 1, after) for before, after in itertools.pairwise([first - 1, *breaks, last]))


@pytest.mark.parametrize(
    "case", sampled(["hello", "words", "long sums", "scripts", "lstm", "gru"], "hello", "words", "gru")
)
def test_no_column_falls_off_a_page_and_no_text_is_cut(case: str, written: Callable[[str], Written]) -> None:
    for sheet in loaded(written(case).path):
        pages = list(across(sheet))
        for first, last in pages:
            repeated = pixels(sheet, 1, 2) if first > 1 else 0
            paper = PAPER[sheet.page_setup.orientation] * 100 / sheet.page_setup.scale
            assert pixels(sheet, first, last) + repeated <= paper, (sheet.title, first, last)
        assert len(pages) == 1 or sheet.title not in ("Walk", "Start", "Checks")
        merged = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            filled = [cell for cell in row if cell.value is not None]
            for cell, after in zip(filled, [*filled[1:], None], strict=False):
                if not isinstance(cell.value, str) or cell.value.startswith("=") or cell.font.name == "Courier New":
                    continue
                if cell.alignment.horizontal in ("center", "right") or cell.column > pages[-1][1]:
                    continue
                page = next(last for first, last in pages if first <= cell.column <= last)
                end = min(page, after.column - 1 if after is not None else page)
                end = merged.get((cell.row, cell.column), end)
                lines = max(1.0, (sheet.row_dimensions[cell.row].height or 15) // (15 * cell.font.sz / 11))
                needed = len(cell.value) * CHARACTER * cell.font.sz / 11
                assert needed <= lines * pixels(sheet, cell.column, end), (sheet.title, cell.coordinate, cell.value)


@pytest.mark.parametrize(("word", "options"), [("ab", {"cell": "lstm", "hidden": 2}), ("abc", {"hidden": 5})])
def test_a_short_word_leaves_room_for_matrices_charts_and_links(word: str, options: dict, tmp_path: Path) -> None:
    """s·Whh has a column for each hidden unit, the chart 15 centimetres, and Training a link beside each setting."""
    walk = Walk(pose(word, **options), backward=True)
    write_workbook(walk, tmp_path / "w.xlsx", epochs=2, gradients=True)
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    sheet = book["Gradient flow"]
    ((_, last),) = across(sheet)
    assert last >= 2 + options["hidden"]
    assert pixels(sheet, 1, last) >= sheet._charts[0].width * 96 / 2.54
    training = book["Training"]
    link = next(row[4] for row in training.iter_rows(3, 3))
    text = str(link.value)
    end = range_boundaries(training.print_area.split(",")[0].split("!")[-1].replace("$", ""))[2]
    room = pixels(training, link.column, end) - 9 * link.alignment.indent
    assert text.startswith("change it in") and len(text) * CHARACTER <= room and not link.alignment.wrap_text


def test_the_charts_do_not_draw_a_letter_that_is_gone(written: Callable[[str], Written]) -> None:
    """hello without its o reads h, e, l: of the fourth bars and their name nothing is left, of the third all is."""
    path = written("hello").path
    with zipfile.ZipFile(path) as file:
        charts = "".join(file.read(name).decode() for name in file.namelist() if re.search(r"charts/chart\d", name))
    drawn = re.findall(r"<(?:val|cat)><(?:num|str)Ref><f>'?(\w+)'?!\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?\d+</f>", charts)
    assert len(drawn) == 2 * (3 + 4)  # the units of h, the letters of p
    calculator = Calculator(path)
    calculator.edit("Inputs!G6", "")
    calculator.evaluate()
    for sheet, first, row, last in drawn:
        columns = range(split(f"x!{first}1")[2], split(f"x!{last}1")[2] + 1)
        shown = [calculator.value(f"{sheet}!{get_column_letter(column)}{row}") for column in columns]
        assert shown[3] in ("", None) and "" not in shown[:3]


def test_the_weights_stand_in_the_order_in_which_the_steps_use_them(written: Callable[[str], Written]) -> None:
    book = written("lstm").book["Inputs"]
    titles = [str(book[place].text) for place in sorted(book) if place[1] == 1]
    weights = [title.split()[1] for title in titles if title.startswith("✎ ") and title[2] in "Wb"]
    assert weights == "Wxf Whf bf Wxi Whi bi Wxg Whg bg Wxo Who bo Why by".split()


def test_four_gates_of_four_units_leave_each_letter_of_backprop_in_its_column_of_unrolled() -> None:
    book = drawn("banana", cell="lstm", hidden=4, seed=3)
    letters = [[cell.column for cell in book[sheet][5] if cell.data_type == "f"] for sheet in ("Unrolled", "Backprop")]
    assert letters[0][: len("banan")] == letters[1]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("hidden", [4, 5])
def test_the_new_weights_of_a_gated_cell_stand_on_the_page_of_their_gradients(cell: str, hidden: int) -> None:
    sheet = drawn("banana", cell=cell, hidden=hidden, seed=3)["Backprop"]
    ((_, last),) = across(sheet)
    assert pixels(sheet, 1, last) <= 0.99 * PAPER["landscape"] * 11 / 8
    filled = {cell.column for row in sheet.iter_rows(min_col=3) for cell in row if cell.data_type == "f"}
    assert min(pixels(sheet, column, column) for column in filled) >= 9 * PIXEL  # -0.330000


def test_new_weights_that_have_no_room_on_that_page_begin_one_and_name_their_numbers() -> None:
    sheet = draw(Walk(pose("hello", cell="lstm", hidden=6), backward=True))["Backprop"]
    areas = [range_boundaries(each.split("!")[-1].replace("$", "")) for each in sheet.print_area.split(",")]
    assert [last for _, _, last, _ in areas] == [areas[1][0] - 1, sheet.max_column]
    head, *names = [cell.value for (cell,) in sheet.iter_rows(min_col=areas[1][0], max_col=areas[1][0]) if cell.value]
    assert head == "2 · The sum of each gradient, and the new weight"
    assert names[:5] == ["1,h", "1,e", "1,l", "1,o", "2,h"] and names[-1] == "o"


def test_both_halves_of_backprop_are_printed_on_longer_pages_where_they_are_no_wider() -> None:
    """With Adam the new weights of a small network have pages of their own; lying, one of those held a third."""
    walk = Walk(pose("kayak", hidden=3, seed=6), backward=True, optimiser="adam", clip=0.5)
    sheet = draw(walk)["Backprop"]
    areas = printed_areas(sheet)
    assert sheet.page_setup.orientation == "portrait" and len(areas) == 2
    assert all(pixels(sheet, first, last) <= PAPER["portrait"] * 11 / 8 for first, _, last, _ in areas)


@pytest.mark.parametrize("case", ["hello", "lstm", "gru pytorch"])
def test_one_letter_fits_a_projectors_screen_and_shows_what_the_loss_is_made_of(
    case: str, written: Callable[[str], Written]
) -> None:
    """1920 × 1080 leaves about 1830 × 830 pixels for cells; 1366 × 768 is 1280 wide."""
    sheet = loaded(written(case).path)[ONE]
    zoom = sheet.sheet_view.zoomScale / 100
    high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, sheet.max_row + 1))
    assert pixels(sheet, 1, sheet.max_column) * zoom <= 1280 and high * zoom <= 830
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"mₜ = max(yₜ)", "ƒ The loss: ln S + m − y of the truth"} <= texts


def test_the_steps_of_many_units_take_a_screens_width_and_the_end_of_a_page_cuts_none() -> None:
    """1366 × 768 leaves about 1280 × 520 pixels. A value stands behind its row headings: no page begins with values."""
    sheet = drawn("banana", cell="lstm", hidden=10)[ONE]
    assert sheet["A1"].value == "One letter: its steps on one screen"
    zoom = sheet.sheet_view.zoomScale / 100
    high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, sheet.max_row + 1))
    assert pixels(sheet, 1, sheet.max_column) * zoom <= 1280 and high * zoom <= 520
    (_, _, last, _), (first, _, _, _) = printed_areas(sheet)
    assert first == last + 1
    begin = [str(getattr(row[first - 1].value, "text", row[first - 1].value)) for row in sheet.iter_rows(4)]
    assert not [text for text in begin if text.startswith("=") and "Step" not in text]


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("the internationalization of the web", {"by": "word", "hidden": 2}),
        ("misunderstandings frustrate", {"by": "word", "cell": "gru"}),
        ("internationalization of the web internationalization", {"by": "word", "hidden": 12}),
        ("pneumonia", {"cell": "gru", "hidden": 4}),
        ("banana", {"cell": "lstm", "hidden": 6}),
        ("banana", {"cell": "lstm", "hidden": 8}),
    ],
)
def test_one_letter_of_long_words_or_of_some_units_stands_on_one_screen_and_one_page(words: str, options: dict) -> None:
    """A4 lying on its side, in no less than 8 points; 1366 × 768 leaves about 520 pixels."""
    sheet = draw(Walk(pose(words, seed=6, **options)))[ONE]
    ((first, top, last, end),) = printed_areas(sheet)
    scale = sheet.page_setup.scale / 100
    assert (first, top) == (1, 1) and 12 * scale >= 8
    high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, end + 1))
    assert pixels(sheet, 1, last) * scale <= PAPER["landscape"] and high * scale <= 96 * (8.27 - 1.1)
    assert "on one screen" in sheet["A1"].value and high * sheet.sheet_view.zoomScale / 100 <= 520


LONG = "internationalization of the web internationalization"


@pytest.mark.parametrize("options", [{}, {"cell": "lstm", "hidden": 12}])
def test_long_words_have_room_over_columns_that_are_as_wide_as_numbers_and_beside_rows(options: dict) -> None:
    """Over a column they take several lines; beside rows they have the columns left of them that are empty."""
    book = draw(Walk(pose(LONG, by="word", **options), backward=True))
    for title in ("Walk", "Unrolled", "Backprop", ONE):
        sheet = book[title]
        numbers = {cell.column for row in sheet.iter_rows(8) for cell in row if cell.number_format == "0.000000"}
        assert all(pixels(sheet, column, column) <= 11.5 * PIXEL for column in numbers)
        filled = {cell.coordinate for row in sheet.iter_rows(4) for cell in row if cell.value is not None}
        for cell in (sheet[place] for place in filled):
            text, look = getattr(cell.value, "value", cell.value), cell.alignment
            if text != "internationalization" or look.horizontal not in ("center", "right"):
                continue
            needed = len(text) * CHARACTER * cell.font.sz / 11
            if look.wrap_text:
                lines = sheet.row_dimensions[cell.row].height // (1.2 * cell.font.sz)
                assert needed <= 0.9 * lines * pixels(sheet, cell.column, cell.column), (title, cell.coordinate)
            elif look.horizontal == "right":
                first = cell.column
                while first > 1 and sheet.cell(cell.row, first - 1).coordinate not in filled:
                    first -= 1
                assert needed <= pixels(sheet, first, cell.column), (title, cell.coordinate)


def test_of_long_words_and_many_units_inputs_and_walk_are_a_page_wide_and_each_page_of_letters_names_its_rows() -> None:
    book = draw(Walk(pose(LONG, by="word", cell="lstm", hidden=12), backward=True))
    assert all(len(printed_areas(book[title])) == 1 for title in ("Inputs", "Original", "Walk"))
    for title in ("Unrolled", "Backprop"):
        sheet = book[title]
        (_, _, _, end), (first, top, last, bottom) = sorted(area for area in printed_areas(sheet) if area[1] < 50)
        assert sheet.print_title_cols == "$A:$B"
        for row in sheet.iter_rows(top + 4, bottom, first, last):
            if sum(cell.number_format == "0.000000" for cell in row) > 1:
                labels = [sheet.cell(row[0].row - up, column).value for up, column in ((0, 2), (0, 1), (1, 1))]
                assert any(labels), (title, row[0].coordinate)
        left = [cell.value for row in sheet.iter_rows(end + 1, bottom, 3, first - 1) for cell in row]
        assert not any(left)  # of what is not printed


def printed(text: str, points: float) -> float:
    """The pixels of a bold text, by the widths of Carlito's letters, which are Calibri's."""
    wide = sum(5.0 if each in "⟨⟩()·., ilt|=" else 11.5 if each in "Wm⊙Σ" else 7.4 for each in text)
    return wide * points / 11


PYTORCHS: dict[str, Any] = {"cell": "gru", "form": "pytorch", "hidden": 3}  # has the longest equations of the GRUs


@pytest.mark.parametrize("notation", ["article", "course"])
@pytest.mark.parametrize(
    "options",
    sampled(
        [
            {},
            {"cell": "lstm", "hidden": 4},
            *[PYTORCHS | {"form": form} for form in ("chung2014", "cho2014")],
            PYTORCHS,
        ],
        *({}, {"cell": "lstm", "hidden": 4}, PYTORCHS),
    ),
)
def test_no_symbol_of_one_letter_runs_into_the_next(options: dict, notation: str) -> None:
    sheet = draw(Walk(pose("hello", **options), notation=notation))[ONE]
    for row in sheet.iter_rows(min_row=4):
        filled = [cell for cell in row if cell.value is not None]
        for cell, after in itertools.pairwise(filled):
            if isinstance(cell.value, str) and cell.alignment.horizontal == "left":
                room = pixels(sheet, cell.column, after.column - 1)
                assert printed(cell.value, cell.font.sz) <= room, (cell.coordinate, cell.value, after.value)


@pytest.mark.parametrize(
    ("title", "options", "extra"),
    [
        ("Forms", {"word": "banana", "cell": "gru"}, {"forms": True}),
        ("Start", {"word": "we love deep learning", "by": "word"}, {"epochs": 2, "gradients": True}),
        ("Start", {"cell": "lstm"}, {"epochs": 2, "gradients": True}),
        ("Start", {"word": "banana", "cell": "gru", "hidden": 2}, {"epochs": 2, "gradients": True, "forms": True}),
    ],
)
def test_what_fits_on_a_page_does_not_leave_its_last_row_for_another(title: str, options: dict, extra: dict) -> None:
    """With a twentieth to spare, for programs differ in how high rows are; A4 has 0.4 inches above, 0.7 under it."""
    sheet = draw(Walk(pose(**options), backward="epochs" in extra), **extra)[title]
    paper = {"landscape": 8.27, "portrait": 11.69}[sheet.page_setup.orientation] - 1.1
    last = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[3]
    high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, last + 1))
    assert high * sheet.page_setup.scale / 100 <= 0.95 * 96 * paper
    assert {cell.value for cell in sheet["A"][:last]} >= ({"How to play"} if title == "Start" else set())


def test_no_text_of_a_chart_is_smaller_than_those_of_cells(tmp_path: Path) -> None:
    """On paper a sheet shrinks to 8/11 at the most: 11 points are printed in 8."""
    write_workbook(Walk(pose("hello"), backward=True), tmp_path / "w.xlsx", epochs=3, gradients=True)
    with zipfile.ZipFile(tmp_path / "w.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if re.search(r"charts/chart\d", name)]
    for text in charts:
        assert min(map(int, re.findall(r'sz="(\d+)"', text))) >= 1100
        for axis in ("catAx", "valAx"):
            (inside,) = re.findall(f"<{axis}>.*</{axis}>", text)
            assert "<txPr>" in inside
        assert "<legend>" not in text or "<txPr>" in text.partition("<legend>")[2].partition("</legend>")[0]
    assert len(charts) == 5


def test_the_titles_of_the_charts_are_in_the_notation_of_the_cells() -> None:
    sheet = draw(Walk(pose("hello"), notation="course"))["Unrolled"]
    said = [chart.title.tx.rich.p[0].r[0].t for chart in sheet._charts]
    assert said == ["The new hidden state (a⟨t⟩) over time", "What it expects next (ŷ⟨t⟩) after each letter"]


@pytest.mark.parametrize("word", ["we love deep learning", "hello how are you"])
def test_no_text_runs_under_a_chart(word: str, tmp_path: Path) -> None:
    """A short text leaves its charts beside the table, and the numbers put in are long: -0.57·0.29 + …"""
    write_workbook(Walk(pose(word, by="word", hidden=3)), tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)["Unrolled"]
    merged = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
    for chart in sheet._charts:
        column, row = chart.anchor._from.col + 1, chart.anchor._from.row + 1
        for cell in itertools.chain.from_iterable(sheet.iter_rows(row, row + 17, 1, column - 1)):
            if isinstance(cell.value, str):
                end = merged.get((cell.row, cell.column), column - 1)
                lines = (sheet.row_dimensions[cell.row].height or 15) // 15 if cell.alignment.wrap_text else 1
                assert end < column
                assert len(cell.value) * CHARACTER * cell.font.sz / 11 <= lines * pixels(sheet, cell.column, end)
    assert len(sheet._charts) == 2


@pytest.mark.parametrize("case", ["hello", "side by side"])
def test_every_power_of_ten_has_room_in_its_column(case: str, written: Callable[..., Written]) -> None:
    """-1.84181E-02 is 12 characters long; in a column of the usual width it is ###, on a screen even in one of 11.5. A digit
    takes 8 pixels there; minus, point and the cell's own margins 13.
    """
    sheet = loaded(written(case, gradients=True).path)["Gradient flow"]
    powers = {
        (cell.column, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if cell.number_format.endswith("E+00")
    }
    assert len(powers) > 4
    for column, form in powers:
        assert 8 * (len(written_out(-0.0184181, form)) - 2) + 13 <= pixels(sheet, column, column)


def written_out(value: float, form: str) -> str:
    """A number in a format of decimals or powers of ten."""
    count = len(form.partition("E")[0].partition(".")[2])
    return f"{value:.{count}E}" if "E" in form else f"{value:.{count}f}"


@pytest.mark.parametrize("options", [{}, {"cell": "lstm", "hidden": 5}])
def test_numbers_of_every_size_have_room_on_every_sheet(options: dict) -> None:
    """Carlito's digits, which are Calibri's, are 7.43 pixels wide, its minus 4.5, point 3.7, E and + 7.3; a cell keeps 2.6."""
    for sheet in drawn("hello", epochs=3, gradients=True, **options):
        formats = {}  # of a size, that of the first rule that holds
        for found in sheet.conditional_formatting:
            for rule in found.rules:
                if (formula := "".join(rule.formula)).startswith("ABS(A1)>="):
                    formats[float(formula.partition("=")[2])] = rule.dxf.numFmt.formatCode
        cells = itertools.chain.from_iterable(sheet.iter_rows(1))
        kinds = {(cell.column, cell.number_format, cell.font.sz) for cell in cells}
        for column, form, points in kinds:
            if form not in ("0.000000", "0.0000"):
                continue
            for value in (-9.999999, -9.9999996, -10.5, -123.45, -1234.5, -98765.4321, -1e6, -1.5e-7, -1e100):
                held = [least for least in formats if abs(value) >= least]
                text = written_out(value, formats[max(held)] if held else form)
                needed = sum({"-": 4.5, ".": 3.7}.get(each, 7.43 if each.isdigit() else 7.3) for each in text)
                room = pixels(sheet, column, column) - 2.6
                assert needed * points / 11 <= room, (sheet.title, column, text)


@pytest.mark.parametrize("options", [{}, {"cell": "gru", "forms": True}])
def test_what_blanks_an_area_takes_its_frames_away_and_looks_at_the_same_inputs_from_each_of_its_cells(
    options: dict[str, str],
) -> None:
    """A reference without $ moves along with the cell, and blanks all but the first. LibreOffice saves a frame without its
    colour, so that a white one becomes black."""
    book = drawn("hello", epochs=3, gradients=True, **options)
    rules = [rule for sheet in book for found in sheet.conditional_formatting for rule in found.rules]
    blanks = [rule for rule in rules if rule.dxf and rule.dxf.numFmt and rule.dxf.numFmt.formatCode == ";;;"]
    frames = [getattr(rule.dxf.border, side) for rule in blanks for side in ("left", "right", "top", "bottom")]
    assert all(frame is not None and frame.style is None for frame in frames)
    other = [ref for rule in blanks for formula in rule.formula for ref in re.findall(r"!([$A-Z0-9:]+)", formula)]
    assert len(other) > 3
    assert all(re.fullmatch(r"\$[A-Z]+\$[0-9]+(:\$[A-Z]+\$[0-9]+)?", ref) for ref in other), other


@pytest.mark.parametrize("word", ["abc", ["hello", "holle"]])
def test_the_chart_of_gradient_flow_stands_on_the_screen_of_the_scale_that_it_follows(word: str | list[str]) -> None:
    """1366 × 768 leaves 545 pixels for cells in LibreOffice."""
    sheet = draw(Walk(pose(word)), gradients=True)["Gradient flow"]
    (chart,) = sheet._charts
    top, _ = coordinate_to_tuple(chart.anchor)
    above = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, top))
    assert (above + chart.height * 96 / 2.54) * sheet.sheet_view.zoomScale / 100 <= 545
    filled = max(row for row, _ in sheet._cells if row < top)
    assert top - filled == 2  # a gap


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_no_page_ends_inside_a_chart(cell: str) -> None:
    """Three charts under each other are higher than a page; a page ends where LibreOffice has no room, or at a break."""
    sheet = drawn("banana", cell=cell, hidden=5, seed=3)["Unrolled"]
    paper = 96 * (8.27 - 1.1) * 100 / sheet.page_setup.scale
    begins = [1, *[each.id + 1 for each in sheet.row_breaks.brk]]
    repeated = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in (4, 5))
    assert sheet.page_setup.orientation == "landscape" and sheet._charts
    for chart in sheet._charts:
        first, _ = coordinate_to_tuple(chart.anchor)
        page = max(row for row in begins if row <= first)
        above = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(page, first))
        assert repeated * (page > 1) + above + chart.height * 96 / 2.54 <= paper
        assert not any(first < row <= first + 16 for row in begins)


@pytest.mark.parametrize(
    ("word", "options", "even"),
    [
        ("strawberry", {}, [9]),  # narrower columns leave room for all of it
        ("a secret to keep", {"cell": "lstm", "hidden": 2}, [8, 7]),
    ],
)
def test_a_long_word_is_spread_evenly_over_pages_which_repeat_its_labels_whole(
    word: str, options: dict, even: list[int]
) -> None:
    book = draw(Walk(pose(word, **options), backward=True))
    for title in ("Inputs", "Unrolled", "Backprop"):
        sheet = book[title]
        areas = [each for each in printed_areas(sheet) if each[0] == 1 or each[1] < 50]
        if title == "Unrolled":
            pages = [each for each in areas if each[1] <= 5]
            read = [cell.column for cell in sheet[5] if cell.value is not None and cell.column > 2]
            counts = [sum(first <= column <= last for column in read) for first, _, last, _ in pages]
            assert counts == even
        assert all(first == 1 or top > 3 for first, top, _, _ in printed_areas(sheet))  # not the sheet's title
        if len({first for first, *_ in areas}) == 1:
            continue
        assert sheet.print_title_cols == "$A:$B"
        merged = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
        for (cell,) in sheet.iter_rows(min_row=max(top for _, top, _, _ in areas), max_col=1):
            if text := cell.value if isinstance(cell.value, str) else "":
                lines = (sheet.row_dimensions[cell.row].height or 15) // (15 * cell.font.sz / 11)
                assert merged.get((cell.row, 1), 2) == 2
                assert len(text) * CHARACTER * cell.font.sz / 11 <= max(1, lines) * pixels(sheet, 1, 2), text


SLIM = {
    " ": 3.3,
    ".": 3.7,
    "·": 3.7,
    "(": 4.4,
    ")": 4.4,
    "[": 4.5,
    "]": 4.5,
}  # pixels, of Carlito's; its digits have 7.43


@pytest.mark.parametrize(
    ("word", "options", "notation"),
    [
        ("abba", {"cell": "lstm", "hidden": 4, "seed": 1}, "article"),
        ("banana", {"cell": "gru", "hidden": 6, "seed": 3}, "article"),
        ("abca", {"cell": "gru"}, "course"),
    ],
)
def test_the_numbers_put_in_have_as_many_lines_as_they_need(word: str, options: dict, notation: str) -> None:
    """As a program breaks them: before a word that has no more room. On a screen letters are wider, and columns narrower."""
    book, long = draw(Walk(pose(word, **options), backward=True, notation=notation)), 0
    for title in ("Unrolled", "Backprop", "Walk"):
        sheet = book[title]
        merged = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
        for cell in itertools.chain.from_iterable(sheet.iter_rows(1)):
            text = str(getattr(cell.value, "value", ""))
            if cell.data_type != "f" or " = " not in text or not cell.alignment.wrap_text:
                continue
            room, lines, used = pixels(sheet, cell.column, merged.get((cell.row, cell.column), cell.column)), 1, 0.0
            for word in text.split(" "):
                wide = 1.11 * sum(SLIM.get(each, 7.4) for each in word)
                if used and used + wide > room:
                    lines, used = lines + 1, 0.0
                used += wide + SLIM[" "]
            long += lines > 1
            assert lines * 14.5 <= sheet.row_dimensions[cell.row].height, (title, cell.coordinate, text)
    assert long


@pytest.mark.parametrize(
    ("word", "options", "extra"),
    [("abba", {"hidden": 2, "seed": 4}, {"gradients": True, "epochs": 3}), ("kiwi", {"cell": "lstm"}, {})],
)
def test_no_last_page_holds_a_small_block_alone(word: str, options: dict, extra: dict) -> None:
    """But a quarter of a page; and print stays as large as it is."""
    book = draw(Walk(pose(word, **options), backward=True), **extra)
    for title in ("Inputs", "Walk", "Backprop", "Nudge", *(["Gradient flow"] if extra else [])):
        sheet = book[title]
        assert sheet.page_setup.scale >= 73
        if sheet.row_breaks.brk:
            paper = 96 * ((8.27 if sheet.page_setup.orientation == "landscape" else 11.69) - 1.1)
            last = range(sheet.row_breaks.brk[-1].id + 1, sheet.max_row + 1)
            high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in last)
            assert high * sheet.page_setup.scale / 100 > 0.23 * paper, title


def test_a_step_that_is_longer_than_a_page_goes_on_at_a_line_of_its_equation_and_says_so() -> None:
    """No page tears a matrix, and a letter's name is on each."""
    sheet = drawn("abcdefghijklmnopqrst", cell="lstm", hidden=12)["Walk"]
    texts = [
        str(getattr(sheet.cell(row, 1).value, "text", sheet.cell(row, 1).value)) for row in range(1, sheet.max_row)
    ]
    pages = [*[each.id for each in sheet.row_breaks.brk], sheet.max_row]
    named = [texts[row] for row in pages[:-1]]
    further = [text for text in named if "continued" in text]
    assert "Step 1, continued · letter 1: “" in further[0]
    assert all(re.match(r"Step \d+ ·|\d · |=.*(Letter|Step \d+, continued · letter) \d", text) for text in named)
    paper = 96 * (8.27 - 1.1) * 100 / sheet.page_setup.scale
    for before, after in itertools.pairwise(pages):
        assert sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(before + 1, after + 1)) <= paper


def test_a_footer_is_printed_in_eight_points_or_more_though_it_shrinks_with_its_sheet() -> None:
    for sheet in drawn("hello", epochs=3, gradients=True):
        for part in (sheet.oddFooter.left, sheet.oddFooter.right):
            assert part.size * sheet.page_setup.scale >= 800, sheet.title


@pytest.mark.parametrize("words", [["banana", "pabana"], ["abcdefg", "gfedcba"]])
def test_many_answers_take_no_further_page_on_training(words: list[str]) -> None:
    """Letter by letter they stand on the screen; on paper they stand joined, and a table that fits a page is not cut."""
    sheet = draw(Walk(posing.pose(words, ModelOptions(hidden=2)), backward=True), epochs=2)["Training"]
    assert not sheet.col_breaks.brk
    (head,) = [cell.column_letter for cell in sheet[6] if cell.value == "it says"]
    (table,) = sheet.print_area.replace("'Training'!", "").replace("$", "").split(",")
    assert table.startswith("A1:") and table.split(":")[1].rstrip("0123456789") < head


@pytest.mark.parametrize(("word", "epochs"), [("hello", 5), ("hello", 30), ("pneumonia", 10)])
def test_a_training_that_has_room_on_one_page_is_printed_on_one_with_its_charts(word: str, epochs: int) -> None:
    sheet = draw(Walk(pose(word, hidden=3), backward=True), epochs=epochs)["Training"]
    (area,) = sheet.print_area.replace("'Training'!", "").replace("$", "").split(",")
    _, _, last, end = range_boundaries(area)
    paper = [96 * inch * 100 / sheet.page_setup.scale for inch in (11.69 - 0.8, 8.27 - 1.1)]
    assert sheet.page_setup.orientation == "landscape"
    assert pixels(sheet, 1, last) <= paper[0]
    assert sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(1, end + 1)) <= paper[1]
    for chart in sheet._charts:
        row, column = coordinate_to_tuple(chart.anchor)
        assert row >= 9 and row - 1 + chart.height * 96 / 2.54 / 20 <= end
        assert pixels(sheet, 1, column - 1) + chart.width * 96 / 2.54 <= pixels(sheet, 1, last)


def test_on_paper_the_words_of_a_step_stand_side_by_side() -> None:
    """Of three words and four letters, which two pages share, no page ends between the words of a letter."""
    words = posing.pose(["hello", "holle", "hoell"], ModelOptions(hidden=5, seed=2))
    book = draw(Walk(words, backward=True), gradients=True)
    for title in ("Unrolled", "Backprop", "Gradient flow"):
        (row,) = [row for row in book[title].iter_rows(1) if row[0].value == "step"]
        steps = {cell.column: getattr(cell.value, "value", cell.value) for cell in row[2:] if cell.value is not None}
        for first, top, last, _ in printed_areas(book[title]):
            printed = [step for column, step in steps.items() if first <= column <= last]
            if top <= row[0].row:  # not of the charts
                assert all(printed.count(step) == 3 for step in printed), title
