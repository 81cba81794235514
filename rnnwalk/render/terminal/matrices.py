"""Matrices with the signs between them, side by side and wrapped to a width; as lines of (text, role) pieces."""

import re

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import Signs
from rnnwalk.render.terminal.matrix import Box, Line, bracketed
from rnnwalk.views.page import Equation, Matrices, Matrix

GAP = 4  # columns between matrices that stand for themselves
CLOSING = re.compile(r"(?:ᵀ|\^T|\))+")


def draw(equation: Equation, width: int, signs: Signs) -> tuple[list[Line], bool]:
    """An equation as lines that fit ``width``, and whether a matrix is not drawn in full; what does not fit beside goes below."""
    parts = _parted(equation)
    boxes: list[Box] = []
    for part, closing in parts:
        room = width - max(4, boxes[-1].width if boxes else 0)  # beside the sign before it
        boxes.append(_closed(part, closing, room, signs) if isinstance(part, Matrix) else _sign(part))
    rows: list[list[Box]] = [[]]
    for i, box in enumerate(boxes):
        used = sum(b.width for b in rows[-1])
        following = boxes[i + 1].width if isinstance(parts[i][0], str) and i + 1 < len(boxes) else 0
        if rows[-1] and used + box.width + following > width:
            rows.append([])  # a sign goes down together with the matrix that it stands before
        rows[-1].append(box)
    lines: list[Line] = []
    for row in rows:
        lines += _beside(row)
    return lines, any(box.cut for box in boxes)


def draw_side_by_side(matrices: Matrices, width: int, signs: Signs) -> tuple[list[Line], bool]:
    """Matrices beside each other as far as they fit, and whether one is not drawn in full."""
    boxes = [bracketed(matrix, width - 4, signs)._replace(middle=0) for matrix in matrices.matrices]
    lines: list[Line] = []
    row: list[Box] = []
    for box in boxes:
        if row and sum(b.width for b in row) + GAP + box.width > width:
            lines += [*_beside(row), [("", "")]]
            row = []
        row += [_gap(GAP), box] if row else [box]
    return lines + _beside(row), any(box.cut for box in boxes)


def _parted(equation: Equation) -> list[tuple[Matrix | str, str]]:
    """The parts of an equation, each matrix with what closes it: ᵀ and ) are the end of it, not the sign before the next."""
    parts: list[tuple[Matrix | str, str]] = []
    for part in equation.parts:
        if isinstance(part, str) and parts and isinstance(parts[-1][0], Matrix) and (found := CLOSING.match(part)):
            parts[-1] = parts[-1][0], f" {found[0]}"
            part = part[found.end() :]
        if part:
            parts.append((part, ""))
    return parts


def _closed(matrix: Matrix, closing: str, width: int, signs: Signs) -> Box:
    """A matrix with what closes it."""
    box = bracketed(matrix, width - cells(closing), signs)
    if not closing:
        return box
    sign = Box([[(closing, "sign")]], cells(closing), 0)
    return box._replace(lines=_beside([box, sign]), width=box.width + sign.width)


def _gap(width: int) -> Box:
    return Box([[(" " * width, "")]], width, 0)


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
