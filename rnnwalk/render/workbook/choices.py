"""What is chosen or typed on Inputs: lists to choose from, whether a choice is in its list, what is no number, what was
edited."""

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.layout.addresses import EDITED, FIRST, HEADS, LETTERS, NEXT, STATUS, CellRef, column_letters
from rnnwalk.layout.sheets import Choice
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.number_room import grades
from rnnwalk.render.workbook.sheet import Sheet, bracket
from rnnwalk.render.workbook.style import DIGIT, GENERAL, HEAD, HEADING, KEY, ROWHEAD, TEXT, OrderedFont, cells
from rnnwalk.trace.record import Node

ORIGINAL = "Original"
KNOWN, MISSING = "✓", "✗ no"  # to the question whether it is in the list


def rules(book: Book, sheet: Sheet) -> None:
    """Drop-downs for the letters and the targets; only numbers for the weights."""
    for choice in book.layout.choices:
        rule = DataValidation("list", formula1=f"={_list(choice)}", allow_blank=True, showErrorMessage=True)
        rule.errorTitle = "Not in the vocabulary" if choice.row == LETTERS else "Not in the list"
        rule.error = f"Choose a {what(book, choice)} from the list."
        rule.add(":".join(_chosen(book, choice)))
        sheet.ws.add_data_validation(rule)
    rule = DataValidation("decimal", operator="between", formula1="-1E+100", formula2="1E+100", showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a number", "A weight is a number, such as 0.25."
    above = DataValidation("decimal", operator="greaterThan", formula1="0", showErrorMessage=True)
    above.errorTitle, above.error = "Not above 0", "This is a number greater than 0, such as 0.1."
    for nodes in book.layout.given:
        (above if nodes[0] in book.layout.settings else rule).add(area(book, nodes))
    sheet.ws.add_data_validation(rule)
    if book.layout.settings:
        sheet.ws.add_data_validation(above)


def status(book: Book, sheet: Sheet, place: int) -> None:
    """Whether what is chosen at a place is in its list, and whether it is still what was exported."""
    layout, column = book.layout, book.layout.letter(place).column
    chosen = [choice for choice in layout.choices if place in choice.places]
    if not chosen:
        return
    found, kept, empty = [], [], f'{layout.letter(place).cell}=""'
    for choice in chosen:
        first = choice.matches._replace(column=column)
        found.append(f"SUM({first.cell}:{first.to((len(choice.names) - 1, 0)).cell})=1")
        if choice.row == NEXT and layout.carries:
            empty = f"{found[-1]},{empty}"  # a single answer has its target, whether the last letter is read or not
        cell = first._replace(row=choice.row).cell
        kept.append(f"EXACT({cell},{ORIGINAL}!{cell})")
    missing = f'"{MISSING}"'
    if layout.shortens and layout.stands(place)[0] > layout.fewest:
        after = layout.known(place + layout.wide).cell
        after = f'{after}=""' if place + layout.wide <= len(book.letters) else "TRUE"
        missing = f'IF(AND({empty},{after}),"",{missing})'
    sheet.live(STATUS, column, f'=IF({_all(found)},"{KNOWN}",{missing})', KNOWN, HEAD)
    sheet.live(EDITED, column, f"=IF({_all(kept)},0,1)", 0, HEAD.but(format='"✎";;"–"'))


def what(book: Book, choice: Choice) -> str:
    """What is chosen, in a word."""
    return book.noun if choice.row == LETTERS else "target"


def _all(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"


def _list(choice: Choice) -> str:
    first, last = choice.listed, choice.listed.to((len(choice.names) - 1, 0))
    return f"${column_letters(first.column)}${first.row}:${column_letters(last.column)}${last.row}"


def matches(book: Book, sheet: Sheet) -> None:
    """1 where the list has what is chosen, apart from the one-hot columns: these must not be silent columns of zeros.

    A cell each, for a comparison with a whole range needs an array formula in some programs.
    """
    look = cells("result", DIGIT).but(align="center")
    for choice in book.layout.choices:
        first, named = choice.matches, what(book, choice)
        follow = "ranks" if choice.row == LETTERS and book.walk.problem.model.task.ranks else "one-hot columns"
        sheet.put(first.row - 1, 1, f"ƒ Where each {named} stands", HEADING)
        sheet.put(first.row - 1, FIRST, f"1 in the row of the {named}, 0 elsewhere; the {follow} follow it", KEY)
        for r, head in enumerate(choice.names):
            at = first.to((r, 0))
            sheet.put(at.row, HEADS, head, ROWHEAD.but(format=TEXT))
            for place in choice.places:
                column = book.layout.letter(place).column
                formula = f"=IF(EXACT({column_letters(column)}${choice.row},${column_letters(HEADS)}{at.row}),1,0)"
                chosen = book.letters[place - 1] if choice.row == LETTERS else book.truths[place]
                sheet.live(at.row, column, formula, int(chosen == head), bracket(0, 1, look))
        if book.layout.shortens and not (choice.row == NEXT and book.layout.carries):
            left, right = (book.layout.letter(choice.places[i]).column for i in (0, -1))
            area = f"{column_letters(left)}{first.row}:{column_letters(right)}{first.row + len(choice.names) - 1}"
            sheet.blank(area, f'{column_letters(left)}${STATUS}=""')


def _chosen(book: Book, choice: Choice) -> tuple[str, str]:
    """The first and the last of the cells where something is chosen from a list."""
    first, last = (
        book.layout.letter(place)._replace(row=choice.row).cell for place in (choice.places[0], choice.places[-1])
    )
    return first, last


def edited(book: Book, sheet: Sheet) -> None:
    """A changed cell turns bold and italic; what is no number, dark and struck out."""
    font, fill = OrderedFont(b=True, i=True, color="9C2A00"), PatternFill(bgColor="FFD28A")
    for nodes in book.layout.given:
        first, where = book.layout.home[nodes[0]].cell, area(book, nodes)
        wrong(sheet, where, first)
        changed = f"{first}<>{ORIGINAL}!{first}"
        for when, form in grades(sheet, first) if book.look(nodes[0]).format != GENERAL else ():
            rule = FormulaRule([f"AND({changed},{when})"], font=font, fill=fill)
            rule.dxf.numFmt = form  # LibreOffice takes the first rule alone
            sheet.ws.conditional_formatting.add(where, rule)
        sheet.ws.conditional_formatting.add(where, FormulaRule([changed], font=font, fill=fill))
    for choice in book.layout.choices:
        first, last = _chosen(book, choice)
        sheet.ws.conditional_formatting.add(
            f"{first}:{last}", FormulaRule([f"NOT(EXACT({first},{ORIGINAL}!{first}))"], font=font, fill=fill)
        )
    if book.layout.choices:
        status, last = (book.layout.known(place).cell for place in (1, len(book.letters)))
        sheet.ws.conditional_formatting.add(
            f"{status}:{last}", FormulaRule([f'{status}="{MISSING}"'], font=font, fill=fill)
        )


def wrong(sheet: Sheet, area: str, first: str) -> None:
    """Mark what is no number in an area of cells to change: dark and struck out."""
    font, fill = OrderedFont(b=True, strike=True, color="FFFFFF"), PatternFill(bgColor="9C2A00")
    rule = FormulaRule([f"NOT(ISNUMBER({first}))"], font=font, fill=fill, stopIfTrue=True)
    sheet.ws.conditional_formatting.add(area, rule)


def area(book: Book, nodes: list[Node]) -> str:
    """The cells of values that are given side by side, as a range."""
    first, last = corners(book, nodes)
    return f"{first.cell}:{last.cell}"


def corners(book: Book, nodes: list[Node]) -> tuple[CellRef, CellRef]:
    """The first and the last of these cells."""
    first, last = book.layout.home[nodes[0]], book.layout.home[nodes[-1]]
    return first, last.to((nodes[-1].shape[0] - 1, nodes[-1].shape[1] - 1))
