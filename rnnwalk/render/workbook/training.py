"""The sheet Training: one row an epoch, live; the weights of a row are the new weights of the row above."""

from typing import NamedTuple

from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import PatternFill

from rnnwalk.layout.addresses import INPUTS, NEXT, TRAINING, CellRef, column_letters
from rnnwalk.layout.training import ELEMENTS, FIRST, GROUPS, LOSS, NUMBER, SAID, SYMBOLS, TOP, Epochs
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook import training_charts
from rnnwalk.render.workbook.book import MOST_TOGETHER, ROUNDED, Book
from rnnwalk.render.workbook.complaints import complain, forward, given, paces
from rnnwalk.render.workbook.epoch_summary import Summary, followed
from rnnwalk.render.workbook.formulas import STACKED, Writer
from rnnwalk.render.workbook.left_out import stays
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit
from rnnwalk.render.workbook.row_blocks import CARRIED
from rnnwalk.render.workbook.sheet import CHARACTER, NUMBERS, UNIT, Sheet, bracket, span
from rnnwalk.render.workbook.style import (
    HEAD,
    HEADING,
    LETTER,
    LINK,
    MUTED,
    SENTENCE,
    SUBTITLE,
    SYMBOL,
    TITLE,
    Look,
    OrderedFont,
    cells,
    symbols,
)
from rnnwalk.render.workbook.training_charts import number_of
from rnnwalk.trace.record import Node
from rnnwalk.views.padding import runs
from rnnwalk.views.sentences import title as heading

ROW, ABOVE = "~", "#"  # stand for the number of the row, and of the one above, while a formula is written for all
FINITE = "✓ every epoch stays within what a spreadsheet can hold"


class Column(NamedTuple):
    """A column of numbers. first: the formula of the first epoch; formula: of the others, for any row."""

    at: int
    node: Node
    number: int
    first: str
    formula: str
    look: Look

    def written(self, row: int) -> str:
        return self.first if row == TOP else self.formula.replace(ABOVE, str(row - 1)).replace(ROW, str(row))


def draw(book: Book, epochs: Epochs) -> list[float]:
    """All epochs; returns their losses."""
    sheet = book.sheet(TRAINING, "009E73")
    summary = Summary(book, epochs)
    _heads(book, sheet, epochs, summary.joins)
    columns = _columns(book, epochs)
    losses = []
    for row, values in enumerate(epochs.rows(), start=TOP):
        flat = {node: epochs.flat(node, values[node]) for node in epochs.column}
        losses.append(summary.draw(sheet, row, values))
        for column in columns:
            sheet.live(row, column.at, column.written(row), flat[column.node][column.number], column.look)
    _overflow(book, sheet, epochs)
    _shorten(book, sheet, epochs)
    _widths(book, sheet, epochs, summary.joins)
    charts = training_charts.draw(book, sheet, epochs, losses, summary.right)
    _colours(book, sheet, epochs)
    sheet.ws.freeze_panes = f"{column_letters(FIRST)}{TOP}"
    sheet.ws.print_title_rows = f"{GROUPS}:{ELEMENTS}"
    sheet.ws.print_area = charts.printed
    fit(sheet, charts.last, charts.end, seen=charts.seen)
    make_room(sheet)
    book.links[TRAINING].insert(0, ("loss and predictions, epoch by epoch", CellRef(TRAINING, TOP, LOSS)))
    return losses


def _widths(book: Book, sheet: Sheet, epochs: Epochs, joins: bool) -> None:
    """Room for the longest answer, for the heading over a single one, and for the links beside the settings. joins: whether
    the answers are said together, too.
    """
    rows, said, gap = range(TOP, TOP + epochs.count), range(epochs.said, epochs.charts - 1), epochs.charts - 1
    answers = [*book.walk.names.answers, *(sheet.texts[row, column][0] for row in rows for column in said)]
    letter = max(map(span, book.letters))
    answer = max(letter, *map(span, answers))
    if not book.predicts:
        answer = max(answer, ROUNDED * min(MOST_TOGETHER, epochs.walk.at("y", epochs.walk.length).shape[0]))
    joined = max(span(sheet.texts[row, SAID][0]) for row in rows)  # at first it may say longer words than it reads
    if joins and book.predicts and epochs.walk.problem.says(1):
        joined = max(joined, sum(map(span, book.letters[:13])))
    else:
        joined = max(joined, answer * (epochs.shown if joins else book.layout.wide))
    sheet.width(NUMBER, 8)
    sheet.width(LOSS, NUMBERS)
    sheet.width(SAID, max(NUMBERS, joined + span(BESIDE) * (book.layout.wide - 1) + 4))
    sheet.widths(FIRST, epochs.last, max(NUMBERS, letter + 3))
    text, look = sheet.texts[GROUPS, FIRST]
    over = CHARACTER * width(text) * look.size / 11 / UNIT + 1
    if UNIT * over > sheet.pixels(FIRST, epochs.said - 1):
        sheet.widths(FIRST, epochs.said - 1, over / epochs.shown)
    sheet.widths(epochs.said, gap - 1, max(4.0, answer + 3))
    sheet.width(gap, max(4.0, letter + 3))
    links = [text for (row, column), (text, _) in sheet.texts.items() if row < GROUPS and column == FIRST + 1]
    needed, room = max(CHARACTER * width(text) for text in links) + 9 * LINK.indent, sheet.pixels(FIRST + 1, gap)
    if needed > room:  # over few letters
        sheet.width(gap, (needed - sheet.pixels(FIRST + 1, gap - 1)) / UNIT)


def _heads(book: Book, sheet: Sheet, epochs: Epochs, joins: bool) -> None:
    names, layout = book.walk.names, book.layout
    sheet.put(1, 1, f"Training: {epochs.count} epochs, one per row", TITLE)
    sheet.put(
        2,
        1,
        f"Each row reads the {book.text}{'s' * (layout.wide > 1)} once, goes back, and changes the weights; the next row starts from its new weights. "
        "All numbers of the row stand further right.",
        SUBTITLE,
    )
    for row, node in enumerate(layout.settings, start=3):
        home = layout.home[node]
        sheet.put(row, 1, f"{names.symbol(node)} · {heading(names, node)}", SENTENCE)
        sheet.live(row, FIRST, f"={home}", float(node.value[0, 0]), cells("weight"))
        sheet.link(row, FIRST + 1, f"change it in {home}", home)
    for column, text in ((NUMBER, "epoch"), (LOSS, "loss"), (SAID, "it says" if joins else "at last")):
        sheet.put(ELEMENTS, column, text, HEAD)
    noun = book.noun
    sheet.put(GROUPS, FIRST, followed(book), HEADING)
    when = "each" if epochs.walk.problem.says(1) else "the last"
    which = f" ({noun}, {book.text})" if layout.wide > 1 else ""
    answers = sum(map(epochs.walk.problem.says, range(1, book.walk.length + 1))) * layout.wide
    cut = f": the first {epochs.shown} of {answers}" * (epochs.shown < answers)
    sheet.put(SYMBOLS, FIRST, f"after {when} {noun}{which}{cut}", SENTENCE)
    sheet.put(GROUPS, epochs.said, "it says", HEADING)
    for i, place in enumerate(epochs.places):
        read, letter, number = str(layout.letter(place)), book.letters[place - 1], number_of(book, place)
        if layout.typed("input"):  # numbers have no name, but a time
            read, letter, number = f'"step{number}"', f"step{number}", ""
        head, short = f'{read}&"{number}"', f'{read}&""'
        if layout.shortens:
            gone, other = f'{layout.present(place)}=""', "the answer" if layout.carries else f"no {noun}"
            if layout.wide > 1:
                other += number_of(book, place)
            elif not layout.carries:
                other += f" {place}"
            head = f'IF({gone},"{other}",{head})'  # no program leaves a series out of a legend
            short = f'IF({gone},"{CARRIED if layout.carries else ""}",{short})'
        sheet.live(ELEMENTS, FIRST + i, f"={head}", f"{letter}{number}", symbols("input"))
        sheet.live(ELEMENTS, epochs.said + i, f"={short}", letter, symbols("input"))
    for group in epochs.groups:
        first = epochs.column[group.nodes[0]]
        last = epochs.column[group.nodes[-1]] + group.nodes[-1].value.size - 1
        sheet.put(GROUPS, first, group.title, LETTER)
        sheet.fill(GROUPS, first + 1, last, LETTER)
        book.links[TRAINING].append((group.title, CellRef(TRAINING, GROUPS, first)))
        for node in group.nodes:
            column = epochs.column[node]
            sheet.put(SYMBOLS, column, names.symbol(node), SYMBOL.but(align="left"))
            heads = [names.heads(node, axis) for axis in (0, 1)]
            for i, index in enumerate(epochs.order(node)):
                text = ",".join(head[j] for head, j in zip(heads, index, strict=True) if head)
                sheet.put(ELEMENTS, column + i, text or "·", HEAD)


def _overflow(book: Book, sheet: Sheet, epochs: Epochs) -> None:
    """Where the numbers leave what a spreadsheet can hold: the epoch in words. Errors, and letters that a shortened word
    does not have, are blank.
    """
    last = TOP + epochs.count - 1
    numbers = f"{column_letters(epochs.column[epochs.groups[0].nodes[0]])}{TOP}:{column_letters(epochs.last)}{last}"
    losses = f"{column_letters(LOSS)}{TOP}:{column_letters(LOSS)}{last}"
    book.overflow = CellRef(TRAINING, 2 + len(book.layout.settings) + 1, 1)
    book.errors[TRAINING] = numbers  # the summary has #N/A, which a chart leaves out
    text = f'"✗ training overflows in epoch "&MIN(COUNT({losses})+1,{epochs.count})&": take a smaller learning rate"'
    text = f'IF(ISERR(MAX({numbers})),{text},"{FINITE}")'
    text = complain([*given(book), *paces(book), forward(book)], text)
    sheet.live(book.overflow.row, 1, f"={text}", FINITE, SENTENCE)
    sheet.blank(numbers, f"ISERROR({numbers.split(':')[0]})")
    corner, end = f"{column_letters(LOSS)}{TOP}", column_letters(epochs.charts - 1)
    sheet.blank(f"{corner}:{end}{last}", f'IF(ISERROR({corner}),TRUE,{corner}="")')
    gone = f'{column_letters(epochs.said)}{ELEMENTS}=""'
    for column in (FIRST, epochs.said):
        corner, end = f"{column_letters(column)}{ELEMENTS}", column_letters(column + epochs.shown - 1)
        sheet.blank(f"{corner}:{end}{ELEMENTS}", gone)


def _shorten(book: Book, sheet: Sheet, epochs: Epochs) -> None:
    """Leave blank what is computed at letters that a shortened word does not have, but for what is carried on."""
    names, layout, last = book.walk.names, book.layout, TOP + epochs.count - 1
    if not layout.shortens:
        return
    computed: dict[str, list[int]] = {}  # by the condition that they are gone
    for node, column in epochs.column.items():
        step = names.labels[node].letter
        if step is not None and not (layout.carries and stays(names, node)):
            for i, (_, which) in enumerate(epochs.order(node)):
                gone = book.gone(step, which if epochs.beside(node) else None)
                computed.setdefault(gone, []).append(column + i)
    for gone, columns in computed.items():
        areas = [f"{column_letters(run[0])}{TOP}:{column_letters(run[-1])}{last}" for run in runs(columns)]
        sheet.blank(" ".join(areas), gone)


def _columns(book: Book, epochs: Epochs) -> list[Column]:
    """All numbers of an epoch: weights continue the row above, the others are computed in their row."""
    names, home = book.walk.names, book.layout.home

    def where(node: Node) -> CellRef:
        return epochs.place(node) if node in epochs.column else home[node]

    def address(node: Node, place: CellRef) -> str:
        return f"{column_letters(place.column)}{ROW}" if node in epochs.column else place.fixed

    writer = Writer(names, where, address, STACKED, book.gone if book.layout.shortens else None)
    found = []
    for node in epochs.column:
        look, last = book.look(node), node.value.size
        for i, at in enumerate(epochs.order(node)):
            style = bracket(i, last, look)
            column = epochs.column[node] + i
            if node in epochs.becomes:
                first = f"={home[node].to(at).fixed}"
                formula = f"={column_letters(epochs.column[epochs.becomes[node]] + i)}{ABOVE}"
            else:
                formula = writer.element(node, at)
                first = formula.replace(ROW, str(TOP))
            found.append(Column(column, node, i, first, formula, style))
    return found


def _colours(book: Book, sheet: Sheet, epochs: Epochs) -> None:
    """Greener as the right letter becomes more probable; a letter that is not the right one is grey."""
    if not book.predicts:
        return
    last = TOP + epochs.count - 1
    first, end = column_letters(FIRST), column_letters(epochs.said - 1)
    green = ColorScaleRule("num", 0, "FFFFFF", end_type="num", end_value=1, end_color="3DB38A")
    sheet.ws.conditional_formatting.add(f"{first}{TOP}:{end}{last}", green)
    first, end = column_letters(epochs.said), column_letters(epochs.said + epochs.shown - 1)
    true = f"{INPUTS}!{column_letters(book.layout.letter(epochs.places[0]).column)}${NEXT}"
    wrong = FormulaRule(
        [f"NOT(EXACT({first}{TOP},{true}))"], font=OrderedFont(color=MUTED), fill=PatternFill(bgColor="F2F2F2")
    )
    sheet.ws.conditional_formatting.add(f"{first}{TOP}:{end}{last}", wrong)
