"""The sheet Forms: what the same weights give under each form of the cell; an Unrolled sheet of its own for each other form."""

from rnnwalk.layout.addresses import FIRST, HEADS, STEPS, UNROLLED, CellRef, column_letters
from rnnwalk.layout.sheets import Layout
from rnnwalk.render.workbook import unrolled
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages, spare
from rnnwalk.render.workbook.put_in import signed
from rnnwalk.render.workbook.row_blocks import read_at
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    HEAD,
    HEADING,
    NUMBER,
    NUMBERS_IN,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    TITLE,
    Look,
    symbols,
)
from rnnwalk.walks.walk import Walk

FORMS = "Forms"
NAMES, STEP, READ, TOP = 4, 11, 12, 14  # rows
GIVEN = ("weight", "initial", "input", "target")
MOST_UNITS = 3  # whose numbers are put in
APART = Look(format=NUMBER, align="right")


def books(book: Book, walks: dict[str, Walk]) -> dict[str, Book]:
    """A book for each form, which reads the inputs of this one; raises InputError for what no sheet can hold."""
    home = {label.key: book.layout.home[node] for node, label in book.walk.names.labels.items() if label.group in GIVEN}
    found = {}
    for form, walk in walks.items():
        if form == book.walk.problem.model.form:
            found[form] = book
            continue
        layout = Layout(walk, f"{UNROLLED}_{form}")
        layout.answers = book.layout.answers
        layout.home |= {node: home[label.key] for node, label in walk.names.labels.items() if label.group in GIVEN}
        found[form] = Book(walk, layout, book.file, book.styles, {}, tell=book.tell)
    return found


def draw(book: Book, forms: dict[str, Book]) -> None:
    """Side by side: the state, what each form says, its loss, and how far it is from the workbook's own form."""
    own, cell = book.walk.problem.model.form, book.walk.problem.model.network.cell
    sheet = book.sheet(FORMS, "009E73")
    sheet.put(1, 1, f"Forms: the same weights under each form of the {cell.NAME.upper()}", TITLE)
    sheet.put(
        2, 1, f"All sheets but this one and {UNROLLED}_… follow {own}. Edit Inputs: every form follows.", SUBTITLE
    )
    for i, form in enumerate(forms):
        row, (equations, _, told) = NAMES + 2 * i, cell.FORMS[form].removesuffix(")").rpartition(" (")
        sheet.link(row, 1, form + (" ← here" if form == own else ""), CellRef(forms[form].layout.unrolled.title, 1, 1))
        sheet.put(row, FIRST, equations, SENTENCE)
        sheet.put(row + 1, FIRST, told, SUBTITLE)
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, f"✎ the {book.noun} that it reads", SENTENCE)
    shortens = book.layout.shortens
    for step in range(1, book.walk.length + 1):
        number = book.layout.letter(step)._replace(row=STEPS)
        gone = f'IF({book.layout.present(step)}="","",{number})' if shortens else str(number)
        sheet.live(STEP, FIRST + step - 1, f"={gone}", step, HEAD)
        sheet.live(READ, FIRST + step - 1, read_at(book, step), book.letters[step - 1], symbols("input"))
    row, starts = TOP, list[int]()  # where a page may begin
    for form, each in forms.items():
        starts.append(row)
        row = _values(each, sheet, row, "h", f"↪ the state h · {form}")
    starts.append(row)
    for form, each in forms.items():
        if each is not book:
            row = _distance(book, each, sheet, row, f"‖h − h({own})‖ · {form}")
    starts.append(row)
    for form, each in forms.items() if book.truths else ():
        row = _values(each, sheet, row, "loss", f"ƒ the loss · {form}")
    sheet.gap(row)
    row += 1
    starts.append(row)
    for form, each in forms.items() if book.predicts else ():
        row = _said(each, sheet, row, form)
    if shortens and not book.layout.carries:
        first, end = (column_letters(FIRST + step) for step in (0, book.walk.length - 1))
        sheet.blank(f"{first}{READ}:{end}{row - 1}", f'{first}${STEP}=""')
    if book.truths:
        _whole(forms, sheet, row)
    sheet.width(1, 34)
    sheet.width(HEADS, max(4.0, *map(span, book.walk.names.letters)) + 2)
    wide = max(NUMBERS, *[span(letter) + 4 for letter in book.letters])
    sheet.widths(FIRST, FIRST + max(8, book.walk.length) - 1, wide)
    sheet.ws.freeze_panes = f"C{TOP - 1}"
    sheet.ws.print_title_rows = f"{STEP}:{READ}"
    fit(sheet, FIRST + max(8, book.walk.length) - 1, row + len(forms), letters=(FIRST, STEP))
    pages(sheet, starts, row + len(forms), repeated=(STEP, READ))
    spare(sheet)
    make_room(sheet)
    book.links[FORMS].append(("side by side", CellRef(FORMS, TOP, FIRST)))


def _values(each: Book, sheet: Sheet, row: int, field: str, text: str) -> int:
    """A field at every letter that has it, from the form's own sheet; returns the next free row."""
    sheet.put(row, 1, text, HEADING)
    found = {step: each.walk.names.node.get(f"{field}_{step}") for step in range(1, each.walk.length + 1)}
    nodes = {step: node for step, node in found.items() if node is not None}  # of a single answer only at the last step
    first = next(iter(nodes.values()))
    for r, head in enumerate(each.walk.names.heads(first, 0)):
        sheet.put(row + r, HEADS, head, ROWHEAD)
    for step, node in nodes.items():
        look = bracket(0, 1, each.look(node))
        for r, (value,) in enumerate(numbers(node.value)):
            sheet.live(row + r, FIRST + step - 1, f"={each.layout.home[node].to((r, 0))}", value, look)
    if first.shape[0] == 1:  # rows of single numbers stand together
        return row + 1
    sheet.gap(row + first.shape[0])
    return row + first.shape[0] + 1


def _distance(book: Book, each: Book, sheet: Sheet, row: int, text: str) -> int:
    """How far the state is from that of the workbook's own form."""
    sheet.put(row, 1, text, HEADING)
    for step in range(1, book.walk.length + 1):
        nodes = (each.walk.at("h", step), book.walk.at("h", step))
        gap = nodes[0].value - nodes[1].value
        areas = [
            f"{place}:{place.to((node.shape[0] - 1, 0)).cell}"
            for node, place in ((nodes[0], each.layout.home[nodes[0]]), (nodes[1], book.layout.home[nodes[1]]))
        ]
        formula = f"=SQRT(SUMPRODUCT({areas[0]}-{areas[1]},{areas[0]}-{areas[1]}))"
        sheet.live(row, FIRST + step - 1, formula, float((gap * gap).sum()) ** 0.5, APART)
    second = min(2, book.walk.length)  # at the first letter of no memory forms hardly differ
    sheet.live(row + 1, FIRST, *_apart(book, each, second, CellRef(FORMS, row, FIRST + second - 1)), NUMBERS_IN)
    sheet.gap(row + 2)
    return row + 3


def _apart(book: Book, each: Book, step: int, result: CellRef) -> tuple[str, str]:
    """The numbers put in of the distance at a letter, √((a − b)² + …): the formula of the text, and the text."""
    theirs, own = each.walk.at("h", step), book.walk.at("h", step)
    units, gap = len(own.value), theirs.value - own.value
    pieces = [_plain(f"{book.noun} {step}: √(")]
    for r in range(min(units, MOST_UNITS)):
        a, b = str(each.layout.home[theirs].to((r, 0))), str(book.layout.home[own].to((r, 0)))
        pieces += [_plain(" + (" if r else "("), signed(a, float(theirs.value[r, 0]), bare=True)]
        pieces += [_plain(" − "), signed(b, float(own.value[r, 0]), bare=False), _plain(")²")]
    pieces.append(_plain(f"{f' + … {units - MOST_UNITS} more' * (units > MOST_UNITS)}) = "))
    pieces.append(signed(result.cell, float((gap * gap).sum()) ** 0.5, bare=True))
    formula = "&".join(part for parts, _ in pieces for part in parts)
    if book.layout.shortens:
        formula = f'IF({book.layout.present(step)}="","",{formula})'
    return f"={formula}", "".join(text for _, text in pieces)


def _plain(text: str) -> tuple[list[str], str]:
    return [f'"{text}"'], text


def _said(each: Book, sheet: Sheet, row: int, form: str) -> int:
    """What it says, with whether that is right, where it is known."""
    sheet.put(row, 1, f"★ says · {form}", HEADING)
    shown, labels = each.layout.unrolled, each.walk.names.labels
    row_block = next(row_block for row_block in shown.row_blocks if labels[row_block.node].field == "p")
    below = row_block.row + row_block.node.shape[0] + 1
    for step in filter(each.walk.problem.says, range(1, each.walk.length + 1)):
        column, there = FIRST + step - 1, column_letters(shown.before + step)
        said = each.predicted(step)
        sheet.live(row, column, f"={shown.title}!{there}{below}", said, symbols("probability"))
        if step in each.truths:
            right = "✓" if said == each.truths[step] else "✗"
            sheet.live(row + 1, column, f"={shown.title}!{there}{below + 2}", right, HEAD)
    sheet.gap(row + 2)
    return row + 3


def _whole(forms: dict[str, Book], sheet: Sheet, row: int) -> None:
    """The loss of the word in every form."""
    for r, (form, each) in enumerate(forms.items()):
        node = each.walk.names.node["loss"]
        sheet.put(row + r, 1, f"ƒ the loss of the {each.text} · {form}", HEADING)
        look = bracket(0, 1, each.look(node)).but(bold=True)
        sheet.live(row + r, FIRST, f"={each.layout.home[node]}", float(node.value[0, 0]), look)


def extra(book: Book, forms: dict[str, Book]) -> list[tuple[str, CellRef, float]]:
    """What Checks compares with NumPy: the loss of each other form."""
    found = []
    for form, each in forms.items() if book.truths else ():
        if each is not book:
            node = each.walk.names.node["loss"]
            found.append((f"loss · {form}", each.layout.home[node], float(node.value[0, 0])))
    return found


def sheets(book: Book, forms: dict[str, Book]) -> list[str]:
    """The sheets of the other forms, which are drawn here."""
    others = [each for each in forms.values() if each is not book]
    for each in others:
        unrolled.draw(each)
    return [each.layout.unrolled.title for each in others]
