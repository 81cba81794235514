"""What the network says after the chosen letter on the sheet One letter, and the loss."""

from rnnwalk.layout.addresses import CellRef, column_letters
from rnnwalk.layout.one_letter import CHOICE
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.left_out import once
from rnnwalk.render.workbook.letter_choice import look_up, value
from rnnwalk.render.workbook.letter_size import SMALL, Size, measured
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import HEAD, SENTENCE, SHORT, symbols

ANSWER = 7  # columns that it takes
MORE = 2  # further ones of a long answer


def told(book: Book, last: CellRef, end: int, widest: int, fits: bool) -> list[tuple[int, int, int]]:
    """Where it is told what the network says, and where the loss: the row, the column, and that of the value. Right of the
    last equation or under it; where that does not fit on a screen, in the first row, which stays there.
    """
    if not fits and book.layout.wide == 1:
        column = CHOICE.column + 2
        return [(1, column, column + 2), (1, column + 4, column + 4 + ANSWER - 2)]
    row, column, needed = last.row, last.column + 3, ANSWER + 2 * (book.layout.wide - 1)
    if column + needed <= widest:
        return [(row + offset, column, column + ANSWER - 2) for offset in (0, 2)]
    beside = needed + 3
    if beside + needed <= widest:
        return [(end + 1, column, column + ANSWER - 2) for column in (1, beside)]
    return [(end + 1 + offset, 1, ANSWER - 1) for offset in (0, 2)]


def draw(book: Book, sheet: Sheet, letter: int, told: list[tuple[int, int, int]], size: Size) -> None:
    """What the network says and the loss."""
    layout = book.layout
    p, loss = book.walk.at("p", letter), book.walk.at("loss", letter)
    place = layout.unrolled.drawn[p]
    first, last = column_letters(layout.unrolled.before + layout.wide), column_letters(layout.unrolled.last)
    below = place.row + p.shape[0] + 1
    for (row, column, _), text in zip(told, ("★ It says", "ƒ The loss: ln S + m − y of the truth"), strict=True):
        sheet.put(row, column, text, SENTENCE.but(bold=True, size=size.points))
    (row, _, column), (lost_row, _, lost) = told
    look = book.look(loss).but(size=size.points, format=SHORT)
    named = symbols("probability").but(size=18, box=True)
    longest = max(measured(name, 18) for name in book.walk.names.answers)
    more = 0 if layout.wide > 1 else min(MORE, size.columns(longest) - 1)
    room = size.wide * (1 + more)
    if longest > room:
        named = named.but(size=max(SMALL, int(18 * room / longest)))
    for c, at in enumerate(layout.places_of(letter)):
        said, right = (
            str(place._replace(row=row, column=place.column + c))
            if once(book.walk.names, p)
            else look_up(f"{place.sheet}!${first}${row}:${last}${row}", c, layout.wide)
            for row in (below, below + 2)
        )
        name, verdict = book.predicted(at), book.predicted(at) == book.truths[at]
        sheet.live(row, column + c - more, f"={said}", name, named)
        if more:  # a long name takes some of the columns left of it
            sheet.fill(row, column - more, column, named)
            sheet.ws.merged_cells.add(f"{column_letters(column - more)}{row}:{column_letters(column)}{row}")
        sheet.live(row, column + layout.wide + c, f"={right}", "✓" if verdict else "✗", HEAD.but(size=18))
        sheet.live(lost_row, lost + c, value(book, loss, (0, c), letter), float(loss.value[0, c]), look)
