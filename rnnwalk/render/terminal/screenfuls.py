"""A page that is longer than the screen, cut into screenfuls that are read one after the other."""

import itertools

from rnnwalk.render.terminal.matrix import Line

HEADINGS = ("title", "heading", "rule")  # roles
SHORT = 3  # a part of a screen


def screenfuls(lines: list[Line], room: int) -> list[list[Line]]:
    """Screenfuls of at most ``room`` lines. A short paragraph goes to the next one whole, and so does a matrix or table
    that fits there, and with it the paragraph or equation above that tells what it is; a heading or a line with a colon
    at its end goes there with what it is over. Of what is longer and is cut in two the last line is repeated.
    """
    blanks = [i for i, line in enumerate(lines) if not _text(line)]
    found, start = list[list[Line]](), 0
    while len(lines) - start > room:
        end = start + room
        before = max((i for i in blanks if start < i <= end), default=start)
        after = min((i for i in blanks if i > before), default=len(lines))
        headed = _headed(lines, before)
        whole = before > start and after - before - 1 <= (room if headed else room // SHORT)
        if whole and headed:
            above = max((i for i in blanks if i < before), default=start)
            if above > start and not _headed(lines, above) and after - above - 1 <= room:
                before = above
        least = before if whole else end
        while least - 1 > start and _heads(lines[least - 1]):
            least -= 1
        if not any(map(_text, lines[least:end])):
            least = before if whole else end  # blank lines alone may end a screen
        found.append(lines[start:least])
        start = least if whole or least < end else end - 1
        while start < len(lines) - 1 and not _text(lines[start]):
            start += 1
    return [*found, lines[start:]]


def _text(line: Line) -> str:
    """What a line says, empty for a blank one."""
    return "".join(text for text, _ in line).strip()


def _headed(lines: list[Line], blank: int) -> bool:
    """Whether a matrix or a table stands under a blank line: rows or columns that have heads."""
    block = itertools.takewhile(_text, lines[blank + 1 :])
    return any(role in ("head", "heading") for line in block for _, role in line)


def _heads(line: Line) -> bool:
    """Whether a line belongs to a heading, has a colon at its end, or is blank."""
    return _text(line).endswith(":") or all(role in HEADINGS or not text.strip() for text, role in line)
