"""The sheet One letter, for the projector: choose a letter, and its steps stand in large matrices, if they fit on one screen."""

from rnnwalk.layout.addresses import (
    CellRef,
    column_letters,
    drawn_shape,
    wide,
)
from rnnwalk.layout.one_letter import CHOICE, LEFT, ONE, TOP, Drawn, Packed, pack
from rnnwalk.render.workbook import letter_answer, letter_choice
from rnnwalk.render.workbook.any_step import called, generic
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.equations import Equation, equation
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.left_out import columns_of, once
from rnnwalk.render.workbook.letter_choice import LARGE, value
from rnnwalk.render.workbook.letter_size import SMALL, Size, measured, over
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.sheet import HIGH, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import HEAD, HEADING, ROWHEAD, SHORTER, SYMBOL
from rnnwalk.trace.record import Node
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.letter import Letters
from rnnwalk.views.sentences import title


def draw(book: Book) -> None:
    """The steps of the chosen letter; what is drawn is looked up on Unrolled, results are formulas of what is drawn."""
    walk, sheet = book.walk, book.sheet(ONE, "009E73")
    letter = min(2, walk.length) if walk.problem.says(1) else walk.length  # one that has an answer
    views = Letters(Blocks(walk))
    numbered = views.fields(letter)  # numbered as at every letter but the first
    # Of probabilities the loss is told beside the answer.
    steps = [(step, node) for step, node in numbered if _field(book, node) != "loss" or not book.predicts]
    first = {_field(book, node): step for step, node in views.fields(1)}
    later = [node for _, node in steps if _field(book, node) not in first]  # after the last letter alone
    equations = [_brief(equation(book, node)) for _, node in steps]

    def headed(part: Node) -> bool:
        return bool(over(book, part))

    def packed(size: Size, alone: list[Node], widest: int) -> Packed:
        def above(node: Node) -> int:
            named = 1.4 * span(f"Step 10 · {title(walk.names, node)}") if node in alone else 0.0
            return size.columns(max(named, measured(sheet.say(generic(book, node)), SMALL)))

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
        told = letter_answer.told(book, drawn[-1].places[steps[-1][1]], end, page, fits)
        letter_answer.draw(book, sheet, letter, told, size)
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
    areas = list[str]()
    for places in drawn:
        shown = {part: at for part, at in places.items() if not (layout.carries and once(names, part))}
        areas += columns_of(names, shown, which)
    if told and not layout.carries:
        (row, _, column), (lost_row, _, lost) = told
        cells = (row, column + which), (row, column + layout.wide + which), (lost_row, lost + which)
        areas += [f"{column_letters(c)}{r}" for r, c in cells]
    return areas


def _brief(drawn: Equation) -> Equation:
    """The equation with the squared error as its column has room for it: ½Σ( y − target )² = loss."""
    squared = drawn.signs[0] == "squared-error("
    return Equation(["½Σ(", "−", ")² ="], drawn.parts) if squared else drawn


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
            if measured(sheet.say(text), points) > columns * size.wide:
                sheet.put(row, left, f"{sign} {text}".lstrip(), look)
            else:
                sheet.put(row, place.column - 1, sign, SYMBOL.but(size=size.points, align="right"))
                sheet.put(row, place.column, text, look)
        for c, text in enumerate(over(book, part)):
            sheet.put(place.row - 1, place.column + c, text, HEAD.but(size=size.over(part)))
        for r, text in enumerate(names.heads(part, 1 if turned else 0)):
            sheet.put(place.row + r, place.column - 1, text, ROWHEAD.but(size=size.points))
        look = book.look(part)
        look = look.but(size=size.points, format=SHORTER.get(look.format or "", look.format))
        for r, values in enumerate(numbers(part.value)):
            for c, number in enumerate(values):
                at = place.to((r, c))
                computed = part is result and not apart
                formula = writer.element(part, (r, c)) if computed else value(book, part, (r, c), letter)
                sheet.live(at.row, at.column, formula, number, bracket(at.column - place.column, columns, look))
