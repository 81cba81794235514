"""The one exception for what a person can put right, and the one warning."""

from collections.abc import Iterable

LONGEST = 250  # characters of a sentence; what it quotes may be as long as a file
DIGITS = 12  # of a wrong number that are repeated


class InputError(ValueError):
    """Wrong usage or input: one clear sentence that says what, where, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(shortened(sentence))


class TooLargeError(InputError):
    """Numbers that grow too large on the way through a network; whose weights they are, who read them can say."""


class Note(UserWarning):
    """What may not be meant in what is read all the same: one sentence."""


def shortened(sentence: str) -> str:
    """The sentence with its middle left out where it is too long: what it is about stands first, what to do last."""
    if len(sentence) <= LONGEST:
        return sentence
    return f"{sentence[: LONGEST - 103].rstrip()} … {sentence[-100:].lstrip()}"


def check_number(name: str, value: float, least: float, most: float, *, above: bool = False, why: str = "") -> None:
    """Raise InputError for a number out of its range, or one that is none: the one place where numbers are checked.

    name: how a person calls it; above: ``least`` itself is too little; why: what the least is good for.
    """
    if (least < value if above else least <= value) and value <= most:  # false for not-a-number, too
        return
    found = str(value) if isinstance(value, int) else f"{value:g}"
    if len(found) > DIGITS:
        found = f"{found[:DIGITS]}… ({len(found)} digits)"
    low, high = (f"{limit:,}" if isinstance(limit, int) else f"{limit:g}" for limit in (least, most))
    if value > most:
        range_ = f"at most {high}"
    else:
        range_ = f"a number above {low}" if above else f"at least {low}" if value < least else "a number"
    raise InputError(f"{name} is {found}, expected {range_}{f': {why}' if why and value < least else ''}")


def whole_number(name: str, text: str | int) -> int:
    """A whole number as it is typed. Raises InputError; Python itself reads none of thousands of digits.

    name: how a person calls it.
    """
    try:
        if not str(text).isascii() or "_" in str(text):  # which Python reads
            raise ValueError
        return int(text)
    except ValueError:
        digits = str(text).strip().lstrip("+-")
        if digits.isascii() and digits.isdecimal():
            raise InputError(f"{name} has {len(digits):,} digits, expected a smaller number") from None
        raise InputError(f"{name} is '{str(text)[:40]}', expected a whole number") from None


def real_number(text: str) -> float:
    """A number with decimals as it is typed, NaN and infinity among them. Raises ValueError."""
    if not text.isascii() or "_" in text:  # which Python reads
        raise ValueError
    return float(text)


def near(wrong: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """A suggestion to end a sentence with: ``; did you mean 'Whh'?``, or nothing. cutoff: how alike they are at least."""
    from difflib import get_close_matches

    by_lower, typed = {name.lower(): name for name in known}, wrong.lower()
    swapped = [name for name in by_lower if sorted(name) == sorted(typed)]  # Wyh is Why sooner than Wxh
    close = swapped or get_close_matches(typed, by_lower, n=1, cutoff=cutoff)
    return f"; did you mean '{by_lower[close[0]]}'?" if close else ""
