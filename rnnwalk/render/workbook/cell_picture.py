"""The cell as a picture on the head of the sheet Walk: what flows where, and what each name is."""

from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.equations import START
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import DRAWN, ROLES, SENTENCE, symbols
from rnnwalk.views.cell import picture
from rnnwalk.views.sentences import sentence, title


def draw(book: Book, sheet: Sheet, row: int) -> int:
    """The cell drawn, and what its names are, in their colours; returns the next free row."""
    drawn = picture(book.walk)
    if drawn is None:
        return row
    for i, line in enumerate(drawn.marked, start=row + 1):
        sheet.put(i, START, line, DRAWN)
    row += len(drawn.lines) + 2
    told = {name: kind for name, kind in drawn.roles.items() if f"[{name}]" in "".join(drawn.lines)}
    for name, kind in told.items():
        role = ROLES[kind]
        text = role.text.format(letter=book.noun, answer=book.answer)
        if [*told.values()].count(kind) > 1:
            text = _told_apart(book, name) or text
        sheet.put(row, START, f"[{name}]", symbols(kind))
        sheet.put(row, START + 1, f"{role.sign} {role.word}: {text}", SENTENCE)
        row += 1
    return row + 1


def _told_apart(book: Book, name: str) -> str:
    """What the state is that a name of the picture stands for, where a cell carries several; "" if there is none."""
    names = book.walk.names
    written = str if names.course is None else names.course.redraw
    for node in book.walk.each_field:
        if written(names.labels[node].field) == name:
            what = title(names, node)
            return f"{what[0].lower()}{what[1:]}, carried to the next {book.noun}. {sentence(names, node)}"
    return ""
