"""Texts that know which of their parts are which quantities: a number in a formula is a weight, or an input, or a state."""

import re
from collections.abc import Iterable

Part = tuple[str, str]  # a text and its role; "" for the signs and words between quantities


class Marked(str):
    """A text made of parts; to whom roles say nothing it is an ordinary text."""

    parts: tuple[Part, ...]

    def __new__(cls, parts: Iterable[Part]) -> "Marked":
        """The parts in order."""
        kept = tuple(parts)
        made = super().__new__(cls, "".join(text for text, _ in kept))
        made.parts = kept
        return made

    def __add__(self, other: str) -> "Marked":
        return Marked([*self.parts, *parts_of(other)])


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a text; one without a role for an ordinary text."""
    return text.parts if isinstance(text, Marked) else ((text, ""),)


def joined(between: str, texts: Iterable[str]) -> Marked:
    """Texts with the same sign between them, their parts kept."""
    return Marked([part for text in texts for part in ((between, ""), *parts_of(text))][1:])


# A mark follows its text, whose beginning a printer may ask for. Symbols hold no such characters: they would be escaped.
MARK = re.compile("\ufdd0([a-z ]*):([0-9]+)\ufdd1")


def mark(text: str, role: str) -> str:
    """A text with a mark behind it, to be printed among others; ``read`` finds it again."""
    return f"{text}\ufdd0{role}:{len(text)}\ufdd1" if role else text


def marked_in_full(text: str, role: str) -> str:
    """A text with marks, in which what has none has a role too."""
    return "".join(mark(part, own or role) for part, own in read(text).parts)


def read(text: str) -> Marked:
    """A text with marks, as its parts."""
    parts: list[Part] = []
    start = 0
    for found in MARK.finditer(text):
        begin = found.start() - int(found[2])
        parts += [(text[start:begin], ""), (text[begin : found.start()], found[1])]
        start = found.end()
    return Marked(part for part in [*parts, (text[start:], "")] if part[0])
