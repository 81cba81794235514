"""Plain words for numbers: 4 symbols, 3×4, h₂."""

import codecs
import re
from collections.abc import Iterable
from itertools import takewhile

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
MOST_NAMED = 100  # characters of a file's name in a sentence
FEW = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

JSON = "rnnwalk.json"  # an error handler, to encode JSON with: what an encoding cannot hold becomes an escape of JSON's own


def _escaped(error: UnicodeError) -> tuple[str, int]:
    import json

    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(JSON, _escaped)


def count(number: int, noun: str) -> str:
    """A number of things: 1 symbol, 4 symbols, 2 classes."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Several of a thing: letters, classes."""
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def with_article(spoken: str) -> str:
    """What begins with a number, with the article that it is read with: an 8×4, an 11×4, an 18×3, a 3×4."""
    vowel = re.match("8|1[18](?![0-9])", spoken)  # eighty, eleven, eighteen thousand
    return f"{'an' if vowel else 'a'} {spoken}"


def in_words(number: int) -> str:
    """A small number as a word: three."""
    return FEW[number] if 0 <= number < len(FEW) else str(number)


def kind(value: object) -> str:
    """What a value of a JSON file is, in a sentence that says that it is another one: null, the text 'x', a list."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def listed(names: Iterable[str], joint: str = "and") -> str:
    """Names in a sentence: rnn, lstm and gru."""
    *first, last = names
    return f"{', '.join(first)} {joint} {last}" if first else last


def spelled(initials: str) -> str:
    """Initials with the article that they are spoken with: an rnn, a gru."""
    return f"{'an' if initials[0].lower() in 'aefhilmnorsx' else 'a'} {initials}"


def beginning(names: Iterable[str]) -> str:
    """The letters that all names begin with: Wx of Wxf and Wxi."""
    return "".join(
        letters[0] for letters in takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    )


def size(shape: tuple[int, ...]) -> str:
    """A shape as the article writes it: 3×4."""
    return "×".join(map(str, shape)) if shape else "1×1"


def subscript(number: int) -> str:
    """The number as it stands below the line: ₁₂."""
    return str(number).translate(SUBSCRIPTS)


def begun(text: str, most: int = 80) -> str:
    """A text, or of a long one its beginning."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def named(path: object, most: int = MOST_NAMED) -> str:
    """The name of a file as it stands in a sentence: what cannot be printed as an escape, of a long one its end."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(path)[-most:])
    cut = max(len(text), len(str(path))) > most
    return f"…{text[1 - most :]}" if cut else text or "''"


def typed(path: object) -> str:
    """The name of a file as it is typed in a shell, or FILE where that cannot be shown."""
    import shlex

    return shlex.quote(str(path)) if str(path).isprintable() else "FILE"
