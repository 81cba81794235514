"""What must hold of the inputs, and what is said where it does not: on Checks, Training and Gradient flow alike."""

from typing import NamedTuple

from rnnwalk.layout.addresses import LETTERS, NEXT, READ, STATUS, column_letters
from rnnwalk.layout.sheets import Layout
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.choices import MISSING, corners
from rnnwalk.views.sentences import title

UNKNOWN = "✗ not in the vocabulary: see the cells marked ✗ on Inputs"
UNLISTED = "✗ {what} is not in its list: see the cells marked ✗ on Inputs"
NO_NUMBER = "✗ a framed cell holds no number: see the dark cells on Inputs"
GAP = "✗ a {noun} is missing: leave {noun}s empty only at the end of {text}"
EMPTY = "✗ a {noun} is empty: here none can be left out"
SHORT = "✗ {text} is too short: two {noun}s are needed"
NOTHING = "✗ {text} is empty: one {noun} is needed"
LARGE = "✗ the forward pass overflows: take smaller {what}"


class Must(NamedTuple):
    """What must hold: in words, as a formula, and the formula of what is said where it does not, if it is told apart."""

    text: str
    holds: str
    says: str = ""


def given(book: Book) -> list[Must]:
    """Of what the network reads and remembers with: each choice is in its list, each number is a number."""
    layout, found = book.layout, list[Must]()
    if layout.choices:
        known = f"{layout.known(1).fixed}:{layout.known(len(book.letters)).local}"
        where = "and each target is in its list" if _aims(layout) else "is in the vocabulary"
        every = f"Every {book.noun} {where} (last ones may be left empty)"
        text = every if layout.shortens else "What is chosen is in its list"
        says = _missing(book) if layout.choices[0].row == LETTERS else f'"{UNLISTED.format(what="a target")}"'
        found.append(Must(text, f'COUNTIF({known},"{MISSING}")=0', says))
    nodes = [each for each in layout.given if each[0] not in layout.settings]
    ranges = [corners(book, each) for each in nodes]  # fixed: it is also a rule that an area of cells has in common
    counts = "+".join(f"COUNT({first.fixed}:{last.local})" for first, last in ranges)
    size = sum(node.value.size for each in nodes for node in each)
    return [*found, Must("Every framed number is a number", f"{counts}={size}", f'"{NO_NUMBER}"')]


def paces(book: Book) -> list[Must]:
    """Of how to learn, as the command takes it: numbers, and greater than 0."""
    found = []
    for node in book.layout.settings:
        what, place = f"the {title(book.walk.names, node)}", book.layout.home[node]
        found += [
            Must(f"{_begun(what)} is a number", f"COUNT({place})=1", f'"✗ {what} is no number: see {place}"'),
            Must(f"{_begun(what)} is greater than 0", f"{place}>0", f'"✗ {what} must be greater than 0: see {place}"'),
        ]
    return found


def forward(book: Book) -> Must:
    """Of the way forward: its numbers stay within what a spreadsheet can hold, whatever the learning rate is."""
    unrolled = book.layout.unrolled
    area = f"{unrolled.title}!$A${READ}:${column_letters(unrolled.last)}${unrolled.end}"
    told = LARGE.format(what="numbers" if any(map(book.layout.typed, ("input", "target"))) else "weights")
    return Must("The forward pass stays within what a spreadsheet can hold", f"NOT({broken(area)})", f'"{told}"')


def broken(area: str) -> str:
    """The condition that a cell of an area is an error. MAX hands errors on, and large numbers do not add up in it to one."""
    return f"ISERROR(MAX({area}))"


def complain(musts: list[Must], otherwise: str) -> str:
    """The formula, without its =, of what is said of the first one that does not hold, or of something else."""
    return f"{''.join(f'IF(NOT({must.holds}),{must.says},' for must in musts)}{otherwise}{')' * len(musts)}"


def hold(musts: list[Must]) -> str:
    """Whether all hold, as a part of a formula."""
    return f"AND({','.join(must.holds for must in musts)})"


def _missing(book: Book) -> str:
    """What is said where a letter is unknown, and where one is empty: before the end, too many, or any if none may be."""
    layout, last = book.layout, len(book.letters)
    unknown = UNLISTED.format(what=f"a {book.noun} or a target") if _aims(layout) else UNKNOWN
    end = last - layout.shortens * layout.wide  # an empty last one is no gap
    letters, known = (_row(layout, row, 1, end) for row in (LETTERS, STATUS))
    empty = f'SUMPRODUCT(({letters}="")*({known}="{MISSING}"))>0'
    if not layout.shortens:
        return f'IF({empty},"{EMPTY.format(noun=book.noun)}","{unknown}")'
    first, after = layout.place(layout.fewest, 0), layout.place(layout.fewest + 1, 0)
    short = f'({_row(layout, LETTERS, first, after - 1)}="")'
    if last >= after:
        short += f'*({_row(layout, STATUS, after, after + layout.wide - 1)}="")'
    short = f"SUMPRODUCT({short}+0)>0"
    text = f"{'the' if layout.wide == 1 else 'a'} {book.text}"
    gap, few = (each.format(noun=book.noun, text=text) for each in (GAP, SHORT if layout.fewest > 1 else NOTHING))
    return f'IF({short},"{few}",IF({empty},"{gap}","{unknown}"))'


def _aims(layout: Layout) -> bool:
    """Whether targets are chosen from a list, too."""
    return any(choice.row == NEXT for choice in layout.choices)


def _row(layout: Layout, row: int, first: int, last: int) -> str:
    return f"{layout.letter(first)._replace(row=row).fixed}:{layout.letter(last)._replace(row=row).local}"


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]
