"""What must hold of a workbook whatever its inputs are, in words and as formulas, and what is said where it does not."""

from collections.abc import Iterator

from rnnwalk.layout.addresses import CHECKS, START, TRAINING, UNROLLED, CellRef, column_letters
from rnnwalk.layout.backprop import BackpropSheet
from rnnwalk.layout.one_letter import CHOICE as CHOSEN
from rnnwalk.render.workbook import letter_choice
from rnnwalk.render.workbook.any_step import called
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.complaints import Must, broken, given, paces
from rnnwalk.render.workbook.nudge import CHOICE, CLOSE
from rnnwalk.render.workbook.typed_over import UNKNOWN, formulas_kept
from rnnwalk.trace.record import Node

COARSE = 1e-3  # of 1 and the gradient: where the losses are rounded more, their difference tells nothing


def edited(book: Book, known: str) -> list[Must]:
    """Of all that may be edited, and that nothing else was. known: two cells with formulas, as ``formulas_kept`` needs them."""
    moved = [
        Must(f"{place} is a number", f"COUNT({place})=1", f'"✗ {place} holds no number"') for place in book.settings
    ]
    moved.append(
        Must(
            f"{CHOSEN} is the number of a {book.noun}",
            letter_choice.chosen(book, str(CHOSEN)),
            f'"✗ no {book.noun} is chosen: see {CHOSEN}"',
        )
    )
    if book.layout.nudge is not None:
        one = f"SUM({book.layout.nudge.weight_rows(book.layout.nudge.chosen)})=1"
        moved.append(Must(f"{CHOICE} is the name of a weight", one, f'"✗ no weight is chosen: see {CHOICE}"'))
    return [*given(book), *paces(book), *moved, *formulas_kept(book, _sheets(book), known)]


def computed(book: Book, results: dict[Node, CellRef]) -> Iterator[Must]:
    """Of all that is computed. results: where Walk computes its values."""
    layout = book.layout
    if book.predicts:
        last = book.walk.at("p", book.walk.length)
        p = layout.unrolled.drawn[book.walk.names.node.get("p_1", last)]
        row = p.row + last.shape[0]
        sums = f"{UNROLLED}!{p._replace(row=row).cell}:{column_letters(layout.unrolled.last)}{row}"
        one = f"AND(MIN({sums})>=1-1E-12,MAX({sums})<=1+1E-12)"
        yield Must(f"The probabilities after each {book.noun} sum to 1", one)
    if layout.backprop is not None:
        yield from _learned(book, layout.backprop)
    for sheet in sorted(_sheets(book), key=lambda sheet: sheet != TRAINING):
        cells = f"'{sheet}'!{book.errors.get(sheet) or book.file[sheet].calculate_dimension()}"
        says = f'"✗ a cell on {sheet} is an error: undo what was changed, or take smaller weights"'
        yield Must(f"No cell on {sheet} is an error", f"NOT({broken(cells)})", says)
    agree: dict[str, list[str]] = {}
    for node, place in results.items():
        here, there = _area(place, place, node.shape), _area(layout.home[node], layout.home[node], node.shape)
        near = f"SUMPRODUCT({here}-{there},{here}-{there})<=1E-18*(1+SUMSQ({there}))"
        # the square of 1E200 is too large for a sheet
        either = f"IFERROR({near},ABS(SUM({here})-SUM({there}))<=1E-9*ABS(SUM({there})))"
        agree.setdefault(called(book, node), []).append(either)
    for symbol, terms in agree.items():
        yield Must(f"Walk and Unrolled agree on {symbol}", f"AND({','.join(terms)})")


def _sheets(book: Book) -> list[str]:
    """All sheets but those of which one shows what the other says."""
    return [sheet for sheet in book.file.sheetnames if sheet not in (START, CHECKS)]


def _learned(book: Book, backprop: BackpropSheet) -> Iterator[Must]:
    """Of the way back."""
    assert book.layout.nudge is not None
    choice, loss = CHOICE.row, book.layout.home[book.walk.names.node["loss"]]
    one, size, rounding = f"B{choice + 1}", f"(1+ABS(B{choice + 1}))", f"1E-9*{loss}"  # of two losses, over two steps ε
    yield Must(
        "Backpropagation and the central difference agree on the chosen weight",
        f"IF(SUM({book.layout.nudge.weight_rows(book.layout.nudge.chosen)})<>1,FALSE,"
        f'IF({rounding}>{COARSE:G}*{size},"{UNKNOWN}",ABS({one}-B{choice + 2})<={CLOSE:G}*{size}+{rounding}))',
    )
    for block in backprop.weight_rows:
        total, size = block.columns[0], block.weight.value.size
        here = _rows(backprop.drawn[total], backprop.drawn[total], size)
        there = _rows(backprop.drawn[block.shares[0]], backprop.drawn[block.shares[-1]], size)
        yield Must(
            f"{book.walk.names.symbol(total)} is the sum of what the {book.noun}s add",
            f"ABS(SUM({here})-SUM({there}))<=1E-9*MAX(MAX({there}),-MIN({there}))",
        )


def _rows(first: CellRef, last: CellRef, size: int) -> str:
    return f"{first.sheet}!{first.cell}:{last._replace(row=last.row + size - 1).cell}"


def _area(first: CellRef, last: CellRef, shape: tuple[int, ...]) -> str:
    end = last.to((shape[0] - 1, shape[1] - 1))
    return f"{first.sheet}!{first.cell}:{end.cell}"
