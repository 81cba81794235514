"""Which classes a trained network takes for which."""

from collections.abc import Sequence
from typing import Any

from rnnwalk.model.symbols import shown, width
from rnnwalk.text import count
from rnnwalk.views.page import Block, Page, Prose, Table

COLUMNS = 80  # of a page on which a table of all classes must fit
MOST_PAIRS = 12  # of classes that were mixed up, that are told where it does not


def confusion(table: Any, classes: Sequence[str], held_back: bool) -> Page:
    """Which classes were taken for which: a row for each that is true."""
    right, total = int(table.trace()), int(table.sum())
    lines = "lines held back" if held_back else "learned lines"
    said = f"The best weights named the right class for {right} of {total} {lines}: {100 * right / total:.1f} %."
    most = max(table.sum(axis=1))
    said += f" Always the most frequent class would be right for {most}: {100 * most / total:.1f} %."
    names = [shown(name) for name in classes]
    header = ["true", *[f"said {name}" for name in names], "right"]
    room = max(map(width, ["true", *names])) + sum(2 + width(heading) for heading in header[1:])
    if room > COLUMNS:
        return Page("Right and wrong", [Prose(said), *_mixed_up(table, names)])
    rows = [
        [name, *map(str, counts), f"{100 * counts[i] / sum(counts):.1f} %" if sum(counts) else "–"]
        for i, (name, counts) in enumerate(zip(names, table.tolist(), strict=True))
    ]
    return Page("Right and wrong", [Table(header, rows, frozenset(range(1, len(header)))), Prose(said)])


def _mixed_up(table: Any, names: Sequence[str]) -> list[Block]:
    """The pairs of classes that were mixed up most often, a row each."""
    pairs = sorted((-int(table[pair]), pair) for pair in zip(*table.nonzero(), strict=True) if pair[0] != pair[1])
    if not pairs:
        return []
    rows = [
        [names[true], names[named], str(-times), str(table[true].sum())] for times, (true, named) in pairs[:MOST_PAIRS]
    ]
    blocks: list[Block] = [
        Prose("What was mixed up most often:"),
        Table(["true", "said", "times", "of"], rows, frozenset({2, 3})),
    ]
    if rest := pairs[MOST_PAIRS:]:
        answers = count(-sum(times for times, _ in rest), "answer")
        blocks.append(
            Prose(f"{count(len(rest), 'more pair')}, {answers}, {'is' if len(rest) == 1 else 'are'} left out.")
        )
    return blocks
