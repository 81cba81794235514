"""Texts broken into lines that fit: at blanks, and equations before their signs, never inside a number."""

import re

from rnnwalk.marked import parts_of
from rnnwalk.model.symbols import graphemes
from rnnwalk.model.symbols import width as cells
from rnnwalk.render.terminal.matrix import Line

SIGNS = re.compile(r" (?=[=≈~+−/-] )")  # a line may end here: the sign begins the next one
# Of prose: a formula in it is one piece, which no line ends in before or after a sign, or after ln and Σ. One wider than
# a line ends before +, −, ≈ and /; a range, −1 … 1, an arrow and = stay with what is left of them there, too.
OF_FORMULA = r"(?<! [=≈~<>≤≥+−/·⊙×…→*-])(?<! ->)(?<! \.\.\.)(?<!\bln)(?<!Σ)"
OUTSIDE = re.compile(OF_FORMULA + r" (?!(?:[=≈~<>≤≥+−/·⊙×…→*-]|\.\.\.|->) )")
BLANKS = re.compile(OF_FORMULA + r" (?!(?:…|\.\.\.|→|->|=) )")
SIGNED = re.compile(r"(?<! [=≈~/]) ")  # a sign stays with what follows it
STAGES = re.compile(r" (?=[=≈~] )")
ITEMS = re.compile(r"(?<=,) ")
ARGUMENT = re.compile(r"""(?:[^\s'"]|'[^']*'|"[^"]*")+""")  # of a command
BRACKET = re.compile(r"\([^()]* [^()]*\)")  # as (1 − z): stays whole where it is short
PRODUCTS = re.compile(r"(?=[·⊙]|\(\*\)|(?<!\()\*)")  # only where a product alone is too wide


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, broken at blanks, and inside a word only where it alone is longer."""
    if cells(text) <= width:
        return [text]
    lines, line = [], ""
    for word in _words(text, width):
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
        while cells(line) > max(width, 1):
            head = ""
            for sign in graphemes(line):
                if head and cells(head + sign) > width:
                    break
                head += sign
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]


def _words(text: str, width: int) -> list[str]:
    """A text between the blanks where a line may end: a formula is one piece where a line has room for it."""
    pieces = OUTSIDE.split(text)
    return [part for piece in pieces for part in ([piece] if cells(piece) <= width else _parts(piece, width))]


def _parts(text: str, width: int) -> list[str]:
    """A formula in pieces; a short bracket such as (1 − z) stays whole."""
    found: list[str] = []
    for word in BLANKS.split(text):
        begun = found[-1].split(" ")[-1] if found else ""
        inside = begun.startswith("(") and ")" not in begun
        if inside and word.startswith(("− ", "- ", "+ ")) and ")" in word and cells(f"{found[-1]} {word}") <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def wrap_equation(text: str, width: int) -> list[str]:
    """a = b + c = d on one line, or broken before its signs of equality, and where a stage alone is too wide before
    its other signs; the later lines are indented. What is no equation is broken at its blanks.
    """
    if cells(text) <= width:
        return [text]
    if not SIGNS.search(text):
        first, *others = wrap(text, width - 2)
        return [first, *[f"  {piece}" for piece in others]]
    kept = BRACKET.sub(lambda found: found[0].replace(" ", "\xa0") if cells(found[0]) <= width - 6 else found[0], text)
    lines = _filled(STAGES.split(kept), " ", width, width - 2)
    pieces = []
    for i, line in enumerate(lines):
        indent = "  " if i else ""
        broken = _broken(line, width - len(indent), width - 4, [(SIGNS, " "), (ITEMS, " "), (PRODUCTS, "")])
        pieces += [indent + broken[0], *[f"    {piece}" for piece in broken[1:]]]
    return [piece.replace("\xa0", " ") for piece in pieces]


def wrap_command(text: str, width: int) -> list[str]:
    """A command on one line, or broken before its options with the shell's \\, so that it can be copied."""
    if cells(text) <= width:
        return [text]
    arguments = ARGUMENT.findall(text)
    pieces: list[str] = []
    for argument in arguments:
        if pieces and not argument.startswith("-"):
            pieces[-1] += f" {argument}"
        else:
            pieces.append(argument)
    if max(map(cells, pieces)) > width - 4:  # a screen so narrow that an option has no room beside its value
        pieces = arguments
    first, *others = _filled(pieces, " ", width - 2, width - 4)
    lines = [first, *[f"  {line}" for line in others]]
    return [*[f"{line} \\" for line in lines[:-1]], lines[-1]]


def wrap_items(text: str, width: int) -> list[str]:
    """A list in words: broken after its commas, an item stays whole where it can."""
    return [text] if cells(text) <= width else _broken(text, width, width, [(ITEMS, " "), (SIGNS, " "), (PRODUCTS, "")])


def wrap_heading(text: str, width: int) -> list[str]:
    """A heading over a column of numbers, broken before its signs: no line is set in, for all end where the numbers do."""
    lines = _filled(SIGNED.split(text), " ", width, width)
    return [part for line in lines for part in ([line] if cells(line) <= width else line.split(" "))]


def _broken(text: str, first: int, room: int, places: list[tuple[re.Pattern[str], str]]) -> list[str]:
    """A text in pieces: broken at the first kind of places that it has, a piece that is still too wide at the next kind."""
    if cells(text) <= first:
        return [text]
    if not places:
        return wrap(text, room)
    (pattern, between), *others = places
    lines = _filled(pattern.split(text), between, first, room)
    return [piece for i, line in enumerate(lines) for piece in _broken(line, room if i else first, room, others)]


def _filled(pieces: list[str], between: str, first: int, room: int) -> list[str]:
    """As many pieces on a line as it has room for."""
    lines: list[str] = []
    line = pieces[0]
    for piece in pieces[1:]:
        if cells(line) + len(between) + cells(piece) > (room if lines else first):
            lines.append(line)
            line = piece
        else:
            line += between + piece
    return [*lines, line]


def coloured(text: str, pieces: list[str], role: str = "", how: str = "") -> list[Line]:
    """The pieces that a text was broken into, as lines with the roles of its parts; role: of what has none,
    how: what is done with the others ("lit").
    """
    parts = parts_of(text)
    if len(parts) == 1 and not parts[0][1]:
        return [[(piece, role)] for piece in pieces]
    ends, end = [], 0
    for part, _ in parts:
        end += len(part)
        ends.append(end)
    lines: list[Line] = []
    at = part_at = 0
    for piece in pieces:
        body = piece.lstrip(" ")
        at = text.index(body, at)
        line: Line = [(piece[: len(piece) - len(body)], "")]
        stop = at + len(body)
        while at < stop:
            while ends[part_at] <= at:
                part_at += 1
            end = min(ends[part_at], stop)
            kind = parts[part_at][1]
            line.append((text[at:end], f"{kind} {how}".rstrip() if kind else role))
            at = end
        lines.append(line)
    return lines
