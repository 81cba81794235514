"""The sheet Backprop: the way back, each letter a column, to be read from the last one to the first."""

import numpy as np

from rnnwalk.layout.addresses import BACKPROP, FIRST, HEADS, READ, STEP, UNROLLED, CellRef, column_letters
from rnnwalk.layout.backprop import ALONE, BackpropSheet, WeightRows
from rnnwalk.render.workbook import row_blocks
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import STACKED, Unrolled, Writer, likeness
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.put_in import put_in
from rnnwalk.render.workbook.sheet import NUMBERS, UNIT, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    LETTER,
    NUMBERS_IN,
    ROLES,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    SYMBOL,
    TITLE,
)  # fmt: skip
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import aside, sentence, summed, title

ORDER = READ + 1  # the row of the order in which the letters are read


def draw(book: Book, backprop: BackpropSheet) -> None:
    """The errors letter by letter, what each letter adds to the gradients, and the update."""
    sheet = book.sheet(BACKPROP, "D55E00")
    sheet.put(1, 1, "Backprop: the way back, and one step of learning", TITLE)
    sheet.put(
        2,
        1,
        "Read it from the right: the error begins at the last "
        f"{book.noun} and flows back to the first. Each {book.noun} keeps its column.",
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
    names = book.walk.names
    sheet.width(1, 3)
    longest = max(4.0, *map(span, book.heads))
    sheet.width(HEADS, longest + 4)
    sheet.widths(FIRST, backprop.before - 1, max(NUMBERS - 1, longest + 1))
    sheet.widths(backprop.before, backprop.last, max(NUMBERS - 1, *[span(letter) + 2 for letter in book.letters]))
    sheet.width(backprop.last + 1, 3)
    widest = max(span(names.symbol(node)) for block in backprop.weight_rows for node in block.columns)
    sheet.widths(backprop.after, backprop.width, max(NUMBERS - 1, widest + 3))
    room = PAGES["landscape"][0] / LEAST
    _narrow(sheet, backprop, longest, widest, room)
    if sheet.pixels(1, backprop.width) > room:
        _new_weights_apart(book, sheet, backprop)
    alone = 0
    if sheet.pixels(1, backprop.last) > room:
        sheet.label(STEP)
        _sections_apart(book, sheet, backprop)
        alone = _continued(book, sheet, backprop, sheet.column_at(room) - 1)
    sheet.ws.freeze_panes = "C7"
    sheet.ws.print_title_rows = f"{STEP}:{ORDER}"
    free = sheet.column_at(room) - 1  # what is said of the new weights runs on to the page's end
    begin = backprop.last + 1, backprop.second
    rest = [backprop.drawn[node].row - ALONE for node in backprop.settings]
    fit(
        sheet,
        max(backprop.width, free),
        backprop.end,
        begin=begin,
        letters=(backprop.before + 1, STEP),
        table=min(rest, default=backprop.end),
        alone=alone,
    )
    starts = [each.top for each in backprop.row_blocks] + [each.top - 1 for each in backprop.weight_rows[1:]]
    inside = [place.row - 2 for each in backprop.row_blocks for place in each.weights.values() if place.row > each.row]
    for each in backprop.weight_rows:
        inside += range(each.row + 1, each.row + each.weight.value.size)
    pages(sheet, sorted([*starts, *rest, backprop.second]), backprop.end, repeated=(STEP, ORDER), inside=inside)
    make_room(sheet)


def _narrow(sheet: Sheet, backprop: BackpropSheet, longest: float, symbol: float, room: float) -> None:
    """Where a sheet is wider than a page: columns no wider than numbers. Where it then is a little wider: less room for
    headings and weights, or for all columns, or the new weights would stand on pages of their own. Six decimals of a number
    below 10 still have it. longest, symbol: how wide the longest heading and symbol are.
    """
    if sheet.pixels(1, backprop.width) > room:
        sheet.widths(FIRST, backprop.last, NUMBERS - 1)
    narrow = {HEADS: longest + 2, backprop.last + 1: 1.0}
    narrow |= dict.fromkeys(range(FIRST, backprop.before), NUMBERS - 2)
    letters = dict.fromkeys(range(backprop.before, backprop.last + 1), NUMBERS - 2)
    results = dict.fromkeys(range(backprop.after, backprop.width + 1), max(NUMBERS - 2, symbol + 1))
    for widths in (narrow, narrow | letters | results):
        saved = sum(sheet.pixels(column, column) - UNIT * width for column, width in widths.items())
        if room < sheet.pixels(1, backprop.width) <= room + saved:
            for column, width in widths.items():
                sheet.width(column, width)


def _new_weights_apart(book: Book, sheet: Sheet, backprop: BackpropSheet) -> None:
    """Print the new weights after all that they are made of, the names of their numbers once more left of them."""
    for block in backprop.weight_rows:
        _names(book, sheet, backprop, block, backprop.last + 1)
    sheet.width(backprop.last + 1, _longest_element(book, backprop) + 0.5)
    sheet.put(backprop.second, backprop.last + 1, "2 · The sum of each gradient, and the new weight", LETTER)


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


def _sections_apart(book: Book, sheet: Sheet, backprop: BackpropSheet) -> None:
    """Let the columns that each page repeats hold no more of the sections' headings than they have room for."""
    for row, text, column, told in (
        (ORDER + 1, "1 · The errors", FIRST, f"last {book.noun} first"),
        (backprop.second, "2 · The gradients", backprop.before + 1, f"what each {book.noun} adds"),
    ):
        sheet.put(row, 1, text, LETTER)
        sheet.put(row, column, told, LETTER.but(bold=False))


def _continued(book: Book, sheet: Sheet, backprop: BackpropSheet, end: int) -> int:
    """The names of rows in the columns that each page repeats. Where the first page has no letter, what is said of a value
    stands over its numbers after the last weights; returns the row after these, or 0. end: the last column that it may have.
    """
    row_blocks.continued(book, sheet, backprop.row_blocks, backprop.before, end)
    for block in backprop.weight_rows:
        _names(book, sheet, backprop, block, HEADS)
    if backprop.before <= end:
        return 0
    for block in backprop.weight_rows:
        for row in range(block.row, block.row + block.weight.value.size):
            sheet.clear(row, backprop.before)
    last = max((each.top for each in backprop.row_blocks if each.weights), default=0)
    after = [each.top for each in backprop.row_blocks if each.top > last]
    for top in after:
        sheet.move(top, FIRST, backprop.before + 1)
        sheet.move(top, row_blocks.told_at(backprop.before, end), backprop.after)
    return min(after, default=backprop.second)


def _element(book: Book, weight: Node, at: tuple[int, int]) -> str:
    """The row and column of a number of a weight, as they are called: 1,e."""
    heads = [book.walk.names.heads(weight, axis) for axis in (0, 1)]
    return ",".join(head[min(i, len(head) - 1)] for head, i in zip(heads, at, strict=True) if head)


def _longest_element(book: Book, backprop: BackpropSheet) -> float:
    """How wide the longest of those is."""
    weights = [block.weight for block in backprop.weight_rows]
    return max(span(_element(book, weight, at)) for weight in weights for at in np.ndindex(*weight.shape))


def _names(book: Book, sheet: Sheet, backprop: BackpropSheet, block: WeightRows, column: int) -> None:
    """The names of a weight's numbers, in a column."""
    for at in np.ndindex(*block.weight.shape):
        if name := _element(book, block.weight, at):
            sheet.put(backprop.drawn[block.weight].to(at).row, column, name, ROWHEAD)


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
    sheet.put(block.top + 1, 1, row_blocks.generic(book, block.shares[0]), FORMULA)
    extra = " ".join(filter(None, [summed(names, block.shares[0]), aside(names, block.shares[0])]))
    if extra:
        sheet.put(block.top, backprop.before, extra, KEY)
    made = [book.derivations[node].equation for node in block.columns[1:] if node.op != "input"]
    sheet.put(block.top - 1, backprop.after, "   ".join([f"the sum of the {book.noun}s;", *made]), KEY.but(indent=0))
    for node in block.columns:
        sheet.put(block.top + 1, backprop.drawn[node].column, names.symbol(node), SYMBOL)
    indices = [(r, c) for r in range(rows) for c in range(columns)]
    _names(book, sheet, backprop, block, backprop.before)
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
