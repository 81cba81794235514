"""Bundled examples: each shows one thing, and is one file in ``rnnwalk/examples``, which is all that adds it.

A file is a weight file with a "story", what it shows; one without weights is a text to draw weights for.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rnnwalk.errors import InputError, near

if TYPE_CHECKING:
    from rnnwalk.model.model import Model

FOLDER = Path(__file__).parents[1] / "examples"


class Example(NamedTuple):
    """story: what it shows, in a few sentences; word: what is read; by: what a symbol is; model: None where it is drawn."""

    story: str
    word: str
    by: str
    model: "Model | None"


def names() -> list[str]:
    """The names of all examples, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def example(name: str) -> Example:
    """The example of a name; raises InputError with the near names."""
    from rnnwalk.model.weightfile import parse

    if name not in names():
        raise InputError(f"unknown example '{name}'{near(name, names())}; there are {', '.join(names())}")
    record = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    story, model = record["story"], None
    if "weights" in record:
        model = parse(record, f"{name}.json", "The weights were chosen by hand, to show one thing.")
        model = replace(model, story=story)
    return Example(story, record["word"], record.get("symbols", "letter"), model)
