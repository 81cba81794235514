"""rnnwalk gradients, as a reader sees it."""

import json
from pathlib import Path

import pytest

from rnnwalk.engine.cells import CELLS
from tests.conftest import Golden
from tests.examples import data

from .conftest import Run


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells that the golden comparison knows, whatever else is registered."""
    for name in set(CELLS) - {"rnn", "lstm", "gru"}:
        monkeypatch.delitem(CELLS, name)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("hello", []),
        ("pizza-lstm", ["--example", "pizza", "--cell", "lstm", "--clip", "0.5"]),
        ("pizza-compare", ["--example", "pizza", "--compare", "--forget-bias", "5"]),
        ("exploding", ["ab", "--hidden", "40", "--scale", "8", "--length", "60"]),
        ("gru-long", ["--cell", "gru", "--length", "100", "--digits", "3"]),
        ("one-letter", ["ab"]),
        ("beside", ["hello", "holle", "hoell", "--clip", "0.5"]),
    ],
)
def test_the_pages_read_as_accepted(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    result = run("gradients", *arguments)
    assert (result.code, result.err) == (0, "")
    golden(f"gradients-{name}.txt", result.out)


def test_the_json_holds_pytorchs_numbers(run: Run) -> None:
    told = json.loads(run("gradients", "--json").out)
    case = data("last-letter")["cases"]["hello-article"]
    for letter, expected in zip(told["flows"][0]["letters"], case["h"], strict=True):
        assert letter["error"]["h"]["value"] == pytest.approx(sum(v * v for v in expected) ** 0.5, rel=1e-12)


def test_of_words_side_by_side_json_has_a_flow_of_each_and_all_together_clipped_as_a_sum(run: Run) -> None:
    told = json.loads(run("gradients", "hello", "holle", "--clip", "0.5", "--json").out)
    alone = json.loads(run("gradients", "hello", "--clip", "0.5", "--json").out)
    assert told["word"] == ["hello", "holle"]
    clip = alone["flows"][0].pop("clip")
    assert told["flows"][0] == alone["flows"][0]
    assert "clip" not in told["flows"][0]
    for letter, *each in zip(told["together"]["letters"], *[flow["letters"] for flow in told["flows"]], strict=True):
        squares = sum(one["error"]["h"]["value"] ** 2 for one in each)
        assert letter["error"]["h"]["value"] == pytest.approx(squares**0.5, rel=1e-12)
    assert told["together"]["clip"]["norm"]["value"] != clip["norm"]["value"]
    refused = run("gradients", "hello", "holle", "--compare")
    assert (refused.code, "--compare sets cells side by side" in refused.err) == (2, True)


def test_an_overflow_is_said_in_words_and_never_as_not_a_number(run: Run) -> None:
    arguments = ["ab", "--hidden", "40", "--scale", "24", "--length", "1150"]
    result = run("gradients", *arguments)
    assert "Overflow: ∂L/∂h" in result.out
    assert "nan" not in result.out.lower().replace("banana", "")
    told = json.loads(run("gradients", *arguments, "--json").out)["flows"][0]
    first = told["letters"][0]["error"]["h"]
    assert first["value"] is None
    assert first["log10"] > 308


def test_an_underflow_is_said_in_words(run: Run) -> None:
    assert "Underflow: ∂L/∂h₁ is about 10^-" in run("gradients", "--length", "400").out


def test_a_narrow_screen_holds_every_number(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = run("gradients").out
    assert max(map(len, out.splitlines())) <= 40
    assert [line for line in out.splitlines() if line.startswith("‖J‖ ")] == [
        "‖J‖ 0.07610",
        "‖J‖ 0.08433",
        "‖J‖ 0.1789",
    ]


def test_a_comparison_has_a_flow_of_each_cell_and_all_of_one_size(run: Run) -> None:
    told = json.loads(run("gradients", "banana", "--hidden", "5", "--compare", "--json").out)
    assert [flow["cell"] for flow in told["flows"]] == list(CELLS)
    assert {flow["hidden"] for flow in told["flows"]} == {5}


BAD = [
    (["--example", "pasta"], ["pasta", "pizza"]),
    (["hello", "--example", "pizza"], ["word 1 of the text, 'hello', is not in the vocabulary (the, man, who"]),
    (["--length", "1"], ["--length", "2"]),
    (["--scale", "inf"], ["--scale is inf"]),
    (["--scale", "1e300"], ["--scale is 1e+300"]),
    (["--clip", "0"], ["--clip is 0"]),
    (["--clip", "nan"], ["--clip is nan"]),
    (["--compare", "--cell", "lstm"], ["--compare", "--cell"]),
    (["--compare", "--weights", "w.json"], ["--compare", "--weights"]),
    (["--forget-bias", "1"], ["no forget gate", "--cell lstm"]),
    (["banana", "--length", "9999999"], ["GiB"]),
    (["banana", "--hidden", "900", "--length", "50"], ["minutes"]),
    (["--length", "130", "--scale", "1000", "--form", "linear"], ["h_109 is no finite number any more"]),
    (["--length", "130", "--scale", "1000", "--form", "linear", "--json"], ["grow too large for a computer"]),
]


@pytest.mark.parametrize(("arguments", "phrases"), BAD, ids=lambda value: " ".join(value))
def test_wrong_usage_is_refused_in_one_sentence(run: Run, arguments: list[str], phrases: list[str]) -> None:
    result = run("gradients", *arguments)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    for phrase in phrases:
        assert phrase in result.err


def test_where_no_error_arrives_another_word_is_offered_and_not_more_of_the_same(run: Run) -> None:
    for words in (["aaaa"], ["aaa", "aaa"]):
        told = run("gradients", *words).out
        assert ("rnnwalk gradients hello\n" in told, f"{words[-1]} --length" in told) == (True, False)


def test_the_forget_bias_is_written_into_drawn_weights(run: Run) -> None:
    run("weights", "new", "--cell", "lstm", "--forget-bias", "1", "-o", "w.json")
    assert json.loads(Path("w.json").read_text("utf-8"))["weights"]["bf"] == [1, 1, 1]
    result = run("walk", "--weights", "w.json", "--forget-bias", "1")
    assert (result.code, "--forget-bias and --weights" in result.err) == (2, True)


def test_the_story_of_an_example_is_not_told_of_other_weights(run: Run) -> None:
    told = "An error that really explodes."
    assert told in run("gradients", "--example", "exploding").out
    assert told not in run("gradients", "--example", "exploding", "--scale", "0.1").out
