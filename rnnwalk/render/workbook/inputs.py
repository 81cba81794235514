"""The sheet Inputs: the word, the weights, and the one-hot columns that follow from the word."""

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.layout.addresses import EDITED, FIRST, HEADS, INPUTS, LETTERS, NEXT, STATUS, STEPS, CellRef, column_letters
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    DIGIT,
    HEAD,
    HEADING,
    KEY,
    ROLES,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    TEXT,
    TITLE,
    Look,
    OrderedFont,
    cells,
    symbols,
)  # fmt: skip
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence, title

ORIGINAL = "Original"
SIGNS = tuple(role.sign for role in ROLES.values())
KNOWN, MISSING = "✓", "✗ not in the list"
BOX = Look(fill=ROLES["input"].fill, bold=True, size=14, format=TEXT, align="center", box=True, quote=True)


def draw(book: Book) -> None:
    """Two sheets: Inputs, and Original, which keeps what was exported at the same addresses."""
    sheet = book.sheet(INPUTS, "E69F00")
    keep = book.sheet(ORIGINAL, "999999", locked=True)
    for each, live in ((sheet, True), (keep, False)):
        heading = f"Inputs: the {book.text} and the weights" if live else "Original: the inputs as they were exported"
        words = (
            f"Change a {book.noun} or a number in a framed cell: everything that follows is recomputed. "
            f"Clear the last {book.noun} for a shorter {book.text}. Changed cells turn bold; the sheet Original keeps the first values."
            if live
            else "To get back, copy from here into the same cells of Inputs. Nothing reads this sheet but Checks."
        )
        each.put(1, 1, heading, TITLE)
        each.put(2, 1, words, SUBTITLE)
        _word(book, each, live)
        _weights(book, each, live)
        _columns(book, each, live)
        _settings(book, each, live)
        if live:
            _matches(book, each)
        heads = [*book.walk.names.letters, *[book.walk.names.symbol(node) for node in book.layout.nodes_of("weight")]]
        each.width(1, max(24, *(span(text) - 4 for text in each.texts(1) if text[:1] in SIGNS)))
        each.width(2, max(4.0, *map(span, heads)) + 2)
        widest = max(node.shape[1] for node in book.layout.nodes_of("weight"))
        each.widths(
            FIRST, FIRST + max(widest, book.walk.length + 1) - 1, max(NUMBERS, *[span(t) + 4 for t in book.letters])
        )
        each.ws.freeze_panes = "C7"
        each.ws.print_title_rows = f"{STEPS}:{LETTERS}"
        *starts, last = _blocks(book)
        end = book.layout.inputs_end + 1
        each.fit(FIRST + max(widest, book.walk.length + 1) - 1, end)
        each.pages([*starts, last] if live else starts, end if live else last, repeated=(STEPS, LETTERS))
    _choices(book, sheet)
    _edited(book, sheet)
    sheet.huge()


def _word(book: Book, sheet: Sheet, live: bool) -> None:
    layout, letters = book.layout, book.letters
    sheet.put(4, 1, f"The {book.text}, one {book.noun} a cell", HEADING)
    for row, text in ((STEPS, "step"), (LETTERS, f"{ROLES['input'].sign} {book.noun}"), (NEXT, f"◎ next {book.noun}")):
        sheet.put(row, 1, text, SENTENCE)
    if live:
        sheet.put(STATUS, 1, "in the vocabulary?", SENTENCE)
        sheet.put(EDITED, 1, "edited since the export", SENTENCE)
    for step, letter in enumerate(letters, start=1):
        column = layout.letter(step).column
        sheet.put(STEPS, column, step if step < len(letters) else "the end", HEAD)
        sheet.put(LETTERS, column, letter, BOX.but(open=live))
        if live:
            cell = layout.letter(step).cell
            first = layout.matches._replace(column=column)
            found = f"{first.cell}:{first.to((len(book.walk.names.letters) - 1, 0)).cell}"
            missing = f'"{MISSING}"'
            if step > 2:  # two letters make the shortest word
                after = f'{column_letters(column + 1)}{STATUS}=""' if step < len(letters) else "TRUE"
                missing = f'IF(AND({cell}="",{after}),"",{missing})'
            sheet.live(STATUS, column, f'=IF(SUM({found})=1,"{KNOWN}",{missing})', KNOWN, HEAD)
            sheet.live(EDITED, column, f"=IF(EXACT({cell},{ORIGINAL}!{cell}),0,1)", 0, HEAD.but(format='"✎";;"–"'))
        if step < len(letters):
            follow = layout.letter(step + 1).cell
            look = symbols("target")
            if live:
                sheet.live(NEXT, column, f'={follow}&""', letters[step], look)  # a cleared letter is not 0
            else:
                sheet.put(NEXT, column, letters[step], look)
    book.links[sheet.title].append((f"the {book.text}", layout.letter(1)._replace(sheet=sheet.title)))


def _vocabulary(book: Book) -> str:
    first = book.layout.vocabulary
    last = first.to((len(book.walk.names.letters) - 1, 0))
    return f"${column_letters(first.column)}${first.row}:${column_letters(last.column)}${last.row}"


def _weights(book: Book, sheet: Sheet, live: bool) -> None:
    names = book.walk.names
    for node in [*book.layout.nodes_of("weight"), *book.layout.nodes_of("initial")]:
        place = book.layout.home[node]
        sheet.put(
            place.row - 2,
            1,
            f"{ROLES[book.role(node)].sign} {names.symbol(node)} · {title(book.walk.names, node)}",
            HEADING,
        )
        sheet.put(place.row - 2, FIRST, f"{node.shape[0]}×{node.shape[1]}: {sentence(book.walk.names, node)}", KEY)
        for c, head in enumerate(names.heads(node, 1)):
            sheet.put(place.row - 1, place.column + c, head, HEAD)
        heads = names.heads(node, 0)
        look = book.look(node).but(box=True, open=live)
        for r, row in enumerate(numbers(node.value)):
            if heads:
                sheet.put(place.row + r, HEADS, heads[r], ROWHEAD)
            for c, value in enumerate(row):
                sheet.put(place.row + r, place.column + c, value, look)
        book.links[sheet.title].append(
            (f"{names.symbol(node)} · {title(book.walk.names, node)}", place._replace(sheet=sheet.title))
        )


def _settings(book: Book, sheet: Sheet, live: bool) -> None:
    """How to learn: a number each."""
    for node in book.layout.settings:
        place, note = book.layout.home[node], book.walk.names.labels[node].note
        sheet.put(place.row, 1, f"{ROLES['weight'].sign} {note.symbol} · {title(book.walk.names, node)}", HEADING)
        sheet.put(place.row, place.column, numbers(node.value)[0][0], cells("weight").but(box=True, open=live))
        sheet.put(place.row, place.column + 1, sentence(book.walk.names, node), KEY)
        book.links[sheet.title].append(
            (f"{note.symbol} · {title(book.walk.names, node)}", place._replace(sheet=sheet.title))
        )
    if live and book.layout.settings:
        home = book.layout.home[book.layout.settings[0]]
        sheet.link(3, 1, f"The learning rate stands in {home.cell}.", home)


def _columns(book: Book, sheet: Sheet, live: bool) -> None:
    """The one-hot columns: 1 where the letter stands in the vocabulary; #N/A for a letter that it does not have."""
    names, layout = book.walk.names, book.layout
    for group in ("input", "target"):
        nodes = layout.nodes_of(group)
        top, note = layout.home[nodes[0]].row, names.labels[nodes[0]].note
        sheet.put(top - 1, 1, f"{ROLES[group].sign} {note.symbol} · {title(book.walk.names, nodes[0])}", HEADING)
        sheet.put(top - 1, FIRST, sentence(book.walk.names, nodes[0]), KEY)
        for r, head in enumerate(names.letters):
            sheet.put(top + r, HEADS, head, ROWHEAD.but(format=TEXT))
        for node in nodes:
            place = layout.home[node]
            look = book.look(node).but(align="center")
            for r, (value,) in enumerate(numbers(node.value)):
                at, one = place.to((r, 0)), bracket(0, 1, look)
                if live:
                    column = column_letters(place.column + (group == "target"))
                    match = f"{column}{layout.matches.row + r}"
                    status = f"{column}${STATUS}"
                    sheet.live(at.row, at.column, f'=IF({status}="{MISSING}",NA(),{match})', value, one)
                else:
                    sheet.put(at.row, at.column, value, one)
        book.links[sheet.title].append(
            (f"{note.symbol} · {title(book.walk.names, nodes[0])}", CellRef(sheet.title, top, FIRST))
        )


def _matches(book: Book, sheet: Sheet) -> None:
    """1 where the vocabulary has the letter, apart from the one-hot columns: these must not be silent columns of zeros.

    A cell each, for a comparison with a whole range needs an array formula in some programs.
    """
    layout, first = book.layout, book.layout.matches
    sheet.put(first.row - 1, 1, f"ƒ Where each {book.noun} stands", HEADING)
    sheet.put(first.row - 1, FIRST, f"1 in the row of the {book.noun}, 0 elsewhere; the one-hot columns follow it", KEY)
    look = cells("result", DIGIT).but(align="center")
    for r, head in enumerate(book.walk.names.letters):
        at = first.to((r, 0))
        sheet.put(at.row, HEADS, head, ROWHEAD.but(format=TEXT))
        for step, letter in enumerate(book.letters, start=1):
            column = layout.letter(step).column
            formula = f"=IF(EXACT({column_letters(column)}${LETTERS},${column_letters(HEADS)}{at.row}),1,0)"
            sheet.live(at.row, column, formula, int(letter == head), bracket(0, 1, look))


def _blocks(book: Book) -> list[int]:
    """The rows where a block begins."""
    home, layout = book.layout.home, book.layout
    given = [home[node].row - 2 for node in [*layout.nodes_of("weight"), *layout.nodes_of("initial")]]
    hot = [home[layout.nodes_of(group)[0]].row - 1 for group in ("input", "target")]
    return [*given, *hot, *[home[node].row for node in layout.settings[:1]], layout.matches.row - 1]


def _choices(book: Book, sheet: Sheet) -> None:
    """Drop-downs for the letters; only numbers for the weights."""
    first, last = book.layout.letter(1), book.layout.letter(book.walk.length + 1)
    rule = DataValidation("list", formula1=f"={_vocabulary(book)}", allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not in the vocabulary", f"Choose a {book.noun} from the list."
    rule.add(f"{first.cell}:{last.cell}")
    sheet.ws.add_data_validation(rule)
    rule = DataValidation("decimal", operator="between", formula1="-1E+100", formula2="1E+100", showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a number", "A weight is a number, such as 0.25."
    for node in book.layout.given:
        rule.add(area(book, node))
    sheet.ws.add_data_validation(rule)


def area(book: Book, node: Node) -> str:
    """The cells of a value that is given, as a range."""
    first = book.layout.home[node]
    last = first.to((node.shape[0] - 1, node.shape[1] - 1))
    return f"{first.cell}:{last.cell}"


def _edited(book: Book, sheet: Sheet) -> None:
    """A changed cell turns bold and italic; what is no number, dark and struck out."""
    font, fill = OrderedFont(b=True, i=True, color="9C2A00"), PatternFill(bgColor="FFD28A")
    for node in book.layout.given:
        wrong(sheet, area(book, node), book.layout.home[node].cell)
        first = book.layout.home[node].cell
        sheet.ws.conditional_formatting.add(
            area(book, node), FormulaRule([f"{first}<>{ORIGINAL}!{first}"], font=font, fill=fill)
        )
    first, last = book.layout.letter(1).cell, book.layout.letter(book.walk.length + 1).cell
    sheet.ws.conditional_formatting.add(
        f"{first}:{last}", FormulaRule([f"NOT(EXACT({first},{ORIGINAL}!{first}))"], font=font, fill=fill)
    )
    status = f"{column_letters(FIRST)}{STATUS}"
    sheet.ws.conditional_formatting.add(
        f"{status}:{last.rstrip('0123456789')}{STATUS}", FormulaRule([f'{status}="{MISSING}"'], font=font, fill=fill)
    )


def wrong(sheet: Sheet, area: str, first: str) -> None:
    """Mark what is no number in an area of cells to change: dark and struck out."""
    font, fill = OrderedFont(b=True, strike=True, color="FFFFFF"), PatternFill(bgColor="9C2A00")
    rule = FormulaRule([f"NOT(ISNUMBER({first}))"], font=font, fill=fill, stopIfTrue=True)
    sheet.ws.conditional_formatting.add(area, rule)
