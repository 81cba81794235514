"""The bytes of a workbook: formulas with their exact values, and nothing that changes from run to run.

openpyxl leaves the value of a formula empty and rounds numbers to 16 digits; these small subclasses of
its writers put in what Python computed, so that every viewer shows it. Tied to openpyxl 3.1.
"""

import datetime
import math
import re
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import XML_NS
from openpyxl.xml.functions import Element, SubElement

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can tell
PRESERVE = f"{{{XML_NS}}}space"

Value = float | str | bool


class Live(ArrayFormula):  # type: ignore[misc]
    """A formula and the value that it has: the one kind of object that openpyxl's cells let through unchanged."""

    __slots__ = ("text", "value")

    def __init__(self, text: str, value: Value) -> None:
        self.text = text
        self.value = value


def write_cell(xf: Any, cell: Cell, style: str) -> None:
    """One ``<c>``: numbers as repr writes them, the value of a formula beside it. style: its number."""
    value = cell._value
    element = Element("c", {"r": cell.coordinate, "s": style})
    if isinstance(value, Live):
        SubElement(element, "f").text = value.text[1:]
        value = value.value
        if isinstance(value, str):
            element.set("t", "str")
            _text(SubElement(element, "v"), value)
            value = None
    elif isinstance(value, str):
        element.set("t", "inlineStr")
        _text(SubElement(SubElement(element, "is"), "t"), value)
        value = None
    if isinstance(value, bool):
        element.set("t", "b")
        SubElement(element, "v").text = str(int(value))
    elif value is not None:
        if not math.isfinite(value):
            raise ValueError(f"{cell.parent.title}!{cell.coordinate} is {value}: a workbook holds finite numbers only")
        SubElement(element, "v").text = repr(value)
    if cell._hyperlink is not None:
        cell.parent._hyperlinks.append(cell._hyperlink)
    xf.write(element)


def escaped(text: str) -> str:
    """The text as the format writes it: what reads like the number of a character, _x0041_, gets a sign before it."""
    return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def _text(element: Any, text: str) -> None:
    element.text = escaped(text)
    if text != text.strip():
        element.set(PRESERVE, "preserve")


class SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """Writes a worksheet with ``write_cell``."""

    def __init__(self, ws: Any, out: IO[bytes]) -> None:
        super().__init__(ws, out)
        self._styles: dict[int, str] = {}  # numbers of the shared styles, by identity

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The cells row by row; sorting each row is faster than sorting all cells, as openpyxl does."""
        rows: dict[int, dict[int, Cell]] = {row: {} for row in self.ws.row_dimensions}
        for (row, column), cell in self.ws._cells.items():
            rows.setdefault(row, {})[column] = cell
        return [(row, [rows[row][column] for column in sorted(rows[row])]) for row in sorted(rows)]

    def write_row(self, xf: Any, row: list[Cell], row_idx: int) -> None:
        styles = self._styles
        attributes = {"r": str(row_idx), **dict(self.ws.row_dimensions.get(row_idx, {}))}
        with xf.element("row", attributes):
            for cell in row:
                style = id(cell._style)
                if style not in styles:
                    styles[style] = str(cell.style_id)
                write_cell(xf, cell, styles[style])


class Archive(ZipFile):
    """A zip file whose entries carry no time."""

    def entry(self, name: str) -> ZipInfo:
        info = ZipInfo(name, EPOCH)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **kwargs: Any) -> None:
        name = zinfo_or_arcname
        super().writestr(self.entry(name) if isinstance(name, str) else name, data, *args, **kwargs)


class BookWriter(ExcelWriter):  # type: ignore[misc]
    """Writes the sheets straight into the archive, without temporary files."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        with self._archive.open(self._archive.entry(ws.path[1:]), "w") as out:
            writer = SheetWriter(ws, out)
            writer.write()
        ws._rels = writer._rels
        self.manifest.append(ws)


def save(book: Workbook, file: IO[bytes]) -> None:
    """Write the workbook; the same workbook gives the same bytes."""
    book.properties.created = book.properties.modified = datetime.datetime(*EPOCH[:6])
    with Archive(file, "w", ZIP_DEFLATED) as archive:
        BookWriter(book, archive).write_data()
