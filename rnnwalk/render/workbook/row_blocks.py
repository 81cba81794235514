"""A block of rows on a sheet whose columns are letters: one quantity over the whole word, its weights left of it."""

import itertools
from collections.abc import Sequence

from openpyxl.formatting.rule import ColorScaleRule

from rnnwalk.layout.addresses import FIRST, HEADS, READ, STEP, STEPS, CellRef, RowBlock, column_letters
from rnnwalk.render.workbook import any_step
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import Unrolled, likeness
from rnnwalk.render.workbook.left_out import once, stays
from rnnwalk.render.workbook.put_in import put_in
from rnnwalk.render.workbook.sheet import Sheet, bracket, numbers
from rnnwalk.render.workbook.style import FORMULA, HEAD, HEADING, NUMBERS_IN, ROLES, ROWHEAD, SYMBOL, symbols
from rnnwalk.trace.record import Node
from rnnwalk.views.padding import runs
from rnnwalk.views.sentences import title

TOLD = 7  # columns right of the first one that numbers put in take
CARRIED = "→"  # over a step that was left out, through which the memory is carried on


def heads(book: Book, sheet: Sheet, before: int) -> None:
    """The number of each step, empty where the word was shortened, and the letter that it reads."""
    layout = book.layout
    for column in range(layout.wide):
        sheet.put(STEP, before + column, 0, HEAD)
    for place in layout.places:
        column, read = before + layout.wide - 1 + place, layout.letter(place)
        number = str(read._replace(row=STEPS))
        if layout.shortens:
            number = f'IF({layout.present(place)}="","",{number})'
        sheet.live(STEP, column, f"={number}", layout.stands(place)[0], HEAD)
        sheet.live(READ, column, read_at(book, place), book.letters[place - 1], symbols("input"))


def read_at(book: Book, place: int) -> str:
    """The formula of what is read at a place, as it stands over a column: empty, or a sign, where it was left out."""
    read = book.layout.letter(place)
    return f'=IF({read}="","{CARRIED}",{read})' if book.layout.carries else f'={read}&""'


def shorten(
    book: Book, sheet: Sheet, before: int, end: int, blocks: dict[int, Node], sections: Sequence[int] = ()
) -> None:
    """Leave the columns blank that a shortened word does not need, but for the rows where a section begins, and where only
    the memory is carried on, its rows and those of the answer. blocks: by their first rows, the first node of each.
    """
    if not book.layout.shortens:
        return
    kept = {*sections}
    if book.layout.carries:
        kept.add(READ)
        for top, after in itertools.pairwise(sorted([*blocks, *sections, end + 1])):
            if top in blocks and stays(book.walk.names, blocks[top]):
                kept.update(range(top, after))
    wide = book.layout.wide
    first, last = column_letters(before + wide), column_letters(before + wide - 1 + len(book.layout.places))
    rows = runs([row for row in range(READ, end + 1) if row not in kept])
    sheet.blank(" ".join(f"{first}{run[0]}:{last}{run[-1]}" for run in rows), f'{first}${STEP}=""')


def steps(book: Book) -> int | None:
    """The row of the steps' numbers, which are empty where the word was shortened; None where it cannot be."""
    return STEP if book.layout.shortens else None


def while_read(book: Book, node: Node, place: CellRef, formula: str, first: tuple[Node, str]) -> str:
    """A text on a value that stands in its letter's column; where a letter was left out that it is computed from, that on
    the first letter's, which is given, or nothing where that is computed from a later one, too.
    """
    names, layout = book.walk.names, book.layout
    if not layout.shortens or (layout.carries and once(names, node)):
        return formula

    def later(node: Node) -> int:
        letter, *others = (names.labels[part].letter or 0 for part in [node, *names.parts(node)])
        return max([0, *[other - letter for other in others]])

    read = place._replace(row=STEP, column=place.column + later(node) * layout.wide)
    alone = '""' if later(first[0]) else first[1][1:]
    return f'=IF({read.cell}="",{alone},{formula[1:]})'


def heads_column(book: Book, row_block: RowBlock, before: int) -> int:
    """The column of the row headings: left of the weights, or of the first numbers. before: the column of time 0."""
    names = book.walk.names.labels
    field = names[row_block.node].field
    carried = any(label.field == field and label.group == "initial" for label in names.values())
    return HEADS if row_block.weights else before - carried


def draw(book: Book, sheet: Sheet, row_block: RowBlock, drawn: dict[Node, CellRef], before: int) -> None:
    """A field at every letter. drawn: where the sheet shows each value; before: its column of time 0.

    What is computed on another sheet is a reference; what arrives from nowhere is a constant.
    """
    names, layout = book.walk.names, book.layout
    field = names.labels[row_block.node].field
    sheet.gap(row_block.top - 1)
    sheet.put(row_block.top, 1, book.caption(row_block.node), HEADING)
    for r, head in enumerate(names.heads(row_block.node, 0)):
        sheet.put(row_block.row + r, heads_column(book, row_block, before), head, ROWHEAD)
    for weight, place in row_block.weights.items():
        _copy(book, sheet, weight, place)
    timed = [node for node, label in names.labels.items() if label.field == field and label.letter is not None]
    timed.sort(key=lambda node: names.labels[node].letter or 0)
    sheet.put(row_block.top + 1, before if row_block.weights else 1, any_step.equations(book, timed), FORMULA)
    first, second = ([node for node in timed if names.labels[node].letter][:2] * 2)[:2]
    writer = Unrolled(
        names, lambda node: row_block.weights.get(node) or drawn.get(node) or layout.home[node], steps(book)
    )
    computed = first.op != "input" and layout.home[first].sheet == sheet.title
    like = likeness(names, first) if computed else None
    rows = [writer.row(first, (r, 0)) for r in range(first.shape[0])] if computed else []
    for node in timed:
        place, home = drawn[node], layout.home[node]
        same = node.op != "input" and likeness(names, node) == like
        for r, row in enumerate(numbers(node.value)):
            written = rows[r] if same else None
            for c, value in enumerate(row):
                at, look = place.to((r, c)), bracket(c, len(row), book.look(node))
                if home.sheet != sheet.title:
                    formula = f"={home.to((r, c))}"
                elif node.op == "input":
                    sheet.put(at.row, at.column, value, look)
                    continue
                else:
                    written = written or writer.row(node, (r, 0))
                    formula = written(at.column)
                sheet.live(at.row, at.column, formula, value, look)
    if second.op != "input" and layout.home[second].sheet == sheet.title:

        def told(node: Node) -> tuple[str, str]:
            return put_in(
                names, node, (0, 0), writer.where, lambda _, at: at.cell if at.sheet == sheet.title else at.fixed
            )

        formula, said = told(second)
        text = while_read(book, second, drawn[second], formula, (first, told(first)[0]))
        sheet.live(row_block.top, before - 1, text, said, NUMBERS_IN)
    _heat(book, sheet, row_block, first, (before, max(drawn[node].column for node in timed) + layout.wide - 1))
    book.links[sheet.title].append(
        (
            f"{any_step.called(book, row_block.node)} · {title(names, row_block.node)}",
            CellRef(sheet.title, row_block.row, before + layout.wide),
        )
    )


def continued(book: Book, sheet: Sheet, blocks: list[RowBlock], before: int, end: int) -> None:
    """What pages need that go on with further letters. Row headings that stand beside the first numbers come into the
    columns that each page repeats, and the formula that is in their way behind the title; the numbers put in stand where
    they have room. end: the last column that the first page may have.
    """
    for block in blocks:
        sheet.move(block.top, before - 1, told_at(before, end))
        if block.weights:
            continue
        sheet.move(block.row, 1, FIRST, block.top)
        column = heads_column(book, block, before)
        for r, head in enumerate(book.walk.names.heads(block.node, 0)):
            sheet.clear(block.row + r, column)
            sheet.put(block.row + r, HEADS, head, ROWHEAD)


def told_at(before: int, end: int) -> int:
    """The column of the numbers put in. end: the last column of the page that they stand on."""
    return max(FIRST + 3, min(before - 1, end - TOLD))  # behind a formula


def _copy(book: Book, sheet: Sheet, weight: Node, place: CellRef) -> None:
    """A weight beside the rows that it makes, as its formula uses it; each cell a reference to Inputs."""
    names, home = book.walk.names, book.layout.home[weight]
    turned = place.right == (1, 0)
    heads = names.heads(weight, 0 if turned else 1)
    symbol = names.symbol(weight) + ("ᵀ" if turned else "")
    sheet.put(place.row - 2 if heads else place.row - 1, place.column, symbol, SYMBOL)
    for c, head in enumerate(heads):
        sheet.put(place.row - 1, place.column + c, head, HEAD)
    look = book.look(weight)
    columns = weight.shape[0 if turned else 1]
    for r, row in enumerate(numbers(weight.value)):
        for c, value in enumerate(row):
            at, edges = place.to((r, c)), bracket(r if turned else c, columns, look)
            sheet.live(at.row, at.column, f"={home.to((r, c))}", value, edges)


def _heat(book: Book, sheet: Sheet, row_block: RowBlock, first: Node, columns: tuple[int, int]) -> None:
    """Shades that follow the numbers: purple for the state, green for the probabilities."""
    ref = (
        f"{column_letters(columns[0])}{row_block.row}:{column_letters(columns[1])}{row_block.row + first.shape[0] - 1}"
    )
    if book.role(first) == "memory":
        rule = ColorScaleRule("num", -1, "FFFFFF", "num", 0, ROLES["memory"].fill, "num", 1, "AE8FDC")
    elif book.role(first) == "probability":
        rule = ColorScaleRule("num", 0, "FFFFFF", end_type="num", end_value=1, end_color="3DB38A")
    else:
        return
    sheet.ws.conditional_formatting.add(ref, rule)
