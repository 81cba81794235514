"""The bytes of a workbook: formulas with their exact values, and nothing that changes from run to run, nor from one
installation to the other.

openpyxl leaves the value of a formula empty and rounds numbers to 16 digits; these small subclasses of
its writers put in what Python computed, so that every viewer shows it. Tied to openpyxl 3.1.
"""

import datetime
import math
import re
from collections.abc import Generator
from html import escape
from typing import IO, Any
from xml.etree.ElementTree import canonicalize
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from rnnwalk.marked import parts_of
from rnnwalk.render.roles import ROLES

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can tell

Value = float | str | bool


class Live(ArrayFormula):  # type: ignore[misc]
    """A formula and the value that it has: the one kind of object that openpyxl's cells let through unchanged."""

    __slots__ = ("text", "value")

    def __init__(self, text: str, value: Value) -> None:
        self.text = text
        self.value = value


def cell_xml(cell: Cell, style: str) -> str:
    """One ``<c>``: numbers as repr writes them, the value of a formula beside it. style: its number."""
    value = cell._value
    formula = ""
    if isinstance(value, Live):
        formula = f"<f>{_text(value.text[1:])}</f>"
        value = value.value
    kind, content = "", ""
    if isinstance(value, str):
        kind = ' t="str"' if formula else ' t="inlineStr"'
        content = _element("v", value) if formula else f"<is>{_runs(value, cell.font)}</is>"
    elif isinstance(value, bool):
        kind, content = ' t="b"', f"<v>{value:d}</v>"
    elif value is not None:
        if not math.isfinite(value):
            raise ValueError(f"{cell.parent.title}!{cell.coordinate} is {value}: a workbook holds finite numbers only")
        content = f"<v>{value!r}</v>"
    if cell._hyperlink is not None:
        cell.parent._hyperlinks.append(cell._hyperlink)
    return f'<c r="{cell.coordinate}" s="{style}"{kind}>{formula}{content}</c>'


def escaped(text: str) -> str:
    """The text as the format writes it: what reads like the number of a character, _x0041_, gets a sign before it."""
    return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def _runs(text: str, font: Font) -> str:
    """A text whose parts have the colours of their roles; a part with properties of its own takes none from the cell."""
    parts = [part for part in parts_of(text) if part[0]]
    if not any(role for _, role in parts):
        return _element("t", text)
    coloured = f'<rPr><b/><sz val="{font.sz:g}"/><color rgb="FF{{ink}}"/><rFont val="{font.name}"/></rPr>'
    looks = {role: canonical(coloured.format(ink=ROLES[role].ink)) for _, role in parts if role}
    return "".join(f"<r>{looks.get(role, '')}{_element('t', part)}</r>" for part, role in parts)


def _element(tag: str, text: str) -> str:
    preserve = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<{tag}{preserve}>{_text(escaped(text))}</{tag}>"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\r", "&#xD;")


def canonical(xml: str | bytes) -> str:
    """Canonical XML has one spelling; openpyxl has two, as it writes with lxml where that is installed."""
    return canonicalize(xml if isinstance(xml, str) else xml.decode())


class SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """Writes a worksheet as canonical XML, its cells with ``cell_xml``."""

    def get_stream(self) -> Generator[None, Any, None]:
        """Takes the elements that openpyxl makes, before and after the rows."""
        self.put(f'<worksheet xmlns="{SHEET_MAIN_NS}">')
        while True:
            element = yield
            if element is not None:
                self.put(canonical(tostring(element)))

    def close(self) -> None:
        """The end of a sheet that is whole; of one that failed before, as where memory ends, nothing more is written."""
        super().close()
        self.put("</worksheet>")

    def put(self, xml: str) -> None:
        self.out.write(xml.encode())

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The cells row by row; sorting each row is faster than sorting all cells, as openpyxl does."""
        rows: dict[int, dict[int, Cell]] = {row: {} for row in self.ws.row_dimensions}
        for (row, column), cell in self.ws._cells.items():
            rows.setdefault(row, {})[column] = cell
        return [(row, [rows[row][column] for column in sorted(rows[row])]) for row in sorted(rows)]

    def write_rows(self) -> None:
        styles: dict[int, str] = {}  # numbers of the shared styles, by identity
        self.put("<sheetData>")
        for number, row in self.rows():
            attributes = {"r": number, **dict(self.ws.row_dimensions.get(number, {}))}
            written = "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))
            cells = []
            for cell in row:
                style = id(cell._style)
                if style not in styles:
                    styles[style] = str(cell.style_id)
                cells.append(cell_xml(cell, styles[style]))
            self.put(f"<row{written}>{''.join(cells)}</row>")
        self.put("</sheetData>")


class Archive(ZipFile):
    """A zip file of canonical XML, whose entries carry no time."""

    def entry(self, name: str) -> ZipInfo:
        info = ZipInfo(name, EPOCH)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **kwargs: Any) -> None:
        name = zinfo_or_arcname
        super().writestr(self.entry(name) if isinstance(name, str) else name, canonical(data), *args, **kwargs)


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
