"""Colours by role; every role is also told by its place, a word or a sign. Chosen to survive colour blindness."""

from rich.segment import Segment
from rich.style import Style

from rnnwalk.render.terminal.matrices import Line

PALETTE = {
    "title": Style(bold=True),
    "rule": Style(dim=True),
    "label": Style(bold=True, color="blue"),
    "head": Style(color="cyan"),
    "bracket": Style(dim=True),
    "shape": Style(dim=True),
    "sign": Style(bold=True),
    "formula": Style(italic=True, color="blue"),
    "numbers": Style(color="yellow"),
    "bar": Style(color="blue"),
    "question": Style(bold=True, color="magenta"),
    "answer": Style(),
    "memory": Style(bold=True, color="magenta"),
    "forget gate": Style(bold=True, color="red"),
    "reset gate": Style(bold=True, color="red"),
    "input gate": Style(bold=True, color="green"),
    "update gate": Style(bold=True, color="green"),
    "output gate": Style(bold=True, color="yellow"),
    "candidate": Style(bold=True, color="cyan"),
}


def segments(lines: list[Line]) -> list[Segment]:
    """Lines as rich's segments, each line ended."""
    found = []
    for line in lines:
        while line and not line[-1][0].strip():
            line = line[:-1]
        if line:
            line = [*line[:-1], (line[-1][0].rstrip(), line[-1][1])]
        found += [Segment(text, PALETTE.get(role)) for text, role in line if text]
        found.append(Segment.line())
    return found


def plain(lines: list[Line]) -> str:
    """Lines as one text, without colours, each line ended."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
