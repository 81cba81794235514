"""The cells by name: one file of equations each, and one line here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnwalk.engine.cells.cell import Cell

CELLS: dict[str, str] = {
    "rnn": "rnnwalk.engine.cells.rnn",
    "lstm": "rnnwalk.engine.cells.lstm",
    "gru": "rnnwalk.engine.cells.gru",
}


def cell_named(name: str) -> "Cell":
    """The cell of that name, loaded when it is first asked for; raises KeyError for a name that is not in CELLS."""
    module: Any = import_module(CELLS[name])
    return module
