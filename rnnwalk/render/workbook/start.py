"""The sheet Start: what this is, what the colours mean, how to play, and a map."""

from rnnwalk import __version__
from rnnwalk.layout.addresses import CHECKS, INPUTS, START, TRAINING, UNROLLED, WALK, CellRef
from rnnwalk.layout.gradient_flow import FLOW, SCALE
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.checks import FINE, STATE, mark
from rnnwalk.render.workbook.nudge import CHOICE
from rnnwalk.render.workbook.sheet import LEAST, Sheet
from rnnwalk.render.workbook.style import HEADING, ROLES, SENTENCE, SUBTITLE, SYMBOL, TITLE, Look

MOST_LINKS = 40  # of one sheet
MOST_LETTERS = 24  # of the title


def draw(book: Book, sheet: Sheet) -> None:
    """Drawn last, so that it knows every block; it stands first."""
    _problem, model = book.walk.problem, book.walk.problem.model
    _title(book, sheet)
    sheet.put(
        2,
        1,
        f"{model.network.cell.TITLE} · {model.hidden} hidden units · vocabulary of {len(model.vocabulary)} · {model.parameters} learned numbers",
        SUBTITLE,
    )
    told = model.network.cell.FORMS[model.form]
    if told:
        sheet.put(3, 1, f"form {model.form}: {told}", SUBTITLE)
    sheet.put(
        4,
        1,
        f"After each {book.noun} the network names the one that it expects next. Every number here is a live formula.",
        SENTENCE,
    )
    sheet.put(5, 1, model.origin, SENTENCE)
    sheet.put(7, 1, "State of the checks", HEADING)
    sheet.live(7, 3, f"={STATE}", FINE, Look(bold=True, size=12))
    mark(sheet, CellRef(START, 7, 3))
    row = _legend(book, sheet, 9)
    row = _play(book, sheet, row)
    row = _map(book, sheet, row)
    for column, width in ((1, 6), (2, 16), (3, 46), (4, 48)):
        sheet.width(column, width)
    sheet.put(row, 1, f"made by rnnwalk {__version__}", SUBTITLE)
    sheet.fit(4, row + 3)  # with room to spare: programs differ in how large text and columns are
    sheet.ws.page_setup.scale = max(round(100 * LEAST + 0.5), sheet.ws.page_setup.scale - 5)


def _title(book: Book, sheet: Sheet) -> None:
    """The word in the title follows the letters; of a long one, its beginning."""
    shown = book.letters[:MOST_LETTERS]
    blank = " " if book.noun == "word" else ""
    cells = [str(book.layout.letter(step)) for step in range(1, len(shown) + 1)]
    rest = "…" if len(book.letters) > len(shown) else ""
    between = f'&"{blank}"&' if blank else "&"
    formula = f'="A recurrent network reads “"&{between.join(cells)}&"{rest}”"'
    sheet.live(1, 1, formula, f"A recurrent network reads “{blank.join(shown)}{rest}”", TITLE)


def _legend(book: Book, sheet: Sheet, row: int) -> int:
    sheet.put(row, 1, "Colours and signs", HEADING)
    used = {*map(book.role, book.walk.names.labels)}
    for title, role in ROLES.items():
        if title not in used:
            continue
        row += 1
        sheet.put(row, 1, role.sign, SYMBOL.but(fill=role.fill, size=12))
        sheet.put(row, 2, role.word, Look(fill=role.fill, bold=True))
        sheet.put(row, 3, role.text.format(letter=book.noun), SENTENCE.but(indent=1))
    row += 1
    sheet.put(row, 1, None, Look(box=True))
    sheet.put(row, 2, "thin frame", Look(bold=True, box=True))
    sheet.put(row, 3, f"a cell to change: {book.noun}s, weights, settings", SENTENCE.but(indent=1))
    return row + 2


def _play(book: Book, sheet: Sheet, row: int) -> int:
    layout = book.layout
    sheet.put(row, 1, "How to play", HEADING)
    weights = layout.nodes_of("weight")
    smallest = min(weights, key=lambda node: node.value.size)
    name, home = book.walk.names.symbol(smallest), layout.home[smallest]
    whole = layout.home[layout.whole[0]]
    tries = [
        (f"Choose another {book.noun} in {layout.letter(1)} and watch every column that follows.", layout.letter(1)),
        (f"Change {name} in {home} to 0 or to 2, and watch the loss in {whole}.", home),
        (f"Follow one number: go to {whole}, press F2, and look at the cells that light up.", whole),
        *_learning(book),
        *_flow(book),
        ("Lost? The sheet Original keeps the first values; Checks counts what was edited.", CellRef("Original", 1, 1)),
    ]
    for number, (text, target) in enumerate(tries, start=1):
        row += 1
        sheet.put(row, 1, str(number), SYMBOL)
        sheet.link(row, 2, text, target)
    return row + 2


def _learning(book: Book) -> list[tuple[str, CellRef]]:
    """What to try of learning."""
    layout = book.layout
    if layout.backprop is None:
        return []
    rate = layout.home[layout.settings[0]]
    first = layout.backprop.drawn[layout.backprop.weight_rows[0].columns[0]]
    tries = [
        (
            f"See how the error flows back, and what it asks of each weight: {first.sheet}.",
            first._replace(row=1, column=1),
        ),
        (f"Choose a weight in {CHOICE}: its gradient is found in two ways, live.", CHOICE),
    ]
    if TRAINING in book.links:
        tries.append((f"Change the learning rate in {rate}: all epochs on {TRAINING} are learned again.", rate))
    else:
        tries.append((f"Change the learning rate in {rate} and watch the new weights on {first.sheet}.", rate))
    return tries


def _flow(book: Book) -> list[tuple[str, CellRef]]:
    """What to try of vanishing and exploding."""
    text = f"Change the scale of the memory in {SCALE} and watch the error vanish or explode."
    return [(text, SCALE)] if FLOW in book.links else []


def _map(book: Book, sheet: Sheet, row: int) -> int:
    """Links to every block, in two columns; each sheet stands in the one that is shorter. Returns the next free row."""
    sheet.put(row, 1, "Map (click)", HEADING)
    titles = [title for title in book.links if book.links[title] and title not in (START, "Original", "Nudge")]
    first = [CHECKS, INPUTS, WALK, UNROLLED]
    ordered = first + [title for title in titles if title not in first]
    free = {2: row + 1, 4: row + 1}
    for title in ordered:
        column = min(free, key=lambda each: free[each])
        for text, target in [(title, CellRef(title, 1, 1)), *book.links[title][:MOST_LINKS]]:
            sheet.link(free[column], column, text, target)
            free[column] += 1
        free[column] += 1
    return max(free.values())
