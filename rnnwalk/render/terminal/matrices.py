"""Matrices in brackets, side by side, wrapped and elided to a width; as lines of (text, role) pieces."""

from typing import NamedTuple

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import Signs
from rnnwalk.views.page import Equation, Matrix
from rnnwalk.walks.numbers import number

Line = list[tuple[str, str]]  # (text, role); roles are the keys of style.PALETTE

MOST_ROWS = 14  # of a matrix; beyond, the middle is left out


class Box(NamedTuple):
    """A drawn piece: lines of one width; middle: the line that signs beside it stand on; cut: something is left out."""

    lines: list[Line]
    width: int
    middle: int
    cut: bool = False


def draw(equation: Equation, width: int, signs: Signs) -> tuple[list[Line], bool]:
    """An equation as lines that fit ``width``, and whether a matrix lost its middle; what does not fit beside goes below."""
    boxes = [_matrix(part, width - 4, signs) if isinstance(part, Matrix) else _sign(part) for part in equation.parts]
    rows: list[list[Box]] = [[]]
    for i, box in enumerate(boxes):
        used = sum(b.width for b in rows[-1])
        following = boxes[i + 1].width if isinstance(equation.parts[i], str) and i + 1 < len(boxes) else 0
        if rows[-1] and used + box.width + following > width:
            rows.append([])  # a sign goes down together with the matrix that it stands before
        rows[-1].append(box)
    lines: list[Line] = []
    for row in rows:
        lines += _beside(row)
    return lines, any(box.cut for box in boxes)


def _sign(text: str) -> Box:
    text = text if text.startswith(" ") else f" {text}"
    text = text if text.endswith(" ") else f"{text} "
    return Box([[(text, "sign")]], cells(text), 0)


def _beside(boxes: list[Box]) -> list[Line]:
    above = max(box.middle for box in boxes)
    below = max(len(box.lines) - box.middle for box in boxes)
    lines: list[Line] = []
    for i in range(above + below):
        line: Line = []
        for box in boxes:
            inside = i - (above - box.middle)
            line += box.lines[inside] if 0 <= inside < len(box.lines) else [(" " * box.width, "")]
        lines.append(line)
    return lines


def _matrix(matrix: Matrix, width: int, signs: Signs) -> Box:
    rows, columns = matrix.values.shape
    kept_rows = _kept(rows, MOST_ROWS)
    heads = [matrix.row_heads[r] if matrix.row_heads else "" for r in kept_rows if r is not None]
    margin = max(map(cells, heads), default=0)

    def text(r: int, c: int) -> str:
        return number(float(matrix.values[r, c]), matrix.digits)

    def column(c: int | None) -> list[str]:
        if c is None:
            return [signs.gap_right if r is not None else "" for r in kept_rows]
        return [signs.gap_down if r is None else text(r, c) for r in kept_rows]

    room = width - margin - 5  # heading, blank, brackets with a blank inside each
    sample = max(cells(piece) for piece in column(0)) + 2
    kept = _kept(columns, max(1, room // sample))
    drawn = [column(c) for c in kept]
    tops = [matrix.column_heads[c] if matrix.column_heads and c is not None else "" for c in kept]
    while len(kept) > 3 and sum(_wide(d, t) + 2 for d, t in zip(drawn, tops, strict=True)) - 2 > room:
        kept = _kept(columns, len(kept) - 2 if None in kept else len(kept) - 1)
        drawn = [column(c) for c in kept]
        tops = [matrix.column_heads[c] if matrix.column_heads and c is not None else "" for c in kept]
    widths = [_wide(d, t) for d, t in zip(drawn, tops, strict=True)]
    inner = sum(widths) + 2 * (len(widths) - 1)
    shape = f"({rows}×{columns})" if signs.rule == "─" else f"({rows}x{columns})"
    total = max(margin + (1 if margin else 0) + inner + 4, cells(matrix.label), len(shape))
    indent = margin + (1 if margin else 0)

    lines: list[Line] = [
        [(_pad(" " * indent + matrix.label if cells(matrix.label) + indent <= total else matrix.label, total), "label")]
    ]
    if matrix.column_heads:
        header = "  ".join(_right(top, wide) for top, wide in zip(tops, widths, strict=True))
        lines.append([(_pad(" " * (indent + 2) + header, total), "head")])
    first = len(lines)
    for i, r in enumerate(kept_rows):
        left, right = _bracket(i, len(kept_rows), signs)
        head = matrix.row_heads[r] if matrix.row_heads and r is not None else ""
        body = "  ".join(_right(d[i], wide) for d, wide in zip(drawn, widths, strict=True))
        lines.append(
            [
                (_right(head, margin) + (" " if margin else ""), "head"),
                (f"{left} ", "bracket"),
                (body, "number"),
                (f" {right}" + " " * (total - indent - inner - 4), "bracket"),
            ]
        )
    middle = first + (len(kept_rows) - 1) // 2
    lines.append([(_pad(" " * indent + shape if len(shape) + indent <= total else shape, total), "shape")])
    return Box(lines, total, middle, None in kept_rows or None in kept)


def _kept(count: int, most: int) -> list[int | None]:
    """Which rows or columns are shown: all, or the first and the last with None for the middle."""
    if count <= most:
        return list(range(count))
    head = max(1, (most - 1) * 2 // 3)
    tail = max(0, most - 1 - head)
    return [*range(head), None, *range(count - tail, count)]


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
