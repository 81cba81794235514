"""How cells look: one shared style for each kind of cell, colours by role, each role also a sign."""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.utils.indexed_list import IndexedList

from rnnwalk.render.roles import ROLES as ROLES

NUMBER = "0.000000"
SHORT = "0.0000"
# Of a probability, which is never negative: under a colour scale LibreOffice takes no format of another rule.
SHARE = "[=0]0.000000;[<0.0000005]0.00E+00;0.000000"
SHORTER = {NUMBER: SHORT, SHARE: "[=0]0.0000;[<0.00005]0.0E+00;0.0000"}
DECIMALS = {NUMBER: 6, SHARE: 6, SHORT: 4, SHORTER[SHARE]: 4}
POWERS = "0.00000E+00"  # for what is too wide for its column
HUGE = 1e5  # is too wide
DIGIT = "0"
GENERAL = "General"
TEXT = "@"
INK = "1F2A37"
MUTED = "5B6673"
BAND = "2F4B6E"


@dataclass(frozen=True, eq=False)  # compared by identity, which is fast: a look is made once and used for many cells
class Look:
    """What one kind of cell looks like. edges: sides with a bracket line ("l", "r", "b", ...)."""

    fill: str | None = None
    bold: bool = False
    italic: bool = False
    size: float = 11
    ink: str = INK
    format: str = GENERAL
    align: str | None = None
    wrap: bool = False
    indent: int = 0
    edges: str = ""
    box: bool = False
    open: bool = False
    quote: bool = False
    underline: bool = False
    mono: bool = False

    def but(self, **changes: Any) -> "Look":
        """The same look but for some changes; the same object for the same changes."""
        key = tuple(changes.items())
        if key not in self._others:
            self._others[key] = replace(self, **changes)
        return self._others[key]

    @cached_property
    def _others(self) -> dict[Any, "Look"]:
        return {}


PLAIN = Look()
TITLE = Look(bold=True, size=18, ink=BAND)
SUBTITLE = Look(size=11, ink=MUTED)
LETTER = Look(fill=BAND, ink="FFFFFF", bold=True, size=13)
STAGE = Look(fill="DCE5EE", bold=True, size=12, ink=BAND)
HEADING = Look(bold=True, size=12, ink=BAND)
SENTENCE = Look(ink=INK)
FORMULA = Look(italic=True, ink=MUTED)
SYMBOL = Look(bold=True, align="center", quote=True)
HEAD = Look(ink=MUTED, align="center", quote=True)
ROWHEAD = Look(ink=MUTED, align="right", quote=True)
SIGN = Look(size=12, align="center", quote=True)
NUMBERS_IN = Look(ink="0B57A4")
KEY = Look(ink=MUTED, quote=True, indent=1)
DRAWN = Look(mono=True, quote=True)
LINK = Look(ink="0B57A4", underline=True, indent=1)


def symbols(role: str) -> Look:
    """The look of a letter or word of a role."""
    return SYMBOL.but(fill=ROLES[role].fill, bold=role != "target", size=12)


@cache
def cells(role: str, form: str = NUMBER) -> Look:
    """The look of a number of a role."""
    return Look(fill=ROLES[role].fill, format=form, align="right")


class OrderedFont(Font):  # type: ignore[misc]
    """openpyxl writes the parts of a font in an order that Microsoft's validator rejects; this is the schema's."""

    tagname = "font"
    __nested__ = Font.__nested__
    __elements__ = (
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name",
        "family", "charset", "scheme",
    )  # fmt: skip


class Styles:
    """The styles of one workbook; each look is made once and shared by its cells."""

    def __init__(self, book: Workbook) -> None:
        self.sheet = book.active
        default = OrderedFont(name="Calibri", sz=11, color=INK)
        book._fonts = IndexedList([default])
        book._named_styles["Normal"].font = default
        self.of = cache(self._make)

    def _make(self, look: Look) -> Any:
        cell = Cell(self.sheet, row=1, column=1)
        cell.font = OrderedFont(
            name="Courier New" if look.mono else "Calibri",
            sz=look.size,
            b=look.bold,
            i=look.italic,
            color=look.ink,
            u="single" if look.underline else None,
        )
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=Color(rgb=f"FF{look.fill}"))
        cell.number_format = look.format
        if look.align or look.wrap or look.indent:
            cell.alignment = Alignment(
                horizontal=look.align or ("left" if look.indent else None),
                indent=look.indent,
                vertical="top" if look.wrap and not look.align else "center",
                wrap_text=look.wrap or None,
                readingOrder=1,
            )
        bracket, hair = Side("medium", color=INK), Side("thin", color="B8C1CC")
        sides = {
            side: bracket if side[0] in look.edges else hair if look.box else None
            for side in ("left", "right", "top", "bottom")
        }
        if any(sides.values()):
            cell.border = Border(**sides)
        if look.open:
            cell.protection = Protection(locked=False)
        if look.quote:
            cell.quotePrefix = True
        return cell._style
