"""The palette of roles: how each kind of quantity looks and is called, on a terminal and in a workbook alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A kind of quantity. sign and word: how it is told without its colour; fill: light enough for black ink; ink:
    halfway between black and white, so that it can be read on both (4 : 1).
    """

    word: str
    sign: str
    fill: str
    ink: str
    text: str


# Light tints that stay apart for people with colour blindness; the sign says the same.
ROLES = {
    "weight": Role("weight", "✎", "FCE4C8", "C56200", "a number that is learned; you may change it"),
    "input": Role("input", "✎", "FFF6BF", "917C00", "a {letter}, and the one-hot column that follows from it"),
    "target": Role("target", "◎", "E7E6E6", "7D7D7D", "what the network should say next"),
    "memory": Role("memory", "↪", "E4D7F5", "9D61D1", "the state: carried to the next {letter}"),
    "result": Role("result", "ƒ", "DDEBF7", "2D7ED6", "a live formula"),
    "forget gate": Role("forget gate", "✂", "F7C9BE", "DA4D40", "how much of the old memory stays, 0 … 1"),
    "input gate": Role("input gate", "⇩", "D5E8B0", "4D8D1A", "how much of the candidate is stored, 0 … 1"),
    "output gate": Role("output gate", "⇧", "F3D9A0", "A37549", "how much of the memory is shown, 0 … 1"),
    "reset gate": Role("reset gate", "↺", "F7C9BE", "DA4D40", "how much of the old memory the candidate sees, 0 … 1"),
    "update gate": Role("update gate", "⇄", "D5E8B0", "4D8D1A", "how old memory and candidate are mixed, 0 … 1"),
    "candidate": Role("candidate", "◇", "BFE3EE", "0D89A0", "what could become memory, −1 … 1"),
    "gradient": Role("gradient", "∂", "F9DCE6", "D6468B", "an error or a gradient: how the loss changes with a number"),
    "probability": Role(
        "prediction", "★", "C9EBDD", "0F8D6E", "probabilities, and the {answer} that the network names"
    ),
}
