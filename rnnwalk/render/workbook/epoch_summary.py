"""The columns of Training that tell how it goes, an epoch a row: the loss, what is said, how probable the truth is."""

from rnnwalk.engine.network import largest
from rnnwalk.layout.addresses import CellRef, column_letters
from rnnwalk.layout.training import FIRST, LOSS, NUMBER, SAID, TOP, Epochs, Values
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import shown
from rnnwalk.render.workbook.book import MOST_TOGETHER, ROUNDED, Book
from rnnwalk.render.workbook.sheet import Sheet, span
from rnnwalk.render.workbook.style import Look, symbols
from rnnwalk.trace.record import Node

MOST_JOINED = 60.0  # the width of answers that are said together
COUNT = Look(align="right", bold=True)


class Summary:
    """The columns that tell how it goes: loss, what is said, the probabilities of what is true; of numbers, their losses."""

    def __init__(self, book: Book, epochs: Epochs) -> None:
        self.book, self.epochs = book, epochs
        self.loss = book.walk.names.node["loss"]
        self.joint = "" if book.walk.problem.given is None and book.noun != "word" else " "
        self.joins = _joins(book, epochs)
        self.right: list[list[float]] = []

    def draw(self, sheet: Sheet, row: int, values: Values) -> float:
        """A row; returns its loss."""
        book, epochs = self.book, self.epochs
        loss = float(values[self.loss][0, 0])
        sheet.put(row, NUMBER, row - TOP + 1, COUNT)
        here, above = (f"{column_letters(LOSS)}{each}" for each in (row, row - 1))
        # After an epoch that overflows no other one counts; above the first one stands a heading.
        formula = f"=IF(ISERROR({above}),NA(),IFERROR({column_letters(epochs.column[self.loss])}{row},NA()))"
        sheet.live(row, LOSS, formula, loss, book.look(self.loss))
        says, right = [], []
        for i, place in enumerate(epochs.places):
            step, column = book.layout.stands(place)
            gone = f"ISERROR({here})"
            if book.layout.shortens and not book.layout.carries:
                gone = f"IF({book.gone(step, column)},TRUE,{gone})"
            node, followed, formula = self._followed(step, column, row, values)
            right.append(followed)
            sheet.live(row, FIRST + i, f"=IF({gone},NA(),{formula})", followed, book.look(node))
            formula, said = self._said(step, column, row, values)
            says.append(said)
            sheet.live(row, epochs.said + i, f'=IF({gone},"",{formula})', said, symbols("probability"))
        self.right.append(right)
        wide, cells = book.layout.wide, [f"{column_letters(epochs.said + i)}{row}" for i in range(epochs.shown)]
        if not self.joins:
            cells, says = cells[-wide:], says[-wide:]
        word = f'&"{BESIDE}"&'.join(book.joined(cells[column::wide], self.joint) for column in range(wide))
        text = BESIDE.join(self.joint.join(says[column::wide]) for column in range(wide))
        sheet.live(row, SAID, f"={word}", text, symbols("probability"))
        return loss

    def _followed(self, step: int, column: int, row: int, values: Values) -> tuple[Node, float, str]:
        """What is followed of the answer after a step, its value and its formula."""
        if not self.book.predicts:
            node = self.book.walk.names.node.get(f"loss_{step}", self.loss)
            cell = f"{column_letters(self.epochs.column[node] + column)}{row}"
            return node, float(values[node][0, column]), cell
        p, target = self.book.walk.at("p", step), self.book.walk.at("target", step)
        true = target.value[:, column].tolist().index(1.0)
        aim = _down(self.book.layout.home[target].to((0, column)), len(p.value))
        return p, float(values[p][true, column]), f"SUM(MMULT({self._row(p, column, row)},{aim}))"

    def _said(self, step: int, column: int, row: int, values: Values) -> tuple[str, str]:
        """The formula of the answer after a step, and what it gives."""
        if self.book.predicts:
            p = self.book.walk.at("p", step)
            said = self.book.walk.problem.model.answers[int(largest(values[p])[column])]
            return self.book.says(self._row(p, column, row)), shown(said)
        y = self.book.walk.at("y", step)
        first, numbers = self.epochs.column[y] + column * y.shape[0], values[y][:, column].tolist()
        return self.book.rounded([f"{column_letters(first + r)}{row}" for r in range(len(numbers))], numbers)

    def _row(self, node: Node, column: int, row: int) -> str:
        """The cells of a value in an epoch, of several sequences those of one."""
        rows = node.shape[0]
        first = self.epochs.column[node] + column * rows
        return f"{column_letters(first)}{row}:{column_letters(first + rows - 1)}{row}"


def _joins(book: Book, epochs: Epochs) -> bool:
    """Whether all answers of an epoch are said together, too; where they would be longer than a line, the last one is alone."""
    if book.predicts:
        one = max(map(span, book.walk.names.answers))
    else:
        one = ROUNDED * min(MOST_TOGETHER, book.walk.at("y", book.walk.length).shape[0])
    return epochs.shown <= book.layout.wide or one * epochs.shown <= MOST_JOINED


def followed(book: Book) -> str:
    """What of each answer is followed through the epochs."""
    if not book.predicts:
        return "the loss"
    return f"probability of {f'the right next {book.noun}' if book.walk.problem.given is None else 'the target'}"


def _down(first: CellRef, count: int) -> str:
    """So many cells under each other, as they stay when a formula is copied."""
    return f"{first.fixed}:{first.to((count - 1, 0)).local}"
