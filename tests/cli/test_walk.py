"""rnnwalk walk, as a reader sees it."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Golden
from tests.examples import data, reference, sampled

from .conftest import Run


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("hello", []),
        ("hello-all-numbers", ["--all", "--formulas", "numbers", "--digits", "4"]),
        ("banana", ["banana", "--hidden", "4", "--seed", "7"]),
        ("beside", ["hello", "holle", "hoell", "--letter", "2", "--backward", "--digits", "4"]),
        ("sentence", ["we love working on deep learning", "--by", "word", "--letter", "2"]),
        ("cjk", ["日本日", "--letter", "1"]),
        ("lstm", ["anna", "--cell", "lstm", "--hidden", "2"]),
        ("gru", ["anna", "--cell", "gru", "--hidden", "2", "--form", "pytorch"]),
        ("gru-forms", ["anna", "--cell", "gru", "--hidden", "2", "--form", "all"]),
        ("lstm-backward", ["anna", "--cell", "lstm", "--hidden", "2", "--letter", "2", "--backward"]),
    ],
)
def test_walk_reads_as_accepted(run: Run, golden: Golden, name: str, arguments: list[str]) -> None:
    golden(f"walk-{name}.txt", run("walk", *arguments).out)


def test_the_articles_number_is_written_out(run: Run) -> None:
    """The published h of "e", 0.936534, with the numbers that the article puts in."""
    assert "h₂[1] = tanh(0.846060 + 0.863014) = tanh(1.709074) = 0.936534" in run("walk").out


def test_json_holds_pytorchs_values_to_the_last_digits(run: Run) -> None:
    _, expected = reference("hello-article")
    told = json.loads(run("walk", "--json").out)
    assert told["loss"] == pytest.approx(expected["loss"], rel=1e-12)
    for step, truth in zip(told["steps"], expected["steps"], strict=True):
        values = {q["name"].rsplit("_", 1)[0]: [row[0] for row in q["value"]] for q in step["quantities"]}
        assert step["prediction"] == truth["prediction"]
        assert values["h"] == pytest.approx(truth["h"], rel=1e-12)
        assert values["p"] == pytest.approx(truth["p"], rel=1e-12)


def test_json_weights_can_be_read_again_as_a_weight_file(run: Run) -> None:
    first = run("walk", "banana", "--json").out
    Path("again.json").write_text(first, "utf-8")
    second = json.loads(run("walk", "--weights", "again.json", "--json").out)
    assert second["steps"] == json.loads(first)["steps"]


def test_json_of_a_network_that_starts_with_a_memory_keeps_it(run: Run) -> None:
    weights = {"Wxh": [[1, -2], [0.5, 0.25]], "Whh": [[0.3, 0.2], [0.1, -0.4]], "Why": [[1, 2], [3, -4]]}
    record = {"vocabulary": ["a", "b"], "form": "logistic", "weights": weights, "h0": [0.5, -0.25]}
    Path("first.json").write_text(json.dumps(record), "utf-8")
    first = json.loads(run("walk", "abab", "--weights", "first.json", "--json").out)
    Path("again.json").write_text(json.dumps(first), "utf-8")
    again = json.loads(run("walk", "--weights", "again.json", "--json").out)
    assert first["h0"] == [0.5, -0.25]
    assert again["steps"] == first["steps"]


@pytest.mark.parametrize(
    ("ending", "phrase"), [(".txt", "0.936534"), (".md", r"\begin{array}"), (".html", "<html"), (".svg", "<svg")]
)
def test_a_walk_is_saved_by_its_ending_and_the_same_again(run: Run, ending: str, phrase: str) -> None:
    for name in (f"one{ending}", f"two{ending}"):
        result = run("walk", "--save", name)
        assert (result.code, result.out) == (0, "")
    assert phrase in Path(f"one{ending}").read_text("utf-8")
    assert Path(f"one{ending}").read_bytes() == Path(f"two{ending}").read_bytes()


@pytest.mark.parametrize("columns", ["40", "60", "80"])
@pytest.mark.parametrize("arguments", [["hello"], ["banana", "--cell", "lstm"]])
def test_the_unrolled_network_fits_the_width_and_ends_with_the_last_letter(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str, arguments: list[str]
) -> None:
    monkeypatch.setattr("rnnwalk.render.terminal.screen.PIPED", int(columns))
    lines = run("walk", *arguments).out.splitlines()
    says, *_, cells = lines[(start := next(i for i, line in enumerate(lines) if "should say" in line)) : start + 5]
    y = lines[start + 2]
    assert says.endswith(arguments[0][-1])
    last = len(arguments[0]) - 1
    assert cells.endswith("]")
    assert y.endswith(f"y{last}".translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")))
    assert cells.rindex("[") < y.rindex("y") < cells.rindex("]"), "the scores stand over their cell"
    assert y.rindex("y") <= says.rindex(says[-1]) <= y.rindex("y") + 1


def test_a_large_network_is_elided_and_says_so(run: Run) -> None:
    text = run("walk", "abcdefghijklmnopqrstuvwxyz", "--hidden", "40", "--letter", "1", "--step", "1").out
    assert "⋮" in text
    assert "⋯" in text
    assert "left out" in text


@pytest.mark.parametrize("hidden", range(5, 13))
def test_whatever_is_left_out_is_said_to_be(run: Run, hidden: int) -> None:
    for page in run("walk", "hello", "--hidden", str(hidden), "--letter", "1").out.split("\n\nLetter "):
        assert ("⋯" in page or "⋮" in page) == ("left out" in page)


@pytest.mark.parametrize("columns", [30, 40, 50])
def test_a_narrow_screen_marks_the_columns_that_it_leaves_out(
    run: Run, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the four columns of Wxh it shows one, between two signs."""
    monkeypatch.setenv("COLUMNS", str(columns))
    text = run("walk", "hello", "--letter", "2", "--step", "4b").out
    assert "⋯  0.846060  ⋯" in text and "left out" in " ".join(text.split())


def test_interactive_off_a_terminal_prints_everything(run: Run) -> None:
    assert run("walk", "--interactive").out.replace(" --interactive", "") == run("walk").out.replace(
        " --interactive", ""
    )


def test_overflowing_scores_still_give_probabilities(run: Run) -> None:
    weights = {"Wxh": [[9.0, 9.0]], "Whh": [[1.0]], "Why": [[900.0], [-900.0]]}
    Path("w.json").write_text(json.dumps({"vocabulary": ["a", "b"], "weights": weights}), "utf-8")
    result = run("walk", "ab", "--weights", "w.json")
    assert (result.code, result.err) == (0, "")
    assert "= 1799.999945" in result.out  # 2 · 900 · tanh(9), where −ln p is infinite
    assert "undefined" not in result.out
    assert "nan" not in result.out.lower().replace("banana", "")


def test_explain_reads_as_accepted(run: Run, golden: Golden) -> None:
    for quantity in ["h_2[1]", "p_2[h]", "y_4", "loss", "Wxh[1,e]", "x_3"]:
        golden(f"explain-{quantity}.txt", run("explain", quantity).out)


def test_a_given_number_is_not_said_to_be_made_of_itself(run: Run) -> None:
    for quantity in ("bh", "Wxh[1,e]", "x_1[h]"):
        assert len([line for line in run("explain", quantity).out.splitlines() if " = " in line]) == 1


def test_scores_whose_powers_of_e_vanish_are_not_divided_by_their_sum(run: Run) -> None:
    weights = {"Wxh": [[9.0, 9.0]], "Whh": [[1.0]], "Why": [[-900.0], [-950.0]]}
    Path("w.json").write_text(json.dumps({"vocabulary": ["a", "b"], "weights": weights}), "utf-8")
    text = run("walk", "ab", "--weights", "w.json").out
    assert "out of the computer's range" in text
    assert "the same quotients" not in text


def test_explain_stops_at_its_depth(run: Run) -> None:
    assert len(run("explain", "loss", "--depth", "1").out.splitlines()) < 13


def test_explain_of_a_long_text_stops_after_some_levels_and_says_where_to_go_on(run: Run) -> None:
    text = run("explain", "h_2000[1]", "ab" * 1500).out
    assert "--depth 4 goes further back, or explain a part of it,\nsuch as Whh_h_1999[1]." in text
    assert max(map(len, text.splitlines())) <= 80


def test_explain_as_deep_as_asked_still_fits_the_width(run: Run) -> None:
    text = run("explain", "h_200[1]", "ab" * 150, "--depth", "100").out
    assert max(map(len, text.splitlines())) <= 80


def test_weights_show_reads_as_accepted(run: Run, golden: Golden) -> None:
    assert run("weights", "new", "--word", "banana", "--hidden", "4", "--seed", "7", "-o", "banana.json").code == 0
    golden("weights-new.json", Path("banana.json").read_text("utf-8"))
    golden("weights-show.txt", run("weights", "show", "banana.json").out)


def test_npz_and_json_hold_the_same_weights(run: Run) -> None:
    for name in ("w.json", "w.npz"):
        run("weights", "new", "--word", "naïve", "--seed", "3", "-o", name)
    walks = [json.loads(run("walk", "--weights", name, "--json").out) for name in ("w.json", "w.npz")]
    assert walks[0]["steps"] == walks[1]["steps"]


def test_the_greeting_is_short_and_every_command_in_it_works(run: Run) -> None:
    greeting = run().out
    assert len(greeting.splitlines()) <= 12
    commands = [line.split("  ")[1] for line in greeting.splitlines() if line.startswith("  rnnwalk")]
    assert len(commands) == 3
    for line in commands:
        assert run(*line.replace('"', "").split()[1:]).code == 0


@pytest.mark.parametrize(
    "arguments", [["ab", "--hidden", "1"], ["abc", "--hidden", "1"], ["ab"], ["abc", "--cell", "gru"]]
)
def test_the_number_that_is_proposed_to_be_explained_can_be(run: Run, arguments: list[str]) -> None:
    line = next(line for line in run("walk", *arguments).out.splitlines() if line.startswith("  rnnwalk explain"))
    assert run(*shlex.split(line)[1:]).code == 0


def test_version_names_what_matters_for_a_report(run: Run) -> None:
    text = run("--version").out
    for name in ("rnnwalk", "Python", "numpy", "openpyxl"):
        assert name in text


@pytest.mark.parametrize("form", ["chung2014", "cho2014", "pytorch"])
def test_the_forms_side_by_side_show_pytorchs_losses(run: Run, form: str) -> None:
    """Each reference was made by PyTorch's autograd from the same equations; its own form's loss is in the table."""
    record = data(f"hello-gru-{form}")
    keys = ("cell", "form", "vocabulary", "weights", "word")
    Path("w.json").write_text(json.dumps({key: record[key] for key in keys}), "utf-8")
    text = run("walk", "--weights", "w.json", "--digits", "9").out
    assert f"This is {form}:" in text
    assert f"{record['expected']['loss']:.9f}" in text
    assert f"{record['expected']['steps'][0]['h'][0]:.9f}" in text


def test_a_gates_sigmoid_is_opened(run: Run) -> None:
    text = run("walk", "anna", "--cell", "lstm", "--letter", "1", "--step", "2").out
    assert "1 / (1 + e^(−(" in text


OFFERED = [
    (),
    ("banana", "--cell", "gru", "--hidden", "2"),
    ("1 2 3", "--example", "sum", "--target", "6"),
    ("--example", "sum"),
    ("hello", "holle", "--hidden", "1"),
    ("hello", "holle", "--hidden", "2"),
]


@pytest.mark.parametrize("options", sampled(OFFERED, *OFFERED[1:3], OFFERED[5]))
def test_what_next_offers_commands_that_work_for_this_word_and_were_not_just_run(
    run: Run, options: tuple[str, ...]
) -> None:
    for way in ((), ("--backward",)):
        offered = run("walk", *options, *way).out.partition("What next?")[2].replace("\\\n", "").split("\n")
        commands = [shlex.split(line) for line in offered if line.strip()]
        assert len(commands) in (3, 4)
        for command in commands:
            assert run(*command[1:]).code == 0
            assert set(options) <= set(command)
            assert not ("walk" in command and set(way) & set(command))


def test_what_learns_from_its_file_is_offered_to_train(run: Run) -> None:
    """Nor is what has nothing left to learn: sum is right to the last bit."""
    for options, offered in (
        (["--example", "sentiment"], True),
        (["--example", "sum"], False),
        (["1 2 3", "--example", "sum", "--target", "7"], False),
    ):
        assert ("rnnwalk train" in run("walk", *options, "--backward").out) == offered


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_gradient_that_is_offered_is_not_all_zeros(run: Run, cell: str) -> None:
    """Of two letters one is read, and the memory before it is 0: so is the gradient of what weighs that."""
    (command,) = re.findall(
        "rnnwalk (explain .*)", run("walk", "ab", "--hidden", "2", "--cell", cell, "--backward").out
    )
    assert re.search("[⎡⎣] .*[1-9]", run(*command.split()).out)


def test_a_learning_rate_that_made_the_loss_grow_is_not_offered_again(run: Run) -> None:
    for rate, again in (("5", ["train"]), ("0.5", ["train", "--lr", "0.5"])):
        offered = run("walk", "--backward", "--lr", rate).out.partition("What next?")[2].split("\n")
        assert [line.split()[1:] for line in offered if "train" in line] == [again]


def test_what_next_keeps_every_option_that_its_commands_take_and_breaks_a_long_line_as_a_shell_does(run: Run) -> None:
    way = ["--hidden", "5", "--seed", "3", "--cell", "gru", "--form", "pytorch", "--notation", "course", "--lr", "0.5"]
    text = run("walk", *way, "--backward", "--", "-ab-a").out.partition("What next?")[2]
    assert "\\\n    --" in text
    assert max(map(len, text.splitlines())) <= 80
    commands = [shlex.split(line) for line in text.replace("\\\n", "").splitlines() if line.strip()]
    assert [command[1] for command in commands] == ["explain", "gradcheck", "train", "export"]
    for command in commands:
        assert run(*command[1:]).code == 0
        assert command[-2:] == ["--", "-ab-a"]
        assert set(way[:10]) <= set(command)
        assert ("0.5" in command) == (command[1] in ("train", "export"))


def test_new_weights_for_a_vocabulary_alone_are_for_the_word_that_it_makes(run: Run) -> None:
    assert run("weights", "new", "--vocab", "not so bad", "--by", "word", "-o", "w.json").code == 0
    made = json.loads(Path("w.json").read_text("utf-8"))
    assert (made["word"], made["vocabulary"]) == ("not so bad", ["not", "so", "bad"])
    assert run("walk", "bad not", "--weights", "w.json").code == 0
