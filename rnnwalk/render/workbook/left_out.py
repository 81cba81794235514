"""What a value is where the letter that it is made from was left out: the memory is carried on, and nothing is learned."""

from collections.abc import Mapping
from typing import NamedTuple

from rnnwalk.engine.notes import notes
from rnnwalk.layout.addresses import CellRef
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names


class Instead(NamedTuple):
    """What stands for a value while a letter is left out. source: the value that it is then, None for 0."""

    letter: int
    source: Node | None


def instead(names: Names, node: Node) -> Instead | None:
    """What stands for a value while its letter is left out; None for one that is computed as ever, and not shown then.

    With an answer after every letter there is no loss without one. A single answer comes after the last step: up to there
    the state is carried on, its error comes back through it unchanged, and inside of the cell there is none.
    """
    label = names.labels[node]
    field, letter, model = label.field, label.letter, names.problem.model
    if not letter or node.op == "input":
        return None
    if model.task.at == "every":
        aims = any(names.labels[part].group == "target" for part in names.parts(node))
        return Instead(letter, None) if aims else None
    states = notes(model.network.cell.State)
    if label.group == "forward":
        return Instead(letter, names.node[f"{field}_{letter - 1}"]) if field in states else None
    if field in {"dh", *[f"d{state}_time" for state in states]}:
        after = names.node.get(f"{field}_{letter + 1}")
        if field.startswith("dh"):  # whole, with what the letter's own output adds
            after = names.node.get(f"dh_{letter + 1}", after)
        return None if after is None else Instead(letter + 1, after)
    inside = field.startswith("dz") and not once(names, node)  # of all that weights of the cell learn from
    return Instead(letter, None) if inside else None


def once(names: Names, node: Node) -> bool:
    """Whether a value stands at the last step alone, as a single answer and its error do."""
    return f"{names.labels[node].field}_1" not in names.node


def columns_of(names: Names, places: Mapping[Node, CellRef], which: int) -> list[str]:
    """The columns, with their headings, that one of several words has in matrices. places: their first cells."""
    timed = [(node.shape[0], place) for node, place in places.items() if names.labels[node].letter is not None]
    return [f"{place.to((-1, which)).cell}:{place.to((rows - 1, which)).cell}" for rows, place in timed]


def stays(names: Names, node: Node) -> bool:
    """Whether a value is shown though its letter was left out: what is carried on, and a single answer."""
    found = instead(names, node)
    return once(names, node) or (found is not None and found.source is not None)
