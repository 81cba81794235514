"""Pages of a walk as HTML: prose, equations, tables whose numbers can be asked, questions that open.

A number of the walk says which one it is: data-n, the number of its node in the program, and data-i, its place there.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import zip_longest

from rnnwalk.marked import joined, parts_of
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import width
from rnnwalk.render.cut import kept_of
from rnnwalk.render.page.mathml import equation
from rnnwalk.render.roles import ROLES
from rnnwalk.trace.expression import Index
from rnnwalk.views.live import Live, reads, sentence, written
from rnnwalk.views.page import (
    Block,
    Commands,
    Drawing,
    Equation,
    Fitted,
    Formula,
    Lines,
    Matrices,
    Matrix,
    Page,
    Picture,
    Prose,
    Question,
    Strip,
    Table,
    Track,
    Tree,
    shade,
)
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import number

WHOLE = (
    3000  # numbers of a matrix that is drawn with all of them; 30 hidden units make a page of 1.7 MB so, instead of 1.0
)
MOST = 20  # rows and columns of a larger one, around what is followed; and of one that needs no box to scroll in
COLUMNS = 78  # of a drawing in signs
RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(\s+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)

UNBROKEN = re.compile(r"∂[^\s<>,]*/∂[^\s<>,]*|--[a-z][a-z-]*(?: [0-9]+)?")


class Document:
    """Makes the sections of one walk. places: the number of each named value in the program, by its key."""

    def __init__(self, names: Names, places: Mapping[str, int]) -> None:
        self.names = names
        self.places = places
        self.sequences = names.problem.sequences

    def section(self, page: Page, number: int, step: str) -> str:
        """A page as a section; step: its number in the article, or that of its letter."""
        where = "" if page.letter is None else f' data-letter="{page.letter}" data-step="{step}"'
        where += f' data-made="{escape(page.key)}"' if page.key else ""
        body = "\n".join(map(self.block, page.blocks))
        title = _unbroken(spans(self._title(page)))
        return f'<section id="part-{number}"{where}>\n<h2>{title}</h2>\n{body}\n</section>\n'

    def _title(self, page: Page) -> str:
        """The title, with what is read at its letter as a text that follows."""
        if page.letter is None:
            return page.title
        letter = page.letter
        before, seen, after = page.title.partition(f"“{self.names.problem.seen(letter)}”")
        told = [reads(one.seen(letter), letter, column) for column, one in enumerate(self.sequences)]
        return sentence(before, "“", joined(BESIDE, told), "”", after) if seen else page.title

    def block(self, block: Block) -> str:
        """A block as HTML."""
        match block:
            case Prose(text, dated):
                return f"<p{_dated(dated)}>{_unbroken(spans(text))}</p>"
            case Formula():
                return self._formula(block)
            case Equation(parts):
                return f'<div class="equation">{"".join(map(self._part, parts))}</div>'
            case Matrices(matrices):
                return f'<div class="equation matrices">{"".join(map(self._part, matrices))}</div>'
            case Lines():
                return self._lines(block)
            case Table():
                return self._table(block)
            case Strip():
                return self._strip(block)
            case Question(question, answer, dated):
                return f"<details{_dated(dated)}><summary>{escape(question)}</summary><p>{_unbroken(spans(answer))}</p></details>"
            case Fitted(draw, dated):
                return _drawn(draw(COLUMNS, str), block.name, "dated letters" if dated else "")
            case Picture():
                return _drawn(block.marked, block.name)
            case Drawing(lines):
                return _drawn(lines, block.name)
            case Commands(lines):
                return _drawn(lines)
            case Tree(lines):
                return _drawn(["   " * depth + text for depth, text in lines])

    def _formula(self, block: Formula) -> str:
        maths = equation(self.names, self.names.node[block.key]) if block.key else f"<code>{spans(block.text)}</code>"
        return f'<div class="formula">{maths}<small>{escape(block.shapes)}</small></div>'

    def _part(self, part: Matrix | str) -> str:
        return self._matrix(part) if isinstance(part, Matrix) else f'<span class="sign">{escape(part.strip())}</span>'

    def _matrix(self, matrix: Matrix) -> str:
        """A matrix as a table with its name and shape; the element that is followed is marked."""
        rows, columns = matrix.values.shape
        cut = rows * columns > WHOLE
        kept = [
            kept_of(count, MOST if cut else count, pointed, picked)
            for count, pointed, picked in zip((rows, columns), (matrix.row, matrix.column), matrix.picked, strict=True)
        ]

        def cell(r: int | None, c: int | None) -> str:
            if r is None or c is None:
                return "<td>…</td>"
            node = self._place("n", (matrix.key, (r, c)))
            lit = ' class="lit"' if (r, c) in matrix.lit else ""
            return f"<td{node}{lit}>{number(float(matrix.values[r, c]), matrix.digits)}</td>"

        def head(heads: list[str], i: int | None, scope: str) -> str:
            return f'<th scope="{scope}">{"…" if i is None else spans(heads[i])}</th>' if heads else ""

        corner = "<td></td>" if matrix.row_heads and matrix.column_heads else ""
        above = "".join(head(matrix.column_heads, c, "col") for c in kept[1])
        body = "".join(
            f"<tr>{head(matrix.row_heads, r, 'row')}{''.join(cell(r, c) for c in kept[1])}</tr>" for r in kept[0]
        )
        heads = f"<tr>{corner}{above}</tr>" if above else ""
        left_out = self._left_out(matrix.key) if cut else ""
        caption = f"<caption>{escape(matrix.label)} <small>{rows}×{columns}{left_out}</small></caption>"
        table = f'<table class="matrix {slug(matrix.role)}">{caption}{heads}{body}</table>'
        return f'<div class="box">{table}</div>' if max(map(len, kept)) > MOST else table

    def _left_out(self, key: str) -> str:
        """How one comes to the numbers of a cut matrix that are not drawn."""
        node = self.names.node.get(key)
        if node is None:
            return ""
        address = escape(self.names.key(node, (node.shape[0] - 1, node.shape[1] - 1)))
        return f", a part of it; any number by its address: <code>#{address}</code>"

    def _lines(self, block: Lines) -> str:
        lines = zip_longest(block.lines, block.of[: len(block.lines)])

        chosen = f' data-chosen="{escape(json.dumps(block.chosen))}"' if block.chosen else ""
        told = [
            f'<code class="line{"" if of or _lives(line) else " dated"}"{self._place("line", of)}{chosen}>{spans(line)}</code>'
            for line, of in lines
        ]
        return f'<div class="lines">{"".join(told)}</div>'

    def _place(self, kind: str, of: tuple[str, Index] | None) -> str:
        """Attributes that say which number of the walk something is."""
        if of is None or of[0] not in self.places:
            return ""
        key, (r, c) = of
        return f' data-{kind}="{self.places[key]}" data-i="{r * self.names.node[key].shape[1] + c}"'

    def _table(self, table: Table) -> str:
        def cell(text: str, r: int, c: int) -> str:
            role = slug(table.roles[c]) if c < len(table.roles) else ""
            dated = table.dated and (r, c) not in table.of and not _lives(text)
            kind = " ".join(filter(None, ["number" if c in table.numeric else "", role, "dated" if dated else ""]))
            classed = f' class="{kind}"' if kind else ""
            classed += ' data-head="99"' if table.ranked and c == 0 else ""
            return f"<td{classed}{self._place('n', table.of.get((r, c)))}>{spans(text)}</td>"

        def bar(r: int) -> str:
            if table.bars is None or r >= len(table.bars):
                return "" if table.bars is None else "<td></td>"
            of = next((table.of[r, c] for c in reversed(range(len(table.headings))) if (r, c) in table.of), None)
            told = f' data-share="{table.shares[r]}"' if table.shares else self._place("meter", of)
            return f'<td><meter aria-hidden="true" min="0" max="1" value="{table.bars[r]:.4f}"{told}></meter></td>'

        head = "".join(
            f'<th scope="col">{spans(text)}</th>' if text.strip() else "<td></td>" for text in table.headings
        )

        def answer(r: int) -> str:
            return f' data-row="{table.ranked[2][r]}"' if table.ranked and r < len(table.ranked[2]) else ""

        rows = "".join(
            f"<tr{answer(r)}>{''.join(cell(text, r, c) for c, text in enumerate(row))}{bar(r)}</tr>"
            for r, row in enumerate(table.rows)
        )
        extra = "" if table.bars is None else "<td></td>"
        ranked = ranking("likeliest", *table.ranked[:2]) if table.ranked else ""
        return f'<div class="wide"><table class="grid"{ranked}{_named(table.name)}><thead><tr>{head}{extra}</tr></thead><tbody>{rows}</tbody></table></div>'

    def _strip(self, strip: Strip) -> str:
        def cells(track: Track) -> str:
            return "".join(
                f'<td class="{slug(track.role)} s{shade(value, track.most)}"{self._place("n", of)} '
                f'data-digits="{strip.digits}" data-most="{track.most:g}">{number(value, strip.digits)}</td>'
                for value, of in zip(track.values, track.of, strict=True)
            )

        heads = "".join(f'<th scope="col">{spans(head)}</th>' for head in strip.heads)
        rows = "".join(
            f'<tr><th scope="row" class="{slug(track.role)}">{escape(track.name)}</th>{cells(track)}</tr>'
            for track in strip.tracks
        )
        return (
            f'<div class="wide"><table class="strip"{_named(strip.name)}><tr><td></td>{heads}</tr>{rows}</table></div>'
        )


def spans(text: str) -> str:
    """A text whose parts know what they are: each in its colour, and with what says it anew."""
    return "".join(_span(part, role) for part, role in parts_of(text))


def _span(part: str, role: str) -> str:
    if isinstance(part, Live) and not part.how:
        return f"<span{_dated(True)}>{isolated(part)}</span>"
    kind = f' class="{slug(role)}"' if role in ROLES else ""
    kind += live(part) if isinstance(part, Live) else ""
    return f"<span{kind}>{isolated(part)}</span>" if kind else isolated(part)


def isolated(text: str) -> str:
    """A text as HTML, in which Hebrew or Arabic turns nothing around that stands beside it, such as the number after it."""
    return RIGHT_TO_LEFT.sub(r"<bdi>\g<0></bdi>", escape(text))


def _unbroken(html: str) -> str:
    """Its gradients and options stay on a line: a browser breaks ∂L/∂h after the slash, and --hidden after a dash."""
    return UNBROKEN.sub(r'<span class="unbroken">\g<0></span>', html)


def live(text: Live) -> str:
    """The attribute that tells a page how to say a text anew."""
    told = json.dumps(written(text), separators=(",", ":"), ensure_ascii=False)
    return f" data-live='{escape(told, quote=False).replace(chr(39), '&#39;')}'"


def ranking(name: str, *of: int) -> str:
    """The attribute of what has rows for some of many answers: by which of ``RANKED`` in live.js they are chosen."""
    return f' data-ranked="{escape(json.dumps([name, *of]))}"'


def _lives(text: str) -> bool:
    return any(isinstance(part, Live) for part, _ in parts_of(text))


def _dated(dated: bool) -> str:
    return ' class="dated"' if dated else ""


def slug(role: str) -> str:
    """The name of a role as a class: forget-gate."""
    return role.replace(" ", "-")


def _named(name: str) -> str:
    return f' aria-label="{escape(name)}"' if name else ""


def _drawn(lines: Sequence[str], name: str = "", kind: str = "") -> str:
    """A drawing in signs: a picture for those who hear its name, and not sign by sign."""
    signs = max(map(width, lines), default=1)
    attributes = (f' class="{kind}"' if kind else "") + (f' role="img"{_named(name)}' if name else "")
    text = "\n".join(map(spans, lines))
    text = f'<span aria-hidden="true">{text}</span>' if name else text
    return f'<pre{attributes} style="--signs: {signs}">{text}</pre>'
