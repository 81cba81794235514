"""The bundled examples, and the four types of sequence models as a picture."""

from collections.abc import Iterable, Iterator

from rnnwalk.model.examples import TYPES, Example
from rnnwalk.views.page import Commands, Page, Picture, Prose, Table

DRAWN = """\
one-to-one   one-to-many     many-to-one     many-to-many    many-to-many

    y         y   y   y               y       y   y   y               y   y
    ↑         ↑   ↑   ↑               ↑       ↑   ↑   ↑               ↑   ↑
   [h]       [h]►[h]►[h]     [h]►[h]►[h]     [h]►[h]►[h]     [h]►[h]►[h]►[h]
    ↑         ↑               ↑   ↑   ↑       ↑   ↑   ↑       ↑   ↑
    x         x               x   x   x       x   x   x       x   x
"""
USED = (
    ("one-to-one", "no sequence: a picture in, its label out", "walk good --example sentiment (one step)"),
    ("one-to-many", "captions: a picture in, a sentence out; writing on", "generate --example ocean"),
    ("many-to-one", "sentiment, sums: read to the end, then say", "walk --example sentiment"),
    ("many-to-many", "in step: the next word, a tag for each word", "walk --example hello"),
    ("many-to-many", "translation: read it all, then write", "not here: it takes two networks"),
)


def types() -> Page:
    """The four types: how many steps are read and said, what each is used for, which can be walked here."""
    return Page(
        "Four types of sequence models",
        [
            Picture(DRAWN.splitlines(), {"h": "memory"}),
            Prose("x is read, y comes out, and h, the hidden state, is handed on from one time step to the next."),
            Table(["type", "used for", "walked here: rnnwalk …"], [list(row) for row in USED]),
            Prose(
                "In one-to-many, each output is read as the next input. A network that captions a picture starts from numbers "
                "that another network made of the picture; here it starts from a word."
            ),
        ],
    )


def pages(examples: Iterable[tuple[str, Example]]) -> Iterator[Page]:
    """A page for each example: its type, its story, commands to try."""
    for name, example in sorted(examples, key=lambda found: (TYPES.index(found[1].type), found[0])):
        yield Page(f"{name} ({example.type})", [Prose(example.story), Commands(list(example.commands))])
