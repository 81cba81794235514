"""Where a letter is chosen on the sheet One letter, and what it reads; what stands in rows of cells for the chosen one."""

from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.layout.addresses import INPUTS, LETTERS, NEXT, STEP, STEPS, UNROLLED, WALK, column_letters
from rnnwalk.layout.one_letter import CHOICE
from rnnwalk.model.problem import BESIDE
from rnnwalk.render.workbook.book import GONE, Book
from rnnwalk.render.workbook.left_out import once
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import SENTENCE, TITLE, Look
from rnnwalk.trace.record import Node

LARGE = 14  # points
MOST_LISTED = 255  # characters of a list that stands in its rule
CHOSEN = Look(fill="FFF6BF", bold=True, size=18, align="center", box=True, open=True)


def draw(book: Book, sheet: Sheet, letter: int, whole: bool, fits: bool) -> None:
    """Where the letter is chosen, and what it reads. whole: whether all weights are drawn; fits: all steps, on a screen."""
    walk, layout, length = book.walk, book.layout, book.walk.length
    first, last = (column_letters(layout.letter(place).column) for place in (1, layout.places[-1]))
    sheet.put(1, 1, f"One {book.noun}: its steps{' on one screen' if fits else ''}", TITLE)
    sheet.put(CHOICE.row, 1, f"Choose the {book.noun} by its number →", SENTENCE.but(bold=True, size=LARGE))
    sheet.put(CHOICE.row, CHOICE.column, letter, CHOSEN)
    rule = DataValidation("list", formula1=f"={INPUTS}!${first}${STEPS}:${last}${STEPS}", showErrorMessage=True)
    each = ",".join(map(str, range(1, length + 1)))
    if layout.wide > 1 and len(each) <= MOST_LISTED:  # that row has each number several times
        rule = DataValidation("list", formula1=f'"{each}"', showErrorMessage=True)
    elif layout.wide > 1:
        rule = DataValidation("whole", operator="between", formula1="1", formula2=f"{length}", showErrorMessage=True)
    rule.errorTitle, rule.error = "Not in the list", f"Choose a number from 1 to {length}."
    rule.add(CHOICE.cell)
    sheet.ws.add_data_validation(rule)
    read, follow = (_each(book, f"{INPUTS}!${first}${row}:${last}${row}") for row in (LETTERS, NEXT))
    known = all(place in book.truths for place in layout.places_of(letter))
    if known and not walk.problem.says(1):
        follow = book.expects(length)[0]
    text, said = f'"It reads “"&{read}&"”', f"It reads “{book.reads(letter)[1]}”"
    if known:
        told = f'; {book.truth} is “"&{follow}&"”'
        text += told if walk.problem.says(1) else f'"&IF({CHOICE.local}={last_number(book)},"{told}","")&"'
        said += f"; {book.truth} is “{book.expects(letter)[1]}”"
    rest = "" if whole else f" Weights that have no room here stand on {WALK}."
    text, said = f'={text}.{rest}"', f"{said}.{rest}"
    if not walk.problem.says(1):
        choose = f'"&{last_number(book)}&"' if layout.carries else length
        text += f'&IF({CHOICE.local}={last_number(book)},""," The answer comes after the last {book.noun}: choose {choose}.")'
    if layout.shortens:
        text = f'=IF({gone(book)},"The {book.text} ends before this {book.noun}: choose another.",{text[1:]})'
    text = f'=IF({chosen(book, CHOICE.local)},{text[1:]},"Choose a number from 1 to {length}.")'
    sheet.live(CHOICE.row, CHOICE.column + 2, text, said, SENTENCE.but(size=LARGE))


def chosen(book: Book, place: str) -> str:
    """The condition that a cell holds the number of a letter; place: its address."""
    return f"IF(COUNT({place})=1,AND({place}>=1,{place}<={book.walk.length},{place}=INT({place})),FALSE)"


def last_number(book: Book) -> str:
    """The number of the last letter, as a part of a formula."""
    unrolled, length = book.layout.unrolled, book.walk.length
    first, last = column_letters(unrolled.before + 1), column_letters(unrolled.last)
    return f"MAX({UNROLLED}!${first}${STEP}:${last}${STEP})" if book.layout.carries else str(length)


def gone(book: Book) -> str:
    """The condition that a shortened word does not have the chosen letter; of several words, that none has it."""
    layout = book.layout
    ends = [each_gone(book, which) for which in range(layout.wide)]
    return ends[0] if len(ends) == 1 else f"AND({','.join(ends)})"


def each_gone(book: Book, which: int) -> str:
    """The same of a word by its column."""
    layout = book.layout
    first, last = (layout.present(place).local for place in (1, layout.places[-1]))
    return f'{look_up(f"{INPUTS}!{first}:{last}", which, layout.wide)}=""'


def look_up(row: str, column: int = 0, wide: int = 1) -> str:
    """What a row of cells holds for the chosen letter, of several words for the one of a column."""
    return f"INDEX({row},1,{CHOICE.local})" if wide == 1 else f"INDEX({row},1,({CHOICE.local}-1)*{wide}+{column + 1})"


def _each(book: Book, row: str) -> str:
    """What a row of cells holds for the chosen letter, of several words side by side."""
    wide = book.layout.wide
    found = [look_up(row, column, wide) for column in range(wide)]
    if wide > 1 and book.layout.shortens:
        found = [f'IF({each_gone(book, column)},"{GONE}",{cell})' for column, cell in enumerate(found)]
    return f'&"{BESIDE}"&'.join(found)


def value(book: Book, node: Node, at: tuple[int, int], letter: int) -> str:
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
