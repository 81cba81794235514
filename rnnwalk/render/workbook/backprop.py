"""The sheet Backprop: the way back, each letter a column, to be read from the last one to the first."""

from rnnwalk.layout.addresses import BACKPROP, READ, STEP, UNROLLED, CellRef, column_letters
from rnnwalk.layout.backprop import ALONE, ORDER, BackpropSheet, WeightRows
from rnnwalk.render.workbook import any_step, backprop_pages, row_blocks
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import STACKED, Unrolled, Writer, likeness
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.put_in import TOLD, put_in
from rnnwalk.render.workbook.sheet import Sheet, bracket, numbers
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    LETTER,
    NUMBERS_IN,
    ROLES,
    SENTENCE,
    SUBTITLE,
    SYMBOL,
    TITLE,
)  # fmt: skip
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import aside, sentence, summed, title


def draw(book: Book, backprop: BackpropSheet) -> None:
    """The errors letter by letter, what each letter adds to the gradients, and the update."""
    sheet = book.sheet(BACKPROP, "D55E00")
    sheet.put(1, 1, "Backprop: the way back, and one step of learning", TITLE)
    sheet.put(
        2,
        1,
        "Read it from the right: the error begins at the last "
        f"{book.noun} and flows back to the first. Each {book.noun} keeps its column. {TOLD}",
        SUBTITLE,
    )
    _heads(book, sheet, backprop)
    tops = {row_block.top: row_block.node for row_block in backprop.row_blocks}
    tops |= {block.top: block.shares[0] for block in backprop.weight_rows}
    row_blocks.shorten(book, sheet, backprop.before, backprop.end, tops, (ORDER + 1, backprop.second))
    _section(sheet, ORDER + 1, f"1 · The errors, last {book.noun} first", backprop.width)
    for row_block in backprop.row_blocks:
        row_blocks.draw(book, sheet, row_block, backprop.drawn, backprop.before)
        if book.layout.home[row_block.node].sheet == UNROLLED:
            sheet.put(row_block.top, backprop.after, f"copied from {UNROLLED}", KEY)
    _section(
        sheet,
        backprop.second,
        f"2 · What each {book.noun} adds to each gradient, and right of it the sum and the new weight",
        backprop.width,
    )
    for block in backprop.weight_rows:
        _weight_rows(book, sheet, backprop, block)
    for node in backprop.settings:
        _alone(book, sheet, backprop, node)
    backprop_pages.draw(book, sheet, backprop)
    make_room(sheet)


def _heads(book: Book, sheet: Sheet, backprop: BackpropSheet) -> None:
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, f"{ROLES['input'].sign} {book.read}", SENTENCE)
    sheet.put(ORDER, 1, "← the way back: read in this order", SENTENCE)
    row_blocks.heads(book, sheet, backprop.before)
    last, wide = column_letters(backprop.last), book.layout.wide
    for place in book.layout.places:
        step, column = book.layout.stands(place)
        first = column_letters(backprop.before + step * wide)
        steps = f"{first}{STEP}:${last}{STEP}"
        count = f"COUNT({steps})" if wide == 1 else book.count(column, steps, place - column)
        order = f'"← "&{count}&"."'
        sheet.live(
            ORDER, backprop.before + step * wide + column, f"={order}", f"← {book.walk.length - step + 1}.", HEAD
        )


def _section(sheet: Sheet, row: int, text: str, last: int) -> None:
    sheet.put(row, 1, text, LETTER)
    sheet.fill(row, 2, last, LETTER)
    sheet.ws.row_dimensions[row].height = 22


def _weight_rows(book: Book, sheet: Sheet, backprop: BackpropSheet, block: WeightRows) -> None:
    """A weight: a row for each of its numbers."""
    names, weight = book.walk.names, block.weight
    rows, columns = weight.shape
    sheet.put(
        block.top,
        1,
        f"{ROLES['gradient'].sign} {title(names, block.shares[0])} · {rows}×{columns}",
        HEADING,
    )
    sheet.put(block.top + 1, 1, any_step.generic(book, block.shares[0]), FORMULA)
    extra = " ".join(filter(None, [summed(names, block.shares[0]), aside(names, block.shares[0])]))
    if extra:
        sheet.put(block.top, backprop.before, extra, KEY)
    made = [book.derivations[node].equation for node in block.columns[1:] if node.op != "input"]
    sheet.put(block.top - 1, backprop.after, "   ".join([f"the sum of the {book.noun}s;", *made]), KEY.but(indent=0))
    for node in block.columns:
        sheet.put(block.top + 1, backprop.drawn[node].column, names.symbol(node), SYMBOL)
    indices = [(r, c) for r in range(rows) for c in range(columns)]
    backprop_pages.names(book, sheet, backprop, block, backprop.before)
    writer = Unrolled(names, lambda node: backprop.drawn[node], row_blocks.steps(book))
    shown, new = block.shares[:2][-1], block.columns[-1]
    (alone, _), (formula, said) = (
        put_in(names, share, (0, 0), writer.where, lambda _, place: place.cell) for share in (block.shares[0], shown)
    )
    formula = row_blocks.while_read(book, shown, backprop.drawn[shown], formula, (block.shares[0], alone))
    sheet.live(block.top + 1, backprop.before, formula, said, NUMBERS_IN)
    text = put_in(names, new, (0, 0), _where(book, backprop), _address(backprop))
    sheet.live(block.top, backprop.after, *text, NUMBERS_IN)
    look = bracket(0, 1, book.look(block.shares[0]))
    alike: dict[object, Node] = {}
    first = {node: alike.setdefault(likeness(names, node), node) for node in block.shares}
    for at in indices:
        formulas = {node: writer.row(node, at) for node in alike.values()}
        for node in block.shares:
            place = backprop.drawn[node].to(at)
            formula = formulas[first[node]](place.column)
            sheet.live(place.row, place.column, formula, float(node.value[at]), look)
    for node in block.columns:
        _column(book, sheet, backprop, node)
    place = CellRef(BACKPROP, block.row, backprop.after)
    book.links[BACKPROP].append((f"{names.symbol(block.columns[0])} · {title(names, weight)}", place))


def _column(book: Book, sheet: Sheet, backprop: BackpropSheet, node: Node) -> None:
    """All the numbers of one value, under each other: a copy, what is given at the start, or formulas."""
    home, place = book.layout.home[node], backprop.drawn[node]
    writer = Writer(book.walk.names, _where(book, backprop), _address(backprop), STACKED)
    look = bracket(0, 1, book.look(node))
    for r, row in enumerate(numbers(node.value)):
        for c, value in enumerate(row):
            at = place.to((r, c))
            if home.sheet != BACKPROP:
                sheet.live(at.row, at.column, f"={home.to((r, c))}", value, look)
            elif node.op == "input":
                sheet.put(at.row, at.column, value, look)
            else:
                sheet.live(at.row, at.column, writer.element(node, (r, c)), value, look)


def _alone(book: Book, sheet: Sheet, backprop: BackpropSheet, node: Node) -> None:
    """What learning has once for all weights."""
    place, names = backprop.drawn[node], book.walk.names
    top, beside = place.row - ALONE, place.column + 1
    sheet.put(top, 1, f"{ROLES[book.role(node)].sign} {names.symbol(node)} · {title(names, node)}", HEADING)
    sheet.put(top + 1, 1, sentence(names, node), SENTENCE)
    _column(book, sheet, backprop, node)
    if node.op != "input":
        sheet.put(place.row, beside, book.derivations[node].equation, FORMULA.but(indent=1))
        text = put_in(names, node, (0, 0), _where(book, backprop), _address(backprop))
        sheet.live(place.row + 1, beside, *text, NUMBERS_IN.but(indent=1))


def _where(book: Book, backprop: BackpropSheet):  # type: ignore[no-untyped-def]
    return lambda node: backprop.drawn.get(node) or book.layout.home[node]


def _address(backprop: BackpropSheet):  # type: ignore[no-untyped-def]
    alone = set(backprop.settings)
    return lambda node, place: place.fixed if place.sheet != BACKPROP else place.local if node in alone else place.cell
