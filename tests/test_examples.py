"""The bundled examples do what their stories say, and so does the network that never explodes."""

import itertools
import runpy
import shlex
from pathlib import Path

import numpy as np
import pytest

from rnnwalk import walk
from rnnwalk.errors import InputError
from rnnwalk.model.examples import FOLDER, TYPES, example, names
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.tasks.stretching import stretched
from rnnwalk.views.gradient_flow import verdict
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run, run  # noqa: F401
from tests.conftest import Golden
from tests.examples import pose

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", names())
def test_each_example_is_a_file_with_a_story_that_its_commands_tell(run: Run, name: str) -> None:  # noqa: F811
    assert (FOLDER / f"{name}.json").is_file()
    found = example(name)
    beginning = " ".join(found.story.split()[:5])
    result = run("walk", "--example", name)
    assert (result.code, beginning in result.out) == (0, True), result.err
    told = run("examples", name).out
    assert (beginning in told, f"{name} ({found.type})" in told) == (True, True)
    assert found.type in TYPES
    for line in found.commands:
        assert line in told, "a command that is wrapped cannot be copied"
        program, *arguments = shlex.split(line)
        result = run(*arguments)
        assert (program, result.code) == ("rnnwalk", 0), f"{line}: {result.err}"


def test_all_examples_are_listed_under_a_picture_of_the_four_types(run: Run, golden: Golden) -> None:  # noqa: F811
    out = run("examples").out
    golden("examples.txt", out)
    assert all(f"\n{name} (" in out for name in names())
    assert all(out.index(name) < out.index("[h]") for name in TYPES)
    assert "captions" in out
    assert "translation" in out
    result = run("examples", "sentimant")
    assert (result.code, "did you mean 'sentiment'" in result.err) == (2, True)


def test_the_files_are_what_the_script_says() -> None:
    """Their words, not their weights, which take seconds to learn."""
    script = runpy.run_path(str(ROOT / "worksheets" / "examples.py"))
    for name, trained in script["TRAINED"].items():
        found = example(name)
        assert (found.story, found.type, found.commands) == (trained.story, trained.type, tuple(trained.commands))


def p(read: Walk, step: int, name: str) -> float:
    return float(read[f"p_{step}[{name}]"].value[0, 0])


def test_the_food_chain_is_told_and_sharks_do_not_feed_on_sharks(run: Run) -> None:  # noqa: F811
    told = run("generate", "--example", "ocean", "--temperature", "0", "--length", "11")
    assert told.out.strip() == "sharks feed on tuna . tuna feed on mackerel . mackerel feed"
    read = walk("sharks feed on sharks", example="ocean")
    assert p(read, 3, "sharks") == pytest.approx(0.001, rel=0.5)
    assert p(read, 3, "tuna") > 0.9


def test_punctuation_of_any_kind_is_no_part_of_a_word_of_the_phrases() -> None:
    read = walk('It was (so) good; "never" boring: good!', example="sentiment")
    assert (read.problem.word, read.problem.left_out) == ("it was so good never boring good", ())


@pytest.mark.parametrize("word", ["7 11 2 30 4", "-3 1.5 100", "1"])
def test_a_linear_memory_is_the_running_total(word: str) -> None:
    numbers = [float(part) for part in word.split()]
    read = walk(word, example="sum")
    assert [float(w[0, 0]) for w in read.problem.model.weights if w is not None] == [1, 1, 1]
    totals = [float(read[f"h_{t}"].value[0, 0]) for t in range(1, len(numbers) + 1)]
    np.testing.assert_allclose(totals, np.cumsum(numbers), rtol=0, atol=1e-6)
    assert float(read[f"y_{len(numbers)}"].value[0, 0]) == pytest.approx(sum(numbers), abs=1e-6)


def test_tanh_learned_its_sums_and_does_not_reach_further() -> None:
    assert float(walk("9 8 9 9 9", example="sum-tanh").predictions[0]) == pytest.approx(39, abs=0.5)
    assert float(walk("3 1 4 1 5", example="sum-tanh").predictions[0]) == pytest.approx(14, abs=0.5)
    assert float(walk("7 11 2 30 4", example="sum-tanh").predictions[0]) == pytest.approx(37, abs=0.5)


def test_the_missed_day_is_bridged_by_what_was_predicted() -> None:
    for first, missed in itertools.product(range(3), range(4)):
        due = [(first + day) % 3 for day in range(4)]
        steps = []
        for day, subject in enumerate(due):
            studied = [int(subject == i and day != missed) for i in range(3)]
            predicted = [int(subject == i) for i in range(3)]
            steps.append(",".join(map(str, studied + predicted)))
        read = walk(" ".join(steps), example="study")
        assert read.predictions == [("math", "science", "English")[(subject + 1) % 3] for subject in due]


WORDS = "i am was it this that the not never very so at all good bad great awful happy sad boring"


def test_the_classifier_is_right_on_phrases_that_it_did_not_learn_from() -> None:
    script = runpy.run_path(str(ROOT / "worksheets" / "examples.py"))
    _, learned = script["sentiment"]()
    asked = dict(script["HELD_OUT"]) | {"good, not bad": "positive", "bad, not good": "negative"}
    assert len(asked) > 11
    met = " | ".join(problem.word for problem in learned)
    for phrase, answer in asked.items():
        read = walk(phrase, example="sentiment")
        assert (read.predictions, read.problem.word in met) == ([answer], False), phrase
    assert set(WORDS.split()) <= set(walk(example="sentiment").problem.model.vocabulary)


@pytest.mark.parametrize("ending", ["", " at the film", " at all that"])
@pytest.mark.parametrize("beginning", ["", "i was", "the film was"])
def test_words_that_often_stand_beside_a_negation_do_not_turn_a_phrase_by_themselves(
    beginning: str, ending: str
) -> None:
    for word, answer in {"good": "positive", "happy": "positive", "bad": "negative", "sad": "negative"}.items():
        for way in ("{}", "all {}", "so {}", "{}, so {}", "very {}, all {}, {}"):
            phrase = f"{beginning} {way.format(word, word, word)}{ending}"
            assert walk(phrase, example="sentiment").predictions == [answer], phrase


def test_jumbled_words_surprise_where_the_sentence_does_not() -> None:
    sentence, jumble = "we love working on deep learning", "working love learning we on deep"
    assert sorted(sentence.split()) == sorted(jumble.split())
    expected, surprised = (walk(text, example="jumbled") for text in (sentence, jumble))
    assert surprised.loss > 5 * expected.loss
    losses = [float(expected[f"loss_{t}"].value[0, 0]) for t in range(1, 6)]
    assert max(losses) < 2  # e^2: never less likely than one of eight words


LIVES = (
    "tom acts . he lives there . anna sings . she lives there . ben writes . he sings . he lives there . mia acts . she",
    "eva acts . she sings . max sings . he writes . mia writes . she acts . tom writes . he acts . anna acts . she",
)


def test_a_unit_of_c_carries_the_gender_and_is_emptied_when_somebody_new_comes() -> None:
    names = ("tom", "max", "ben", "anna", "eva", "mia")
    c, women, kept, emptied = [], [], [], []
    for life in LIVES:
        read = walk(life, example="pronoun")
        for step, word in enumerate(read.problem.inputs, start=1):
            if word in names:
                woman = names.index(word) > 2
            if step > 1:
                (emptied if word in names else kept).append(read[f"f_{step}"].value[:, 0])
            if word == ".":  # he or she, is now to be said
                she, he = (p(read, step, name) for name in ("she", "he"))
                assert (she > 10 * he) if woman else (he > 10 * she)
                c.append(read[f"c_{step}"].value[:, 0])
                women.append(woman)
    of_women, of_men = np.array(c)[women], np.array(c)[np.invert(women)]
    gap = np.maximum(of_women.min(0) - of_men.max(0), of_men.min(0) - of_women.max(0))
    unit = int(gap.argmax())
    assert gap[unit] > 0.5
    assert (unit, np.delete(gap, unit).max() < 0.2) == (2, True)
    assert (of_men.min(0)[unit] > 0, of_women.max(0)[unit] < 0) == (True, True)
    assert np.array(emptied)[:, unit].max() < np.array(kept)[:, unit].min()
    assert walk(example="pronoun")["f_8[3]"].value[0, 0] == pytest.approx(0.01, abs=0.005)


def test_the_gender_is_kept_over_six_sentences_about_anna_but_not_always_about_tom() -> None:
    for name, right, wrong in (("anna", "she", "he"), ("tom", "he", "she")):
        others = " . ".join(f"{right} {does}" for does in ("sings", "lives there", "writes", "sings", "acts"))
        read = walk(f"{name} acts . {others} . {right}", example="pronoun")
        ends = [t for t, word in enumerate(read.problem.inputs, start=1) if word == "."]
        surer = [p(read, end, right) > 10 * p(read, end, wrong) for end in ends]
        assert (surer[:3], surer[-1]) == ([True] * 3, name == "anna")


@pytest.mark.parametrize("length", [20, 60])
def test_the_error_of_the_exploding_network_really_explodes(length: int) -> None:
    """By the product of its Jacobians, in NumPy: ∂L/∂h₋ = Whhᵀ·((1 − h²)⊙∂L/∂h)."""
    posed = stretched(pose(example="exploding"), length)
    found, w = flow(posed), posed.model.weights
    h, states = np.zeros((2, 1)), []
    for row in posed.rows(posed.inputs):
        h = np.tanh(w.Wxh[:, [row]] + w.Whh @ h + w.bh)
        states.append(h)
    p = np.exp(w.Why @ h) / np.exp(w.Why @ h).sum()
    p[posed.rows(posed.symbols[-1:])] -= 1
    error = w.Why.T @ p
    first = np.linalg.norm(error)
    for h in states[:0:-1]:
        error = w.Whh.T @ ((1 - h**2) * error)
    assert np.linalg.norm(error) > 1e3 * first
    assert found.regime == "exploding"
    if length == 20:  # beyond, last bits decide: what explodes is sensitive to them
        assert found.left.value == pytest.approx(float(np.linalg.norm(error) / first), rel=1e-6)


def test_the_articles_error_does_not_explode_with_any_scale() -> None:
    problem = stretched(pose("hello"), 60)
    for scale in np.geomspace(0.1, 1000, 25):
        for sign in (1, -1):
            found = flow(problem, float(sign * scale))
            assert found.regime == "vanishing" or (found.regime, sign) == ("steady", -1)
            largest = max(found.arrivals, key=lambda arrival: arrival.error["h"].log10)
            assert largest is found.arrivals[-1]  # no letter hears more of it than the last
    assert "2z / sinh 2z" in verdict(flow(problem, 16), 4)
    assert "2z / sinh 2z" not in verdict(flow(problem, 1), 4)


def test_what_is_said_of_saturation_is_so() -> None:
    """In h = tanh(w·h + c) with c ≥ 0 and w > 0, w·(1 − h²) is at most 2z / sinh 2z, where z = w·h + c."""
    for w in np.geomspace(0.01, 100, 60):
        for c in (0.01, 0.1, 1.0, 3.0):
            h = 1.0
            for _ in range(3000):
                h = np.tanh(w * h + c)
            z = w * h + c
            assert w / np.cosh(z) ** 2 <= 2 * z / np.sinh(2 * z) + 1e-12
    assert 2 / np.sinh(2) == pytest.approx(0.55, abs=0.005)
    assert 4 / np.sinh(4) == pytest.approx(0.15, abs=0.005)


def test_the_gru_holds_its_state_over_ten_letters_and_its_other_unit_does_not() -> None:
    held, rewritten = (np.array([read[f"h_{t}"].value[unit, 0] for t in range(1, 12)]) for unit in (0, 1)
                       for read in [walk(example="holding")])  # fmt: skip
    assert abs(held[0]) > 0.5
    assert np.abs(held / held[0] - 1).max() < 0.01
    assert np.ptp(rewritten) > 1


def test_the_lstm_keeps_its_memory_while_h_shows_nothing_of_it_until_the_gate_opens() -> None:
    read = walk(example="secret")
    c, h, o = (np.array([read[f"{name}_{t}"].value[0, 0] for t in range(1, 16)]) for name in ("c", "h", "o"))
    assert c[0] > 0.9
    assert np.abs(c[:-1] / c[0] - 1).max() < 0.01
    assert np.abs(h[:-1]).max() < 1e-3
    assert o[:-1].max() < 1e-3
    assert h[-1] > 0.7
    assert read.problem.inputs[-1] == ")"


def test_an_example_is_a_model_like_any_other(run: Run) -> None:  # noqa: F811
    assert run("explain", "c_3[1]", "--example", "secret", "--depth", "1").code == 0
    assert "--example secret" in run("walk", "--example", "secret").out.split("What next?")[1]
    assert run("train", "--example", "holding", "--epochs", "2", "-o", "w.json").code == 0
    assert "holds its state" not in run("walk", "--weights", "w.json").out


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"example": "exploeding"}, "did you mean 'exploding'"),
        ({"example": "holding", "cell": "lstm"}, "--cell and --example holding"),
        ({"example": "holding", "weights": "w.json"}, "--example and --weights"),
        (
            {"example": "pizza", "by": "letter"},
            "--by letter does nothing beside --example pizza, whose text is read by words",
        ),
    ],
)
def test_what_does_not_go_with_an_example_is_refused(options: dict[str, str], phrase: str) -> None:
    with pytest.raises(InputError, match=phrase):
        pose(**options)


def test_a_comparison_draws_its_networks(run: Run) -> None:  # noqa: F811
    result = run("gradients", "--example", "holding", "--compare")
    assert (result.code, "--example holding" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "word", "symbols"),
    [("hello", "holle", "h e l o"), ("banana", "nab", "b a n"), ("pizza", "my man ate pizza", "the man who ate my")],
)
def test_another_word_is_read_by_the_network_of_an_example(run: Run, name: str, word: str, symbols: str) -> None:  # noqa: F811
    read = walk(word, example=name)
    own = walk(example=name).problem.model
    assert " ".join(read.problem.model.vocabulary).startswith(symbols)
    assert all(
        np.array_equal(*pair)
        for pair in zip(read.problem.model.weights, own.weights, strict=True)
        if pair[0] is not None
    )
    assert run("compare", word, word, "--example", name).code == 0
    assert run("train", word, "--example", name, "--epochs", "1").code == 0
    refused = run("walk", f"{word} zebra", "--example", name)
    assert (refused.code, "is not in the vocabulary" in refused.err) == (2, True), refused.err


def test_hello_is_read_by_the_weights_of_the_article_and_by_no_others(run: Run) -> None:  # noqa: F811
    assert walk("holle", example="hello")["h_1"].value[0, 0] == pytest.approx(np.tanh(0.287027 + 0.567001))
    for option, value in (("--seed", "3"), ("--cell", "lstm"), ("--hidden", "5")):
        refused = run("walk", "--example", "hello", option, value)
        assert (refused.code, f"{option} and --example hello do not go together" in refused.err) == (2, True)
    refused = run("walk", "nab", "--example", "banana", "--by", "word")
    assert (
        refused.err
        == "rnnwalk: --by word does nothing beside --example banana, whose text is read by letters; leave it out\n"
    )


@pytest.mark.parametrize("name", names())
def test_a_command_lists_the_examples_that_it_runs(run: Run, name: str) -> None:  # noqa: F811
    helps = {command: run(command, "--help").out.replace("│", "") for command in ("compare", "generate")}
    listed = {command: name in "".join(text.split()) for command, text in helps.items()}
    own = walk(example=name).problem.word
    assert (run("compare", own, own, "--example", name).code == 0) == listed["compare"]
    assert (run("generate", "--example", name, "--length", "2").code == 0) == listed["generate"]
