"""One matrix in brackets, elided to a width; as lines of (text, role) pieces.

Where an element is followed, its row and column are pointed at, and its number and those that it is made of are lit.
"""

from typing import NamedTuple

from rnnwalk.marked import parts_of
from rnnwalk.model.symbols import graphemes
from rnnwalk.model.symbols import width as cells
from rnnwalk.render.cut import kept_of, with_gaps
from rnnwalk.render.glyphs import Signs
from rnnwalk.views.page import Matrix
from rnnwalk.walks.numbers import number

Line = list[tuple[str, str]]  # (text, role); what roles look like, style.py knows

MOST_ROWS = 14  # of a matrix; beyond, the middle is left out


class Box(NamedTuple):
    """A drawn piece: lines of one width; middle: the line that signs beside it stand on; cut: something is left out."""

    lines: list[Line]
    width: int
    middle: int
    cut: bool = False


def bracketed(matrix: Matrix, width: int, signs: Signs) -> Box:
    """A matrix that fits a width."""
    rows, columns = matrix.values.shape
    kept_rows = kept_of(rows, max(MOST_ROWS, 2 * len(matrix.picked[0]) + 1), matrix.row, matrix.picked[0])
    sides, margin = _sides(matrix, kept_rows, width // 3, signs)

    def text(r: int, c: int) -> str:
        return number(float(matrix.values[r, c]), matrix.digits)

    def column(c: int | None) -> list[str]:
        if c is None:
            return [signs.gap_right if r is not None else "" for r in kept_rows]
        return [signs.gap_down if r is None else text(r, c) for r in kept_rows]

    room = width - margin - 5  # heading, blank, brackets with a blank inside each
    sample = max(cells(piece) for piece in column(0)) + 2
    gaps = len(matrix.picked[1])  # narrower than what is left out between those that are picked
    least = max(1, room // sample)
    one = next(iter(matrix.picked[1]), None) if matrix.column is None else matrix.column
    if one is not None and sample + 4 <= room:  # at least one, between the signs for those that are left out
        least = max(least, len(with_gaps({one}, columns)))
    kept = kept_of(columns, least + gaps, matrix.column, matrix.picked[1])
    drawn = [column(c) for c in kept]
    tops = _tops(matrix, kept, room, signs)
    while len(kept) > min(least, 3) and sum(_wide(d, t) + 2 for d, t in zip(drawn, tops, strict=True)) - 2 > room:
        most = len(kept) - 2 if None in kept and not gaps else len(kept) - 1
        fewer = kept_of(columns, most, matrix.column, matrix.picked[1])
        if len(fewer) >= len(kept):
            break
        kept = fewer
        drawn = [column(c) for c in kept]
        tops = _tops(matrix, kept, room, signs)
    if None in kept:
        kept_rows = _telling(matrix, kept_rows, kept)
        sides, margin = _sides(matrix, kept_rows, width // 3, signs)
        drawn = [column(c) for c in kept]
    widths = [_wide(d, t) for d, t in zip(drawn, tops, strict=True)]
    inner = sum(widths) + 2 * (len(widths) - 1)
    shape = f"({rows}×{columns})" if signs.rule == "─" else f"({rows}x{columns})"
    total = max(margin + (1 if margin else 0) + inner + 4, cells(matrix.label), len(shape))
    indent = margin + (1 if margin else 0)

    lines: list[Line] = [_label(matrix, indent if cells(matrix.label) + indent <= total else 0, total)]
    if matrix.column_heads:
        lines.append(_header(matrix, kept, tops, widths, indent, total, signs))
    first = len(lines)
    for i, r in enumerate(kept_rows):
        left, right = _bracket(i, len(kept_rows), signs)
        pointed = r is not None and r == matrix.row
        lines.append(
            [
                (_right(sides[i], margin) + (" " if margin else ""), "head"),
                (left, "bracket"),
                (signs.row if pointed else " ", "mark"),
                *_numbers(matrix, r, kept, [_right(d[i], wide) for d, wide in zip(drawn, widths, strict=True)]),
                (f" {right}" + " " * (total - indent - inner - 4), "bracket"),
            ]
        )
    middle = first + (len(kept_rows) - 1) // 2
    lines.append([(_pad(" " * indent + shape if len(shape) + indent <= total else shape, total), "shape")])
    return Box(lines, total, middle, None in kept_rows or None in kept)


def _label(matrix: Matrix, indent: int, total: int) -> Line:
    """What a matrix is called; each part of a formula has a role of its own."""
    gap = total - indent - cells(matrix.label)
    return [
        (" " * indent, ""),
        *[(text, f"{role or matrix.role} bold") for text, role in parts_of(matrix.label)],
        (" " * gap, ""),
    ]


def cut(head: str, most: int, signs: Signs) -> str:
    """A heading in at most so many columns; a symbol may be as long as a file."""
    if cells(head) <= most:
        return head
    kept = ""
    for sign in graphemes(head[: most + 1]):
        if cells(kept + sign + signs.cut) > most:
            break
        kept += sign
    return kept + signs.cut


def _sides(matrix: Matrix, kept: list[int | None], most: int, signs: Signs) -> tuple[list[str], int]:
    """The headings of the rows, and how wide they are."""
    sides = [cut(matrix.row_heads[r], most, signs) if matrix.row_heads and r is not None else "" for r in kept]
    return sides, max(map(cells, sides), default=0)


def _telling(matrix: Matrix, rows: list[int | None], columns: list[int | None]) -> list[int | None]:
    """The rows without those that would show zeros alone, as what else they hold stands in columns that are left out."""

    def tells(r: int) -> bool:
        shown = [matrix.values[r, c] for c in columns if c is not None]
        return r == matrix.row or any(shown) or not matrix.values[r].any()

    return with_gaps({r for r in rows if r is not None and tells(r)}, len(matrix.values))


def _tops(matrix: Matrix, kept: list[int | None], room: int, signs: Signs) -> list[str]:
    """The headings of the columns, so that three columns fit beside each other."""
    heads = matrix.column_heads
    return [
        cut(heads[c], max(room // min(3, len(kept)) - 2, 3), signs) if heads and c is not None else "" for c in kept
    ]


def _header(
    matrix: Matrix, kept: list[int | None], tops: list[str], widths: list[int], indent: int, total: int, signs: Signs
) -> Line:
    """The headings of the columns; the blank before the one that is pointed at gives way to a sign."""
    header = " " * (indent + 2)
    for i, (c, top, wide) in enumerate(zip(kept, tops, widths, strict=True)):
        header += ("  " if i else "") + " " * (wide - cells(top))
        if c is not None and c == matrix.column:
            header = header[:-1] + signs.column
        header += top
    return [(_pad(header, total), "head")]


def _numbers(matrix: Matrix, r: int | None, kept: list[int | None], texts: list[str]) -> Line:
    """A row's numbers as pieces; what is lit stands alone, without the blanks before it."""
    lit = {c for at, c in matrix.lit if at == r}
    if not lit:
        return [("  ".join(texts), matrix.role)]
    line: Line = []
    for i, (c, text) in enumerate(zip(kept, texts, strict=True)):
        gap = "  " if i else ""
        if c not in lit:
            line.append((gap + text, matrix.role))
            continue
        body = text.lstrip(" ")
        line += [(gap + " " * (len(text) - len(body)), ""), (body, f"{matrix.role} lit")]
    return line


def _wide(column: list[str], head: str) -> int:
    return max(cells(head), *map(cells, column))


def _bracket(i: int, count: int, signs: Signs) -> tuple[str, str]:
    if count == 1:
        return signs.one
    return signs.top if i == 0 else signs.bottom if i == count - 1 else signs.middle


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _right(text: str, width: int) -> str:
    return " " * (width - cells(text)) + text
