"""A problem: a model and the word that it is to read, from what a person asked for."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.notes import Array, remade
from rnnwalk.errors import InputError
from rnnwalk.model.model import Model
from rnnwalk.model.symbols import shown
from rnnwalk.model.task import typed_answers
from rnnwalk.model.text_rules import PADDING
from rnnwalk.text import begun, count

LONG = 40  # symbols of a text that are shown where it is only named
MOST_NUMBERS, FIRST_NUMBERS = 6, 3  # of a step that is named by its numbers: all of so few, or the first ones
MOST_BESIDE = 12  # sequences side by side: more columns are no page that one can read
BESIDE = " | "  # stands between what is said of each of them
MOST_RECORDED = 10_000  # letters: every number of each takes time and room, with the way back 1 ms and 40 kB
LONG_TEXT = 1000  # letters: a longer text is recorded only as far as it is shown
EDGE = 20  # letters at each end of a long text whose rows are shown


class Problem(NamedTuple):
    """symbols: the whole word, of which a network that names the next symbol reads all but the last; or the steps of
    numbers, as they are written. given: the answers that are true, as they are written, where the word does not hold
    them; None where it does, () where they are not known. beside: sequences of the same length, walked at once: every
    value then has a column for each, the first being that of this one."""

    model: Model
    symbols: tuple[str, ...]
    given: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()  # words of the text that the model does not know, where it leaves such words out
    beside: tuple["Problem", ...] = ()
    beyond: tuple[str, ...] = ()  # words of the text that the model knows, where it reads only so many of them

    @property
    def sequences(self) -> tuple["Problem", ...]:
        """Each sequence by itself, in the order of the columns."""
        return (self._replace(beside=()), *self.beside)

    def each(self, tell: Callable[["Problem"], str]) -> str:
        """What is told of each sequence, side by side."""
        return BESIDE.join(map(tell, self.sequences))

    def seen(self, letter: int) -> str:
        """What is read at a letter, as it is shown."""
        return self.each(lambda one: one.named(one.symbols[letter - 1]))

    def expected(self, letter: int) -> str:
        """What is true after a letter, as it is shown; "?" where that is not known."""
        return self.each(lambda one: one.named(one.truth(letter) or "?"))

    def __repr__(self) -> str:
        return f"<Problem “{begun(self.title)}”: {count(self.length, self.noun)} for {self.model!r}>"

    @property
    def start(self) -> Any:
        """The initial State, with a column for each sequence."""
        before = self.model.before
        return remade(before, [np.repeat(part, len(self.sequences), axis=1) for part in before])

    @property
    def word(self) -> str:
        """The word as it is typed."""
        return self.joint.join(self._typed)

    @property
    def _typed(self) -> Sequence[str]:
        """The symbols without padding, which a text gets anew."""
        if self.model.task.text is None:
            return self.symbols
        return [symbol for symbol in self.symbols if symbol != PADDING]

    @property
    def joint(self) -> str:
        """What stands between two symbols."""
        return self.model.joint

    @property
    def between(self) -> str:
        """What stands between two answers."""
        if self.model.task.names_next:
            return self.joint
        return ", " if any(" " in name for name in self.model.answers) else " "

    @property
    def title(self) -> str:
        """The word as it is shown: blanks visible, a long text cut; or several, side by side."""
        return self.each(Problem._title)

    def _title(self) -> str:
        symbols = self._typed
        signs = [self.named(symbol) for symbol in symbols[:LONG]]
        return self.joint.join([*signs, "…"] if len(symbols) > LONG else signs)

    def named(self, text: str) -> str:
        """A symbol as it is shown; of a step, or an answer, of many numbers the first ones."""
        parts = text.split(",")
        if len(parts) <= MOST_NUMBERS or not (self.model.task.linear or self.model.task.inputs):
            return shown(text)
        return ",".join([*parts[:FIRST_NUMBERS], "…"])

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.symbols[:-1] if self.given is None else self.symbols

    @property
    def targets(self) -> tuple[str, ...]:
        """What is true of each output, as it is written; empty where that is not known."""
        if self.given is not None:
            return self.given
        return self.symbols[1:] if self.model.task.at == "every" else self.symbols[-1:]

    @property
    def spoken(self) -> str | None:
        """What is true, as it is typed; None where the word holds it or nothing is known."""
        if not self.given:
            return None
        return typed_answers(self.given) if self.model.task.at == "every" else self.given[0]

    @property
    def length(self) -> int:
        """How many letters the network reads."""
        return len(self.symbols) - (self.given is None)

    @property
    def long(self) -> bool:
        """Whether it is recorded only as far as it is shown; only of the default task what lies between is known so."""
        return self.length > LONG_TEXT and self.model.next_symbol

    def begun(self, letters: int) -> "Problem":
        """Its first letters alone, as a problem of their own."""
        symbols = self.symbols[: letters + (self.given is None)]
        every = self.given is not None and self.model.task.at == "every"
        return self._replace(
            symbols=symbols,
            given=self.given[:letters] if every and self.given else self.given,
            beside=tuple(each.begun(letters) for each in self.beside),
        )

    def says(self, letter: int) -> bool:
        """Whether an output is read after a letter, from 1."""
        return self.model.network.says(letter - 1, self.length)

    def pads(self, letter: int) -> bool:
        """Whether no word is read at a letter, from 1, but padding: of sequences side by side, in all of them."""
        return self.model.task.text is not None and all(one.symbols[letter - 1] == PADDING for one in self.sequences)

    def truth(self, letter: int) -> str | None:
        """What is true after a letter, as it is written; None where no output is read, or nothing is known."""
        if self.given == () or not self.says(letter):
            return None
        every = self.model.task.at == "every"
        if self.given is not None:
            return self.given[letter - 1 if every else 0]
        return self.symbols[letter if every else -1]

    def check_letter(self, letter: int) -> None:
        """Raise InputError for the number of a letter that is not read."""
        if not 1 <= letter <= self.length:
            raise InputError(
                f"--letter is {letter}, expected 1 to {self.length}: of “{self.title}” the network reads "
                f"{count(self.length, self.noun)}"
            )

    def check_answered(self, what: str) -> None:
        """Raise InputError where nothing is known to be true; what: cannot be had then."""
        if not self.targets:
            raise InputError(f"{what} without a loss, and what is true was not given: name it (--target)")

    def check_recorded(self, letters: int) -> None:
        """Raise InputError for so many letters that nobody would wait for every number of them."""
        if letters > MOST_RECORDED:
            raise InputError(
                f"every number is recorded, of at most {MOST_RECORDED:,} {self.noun}s, and the text has {letters:,}; "
                "take a part of it"
            )

    @property
    def noun(self) -> str:
        """What a symbol is called: "letter", "character" or "word"; of numbers, the "time step"."""
        return self.model.noun

    @property
    def whole(self) -> str:
        """What its symbols make together: a "word" of letters, or a "text" of words."""
        return {"letter": "word", "time step": "sequence"}.get(self.noun, "text")

    @property
    def together(self) -> str:
        """What is walked: the "word", or the "3 words"."""
        return count(len(self.sequences), self.whole) if self.beside else self.whole

    @property
    def shorter(self) -> str:
        """What has fewer steps: a text that is padded has as many as the network was trained with."""
        text = self.model.task.text
        return "a shorter text" if text is None or text.maxlen is None else "a network trained with a smaller --maxlen"

    def at(self, letter: int) -> str:
        """Where a step of time is, in words: letter 2 “e”."""
        return f"{self.noun} {letter} “{self.seen(letter)}”"

    def rows(self, symbols: Sequence[str]) -> Any:
        """The rows of symbols in the vocabulary, an array of whole numbers."""
        known = {symbol: row for row, symbol in enumerate(self.model.vocabulary)}
        return np.array([known[symbol] for symbol in symbols], dtype=np.intp)

    def columns(self, symbols: Sequence[str]) -> list[Array]:
        """What is read for each symbol, a column each."""
        return [self.model.column(symbol) for symbol in symbols]

    def reads(self, letters: Sequence[int]) -> list[Array]:
        """What is read at some letters, each with a column for each sequence."""
        sequences = self.sequences
        return [np.hstack([self.model.column(one.symbols[t - 1]) for one in sequences]) for t in letters]

    def aims(self, letters: Sequence[int]) -> list[Array]:
        """The targets of the outputs that are read after some letters, each with a column for each sequence."""
        sequences = self.sequences
        truths = [[one.truth(letter) for one in sequences] for letter in letters]
        return [np.hstack([self.model.aim(text) for text in each if text is not None]) for each in truths if any(each)]
