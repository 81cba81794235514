"""A block of the sheet Walk: one step of a letter, its words and formulas, drawn as [matrix] · [column] = [result]."""

from rnnwalk.layout.addresses import WALK, CellRef, drawn_shape, placed, wide
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.equations import START, Columns, equation
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.left_out import once
from rnnwalk.render.workbook.put_in import put_in
from rnnwalk.render.workbook.sheet import Sheet, bracket, numbers
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    NUMBERS_IN,
    ROLES,
    ROWHEAD,
    SENTENCE,
    SIGN,
    SYMBOL,
)
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence, title


def draw(
    book: Book, sheet: Sheet, columns: Columns, node: Node, *, step: str, letter: int, row: int, gone: str
) -> tuple[dict[Node, CellRef], list[int], int]:
    """Draw a quantity from a row on; returns the first cells of all that it is drawn with, the rows where its equation's further lines
    begin, and the next free row.

    columns: where parts of equations stand; step: its number; gone: the condition that a shortened word does not have the
    letter, "" where it always has.
    """
    names, role = book.walk.names, ROLES[book.role(node)]
    sheet.put(row, 1, f"Step {step} · {title(names, node)}", HEADING)
    single = book.layout.carries and once(names, node)
    formula, text = letter_read(book, letter, gone, " ", " the answer" if single else "")
    sheet.live(row, columns.last, formula, text, KEY.but(align="right"))
    sheet.put(row + 1, 1, sentence(names, node), SENTENCE)
    drawn = equation(book, node)
    text = f"{book.derivations[node].equation}      shapes: {book.derivations[node].shapes}"
    for part in drawn.parts:
        if wide(*part.shape):
            text += f"      {names.symbol(part)}ᵀ: drawn with its columns as rows"
    sheet.put(row + 2, 1, text, FORMULA)
    local: dict[Node, CellRef] = {}
    top, further = row + 4, list[int]()
    for line in columns.lines(drawn):
        top += bool(further)  # a page may begin there, and says then where it goes on
        further.append(top - 1)
        parts = [drawn.parts[i] for i in line]
        tall = max(drawn_shape(part)[0] for part in parts)
        top += 1 + any(_over(book, part) for part in parts)
        for i, (sign_column, head_column, first) in zip(line, columns.of(parts), strict=True):
            part, sign = drawn.parts[i], drawn.signs[i]
            place = placed(part, CellRef(WALK, top + (tall - drawn_shape(part)[0]) // 2, first))
            if sign:
                look = SIGN.but(align="right") if i == line[0] else SIGN
                sheet.put(top + (tall - 1) // 2, sign_column, sign, look)
            local[part] = place
            _matrix(book, sheet, part, place, head_column, i == len(drawn.parts) - 1)
        top += tall

    def address(_: Node, at: CellRef) -> str:
        return at.cell if at.sheet == WALK else str(at)  # what is carried on is not drawn here

    def blank(step: int, which: int) -> str:
        return gone if book.layout.wide == 1 else book.gone(step, which)

    writer = Writer(
        names,
        lambda part: local.get(part) or book.layout.home[part],
        address,
        blank=blank if gone else None,
    )
    formula, text = put_in(names, node, (0, 0), writer.where, address)
    if gone and book.layout.wide > 1 and not single:  # it is about the first of the words, which may have ended
        formula = f'=IF({book.gone(letter, 0)},"",{formula[1:]})'
    sheet.live(row + 3, 1, formula, text, NUMBERS_IN)
    look = book.look(node)
    for r, values in enumerate(numbers(node.value)):
        for c, value in enumerate(values):
            at = place.to((r, c))
            sheet.live(at.row, at.column, writer.element(node, (r, c)), value, bracket(c, len(values), look))
    told = f"{role.sign} {role.word} · {names.labels[node].key} · {book.layout.home[node]}"
    sheet.put(row, START + (3 if columns.wide else 5), told, KEY)
    return local, further[1:], top + 1


def letter_read(book: Book, letter: int, gone: str, before: str, ended: str = "") -> tuple[str, str]:
    """A letter and what is read there, as a formula and its text: letter 2: “e”.

    gone: the condition that a shortened word does not have it, "" for none; ended: what is told then, if not just that.
    """
    name, (cells, text) = f"{book.noun} {letter}", book.reads(letter)
    formula = f'"{before}{name}: “"&{cells}&"”"'
    if gone:
        formula = f'IF({gone},"{ended or f" {name}: the {book.text} ends before it"}",{formula})'
    return f"={formula}", f"{before}{name}: “{text}”"


def _over(book: Book, part: Node) -> list[str]:
    """The headings over the columns of a value as it is drawn."""
    return book.walk.names.heads(part, 0 if wide(*part.shape) else 1)


def _matrix(book: Book, sheet: Sheet, part: Node, place: CellRef, head_column: int, result: bool) -> None:
    """A matrix with its symbol, its headings, and (unless it is the result) references to where it lives."""
    names = book.walk.names
    columns, turned = drawn_shape(part)[1], wide(*part.shape)
    head = [("", text) for text in _over(book, part)] if turned else book.tops(part)
    above = place.row - (2 if head else 1)
    symbol = names.symbol(part) + "ᵀ" * turned
    sheet.put(above, place.column, symbol, SYMBOL if columns == 1 else SYMBOL.but(align="left"))
    for c, (formula, text) in enumerate(head):
        sheet.live(place.row - 1, place.column + c, formula, text, HEAD)
    for r, text in enumerate(names.heads(part, 1 if turned else 0)):
        sheet.put(place.row + r, head_column, text, ROWHEAD)
    if result:
        return
    home, look = book.layout.home[part], book.look(part)
    for r, values in enumerate(numbers(part.value)):
        for c, value in enumerate(values):
            at = place.to((r, c))
            sheet.live(
                at.row, at.column, f"={home.to((r, c))}", value, bracket(at.column - place.column, columns, look)
            )
