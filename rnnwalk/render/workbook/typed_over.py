"""Whether a formula was typed over: each sheet must hold as many formulas as were drawn there."""

from collections.abc import Iterable

from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.complaints import Must
from rnnwalk.render.workbook.package import Live

UNKNOWN = "–"  # where a program cannot count formulas, as Excel 2010 cannot


def formulas_kept(book: Book, sheets: Iterable[str], known: str) -> list[Must]:
    """For each of these sheets that has formulas, whether they still stand; UNKNOWN where that cannot be told.

    known: two cells with formulas: a program that does not find them both would not find the others either.
    """
    found = []
    for sheet in sheets:
        drawn = book.file[sheet]
        if count := sum(isinstance(cell._value, Live) for cell in drawn._cells.values()):
            here = _counted(f"'{sheet}'!{drawn.calculate_dimension()}")
            holds = f'IF(IFERROR({_counted(known)}=2,FALSE),{here}>={count},"{UNKNOWN}")'
            says = f'"✗ a formula on {sheet} was typed over: undo that, or export again"'
            found.append(Must(f"No formula on {sheet} was typed over", holds, says))
    return found


def _counted(area: str) -> str:
    """How many cells of an area hold a formula; the prefix marks a function that is younger than the file format."""
    return f"SUMPRODUCT(--_xlfn.ISFORMULA({area}))"
