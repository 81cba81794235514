"""The sheet Inputs: the word, the weights, and the one-hot columns that follow from the word."""

from rnnwalk.layout.addresses import (
    EDITED,
    FIRST,
    HEADS,
    INPUTS,
    LETTERS,
    NEXT,
    STATUS,
    STEPS,
    column_letters,
    drawn_shape,
    wide,
)
from rnnwalk.layout.sheets import Layout
from rnnwalk.render.workbook import choices
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.choices import MISSING, ORIGINAL
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
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
    cells,
    symbols,
)  # fmt: skip
from rnnwalk.text import count
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence, title

FEWEST = 5  # columns, so that the sentences over the blocks have room
SIGNS = tuple(role.sign for role in ROLES.values())
BOX = Look(fill=ROLES["input"].fill, bold=True, size=14, format=TEXT, align="center", box=True, quote=True)


def draw(book: Book) -> None:
    """Two sheets: Inputs, and Original, which keeps what was exported at the same addresses."""
    sheet = book.sheet(INPUTS, "E69F00")
    keep = book.sheet(ORIGINAL, "999999", locked=True)
    changed = [*[choices.what(book, choice) for choice in book.layout.choices], "number"]
    for each, live in ((sheet, True), (keep, False)):
        heading = f"Inputs: the {book.text} and the weights" if live else "Original: the inputs as they were exported"
        words = (
            f"Change {' or '.join(f'a {each}' for each in changed)} in a framed cell: everything that follows is recomputed. "
            + _leaving_out(book)
            + "Changed cells turn bold; the sheet Original keeps the first values."
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
            choices.matches(book, each)
        heads = [*book.heads, *[book.walk.names.symbol(node) for node in book.layout.nodes_of("weight")]]
        each.width(
            1,
            max(
                24,
                *(span(text) - 4 for (_, column), (text, _) in each.texts.items() if column == 1 and text[:1] in SIGNS),
            ),
        )
        each.width(2, max(4.0, *map(span, heads)) + 2)
        widest = max(drawn_shape(node)[1] for node in book.layout.nodes_of("weight"))
        last = FIRST + max(widest, len(book.letters), FEWEST) - 1
        longest = max(span(text) for text in [*book.letters, *book.truths.values()])
        room = PAGES["landscape"][0] / LEAST
        each.widths(FIRST, last, max(NUMBERS, longest + 4))
        for least in (longest + 2, 0.0):  # a long word takes several lines rather than the weights a second page
            if each.pixels(1, last) > room:
                each.widths(FIRST, last, max(NUMBERS - 2, least))
        each.ws.freeze_panes = "C7"
        each.ws.print_title_rows = f"{STEPS}:{LETTERS}"
        end = book.layout.inputs_end + 1
        even = FIRST if 2 * widest <= last - HEADS else 0  # then a page with half of the word has room for all weights
        fit(each, last, end, letters=(even, _continued(book, each, widest, room)), wide=book.layout.wide)
        starts = _blocks(book, live)
        pages(each, starts, end if live else _end(book), repeated=(STEPS, LETTERS))
    choices.rules(book, sheet)
    choices.edited(book, sheet)
    make_room(sheet)
    make_room(keep)


def _leaving_out(book: Book) -> str:
    """Whether the word may be shortened, where it is chosen from a list."""
    if book.layout.shortens:
        carried = ": the memory is then carried on to the answer" if book.layout.carries else ""
        return f"Clear the last {book.noun} for a shorter {book.text}{carried}. "
    chosen = any(choice.row == LETTERS for choice in book.layout.choices)
    return f"Here no {book.noun} can be left out. " if chosen else ""


def _word(book: Book, sheet: Sheet, live: bool) -> None:
    """The rows over everything: the steps, what each reads, what is true after it; and whether that is in its list."""
    layout, letters, ahead = book.layout, book.letters, book.walk.problem.given is None
    typed = layout.typed("input")
    several = ", side by side at each step" if layout.wide > 1 else ""
    sheet.put(
        4,
        1,
        f"The {count(layout.wide, book.text) if several else book.text}, one {book.noun} a {'column' if typed else 'cell'}{several}",
        HEADING,
    )
    true = f"next {book.noun}" if ahead else "target"
    rows = [(STEPS, "step"), (LETTERS, "reads (its numbers: below)" if typed else f"{ROLES['input'].sign} {book.noun}")]
    if book.truths:
        rows.append((NEXT, f"◎ {true}"))
    for row, text in rows:
        sheet.put(row, 1, text, SENTENCE)
    if live and layout.choices:
        sheet.put(STATUS, 1, "in the vocabulary?" if ahead else "in the list?", SENTENCE)
        sheet.put(EDITED, 1, "edited since the export", SENTENCE)
    if several:
        sheet.put(EDITED + 1, 1, f"which {book.text}", SENTENCE)
    for place, letter in enumerate(letters, start=1):
        column, (step, which) = layout.letter(place).column, layout.stands(place)
        sheet.put(STEPS, column, "the end" if ahead and step > book.walk.length else step, HEAD)
        if several:
            sheet.put(EDITED + 1, column, which + 1, HEAD)
        _given(book, sheet, live, "input", place, letter)
        if live:
            choices.status(book, sheet, place)
        if place not in book.truths:
            continue
        if ahead:
            follow = layout.truth(place).cell
            look = symbols("target")
            if live:
                sheet.live(NEXT, column, f'={follow}&""', book.truths[place], look)  # a cleared letter is not 0
            else:
                sheet.put(NEXT, column, book.truths[place], look)
        else:
            _given(book, sheet, live, "target", place, book.truths[place])
    book.links[sheet.title].append((f"the {book.text}", layout.letter(1)._replace(sheet=sheet.title)))


def _given(book: Book, sheet: Sheet, live: bool, group: str, place: int, text: str) -> None:
    """What is read, or true, at a place: a choice, or the numbers below it in one cell."""
    cell = book.layout.letter(place) if group == "input" else book.layout.truth(place)
    if not book.layout.typed(group):
        sheet.put(cell.row, cell.column, text, BOX.but(open=live))
    elif live:
        sheet.live(cell.row, cell.column, book.together(group, place)[0], text, symbols(group))
    else:
        sheet.put(cell.row, cell.column, text, symbols(group))


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
        frozen = names.labels[node].field in book.walk.problem.model.network.frozen
        kept = "; it is frozen: learning leaves it as it is" if frozen else ""
        turned = wide(*node.shape)
        told = f"{node.shape[0]}×{node.shape[1]}{', with its columns as rows' * turned}: {sentence(names, node)}{kept}"
        sheet.put(place.row - 2, FIRST, told, KEY)
        for c, head in enumerate(names.heads(node, 0 if turned else 1)):
            sheet.put(place.row - 1, place.column + c, head, HEAD)
        for r, head in enumerate(names.heads(node, 1 if turned else 0)):
            sheet.put(place.row + r, HEADS, head, ROWHEAD)
        look = book.look(node).but(box=True, open=live)
        for r, row in enumerate(numbers(node.value)):
            for c, value in enumerate(row):
                at = place.to((r, c))
                sheet.put(at.row, at.column, value, look)
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
    """What is read, and what is true, a column each: numbers to edit, one-hot: 1 where the letter stands in the
    vocabulary, or its rank there; #N/A for a letter that it does not have.
    """
    names, layout = book.walk.names, book.layout
    for group in ("input", "target"):
        nodes = layout.nodes_of(group)
        if not nodes:
            continue
        typed, top, note = layout.typed(group), layout.home[nodes[0]].row, names.labels[nodes[0]].note
        sheet.put(top - 1, 1, f"{ROLES[group].sign} {note.symbol} · {title(book.walk.names, nodes[0])}", HEADING)
        sheet.put(top - 1, FIRST, sentence(book.walk.names, nodes[0]), KEY)
        hot = names.one_hot(nodes[0])
        heads = layout.follows(group)[0].names if hot else names.heads(nodes[0], 0)
        for r, head in enumerate(heads):
            sheet.put(top + r, HEADS, head, ROWHEAD.but(format=TEXT))
        for node in nodes:
            place = layout.home[node]
            look = book.look(node).but(box=True, open=live) if typed else book.look(node).but(align="center")
            for r, row in enumerate(numbers(node.value)):
                for c, value in enumerate(row):
                    at, one = place.to((r, c)), bracket(c, len(row), look)
                    if live and not typed:
                        choice, right = layout.follows(group)
                        column = column_letters(at.column + right)
                        match = f"{column}{choice.matches.row + r}"
                        if not hot:
                            match = f"MATCH(1,{match}:{column}{choice.matches.row + len(choice.names) - 1},0)-1"
                        status = f"{column}${STATUS}"
                        if layout.shortens and not hot:
                            match = f'IF({status}="",0,{match})'
                        sheet.live(at.row, at.column, f'=IF({status}="{MISSING}",NA(),{match})', value, one)
                    else:
                        sheet.put(at.row, at.column, value, look if typed else one)
        if live and not typed and layout.shortens and not (layout.carries and group == "target"):
            _shorten(sheet, nodes, layout)
        book.links[sheet.title].append(
            (f"{note.symbol} · {title(book.walk.names, nodes[0])}", layout.home[nodes[0]]._replace(sheet=sheet.title))
        )


def _shorten(sheet: Sheet, nodes: list[Node], layout: Layout) -> None:
    """Leave the columns blank of letters that were left out, for what is read and for what is true after it."""
    first, last = layout.home[nodes[0]], layout.home[nodes[-1]].to((nodes[-1].shape[0] - 1, layout.wide - 1))
    beside = column_letters(layout.present(1).column)  # the status that says whether the first letter is read
    sheet.blank(f"{first.cell}:{last.cell}", f'{beside}${STATUS}=""')


def _blocks(book: Book, live: bool) -> list[int]:
    """The rows where a block begins."""
    home, layout = book.layout.home, book.layout
    given = [home[node].row - 2 for node in [*layout.nodes_of("weight"), *layout.nodes_of("initial")]]
    columns = [home[nodes[0]].row - 1 for group in ("input", "target") if (nodes := layout.nodes_of(group))]
    matches = [choice.matches.row - 1 for choice in layout.choices] if live else []
    return sorted([*given, *columns, *[home[node].row for node in layout.settings[:1]], *matches])


def _continued(book: Book, sheet: Sheet, widest: int, room: float) -> int:
    """The row where pages begin that go on with the word: its columns, if all weights stand on the first page."""
    columns = [book.layout.home[nodes[0]].row - 1 for nodes in map(book.layout.nodes_of, ("input", "target")) if nodes]
    return min(columns) if columns and sheet.pixels(1, FIRST + widest - 1) <= room else STEPS


def _end(book: Book) -> int:
    """The row after what is given: where the first choice is looked up, if there is one."""
    layout = book.layout
    return layout.choices[0].matches.row - 1 if layout.choices else layout.inputs_end + 1
