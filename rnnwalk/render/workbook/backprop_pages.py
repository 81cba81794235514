"""How Backprop is printed: the widths of its columns, and what pages need that go on with further letters."""

import numpy as np

from rnnwalk.layout.addresses import FIRST, HEADS, STEP
from rnnwalk.layout.backprop import ALONE, ORDER, BackpropSheet, WeightRows
from rnnwalk.render.workbook import row_blocks
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.sheet import NUMBERS, UNIT, Sheet, span
from rnnwalk.render.workbook.style import LETTER, ROWHEAD
from rnnwalk.trace.record import Node


def draw(book: Book, sheet: Sheet, backprop: BackpropSheet) -> None:
    """Fit what is drawn to screens and pages."""
    sheet.width(1, 3)
    longest = max(4.0, *map(span, book.heads))
    sheet.width(HEADS, longest + 4)
    sheet.widths(FIRST, backprop.before - 1, max(NUMBERS - 1, longest + 1))
    sheet.widths(backprop.before, backprop.last, max(NUMBERS - 1, *[span(letter) + 2 for letter in book.letters]))
    sheet.width(backprop.last + 1, 3)
    symbols = {
        backprop.after + i: max(span(book.walk.names.symbol(node)) for node in nodes)
        for i, nodes in enumerate(zip(*[block.columns for block in backprop.weight_rows], strict=True))
    }
    for column, symbol in symbols.items():
        sheet.width(column, max(NUMBERS - 1, symbol + 3))
    room = PAGES["landscape"][0] / LEAST
    _narrow(sheet, backprop, longest, symbols, room)
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
        letters=(backprop.before + book.layout.wide, STEP),
        table=min(rest, default=backprop.end),
        alone=alone,
        wide=book.layout.wide,
    )
    starts = [each.top for each in backprop.row_blocks] + [each.top - 1 for each in backprop.weight_rows[1:]]
    inside = [place.row - 2 for each in backprop.row_blocks for place in each.weights.values() if place.row > each.row]
    for each in backprop.weight_rows:
        inside += range(each.row + 1, each.row + each.weight.value.size)
    pages(sheet, sorted([*starts, *rest, backprop.second]), backprop.end, repeated=(STEP, ORDER), inside=inside)


def names(book: Book, sheet: Sheet, backprop: BackpropSheet, block: WeightRows, column: int) -> None:
    """Put the names of a weight's numbers in a column."""
    for at in np.ndindex(*block.weight.shape):
        if name := _element(book, block.weight, at):
            sheet.put(backprop.drawn[block.weight].to(at).row, column, name, ROWHEAD)


def _narrow(sheet: Sheet, backprop: BackpropSheet, longest: float, symbols: dict[int, float], room: float) -> None:
    """Where a sheet is wider than a page: columns no wider than numbers. Where it then is a little wider: less room for
    headings and weights, or for all columns, or the new weights would stand on pages of their own. Six decimals of a number
    below 10 still have it. longest: how wide the longest heading is; symbols: that over each
    column of results.
    """
    if sheet.pixels(1, backprop.width) > room:
        sheet.widths(FIRST, backprop.last, NUMBERS - 1)
    narrow = {HEADS: longest + 2, backprop.last + 1: 1.0}
    narrow |= dict.fromkeys(range(FIRST, backprop.before), NUMBERS - 2)
    letters = dict.fromkeys(range(backprop.before, backprop.last + 1), NUMBERS - 2)
    results = {column: max(NUMBERS - 2, symbol + 1) for column, symbol in symbols.items()}
    for widths in (narrow, narrow | letters | results):
        saved = sum(sheet.pixels(column, column) - UNIT * width for column, width in widths.items())
        if room < sheet.pixels(1, backprop.width) <= room + saved:
            for column, width in widths.items():
                sheet.width(column, width)


def _new_weights_apart(book: Book, sheet: Sheet, backprop: BackpropSheet) -> None:
    """Print the new weights after all that they are made of, the names of their numbers once more left of them."""
    for block in backprop.weight_rows:
        names(book, sheet, backprop, block, backprop.last + 1)
    sheet.width(backprop.last + 1, _longest_element(book, backprop) + 0.5)
    sheet.put(backprop.second, backprop.last + 1, "2 · The sum of each gradient, and the new weight", LETTER)


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
    lettered = backprop.before + 2 * book.layout.wide - 1 <= end
    end = end if lettered else min(end, backprop.before - 1)
    row_blocks.continued(book, sheet, backprop.row_blocks, backprop.before, end)
    for block in backprop.weight_rows:
        names(book, sheet, backprop, block, HEADS)
    if lettered:
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
