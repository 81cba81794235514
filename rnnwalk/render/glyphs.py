"""The same page in the letters that an output can hold: ASCII and cp1252 have no subscripts and no brackets of three parts."""

import re
from typing import Any, NamedTuple, TypeVar

from rnnwalk.marked import Marked, parts_of
from rnnwalk.text import DIGITS
from rnnwalk.views.page import Picture

P = TypeVar("P")

SPELLED = {
    "⊙": "(*)", "×": "x", "−": "-", "Σ": "sum", "√": "sqrt", "σ": "sigmoid", "∂": "d", "η": "rate",
    "ᵀ": "^T", "²": "^2", "ʸ": "^y", "ᶻ": "^z", "⁻": "-", "′": "'", "∞": "inf", "½": "1/2", "₋": "-", "ₜ": "_t",
    "“": '"', "”": '"', "’": "'", "…": "...", "⋮": ":", "⋯": "...", "–": "-", "—": "-", "✓": "ok", "✗": "x",
    "→": "->", "←": "<-", "↑": "^", "↓": "v", "─": "-", "│": "|", "␣": "_", "█": "#", "≥": ">=", "≤": "<=", "≈": "~",
    "ᵒ": "^o", "ʷ": "w", "ⁿ": "n", "ᵗ": "^t", "ⁱ": "i", "ᵐ": "m", "ᵉ": "e", "¼": "1/4",
    "▁": ".", "▂": ".", "▃": ".", "▄": "#", "▅": "#", "▆": "#", "▇": "#",
    "Γ": "G", "⟨": "<", "⟩": ">", "\u0303": "~", "ã": "a~", "ŷ": "y^",
    "‖": "||", "↪": "=>", "ρ": "rho", "∏": "product", "├": "|", "└": "`", "▶": ">", "▼": "v", "▸": ">", "▾": ">",
}  # fmt: skip


FACTOR = re.compile(r"(?<![\w.×])([0-9.]+(?:e[+-][0-9]+)?\)?)·")  # a number that is multiplied, in brackets if negative
DRAWN = str.maketrans("─│┌┐└┘├┤┬┴┼═╤►⊙σ−₋·…", "-|+++++++++=+>*s--..")  # a sign for a sign: in a picture columns matter


SHADE = re.compile(" ([0-4])$")  # at the end of a role


class Signs(NamedTuple):
    """What a renderer draws with: the left and right parts of a bracket (one row; top, middle, bottom), lines and bars;
    what points at a row and at a column; what stands for the rest of a heading; shades from 0 to 4.
    """

    one: tuple[str, str]
    top: tuple[str, str]
    middle: tuple[str, str]
    bottom: tuple[str, str]
    rule: str
    bar: str
    gap_down: str
    gap_right: str
    row: str
    column: str
    cut: str
    shades: str


UNICODE = Signs(("[", "]"), ("⎡", "⎤"), ("⎢", "⎥"), ("⎣", "⎦"), "─", " ▏▎▍▌▋▊▉█", "⋮", "⋯", "▸", "▾", "…", " ░▒▓█")
ASCII = Signs(("[", "]"), ("[", "]"), ("[", "]"), ("[", "]"), "-", " #", ":", "...", ">", ">", "...", " .:*#")


def signs(encoding: str) -> Signs:
    """The signs that an encoding can hold."""
    return UNICODE if _holds("".join(map("".join, UNICODE)), encoding) else ASCII


def spell(text: str, encoding: str) -> str:
    """The text with what the encoding cannot hold spelled out: h₂ as h_2, “e” as "e", others as \\u escapes."""
    if _holds(text, encoding):
        return text
    text = text if _holds("·", encoding) else _dots(text)
    spelled = []
    for i, sign in enumerate(text):
        if _holds(sign, encoding):
            spelled.append(sign)
        elif sign in "₀₁₂₃₄₅₆₇₈₉":
            joined = i and text[i - 1] in "₀₁₂₃₄₅₆₇₈₉"
            spelled.append(("" if joined else "_") + sign.translate(DIGITS))
        else:
            spelled.append(SPELLED.get(sign) or sign.encode("ascii", "backslashreplace").decode())
    return "".join(spelled)


def _dots(text: str) -> str:
    """The text without raised dots, as long as it was: Wxh.x, 0.5*2, and - between the parts of a heading.

    * alone would read as element by element beside a matrix product.
    """
    return FACTOR.sub(r"\1*", text).replace(" · ", " - ").replace("·", ".")


def shaded(text: str) -> bool:
    """Whether a part of a text is shaded by its size, as its role says."""
    return any(SHADE.search(role) for _, role in parts_of(text))


def with_shades(text: str, signs: Signs) -> str:
    """The text with its shades as signs, each in place of the blank before its number: █-0.999 ░ 0.123."""
    if not shaded(text):
        return text
    found: list[tuple[str, str]] = []
    for part, role in parts_of(text):
        if shade := SHADE.search(role):
            if found:
                found[-1] = (found[-1][0][:-1], found[-1][1])
            part = signs.shades[int(shade[1])] + part
        found.append((part, role))
    return Marked(found)


def respell(part: P, encoding: str) -> P:
    """A page, a block or a list of them with every text spelled for an encoding."""
    if _holds("·₂⎡“", encoding):
        return part
    return _respell(part, encoding)


def _respell(part: Any, encoding: str) -> Any:
    if isinstance(part, Marked):
        whole, at, parts = part if _holds("·", encoding) else _dots(part), 0, []
        for text, role in part.parts:  # what a dot means is told by what stands beside it
            parts.append((spell(whole[at : at + len(text)], encoding), role))
            at += len(text)
        return Marked(parts)
    if isinstance(part, str):
        return spell(part, encoding)
    if isinstance(part, Picture):
        roles = {spell(name, encoding): role for name, role in part.roles.items()}
        return part._replace(lines=[spell(line.translate(DRAWN), encoding) for line in part.lines], roles=roles)
    if isinstance(part, list | tuple):
        parts = [_respell(item, encoding) for item in part]
        return part._make(parts) if hasattr(part, "_make") else type(part)(parts)
    return part


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
