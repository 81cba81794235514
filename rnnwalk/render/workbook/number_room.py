"""Numbers of every size in columns that are as wide as six decimals: large ones have fewer, tiny ones are powers of ten."""

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from rnnwalk.layout.addresses import column_letters
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import GENERAL, HUGE

DIGIT = 8.0  # pixels of a digit of 11 points on a screen


def make_room(sheet: Sheet) -> None:
    """Show large numbers with fewer decimals, and huge ones in powers of ten, also after an edit: for six decimals a column
    is too narrow. Tiny ones, too, are powers of ten: with six decimals they would be 0.

    Not as a number format with conditions: LibreOffice shows those without their minus sign.
    """
    for row, column, look in sheet.powers:
        code = powers(min(5, digits(sheet) - 5))
        sheet.ws._cells[row, column]._style = sheet.styles.of(look.but(format=code))
    if sheet.counts:  # numbers of steps keep their format
        own = Rule(type="expression", formula=["TRUE"], stopIfTrue=True)
        own.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=0, formatCode=GENERAL))
        sheet.ws.conditional_formatting.add(" ".join(rectangles(sheet.counts)), own)
    for when, look in grades(sheet, "A1"):
        rule = Rule(type="expression", formula=[when], stopIfTrue=False)
        rule.dxf = DifferentialStyle(numFmt=look)
        sheet.ws.conditional_formatting.add(sheet.ws.calculate_dimension(), rule)


def digits(sheet: Sheet) -> int:
    """How many digits, beside a minus and a point, the narrowest column has room for that holds decimals."""
    return min(
        (
            int((sheet.pixels(column, column) - 4 - 9 * size / 11) / (DIGIT * size / 11))
            for column, (size, _) in sheet.decimals.items()
        ),
        default=10,
    )


def grades(sheet: Sheet, cell: str) -> list[tuple[str, NumberFormat]]:
    """When a cell's number is shown how: the largest first, and at last what would be 0 with all decimals."""
    room, most = digits(sheet), max((count for _, count in sheet.decimals.values()), default=0)
    size = f"ABS({cell})"
    codes = [(f"{size}>={least}", powers(room - whole)) for least, whole in (("1E+99", 6), (f"{HUGE:.0f}", 5))]
    for whole in (5, 4, 3, 2):
        if room - whole < most:
            count = max(0, room - whole)
            least = f"{10 ** (whole - 1) - 0.5 * 10.0**-most:.{most + 1}f}"  # 9.9999995 would be shown as 10.000000
            codes.append((f"{size}>={least}", f"0.{'0' * count}".rstrip(".")))
    tiny = [("1E-99", 6), (f"{0.5 * 10.0**-most:.0E}", 5)] if most else []
    codes += [(f"AND({cell}<>0,{size}<{least})", powers(room - whole)) for least, whole in tiny]
    return [
        (when, NumberFormat(numFmtId=210 + len(code) + 20 * ("E" in code), formatCode=code)) for when, code in codes
    ]


def powers(decimals: int) -> str:
    """The format of powers of ten with so many decimals, at most five."""
    count = max(0, min(5, decimals))
    return f"0{'.' * bool(count)}{'0' * count}E+00"


def rectangles(cells: set[tuple[int, int]]) -> list[str]:
    """Cells as ranges: rows of neighbours, and such rows under each other."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, []).append(column)
    runs: dict[tuple[int, int], list[int]] = {}
    for row, columns in rows.items():
        first = columns[0]
        for column, after in zip(columns, [*columns[1:], 0], strict=True):
            if after != column + 1:
                runs.setdefault((first, column), []).append(row)
                first = after
    found = []
    for (first, last), found_in in runs.items():
        top = found_in[0]
        for row, after in zip(found_in, [*found_in[1:], 0], strict=True):
            if after != row + 1:
                found.append(f"{column_letters(first)}{top}:{column_letters(last)}{row}")
                top = after
    return found
