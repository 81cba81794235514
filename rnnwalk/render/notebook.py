"""What a notebook shows: pages as HTML that needs no style sheet and no script, as Markdown, as LaTeX, and as plain text."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from rnnwalk.marked import Marked
from rnnwalk.render import markdown
from rnnwalk.render.glyphs import UNICODE
from rnnwalk.render.page.document import Document, slug
from rnnwalk.render.roles import ROLES
from rnnwalk.render.terminal.paper import Paper, stems_of
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.page import (
    SHADES,
    Block,
    Drawing,
    Equation,
    Formula,
    Lines,
    Matrices,
    Matrix,
    Page,
    Prose,
    Table,
    Tree,
)

COLUMNS = 80  # of plain text
HEIGHT = 600  # pixels of a frame
INKS = {slug(name): role.ink for name, role in ROLES.items()}
SHADED = tuple(f"s{shade}" for shade in range(SHADES + 1))
STYLES = {
    "matrix": "border-left:2px solid;border-right:2px solid;border-radius:5px;white-space:nowrap",
    "wide": "overflow-x:auto",
    "sign": "white-space:nowrap",
}
TAG, ATTRIBUTE = re.compile(r"<(\w+)([^<>]*)>"), re.compile(r'([\w-]+)="([^"]*)"')
IDLE = re.compile("<span>([^<>]*)</span>")  # what a page alone says anew
KEPT = ("scope", "min", "max", "value")  # attributes

# Signs that MathJax, which reads what a notebook shows, would take for a formula; and the options that pages name.
FORMULA = re.compile(r"[$\\](?![^<]*>)")
OPTIONS = (
    (re.compile(r" \(--(?:json has them all|scale)\)"), ""),
    (re.compile(r"(?<!\S)--(depth|length) (\d+)"), r"\1=\2"),
)
LEFT_OUT = re.compile(r"\s\(--json\s+has\s+every\s+number\)")


class Shown:
    """Something that shows itself in a notebook."""

    def _pages(self) -> Iterable[Page]:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return html(self._pages())

    def _repr_markdown_(self) -> str:
        return LEFT_OUT.sub("", "".join(markdown.chunks(map(in_python, self._pages()))))

    def _repr_latex_(self) -> str | None:
        """Only of what is a formula: who asks for LaTeX shows nothing else."""
        return None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """All of these; what is asked for is picked by who asks."""
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_(), "text/markdown": self._repr_markdown_()}
        latex = self._repr_latex_()
        return bundle | ({"text/latex": latex} if latex else {})


class Told(Shown):
    """What its pages tell in full, where it is printed; at a prompt it says what it is, in a few lines."""

    def _gist(self) -> Page:
        raise NotImplementedError

    def __repr__(self) -> str:
        return text([self._gist()]).rstrip("\n")

    def __str__(self) -> str:
        return text(self._pages()).rstrip("\n")


def text(pages: Iterable[Page]) -> str:
    """Pages as a terminal of 80 columns has them."""
    paper = Paper(COLUMNS, "utf-8", UNICODE)
    return LEFT_OUT.sub("", "\n".join(plain(paper.page(in_python(page))) for page in pages))


def fits(page: Page, lines: int) -> bool:
    """Whether a page takes at most so many lines."""
    return len(Paper(COLUMNS, "utf-8", UNICODE).page(page)) < lines


def html(pages: Iterable[Page]) -> str:
    """Pages as HTML."""
    sheet = Sheet()
    parts = [
        f"<p><b>{escape(page.title)}</b></p>\n" + "\n".join(map(sheet.block, page.blocks))
        for page in map(in_python, pages)
    ]
    bare = (
        IDLE.sub(r"\1", TAG.sub(_bare, "\n".join(parts)))
        .replace("<pre>", "<pre><code>")
        .replace("</pre>", "</code></pre>")
    )
    return "<div>" + FORMULA.sub(r"<span>\g<0></span>", bare) + "</div>"


def latex(pages: Iterable[Page]) -> str | None:
    """The formulas of pages in LaTeX, if there are any."""
    found = [markdown.latex(block) for page in pages for block in page.blocks]
    return "\n\n".join(filter(None, found)) or None


def in_python(page: Page) -> Page:
    """A page whose sentences name a program's arguments: depth=4, where a command line has --depth 4."""
    return page._replace(blocks=list(map(_renamed, page.blocks)))


def _renamed(block: Block) -> Block:
    if not isinstance(block, Prose) or isinstance(block.text, Marked):
        return block
    sentence = block.text
    for option, argument in OPTIONS:
        sentence = option.sub(argument, sentence)
    return block._replace(text=sentence)


class Sheet(Document):
    """The blocks of a page that nothing styles: what stands side by side is a table's row, what is followed is bold."""

    def __init__(self) -> None:
        self.places = {}  # no number can be asked, so no walk is needed

    def block(self, block: Block) -> str:
        match block:
            case Equation(parts) | Matrices(parts):
                cells = "".join(f"<td>{self._part(part)}</td>" for part in parts)
                return f'<div class="wide"><table><tr>{cells}</tr></table></div>'
            case Lines(lines):
                return self.block(Drawing(lines))
            case Tree(lines):
                stems = stems_of([depth for depth, _ in lines])
                return self.block(
                    Drawing([Marked([(here, "")]) + line for (here, _), (_, line) in zip(stems, lines, strict=True)])
                )
        return super().block(block)

    def _table(self, table: Table) -> str:
        """A table whose headings stand as their columns do."""
        named = [column for column, heading in enumerate(table.headings) if heading.strip()]
        sides = iter("right" if column in table.numeric else "left" for column in named)
        return re.sub('<th scope="col"', lambda found: f'{found[0]} align="{next(sides)}"', super()._table(table))

    def _formula(self, block: Formula) -> str:
        """In signs: where tags of MathML are taken away, a fraction would be a product."""
        return f"{self.block(Drawing([block.text]))}<p><small>{escape(block.shapes)}</small></p>"

    def _left_out(self, key: str) -> str:  # noqa: ARG002
        """Nothing here has an address."""
        return ""

    def _matrix(self, matrix: Matrix) -> str:
        return re.sub(r'<td class="lit">(.*?)</td>', r"<td><b>\1</b></td>", super()._matrix(matrix)).replace(
            "<td", '<td align="right"'
        )


def _bare(found: re.Match[str]) -> str:
    """A tag whose classes have become what they look like: a notebook has classes of the same names."""
    tag, given = found[1], dict(ATTRIBUTE.findall(found[2]))
    classes = given.get("class", "").split()
    kept = "".join(f' {name}="{given[name]}"' for name in KEPT if name in given)
    ink = next((INKS[name] for name in classes if name in INKS), None)
    shade = next((int(name[1:]) for name in classes if name in SHADED), None)
    if tag == "table":
        kept += ' cellpadding="4"'
    right = given.get("align") == "right" or "number" in classes or shade is not None
    kept += ' align="right"' if right else ""
    styles = ["text-align:left"] if given.get("align", tag) in ("left", "td") and not right else []
    styles += [style for name, style in STYLES.items() if name in classes]
    if ink and shade:
        styles.append(f"background-color:#{ink}{shade * 0x28:02x}")
    elif ink and tag in ("span", "th"):
        styles.append(f"color:#{ink}")
    return f"<{tag}{kept}" + (f' style="{";".join(styles)}"' if styles else "") + ">"


def frame(document: str, told: str) -> str:
    """A whole document inside a notebook, in a frame that can do nothing but run its own script, and a line below it."""
    return (
        f'<iframe srcdoc="{escape(document)}" sandbox="allow-scripts allow-downloads" width="100%" height="{HEIGHT}" '
        f'title="{escape(told)}"></iframe>\n<p>{escape(told)}</p>'
    )
