"""Pages saved to a file: text, Markdown or SVG, by the ending of its name."""

import io
import re
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from rnnwalk.errors import InputError, near
from rnnwalk.files import check_target, destination, replacing
from rnnwalk.render import markdown
from rnnwalk.render.glyphs import UNICODE
from rnnwalk.render.terminal.matrix import Line
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.render.terminal.screen import Printed
from rnnwalk.render.terminal.style import filled, plain
from rnnwalk.text import named
from rnnwalk.views.page import Page

ENDINGS = (".txt", ".md", ".html", ".svg")
PRINTED = f"stdout has no ending to tell a format by ({', '.join(ENDINGS)}); without --save, a walk is printed there"
WIDTH = 100  # columns of a saved page


def check_ending(path: Path, force: bool) -> None:
    """Raise InputError, before anything is computed, for a name that cannot be saved to."""
    if path.suffix.lower() not in ENDINGS:
        if destination(path) is None:
            raise InputError(f"--save {named(path)}: {PRINTED}")
        raise InputError(
            f"--save {named(path)}: unknown ending '{path.suffix}'; known: {', '.join(ENDINGS)}{near(path.suffix, ENDINGS, 0.7)}"
        )
    check_target(path, force)


def save(pages: Iterable[Page], path: Path, *, force: bool, title: str) -> None:
    """Write pages to ``path`` in the form that its ending names. Raises InputError."""
    check_ending(path, force)
    with replacing(path, force) as file:
        ending = path.suffix.lower()
        if ending == ".md":
            for chunk in markdown.chunks(pages):
                file.write(chunk.encode())
            return
        if ending == ".txt":
            paper = Paper(WIDTH, "utf-8", UNICODE)
            for page in pages:
                file.write(plain([*paper.page(page), [("", "")]]).encode())
            return
        paper = Paper(WIDTH, "utf-8", UNICODE)
        console = Console(
            file=io.StringIO(), record=True, width=WIDTH, soft_wrap=True, color_system="truecolor", no_color=False
        )
        for page in pages:
            console.print(Printed([*map(_apart, paper.page(page)), [("", "")]]), end="")
        file.write(console.export_svg(title=title, unique_id="rnnwalk").encode())


def _apart(line: Line) -> Line:
    """The line with blanks of its own before each text: some viewers of SVG drop leading ones."""
    return [
        (piece, role if piece.strip() or filled(role) else "")
        for text, role in line
        for piece in re.split(r"( {2,})", text)
        if piece
    ]
