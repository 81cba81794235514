"""What a reader sees as one letter is one symbol."""

import unicodedata

import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.symbols import check_vocabulary, shown, split, vocabulary_of

# The text and its letters, as Unicode's annex 29 has them ("extended grapheme clusters"), after NFC.
LETTERS = {
    "hello": ["h", "e", "l", "l", "o"],
    "cafe\u0301": ["c", "a", "f", "é"],
    "👩‍🏫👍🏽": ["👩‍🏫", "👍🏽"],
    "👨‍👩‍👧‍👦a": ["👨‍👩‍👧‍👦", "a"],
    "हिंदी": ["हिं", "दी"],
    "🇩🇪🇫🇷": ["🇩🇪", "🇫🇷"],
    "🇩🇪🇫": ["🇩🇪", "🇫"],
    "a🇩🇪b": ["a", "🇩🇪", "b"],
    "\u1112\u1161\u11ab\u1100\u1173\u11af": ["한", "글"],
    "ᄒᆞᆫ글": ["ᄒᆞᆫ", "글"],
    "你好": ["你", "好"],
    "שָׁלוֹם": ["שָׁ", "ל", "וֹ", "ם"],
    "مَرْحَبًا": ["مَ", "رْ", "حَ", "بً", "ا"],
    "1️⃣2": ["1️⃣", "2"],
    "สวัสดี": ["ส", "วั", "ส", "ดี"],
    "a b": ["a", " ", "b"],
    "x\ny": ["x", "\n", "y"],
    "": [],
}


@pytest.mark.parametrize("text", LETTERS)
def test_a_text_is_split_as_a_reader_splits_it(text: str) -> None:
    assert split(text) == [unicodedata.normalize("NFC", letter) for letter in LETTERS[text]]


def test_words_are_split_at_blanks_of_any_kind() -> None:
    assert split("  we love\tworking on\ndeep learning ", "word") == ["we", "love", "working", "on", "deep", "learning"]


def test_the_vocabulary_is_in_order_of_first_appearance() -> None:
    assert vocabulary_of(split("banana")) == ("b", "a", "n")
    assert vocabulary_of(split("e\u0301é")) == ("é",)


@pytest.mark.parametrize(
    ("symbols", "says"),
    [
        (["a", "b", "a"], r"here: .*'?a'? twice \(symbols 1 and 3\)"),
        (["é", "e\u0301"], r"é twice \(symbols 1 and 2\)"),
        (["a", ""], "symbol 2 of the vocabulary is empty"),
        ([], "the vocabulary is empty"),
    ],
)
def test_a_bad_vocabulary_is_refused(symbols: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        check_vocabulary(symbols, "here")


INVISIBLE = [
    " ",
    "\t",
    "\n",
    "\r",
    "\u00a0",
    "\x00",
    "\x1b",
    "\x7f",
    "\u3000",
    "\u2003",
    "\u2028",
    "\u200b",
    "\u202e",
    "\ud800",
]


@pytest.mark.parametrize("symbol", INVISIBLE, ids=ascii)
def test_an_invisible_symbol_is_shown_with_a_visible_sign(symbol: str) -> None:
    text = shown(symbol)
    assert text.isprintable()
    assert text.strip()
    assert text.encode("utf-8")


def test_invisible_symbols_and_their_signs_look_different() -> None:
    symbols = [*INVISIBLE, "␣", "⇥", "⏎", "␍", "⍽"]
    assert len({shown(symbol) for symbol in symbols}) == len(symbols)


@pytest.mark.parametrize("symbol", ["a", "é", "👩‍🏫", "हि", "🇩🇪", "한", "ש", "\\"])
def test_a_visible_symbol_is_shown_as_it_is(symbol: str) -> None:
    assert shown(symbol) == symbol


def test_an_accent_without_a_letter_stands_on_a_ring_of_its_own() -> None:
    assert shown("\u0301") == "◌\u0301"
    assert shown("e\u0301") == "e\u0301"
