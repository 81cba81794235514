"""From a text to the words that are read: small letters, filters, a cut, and a length that is the same for all.

The rules and their names are those of Keras' Tokenizer and pad_sequences
(https://keras.io/2.16/api/preprocessing/ and the source of keras_preprocessing, text.py and sequence.py), but that texts
are in NFC, as everywhere here.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from rnnwalk.errors import InputError

PADDING = "<pad>"
"""What is read where a text is too short: row 0 of the vocabulary."""

KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
MOST_STEPS = 10**6
ENDS = ("pre", "post")

T = TypeVar("T")


class TextRules(NamedTuple):
    """lower: in small letters; filters: characters that are blanks here; split: what stands between two words, "" for
    any white space; maxlen: how many words are read of every text, None for as many as it has; padding, truncating: at
    which end, "pre" or "post", a text gets PADDING or loses words for that; num_words: only words whose rows are below
    are in the vocabulary, whose rows are ranks: the most frequent first, from 1.
    """

    lower: bool = False
    filters: str = ""
    split: str = ""
    maxlen: int | None = None
    padding: str = "pre"
    truncating: str = "pre"
    num_words: int | None = None

    def words(self, text: str) -> list[str]:
        """The words of a text, known or not."""
        text = text.lower() if self.lower else text
        text = text.translate(_blanks(self.filters, self.split or " "))
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return [word for word in text.split(self.split) if word] if self.split else text.split()

    def fitted(self, words: Sequence[T], padding: T) -> list[T]:
        """As many of the words (or their rows) as are read, ``padding`` where there are too few."""
        found = list(words)
        if self.maxlen is None:
            return found
        found = found[-self.maxlen :] if self.truncating == "pre" else found[: self.maxlen]
        missing = [padding] * (self.maxlen - len(found))
        return missing + found if self.padding == "pre" else found + missing

    def beyond(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that ``fitted`` takes away."""
        if self.maxlen is None:
            return ()
        return tuple(words[: -self.maxlen] if self.truncating == "pre" else words[self.maxlen :])

    def to_record(self) -> dict[str, Any]:
        """What a weight file says of them: what is not the default."""
        default = TextRules()._asdict()
        return {name: value for name, value in self._asdict().items() if value != default[name]}


@cache
def _blanks(filters: str, split: str) -> Mapping[int, str]:
    return dict.fromkeys(map(ord, filters), split)


KERAS = TextRules(lower=True, filters=KERAS_FILTERS, split=" ")
"""Keras' own defaults."""


def check_rules(rules: TextRules, vocabulary: tuple[str, ...], where: str) -> None:
    """Raise InputError for rules that cannot be followed, or that the vocabulary does not fit."""
    for name, least in (("maxlen", 1), ("num_words", 2)):
        value = getattr(rules, name)
        if value is not None and not least <= value <= MOST_STEPS:
            raise InputError(f"{where}: {name} is {value}, expected {least} to {MOST_STEPS:,}")
    for name in ("padding", "truncating"):
        if getattr(rules, name) not in ENDS:
            raise InputError(f"{where}: {name} is '{getattr(rules, name)}', expected 'pre' or 'post'")
    if rules.maxlen is not None and vocabulary[:1] != (PADDING,):
        raise InputError(
            f"{where}: texts are padded to {rules.maxlen} words, but the vocabulary does not begin with '{PADDING}'"
        )


def rules_of(record: Any, where: str) -> TextRules:
    """The rules that a weight file names with its key text. Raises InputError."""
    wanted: dict[str, type] = {"lower": bool, "maxlen": int, "num_words": int}
    good = isinstance(record, dict) and all(
        name in TextRules._fields and type(value) is wanted.get(name, str) for name, value in record.items()
    )
    if not good:
        raise InputError(
            f'{where}: \'text\' must be an object such as {{"lower": true, "filters": ",.!?", "maxlen": 15}}; '
            f"known: {', '.join(TextRules._fields)}"
        )
    return TextRules(**record)
