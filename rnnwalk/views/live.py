"""Texts that follow when a number is changed, where what draws them can compute: a page in a browser.

To all others they are ordinary texts, which tell of the recorded run.
"""

from collections.abc import Sequence
from typing import Any

from rnnwalk.marked import Marked, parts_of
from rnnwalk.model.problem import Problem


class Live(str):
    """A text and what says it anew: a name of ``LIVE`` in render/page/live.js, and what that is asked for.

    Letters count from 1; columns, of sequences side by side, from 0; rows are those of the answers. One that nothing says
    anew tells of the recorded run alone.
    """

    how: tuple[Any, ...]

    def __new__(cls, text: str, *how: Any) -> "Live":
        """how: the name and its arguments, which JSON can hold; or texts, live ones as well."""
        made = super().__new__(cls, text)
        made.how = how
        return made


def sentence(*pieces: str) -> Marked:
    """Pieces of text one after the other, those that live as they are."""
    return Marked(part for piece in pieces for part in parts_of(piece))


def reads(text: str, letter: int, column: int = 0) -> Live:
    """What is read at a letter."""
    return Live(text, "reads", letter, column)


def says(text: str, letter: int, column: int = 0) -> Live:
    """What is said after a letter."""
    return Live(text, "says", letter, column)


def truth(text: str, letter: int, column: int = 0) -> Live:
    """What is true after a letter."""
    return Live(text, "truth", letter, column)


def recorded(text: str) -> Live:
    """A text that tells of the recorded run alone, between others that follow."""
    return Live(text)


def short(text: Live, most: int) -> Live:
    """A symbol of at most so many signs; of a longer one the beginning."""
    return Live(text if len(text) <= most else f"{text[: most - 1]}…", "short", text, most)


def title(problem: Problem, column: int) -> Live:
    """What is walked, of sequences side by side one."""
    one = problem.sequences[column]
    return Live(one.title, "title", one.joint, one.given is None, column)


def chosen(holds: bool, condition: Sequence[Any], yes: str, no: str = "") -> Live:
    """One of two texts: ``yes`` where the condition holds, as in ("right", 2, 0)."""
    return Live(yes if holds else no, "chosen", list(condition), yes, no)


def written(text: str) -> Any:
    """How a text is said anew, as JSON: a text as it is, a live one as a list, several in a list that begins with "all"."""
    if isinstance(text, Live):
        name, *rest = text.how
        return [name, *(written(part) if isinstance(part, str) else part for part in rest)]
    if isinstance(text, Marked):
        return ["all", *(written(part) for part, _ in text.parts)]
    return text
