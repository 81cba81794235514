"""Pages as Markdown: formulas in LaTeX, matrices as tables of numbers; for a worksheet, a wiki or a notebook."""

from collections.abc import Iterable, Iterator

from rnnwalk.numbers import number
from rnnwalk.views.page import Block, Drawing, Equation, Formula, Lines, Matrix, Page, Prose, Question, Table

MOST = 20  # rows and columns of a matrix; beyond, the middle is left out


def chunks(pages: Iterable[Page]) -> Iterator[str]:
    """The Markdown text, a page at a time."""
    for page in pages:
        yield f"## {_escaped(page.title)}\n\n" + "".join(_block(block) + "\n\n" for block in page.blocks)


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return _escaped(block.text)
    if isinstance(block, Formula):
        return f"$${block.latex}$$\n\n{block.shapes}"
    if isinstance(block, Equation):
        parts = [_matrix(part) if isinstance(part, Matrix) else _sign(part) for part in block.parts]
        return "$$" + " ".join(parts) + "$$"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Question):
        return f"> **{_escaped(block.question)}**  \n> {_escaped(block.answer)}"
    if isinstance(block, Lines):
        return "```text\n" + "\n".join(block.lines) + "\n```"
    if isinstance(block, Drawing):
        return "```text\n" + "\n".join(block.lines) + "\n```"
    return "```text\n" + "\n".join("   " * depth + text for depth, text in block.lines) + "\n```"


def _matrix(matrix: Matrix) -> str:
    rows, columns = matrix.values.shape
    kept_rows, kept_columns = _kept(rows), _kept(columns)
    lines = []
    for r in kept_rows:
        cells = []
        for c in kept_columns:
            if r is None or c is None:
                cells.append(r"\vdots" if r is None else r"\cdots")
            else:
                cells.append(number(float(matrix.values[r, c]), matrix.digits))
        lines.append(" & ".join(cells))
    body = r" \\ ".join(lines)
    label = rf"\text{{{matrix.label}}}\,({rows}\times{columns})"
    return rf"\underset{{{label}}}{{\begin{{bmatrix}} {body} \end{{bmatrix}}}}"


def _kept(count: int) -> list[int | None]:
    if count <= MOST:
        return list(range(count))
    return [*range(MOST - 3), None, count - 2, count - 1]


def _sign(text: str) -> str:
    text = text.replace("·", r"\cdot").replace("⊙", r"\odot").replace("−", "-").replace("Σ", r"\sum")
    return text.replace("tanh", r"\tanh").replace("σ", r"\sigma").replace("max", r"\max")


def _table(table: Table) -> str:
    def row(cells: list[str]) -> str:
        return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"

    rule = "|" + "|".join("---:" if c in table.numeric else "---" for c in range(len(table.headings))) + "|"
    return "\n".join([row(table.headings), rule, *map(row, table.rows)])


def _escaped(text: str) -> str:
    for sign in "\\`*_|<#":
        text = text.replace(sign, f"\\{sign}")
    return text
