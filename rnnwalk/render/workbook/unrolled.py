"""The sheet Unrolled: the whole word on a page; weights left, time to the right, the pipeline downwards."""

from rnnwalk.layout.addresses import (
    FIRST,
    HEADS,
    INPUTS,
    NEXT,
    READ,
    STEP,
    UNROLLED,
    RowBlock,
    column_letters,
    wide,
)
from rnnwalk.render.workbook import charts, row_blocks
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.put_in import DIGITS, LONG, TOLD, put_in, signed
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, span
from rnnwalk.render.workbook.style import (
    HEAD,
    HEADING,
    KEY,
    NUMBER,
    NUMBERS_IN,
    ROLES,
    SENTENCE,
    SUBTITLE,
    TITLE,
    Look,
    symbols,
)  # fmt: skip
from rnnwalk.text import listed
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence, title

SUM = Look(format=NUMBER, ink="5B6673", align="right")


def draw(book: Book) -> None:
    """Every quantity of every letter, each letter a column."""
    unrolled, walk = book.layout.unrolled, book.walk
    sheet = book.sheet(unrolled.title, "0072B2")
    own = unrolled.title != UNROLLED  # a form's own sheet
    sheet.put(1, 1, f"Unrolled: the whole {book.text} on a page{f' · {walk.problem.model.form}' if own else ''}", TITLE)
    sheet.put(
        2,
        1,
        f"Weights stand left, time runs to the right, the computation runs down. The same weights serve every step. {TOLD}",
        SUBTITLE,
    )
    apart = [walk.names.symbol(node) for node in book.layout.nodes_of("weight") if wide(*node.shape)]
    if apart:
        verb = "stands" if len(apart) == 1 else "stand"
        sheet.put(3, 1, f"{listed(apart)} {verb} on {INPUTS}: too wide to stand here.", SUBTITLE)
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, f"{ROLES['input'].sign} {book.read}", SENTENCE)
    row_blocks.heads(book, sheet, unrolled.before)
    tops = {row_block.top: row_block.node for row_block in unrolled.row_blocks}
    row_blocks.shorten(book, sheet, unrolled.before, unrolled.end, tops)
    for row_block in unrolled.row_blocks:
        row_blocks.draw(book, sheet, row_block, unrolled.drawn, unrolled.before)
        if walk.names.labels[row_block.node].field == "p":
            _prediction(book, sheet, row_block)
    for node in unrolled.whole:
        _whole(book, sheet, node)
    sheet.width(1, 3)
    sheet.width(HEADS, max(4.0, *map(span, book.heads)) + 2)
    texts = [*book.letters, *book.truths.values(), *walk.names.answers]
    sheet.widths(FIRST, unrolled.before - 1, max(NUMBERS - 1, *[span(head) + 1 for head in book.heads]))
    sheet.widths(unrolled.before, unrolled.last, max(NUMBERS - 1, *[span(text) + 2 for text in texts]))
    room = PAGES["landscape"][0] / LEAST
    if sheet.pixels(1, unrolled.last) > room:
        _narrow(book, sheet, room)
    sheet.ws.freeze_panes = "C6"
    sheet.ws.print_title_rows = f"{STEP}:{READ}"
    drawn = charts.draw(book, sheet)
    words = book.layout.wide
    letters, table = (unrolled.before + words, STEP), unrolled.end + 1
    fit(sheet, drawn.last, drawn.end, charts=drawn.first, letters=letters, table=table, wide=words)
    starts = [*tops, *[unrolled.drawn[node].row for node in unrolled.whole]]
    whole = {row for row in starts if not any(row in span[1:] for span in drawn.spans)}
    under = {span.start - 1 for span in drawn.spans if span.start > unrolled.end}  # with its frame
    pages(sheet, sorted(whole | under), drawn.end, repeated=(STEP, READ))
    make_room(sheet)


def _narrow(book: Book, sheet: Sheet, room: float) -> None:
    """Where a sheet is wider than a page: columns as wide as numbers, and if it still is, room for the labels that each page repeats."""
    unrolled = book.layout.unrolled
    sheet.widths(FIRST, unrolled.last, NUMBERS - 2)
    if sheet.pixels(1, unrolled.last) > room:
        sheet.label(STEP)
        end = sheet.column_at(room) - 1
        row_blocks.continued(book, sheet, unrolled.row_blocks, unrolled.before, end)
        for node in unrolled.whole:
            sheet.move(unrolled.drawn[node].row + 1, unrolled.before - 1, row_blocks.told_at(unrolled.before, end))


def _prediction(book: Book, sheet: Sheet, row_block: RowBlock) -> None:
    """Under the probabilities: their sum, the letter with the largest, the truth, and whether they agree."""
    count = row_block.node.shape[0]
    first, last = row_block.row, row_block.row + count - 1
    row = row_block.row + count
    texts = ["Σ together they make 1", f"★ the {book.answer} that it says", f"◎ {book.truth}", "right?"]
    for offset, text in enumerate(texts if book.truths else texts[:2]):
        sheet.put(row + offset, 1, text, SENTENCE)
    layout = book.layout
    for place in layout.places:
        step, which = layout.stands(place)
        if not book.walk.problem.says(step):
            continue
        column = layout.unrolled.before + layout.wide - 1 + place
        letters = column_letters(column)
        p = f"{letters}{first}:{letters}{last}"
        total = float(book.walk.at("p", step).value[:, which].sum())
        said = book.predicted(place)
        sheet.live(row, column, f"=SUM({p})", total, SUM)
        sheet.live(row + 1, column, f"={book.says(p)}", said, symbols("probability"))
        if place not in book.truths:
            continue
        true = book.truths[place]
        target = f"={INPUTS}!{column_letters(layout.letter(place).column)}{NEXT}"
        sheet.live(row + 2, column, target, true, symbols("target"))
        verdict = f'=IF(EXACT({letters}{row + 1},{letters}{row + 2}),"✓","✗")'
        sheet.live(row + 3, column, verdict, "✓" if said == true else "✗", HEAD)


def _whole(book: Book, sheet: Sheet, node: Node) -> None:
    unrolled, names = book.layout.unrolled, book.walk.names
    place = unrolled.drawn[node]
    note = names.labels[node].note
    sheet.put(place.row, 1, book.caption(node), HEADING)
    writer = Writer(names, unrolled.drawn.__getitem__, lambda _, at: at.cell)
    look = bracket(0, 1, book.look(node)).but(bold=True)
    sheet.live(place.row, place.column, writer.element(node, (0, 0)), float(node.value[0, 0]), look)
    text, said = put_in(names, node, (0, 0), writer.where, writer.address)
    if book.layout.shortens and not book.layout.carries and book.walk.length > 1:
        text = f"={_of_letters(book, text[1:])}"
        if book.layout.wide == 1:
            once, _ = signed(place.cell, float(node.value[0, 0]), bare=True)
            text = f'=IF({book.gone(2)},"{names.symbol(node)} = "&{"&".join(once)},{text[1:]})'
    sheet.live(place.row + 1, unrolled.before - 1, text, said, NUMBERS_IN)
    sheet.put(place.row + 1, 1, sentence(names, node), KEY.but(indent=0))
    book.links[unrolled.title].append((f"{note.symbol} · {title(names, node)}", place))


def _of_letters(book: Book, text: str) -> str:
    """The numbers put in of a sum over all letters without those that are gone, as a part of a formula."""
    length, words, none = book.walk.length, [*range(book.layout.wide)], '"?"'  # which such a text does not hold
    ends = [book.gone(length, which) for which in words]
    ended = ends[0] if len(ends) == 1 else f"OR({','.join(ends)})"
    text = f'SUBSTITUTE({text},IF({ended}," + "&FIXED(0,{DIGITS},TRUE),{none}),"")'
    dots = [*words[:2], None, words[-1]] if len(words) > LONG else words  # of many words the middle is left out, too
    for number, which in reversed([*enumerate(dots, start=1)]) if length > LONG else ():
        if which is not None:  # of two letters nothing is left out
            text = f'SUBSTITUTE({text},IF({book.gone(3, which)}," + …",{none}),"",{number})'
    return text
