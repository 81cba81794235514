"""A workbook seen from outside: as a calculator, as XML, and as formulas."""

import os
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import ironcalc
import numpy as np
import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import CellRange

from rnnwalk.layout.sheets import addresses
from rnnwalk.render.workbook import draw, write_workbook
from rnnwalk.walks.walk import Walk
from tests.examples import pose

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BESIDE_ALL = 9_000  # a column that no sheet uses
VALUES = ("Inputs", "Walk", "Unrolled")  # the sheets whose numbers are the network's
REFERENCE = re.compile(r"(?:'?\b([A-Za-z_0-9 ]+)'?!)?\$?\b([A-Z]{1,3})\$?([0-9]+)\b(?::\$?([A-Z]{1,3})\$?([0-9]+))?")

# Words and models that differ in what matters: a 1×1 Whh, long sums, blanks, signs, scripts, repeated symbols.
CASES = {
    "hello": {"word": "hello"},
    "matrix": {"word": "banana", "hidden": 4, "seed": 7},
    "long sums": {"word": "the quick brown fox", "hidden": 11, "seed": 3},
    "words": {"word": "we love working on deep learning", "by": "word", "hidden": 3},
    "signs": {"word": "=+-@'1 *?~\"", "hidden": 2},
    "scripts": {"word": "日本שלום👩‍🏫eé", "hidden": 8},
    "one symbol": {"word": "aa", "hidden": 1},
    "lstm": {"word": "hello", "cell": "lstm", "hidden": 3},
    "gru": {"word": "banana", "cell": "gru", "hidden": 9, "seed": 2},
    "gru cho2014": {"word": "noon", "cell": "gru", "form": "cho2014", "hidden": 2},
    "gru pytorch": {"word": "noon", "cell": "gru", "form": "pytorch", "hidden": 1},
}


WORDS = ["hello", "holle", "hoell"]
BESIDE: dict[str, dict[str, Any]] = {  # several words of one length at once
    "side by side": {"word": WORDS},
    "lstm, side by side": {"word": WORDS, "cell": "lstm", "hidden": 2},
    "gru, side by side": {"word": WORDS, "cell": "gru", "hidden": 9},
}


def walk_of(case: str) -> Walk:
    return Walk(pose(**(CASES | BESIDE)[case]))


def number(column: str) -> int:
    """A to 1, AA to 27."""
    total = 0
    for letter in column:
        total = 26 * total + ord(letter) - 64
    return total


def split(address: str) -> tuple[str, int, int]:
    """Unrolled!F12 to ("Unrolled", 12, 6)."""
    sheet, cell = address.replace("'", "").split("!")
    letters = cell.rstrip("0123456789")
    return sheet, int(cell[len(letters) :]), number(letters)


class Calculator:
    """IronCalc with the workbook loaded: nothing is believed before ``evaluate``."""

    def __init__(self, path: Path) -> None:
        self.model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        found = self.model.get_worksheets_properties()
        self.sheets = [each["name"] if isinstance(each, dict) else each.name for each in found]

    def evaluate(self) -> "Calculator":
        self.model.evaluate()
        return self

    def value(self, address: str) -> object:
        sheet, row, column = split(address)
        return self.model.get_cell_value(self.sheets.index(sheet), row, column)

    def edit(self, address: str, value: float | str) -> None:
        sheet, row, column = split(address)
        update = self.model.update_cell_with_text if isinstance(value, str) else self.model.update_cell_with_number
        update(self.sheets.index(sheet), row, column, value)


class Cell:
    """A cell as the file holds it: its formula (or None), type, style and the exact text of its value."""

    def __init__(self, element: ElementTree.Element) -> None:
        formula = element.find(f"{NAMESPACE}f")
        value = element.find(f"{NAMESPACE}v")
        self.formula = None if formula is None else formula.text
        self.type = element.get("t", "n")
        self.text = value.text if value is not None else None
        inline = element.find(f"{NAMESPACE}is/{NAMESPACE}t")
        if inline is not None:
            self.text = inline.text

    @property
    def counts(self) -> bool:
        """Whether it counts formulas: other cells it looks at, and IronCalc cannot tell."""
        return "ISFORMULA(" in (self.formula or "")

    @property
    def value(self) -> object:
        if self.text is None:
            return None
        return {"n": float, "b": lambda text: text == "1"}.get(self.type, str)(self.text)


def read(path: Path) -> dict[str, dict[tuple[int, int], Cell]]:
    """All cells of a workbook that hold something, sheet by sheet, straight from the XML."""
    book: dict[str, dict[tuple[int, int], Cell]] = {}
    with zipfile.ZipFile(path) as archive:
        names = [
            each.get("name")
            for each in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{NAMESPACE}sheet")
        ]
        for i, name in enumerate(names, start=1):
            sheet = book.setdefault(name or "", {})
            for element in ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{i}.xml")).iter(f"{NAMESPACE}c"):
                cell = Cell(element)
                if cell.text is not None or cell.formula is not None:
                    _, row, column = split(f"x!{element.get('r')}")
                    sheet[row, column] = cell
    return book


def blanked(calculator: Calculator, path: Path, sheet: str) -> set[tuple[int, int]]:
    """The cells of a sheet that hold something and do not show it, by its conditional formats.

    A rule is written for the first cell of its areas, and meant for each other one as if it were copied there.
    """
    ws, index, asked = openpyxl.load_workbook(path)[sheet], calculator.sheets.index(sheet), list[tuple[int, int]]()
    for area in ws.conditional_formatting:
        areas = str(area.sqref).split()
        for rule in area.rules:
            if rule.dxf is None or rule.dxf.numFmt is None or rule.dxf.numFmt.formatCode != ";;;":
                continue
            translator = Translator(f"={rule.formula[0]}", origin=areas[0].split(":")[0])
            for at in (at for each in areas for row in CellRange(each).rows for at in row):
                moved = translator.translate_formula(ws.cell(*at).coordinate)[1:]
                calculator.model.set_user_input(index, len(asked) + 1, BESIDE_ALL, f"=IF(IFERROR({moved},FALSE),1,0)")
                asked.append(at)
    calculator.evaluate()
    value = calculator.model.get_cell_value
    met = {at for i, at in enumerate(asked, start=1) if value(index, i, BESIDE_ALL) == 1}
    return {at for at in met if value(index, *at) not in ("", None)}


def references(formula: str, home: str) -> Iterator[tuple[str, int, int]]:
    """Every cell that a formula refers to, ranges cell by cell."""
    for sheet, column, row, last_column, last_row in REFERENCE.findall(re.sub('"[^"]*"', '""', formula)):
        for r in range(int(row), int(last_row or row) + 1):
            for c in range(number(column), number(last_column or column) + 1):
                yield sheet or home, r, c


def places(walk: Walk) -> Iterator[tuple[str, float]]:
    """Every element of every quantity: its address and its value."""
    address = addresses(walk)
    for node in walk.names.labels:
        for at in np.ndindex(*node.shape):
            yield str(address(node, at)), float(node.value[at])


class Written(NamedTuple):
    """A case's walk, its workbook, and the cells that are in the file: for tests that only read them."""

    walk: Walk
    path: Path
    book: dict[str, dict[tuple[int, int], Cell]]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Written]:
    """``written(case)``, ``written(case, gradients=True)``: each workbook is drawn once for all tests that read it."""

    @cache
    def write(case: str, **more: bool) -> Written:
        walk, path = walk_of(case), tmp_path_factory.mktemp("written") / "w.xlsx"
        write_workbook(walk, path, **more)
        return Written(walk, path, read(path))

    return write


@cache
def drawn(word: str, *, epochs: int = 0, gradients: bool = False, forms: bool = False, **options: Any) -> Workbook:
    """The workbook of a walk with its way back, in memory: for tests that only look at it."""
    return draw(Walk(pose(word, **options), backward=True), epochs, gradients, forms)


@cache
def loaded(path: Path) -> Workbook:
    """The workbook of a file as openpyxl reads it: for tests that only look at it."""
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``libreoffice(path)``: the workbook after LibreOffice loaded it, recalculated every formula, and saved it, also as HTML."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    needs(program, "LibreOffice (soffice)")
    profile = tmp_path_factory.mktemp("libreoffice")  # to make one takes as long as to recalculate a workbook
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>",
        "utf-8",
    )

    def convert(path: Path, to: str = "xlsx") -> Path:
        out = path.parent / "out"
        subprocess.run(
            [str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to, "--outdir", str(out), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return out / f"{path.stem}.{to}"

    return convert


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def near(found: object, expected: float) -> bool:
    good = isinstance(found, float | int) and not isinstance(found, bool)
    return good and abs(found - expected) <= 1e-12 + 1e-9 * abs(expected)


def needs(program: str | None, name: str) -> None:
    """Skip where a program is not installed; in CI that is a failure."""
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed, and CI must have it")
        pytest.skip(f"{name} is not installed")
