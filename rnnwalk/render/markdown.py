"""Pages as Markdown: formulas in LaTeX, matrices as tables of numbers; for a worksheet, a wiki or a notebook."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from rnnwalk.render.glyphs import UNICODE, with_shades
from rnnwalk.text import DIGITS
from rnnwalk.views.page import (
    Block,
    Commands,
    Drawing,
    Equation,
    Fitted,
    Formula,
    Lines,
    Matrices,
    Matrix,
    Page,
    Picture,
    Prose,
    Question,
    Strip,
    Table,
    Track,
    shade,
)
from rnnwalk.walks.numbers import number

# Signs that mean something in LaTeX, as they are written inside a text.
TEXT = str.maketrans({
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
})  # fmt: skip
# Signs that mean something in Markdown, which reads a formula too where it knows no formulas: written beside the text.
BESIDE = {"<": r"\lt", ">": r"\gt", "[": r"\lbrack", "]": r"\rbrack", "*": r"\ast", "`": r"\grave{}"}
ADDRESS = re.compile(r"(?<=www)\.|:(?=//)", re.IGNORECASE)  # where what would become a link is broken

COLUMNS = 78  # of a drawing
MOST = 20  # rows and columns of a matrix; beyond, the middle is left out


def chunks(pages: Iterable[Page]) -> Iterator[str]:
    """The Markdown text, a page at a time."""
    for page in pages:
        yield f"## {_escaped(page.title)}\n\n" + "".join(_block(block) + "\n\n" for block in page.blocks)


def latex(block: Block) -> str:
    """The formula of a block, if it is one."""
    if isinstance(block, Formula):
        return f"$${block.latex}$$"
    if isinstance(block, Equation):
        return f"$${' '.join(_matrix(part) if isinstance(part, Matrix) else _sign(part) for part in block.parts)}$$"
    return ""


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return _paragraph(block.text)
    if isinstance(block, Formula):
        return f"{latex(block)}\n\n{_paragraph(block.shapes)}"
    if isinstance(block, Equation):
        return _equation(block)
    if isinstance(block, Matrices):
        return "\n\n".join(_equation(Equation([matrix])) for matrix in block.matrices)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Strip):
        rows = [[track.name, *(_cell(value, track, block.digits) for value in track.values)] for track in block.tracks]
        return _table(Table(["", *block.heads], rows, frozenset(range(1, len(block.heads) + 1))))
    if isinstance(block, Question):
        return f"> **{_escaped(block.question)}**  \n> {_paragraph(block.answer)}"
    if isinstance(block, Fitted):
        return _block(Drawing(block.draw(COLUMNS, str)))
    if isinstance(block, Lines | Commands | Drawing | Picture):
        return _fenced(block.lines)
    return _fenced(["   " * depth + text for depth, text in block.lines])


def _fenced(lines: list[str]) -> str:
    """Lines as they are, in a fence that is longer than any in them."""
    text = "\n".join(lines)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 0)
    return f"{fence}text\n{text}\n{fence}"


def _equation(equation: Equation) -> str:
    matrices = [part for part in equation.parts if isinstance(part, Matrix)]
    cut = any(None in _kept(count) for matrix in matrices for count in matrix.values.shape)
    return latex(equation) + ("\n\nThe middle of what is large is left out (--json has every number)." if cut else "")


def _matrix(matrix: Matrix) -> str:
    """A matrix in brackets, with its headings inside them, and its name and shape below."""
    rows, columns = matrix.values.shape
    kept_rows, kept_columns = _kept(rows), _kept(columns)

    def cell(r: int | None, c: int | None) -> str:
        if r is None:
            return r"\ddots" if c is None else r"\vdots"
        return r"\cdots" if c is None else _number(number(float(matrix.values[r, c]), matrix.digits))

    def head(heads: list[str], i: int | None) -> str:
        return "" if i is None else _text(heads[i])

    lines = [[cell(r, c) for c in kept_columns] for r in kept_rows]
    if matrix.row_heads:
        lines = [[head(matrix.row_heads, r), *line] for r, line in zip(kept_rows, lines, strict=True)]
    body = r" \\ ".join(" & ".join(line) for line in lines)
    if matrix.column_heads:
        corner = [""] if matrix.row_heads else []
        body = " & ".join([*corner, *(head(matrix.column_heads, c) for c in kept_columns)]) + r" \\ \hline " + body
    form = ("r|" if matrix.row_heads else "") + "r" * len(kept_columns)
    label = rf"{_label(matrix.label)}\,({rows}\times{columns})"
    return rf"\underset{{{label}}}{{\left[\begin{{array}}{{{form}}} {body} \end{{array}}\right]}}"


def _label(text: str) -> str:
    """The name of a matrix: Wxh·x₁ with its sign and its time as LaTeX writes them."""
    parts = re.split(r"(·|[₀-₉]+)", text)
    words = [_text(part) for part in parts[::2]]
    signs = [r"\cdot" if part == "·" else f"_{{{part.translate(DIGITS)}}}" for part in parts[1::2]]
    return "".join(word + sign for word, sign in zip_longest(words, signs, fillvalue=""))


def _text(text: str) -> str:
    """A text inside a formula."""
    if not text or (text.isascii() and text.isdigit()):
        return text
    pieces = re.split(r"([<>\[\]*`])", ADDRESS.sub(r"{\g<0>}", text.translate(TEXT)))
    return "".join(f"{{{BESIDE[piece]}}}" if i % 2 else rf"\text{{{piece}}}" for i, piece in enumerate(pieces) if piece)


def _number(text: str) -> str:
    """A number inside a formula: 1.5e-07 would read as 1.5·e − 07 there."""
    digits, _, power = text.replace("∞", r"\infty").partition("e")
    return rf"{digits}\times10^{{{int(power)}}}" if power else digits


def _kept(count: int) -> list[int | None]:
    if count <= MOST:
        return list(range(count))
    return [*range(MOST - 3), None, count - 2, count - 1]


def _sign(text: str) -> str:
    text = text.replace("·", r"\cdot").replace("⊙", r"\odot").replace("−", "-").replace("Σ", r"\sum")
    return text.replace("tanh", r"\tanh").replace("σ", r"\sigma").replace("max", r"\max")


def _cell(value: float, track: Track, digits: int) -> str:
    """A number of a strip behind the sign of its shade."""
    return f"{UNICODE.shades[shade(value, track.most)]} {number(value, digits)}".strip()


def _table(table: Table) -> str:
    def row(cells: list[str]) -> str:
        return "| " + " | ".join(_escaped(with_shades(cell, UNICODE)) for cell in cells) + " |"

    rule = "|" + "|".join("---:" if c in table.numeric else "---" for c in range(len(table.headings))) + "|"
    return "\n".join([row(table.headings), rule, *map(row, table.rows)])


def _escaped(text: str) -> str:
    return ADDRESS.sub(r"\\\g<0>", re.sub(r"([\\`*_|<>#$&~\[\]])", r"\\\1", text))


def _paragraph(text: str) -> str:
    """A text that begins a line, where 1. and - would begin a list."""
    return re.sub(r"^(\d{1,9}(?=[.)])|(?=[-+]))", r"\1\\", _escaped(text))
