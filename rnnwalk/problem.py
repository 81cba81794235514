"""A problem: a model and the word that it is to read, from what a person asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, near
from rnnwalk.model import Model, draw
from rnnwalk.symbols import check_vocabulary, shown, split, vocabulary_of
from rnnwalk.weightfile import article, read

MOST_MEMORY = 2 * 2**30  # bytes that a recorded walk may take
NODE_BYTES = 850  # of a recorded value beyond its numbers, measured

LONG = 40  # symbols of a text that are shown where it is only named


@dataclass(frozen=True)
class Problem:
    """symbols: the whole word; the network reads all but the last and is to name all but the first."""

    model: Model
    symbols: tuple[str, ...]

    @property
    def word(self) -> str:
        return (" " if self.model.by == "word" else "").join(self.symbols)

    @property
    def title(self) -> str:
        """The word as it is shown: blanks visible, a long text cut."""
        signs = [shown(symbol) for symbol in self.symbols]
        joint = " " if self.model.by == "word" else ""
        return joint.join(signs if len(signs) <= LONG else [*signs[:LONG], "…"])

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.symbols[:-1]

    @property
    def targets(self) -> tuple[str, ...]:
        return self.symbols[1:]

    @property
    def noun(self) -> str:
        """What a symbol is called: "letter" or "word"."""
        return self.model.by

    def columns(self, symbols: Sequence[str]) -> list[Array]:
        """The one-hot columns of symbols."""
        return [self.model.one_hot(symbol) for symbol in symbols]


def pose(
    word: str | None = None,
    *,
    weights: str | Model | None = None,
    vocab: str | None = None,
    hidden: int | None = None,
    seed: int | None = None,
    by: str | None = None,
    cell: str = "rnn",
) -> Problem:
    """The problem that the options of the command line describe.

    weights: a file's name or a Model; without, the article's for a plain "hello", otherwise drawn from
    ``seed`` (default 0) for ``hidden`` units (default 3) and ``vocab`` (default: the word's symbols).
    Raises InputError.
    """
    if weights is not None:
        for name, value in (("--vocab", vocab), ("--hidden", hidden), ("--seed", seed)):
            if value is not None:
                raise InputError(f"{name} and --weights do not go together: the weight file decides it")
        model = read(weights) if isinstance(weights, str) else weights
        return _fit(replace(model, by=by or model.by), word)
    plain = vocab is None and hidden is None and seed is None and by in (None, "letter") and cell == "rnn"
    if word in (None, "hello") and plain:
        return _fit(article(), word)
    by = by or "letter"
    if word is None:
        word = "hello"
    symbols = split(word, by)
    _check_length(symbols, by)
    vocabulary = vocabulary_of(symbols) if vocab is None else check_vocabulary(split(vocab, by), "--vocab")
    hidden = 3 if hidden is None else hidden
    if hidden < 1:
        raise InputError(f"--hidden is {hidden}, expected at least 1: the network needs a hidden unit to remember with")
    check_size(len(symbols) - 1, len(vocabulary), hidden)
    return _fit(draw(cell, vocabulary, hidden, seed or 0, word=word, by=by), word)


def check_size(letters: int, vocabulary: int, hidden: int) -> None:
    """Raise InputError for a walk whose record would not fit: estimated before anything is computed."""
    numbers = (hidden + vocabulary) * (hidden + 4) * 2 + letters * (4 * hidden + 8 * vocabulary)
    estimate = 8 * numbers + letters * 14 * NODE_BYTES
    if estimate > MOST_MEMORY:
        raise InputError(
            f"{letters} steps with {hidden} hidden units and {vocabulary} symbols would take about "
            f"{estimate / 2**30:.1f} GiB to record, more than the limit of {MOST_MEMORY >> 30} GiB; "
            "take fewer hidden units or a shorter text"
        )


def _check_length(symbols: list[str], by: str) -> None:
    if len(symbols) < 2:
        found = "is empty" if not symbols else f"has one {by}, '{shown(symbols[0])}'"
        raise InputError(f"the word {found}; give at least two {by}s, so that there is a next one to name")


def _fit(model: Model, word: str | None) -> Problem:
    """The word as symbols of the model's vocabulary."""
    if word is None:
        word = model.word or ("hello" if set("hello") <= set(model.vocabulary) else None)
        if word is None:
            raise InputError("the weight file names no word; give one that is made of " + _some(model.vocabulary))
    symbols = split(word, model.by)
    _check_length(symbols, model.by)
    for position, symbol in enumerate(symbols, start=1):
        if symbol not in model.vocabulary:
            hint = near(symbol, model.vocabulary) if model.by == "word" else ""
            if model.by == "letter" and set(split(word, "word")) <= set(model.vocabulary):
                hint = "; its symbols are words: add --by word"
            raise InputError(
                f"{model.by} {position} of the word, '{shown(symbol)}', is not in the vocabulary "
                f"({_some(model.vocabulary)}){hint or '; use other letters, or a model that knows it (--vocab)'}"
            )
    check_size(len(symbols) - 1, len(model.vocabulary), model.hidden)
    return Problem(model, tuple(symbols))


def _some(vocabulary: tuple[str, ...]) -> str:
    names = [shown(symbol) for symbol in vocabulary]
    return ", ".join(names if len(names) <= 12 else [*names[:11], "…", names[-1]])
