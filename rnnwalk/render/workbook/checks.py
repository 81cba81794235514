"""The sheet Checks: live TRUE and FALSE, and the exported values to compare with."""

from collections.abc import Iterator

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from rnnwalk.places import EDITED as EDITED_ROW
from rnnwalk.places import INPUTS, UNROLLED, WALK, Place, column_letters
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.inputs import ORIGINAL, area
from rnnwalk.render.workbook.sheet import Sheet, numbers
from rnnwalk.render.workbook.style import HEADING, NUMBER, SENTENCE, SUBTITLE, TITLE, Look, OrderedFont
from rnnwalk.render.workbook.unrolled import generic
from rnnwalk.terms import Index
from rnnwalk.trace import Node

CHECKS = "Checks"
STATE = Place(CHECKS, 4, 2)
FINE, EDITED, WRONG = (
    "✓ all checks hold",
    "✎ inputs edited; all other checks hold",
    "✗ a check fails: see the sheet Checks",
)
MOST_ROWS = 400  # of exported values
VERDICT = Look(bold=True, align="center", box=True, format='"TRUE";"TRUE";"FALSE";@')  # LibreOffice shows 1 for TRUE
VALUE = Look(format=NUMBER, align="right")


def draw(book: Book, results: dict[Node, Place]) -> None:
    """Every check is a formula; results: where Walk computes its values."""
    sheet = book.sheet(CHECKS, "CC79A7")
    sheet.put(1, 1, "Checks: is everything right?", TITLE)
    sheet.put(
        2,
        1,
        "TRUE is right, FALSE is not; the last part says “edited” as soon as a letter or a weight differs from the export.",
        SUBTITLE,
    )
    sheet.put(4, 1, "All together", HEADING)
    row = 6
    sheet.put(row, 1, "What must always hold", HEADING)
    always = [row + 1, row]
    for text, formula in _always(book, results):
        always[1] = row = row + 1
        sheet.put(row, 1, text, SENTENCE)
        sheet.live(row, 2, f"=IFERROR({formula},FALSE)", True, VERDICT)
    row += 2
    sheet.put(row, 1, "How many inputs were edited since the export", HEADING)
    counts = [row + 1, row]
    for text, formula in _edits(book):
        counts[1] = row = row + 1
        sheet.put(row, 1, text, SENTENCE)
        sheet.live(row, 2, f"={formula}", 0, VERDICT.but(format="0"))
    edited = f"SUM($B${counts[0]}:$B${counts[1]})"
    row += 2
    sheet.put(row, 1, "Equal to what NumPy computed at the export", HEADING)
    for column, text in enumerate(("now", "exported", "where"), start=3):
        sheet.put(row, column, text, HEADING.but(align="right" if column < 5 else None))
    first = row + 1
    for node, at in _compared(book):
        row += 1
        _compare(book, sheet, row, node, at, edited)
    sheet.live(
        STATE.row, STATE.column,
        f"=IF(NOT(AND(B{always[0]}:B{always[1]})),\"{WRONG}\",IF({edited}>0,\"{EDITED}\",IF(AND(B{first}:B{row}),\"{FINE}\",\"{WRONG}\")))",
        FINE, Look(bold=True, size=12),
    )  # fmt: skip
    good, bad = PatternFill(bgColor="B7E4D5"), PatternFill(bgColor="FFC078")
    for value, fill in (("TRUE", good), ("FALSE", bad)):
        rule = CellIsRule("equal", [value], font=OrderedFont(b=True), fill=fill)
        sheet.ws.conditional_formatting.add(f"B{always[0]}:B{always[1]} B{first}:B{row}", rule)
    for column, width in ((1, 62), (2, 14), (3, 16), (4, 16), (5, 18)):
        sheet.width(column, width)
    sheet.ws.freeze_panes = "A5"
    sheet.huge()
    book.links[CHECKS].append(("all together", STATE))


def _always(book: Book, results: dict[Node, Place]) -> Iterator[tuple[str, str]]:
    layout, length = book.layout, book.walk.length
    for group, text in (
        ("input", f"Every {book.noun} is in the vocabulary"),
        ("target", f"Every next {book.noun} is in the vocabulary"),
    ):
        nodes = layout.of(group)
        yield text, f"SUM({_area(layout.home[nodes[0]], layout.home[nodes[-1]], nodes[-1].shape)})={length}"
    if book.predicts:
        p = layout.drawn[book.walk.at("p", 1)]
        row = p.row + book.walk.at("p", 1).shape[0]
        sums = f"{UNROLLED}!{p._replace(row=row).cell}:{column_letters(layout.last)}{row}"
        yield f"The probabilities after each {book.noun} sum to 1", f"AND(MIN({sums})>=1-1E-12,MAX({sums})<=1+1E-12)"
    for sheet in (INPUTS, UNROLLED, WALK):
        ws = book.file[sheet]
        yield f"No cell on {sheet} is an error", f"NOT(ISERROR(SUM({sheet}!{ws.calculate_dimension()})))"
    agree: dict[str, list[str]] = {}
    for node, place in results.items():
        here, there = _area(place, place, node.shape), _area(layout.home[node], layout.home[node], node.shape)
        near = f"SUMPRODUCT({here}-{there},{here}-{there})<=1E-18*(1+SUMSQ({there}))"
        agree.setdefault(generic(book, node).partition(" = ")[0], []).append(near)
    for symbol, terms in agree.items():
        yield f"Walk and Unrolled agree on {symbol}", f"AND({','.join(terms)})"


def _edits(book: Book) -> Iterator[tuple[str, str]]:
    first, last = book.layout.letter(1), book.layout.letter(book.walk.length + 1)
    word = f"{first._replace(row=EDITED_ROW).cell}:{last._replace(row=EDITED_ROW).cell}"
    yield f"{book.noun}s of the {book.text}", f"SUM({INPUTS}!{word})"
    for node in [*book.layout.of("weight"), *book.layout.of("initial")]:
        cells = area(book, node)
        yield f"numbers of {book.walk.names.symbol(node)}", f"SUMPRODUCT(--({INPUTS}!{cells}<>{ORIGINAL}!{cells}))"


def _compared(book: Book) -> list[tuple[Node, Index]]:
    """The losses, and the memory and probabilities of the first letters, as many as are good to read."""
    names = book.walk.names.of
    forward = [node for node, name in names.items() if name.group == "forward"]
    losses = [(node, (0, 0)) for node in forward if names[node].field == "loss"]
    rows = [
        (node, (r, 0)) for node in forward if book.role(node) in ("memory", "probability") for r in range(node.shape[0])
    ]
    return [*losses[::-1][:1], *losses[:-1][:MOST_ROWS], *rows[:MOST_ROWS]]


def _compare(book: Book, sheet: Sheet, row: int, node: Node, at: Index, edited: str) -> None:
    place = book.layout.home[node].to(at)
    value = numbers(node.value)[at[0]][at[1]]
    sheet.put(row, 1, book.walk.names.key(node, at), SENTENCE)
    sheet.live(
        row, 2, f'=IF({edited}>0,"edited",IFERROR(ABS(C{row}-D{row})<=1E-12+1E-9*ABS(D{row}),FALSE))', True, VERDICT
    )
    sheet.live(row, 3, f"={place}", value, VALUE)
    sheet.put(row, 4, value, VALUE)
    sheet.link(row, 5, str(place), place)


def _area(first: Place, last: Place, shape: tuple[int, ...]) -> str:
    end = last.to((shape[0] - 1, shape[1] - 1))
    return f"{first.sheet}!{first.cell}:{end.cell}"
