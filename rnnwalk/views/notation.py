"""Pages in the notation that was asked for: what names and derivations have not written already."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rnnwalk.marked import Marked, parts_of
from rnnwalk.model.model import Model
from rnnwalk.views.live import Live
from rnnwalk.views.page import Block, Drawing, Fitted, Page, Prose, Question, Table, Tree

if TYPE_CHECKING:
    from rnnwalk.walks.course_notation import CourseNotation


def course_for(model: Model, notation: str | None) -> "CourseNotation | None":
    """The notation of courses for what is said of a model, if that is what was asked for."""
    if notation != "course":
        return None
    from rnnwalk.walks.course_notation import course_of

    return course_of(model)


def saying(model: Model, notation: str | None) -> Callable[[str], str]:
    """What puts the symbols of a text into the notation that was asked for."""
    course = course_for(model, notation)
    return str if course is None else course.say


def said(page: Page, course: "CourseNotation | None") -> Page:
    """The page with the symbols of its sentences in the notation of courses, if there is one; formulas and numbers have it
    already.
    """
    if course is None:
        return page
    say = partial(course.say, letter=page.letter)

    def live(text: str) -> str:
        """What lives in a text says numbers and symbols that are read, in no notation."""
        return Marked((part if isinstance(part, Live) else say(part), role) for part, role in parts_of(text))

    def block(part: Block) -> Block:
        if isinstance(part, Prose):
            return part._replace(text=live(part.text))
        if isinstance(part, Question):
            return part._replace(question=live(part.question), answer=live(part.answer))
        if isinstance(part, Table):
            weights = {i for i, role in enumerate(part.roles) if role == "weight"}  # no letters stand there
            rows = [
                [live(course.weight(text) if i in weights else text) for i, text in enumerate(row)] for row in part.rows
            ]
            return part._replace(headings=[say(text) for text in part.headings], rows=rows, name=say(part.name))
        if isinstance(part, Tree):
            return Tree([(depth, live(text)) for depth, text in part.lines])
        if isinstance(part, Drawing):
            return part._replace(lines=[say(line) for line in part.lines])
        if isinstance(part, Fitted):
            return part._replace(draw=lambda columns, spell: part.draw(columns, lambda text: spell(say(text))))
        return part

    return page._replace(title=say(page.title), blocks=[block(part) for part in page.blocks])
