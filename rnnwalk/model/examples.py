"""Bundled examples: each shows one thing, and is one file in ``rnnwalk/examples``, which is all that adds it.

A file is a weight file with a "story", what it shows, a "type", one of TYPES, and "commands" to try; one without
weights is a text to draw weights for, and one whose weights are "article.json" has those of that file. "origin" says
where weights are from that were not chosen by hand.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rnnwalk.errors import InputError, near

if TYPE_CHECKING:
    from rnnwalk.model.model import Model

FOLDER = Path(__file__).parents[1] / "examples"
CLASSES = "softmax"  # the kind of an output that says which it is
TYPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many")


class Example(NamedTuple):
    """story: what it shows, in a few sentences; type: how many steps are read, and said; commands: to try; word: what is
    read; by: what a symbol is; model: None where it is drawn."""

    story: str
    type: str
    commands: tuple[str, ...]
    word: str
    by: str
    model: "Model | None"


def names() -> list[str]:
    """The names of all examples, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def writing() -> list[str]:
    """Those whose answers can be read as the next step."""
    outputs = {name: json.loads(_file(name).read_text("utf-8")).get("output", {}) for name in names()}
    return [name for name, output in outputs.items() if "names" not in output or output.get("kind", CLASSES) != CLASSES]


def _file(name: str) -> Path:
    return FOLDER / f"{name}.json"


def example(name: str) -> Example:
    """The example of a name; raises InputError with the near names."""
    from rnnwalk.model.weight_record import parse
    from rnnwalk.model.weightfile import ARTICLE, article

    if name not in names():
        raise InputError(f"unknown example '{name}'; there are {', '.join(names())}{near(name, names())}")
    record = json.loads(_file(name).read_text("utf-8"))
    story, model = record["story"], None
    if "weights" in record:
        origin = record.get("origin", "The weights were chosen by hand, to show one thing.")
        article_s = record["weights"] == ARTICLE.name
        model = replace(article() if article_s else parse(record, f"{name}.json", origin), story=story)
    return Example(
        story, record["type"], tuple(record["commands"]), record["word"], record.get("symbols", "letter"), model
    )
