"""The sheet One letter, for the projector: choose a letter, and its steps stand in large matrices, if they fit on one screen."""

from rnnwalk.layout.addresses import (
    CellRef,
    column_letters,
    drawn_shape,
    wide,
)
from rnnwalk.layout.one_letter import CHOICE, LEFT, ONE, TOP, Drawn, Packed, pack
from rnnwalk.render.workbook import letter_choice
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.equations import Equation, equation
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.left_out import once
from rnnwalk.render.workbook.letter_choice import LARGE, look_up
from rnnwalk.render.workbook.letter_size import SMALL, Size, over
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.row_blocks import called, generic
from rnnwalk.render.workbook.sheet import HIGH, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import HEAD, HEADING, NUMBER, ROWHEAD, SENTENCE, SHORT, SYMBOL, symbols
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.letter import Letters
from rnnwalk.views.sentences import title

BOLD = 1.1  # how much wider bold letters are
ANSWER = 7  # columns of the answer
MORE = 2  # further columns that a long answer takes there


def draw(book: Book) -> None:
    """The steps of the chosen letter; what is drawn is looked up on Unrolled, results are formulas of what is drawn."""
    walk, sheet = book.walk, book.sheet(ONE, "009E73")
    letter = min(2, walk.length) if walk.problem.says(1) else walk.length  # one that has an answer
    views = Letters(Blocks(walk))
    numbered = views.fields(letter)  # numbered as at every letter but the first
    steps = [(step, node) for step, node in numbered if _field(book, node) != "loss"]
    first = {_field(book, node): step for step, node in views.fields(1)}
    later = [node for _, node in steps if _field(book, node) not in first]  # after the last letter alone
    equations = [equation(book, node) for _, node in steps]

    def headed(part: Node) -> bool:
        return bool(over(book, part))

    def packed(size: Size, alone: list[Node], widest: int) -> Packed:
        def above(node: Node) -> int:
            named = 1.4 * span(f"Step 10 · {title(walk.names, node)}") if node in alone else 0.0
            return size.columns(max(named, _measured(sheet.say(generic(book, node)), SMALL)))

        parts = [each.parts for each in equations]
        return pack(parts, widest, size.page, size.beside, headed, above, alone, next(iter(later), None))

    large, small = Size(book, LARGE), Size(book, SMALL)
    ways = [(large, large.page), (small, small.page), (large, large.screen)]
    size, alone, (drawn, end, last, _), fits = _fitting(
        [(size, each, packed(size, each, widest)) for size, widest in ways for each in _alone(book, equations)]
    )
    page = size.page
    parts_drawn = {part for place in drawn for part in place.places}
    whole = {part for each in equations for part in each.parts} <= parts_drawn
    letter_choice.draw(book, sheet, letter, whole, fits)
    bands = sorted({each.row for each in drawn})
    for (step, node), each, place in zip(steps, equations, drawn, strict=True):
        sheet.gap(place.row - 1)
        text = f" · {title(walk.names, node)}" if place.whole or node in alone else ""
        number = f'"Step "&IF({CHOICE.local}=1,"{first.get(_field(book, node), step)}","{step}")'
        begin = each.parts[0] if place.whole else node
        column = place.places[begin].column - size.beside(begin)
        sheet.live(place.row, column, f'={number}&"{text}"' if text else f"={number}", f"Step {step}{text}", HEADING)
        _equation(book, sheet, letter, each, place, size)
    above, told = "", list[tuple[int, int, int]]()  # what is told in the first row
    if book.predicts and all(place in book.truths for place in book.layout.places_of(letter)):
        told = _told(book, drawn[-1].places[steps[-1][1]], end, page, fits)
        _answer(book, sheet, letter, told, size)
        end, last = max(end, told[-1][0] + 1), max(last, told[-1][-1])
        above = f" {column_letters(told[0][1])}1:{column_letters(last)}1" if told[0][0] == 1 else ""
    sheet.widths(1, last, size.wide)
    for row in range(TOP, end):
        if sheet.ws.row_dimensions[row].height == HIGH * size.points:
            sheet.ws.row_dimensions[row].height = size.row
    fit(sheet, last, end, screen=end, smallest=SMALL, begin=(LEFT + page, 1) if last > page else (0, 0))
    sheet.ws.print_title_cols = None  # each part has headings of its own
    pages(sheet, bands, end)
    sheet.ws.freeze_panes = "A3"
    none = f"NOT({letter_choice.chosen(book, CHOICE.local)})"
    sheet.blank(f"A{TOP}:{column_letters(last)}{end}{above}", none)
    if book.layout.shortens:
        sheet.blank(f"A{TOP}:{column_letters(last)}{end}{above}", letter_choice.gone(book))
        for which in range(book.layout.wide if book.layout.wide > 1 else 0):  # of a word that has ended before
            areas = _of_word(book, which, [place.places for place in drawn], told)
            sheet.blank(" ".join(areas), letter_choice.each_gone(book, which))
    if later:
        top = next(place.row for (_, node), place in zip(steps, drawn, strict=True) if node is later[0])
        sheet.blank(f"A{top}:{column_letters(last)}{end}{above}", f"{CHOICE.local}<>{letter_choice.last_number(book)}")
    make_room(sheet)
    book.links[ONE].append((f"choose a {book.noun}", CHOICE))


def _of_word(book: Book, which: int, drawn: list[dict[Node, CellRef]], told: list[tuple[int, int, int]]) -> list[str]:
    """The areas of one of the words side by side, but for a single answer, which is there whatever it reads."""
    layout, names = book.layout, book.walk.names
    timed = [
        (place.to((-1, which)), place.to((part.shape[0] - 1, which)))
        for places in drawn
        for part, place in places.items()
        if names.labels[part].letter is not None and not (layout.carries and once(names, part))
    ]
    areas = [f"{first.cell}:{last.cell}" for first, last in timed]
    if told and not layout.carries:
        (row, _, column), (lost_row, _, lost) = told
        cells = (row, column + which), (row, column + layout.wide + which), (lost_row, lost + which)
        areas += [f"{column_letters(c)}{r}" for r, c in cells]
    return areas


def _alone(book: Book, equations: list[Equation]) -> list[list[Node]]:
    """The results that may stand without what they are made of, until all steps have room on a screen: none; of the
    cell's sums all but the first, which shows how they are made; all of them; the scores, too.
    """
    names = book.walk.names
    inside = {_field(book, node) for node in book.walk.trace.result.letters[0].step if node is not None}
    sums = [
        result
        for *made_of, result in (each.parts for each in equations)
        if any(names.labels[part].group == "weight" for part in made_of)
    ]
    of_cell = [result for result in sums if _field(book, result) in inside]
    return [[], of_cell[1:], of_cell, sums]


def _fitting(tried: list[tuple[Size, list[Node], Packed]]) -> tuple[Size, list[Node], Packed, bool]:
    """The first way to draw the steps that has room on a screen and, where none has, the least high on a page that is
    large; and whether it has room.
    """
    for size, alone, packed in tried:
        if size.fits(packed):
            return size, alone, packed, True
    large = [each for each in tried if each[0].points == LARGE]
    one_page = [each for each in large if each[2].last <= each[0].page] or large
    return *min(one_page, key=lambda each: each[0].high(each[2])), False


def _field(book: Book, node: Node) -> str:
    return book.walk.names.labels[node].field


def _short(symbol: str) -> str:
    """A long symbol without its blanks: it must not run into the next sign."""
    return symbol if len(symbol) < 8 else symbol.replace(" ", "")


def _measured(text: str, points: int) -> float:
    """How wide a bold text is, in digits of a column's width; slim are brackets, blanks and dots."""
    return BOLD * (span(text) - sum(text.count(each) for each in "⟨⟩() ·") / 3) * points / 11


def _value(book: Book, node: Node, at: tuple[int, int], letter: int) -> str:
    """The formula that fetches a number of the chosen letter, or of the one before it, from Unrolled."""
    label, layout = book.walk.names.labels[node], book.layout
    if label.letter is None:
        return f"={layout.home[node].to(at)}"
    unrolled = layout.unrolled
    place = unrolled.drawn[node].to(at)
    if once(book.walk.names, node):
        return f"={place}"
    first = column_letters(
        unrolled.before + (label.letter == letter) * layout.wide
    )  # of the letter before: from time 0
    row = f"{place.sheet}!${first}${place.row}:${column_letters(unrolled.last)}${place.row}"
    return f"=SUM({look_up(row, at[1], layout.wide)})"


def _equation(book: Book, sheet: Sheet, letter: int, shown: Equation, drawn: Drawn, size: Size) -> None:
    """[matrix] · [column] = [result]; the signs stand between the symbols, a long symbol behind its sign. Beside what it is
    made of, the result alone.
    """
    names, (*made_of, result) = book.walk.names, shown.parts
    apart = not drawn.places.keys() >= set(made_of)
    writer = Writer(names, drawn.places.__getitem__, lambda _, at: at.cell)
    for part, sign in zip(shown.parts, shown.signs, strict=True):
        if not drawn.whole and part is not result:
            continue
        place, columns, turned = drawn.places[part], drawn_shape(part)[1], wide(*part.shape)
        symbol = called(book, part) if names.labels[part].letter is not None else names.symbol(part) + "ᵀ" * turned
        if names.labels[part].letter not in (None, letter):
            symbol = symbol.replace("ₜ", "ₜ₋₁")
        row = place.row - (2 if any(over(book, each) for each in drawn.places) else 1)
        left = place.column - size.beside(part)
        if not drawn.whole:
            sheet.put(row, left, generic(book, part), SYMBOL.but(size=SMALL, align="left"))
        else:
            text, points = _short(symbol), size.points if len(symbol) < 5 else SMALL
            look = SYMBOL.but(size=points, bold=len(symbol) < 8, align="left")
            if _measured(sheet.say(text), points) > columns * size.wide:
                sheet.put(row, left, f"{sign} {text}".lstrip(), look)
            else:
                sheet.put(row, place.column - 1, sign, SYMBOL.but(size=size.points, align="right"))
                sheet.put(row, place.column, text, look)
        for c, text in enumerate(over(book, part)):
            sheet.put(place.row - 1, place.column + c, text, HEAD.but(size=size.over(part)))
        for r, text in enumerate(names.heads(part, 1 if turned else 0)):
            sheet.put(place.row + r, place.column - 1, text, ROWHEAD.but(size=size.points))
        look = book.look(part)
        look = look.but(size=size.points, format=SHORT if look.format == NUMBER else look.format)
        for r, values in enumerate(numbers(part.value)):
            for c, value in enumerate(values):
                at = place.to((r, c))
                computed = part is result and not apart
                formula = writer.element(part, (r, c)) if computed else _value(book, part, (r, c), letter)
                sheet.live(at.row, at.column, formula, value, bracket(at.column - place.column, columns, look))


def _told(book: Book, last: CellRef, end: int, widest: int, fits: bool) -> list[tuple[int, int, int]]:
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


def _answer(book: Book, sheet: Sheet, letter: int, told: list[tuple[int, int, int]], size: Size) -> None:
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
    longest = max(_measured(name, 18) for name in book.walk.names.answers)
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
        sheet.live(lost_row, lost + c, _value(book, loss, (0, c), letter), float(loss.value[0, c]), look)
