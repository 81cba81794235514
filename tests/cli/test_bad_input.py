"""Whatever a person can get wrong gets one clear sentence on stderr, exit code 2, and leaves nothing behind."""

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.model import weightfile
from rnnwalk.model.weightfile import article

from .conftest import Run

GOOD: dict[str, Any] = {
    "cell": "rnn",
    "vocabulary": ["a", "b"],
    "weights": {"Wxh": [[1, 2], [3, 4], [5, 6]], "Whh": [[0.5]], "Why": [[1, 2, 3], [4, 5, 6]]},
}


def changed(**weights: Any) -> dict[str, Any]:
    return GOOD | {"weights": GOOD["weights"] | weights}


FILES = {
    "a misspelt matrix": (changed(Whx=[[1]]), ["Whx", "did you mean 'Wxh'"]),
    "a missing matrix": (GOOD | {"weights": {"Wxh": [[1, 2]]}}, ["'Whh' is missing"]),
    "ragged rows": (changed(Why=[[1, 2, 3], [4, 5]]), ["Why", "ragged", "row 2 has 2"]),
    "a wrong shape": (changed(Why=[[1, 2], [4, 5]]), ["Why is 2×2", "expected 2×3", "Wxh has 3 rows"]),
    "a wrong number of columns": (changed(Wxh=[[1, 2, 3]] * 3), ["Wxh is 3×3", "expected 3×2", "2 symbols"]),
    "a wrong Whh": (changed(Whh=[[1, 2], [3, 4]]), ["Whh is 2×2", "expected 3×3 or 1×1", "Wxh has 3 rows"]),
    "null in a matrix": (changed(Whh=[[None]]), ["Whh row 1, column 1 is null"]),
    "text in a matrix": (changed(Whh=[["0,5"]]), ["Whh row 1, column 1 is the text '0,5'"]),
    "true in a matrix": (changed(Whh=[[True]]), ["Whh row 1, column 1 is true"]),
    "an empty matrix": (changed(Whh=[]), ["Whh is empty"]),
    "a symbol twice": (GOOD | {"vocabulary": ["a", "a"]}, ["the vocabulary has a twice", "symbols 1 and 2"]),
    "an empty vocabulary": (GOOD | {"vocabulary": []}, ["vocabulary is empty"]),
    "a misspelt key": ({"vocab": ["a"], "weights": {}}, ["'vocabulary' is missing", "'vocab'"]),
    "an unknown cell": (GOOD | {"cell": "rn"}, ["unknown cell 'rn'", "did you mean 'rnn'"]),
    "an unknown form": (GOOD | {"form": "relo"}, ["unknown form 'relo'", "tanh"]),
    "a newer format": (GOOD | {"format": 9}, ["format 9", "format 1"]),
    "a list": ([1], ["holds a list"]),
    "a decimal comma": (changed(bh=[[0], [45], [0.65], [1.5]]), ["is 0,45 a decimal comma? write 0.45"]),
    "decimal commas": (changed(Whh=[[0, 43]]), ["Whh is 1×2", "decimal commas? JSON writes 0.5"]),
    "decimal commas in a square network": (
        changed(**{name: [[0, 5, 0, 4], [1, 3, 0, 2]] for name in ["Wxh", "Whh", "Why"]}),
        ["Wxh is 2×4, expected 2×2", "decimal commas? JSON writes 0.5"],
    ),
    "a transposed matrix": (changed(Why=[[1, 2], [3, 4], [5, 6]]), ["Why is 3×2", "looks transposed"]),
    "a state among the weights": (changed(h0=[1, 2, 3]), ["h0 is no weight; write 'h0' beside 'weights', not in it"]),
    "a wrong h0": (GOOD | {"h0": [1, 2]}, ["h0 is 2×1", "expected 3×1"]),
}


@pytest.mark.parametrize("case", FILES)
def test_a_weight_file_with_something_wrong_is_refused_in_one_sentence(run: Run, case: str) -> None:
    record, phrases = FILES[case]
    Path("w.json").write_text(json.dumps(record), "utf-8")
    result = run("walk", "ab", "--weights", "w.json")
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1, "one sentence"
    assert result.err.startswith("rnnwalk: w.json: ")
    for phrase in phrases:
        assert phrase in result.err


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
def test_a_number_that_is_not_finite_is_refused_with_its_place(run: Run, number: str) -> None:
    Path("w.json").write_text(json.dumps(changed(Whh=[[0.5]])).replace("[[0.5]]", f"[[{number}]]"), "utf-8")
    result = run("walk", "ab", "--weights", "w.json")
    assert result.code == 2
    assert "Whh row 1, column 1 is " in result.err


def test_a_quantity_after_its_text_is_told_to_come_before_it(run: Run) -> None:
    result = run("explain", "banana", "dWhh[1,2]")
    right = "rnnwalk explain 'dWhh[1,2]' banana"
    assert (result.code, result.err) == (2, f"rnnwalk: no quantity 'banana'; it comes before the text: {right}\n")


def test_a_missing_file_is_named_with_a_near_one(run: Run) -> None:
    Path("banana.json").write_text("{}", "utf-8")
    result = run("walk", "--weights", "bananna.json")
    assert (result.code, result.err) == (2, "rnnwalk: bananna.json: no such file; did you mean 'banana.json'?\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"cell": "rnn",\n}', "a comma after the last entry; take it out"),
        ("[1, 2, ]", "a comma after the last entry"),
        ('{"cell": "rnn",, "form": "tanh"}', "a comma too many; take it out"),
        ('{"h0": [0.5,, 0.65]}', "a comma too many; take it out"),
        ('{"h0": 0,5}', "line 1, column 10: a decimal comma; write a point"),
        ('{"weights": [[1, 0,05]]}', "a decimal comma"),
        ('{"h0": +0.5}', "a number with a plus sign"),
        ('{"h0": [[1; 2]]}', "a semicolon"),
        ('{"h0": [[1, 2]', "ends before it is complete"),
        ('{"h0": .85}', "line 1, column 8: a number has digits on both sides of its point, as in 0.5"),
        ('{"h0": [-.5]}', "a number has digits on both sides"),
        ('{"h0": [1.]}', "a number has digits on both sides"),
        ('{"weights": [[1, 2]\n[3, 4]]}', "line 2, column 1: a comma is missing before this"),
        ('{"h0": 1 "cell": "rnn"}', "line 1, column 10: a comma is missing before this"),
        ('{"h0": 1, // none\n"cell": "rnn"}', "line 1, column 11: a comment; JSON has none"),
        ("{'cell': 'rnn'}", "line 1, column 2: single quotes; JSON has double ones"),
        ("{“cell”: 1}", "line 1, column 2: curly quotation marks; JSON has straight ones"),
        ("# Weights", "line 1, column 1: a weight file begins with {"),
        ('{"h0": ]}', "line 1, column 8: a value is missing here"),
    ],
)
def test_a_slip_in_json_is_named(run: Run, text: str, says: str) -> None:
    Path("w.json").write_text(text, "utf-8")
    assert says in run("walk", "--weights", "w.json").err


def test_a_vocabulary_in_one_text_is_read_as_its_letters_or_words(run: Run) -> None:
    texts = []
    for vocabulary, more in ((["a", "b"], {}), ("ab", {}), ("a b", {"symbols": "word", "word": "a b a"})):
        Path("w.json").write_text(json.dumps(GOOD | {"vocabulary": vocabulary} | more), "utf-8")
        texts.append(json.loads(run("walk", "aba" if not more else "a b a", "--weights", "w.json", "--json").out))
    assert [text["vocabulary"] for text in texts] == [["a", "b"]] * 3
    assert texts[0]["loss"] == texts[1]["loss"] == texts[2]["loss"]


def test_unreadable_json_is_refused_with_line_and_column(run: Run) -> None:
    Path("w.json").write_text('{\n  "cell": "rnn",\n  "vocabulary" ["a"]\n}', "utf-8")
    result = run("walk", "--weights", "w.json")
    assert result.code == 2
    assert "w.json: is not JSON: line 3, column 16" in result.err


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[" * 100_000, b"PK\x03\x04 not a zip"])
def test_a_file_that_is_something_else_is_refused(run: Run, data: bytes) -> None:
    Path("w.json").write_bytes(data)
    result = run("walk", "--weights", "w.json")
    assert result.code == 2
    assert result.err.startswith("rnnwalk: w.json: is not ")


def test_a_directory_is_not_a_weight_file(run: Run) -> None:
    result = run("walk", "--weights", ".")
    assert result.code == 2
    assert "is a directory" in result.err


def test_a_pickled_npz_is_refused_and_never_unpickled(run: Run) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (Path("exploded"),))

    np.savez("w.npz", Wxh=np.array([Bomb()], dtype=object))
    result = run("walk", "--weights", "w.npz")
    assert result.code == 2
    assert "pickled" in result.err
    assert not Path("exploded").exists()


def test_a_terminal_is_never_sent_a_control_character_of_a_text_or_a_file(run: Run) -> None:
    hostile = "\x1b]0;owned\x07"
    Path("w.json").write_text(json.dumps(changed(**{f"W{hostile}": [[1]]})), "utf-8")
    shown = [
        run("walk", f"a{hostile}"),
        run("walk", f"we {hostile} we", "--by", "word"),
        run("walk", "--weights", "w.json"),
        run("walk", "--weights", f"{hostile}.json"),
        run("explain", f"h{hostile}"),
    ]
    for result in shown:
        assert set(result.out + result.err) & {"\x1b", "\x07"} == set()


@pytest.mark.parametrize("word", ["-abc", "--all", "it's", "a b", "a\nb"])
def test_the_commands_named_at_the_end_of_a_walk_work(run: Run, word: str) -> None:
    lines = run("walk", "--seed", "3", "--", word).out.splitlines()
    explain = next(line for line in lines if line.startswith("  rnnwalk explain"))
    again = run(*shlex.split(explain)[1:])
    assert (again.code, again.err) == (0, "") if "TEXT" not in explain else word == "a\nb"


WORDS = [
    (["walk", "hexlo", "--vocab", "helo"], ["letter 3", "'x'", "h, e, l, o"]),
    (["walk", "hello", "--vocab", "helol"], ["--vocab", "l twice"]),
    (["walk", ""], ["the word is empty"]),
    (["walk", "a"], ["one letter, 'a'"]),
    (["walk", "e\u0301"], ["one letter, 'é'"]),
    (["walk", "one", "--by", "word"], ["one word, 'one'"]),
    (["walk", "banana", "--hidden", "0"], ["--hidden is 0", "at least 1"]),
    (["walk", "banana", "--hidden", "100000"], ["the weights of a network with 100000", "limit of 2 GiB"]),
    (["walk", "--step", ""], ["--step is empty; give it"]),
    (["walk", "--save", ""], ["--save is empty; give it a value, or leave it out"]),
    (["train", "--precision", "half"], ["Invalid value for '--precision': 'half' is not one of 'single', 'double'"]),
    (["train", "hello", "--batch", "5"], ["--batch does nothing with one line"]),
    (["walk", "--letter", "9"], ["--letter is 9", "1 to 4"]),
    (["walk", "--letter", "1", "--step", "4"], ["--step is 4", "1, 2, 3, 6, 7"]),
    (["walk", "--json", "--letter", "1"], ["--json", "--letter"]),
    (["walk", "--digits", "0"], ["'--digits': it is 0, expected at least 1"]),
    (["walk", "--backward", "--lr", "fast"], ["'--lr': it is 'fast', expected a number"]),
    (["walk", "--backward", "--lr", "1_0"], ["'--lr': it is '1_0', expected a number"]),
    (["walk", "--backward", "--lr", "0,5"], ["'--lr': it is '0,5', expected a number, as in 0.5"]),
    (["walk", "banana", "--hidden", "3.0"], ["'--hidden': it is '3.0', expected a whole number"]),
    (["train", "hello", "-o"], ["Option '-o' requires an argument"]),  # and no file is written that is called --
    (["walk", "hello", "--seed"], ["Option '--seed' requires an argument"]),
    (["walk", "--form", "cho2014"], ["unknown form 'cho2014' of rnn", "it is a form of gru"]),
    (["walk", "--example", "sentiment", "--target", "neutral"], ["rnnwalk: the target: 'neutral' is none of"]),
    (["walk", "--hiden", "3"], ["--hiden; did you mean '--hidden'? (see rnnwalk walk --help)"]),
    (["train", "--lerning-rate", "1"], ["--lerning-rate; did you mean '--lr'?"]),  # as its help calls it
    (["generate", "--temp", "1"], ["--temp; did you mean '--temperature'?"]),
    (["walk", "--foo"], ["No such option: --foo (see rnnwalk walk --help)"]),
    (["wlak"], ["wlak", "walk"]),
    (["explain", "u_2"], ["no quantity 'u_2'", "h_0"]),
    (["explain", "H_2"], ["no quantity 'H_2'", "did you mean 'h_2'"]),
    (["explain", "h_2[9]"], ["no element 'h_2[9]'", "1, 2, 3", "h_2[1]"]),
    (["explain", "p_2[x]"], ["no element 'p_2[x]'", "h, e, l, o"]),
    (["explain", "h"], ["no quantity 'h'", "did you mean 'h_1'"]),
    (["explain", "h_9"], ["no quantity 'h_9'", "h_0…h_4"]),
    (["weights", "show", "none.json"], ["no such file"]),
    (["walk", "hello", "--form", "all"], ["--form all", "--cell gru"]),
    (["walk", "hello", "--cell", "gru", "--form", "cho2015"], ["unknown form 'cho2015'", "did you mean 'cho2014'"]),
    (["walk", "hello", "--cell", "gruu"], ["gruu", "gru"]),
]


@pytest.mark.parametrize(("arguments", "phrases"), WORDS, ids=lambda value: " ".join(value))
def test_wrong_usage_is_refused_in_one_sentence(run: Run, arguments: list[str], phrases: list[str]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    for phrase in phrases:
        assert phrase in result.err


def test_drawing_options_do_not_go_with_a_weight_file(run: Run) -> None:
    run("weights", "new", "-o", "w.json")
    result = run("walk", "--weights", "w.json", "--hidden", "4")
    assert (result.code, "--hidden and --weights" in result.err) == (2, True)


def test_a_word_split_into_letters_for_a_model_of_words_is_told_how_to_split(run: Run) -> None:
    run("weights", "new", "--word", "we love love", "--by", "word", "-o", "w.json")
    assert run("walk", "--weights", "w.json").code == 0
    result = run("walk", "we love", "--weights", "w.json", "--by", "letter")
    assert "--by word" in result.err


@pytest.mark.parametrize("arguments", [["walk", "--save"], ["weights", "new", "-o"]])
def test_an_existing_file_is_replaced_only_with_force(run: Run, arguments: list[str]) -> None:
    name = "out.md" if "--save" in arguments else "out.json"
    Path(name).write_text("mine", "utf-8")
    result = run(*arguments, name)
    assert (result.code, Path(name).read_text("utf-8")) == (2, "mine")
    assert "--force" in result.err
    assert run(*arguments, name, "--force").code == 0
    assert Path(name).read_text("utf-8") != "mine"


@pytest.mark.parametrize(
    ("target", "phrase"),
    [("folder.md", "is a directory"), ("no/such/out.md", "does not exist"), ("out.doc", "unknown ending '.doc'")],
)
def test_a_target_that_cannot_be_written_is_refused_before_anything_is_computed(
    run: Run, target: str, phrase: str
) -> None:
    Path("folder.md").mkdir()
    result = run("walk", "--save", target)
    assert (result.code, phrase in result.err) == (2, True)
    assert [path.name for path in Path().iterdir()] == ["folder.md"]


@pytest.mark.parametrize(
    ("arguments", "phrases"),
    [
        (["walk", "--lr", "0.5"], ["--lr does nothing without --backward"]),
        (["walk", "--all", "--step", "2"], ["--all does nothing beside --step"]),
        (["walk", "--backward", "--step", "2"], ["--backward does nothing beside --step 2", "steps 8 to"]),
        (["gradients", "--compare", "--target", "x"], ["--compare draws an rnn", "it does not go with --target"]),
        (["walk", "--all", "--letter", "2"], ["--all does nothing beside --letter"]),
        (["walk", "--json", "--digits", "3"], ["--digits does nothing beside --json"]),
        (["walk", "--json", "--formulas", "both"], ["--formulas does nothing beside --json"]),
        (["walk", "--force"], ["--force does nothing without --save"]),
        (["walk", "-i", "--save", "w.md"], ["--save does nothing beside --interactive"]),
        (["walk", "--cell", "gru", "--form", "all", "--lr", "1"], ["--lr does nothing without --backward"]),
        (["explain", "h_2", "--lr", "0.5"], ["--lr does nothing without a quantity of learning"]),
        (["explain", "x_1", "--seed", "3"], ["--seed does nothing without a quantity that follows from the weights"]),
        (["export", "-o", "w.xlsx", "--optimizer", "adam"], ["--optimizer does nothing without --backward or --train"]),
        (["export", "-o", "w.xlsx", "--clip", "1"], ["--clip does nothing without"]),
        (["train", "--force"], ["--force does nothing without --output"]),
        (["gradients", "--json", "--digits", "3"], ["--digits does nothing beside --json"]),
        (["generate", "-w", "w.json", "--digits", "3"], ["--digits does nothing without --show"]),
        (["generate", "-w", "w.json", "--temperature", "0", "--seed", "1"], ["--seed does nothing beside"]),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(arguments: list[str], phrases: list[str], run: Run) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert all(phrase in result.err for phrase in phrases), result.err


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["walk", "--cell", "lstm", "--forget-bias", "nan"], "--forget-bias is nan, expected a number"),
        (["weights", "new", "-o", "w.json", "--cell", "lstm", "--forget-bias", "nan"], "--forget-bias is nan"),
        (
            ["walk", "banana", "--hidden", "9" * 4000],
            "--hidden is 999999999999… (4000 digits), expected at most 1,000,000",
        ),
        (["train", "banana", "--embedding", "9" * 5000], "--embedding has 5,000 digits, expected a smaller number"),
        (["explain", f"h_2[{'9' * 5000}]"], "no element 'h_2[9999"),
        (["weights", "new", "-o", "n.json", "--hidden", "0"], "--hidden is 0, expected at least 1"),
        (["walk", "--json", "--letter", "0"], "--letter does nothing beside --json"),
        (["explain", "h_1", "--lr", "0"], "--lr does nothing without"),
        (["explain", "x_1", "--digits", "3"], "--digits does nothing without a quantity with decimals"),
        (["walk", "banana", "--seed", "9" * 40], "--seed is 999999999999… (40 digits)"),
        (["walk", "--backward", "--lr", "1e308"], "the learning rate is 1e+308, expected at most 1e+100"),
        (["train", "a b", "--validation", "0.5"], "--validation holds back lines to check, and there is only one; "),
        (["train", "ab", "ba", "--validation", "nan"], "--validation is nan, expected a number"),
        (["train", "--epochs", "0"], "--epochs is 0, expected at least 1"),
        (["train", "--batch", "9" * 40], "--batch is 999999999999… (40 digits), expected at most 1,000,000,000,000"),
        (["train", "--patience", "-1"], "--patience is -1, expected at least 1"),
        (
            ["train", "--seed", "9" * 40],
            "--seed is 999999999999… (40 digits), expected at most 1,000,000,000,000,000,000",
        ),
        (["generate", "-w", "in.json", "--seed", "9" * 40], "--seed is 999999999999… (40 digits), expected at most"),
        (["export", "-o", "a.xlsx", "--train", "9" * 40], "--train is 999999999999… (40 digits), expected at most"),
        (
            ["walk", "ab" * 6000, "--json"],
            "every number is recorded, of at most 10,000 letters, and the text has 11,999; take a part of it",
        ),
        (["walk", "ab" * 6000, "--backward"], "every number is recorded, of at most 10,000 letters, and the text has"),
        (["explain", "dWhh", "ab" * 6000], "every number is recorded, of at most 10,000 letters, and the text has"),
        (
            ["walk", "ab" * 600, "--cell", "gru", "--form", "all"],
            "--form all shows every letter, of at most 1,000, and the",
        ),
        (
            ["walk", "ab" * 600, "--all"],
            "--all shows at most 1,000 letters in full, and the text has 1,199; take a part",
        ),
        (["walk", "--digits", "٣"], "it is '٣', expected a whole number"),
        (["walk", "--backward", "--lr", "٣"], "it is '٣', expected a number"),
        (["walk", "--backward", "--lr", "1_0"], "it is '1_0', expected a number"),
        (["walk", "--cell", ""], "--cell is empty; give it a value, or leave it out"),
        (["weights", "new", "--cell=", "-o", "w.json"], "--cell is empty; give it a value, or leave it out"),
        (["train", "--data", ""], "--data is empty; give it a value, or leave it out"),
        (["train", "--epochs", "1_0"], "it is '1_0', expected a whole number"),
        (["gradients", "--length", "9" * 30], "--length is 999999999999… (30 digits)"),
        (["gradients", "--clip", "inf"], "--clip is inf, expected at most"),
    ],
)
def test_a_number_out_of_its_range_is_refused_in_one_short_sentence(
    arguments: list[str], phrase: str, run: Run
) -> None:
    weightfile.write(article(), Path("in.json"), force=False)
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert phrase in result.err
    assert result.err.count("\n") == 1
    assert len(result.err) < 300


def test_a_loss_whose_probability_underflows_is_told_in_the_gradient_flow(run: Run, tmp_path: Path) -> None:
    weights = {"Wxh": [[1e90, 1], [1, 1]], "Whh": [[1, 0], [0, 1]], "Why": [[1e99, -1e99], [1, 1]]}
    (tmp_path / "big.json").write_text(json.dumps({"vocabulary": ["a", "b"], "weights": weights}), "utf-8")
    result = run("gradients", "abab", "--weights", "big.json")
    assert result.code == 0, result.err
    assert "L is the loss at letter 3 alone, 4.025e+97." in result.out


def test_training_without_a_word_learns_the_files_own_word(run: Run) -> None:
    run("weights", "new", "--word", "banana", "-o", "banana.json")
    result = run("train", "--weights", "banana.json", "--epochs", "2")
    assert result.code == 0, result.err
    assert "“banana” before and after" in result.out


def test_without_a_terminal_to_step_through_that_is_said_and_the_walk_is_printed(run: Run) -> None:
    asked, plain = run("walk", "--interactive"), run("walk")
    assert asked.code == 0
    assert "no terminal to step through" in asked.err
    assert asked.out.replace(" --interactive", "") == plain.out.replace(" --interactive", "")


def test_a_long_text_without_a_terminal_is_recorded_as_far_as_it_is_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnwalk.model.problem.LONG_TEXT", 50)
    text = "abcab" * 20
    asked, plain = run("walk", "-i", text), run("walk", text)
    assert asked.out == plain.out
    assert "and these, after" in plain.out


def test_the_reason_of_the_least_is_not_given_for_what_is_too_much(run: Run) -> None:
    assert "needs a hidden unit" in run("walk", "banana", "--hidden", "0").err
    assert "needs a hidden unit" not in run("walk", "banana", "--hidden", "9" * 20).err


def test_a_file_whose_word_is_blank_generates_from_its_first_symbol(run: Run, tmp_path: Path) -> None:
    weights = {"Wxh": [[1, 2]], "Whh": [[1]], "Why": [[1], [2]]}
    record = {"vocabulary": ["x", "y"], "symbols": "word", "word": "  ", "weights": weights}
    (tmp_path / "w.json").write_text(json.dumps(record), "utf-8")
    result = run("generate", "--weights", "w.json", "--length", "3")
    assert (result.code, result.out.split()[0]) == (0, "x")


def test_a_matrix_without_a_name_is_refused_also_in_the_layout_of_courses(run: Run, tmp_path: Path) -> None:
    weights = {"Waa": [[1]], "Wax": [[1, 2]], "Wya": [[1], [2]], "": [[1]]}
    (tmp_path / "w.json").write_text(json.dumps({"vocabulary": ["x", "y"], "weights": weights}), "utf-8")
    result = run("walk", "xy", "--weights", "w.json")
    assert result.code == 2
    assert "unknown matrix ''" in result.err


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ("explain h_2 --example sentiment --target negative", "--target does nothing without"),
        ("explain p_3 --example sentiment --target negative", "--target does nothing without"),
        ("walk --example sentiment --step 2 --target negative", "--target does nothing beside --step"),
        ("walk --example sentiment --letter 1 --target negative", "--target does nothing beside --letter"),
        ("walk --cell gru --form all --target hello", "--target does nothing beside --form all"),
        ("explain dWhh --lr 0.5", "--lr does nothing without a quantity of learning"),
        ("explain Wxh --formulas symbols", "--formulas does nothing without"),
        ("explain Wxh[1,h] --depth 5", "--depth does nothing without"),
        ("explain x_1 --formulas symbols", "--formulas does nothing without"),
        ("explain loss --depth 2 " + "ab" * 600, "--depth does nothing beside"),
        ("train --epochs 3 --patience 50", "--patience 50 does nothing within 3 epochs"),
        ("train --patience 100", "--patience 100 does nothing within 100 epochs"),
    ],
)
def test_what_is_shown_or_done_and_does_not_follow_from_an_option_refuses_it(
    arguments: str, phrase: str, run: Run
) -> None:
    result = run(*arguments.split())
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert phrase in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        "explain loss --example sentiment --target negative --depth 1 --formulas both",
        "explain dWhh --example sentiment --target negative",
        "explain Whh_new --example sentiment --target negative --lr 0.5",
        "walk --example sentiment --letter 2 --target negative --backward",
        "walk --example sentiment --step 7 --target negative",
        "walk --example sentiment --step 2 --target negative --save a.html",
        "walk --example sentiment --letter 3 --target negative",
        "explain Wxh --digits 3 --notation course",
        "train --epochs 3 --patience 2",
    ],
)
def test_what_does_is_taken(arguments: str, run: Run) -> None:
    assert run(*arguments.split()).code == 0
