"""Other tasks on the command line: numbers in, answers of any kind, once or at every step; learned from rows of a file."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from rnnwalk import walk
from rnnwalk.errors import InputError, Note
from rnnwalk.layout.sheets import check_cells
from rnnwalk.model.text_rules import TextRules
from rnnwalk.render.page.page import fitting
from tests.examples import pose

from .conftest import Run

REVIEWS = """text,target
good,positive
bad,negative
not good,negative
not bad,positive
"very good",positive
very bad,negative
"""
SUM: dict[str, Any] = {
    "inputs": {"names": ["x"]},
    "output": {"at": "last", "kind": "linear", "names": ["sum"]},
    "form": "linear",
    "weights": {"Wxh": [[1]], "Whh": [[1]], "Why": [[1]]},
}
CLASSES: dict[str, Any] = {
    "vocabulary": ["good", "bad"],
    "symbols": "word",
    "output": {"at": "last", "kind": "softmax", "names": ["negative", "positive"]},
    "head": ["sigmoid"],
    "weights": {
        "E": [[1, -1]],
        "Wxh": [[1], [2]],
        "Whh": [[0, 0], [0, 0]],
        "Wdense1": [[1, 0], [0, 1], [1, 1]],
        "Why": [[1, 0, 1], [0, 1, 0]],
    },
}


def put(**changes: Any) -> None:
    """The two models as files, with changes to the second."""
    Path("sum.json").write_text(json.dumps(SUM), "utf-8")
    Path("say.json").write_text(json.dumps(CLASSES | changes), "utf-8")


BLANKS: dict[str, Any] = {
    "vocabulary": "ab",
    "output": {"at": "every", "kind": "softmax", "names": ["very good", "very bad"]},
    "weights": {"Wxh": [[1, -1]], "Whh": [[0.5]], "Why": [[1], [-1]]},
}


def test_a_linear_memory_of_weight_1_adds_up_and_its_error_is_half_the_squared_distance(run: Run) -> None:
    put()
    told = json.loads(run("walk", "7 11 2 30 4", "--weights", "sum.json", "--target", "50", "--json").out)
    h = [next(q["value"] for q in step["quantities"] if q["name"].startswith("h_")) for step in told["steps"]]
    assert h == [[[7]], [[18]], [[20]], [[50]], [[54]]]
    *before, last = told["steps"]
    assert all(set(step) == {"letter", "input", "quantities"} for step in before)
    assert (last["prediction"], last["target"], last["loss"], told["loss"]) == ([54], [50], 8.0, 8.0)
    shown = run("walk", "7 11 2 30 4", "--weights", "sum.json", "--target", "50").out
    assert "It reads “7 11 2 30 4” and says “54.000000”; the truth is “50”." in " ".join(shown.split())


def test_an_answer_after_the_last_word_is_that_of_arithmetic_by_hand(run: Run) -> None:
    put()
    told = json.loads(run("walk", "bad good", "--weights", "say.json", "--target", "negative", "--json").out)
    h = [math.tanh(1), math.tanh(2)]  # the vector of “good” is 1, and nothing is remembered
    a = [1 / (1 + math.exp(-z)) for z in (h[0], h[1], h[0] + h[1])]
    y = [a[0] + a[2], a[1]]
    values = {q["name"]: q["value"] for q in told["steps"][1]["quantities"]}
    np.testing.assert_allclose(values["embedded_2"], [[1]])
    np.testing.assert_allclose(np.ravel(values["dense1_2"]), a, rtol=1e-15)
    np.testing.assert_allclose(np.ravel(values["y_2"]), y, rtol=1e-15)
    assert told["steps"][1]["prediction"] == "negative"
    assert told["loss"] == pytest.approx(math.log(1 + math.exp(y[1] - y[0])), rel=1e-12)


def test_without_a_target_there_is_a_prediction_and_no_loss_and_the_way_back_says_what_it_lacks(run: Run) -> None:
    put()
    told = json.loads(run("walk", "good", "--weights", "say.json", "--json").out)
    assert {"prediction", "target", "loss"} & set(told["steps"][0]) == {"prediction"}
    assert told["loss"] is None
    assert "The truth was not given" in run("walk", "good", "--weights", "say.json").out
    refused = run("walk", "good", "--weights", "say.json", "--backward")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "name it (--target)" in refused.err


@pytest.mark.parametrize(
    ("texts", "truths", "example", "told"),
    [
        (["very sad"], ["negative"], "sentiment", "negative"),
        (["very sad"], [], "sentiment", None),
        (["very sad", "not bad"], ["negative", "positive"], "sentiment", ["negative", "positive"]),
        (["1 2 3"], ["6"], "sum", "6"),
        (["1 2 3"], [], "sum", None),
    ],
)
def test_the_json_of_a_walk_has_its_own_target_and_is_the_same_walk_again(
    run: Run, texts: list[str], truths: list[str], example: str, told: Any
) -> None:
    targets = [part for truth in truths for part in ("--target", truth)]
    written = run("walk", *texts, *targets, "--example", example, "--json").out
    first = json.loads(written)
    assert first.get("target") == told
    Path("walk.json").write_text(written, "utf-8")
    again = run("walk", *(texts + targets if texts[1:] else []), "--weights", "walk.json", "--json")
    assert again.code == 0, again.err
    assert [json.loads(again.out).get(key) for key in ("word", "target", "loss")] == [
        first.get(key) for key in ("word", "target", "loss")
    ]


def test_rows_of_a_file_are_learned_and_the_words_then_said(run: Run) -> None:
    Path("reviews.csv").write_text(REVIEWS, "utf-8")
    options = [
        "--by",
        "word",
        "--classes",
        "negative,positive",
        "--embedding",
        "3",
        "--dense",
        "4:tanh",
        "--hidden",
        "5",
    ]
    done = run("train", "--data", "reviews.csv", *options, "--validation", "0", "--epochs", "300", "-o", "w.json")
    assert done.code == 0, done.err
    for text, answer in [line.split(",") for line in REVIEWS.replace('"', "").splitlines()[1:]]:
        told = json.loads(run("walk", text, "--weights", "w.json", "--json").out)
        assert told["steps"][-1]["prediction"] == answer
    assert run("gradcheck", "not very good", "--weights", "w.json", "--target", "negative").code == 0


def test_sums_are_learned_from_rows_of_numbers(run: Run) -> None:
    Path("sums.csv").write_text("target,text\n3,1 2\n9,2 3 4\n5,5\n4,1 1 1 1\n-1,2 -3\n", "utf-8")
    options = ["--inputs", "x", "--linear", "sum", "--form", "linear", "--hidden", "1", "--optimizer", "adam"]
    Path("some.csv").write_text(f"{Path('sums.csv').read_text('utf-8')}7,3 4,0\n", "utf-8")
    done = run("train", "--data", "some.csv", *options, "--epochs", "1")
    left_out = "some.csv: left out 1 row that cannot be read: line 7 has 3 fields, expected 2 as in line 1"
    left_out += "; texts that hold commas are quoted\n"
    assert (done.code, left_out in done.err) == (0, True)
    assert run("train", "--data", "sums.csv", *options, "--epochs", "4000", "-o", "w.json").code == 0
    told = json.loads(run("walk", "2 2 2", "--weights", "w.json", "--json").out)
    assert told["steps"][-1]["prediction"] == pytest.approx([6], abs=0.05)


@pytest.mark.parametrize(
    ("bad", "options", "why"),
    [
        ("2 x,3", ["--example", "sum"], "line 3: step 2: 'x' is not a finite number"),
        ("2 1e200,3", ["--example", "sum"], "line 3: step 2: '1e200' is too large: at most 1e100"),
        ("2 NaN,3", ["--example", "sum"], "line 3: step 2: 'NaN' is not a finite number"),
        ("1 2,3 4", ["--example", "sum"], "line 3: the target has 2 values, expected 1"),
        ("2 x,3", ["--inputs", "x", "--linear", "sum"], "line 3: step 2: 'x' is not a finite number"),
    ],
)
def test_a_row_that_the_network_cannot_read_is_left_out_and_named(
    bad: str, options: list[str], why: str, run: Run
) -> None:
    rows = ["text,target", "1 2 3,6", "4 5,9"]
    Path("rest.csv").write_text("\n".join(rows), "utf-8")
    Path("bad.csv").write_text("\n".join([*rows[:2], bad, *rows[2:]]), "utf-8")
    done, rest = (run("train", "--data", name, *options, "--epochs", "2") for name in ("bad.csv", "rest.csv"))
    assert (done.code, rest.code, rest.err) == (0, 0, "")
    assert f"bad.csv: left out 1 row that cannot be read: {why}" in done.err
    assert done.out == rest.out  # nothing is learned of it


@pytest.mark.parametrize("listed", [True, False])
def test_classes_whose_names_have_blanks_are_true_of_each_step(listed: bool, run: Run) -> None:
    true = ["very good", "very bad"]
    typed = '"very good" "very bad"'
    Path("net.json").write_text(json.dumps(BLANKS | {"word": "ab", "target": true if listed else typed}), "utf-8")
    found = json.loads(run("walk", "-w", "net.json", "--json").out)
    assert found["target"] == typed
    assert [step["target"] for step in found["steps"]] == true
    Path("rows.csv").write_text('text,target\nab,"""very good"" ""very bad"""\n', "utf-8")
    run("train", "--data", "rows.csv", "-w", "net.json", "--epochs", "1", "-o", "new.json")
    assert json.loads(run("walk", "-w", "new.json", "--json").out)["target"] == typed
    assert (
        json.loads(run("walk", "a", "-w", "net.json", "--target", "very bad", "--json").out)["target"] == '"very bad"'
    )


@pytest.mark.parametrize(
    ("rows", "options", "output"),
    [
        ("the cat sat,DET NOUN VERB\nthe dog,DET NOUN\n", ["--by", "word", "--at", "every"], ("every", ["DET", "NOUN", "VERB"])),
        ('ab,"""no way"" yes"\nb,yes\n', [], ("every", ["no way", "yes"])),
        ("the cat sat,DET NOUN VERB\n", ["--by", "word", "--at", "every", "--inputs", "ranks"], ("every", ["DET", "NOUN", "VERB"])),
        ("ab,no\nb,yes\n", ["--by", "letter", "--at", "last"], ("last", ["no", "yes"])),
        ("ab,b a\nba,a b\n", ["--at", "every", "--by", "letter"], ("every", None)),  # the symbols themselves
    ],
)  # fmt: skip
def test_the_labels_of_a_csv_file_are_the_classes_that_a_network_names(
    rows: str, options: list[str], output: tuple[str, list[str] | None], run: Run
) -> None:
    Path("rows.csv").write_text(f"text,target\n{rows}", "utf-8")
    done = run("train", "--data", "rows.csv", *(options or ["--by", "letter"]), "--epochs", "2", "-o", "n.json")
    assert done.code == 0, done.err
    record = json.loads(Path("n.json").read_text("utf-8"))
    found = record.get("output", {"at": "every"})
    assert (found["at"], found.get("names")) == output
    assert run("walk", "-w", "n.json", "--backward").code == 0


def test_blanks_after_the_commas_of_names_and_layers_are_no_part_of_them(run: Run) -> None:
    made = ("weights", "new", "--word", "hi", "--classes", "very good, bad", "--dense", "2:relu, 3", "-o", "n.json")
    assert run(*made).code == 0
    record = json.loads(Path("n.json").read_text("utf-8"))
    assert (record["output"]["names"], record["head"]) == (["very good", "bad"], ["relu", "linear"])


def test_what_comes_out_is_read_as_the_next_step(run: Run) -> None:
    put()
    # A running total that reads itself: after 1 2 it is 3, then 3 + 3, and so on.
    assert run("generate", "-w", "sum.json", "--start", "1 2", "--length", "4").out == "1 2 3 6 12 24\n"
    told = run("generate", "-w", "sum.json", "--start", "1 2", "--length", "50").out.split()
    assert told[20:22] == ["786432", "1572864"]  # 3·2¹⁸, 3·2¹⁹
    assert told[-3:] == ["422212465065984", "844424930131968", "1.68885e+15"]
    assert (
        run("generate", "-w", "sum.json", "--start", "0.1234567", "--length", "2").out
        == "0.1234567 0.123457 0.246913\n"
    )
    assert run("generate", "--example", "ocean", "--start", "sharks", "--length", "4").out == "sharks feed on tuna .\n"
    last = {"vocabulary": list("helo"), "output": {"at": "last"}, "word": "hell", "target": "o"}
    weights = {"Wxh": [[0, 1, 2, 3]], "Whh": [[0]], "Why": [[0], [0], [0], [0]], "by": [0, 0, 0, 9]}
    Path("last.json").write_text(json.dumps({**last, "weights": weights}), "utf-8")
    for at in ("last", "every"):  # named, they are classes
        named = {
            **last,
            "output": {"at": at, "names": list("ol")},
            "weights": {**weights, "Why": [[0], [0]], "by": [9, 0]},
        }
        Path("named.json").write_text(json.dumps(named | {"target": "o" if at == "last" else "o o o o"}), "utf-8")
        assert (
            "only classifies (o, l; classes, though they are called like symbols), which"
            in run("generate", "-w", "named.json").err
        )
    assert run("generate", "-w", "last.json", "--temperature", "0", "--length", "3").out == "hellooo\n"
    bengali = {"vocabulary": ["প", "ি"], "weights": {"Wxh": [[1, 2]], "Whh": [[1]], "Why": [[1], [2]]}}
    Path("bn.json").write_text(json.dumps(bengali), "utf-8")
    assert run("generate", "-w", "bn.json", "--start", "পি", "--temperature", "0", "--length", "1").out == "পিি\n"


MINUS: list[tuple[list[str], str]] = [
    (["walk", "-1 2", "-w", "sum.json", "--target", "-3"], "It reads “-1 2” and says “1.000000”; the truth is “-3”."),
    (["walk", "--json", "-1 2", "-w", "sum.json"], '"word": "-1 2"'),
    (["walk", "-w", "sum.json", "-.5 2"], "says “1.500000”"),
    (["explain", "h_2", "-1 2", "-w", "sum.json"], "1.000000"),
    (["compare", "-1 2", "3 -2", "-w", "sum.json"], "1 “-1 2” and 2 “3 -2”"),
    (["gradients", "-1 2", "--target", "-2 ", "-w", "sum.json", "--scale", "-2"], "“-1 2”"),
    (["gradcheck", "-1 2", "--target=-2", "-w", "sum.json"], "-1 2"),
    (["generate", "-w", "sum.json", "--start", "-1 2", "--length", "1"], "-1 2 1\n"),
    (["export", "-1 2", "-w", "sum.json", "-o", "w.xlsx"], ""),
    (["train", "-1 2", "-3 4", "--weights", "sum.json"], "for '-1 2' the truth is not given"),
    (["walk", "-w", "sum.json", "--", "-1 2"], "says “1.000000”"),
]


@pytest.mark.parametrize(("arguments", "says"), MINUS)
def test_a_text_that_begins_with_a_minus_is_no_option(arguments: list[str], says: str, run: Run) -> None:
    put()
    done = run(*arguments)
    assert "No such option" not in done.err
    told = done.out + done.err
    assert says in (told if "\n" in says else told.replace("\n", " "))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [(["--input", "rank"], "--inputs"), (["--input=rank"], "--inputs"), (["--inputs", "rank"], "ranks")],
)
def test_who_asks_for_ranks_by_another_name_is_led_there(asked: list[str], meant: str, run: Run) -> None:
    refused = run("train", *asked)
    assert (refused.code, f"; did you mean '{meant}'?" in refused.err) == (2, True)
    assert "did you mean" not in run("walk", "rank", "--input", "rank").err  # which has no such option


def test_a_slip_in_an_option_is_still_told(run: Run) -> None:
    refused = run("walk", "-1x", "--exmaple", "sum")
    assert (refused.code, "--exmaple" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["walk", "good", "-w", "say.json", "--target", "postive"], "'postive' is none of the classes (negative, positive)"),
        (["walk", "good", "-w", "say.json", "--target", "postive"], "did you mean 'positive'?"),
        (["walk", "1 b", "-w", "sum.json"], "step 2: 'b' is not a finite number"),
        (["walk", "1 nan", "-w", "sum.json"], "step 2: 'nan' is not a finite number"),
        (["walk", "1,2 3", "-w", "sum.json"], "step 1: '1,2' is 2 numbers, expected 1 (x)"),
        (["walk", "0,0,0,0,0,1 1,2", "--example", "study"], "step 2: '1,2' is 2 numbers, expected 6 (math, science,"),
        (["walk", "1 2", "-w", "sum.json", "--target", "3 4"], "the target has 2 values, expected 1"),
        (["walk", "good ugly", "-w", "say.json"], "word 2 of the text, 'ugly', is not in the vocabulary"),
        (["generate", "-w", "say.json"], "only classifies (negative, positive), which is no next step to read"),
        (["generate", "-w", "two.json"], "reads 1 number at a step and gives 2 numbers, which is no next step to read"),
        (["generate", "-w", "sum.json", "--start", "1", "--seed", "1"], "--seed does nothing beside numbers"),
        (["generate", "-w", "sum.json", "--start", "1", "--length", "400"], "grow beyond 1e+100 at step 334"),
        (["generate", "-w", "sum.json", "--start", "1 b"], "the start: step 2: 'b' is not a finite number"),
        (["generate", "-w", "sum.json"], "the start is empty; give at least one step"),
        (["gradients", "good", "-w", "say.json"], "what is true was not given: name it (--target)"),
        (["walk", "bad good", "bad", "-w", "say.json"], "“bad good” has 2 and “bad” has 1 words"),
        (["walk", "good", "bad", "-w", "say.json", "--target", "negative"], "2 words and 1 target: give --target once"),
        (["walk", "good", "bad", "-w", "say.json", "--target", "negative", "--target", "postive"], "the target: 'postive'"),
        (["walk", "hello", "holle", "--form", "all", "--cell", "gru"], "--form all compares the forms of a cell on one word"),
        (["train", "good", "--data", "rows.csv"], "--data goes neither with words nor with --text"),
        (["train", "--data", "rows.csv"], "rows.csv: line 1 names no column 'target', found text, targets; did"),
        (["train", "--data", "short.csv"], "short.csv: 1 of 2 rows cannot be read: line 3 has 3 fields, expected 2 as in line 1"),
        (["train", "--data", "twice.csv"], "twice.csv: line 1 names 2 columns 'text', expected one"),
        (["train", "--data", "row.csv", "-w", "say.json"], "row.csv: 1 of 2 rows cannot be read: line 4: the target: 'postive' is none of the classes"),
        (["train", "--data", "letter.csv", "--by", "letter", "--at", "every"], "letter.csv: line 2: the word has one letter, 'é'; give at least two letters"),
        (["train", "--data", "numbers.csv", "--at", "every"], "numbers.csv: '1,0' is no class; if it is true numbers, name them: --linear a,b"),
        (["train", "--data", "one.csv", "--at", "every"], "one.csv: every row says 'x', so there is nothing to tell apart"),
        (["train", "--data", "none.csv"], "none.csv: has no rows to learn from"),
        (["train", "a", "--classes", "b,c", "--linear", "d"], "--classes and --linear do not go together"),
        (["walk", "1 2", "-w", "sum.json", "--by", "word"], "--by does nothing with a network that reads numbers"),
        (["weights", "new", "-o", "n.json", "--inputs", "x", "--vocab", "ab", "--linear", "y"], "--vocab does nothing beside"),
        (["walk", "--example", "pizza", "--target", "ham"], "the target has 1 value, expected 9: one for every word"),
        (["walk", "--backward", "--letter", "2", "--lr", "0.5"], "--lr does nothing beside --letter"),
        (["weights", "new", "-o", "n.json", "--dense", "6:sigmod"], "--dense: unknown activation 'sigmod'; known: tanh, sigmoid, relu, linear; did you mean"),
        (["weights", "new", "-o", "n.json", "--dense", ",".join("2" * 10)], "--dense has 10 layers, expected at most 9"),
        (["weights", "new", "-o", "n.json", "--classes", "no,no"], "--classes names 'no' twice; expected each name once"),
        (["weights", "new", "-o", "n.json", "--inputs", "a,", "--linear", "s"], "--inputs has an empty name; expected"),
        (["weights", "new", "-o", "n.json", "--dense", "0"], "--dense is 0, expected at least 1"),
        (["weights", "new", "-o", "n.json", "--embedding", "0"], "--embedding is 0, expected at least 1"),
        (["weights", "new", "-o", "n.json", "--classes", 'very "bad,good', "--at", "every"], "has a blank and a quotation mark"),
        (["walk", "ab", "-w", "blanks.json", "--target", "very good very bad"], "one with a blank stands in quotation marks"),
        (["explain", "y_1", "1 2", "-w", "sum.json"], "no quantity 'y_1'; there is y_2"),
        (["explain", "dWhx", "1 2", "-w", "sum.json"], "no quantity 'dWhx'"),
        (["explain", "dWhh", "1 2", "-w", "sum.json"], "there is no way back without a loss"),
        (["explain", "dE[1,good]", "good", "-w", "frozen.json", "--target", "negative"], "E is frozen, so it has no gradient"),
        (["walk", "good", "--example", "study"], "step 1: 'good' is not a finite number"),
        (["walk", "1_0", "-w", "sum.json"], "step 1: '1_0' is not a finite number"),
        (["weights", "new", "-o", "n.json", "--inputs", "a,b", "--linear", "c"], 'give a sequence, as in "0.5,0.5 0.5,0.5"'),
        (["weights", "new", "-o", "n.json", "--inputs", "a"], "--inputs does not say what comes out; add --linear or --classes"),
        (["weights", "new", "-o", "n.json", "--linear", "--word", "hi"], "--linear has no value: the option --word follows it; give it one"),
        (["weights", "new", "--linear", "-o", "n.json"], "--linear has no value: the option -o follows it"),
        (["weights", "new", "-o", "n.json", "--classes", "a, "], "--classes has an empty name; expected names with"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_task_is_said_in_one_sentence(arguments: list[str], says: str, run: Run) -> None:
    put()
    two = {"inputs": {"names": ["x"]}, "output": {"kind": "linear", "names": ["a", "b"]}}
    Path("two.json").write_text(json.dumps({**SUM, **two, "weights": {**SUM["weights"], "Why": [[1], [2]]}}), "utf-8")
    Path("blanks.json").write_text(json.dumps(BLANKS), "utf-8")
    Path("frozen.json").write_text(json.dumps(CLASSES | {"frozen": ["E"]}), "utf-8")
    Path("rows.csv").write_text("text,targets\na,b\n", "utf-8")
    Path("short.csv").write_text("text,target\na,b\nc,d,e\n", "utf-8")
    Path("letter.csv").write_text("text,target\né,é\n", "utf-8")
    Path("twice.csv").write_text("text,target,text\na,b,c\n", "utf-8")
    Path("row.csv").write_text('text,target\ngood,positive\n\n"bad",postive\n', "utf-8")
    Path("numbers.csv").write_text('text,target\nab,"1,0 0,1"\n', "utf-8")
    Path("one.csv").write_text("text,target\nab,x x\n", "utf-8")
    Path("none.csv").write_text("text,target\n", "utf-8")
    refused = run(*arguments)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1), refused
    assert says in refused.err
    assert len(refused.err) < 300


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"head": ["sigmod"]}, "unknown activation 'sigmod'"),
        ({"head": ["sigmoid", "relu"]}, "matrix 'Wdense2' is missing"),
        ({"head": []}, "Wdense1 is there, but 'head' names no dense layer"),
        ({"output": {"at": "end", "names": ["a", "b"]}}, "the output's 'at' is 'end'"),
        ({"output": {"kind": "linear"}}, "the output has no 'names'"),
        ({"output": {"name": ["a"]}}, "found 'name'"),
        (
            {"inputs": {"names": ["x"]}, "frozen": ["E"], "head": [], "weights": SUM["weights"]},
            "'frozen' names E, which is not among",
        ),
        ({"frozen": ["Why"]}, "'Why' cannot be frozen"),
        ({"inputs": ["x"]}, "'inputs' must be"),
        ({"weights": CLASSES["weights"] | {"Why": [[1, 0], [0, 1]]}}, "Why is 2×2, expected 2×3: Wdense1 has 3 rows"),
        ({"weights": CLASSES["weights"] | {"Wxh": [[1, 1], [2, 2]]}}, "Wxh is 2×2, expected 2×1: E has 1 row"),
    ],
)
def test_a_file_whose_parts_do_not_follow_from_each_other_is_refused(
    change: dict[str, Any], says: str, run: Run
) -> None:
    put(**change)
    refused = run("walk", "good", "--weights", "say.json")
    assert (refused.code, refused.err.count("\n")) == (2, 1), refused.err
    assert says in refused.err
    assert "say.json" in refused.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["walk", "2 2 2 2"],
        ["walk", "2 2 2 2", "--json"],
        ["walk", "2 2 2 2", "--target", "1", "--backward"],
        ["walk", "2 2", "--target", "1", "--backward"],  # where only the squared error is too large
        ["explain", "y_4", "2 2 2 2"],
        ["gradcheck", "2 2", "--target", "1"],
        ["export", "2 2 2 2", "-o", "sum.xlsx"],
        ["compare", "2 2 2 2", "1 1 1 1"],
        ["gradients", "2 2 2 2", "--target", "1"],
        ["train", "--data", "sums.csv"],
    ],
)
def test_numbers_that_overflow_are_said_in_one_sentence_and_never_by_numpy(arguments: list[str], run: Run) -> None:
    Path("sum.json").write_text(
        json.dumps(SUM | {"weights": {"Wxh": [[1e100]], "Whh": [[1e100]], "Why": [[1]]}}), "utf-8"
    )
    Path("sums.csv").write_text("text,target\n2 2 2 2,8\n", "utf-8")
    refused = run(*arguments, "--weights", "sum.json")
    assert (refused.code, refused.err.count("\n")) == (2, 1), refused.err
    assert "no finite number any more" in refused.err or "no longer a number" in refused.err
    assert "sum.json: the numbers of this network" in refused.err or arguments[0] == "train"
    assert not Path("sum.xlsx").exists()


def test_a_text_is_cut_as_the_file_says_and_unknown_words_are_left_out_and_named(run: Run) -> None:
    put(text={"lower": True, "filters": ",.!"})
    plain, told = (run("walk", text, "--weights", "say.json", "--json") for text in ("good bad", "Good, really BAD!"))
    assert told.err == "left out, not in the vocabulary: really\n"
    assert json.loads(told.out)["steps"] == json.loads(plain.out)["steps"]
    refused = run("walk", "Really?", "--weights", "say.json")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "none of the words of “really?” is in the vocabulary (good, bad)" in refused.err
    assert json.loads(run("walk", "bad", "--weights", "say.json", "--json").out)["text"]["filters"] == ",.!"


@pytest.mark.parametrize(
    "command",
    [
        ["export", "Good, really BAD, zzz!", "-o", "walk.xlsx", "--weights", "say.json"],
        ["train", "--data", "rows.csv", "--epochs", "1", "--validation", "0", "--weights", "say.json"],
        ["train", "Good, really BAD, zzz!", "--epochs", "1", "--weights", "next.json"],
        ["train", "--text", "lines.txt", "--epochs", "1", "--validation", "0", "--weights", "next.json"],
    ],
)
def test_words_that_are_left_out_are_named_wherever_a_text_is_read(run: Run, command: list[str]) -> None:
    rules = {"text": {"lower": True, "filters": ",.!"}}
    put(**rules)
    weights = {"Wxh": [[1, 2]], "Whh": [[1]], "Why": [[1], [2]]}
    model = {"vocabulary": ["good", "bad"], "symbols": "word", "weights": weights} | rules
    Path("next.json").write_text(json.dumps(model), "utf-8")
    Path("rows.csv").write_text('text,target\n"Good, really BAD",positive\nbad zzz,negative\n', "utf-8")
    Path("lines.txt").write_text("Good, really BAD!\nbad zzz bad\n", "utf-8")
    done = run(*command)
    assert done.code == 0, done.err
    assert "left out, not in the vocabulary: really and zzz\n" in done.err


def test_a_vocabulary_of_code_points_is_read_by_code_points(run: Run) -> None:
    weights = {"Wxh": [[1, 2]], "Whh": [[1]], "Why": [[1], [2]]}
    Path("bn.json").write_text(json.dumps({"vocabulary": ["প", "ি"], "weights": weights}), "utf-8")
    told = json.loads(run("walk", "পিপ", "--weights", "bn.json", "--json").out)
    assert [(step["input"], step["target"]) for step in told["steps"]] == [("প", "ি"), ("ি", "প")]
    assert told["symbols"] == "character"
    drawn = json.loads(run("walk", "পি", "--by", "character", "--json").out)
    assert drawn["vocabulary"] == ["প", "ি"]


@pytest.mark.parametrize("said", [{"symbols": "character"}, {}])
@pytest.mark.parametrize(
    ("vocabulary", "text"),
    [(["ব", "া", "\u09dc", "ি"], "বা\u09dcি"), (["क", "\u0958", "ि"], "क\u0958ि"), (["e", "\u0301", "t"], "te\u0301t")],
)
def test_characters_are_code_points_as_they_are(
    run: Run, vocabulary: list[str], text: str, said: dict[str, str]
) -> None:
    k = len(vocabulary)
    weights = {"Wxh": [[0.1 * (i + 1) for i in range(k)]], "Whh": [[1]], "Why": [[i] for i in range(k)]}
    Path("points.json").write_text(json.dumps({"vocabulary": vocabulary, "weights": weights} | said), "utf-8")
    told = json.loads(run("walk", text, "--weights", "points.json", "--json").out)
    assert [step["input"] for step in told["steps"]] == list(text[:-1])
    assert (told["vocabulary"], told["symbols"], told["word"]) == (vocabulary, "character", text)
    assert f"{vocabulary[2]}" in run("explain", f"p_1[{vocabulary[2]}]", text, "--weights", "points.json").out
    Path("lines.txt").write_text(f"{text}\n" * 3, "utf-8")
    assert run("train", "--text", "lines.txt", "--by", "character", "--epochs", "1", "-o", "learned.json").code == 0
    assert set(json.loads(Path("learned.json").read_text("utf-8"))["vocabulary"]) == set(text)
    assert run("train", "--text", "lines.txt", "-w", "points.json", "--epochs", "1").code == 0


@pytest.mark.parametrize("columns", [80, 120])
def test_of_a_wide_matrix_the_columns_that_each_text_picks_are_drawn(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    k = 600
    weights = {"Wxh": [list(range(k))], "Whh": [[1]], "Why": [[1]] * k}
    model = {"vocabulary": [f"w{i}" for i in range(k)], "symbols": "word", "weights": weights}
    Path("wide.json").write_text(json.dumps(model), "utf-8")
    monkeypatch.setenv("COLUMNS", str(columns))
    texts = ["w3 w599 w77", "w300 w6 w7", "w123 w6 w7"]
    shown = run("walk", *texts, "-w", "wide.json", "--letter", "1", "--step", "1").out
    assert all(len(line) <= columns for line in shown.splitlines())
    plain = [" ".join(line.replace("▾", " ").replace("▸", " ").split()) for line in shown.splitlines()]
    heads = next(line.split() for line in plain if line.startswith("w0 "))
    assert heads.index("w3") < heads.index("w123") < heads.index("w300") < heads.index("w599")
    for row in ("w3 ⎢ 1 0 0 ⎥", "w123 ⎢ 0 0 1 ⎥", "w300 ⎢ 0 1 0 ⎥"):
        assert any(row in line for line in plain), row


@pytest.mark.parametrize("columns", [80, 120])
def test_steps_of_many_numbers_are_shown_in_part_and_explain_reaches_each(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    names, hidden, classes = [f"x{i}" for i in range(30)], 40, [f"class{i}" for i in range(12)]
    random = np.random.default_rng(1)
    shapes = {"Wxh": (hidden, 30), "Whh": (hidden, hidden), "Wdense1": (100, hidden), "Why": (12, 100)}
    record = {
        "inputs": {"names": names},
        "output": {"at": "last", "names": classes},
        "head": ["sigmoid"],
        "weights": {name: random.normal(size=shape).round(2).tolist() for name, shape in shapes.items()},
        "word": " ".join(",".join(map(str, random.normal(size=30).round(2))) for _ in range(3)),
        "target": "class3",
    }
    Path("wide.json").write_text(json.dumps(record), "utf-8")
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (["walk"], ["gradients"]):
        shown = run(*command, "--weights", "wide.json")
        assert shown.code == 0, shown.err
        assert max(map(len, shown.out.splitlines())) <= columns
        assert "30 numbers: x0, x1" in shown.out or command == ["gradients"]
    told = json.loads(run("walk", "--weights", "wide.json", "--json").out)
    values = {q["name"]: q["value"] for step in told["steps"] for q in step["quantities"]}
    values["x_3"] = [[number] for number in told["steps"][2]["input"]]
    for name, (row, head) in {
        "x_3": (29, "x29"),
        "h_2": (39, "40"),
        "dense1_3": (99, "100"),
        "p_3": (11, "class11"),
    }.items():
        explained = run("explain", f"{name}[{head}]", "--weights", "wide.json", "--digits", "6").out
        assert f"{values[name][row][0]:.6f}".rstrip("0") in explained, name


def test_json_of_several_words_has_lists_and_a_column_for_each(run: Run) -> None:
    words = ["hello", "holle", "hoell"]
    told = json.loads(run("walk", *words, "--vocab", "helo", "--json").out)
    alone = [json.loads(run("walk", word, "--vocab", "helo", "--json").out) for word in words]
    assert told["word"] == words
    assert told["loss"] == pytest.approx(sum(each["loss"] for each in alone), rel=1e-12)
    for step, *steps in zip(told["steps"], *[each["steps"] for each in alone], strict=True):
        for key in ("input", "target", "prediction"):
            assert step[key] == [each[key] for each in steps]
        assert step["loss"] == pytest.approx([each["loss"] for each in steps], rel=1e-12)
        for quantity, *parts in zip(step["quantities"], *[each["quantities"] for each in steps], strict=True):
            np.testing.assert_allclose(quantity["value"], np.hstack([part["value"] for part in parts]), rtol=1e-12)
            assert quantity["shape"] == [len(quantity["value"]), 3]
    Path("again.json").write_text(json.dumps(told), "utf-8")
    assert json.loads(run("walk", *words, "-w", "again.json", "--json").out)["steps"] == told["steps"]


def test_several_sequences_of_numbers_have_a_target_each(run: Run) -> None:
    put()
    told = json.loads(
        run("walk", "-w", "sum.json", "--target", "18", "--target", "0", "--json", "--", "7 11", "-3 4").out
    )
    assert told["word"] == ["7 11", "-3 4"]
    assert [step["input"] for step in told["steps"]] == [[[7], [-3]], [[11], [4]]]
    assert {key: told["steps"][1][key] for key in ("prediction", "target", "loss")} == {
        "prediction": [[18], [1]],
        "target": [[18], [0]],
        "loss": [0, 0.5],
    }
    refused = run("walk", "7 11", "1 2", "-w", "sum.json", "--target", "18")
    assert "2 texts and 1 target: give --target once for each text" in refused.err


def test_texts_with_a_class_each_are_also_read_letter_by_letter(run: Run) -> None:
    Path("langs.csv").write_text("text,target\nhello,en\nbonjour,fr\nhi,en\n", "utf-8")
    result = run("train", "--data", "langs.csv", "--by", "character", "--epochs", "2", "-o", "n.json")
    assert (result.code, result.err.count("\n")) == (0, 1), result.err
    record = json.loads(Path("n.json").read_text("utf-8"))
    assert (record["symbols"], record["output"]) == (
        "character",
        {"at": "last", "kind": "softmax", "names": ["en", "fr"]},
    )


def test_what_is_frozen_is_named_where_numbers_are_counted(run: Run) -> None:
    Path("v.txt").write_text("good 1 0\nbad 0 1\n", "utf-8")
    Path("d.csv").write_text("text,target\ngood bad,yes\nbad,no\n", "utf-8")
    made = run("train", "--data", "d.csv", "--embedding", "v.txt", "--epochs", "1", "-o", "n.json")
    assert made.code == 0, made.err
    assert "E is frozen" in run("weights", "show", "n.json").out
    assert "E is frozen" in " ".join(run("walk", "bad good", "--weights", "n.json").out.split())


def test_a_workbook_of_gradients_needs_what_is_true(run: Run) -> None:
    Path("say.json").write_text(json.dumps(CLASSES), "utf-8")
    refused = run("export", "bad good", "--weights", "say.json", "--gradients", "-o", "n.xlsx")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "what is true was not given: name it (--target)" in refused.err


def test_a_page_holds_a_text_with_one_answer_whole_or_not_at_all() -> None:
    """The first words alone have another answer."""
    problem = pose("not so very bad", by="word", classes="no,yes")
    assert fitting(problem, backward=False, most=50) is problem
    with pytest.raises(InputError, match="of the 4 words, and its answer comes after the last one"):
        fitting(problem, backward=False, most=10)


def test_of_a_padded_text_nobody_is_told_to_take_a_shorter_one() -> None:
    drawn = pose("so good bad", by="word", classes="no,yes", vocab="<pad> so good bad").model
    problem = pose("so good", weights=replace(drawn, task=drawn.task._replace(text=TextRules(maxlen=5))))
    assert pose("so good", weights=drawn).shorter == "a shorter text"
    with pytest.raises(InputError, match="; take a network trained with a smaller --maxlen or a smaller network, or"):
        fitting(problem, backward=False, most=1)
    with pytest.raises(InputError, match="; take a network trained with a smaller --maxlen or fewer hidden units"):
        check_cells(10**9, problem.shorter)


def test_a_page_holds_the_more_letters_the_less_of_its_matrices_is_drawn() -> None:
    problem = pose(example="pizza", hidden=100)
    assert fitting(problem, backward=True) is problem  # Whh has 10,000 numbers, of which 400 are drawn
    held = fitting(problem._replace(symbols=problem.symbols * 9), backward=True)
    assert 8 < held.length < 20


def test_a_name_with_a_blank_is_shown_and_listed_as_it_is_typed(run: Run) -> None:
    Path("net.json").write_text(json.dumps(BLANKS), "utf-8")
    shown = run("walk", "ab", "-w", "net.json", "--target", '"very good" "very bad"').out
    assert "␣" not in shown
    assert "It reads “ab” and says “very good, very bad”, which is right." in " ".join(shown.split())
    assert run("export", "ab", "-w", "net.json", "--target", '"very good" "very bad"', "-o", "w.xlsx").code == 0
    sheet = openpyxl.load_workbook("w.xlsx")["Inputs"]
    assert {"very good", "very bad"} <= {cell.value for row in sheet for cell in row}


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("freeze", ["E"], "frozen"),
        ("embedding", "frozen", "frozen"),
        ("h_0", [1, 1], "h0"),
        ("h", [1, 1], "h0"),
        ("H", [1, 1], "h0"),
        ("h_prev", [1, 1], "h0"),
        ("names", ["no"], "output"),
        ("lower", True, "text"),
        ("classes", [], "output"),
    ],
)
def test_a_key_that_is_meant_for_another_is_told_and_not_read(key: str, value: Any, meant: str, run: Run) -> None:
    put()
    plain = run("walk", "good", "-w", "say.json")
    put(**{key: value, "note": "a comment of my own", "author": {"by": "me"}, "date": 2024})
    done = run("walk", "good", "-w", "say.json")
    told = f"say.json: '{key}' is no key of a weight file and was not read; did you mean '{meant}'?\n"
    assert (done.code, done.out, plain.err, done.err) == (0, plain.out, "", told)
    with pytest.warns(Note, match=f"'{key}' is no key of a weight file"):
        walk("good", weights=json.loads(Path("say.json").read_text("utf-8")))


def test_the_json_of_a_walk_has_only_keys_that_are_ours(run: Run) -> None:
    Path("w.json").write_text(
        run("walk", "very good", "--example", "sentiment", "--backward", "--target", "positive", "--json").out, "utf-8"
    )
    assert run("walk", "-w", "w.json").err == ""
