"""Tables as lines: aligned columns, the widest text column wrapped to fit; on a narrow screen, a row as a list."""

import re

from rnnwalk.model.symbols import graphemes
from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import Signs
from rnnwalk.render.terminal.matrices import Line
from rnnwalk.views.page import Table

BAR = 20  # columns of the longest bar
NARROW = 16  # a text column is not wrapped to less


def draw(table: Table, width: int, signs: Signs) -> list[Line]:
    """A table as lines that fit ``width``."""
    columns = range(len(table.headings))
    widths = [max(cells(table.headings[c]), *(cells(row[c]) for row in table.rows)) for c in columns]
    room = width - 2 * (len(widths) - 1) - sum(widths)
    bar = min(BAR, room - 2) if table.bars and room > 6 else 0
    if room < 0:
        widest = max((c for c in columns if c not in table.numeric), key=lambda c: widths[c])
        if widths[widest] + room < min(NARROW, widths[widest]):
            return _records(table, width)
        widths[widest] += room
    lines = [
        _row(table.headings, widths, table.numeric, "head"),
        [(signs.rule * (sum(widths) + 2 * (len(widths) - 1) + (bar + 2 if bar else 0)), "rule")],
    ]
    if bar:
        lines[0].insert(-1, (" " * (bar + 2), ""))
    for i, row in enumerate(table.rows):
        wrapped = [wrap(text, wide) for text, wide in zip(row, widths, strict=True)]
        for k in range(max(map(len, wrapped))):
            line = _row([w[k] if k < len(w) else "" for w in wrapped], widths, table.numeric, "number")
            if bar and k == 0 and table.bars and i < len(table.bars):
                line.insert(-1, (_bar(table.bars[i], bar, signs) + "  ", "bar"))
            elif bar:
                line.insert(-1, (" " * (bar + 2), ""))
            lines.append(line)
    return lines


def _row(texts: list[str], widths: list[int], numeric: frozenset[int], role: str) -> Line:
    line: Line = []
    for c, (text, wide) in enumerate(zip(texts, widths, strict=True)):
        gap = " " * (wide - cells(text))
        piece = gap + text if c in numeric else text + gap
        line.append((piece if c == len(widths) - 1 else f"{piece}  ", role))
    return line


def _records(table: Table, width: int) -> list[Line]:
    lines: list[Line] = []
    for row in table.rows:
        for heading, text in zip(table.headings, row, strict=True):
            if text:
                lines += [[(line, "number")] for line in wrap(f"{heading} {text}".strip(), width)]
        lines.append([("", "")])
    return lines[:-1]


def _bar(share: float, width: int, signs: Signs) -> str:
    steps = len(signs.bar) - 1
    eighths = round(share * width * steps)
    full, rest = divmod(eighths, steps)
    text = signs.bar[-1] * full + (signs.bar[rest] if rest else "")
    return text + " " * (width - len(text))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, broken at blanks, and inside a word only where it alone is longer."""
    if cells(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
        while cells(line) > max(width, 1):
            head = ""
            for sign in graphemes(line):
                if head and cells(head + sign) > width:
                    break
                head += sign
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]


def wrap_equation(text: str, width: int) -> list[str]:
    """a = b = c on one line, or broken before its signs of equality, the later lines indented."""
    if cells(text) <= width:
        return [text]
    first, *stages = re.split(r" (?=[=≈~] )", text)
    lines, line = [], first
    for stage in stages:
        if cells(f"{line} {stage}") > width:
            lines.append(line)
            line = stage
        else:
            line = f"{line} {stage}"
    pieces = [piece for line in [*lines, line] for piece in wrap(line, width - 2)]
    return [pieces[0], *[f"  {piece}" for piece in pieces[1:]]]
