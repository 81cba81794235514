"""The rules of texts, against what Keras' documentation of Tokenizer, text_to_word_sequence and pad_sequences says."""

import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.text_rules import KERAS, PADDING, TextRules, rules_of

# The examples of https://keras.io/api/data_loading/timeseries and tf.keras.utils.pad_sequences: [[1], [2, 3], [4, 5, 6]].
SEQUENCES = [[1], [2, 3], [4, 5, 6]]


def fit(**rules: object) -> list[list[int]]:
    return [TextRules(**rules).fitted(sequence, 0) for sequence in SEQUENCES]  # type: ignore[arg-type]


def test_sequences_are_padded_and_truncated_as_in_the_examples_of_pad_sequences() -> None:
    assert fit(maxlen=3) == [[0, 0, 1], [0, 2, 3], [4, 5, 6]]
    assert fit(maxlen=3, padding="post") == [[1, 0, 0], [2, 3, 0], [4, 5, 6]]
    assert fit(maxlen=2) == [[0, 1], [2, 3], [5, 6]]
    assert fit(maxlen=2, truncating="post") == [[0, 1], [2, 3], [4, 5]]
    assert fit() == SEQUENCES


def test_words_are_cut_as_by_text_to_word_sequence() -> None:
    # Worked by hand from its documentation: filters are replaced by the split, words of no letters are dropped, and
    # only blanks part two words; an apostrophe is no filter.
    assert KERAS.words("I LOVE this -- don't you?\n(Yes)") == ["i", "love", "this", "don't", "you", "yes"]
    assert KERAS.words("one\rtwo\u00a0three  four") == ["one\rtwo\u00a0three", "four"]
    assert TextRules().words("One,\rtwo") == ["One,", "two"]
    assert KERAS.words("e\u0301te\u0301") == ["été"]  # NFC, as everywhere in rnnwalk


def test_a_file_names_what_is_not_the_default_and_old_files_are_read() -> None:
    assert TextRules().to_record() == {}
    rules = KERAS._replace(maxlen=15, padding="post", num_words=2000)
    assert rules_of(rules.to_record(), "w.json") == rules
    assert rules_of({"lower": True, "filters": ",.!?"}, "w.json") == TextRules(True, ",.!?")
    for wrong in ({"maxlen": True}, {"lowers": True}, {"filters": 1}, []):
        with pytest.raises(InputError, match=r"^w.json: 'text' must be an object"):
            rules_of(wrong, "w.json")


def test_the_padding_cannot_come_from_a_text() -> None:
    assert KERAS.words(f"a {PADDING} b") == ["a", "pad", "b"]
