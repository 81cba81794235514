"""Word ranks that are read as sizes: the same as the numbers of the rows, typed; and what is said of it."""

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.notes import as_dict
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose, problems_for_words
from rnnwalk.model.weight_record import parse, to_record
from rnnwalk.tasks.training import Training
from tests.cli.conftest import Run
from tests.cli.conftest import run as run

TEXTS = ("so good", "bad", "not so bad", "good good bad not")
ANSWERS = ("positive", "negative", "positive", "negative")
PAGE = Path(__file__).parents[1] / "worksheets" / "ranks.md"


def test_the_page_is_what_its_command_makes() -> None:
    """If not: python worksheets/ranks.py"""
    assert runpy.run_path(str(PAGE.with_suffix(".py")))["page"]() == PAGE.read_text("utf-8")


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_ranks_are_learned_like_the_numbers_that_they_are(cell: str) -> None:
    asked = ModelOptions(by="word", cell=cell, classes="negative,positive", inputs="ranks", dense="4:sigmoid")
    ranked = problems_for_words(TEXTS, asked, ANSWERS)
    vocabulary = ranked[0].model.vocabulary
    assert vocabulary == ("<pad>", "so", "good", "bad", "not")
    record: dict[str, Any] = to_record(ranked[0].model)
    assert record["inputs"] == "ranks"
    numbers = parse(record | {"inputs": {"names": ["rank"]}}, "a test", "")
    typed = [" ".join(str(vocabulary.index(word)) for word in text.split()) for text in TEXTS]
    counted = problems_for_words(typed, ModelOptions(weights=numbers), ANSWERS)
    learned = []
    for problems in (ranked, counted):
        training = Training(problems[0].model, problems, rate=0.05, batch=2)
        losses = [epoch.loss for epoch in training.epochs(5)]
        learned.append((losses, as_dict(training.model.weights)))
    assert learned[0][0] == learned[1][0]
    for name, weight in learned[0][1].items():
        np.testing.assert_array_equal(weight, learned[1][1][name])


def test_a_file_of_ranks_is_read_again_and_a_step_reads_the_row_of_its_word(run: Run) -> None:
    made = ("--word", "so good", "--by", "word", "--inputs", "ranks", "--classes", "no,yes", "-o", "r.json")
    assert run("weights", "new", *made).code == 0
    told = run("walk", "good so", "--weights", "r.json")
    assert "The first word is “good”, whose rank is 2. The rank of the word is multiplied by Wxh." in " ".join(
        told.out.split()
    )
    shown = json.loads(run("walk", "good so", "--weights", "r.json", "--json").out)
    record = json.loads(Path("r.json").read_text("utf-8"))
    assert (shown["inputs"], shown["vocabulary"]) == ("ranks", ["<pad>", "so", "good"])
    (found,) = [q["value"] for q in shown["steps"][0]["quantities"] if q["name"] == "Wxh_x_1"]
    np.testing.assert_allclose(found, 2 * np.array(record["weights"]["Wxh"])[:, None])
    assert "x₁[rank] = 2" in run("explain", "Wxh_x_1[1]", "good so", "--weights", "r.json").out
    assert run("gradcheck", "good so", "--weights", "r.json", "--target", "yes").code == 0


def test_rows_of_a_file_are_learned_by_their_ranks_and_padded_with_0(run: Run) -> None:
    rows = ["good good film,yes", "bad film,no", "good,yes", "bad bad bad film,no"]
    Path("rows.csv").write_text("\n".join(["text,target", *rows]), "utf-8")
    asked = ("--inputs", "ranks", "--maxlen", "3", "--padding", "post", "--validation", "0", "--epochs", "200")
    assert run("train", "--data", "rows.csv", *asked, "-o", "r.json").code == 0
    told = json.loads(run("walk", "Good film!", "--weights", "r.json", "--json").out)
    assert (told["inputs"], told["vocabulary"]) == ("ranks", ["<pad>", "bad", "good", "film"])
    assert [step["input"] for step in told["steps"]] == ["good", "film", "<pad>"]
    assert told["influence"]["steps"][2]["contribution"] == 0
    told = json.loads(run("walk", "bad bad film", "--weights", "r.json", "--json").out)
    assert told["steps"][2]["prediction"] == "no"


def test_the_vocabulary_that_has_padding_keeps_it_where_it_is() -> None:
    asked = ModelOptions(by="word", inputs="ranks", classes="a,b", vocab="x <pad> y")
    assert pose("y x", asked).model.vocabulary == ("x", "<pad>", "y")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["weights", "new", "--inputs", "ranks", "--embedding", "2", "-o", "n.json"], "--embedding does nothing beside"),
        (["walk", "a", "-w", "both.json"], "E holds word vectors, which a network that reads numbers does not read"),
        (["walk", "a", "-w", "wide.json"], "Wxh is 1×2, expected 1×1: of each symbol one number is read, its rank"),
        (["walk", "a", "-w", "slip.json"], "'inputs' must be \"symbols\", \"ranks\" or"),
        (["train", "--text", "slip.json", "-w", "good.json"], "--text is learned by a network that reads symbols and names"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_ranks_is_said(arguments: list[str], says: str, run: Run) -> None:
    weights = {"Wxh": [[1]], "Whh": [[1]], "Why": [[1], [2]]}
    good = {"inputs": "ranks", "vocabulary": ["<pad>", "a"], "word": "aa", "weights": weights}
    for name, changes in {
        "good": {},
        "both": {"weights": weights | {"E": [[1, 2]]}},
        "wide": {"weights": weights | {"Wxh": [[1, 2]]}},
        "slip": {"inputs": "rank"},
    }.items():
        Path(f"{name}.json").write_text(json.dumps(good | changes), "utf-8")
    refused = run(*arguments)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1), refused
    assert says in refused.err


def test_a_text_of_another_task_is_recorded_whole_however_long(run: Run) -> None:
    for name, options in (("r", ("--inputs", "ranks")), ("e", ("--embedding", "2"))):
        made = ("--word", "so good", "--by", "word", "--classes", "no,yes", *options, "-o", f"{name}.json")
        assert run("weights", "new", *made).code == 0
        told = run("walk", "so " * 1001, "--weights", f"{name}.json")
        assert (told.code, told.err) == (0, "")
        assert "Of 1,001 words, these are the 40 that moved it most" in told.out
