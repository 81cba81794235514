"""A page that is longer than the screen, cut into screenfuls that are read one after the other."""

import itertools

from rnnwalk.render.terminal.matrix import Line

HEADINGS = ("title", "heading", "rule")  # roles
SHORT = 3  # a part of a screen


def screenfuls(lines: list[Line], room: int) -> list[list[Line]]:
    """Screenfuls of at most ``room`` lines. What stands together goes to the next one whole where it fits there: a short
    paragraph; a matrix or a table with the paragraph or equation above that tells what it is, and with the line under it
    that follows one of its numbers; a heading, or a line with a colon at its end, with what it is over. Of what is longer
    and is cut in two the last line is repeated.
    """
    found, start = list[list[Line]](), 0
    cuts = _cuts(lines, room)
    while len(lines) - start > room:
        end = start + room
        before = max((cut for cut in cuts if start < cut <= end), default=start)
        after = min((cut for cut in cuts if cut > before), default=len(lines))
        drawn = any(map(_headed, lines[before:after]))
        whole = before > start and after - before - 1 <= (room if drawn else room // SHORT)
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


def _cuts(lines: list[Line], room: int) -> list[int]:
    """The blank lines between what stands together, as far as a screen can hold that."""
    edges = [-1, *(i for i, line in enumerate(lines) if not _text(line)), len(lines)]
    parts = [(above + 1, below) for above, below in itertools.pairwise(edges) if below > above + 1]
    drawn = [any(map(_headed, lines[first:end])) for first, end in parts] + [False, False]
    cuts, i = list[int](), 0
    while i < len(parts):
        last = i + (not drawn[i] and drawn[i + 1])  # a paragraph tells what is drawn under it
        one = last + 1 < len(parts) and parts[last + 1][1] - parts[last + 1][0] == 1
        last += drawn[last] and one and not drawn[last + 1] and not drawn[last + 2]
        while last > i and parts[last][1] - parts[i][0] > room:
            last -= 1
        cuts.append(parts[last][1])
        i = last + 1
    return cuts


def _text(line: Line) -> str:
    """What a line says, empty for a blank one."""
    return "".join(text for text, _ in line).strip()


def _headed(line: Line) -> bool:
    """Whether a line is one of a matrix or a table, whose rows or columns have heads."""
    return any(role in ("head", "heading") for _, role in line)


def _heads(line: Line) -> bool:
    """Whether a line belongs to a heading, has a colon at its end, or is blank."""
    return _text(line).endswith(":") or all(role in HEADINGS or not text.strip() for text, role in line)
