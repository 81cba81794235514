"""Bundled examples: each shows one thing, and is one file in ``rnnwalk/examples``, which is all that adds it.

A file is a weight file with a "story", what it shows, a "type", one of TYPES, and "commands" to try; one without
weights is a text to draw weights for. "origin" says where weights are from that were not chosen by hand.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rnnwalk.errors import InputError, near

if TYPE_CHECKING:
    from rnnwalk.model.model import Model

FOLDER = Path(__file__).parents[1] / "examples"
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


def example(name: str) -> Example:
    """The example of a name; raises InputError with the near names."""
    from rnnwalk.model.weight_record import parse

    if name not in names():
        raise InputError(f"unknown example '{name}'{near(name, names())}; there are {', '.join(names())}")
    record = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    story, model = record["story"], None
    if "weights" in record:
        origin = record.get("origin", "The weights were chosen by hand, to show one thing.")
        model = parse(record, f"{name}.json", origin)
        model = replace(model, story=story)
    return Example(
        story, record["type"], tuple(record["commands"]), record["word"], record.get("symbols", "letter"), model
    )
