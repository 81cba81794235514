"""Quantities over time as rows of shaded cells with numbers; what does not fit loses its middle, or goes on below."""

import re
from itertools import pairwise

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.cut import kept_of
from rnnwalk.render.glyphs import Signs
from rnnwalk.render.terminal.matrix import Line, cut
from rnnwalk.views.page import Strip, shade
from rnnwalk.walks.numbers import number

LEAST = 8  # columns of a head that is cut
POWER = re.compile("e([+-])0*")


def draw(strip: Strip, width: int, signs: Signs) -> list[Line]:
    """A strip as lines that fit ``width``: the symbols that are read, and a row of cells for each track."""
    texts = [[_short(value, strip.digits) for value in track.values] for track in strip.tracks]
    margin = max(cells(track.name) for track in strip.tracks)
    numbers = max(1 + cells(text.removeprefix("-")) for row in texts for text in row)  # a sign, or a blank
    texts = [[_right(text, numbers) for text in row] for row in texts]
    count, most = len(strip.heads), width - margin - 5
    if not strip.whole:  # rather than losing its middle, a strip has shorter heads
        most = min(most, max(LEAST, (width - margin - 2) // count - 2))
    strip = strip._replace(heads=[cut(head, max(numbers, most), signs) for head in strip.heads])
    wide = max(numbers, *map(cells, strip.heads))
    room = (width - margin - 2) // (wide + 2)
    if strip.whole and room > 1:
        rows = -(-count // room)
        edges = [count * i // rows for i in range(rows + 1)]  # as many in each, or one more
        bands: list[list[int | None]] = [[*range(*pair)] for pair in pairwise(edges)]
    else:
        bands = [[*kept_of(count, room)] if room > 1 else [0]]
    lines: list[Line] = []
    for band in bands:
        lines += [[("", "")]] * bool(lines) + _band(strip, texts, band, wide, margin, signs)
    return lines


def _band(
    strip: Strip, texts: list[list[str]], columns: list[int | None], wide: int, margin: int, signs: Signs
) -> list[Line]:
    """Some columns of a strip, with their heads."""
    blank = (" " * (margin + 2), "")
    heads = [f"  {_right(signs.gap_right if c is None else strip.heads[c], wide)}" for c in columns]
    lines: list[Line] = [[blank, ("".join(heads), "head")]]
    for track, row in zip(strip.tracks, texts, strict=True):
        line: Line = [(_right(track.name, margin) + "  ", f"{track.role} bold")]
        for c in columns:
            if c is None:
                line.append((f"  {_right(signs.gap_right, wide)}", ""))
                continue
            level = shade(track.values[c], track.most)
            line.append((f" {_right(signs.shades[level] + row[c], wide + 1)}", f"{track.role} {level}"))
        lines.append(line)
    return lines


def _short(value: float, digits: int) -> str:
    """A number as short as it can be in powers of ten, so that a gate that is shut makes no column wider: 1e-4."""
    text = number(value, digits)
    return POWER.sub(lambda found: "e-" if found[1] == "-" else "e", f"{value:.0e}") if "e" in text else text


def _right(text: str, width: int) -> str:
    return " " * (width - cells(text)) + text
