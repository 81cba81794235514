"""Tables as lines: aligned columns, the widest wrapped to fit; on a very narrow screen, a row as a list."""

import re
from collections.abc import Sequence

from rnnwalk.marked import Marked, parts_of
from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import Signs, shaded, with_shades
from rnnwalk.render.terminal.matrix import Line
from rnnwalk.render.terminal.wrapping import coloured, wrap, wrap_equation, wrap_heading
from rnnwalk.views.page import Table

LEAST, BAR = 3, 20  # columns that bars need, and of the longest one
COUNT = re.compile(r" \([0-9]+\)$")  # how many others there are
NUMBERS, OTHERS = re.compile("  "), re.compile(r" (?:…|\.\.\.) \([0-9]+\)$")  # of a list
NARROW = 12  # a text column is not wrapped to less


def draw(table: Table, width: int, signs: Signs) -> list[Line]:
    """A table as lines that fit ``width``."""
    listed = bool(table.lists) and any(
        shaded(text) for row in table.rows for text in row
    )  # the first of a list stands before it
    table = _shaded(_shortened(table, width - listed, signs), signs)
    if table.bars and _room(table, width) < LEAST + 2:  # for the sake of bars headings go without equations
        table = table._replace(headings=[heading.partition(" = ")[0] for heading in table.headings])
    widths, room = _widths(table), _room(table, width)
    bar = min(BAR, room - 2) if table.bars and room >= LEAST + 2 else 0
    if room < 0 and not _narrowed(table, widths, -room):
        return _records(table, width)
    roles = table.roles or ("",) * len(widths)
    blank = (" " * (bar + 2), "") if bar else ("", "")
    lines = _row(table.headings, widths, table.numeric, ["heading"] * len(widths), blank, blank)
    lines.append([(signs.rule * (sum(widths) + 2 * (len(widths) - 1) + len(blank[0])), "rule")])
    for i, row in enumerate(table.rows):
        drawn = blank
        if bar and table.bars and i < len(table.bars):
            role = table.bar_roles[i] if table.bar_roles else "result"
            drawn = (_bar(table.bars[i], bar, signs) + "  ", role)
        lines += _row(row, widths, table.numeric, roles, drawn, blank)
    return lines


def _widths(table: Table) -> list[int]:
    """How wide each column is."""
    return [max(map(cells, column)) for column in zip(table.headings, *table.rows, strict=True)]


def _room(table: Table, width: int) -> int:
    """What is left of a width beside the columns, with two blanks between them; below 0 it is too little."""
    return width - 2 * (len(table.headings) - 1) - sum(_widths(table))


def _shortened(table: Table, width: int, signs: Signs) -> Table:
    """The table with as many numbers of its lists as there is room for, one at least: 0.912  0.931 … (4)."""
    kept = {c: max(len(NUMBERS.split(row[c])) for row in table.rows) for c in table.lists if table.rows}
    while max(kept.values(), default=1) > 1 and _room(table, width) < 0:
        wide = _widths(table)
        widest = max(kept, key=lambda c: (kept[c] > 1, wide[c]))
        kept[widest] -= 1
        rows = [
            [_first(text, kept[widest], signs) if c == widest else text for c, text in enumerate(row)]
            for row in table.rows
        ]
        table = table._replace(rows=rows)
    if _room(table, width) >= 0:
        return table
    return table._replace(
        rows=[[_uncounted(text) if c in kept else text for c, text in enumerate(row)] for row in table.rows]
    )


def _uncounted(text: str) -> str:
    """A list that does not say how many numbers it has in all."""
    return Marked([(COUNT.sub("", part), role) for part, role in parts_of(text)])


def _shaded(table: Table, signs: Signs) -> Table:
    """The table with its shades as signs, too: █-0.999 ░ 0.123."""
    return table._replace(rows=[[with_shades(text, signs) for text in row] for row in table.rows])


def _first(text: str, count: int, signs: Signs) -> str:
    """The first numbers of a list, and how many there are in all."""
    listed = OTHERS.sub("", text)
    numbers = NUMBERS.split(listed)
    if len(numbers) <= count:
        return text
    found, dots = OTHERS.search(text), "…" if signs.rule == "─" else "..."
    end, parts = len("  ".join(numbers[:count])), []
    for part, role in parts_of(text):
        parts.append((part[:end], role))
        end = max(end - len(part), 0)
    return Marked([*[part for part in parts if part[0]], (found[0] if found else f" {dots} ({len(numbers)})", "")])


def _narrowed(table: Table, widths: list[int], excess: int) -> bool:
    """Takes columns from the widest ones until the table fits; False where a number or a word would have to break."""
    least = []
    for c, heading in enumerate(table.headings):
        column = [row[c] for row in table.rows]
        words = [cells(word) for text in [heading, *column] for word in text.split(" ")]
        least.append(max([*words, *(cells(text) for text in column)] if c in table.numeric else [*words, NARROW]))
    while excess > 0:
        widest = max(range(len(widths)), key=lambda c: widths[c] if widths[c] > least[c] else 0)
        if widths[widest] <= least[widest]:
            return False
        widths[widest] -= 1
        excess -= 1
    return True


def _row(
    texts: Sequence[str],
    widths: list[int],
    numeric: frozenset[int],
    roles: Sequence[str],
    bar: tuple[str, str],
    blank: tuple[str, str],
) -> list[Line]:
    """A row of a table as the lines that its texts take; bar: what stands before the last column, on the first line."""
    wrapped = []
    for c, (text, wide, role) in enumerate(zip(texts, widths, roles, strict=True)):
        how = wrap_heading if c in numeric else wrap_equation if " = " in text else wrap
        wrapped.append(coloured(text, how(text, wide), role))
    lines = []
    for k in range(max(map(len, wrapped))):
        line: Line = []
        for c, (found, wide) in enumerate(zip(wrapped, widths, strict=True)):
            piece = found[k] if k < len(found) else []
            gap = " " * (wide - sum(cells(text) for text, _ in piece))
            last = c == len(widths) - 1
            line += [bar if k == 0 else blank] if last else []
            line += [(gap, ""), *piece] if c in numeric else [*piece, (gap, "")]
            line += [] if last else [("  ", "")]
        lines.append(line)
    return lines


def _records(table: Table, width: int) -> list[Line]:
    lines: list[Line] = []
    for row in table.rows:
        for heading, text in zip(table.headings, row, strict=True):
            if text:
                lines += [[(line, "")] for line in wrap(f"{heading} {text}".strip(), width)]
        lines.append([("", "")])
    return lines[:-1]


def _bar(share: float, width: int, signs: Signs) -> str:
    steps = len(signs.bar) - 1
    eighths = round(share * width * steps)
    full, rest = divmod(eighths, steps)
    text = signs.bar[-1] * full + (signs.bar[rest] if rest else "")
    return text + " " * (width - len(text))
