"""Suggestions in messages."""

from rnnwalk.errors import InputError, near


def test_a_slip_is_answered_with_the_near_name_and_nonsense_with_nothing() -> None:
    assert near("whh", ["Wxh", "Whh"]) == "; did you mean 'Whh'?"
    assert near("bananna.json", ["apple.json", "banana.json"]) == "; did you mean 'banana.json'?"
    assert near("Wyh", ["Wxh", "Whh", "Why"]) == "; did you mean 'Why'?"
    assert near("zzz", ["Wxh", "Whh"]) == ""
    assert near("h", []) == ""


def test_an_input_error_is_a_value_error() -> None:
    assert issubclass(InputError, ValueError)
