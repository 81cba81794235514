"""The sheet Walk: the article's steps, letter by letter, drawn as [matrix] · [column] = [result]."""

import itertools
from typing import NamedTuple

from openpyxl.formatting.rule import DataBarRule

from rnnwalk.engine.cells.cell import Stage, stage_of
from rnnwalk.layout.addresses import UNROLLED, WALK, CellRef, column_letters, wide
from rnnwalk.render.workbook import cell_picture, step_blocks
from rnnwalk.render.workbook.book import GONE, Book
from rnnwalk.render.workbook.equations import Columns, equation
from rnnwalk.render.workbook.left_out import columns_of, once
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.put_in import TOLD
from rnnwalk.render.workbook.sheet import Sheet, span
from rnnwalk.render.workbook.style import (
    HEADING,
    KEY,
    LETTER,
    SENTENCE,
    STAGE,
    SUBTITLE,
    TITLE,
    symbols,
)  # fmt: skip
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.letter import Letters
from rnnwalk.views.padding import runs, span_of

MOST_LETTERS = 12
MOST_CELLS = 60_000  # of the whole sheet: a bigger network shows fewer letters


def letters_in_full(book: Book) -> int:
    """How many letters the sheet shows."""
    layout = book.layout
    fields = book.walk.each_field
    each = sum(node.value.size + sum(part.value.size for part in layout.names.parts(node)) for node in fields)
    return max(1, min(MOST_LETTERS, book.walk.length, MOST_CELLS // max(each, 1)))


def shown_letters(book: Book) -> list[int]:
    """Which those are: the first ones, rather than padding before them, and the last one where only that has an answer."""
    count, length = letters_in_full(book), book.walk.length
    begin = next((t for t in range(1, length + 1) if not book.walk.problem.pads(t)), 1)
    first = range(start := min(begin, length + 1 - count), start + count)
    return [*first] if book.walk.problem.says(1) else [*first[:-1], length]


def _which(book: Book, letters: list[int]) -> str:
    """Which those are, in words."""
    noun, count, length = book.noun, len(letters), book.walk.length
    first, *last = runs(letters)
    if count == length:
        return f"Every {noun}"
    if first[-1] == length:
        return f"The last{f' {count}' * (count > 1)} of {length} {noun}s"
    begun = f"The first {len(first)}" if first[0] == 1 else span_of(noun, first).capitalize()
    return f"{begun}{' and the last' * len(last)} of {length} {noun}s"


def draw(book: Book) -> dict[Node, CellRef]:
    """Draw the sheet; returns where each result stands."""
    sheet = book.sheet(WALK, "009E73")
    letters = shown_letters(book)
    count = len(letters)
    canvas = _Canvas(book, sheet)
    sheet.put(
        1,
        1,
        f"Walk: every step, {book.noun} by {book.noun}"
        if book.noun != "time step"
        else "Walk: every number, step by step",
        TITLE,
    )
    sheet.put(
        2, 1,
        f"{_which(book, letters)} in full; the sheet {UNROLLED} has {'them' if count == book.walk.length else 'all of them'} side by side. "
        "The cells right of each = are live formulas of the cells drawn beside them: press F2 on one to see.",
        SUBTITLE,
    )  # fmt: skip
    sheet.put(
        3,
        1,
        f"Beside each title: the name that rnnwalk explain takes, and the cell where the value is at home. {TOLD}",
        SUBTITLE,
    )
    row = cell_picture.draw(book, sheet, 4)
    for letter in letters:
        row = canvas.letter(letter, row)
    fit(sheet, canvas.columns.last, row)
    for begin in pages(sheet, canvas.starts, row, inside=[*canvas.further]):
        if begin in canvas.further:
            sheet.live(begin, 1, *canvas.further[begin], KEY)
    canvas.shorten()
    make_room(sheet)
    sheet.ws.freeze_panes = "A3"
    return canvas.results


class Rows(NamedTuple):
    """The rows of a letter: the first, and the last that is blank without it; of its titles; the condition that it is gone,
    "" for none; its bars.
    """

    top: int
    end: int
    titles: list[int]
    gone: str
    bars: str


class _Canvas:
    """Draws blocks one under another. results: where each value is computed on this sheet."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.names = book.walk.names
        self.results: dict[Node, CellRef] = {}
        self.gone = ""  # the condition that the letter that is drawn is gone, as the word was shortened
        self.titles: list[int] = []  # the rows of its blocks' titles
        self.letters: list[Rows] = []
        self.starts: list[int] = []  # rows where a page may begin
        self.further: dict[int, tuple[str, str]] = {}  # of an equation's further lines, and what is told if one does
        self.columns = Columns(sheet, [equation(book, node) for node in book.walk.each_field], self._headed)

    def _headed(self, part: Node) -> float:
        """How wide the row headings of a part are as it is drawn."""
        heads = self.names.heads(part, 1 if wide(*part.shape) else 0)
        return max([3.0, *map(span, heads)]) + 1

    def letter(self, letter: int, row: int) -> int:
        """All the steps of a letter; returns the next free row."""
        book, sheet = self.book, self.sheet
        top = row
        self.stage: Stage | None = None
        self.bars = ""
        beginning = f"{book.noun.capitalize()} {letter}: it reads “"
        cells, text = book.reads(letter)
        heading = f'"{beginning}"&{cells}&"”'
        value = f"{beginning}{text}”"
        if book.truths and book.walk.problem.says(letter):
            cells, text = book.expects(letter)
            is_true = f", and {'the next one' if book.walk.problem.given is None else book.truth} is “"
            heading += f'{is_true}"&{cells}&"”'
            value += f"{is_true}{text}”"
        heading = f'={heading}"'
        self.titles = []
        self.gone = f'LEFT($A${top})="{GONE}"' if book.layout.shortens else ""
        if self.gone:
            told = f"{GONE} {book.noun.capitalize()} {letter}: the {book.text} ends before it"
            if book.layout.carries and book.walk.problem.says(letter):
                told += "; the memory is carried on, and here is the answer"
            heading = f'=IF({book.gone(letter)},"{told}",{heading[1:]})'
        sheet.live(row, 1, heading, value, LETTER)
        sheet.fill(row, 2, self.columns.last, LETTER)
        book.links[WALK].append((f"{book.noun.capitalize()} {letter}", CellRef(WALK, row, 1)))
        row += 1
        answer = None  # the row from which on there is a single answer, which stays
        for i, (step, node) in enumerate(Letters(Blocks(book.walk)).fields(letter)):
            self.starts.append(row if i else top)  # a letter's heading stays with its first block
            if answer is None and book.layout.carries and once(self.names, node):
                answer = row
            row = self.block(node, step, row, letter)
            if self.names.labels[node].field == "p":
                row = self.prediction(node, letter, row)
        self.letters.append(Rows(top, (answer or row) - 1, self.titles, self.gone, self.bars))
        return row

    def shorten(self) -> None:
        """Leave letters blank that are gone: but for their names, which say so on each page; after the pages begin somewhere."""
        sheet, column = self.sheet, self.columns.last
        pages = [each.id + 1 for each in sheet.ws.row_breaks.brk]
        for top, end, titles, gone, bars in self.letters:
            if gone:
                inside = [page for page in pages if top < page < end]
                named = [page if page in self.further else min(row for row in titles if row >= page) for page in inside]
                rows = [(before + 1, after - 1) for before, after in itertools.pairwise([top, *named, end + 1])]
                areas = [f"A{first}:{column_letters(column + 1)}{last}" for first, last in rows if first <= last]
                areas += [
                    f"B{row}:{column_letters(column + 1)}{row}"
                    if row in self.further
                    else f"A{row}:{column_letters(column - 1)}{row}"
                    for row in named
                ]
                sheet.blank(" ".join(areas), gone)
            if bars:  # after what blanks them
                rule = DataBarRule("num", 0, "num", 1, color="FF63C3A5")
                sheet.ws.conditional_formatting.add(bars, rule)

    def block(self, node: Node, step: str, row: int, letter: int) -> int:
        """One quantity, under the heading of the stage that begins with it, if one does; returns the next free row."""
        row = self._heading(self.names.labels[node].field, row)
        self.titles.append(row)
        places, further, end = step_blocks.draw(
            self.book, self.sheet, self.columns, node, step=step, letter=letter, row=row, gone=self.gone
        )
        self.further.update(
            dict.fromkeys(further, step_blocks.letter_read(self.book, letter, self.gone, f"Step {step}, continued · "))
        )
        place = self.results[node] = places[node]
        if self.gone and self.book.layout.wide > 1 and not (self.book.layout.carries and once(self.names, node)):
            self._apart(places, letter)
        if self.book.role(node) == "probability":
            last = place.to((node.shape[0] - 1, node.shape[1] - 1))
            self.bars = f"{place.cell}:{last.cell}"
        return end

    def _apart(self, places: dict[Node, CellRef], letter: int) -> None:
        """Of words side by side, leave the columns blank of those that have ended before a letter."""
        for which in range(self.book.layout.wide):
            areas = " ".join(columns_of(self.names, places, which))
            self.sheet.blank(areas, self.book.gone(letter, which))

    def _heading(self, field: str, row: int) -> int:
        """The heading of the stage that begins with a quantity, if one does; returns the next free row."""
        cell = self.book.walk.problem.model.network.cell
        before, self.stage = self.stage, stage_of(cell, field)
        if self.stage is None or self.stage is before:
            return row
        self.sheet.put(row, 1, f"{cell.STAGES.index(self.stage) + 1} · {self.stage.title}", STAGE)
        self.sheet.fill(row, 2, self.columns.last, STAGE)
        self.sheet.put(row + 1, 1, self.stage.text, SENTENCE)
        return row + 3

    def prediction(self, p: Node, letter: int, row: int) -> int:
        """The answer with the largest probability, beside the true one."""
        book, sheet = self.book, self.sheet
        column = self.results[p].column
        sheet.put(row, 1, f"★ Prediction: the {book.answer} with the largest probability", HEADING)
        look = symbols("probability").but(size=14, box=True)
        for c, place in enumerate(book.layout.places_of(letter)):  # of several words, one under another
            first, last = (self.results[p].to((r, c)) for r in (0, p.shape[0] - 1))
            said = book.predicted(place)
            sheet.live(row, column, f"={book.says(f'{first.cell}:{last.cell}')}", said, look)
            if self.gone and book.layout.wide > 1 and not book.layout.carries:
                sheet.blank(
                    f"{first._replace(row=row, column=column).cell}:{first._replace(row=row, column=column + 1).cell}",
                    book.gone(letter, c),
                )
            if place in book.truths:
                cell, true = book.layout.truth(place), book.truths[place]
                here = first._replace(row=row, column=column).cell
                answer = f'=IF(EXACT({here},{cell}),"✓ right: it is ","✗ the true one is ")&"“"&{cell}&"”"'
                value = f"{'✓ right: it is ' if said == true else '✗ the true one is '}“{true}”"
                sheet.live(row, column + 1, answer, value, SENTENCE.but(indent=1))
            row += 1
        return row + 1
