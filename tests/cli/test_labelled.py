"""Labelled texts learned on the command line: what the report says, what the file carries, what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnnwalk.model import weightfile
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import problems_for_words
from rnnwalk.model.random_weights import draw
from rnnwalk.model.task import Task
from rnnwalk.model.text_rules import PADDING
from rnnwalk.tasks.room import check_weights
from rnnwalk.tasks.training import Training

from .conftest import Run

GOOD, BAD = ("What a GOOD film!", "Good, good"), ("so bad a film", "Bad... and long, and bad")
ROWS = "".join(f'"4","{i}","{GOOD[i % 2]}"\n"0","{i}","{BAD[i % 2]}"\n' for i in range(20))
LEARN = ["--data", "tweets.csv", "--text-column", "2", "--label-column", "0", "--embedding", "4", "--epochs", "30"]


@pytest.fixture(autouse=True)
def tweets(tmp_path: Path) -> None:
    (tmp_path / "tweets.csv").write_text(ROWS + '"0","broken\n', "utf-8")
    (tmp_path / "plain.csv").write_text("text,target\ngood,4\nbad,0\n", "utf-8")
    (tmp_path / "v.txt").write_text("good 1 0.123456789012\nbad -1 0\n", "utf-8")


def test_texts_are_learned_and_walked_by_the_rules_that_the_file_carries(run: Run) -> None:
    fitted = ["--maxlen", "3", "--padding", "post", "--num-words", "4", "--precision", "single"]
    done = run("train", *LEARN, *fitted, "-o", "w.npz")
    assert done.code == 0, done.err
    assert "left out 1 row that cannot be read: line 41 is not CSV (unexpected end of data)" in done.err
    report = " ".join(done.out.split())
    assert "The best weights named the right class for 4 of 4 lines held back: 100.0 %." in report
    assert "Of their 4 answers 100.0 % were right." in report
    assert len(report.partition("epoch by epoch: ")[2].partition(" %")[0].split(",")) == 30
    assert "tweets.csv: read 40 rows from 41 lines" in done.err
    told = json.loads(run("walk", "A really GOOD, good film", "--weights", "w.npz", "--json").out)
    assert [step["input"] for step in told["steps"]] == ["a", "good", "good"]
    done = run("walk", "Good, good unknown good good", "--weights", "w.npz")
    assert "left out, not in the vocabulary: unknown\nleft out, more than the 3 words that are read: good\n" in done.err
    told = json.loads(run("walk", "good", "--weights", "w.npz", "--json").out)
    assert [step["input"] for step in told["steps"]] == ["good", "<pad>", "<pad>"]
    assert told["steps"][-1]["prediction"] == "4"
    assert told["text"]["maxlen"] == 3
    assert run("train", *LEARN[:6], "--weights", "w.npz", "--epochs", "1").code == 0  # it learns on


def test_an_option_that_comes_to_nothing_with_this_data_is_said(run: Run) -> None:
    done = run("train", *LEARN[:-1], "1", "--num-words", "99", "--batch", "37", "--clip", "1e9")
    assert "--num-words 99: there are 8 words, so none is left out" in done.err
    assert "--batch 37: there are 36 lines to learn from, so all of them make each update" in done.err
    assert "Nothing was clipped: in 1 update the gradient never reached the bound." in " ".join(done.out.split())


def test_a_label_for_each_word_is_taken_for_one_class_which_is_told(run: Run) -> None:
    Path("tags.csv").write_text("text,target\nthe cat,D N\na cat,D N\ncat,N\n", "utf-8")
    told = run("train", "--data", "tags.csv", "--epochs", "1").err
    assert "tags.csv: each text has as many labels as words; where each word has one, add --at every --by word" in told
    assert run("train", "--data", "tags.csv", "--epochs", "1", "--at", "every", "--by", "word").err == ""


def test_word_vectors_of_a_file_stay_as_exact_as_they_were(run: Run) -> None:
    done = run("train", *LEARN[:6], "--embedding", "v.txt", "--epochs", "2", "--precision", "single", "-o", "w.json")
    assert "v.txt: 6 of 8 words not found; their vectors are zeros\n" in done.err
    frozen = "v.txt: word vectors of a file are frozen: their 18 numbers are read and do not learn\n"  # 9 rows of 2
    assert frozen in done.err
    learned = 3 * 2 + 3 * 3 + 3 + 2 * 3 + 2
    assert f"wrote w.json: {learned} numbers, and 18 frozen ones, the best of 2 epochs\n" in done.err
    record = json.loads(Path("w.json").read_text("utf-8"))
    place = record["vocabulary"].index("good")
    assert [row[place] for row in record["weights"]["E"]] == [1.0, 0.123456789012]
    assert record["frozen"] == ["E"]
    assert frozen.replace("v.txt: ", "") not in run("train", *LEARN[:6], "--embedding", "2", "--epochs", "1").err
    Path("v.txt").write_text("".join(f"{word} 1\n" for word in record["vocabulary"]), "utf-8")
    assert "v.txt: all 8 words found" in run("train", *LEARN[:6], "--embedding", "v.txt", "--epochs", "1").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([*LEARN, "--padding", "post"], "--padding does nothing without --maxlen"),
        ([*LEARN, "--maxlen", "0"], "--maxlen is 0, expected at least 1"),
        ([*LEARN, "--num-words", "1"], "--num-words is 1, expected at least 2"),
        ([*LEARN, "--by", "letter", "--maxlen", "5"], "--maxlen does nothing here: it is for texts of words with a class"),
        ([*LEARN, "--vocab", "a b"], "--vocab does nothing beside labelled texts"),
        ([*LEARN, "--classes", "4"], "tweets.csv: with one class, '4', there is nothing to tell apart; name two or more"),
        (["--data", "plain.csv", "--inputs", "rank"], "does not say what comes out; did you mean 'ranks'?"),
        (["--data", "plain.csv", "--inputs", "rank", "--classes", "0,4"], "did you mean '--inputs ranks'?"),
        ([*LEARN, "--classes", "pos,neg"], "tweets.csv: no row is of the classes pos, neg: there are '4' 20, '0' 20"),
        ([*LEARN, "--dense", "0"], "--dense is 0, expected at least 1"),
        ([*LEARN, "--dense", "5:"], "--dense '5:' names no activation after its colon; write 5:sigmoid, or 5 for none"),
        ([*LEARN, "--dense", "5:sigmoit"], "--dense: unknown activation 'sigmoit'; known: tanh, sigmoid, relu, linear; did you mean 'sigmoid'?"),
        ([*LEARN[:6], "--embedding", "v.csv"], "v.csv: no such file"),
        ([*LEARN[:6], "--embedding", "."], ".: is a directory; expected a text file of word vectors"),
        (["train", "--data", "."], ".: is a directory; expected a CSV file"),
        (["hello", "--num-words", "9"], "--num-words does nothing without --data"),
        (["hello", "--encoding", "latin-1"], "--encoding does nothing without --data"),
        (["hello", "--embedding", "v.txt"], "--embedding 'v.txt' is no number; a file of word vectors is read by train --data"),
        ([*LEARN, "--example", "sentiment"], "--embedding does nothing beside --example"),
    ],
)  # fmt: skip
def test_what_does_not_fit_labelled_texts_is_said_in_one_sentence(arguments: list[str], says: str, run: Run) -> None:
    refused = run("train", *[word for word in arguments if word != "train"])
    assert (refused.code, refused.out) == (2, ""), refused
    *_, sentence = refused.err.splitlines()
    assert says in sentence
    assert len(sentence) < 300


@pytest.mark.filterwarnings("error")
def test_numbers_that_single_precision_does_not_hold_are_refused_in_words(run: Run) -> None:
    single = ["--precision", "single", "--epochs", "1"]
    Path("v.txt").write_text("good 1 1e40\n", "utf-8")
    refused = run("train", *LEARN[:6], "--embedding", "v.txt", *single)
    told = "holds a number of size 1e+40, and single precision none above 3.4e+38; take --precision double"
    assert (refused.code, refused.err.splitlines()[-1]) == (2, f"rnnwalk: E {told}")
    for text, target, name in (("1e40", "1", "a step"), ("1", "-1e40", "the target")):
        Path("n.csv").write_text(f"text,target\n{text} 2,{target}\n", "utf-8")
        refused = run("train", "--data", "n.csv", "--inputs", "x", "--linear", "y", *single)
        assert (refused.code, refused.err) == (2, f"rnnwalk: {name} {told}\n")


@pytest.mark.parametrize("source", [["--data", "no.csv"], ["--text", "no.txt"]])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--forget-bias", "1"], "a cell 'rnn' has no forget gate"),
        (["--hidden", "0"], "--hidden is 0, expected at least 1"),
        (["--dense", "x"], "--dense 'x' is no layer"),
        (["--cell", "lsmt"], "unknown cell 'lsmt'"),
        (["--embedding", "0"], "--embedding is 0"),
        (["--embedding", "none.vec"], "none.vec"),
        (["--lr", "0"], "the learning rate is 0"),
        (["--clip", "-1"], "the clip norm is -1"),
        (["--validation", "1"], "--validation is 1, expected at most 0.9"),
    ],
)
def test_options_are_refused_before_a_long_file_is_read(
    source: list[str], options: list[str], says: str, run: Run
) -> None:
    refused = run("train", *source, *options)  # there is no such file: whatever reads it tells that
    assert (refused.code, says in refused.err) == (2, True), refused.err


def test_accuracy_is_the_share_of_right_answers_and_the_table_counts_them() -> None:
    # By hand: without weights but a bias, every text is called “no”; one of the three is.
    model = draw("rnn", ("a", "b"), 2, 0, by="word", task=Task(at="last", names=("no", "yes")))
    for weight in model.weights:
        weight[:] = 0
    model.weights.by[0] = 1

    texts = problems_for_words(["a", "a b", "b"], ModelOptions(weights=model), ["no", "yes", "yes"])
    training = Training(model, texts, rate=1e-9, batch=2, validation=texts)
    (epoch,) = training.epochs(1)
    assert epoch.accuracy == pytest.approx(1 / 3)
    assert training.confusion().tolist() == [[1, 0], [2, 0]]


def test_single_precision_learns_as_double_does_but_for_rounding() -> None:
    model = draw("lstm", ("a", "b", "c"), 5, 1, by="word", task=Task(at="last", names=("no", "yes")), embedding=3)

    texts = problems_for_words(["a b c", "c b", "b a"], ModelOptions(weights=model), ["no", "yes", "no"])
    losses = [
        [epoch.loss for epoch in Training(model, texts, optimiser="adam", rate=0.01, batch=2, dtype=kind).epochs(20)]
        for kind in ("float32", "float64")
    ]
    np.testing.assert_allclose(*losses, rtol=20 * np.finfo(np.float32).eps * 20)  # 20 epochs of some 20 sums each


def test_what_could_not_be_held_or_read_again_is_refused_before_it_is_learned() -> None:
    with pytest.raises(weightfile.InputError, match=r"^to learn 35,000,000 numbers takes about 2\.4 GiB"):
        check_weights(35_000_000)
    check_weights(35_000_000, itemsize=4)
    weightfile.check_room(30_000_000, Path("w.npz"))
    with pytest.raises(weightfile.InputError, match=r"only 256 MiB are read again; .* or name an NPZ file"):
        weightfile.check_room(30_000_000, Path("w.json"))


@pytest.mark.parametrize("options", [["--example", "sentiment"], ["--classes", "negative,positive"]])
def test_a_text_of_an_unknown_class_is_left_out_and_named(options: list[str], run: Run) -> None:
    rows = ["text,target", "very good,positive", "not sad,positive", "bad,negative"]
    Path("rest.csv").write_text("\n".join(rows), "utf-8")
    Path("bad.csv").write_text("\n".join([*rows[:2], "sad film,negativ", *rows[2:]]), "utf-8")
    options += ["--validation", "0", "--epochs", "2"]
    done, rest = (run("train", "--data", name, *options) for name in ("bad.csv", "rest.csv"))
    assert (done.code, rest.code) == (0, 0)
    assert "bad.csv: left out 1 row of another class: 'negativ' 1 (did you mean 'negative'?)\n" in done.err
    if "--example" in options:
        assert done.out == rest.out


STARS = 'text,target\nso good,1\nso bad,0\nvery good,1\n"Very BAD, bad",0\n...,1\n'


def test_texts_with_a_number_each_are_read_by_the_same_words_as_texts_with_a_class_each(run: Run) -> None:
    Path("stars.csv").write_text(STARS, "utf-8")
    learn = ["train", "--data", "stars.csv", "--linear", "stars", "--embedding", "4", "-o"]
    done = run(*learn, "st.json", "--epochs", "300")
    assert done.code == 0, done.err
    assert "stars.csv: left out 1 row that cannot be read: line 6: the text is empty" in done.err
    walked = run("walk", "SO GOOD, nice!", "-w", "st.json", "--json")
    assert walked.err == "left out, not in the vocabulary: nice\n"
    told = json.loads(walked.out)
    assert [step["input"] for step in told["steps"]] == ["so", "good"]
    assert told["steps"][-1]["prediction"] == pytest.approx([1], abs=0.2)
    assert told["vocabulary"] == [PADDING, "bad", "so", "good", "very"]  # as Keras' Tokenizer ranks them
    assert run(*learn, "fit.json", "--epochs", "1", "--maxlen", "3", "--num-words", "3").code == 0
    told = json.loads(run("walk", "so good", "-w", "fit.json", "--json").out)
    assert [step["input"] for step in told["steps"]] == [PADDING, PADDING, "so"]
    assert run(*learn, "by.json", "--epochs", "1", "--by", "letter").code == 0
    assert json.loads(Path("by.json").read_text("utf-8")).get("symbols", "letter") == "letter"


def rows_of(**counts: int) -> str:
    """Rows of some classes, so many of each."""
    return "text,target\n" + "".join(f"so {name} {i},{name}\n" for name, times in counts.items() for i in range(times))


@pytest.mark.parametrize("options", [[], ["--by", "letter"]])
def test_rows_of_other_classes_are_counted_by_label_and_are_no_reason_to_refuse_the_others(
    options: list[str], run: Run
) -> None:
    Path("lab.csv").write_text(rows_of(negative=2, positive=1, Positive=5, neutral=3, n1=1, n2=1, n3=1, n4=1), "utf-8")
    done = run("train", "--data", "lab.csv", "--classes", "negative,positive", "--epochs", "1", *options)
    assert done.code == 0, done.err
    told = "'Positive' 5 (did you mean 'positive'?), 'neutral' 3, 'n1' 1, 'n2' 1, 'n3' 1, …"
    assert f"lab.csv: left out 12 rows of other classes: {told}\n" in done.err
    assert "read" not in done.err  # they can be


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--classes", "negative,positive"], "lab.csv: every row that is left says 'negative', so there is nothing to tell apart; "
         "there are 'Positive' 5 (did you mean 'positive'?), 'neutral' 3"),
        (["--example", "sentiment"], "lab.csv: every row that is left says 'negative'"),
        (["--classes", "negative,positive", "--by", "letter"], "lab.csv: every row that is left says 'negative'"),
        (["--classes", "good,bad"], "lab.csv: no row is of the classes good, bad: there are 'Positive' 5, 'neutral' 3, 'negative' 2"),
    ],
)  # fmt: skip
def test_one_class_alone_is_refused_also_where_it_is_what_is_left(options: list[str], says: str, run: Run) -> None:
    Path("lab.csv").write_text(rows_of(negative=2, Positive=5, neutral=3), "utf-8")
    refused = run("train", "--data", "lab.csv", *options)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1), refused
    assert says in refused.err


def test_of_one_class_alone_only_a_network_that_has_learned_learns_on(run: Run) -> None:
    Path("one.csv").write_text(rows_of(negative=2), "utf-8")
    refused = run("train", "--data", "one.csv", "--classes", "negative,positive")
    assert refused.err == "rnnwalk: one.csv: every row says 'negative', so there is nothing to tell apart\n"
    done = run("train", "--data", "one.csv", "--example", "sentiment", "--epochs", "1")
    assert (done.code, "one.csv: no row says 'positive'\n" in done.err) == (0, True)


def test_a_class_without_a_row_is_named_with_the_label_that_is_near(run: Run) -> None:
    Path("lab.csv").write_text(rows_of(negative=2, positive=2, neutral=3), "utf-8")
    done = run("train", "--data", "lab.csv", "--classes", "negative,nuetral,positive", "--epochs", "1")
    assert done.code == 0, done.err
    assert "lab.csv: no row says 'nuetral'; did you mean 'neutral'?\n" in done.err
    assert "lab.csv: left out 3 rows of another class: 'neutral' 3 (did you mean 'nuetral'?)\n" in done.err


def test_the_first_row_that_cannot_be_read_is_the_first_that_is_named(run: Run) -> None:
    Path("num.csv").write_text("text,target\ngood day,3\nbad day,x\n1 2,3\n,\n", "utf-8")
    for options in (["--inputs", "a", "--linear", "b"], ["--example", "sum"]):
        refused = run("train", "--data", "num.csv", *options)
        assert "num.csv: 3 of 4 rows cannot be read: line 2: step 1: 'good' is not a finite number" in refused.err
    Path("num.csv").write_text("text,target\n5,5\n,\n1 x,3\n1 2,3\n7,7\n8,8\n", "utf-8")
    told = run("train", "--data", "num.csv", "--example", "sum", "--epochs", "1").err
    assert "cannot be read: line 3 does not say what is true; line 4: step 2: 'x' is not a finite number" in told


@pytest.mark.parametrize("options", [["--at", "every"], ["--at", "every", "--classes", "A,D,N,V"]])
def test_a_row_without_a_text_is_left_out_also_where_each_word_has_a_label(options: list[str], run: Run) -> None:
    Path("tags.csv").write_text("text,target\nthe dog runs,D N V\n,D\n  ,D\na fast cat,D A N\na cat,D N\n", "utf-8")
    done = run("train", "--data", "tags.csv", "--by", "word", *options, "--epochs", "1")
    assert done.code == 0, done.err
    told = "left out 2 rows that cannot be read: line 3: the text is empty; line 4: the text is empty"
    assert f"tags.csv: {told}\n" in done.err


def test_texts_that_are_numbers_are_read_as_words_and_that_is_said(run: Run) -> None:
    Path("num.csv").write_text('text,target\n1 -2,no\n"0.5,3e-1 2,1",yes\n4 5,no\n7 -3,yes\n', "utf-8")
    learn = ["train", "--data", "num.csv", "--epochs", "1"]
    told = "num.csv: every text is numbers, and they are read as words, without their signs and points; to read"
    assert told in run(*learn).err
    assert "and they are read as letters; to" in run(*learn, "--by", "letter").err
    Path("num.csv").write_text("text,target\n1 -2,no\n3 4 e,yes\n4 5,no\n7 x,yes\n", "utf-8")
    assert "every text is numbers" not in run(*learn).err
    Path("sum.csv").write_text("text,target\n1 -2,-1\n3 4,7\n", "utf-8")
    assert run(*learn[:2], "sum.csv", "--inputs", "x", "--linear", "y", "--epochs", "1").err == ""
    assert "every text is numbers" in run(*learn[:2], "sum.csv", "--linear", "y", "--epochs", "1").err
