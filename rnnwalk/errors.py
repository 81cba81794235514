"""The one exception for what a person can put right."""

from collections.abc import Iterable

LONGEST = 250  # characters of a sentence; what it quotes may be as long as a file


class InputError(ValueError):
    """Wrong usage or input: one clear sentence that says what, where, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(shortened(sentence))


def shortened(sentence: str) -> str:
    """The sentence with its middle left out where it is too long: what it is about stands first, what to do last."""
    if len(sentence) <= LONGEST:
        return sentence
    return f"{sentence[: LONGEST - 103].rstrip()} … {sentence[-100:].lstrip()}"


def near(wrong: str, known: Iterable[str]) -> str:
    """A suggestion to end a sentence with: ``; did you mean 'Whh'?``, or nothing."""
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(wrong.lower(), by_lower, n=1, cutoff=0.5)
    return f"; did you mean '{by_lower[close[0]]}'?" if close else ""
