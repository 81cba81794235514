"""The sheet Start: what this is, what the colours mean, how to play, and a map."""

from itertools import product

import numpy as np

from rnnwalk import __version__
from rnnwalk.layout.addresses import START, TRAINING, CellRef
from rnnwalk.layout.gradient_flow import FLOW, SCALE
from rnnwalk.model.problem import BESIDE
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.checks import FINE, STATE, mark
from rnnwalk.render.workbook.nudge import CHOICE
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, spare
from rnnwalk.render.workbook.put_in import TOLD
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import HEADING, ROLES, SENTENCE, SUBTITLE, SYMBOL, TITLE, Look
from rnnwalk.text import count
from rnnwalk.trace.record import Node, replay

LEGEND = 9  # the row where it begins
COPIES = ("Original", "Nudge")  # sheets whose blocks are those of others
MOST_LINKS = 40  # of one sheet
MOST_LETTERS = 24  # of the title
MOST_NAMES = 8  # of the answers
SEEN = 1e-4  # of a number: a change that is seen at once


def draw(book: Book, sheet: Sheet) -> None:
    """Drawn last, so that it knows every block; it stands first."""
    _problem, model = book.walk.problem, book.walk.problem.model
    _title(book, sheet)
    sheet.put(
        2,
        1,
        f"{model.network.cell.TITLE} · {count(model.hidden, 'hidden unit')} · {_reads(book)} · {count(model.parameters, 'number')} to be learned",
        SUBTITLE,
    )
    told = model.network.cell.FORMS[model.form]
    if told:
        sheet.put(3, 1, f"form {model.form}: {told}", SUBTITLE)
    sheet.put(
        4,
        1,
        f"{_says(book)} Every number here is a live formula. {TOLD}",
        SENTENCE,
    )
    sheet.put(5, 1, model.origin, SENTENCE)
    sheet.put(7, 1, "State of the checks", HEADING)
    sheet.live(7, 3, f"={STATE}", FINE, Look(bold=True, size=12))
    mark(sheet, CellRef(START, 7, 3), 3)
    row = _legend(book, sheet, LEGEND)
    row = _play(book, sheet, row)
    end = _map(book, sheet, row)
    for column, width in ((1, 6), (2, 16), (3, 46), (4, 48)):
        sheet.width(column, width)
    sheet.put(LEGEND, 4, f"made by rnnwalk {__version__}", SUBTITLE.but(align="right"))  # under all it would be a page
    fits = sheet.high(1, end) <= 0.96 * PAGES["portrait"][1] / LEAST  # with room to spare, for programs differ
    fit(sheet, 4, end if fits else row)  # a map that is to be clicked is no page of its own
    spare(sheet)


def _title(book: Book, sheet: Sheet) -> None:
    """The word in the title follows the letters; of a long one, its beginning."""
    wide, blank = book.layout.wide, book.walk.problem.joint
    if len(book.walk.problem.model.task.inputs or ()) > 1:
        blank = " | " if wide == 1 else " , "
    shown = min(len(book.letters) // wide, MOST_LETTERS)
    rest = "…" if len(book.letters) // wide > shown else ""
    texts, words = [], []
    for column in range(wide):
        places = range(column + 1, shown * wide + 1, wide)
        cells = [str(book.layout.letter(place)) for place in places]
        words.append(f'{book.joined(cells, blank)}&"{rest}')
        texts.append(f"{blank.join(book.letters[place - 1] for place in places)}{rest}")
    joint = f'{BESIDE}"&'
    formula = f'="A recurrent network reads “"&{joint.join(words)}”"'
    sheet.live(1, 1, formula, f"A recurrent network reads “{BESIDE.join(texts)}”", TITLE)


def _legend(book: Book, sheet: Sheet, row: int) -> int:
    sheet.put(row, 1, "Colours and signs", HEADING)
    used, typed = {*map(book.role, book.walk.names.labels), *book.roles}, book.layout.typed("input")
    for title, role in ROLES.items():
        if title not in used:
            continue
        row += 1
        sheet.put(row, 1, role.sign, SYMBOL.but(fill=role.fill, size=12))
        sheet.put(row, 2, role.word, Look(fill=role.fill, bold=True))
        sheet.put(
            row,
            3,
            _given(book, title) or role.text.format(letter=book.noun, answer=book.answer),
            SENTENCE.but(indent=1),
        )
    row += 1
    sheet.put(row, 1, None, Look(box=True))
    sheet.put(row, 2, "thin frame", Look(bold=True, box=True))
    sheet.put(
        row, 3, f"a cell to change: {'number' if typed else book.noun}s, weights, settings", SENTENCE.but(indent=1)
    )
    return row + 2


def _given(book: Book, role: str) -> str:
    """What is read and what is true, in words of its own where the first is no symbol, the second not the next one."""
    if role == "input" and book.layout.typed("input"):
        return "the numbers that a step reads; you may change them"
    if role == "input" and book.walk.problem.model.task.ranks:
        return f"a {book.noun}, and its rank in the vocabulary, which follows from it"
    if role == "target" and book.walk.problem.given is not None:
        return "what the network should answer; you may change it"
    return ""


def _play(book: Book, sheet: Sheet, row: int) -> int:
    layout = book.layout
    sheet.put(row, 1, "How to play", HEADING)
    weight, to = _moving(book)
    name, home = book.walk.names.key(weight, (0, 0)), layout.home[weight]
    _, whole, watched = _watched(book)
    read = layout.home[layout.nodes_of("input")[0]] if layout.typed("input") else layout.letter(1)
    verb = "Change the number" if layout.typed("input") else f"Choose another {book.noun}"
    tries = [
        (f"{verb} in {read} and watch every column that follows.", read),
        (f"Change {name} in {home} to {to} or to 2, and watch {watched} in {whole}.", home),
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


def _reads(book: Book) -> str:
    model = book.walk.problem.model
    if model.task.inputs is not None:
        return f"reads {count(len(model.task.inputs), 'number')} at each step"
    return f"{'ranks in a ' * model.task.ranks}vocabulary of {len(model.vocabulary)}"


def _says(book: Book) -> str:
    """What the network answers, and when; and which sheets are missing for want of a target."""
    task = book.walk.problem.model.task
    when = f"After {'each' if task.at == 'every' else 'the last'} {book.noun} the network"
    if task.names is None:
        what = "names the one that it expects next"
    else:
        names = book.walk.names.answers
        listed = ", ".join(names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], "…"])
        kind = "gives the numbers" if len(names) > 1 else "gives the number"
        what = f"{kind if task.linear else 'names one of'} {listed}"
    return f"{when} {what}.{'' if book.truths else ' Without a target there is no loss, and nothing to learn from.'}"


def _watched(book: Book) -> tuple[Node, CellRef, str]:
    """What follows from everything, and where it stands: the loss; without one, the last answer."""
    layout = book.layout
    if layout.unrolled.whole:
        node, told = layout.unrolled.whole[0], "the loss"
    else:
        node, told = book.walk.at("p" if book.predicts else "y", book.walk.length), "the answer"
    return node, layout.home[node], told


def _moving(book: Book) -> tuple[Node, int]:
    """A weight whose first number moves what is watched, and what else than 2 to try: 0, or 1 where it is 0."""
    # A small matrix rather than a bias, which is often 0. Of a gate that has no memory yet to keep nothing would move.
    weights = sorted(
        book.layout.nodes_of("weight"), key=lambda node: (node.shape[1] == 1 < node.shape[0], node.value.size)
    )
    watched, _, _ = _watched(book)

    def first(node: Node) -> float:
        return float(node.value[0, 0])

    def moves(weight: Node, to: float) -> bool:
        changed = weight.value.copy()
        changed[0, 0] = to
        with np.errstate(all="ignore"):
            now = float(replay(book.walk.trace, {weight.path: changed})[watched][0, 0])
        return abs(now - first(watched)) >= SEEN * max(1.0, abs(first(watched)))

    for weight in weights:
        to = 0 if first(weight) else 1
        if moves(weight, to) and moves(weight, 2):
            return weight, to
    return weights[0], 0 if first(weights[0]) else 1


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
    return [(text, SCALE)] if FLOW in book.links and book.walk.length > 1 else []


def _map(book: Book, sheet: Sheet, row: int) -> int:
    """Links to every block, in two columns, as equally long as they can be. Returns the row after them."""
    sheet.put(row, 1, "Map (click)", HEADING)
    links = {title: found[:MOST_LINKS] for title, found in book.links.items() if title not in COPIES}
    ordered = [title for title in book.file.sheetnames if title != START]
    high = {title: 2 + len(links.get(title, [])) for title in ordered}
    total = sum(high.values())
    sides = (dict(zip(ordered, side, strict=True)) for side in product((2, 4), repeat=len(ordered)))
    side = min(sides, key=lambda side: abs(total - 2 * sum(high[title] for title in ordered if side[title] == 2)))
    free = {2: row + 1, 4: row + 1}
    for title in ordered:
        column = side[title]
        for text, target in [(title, CellRef(title, 1, 1)), *links.get(title, [])]:
            sheet.link(free[column], column, text, target)
            free[column] += 1
        free[column] += 1
    return max(free.values()) - 1
