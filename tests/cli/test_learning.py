"""rnnwalk walk --backward, gradcheck, train and generate, as a reader sees them."""

import json
import re
from pathlib import Path

import pytest

from rnnwalk.engine.fast.batch import Batch
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.model.weightfile import article, read
from tests.conftest import Golden
from tests.examples import data, reference

from . import ready
from .conftest import Run
from .ready import UNMEASURED


def test_the_ledger_reads_as_accepted(run: Run, golden: Golden) -> None:
    text = run("walk", "--backward").out
    golden("walk-backward.txt", text[text.index("The way back") :])


def test_the_ledger_of_a_matrix_reads_as_accepted(run: Run, golden: Golden) -> None:
    golden("walk-backward-matrix.txt", run("walk", "anna", "--hidden", "2", "--backward", "--letter", "2").out)


def test_json_holds_pytorchs_gradients_and_updated_weights(run: Run) -> None:
    record = data("hello-article")
    told = json.loads(run("walk", "--backward", "--json").out)
    for entry in told["gradients"]:
        expected = record["expected"]["gradient"][entry["name"].removeprefix("d")]
        flat = [value for row in expected for value in (row if isinstance(row, list) else [row])]
        assert [value for row in entry["value"] for value in row] == pytest.approx(flat, rel=1e-12, abs=1e-15)
    first = record["training"][0]
    assert (first["optimizer"], first["epochs"], first["learning_rate"]) == ("sgd", 1, told["learning_rate"])
    for entry in told["updated"]:
        expected = first["weights"][entry["name"].removesuffix("_new")]
        flat = [value for row in expected for value in (row if isinstance(row, list) else [row])]
        assert [value for row in entry["value"] for value in row] == pytest.approx(flat, rel=1e-9)


@pytest.mark.parametrize(
    "quantity", ["dWhh", "dh_2[1]", "dWxh[1,e]", "Whh_new", "dy_4[o]", "dh_time_3[2]", "∂L/∂h₂[1]"]
)
def test_explain_takes_what_the_way_back_makes(run: Run, golden: Golden, quantity: str) -> None:
    result = run("explain", quantity, "--depth", "2")
    assert result.code == 0
    golden(f"explain-{quantity.replace('/', '')}.txt", result.out)


@pytest.mark.parametrize(
    "arguments", [["hello"], ["banana", "--hidden", "5"], ["we love we", "--by", "word"], ["abab", "--cell", "gru"]]
)
def test_gradcheck_finds_that_three_ways_agree(run: Run, arguments: list[str]) -> None:
    result = run("gradcheck", *arguments)
    assert (result.code, "All three agree" in result.out, "✗" in result.out) == (0, True, False)


@pytest.mark.parametrize(("notation", "bias"), [("article", "b"), ("course", "ba")])
@pytest.mark.parametrize("command", [["gradcheck"], ["gradients", "--clip", "0.1"]])
def test_a_table_of_gradients_calls_the_bias_as_the_equations_do(
    run: Run, command: list[str], notation: str, bias: str
) -> None:
    result = run(*command, "hello", "--hidden", "2", "--notation", notation)
    assert re.search(rf"^{bias}(\[[12]\])? ", result.out, re.MULTILINE)
    assert "bh" not in result.out


def test_training_writes_the_weights_that_pytorch_reaches(run: Run) -> None:
    case = next(case for case in data("hello-article")["training"] if case["optimizer"] == "adam")
    arguments = ["--optimizer", "adam", "--lr", str(case["learning_rate"]), "--epochs", str(case["epochs"])]
    result = run("train", *arguments, "-o", "trained.json")
    assert result.code == 0
    model = read("trained.json")
    for name, expected in case["weights"].items():
        flat = [value for row in expected for value in (row if isinstance(row, list) else [row])]
        assert getattr(model.weights, name).ravel().tolist() == pytest.approx(flat, rel=1e-9)


def test_training_shows_the_curve_and_the_words_before_and_after(run: Run, golden: Golden) -> None:
    golden("train-hello.txt", run("train", "--epochs", "100").out)


def test_a_loss_that_grew_is_said_to_and_whose_answers_follow(run: Run) -> None:
    told = " ".join(run("train", "hello", "--lr", "50", "--epochs", "20").out.split())
    assert "The loss grew: take a smaller learning rate (--lr), or clip the gradient (--clip)." in told
    assert "“now” means the best weights, those with the lowest loss" in told
    assert "The loss grew" not in run("train", "hello", "--epochs", "20").out


def test_trained_weights_walk_and_say_the_word(run: Run) -> None:
    assert run("train", "anna", "--hidden", "6", "--epochs", "200", "-o", "anna.json").code == 0
    assert "says “nna”" in run("walk", "--weights", "anna.json").out
    assert run("generate", "--weights", "anna.json", "--temperature", "0", "--length", "3").out == "anna\n"


def test_a_text_of_many_kinds_of_lines_is_learned(run: Run) -> None:
    lines = ["anna", "bob", "", "x", "clara " * 300, "dädalus"]
    Path("names.txt").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    result = run("train", "--text", "names.txt", "--epochs", "3", "--batch", "2", "-o", "names.json")
    assert result.code == 0
    assert "left out 1 of its lines" in result.err
    assert set(read("names.json").vocabulary) == set("annabobclara dädalus")


def test_a_very_long_line_is_learned_and_its_report_stays_short(run: Run) -> None:
    Path("long.txt").write_text("ab" * 2000)
    result = run("train", "--text", "long.txt", "--hidden", "1", "--epochs", "1")
    assert result.code == 0, result.err
    assert len(result.out) < 6000


def test_a_text_is_learned_by_words_though_some_lines_have_only_one(run: Run) -> None:
    Path("lines.txt").write_text("the man ate\nhello\nthe man ran\n")
    result = run("train", "--text", "lines.txt", "--by", "word", "--epochs", "2", "-o", "my weights.json")
    assert (result.code, "left out 1 of its lines" in result.err) == (0, True)
    assert "rnnwalk walk --weights 'my weights.json'\n" in result.out
    assert read("my weights.json").vocabulary == ("the", "man", "ate", "ran")
    again = run("train", "--text", "lines.txt", "--weights", "my weights.json", "--epochs", "1")
    assert (again.code, "left out 1 of its lines" in again.err) == (0, True)


def test_generate_is_the_same_for_a_seed_and_shows_its_distributions(run: Run, golden: Golden) -> None:
    run("train", "--epochs", "50", "-o", "w.json")
    first = run("generate", "-w", "w.json", "--seed", "1", "--length", "12").out
    assert first == run("generate", "-w", "w.json", "--seed", "1", "--length", "12").out
    assert len(first.strip()) == 13
    golden("generate-show.txt", run("generate", "-w", "w.json", "--show", "--length", "4", "--temperature", "0.8").out)


BAD = [
    (["train", "--lr", "1e6"], ["diverged", "--lr"]),
    (["train", "--lr", "0"], ["learning rate is 0"]),
    (["train", "--text", "none.txt"], ["none.txt", "no such file"]),
    (["train", "hello", "--text", "x.txt"], ["words and --text"]),
    (["train", "--optimizer", "adma"], ["adma", "adam"]),
    (["train", "a"], ["one letter"]),
    (["generate", "-w", "w.json", "--start", "x"], ["'x'", "vocabulary"]),
    (["generate", "-w", "w.json", "--temperature", "-1"], ["temperature is -1"]),
    (["walk", "--backward", "--lr", "nan"], ["learning rate is nan"]),
    (["explain", "dWhh", "--lr", "inf"], ["learning rate is inf"]),
    (["walk", "--cell", "gru", "--form", "all", "--json"], ["--form all", "--json"]),
    (["walk", "--cell", "gru", "--form", "all", "--backward"], ["--form all", "--backward"]),
    (["generate", "-w", "w.json", "--length", "0"], ["length is 0"]),
]


@pytest.mark.parametrize(("arguments", "phrases"), BAD, ids=lambda value: " ".join(value))
def test_what_cannot_be_learned_is_refused_in_one_sentence(run: Run, arguments: list[str], phrases: list[str]) -> None:
    run("weights", "new", "-o", "w.json")
    result = run(*arguments)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    for phrase in phrases:
        assert phrase in result.err


@pytest.mark.usefixtures("background")
def test_an_interrupt_keeps_the_best_weights_so_far(tmp_path: Path) -> None:
    act = """
import os, signal
from rnnwalk.engine.fast.learner import Learner
step, left = Learner.step, iter(range(300))
Learner.step = lambda *given: (next(left, None) == 299 and os.kill(os.getpid(), signal.SIGINT), step(*given))[1]
"""
    learn = ["train", "hello", "--epochs", "100000000", "-o", "w.json"]
    done = ready.completed(act, *learn, cwd=tmp_path, env=UNMEASURED)
    assert done.returncode == 130, done.stderr
    assert "4 of 4 right" in done.stdout.decode()
    assert read(str(tmp_path / "w.json")).word == "hello"


def test_an_interrupt_in_the_first_epoch_says_that_nothing_was_learned(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(learner: Learner, batch: Batch) -> float:  # noqa: ARG001
        learner.vector[:] = 7  # half a step
        raise KeyboardInterrupt

    monkeypatch.setattr(Learner, "step", interrupted)
    result = run("train", "-o", "w.json")
    assert (result.code, "before the first epoch had ended" in result.out) == (130, True)
    assert "the weights that it began with" in result.err
    assert read("w.json").weights.Wxh.tolist() == article().weights.Wxh.tolist()


def test_the_reference_and_the_built_in_model_are_the_same() -> None:
    problem, _ = reference("hello-article")
    assert [w.tolist() for w in article().weights if w is not None] == [
        w.tolist() for w in problem.model.weights if w is not None
    ]
