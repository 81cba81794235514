"""Colours by role; every role is also told by its place, a word or a sign. Chosen to survive colour blindness."""

from functools import cache

from rich.segment import Segment
from rich.style import Style

from rnnwalk.render.roles import ROLES
from rnnwalk.render.terminal.matrix import Line

PALETTE = {
    "title": Style(bold=True),
    "rule": Style(dim=True),
    "heading": Style(bold=True),
    "bracket": Style(dim=True),
    "shape": Style(dim=True),
    "sign": Style(bold=True),
    "mark": Style(bold=True),
    "formula": Style(italic=True),
    "question": Style(bold=True),
}
PEN = "#fff0a0"  # the highlighter that follows an element from its operands to the result
DEEP = 0.68  # of an ink, to be read on the pen
STRONG = ("3", "4")  # shades, in bold: no fill grows stronger on black and on white alike, so signs are the shades


@cache
def style(role: str, few: bool = False) -> Style | None:
    """How a piece looks; few: on a terminal of 16 colours, where tints cannot be told apart.

    A role of a quantity may be followed by what is done with it: "memory bold" for its name, "memory lit" where an
    element is followed, "memory quiet" beside what matters, "memory 3" for a shade from 0 to 4.
    """
    if role in PALETTE:
        return PALETTE[role]
    name, _, how = role.rpartition(" ")
    if role in ROLES:
        name, how = role, ""
    if name not in ROLES:
        return None
    ink = _rgb(ROLES[name].ink)
    if few and how == "lit":
        return Style(color="black", bgcolor="bright_yellow")
    if how == "lit":
        return Style(bold=True, color=_hex([round(part * DEEP) for part in ink]), bgcolor=PEN)
    return Style(color=_hex(ink), bold=how in ("bold", *STRONG) or None, dim=how == "quiet" or None)


def filled(role: str) -> bool:
    """True for a piece whose blanks are seen."""
    found = style(role)
    return found is not None and found.bgcolor is not None


def _rgb(ink: str) -> list[int]:
    return [int(ink[i : i + 2], 16) for i in (0, 2, 4)]


def _hex(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)


def segments(lines: list[Line], few: bool = False) -> list[Segment]:
    """Lines as rich's segments, each line ended; few: see ``style``."""
    found = []
    for line in lines:
        while line and not line[-1][0].strip():
            line = line[:-1]
        if line and not filled(line[-1][1]):
            line = [*line[:-1], (line[-1][0].rstrip(), line[-1][1])]
        found += [Segment(text, style(role, few)) for text, role in line if text]
        found.append(Segment.line())
    return found


def plain(lines: list[Line]) -> str:
    """Lines as one text, without colours, each line ended."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
