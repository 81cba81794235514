"""The cells by name: one file of equations each, and one line here."""

from types import ModuleType

from rnnwalk.engine.cells import gru, lstm, rnn

CELLS: dict[str, ModuleType] = {"rnn": rnn, "lstm": lstm, "gru": gru}
