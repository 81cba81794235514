"""What training has done: the curve, and the words before and after."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from rnnwalk.tasks.training import Epoch
from rnnwalk.views import confusion, training
from rnnwalk.views.before_after import before_and_after as compared
from rnnwalk.views.before_after import said
from rnnwalk.views.generated import generated
from rnnwalk.views.page import Commands, Drawing, Page, Prose, Table
from rnnwalk.views.training import CHANGES, EIGHTHS, HEIGHT, WIDTH, Course, Losses, report
from tests.examples import data, pose, reference
from tests.views.reading import column, of, only, texts, values

LOSSES = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


def heights(lines: list[str]) -> list[int]:
    """The height of each column of a curve, in eighths of a line."""
    chart = [line.partition("│")[2] for line in lines[:HEIGHT]]
    count = lines[HEIGHT].count("─")
    return [sum(EIGHTHS.index(row.ljust(count)[i]) for row in chart) for i in range(count)]


def course(losses: list[float], validation: float | None = None, **more) -> Course:
    made = Course(**{"letters": 4, "held_back": 0, "said": [(1, "hhhh")]} | more)
    for i, loss in enumerate(losses, start=1):
        made.add(Epoch(i, loss, validation, True))
    return made


def curve(losses: list[float]) -> list[str]:
    return training.curve(course(losses).losses)


def before_and_after() -> tuple[Problem, Problem, dict]:
    """hello, with the article's weights, and with those that PyTorch has learned in 100 epochs."""
    problem, _ = reference("hello-article")
    record = data("hello-article")
    learned = next(run for run in record["training"] if run["epochs"] == 100 and run["optimizer"] == "sgd")
    return problem, Problem(parse(record | learned, "learned", ""), problem.symbols), learned


@given(LOSSES)
def test_no_curve_is_higher_than_its_height_or_wider_than_its_width(losses: list[float]) -> None:
    lines = curve(losses)
    assert len(lines) == HEIGHT + 2
    assert len(heights(lines)) == min(len(losses), WIDTH)
    margin = lines[HEIGHT].index("└")
    assert all(len(line) <= margin + 1 + WIDTH for line in lines[: HEIGHT + 1])
    assert all(line[margin] == "│" for line in lines[:HEIGHT])


@given(LOSSES.map(lambda losses: sorted(losses, reverse=True)))
def test_the_curve_of_losses_that_only_fall_only_falls(losses: list[float]) -> None:
    found = heights(curve(losses))
    assert found == sorted(found, reverse=True)
    assert found[0] == (8 * HEIGHT if losses[0] else 0)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=WIDTH))
def test_each_loss_is_a_column_as_high_as_its_share_of_the_largest(losses: list[float]) -> None:
    top = max(losses) or 1
    for height, loss in zip(heights(curve(losses)), losses, strict=True):
        assert abs(height - loss / top * 8 * HEIGHT) <= 0.5 + 1e-9


def test_of_more_epochs_than_columns_each_column_is_a_mean() -> None:
    losses = [math.exp(-i / 30) for i in range(3 * WIDTH)]
    means = np.array(losses).reshape(WIDTH, 3).mean(axis=1)
    np.testing.assert_allclose(heights(curve(losses)), means / means[0] * 8 * HEIGHT, atol=0.51)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=4000), st.sampled_from([WIDTH * 2, Losses.MOST]))
def test_of_any_number_of_epochs_the_means_are_those_of_all_their_losses(losses: list[float], most: int) -> None:
    kept = Losses()
    kept.MOST = most
    for loss in losses:
        kept.add(loss)
    sizes = [count for _, count in kept._sums]
    assert len(sizes) <= most
    assert kept.count == len(losses) == sum(sizes)
    assert len(set(sizes[:-1])) <= 1
    assert len(kept.means()) == min(len(losses), WIDTH)
    edges = np.cumsum([0, *sizes])
    columns = [round(i * len(sizes) / len(kept.means())) for i in range(len(kept.means()) + 1)]
    expected = [math.fsum(losses[edges[a] : edges[b]]) / (edges[b] - edges[a]) for a, b in pairwise(columns)]
    np.testing.assert_allclose(kept.means(), expected, rtol=1e-12)


def test_losses_in_bounded_room_draw_the_curve_that_all_of_them_would_draw() -> None:
    losses = [math.exp(-i / 5000) for i in range(30_000)]
    means = np.array(losses).reshape(WIDTH, -1).mean(axis=1)
    np.testing.assert_allclose(heights(curve(losses)), means / means[0] * 8 * HEIGHT, atol=1.5)


def test_the_axes_name_the_largest_loss_half_of_it_and_the_last_epoch() -> None:
    lines = curve([6.5, 3, 1] * 10)
    assert [line.split(" ")[0] for line in (lines[0], lines[HEIGHT - 1 - HEIGHT // 2], lines[HEIGHT - 1])] == [
        "6.500", "3.250", "0.000",
    ]  # fmt: skip
    assert lines[-1].split() == ["1", "epoch", "30"]


def test_the_table_has_pytorchs_shares_of_the_truth_and_marks_what_is_right() -> None:
    old, new, learned = before_and_after()
    _, page, _ = report(course(learned["losses"]), [old], [new], 6, ("rnnwalk next",))
    table = only(page, Table)
    assert page.title == "“hello” before and after"
    assert column(table, "said before") == ["h ✗"] * 4
    assert column(table, "says now") == ["e ✓", "l ✓", "l ✓", "o ✓"] == [f"{s} ✓" for s in learned["predictions"]]
    steps = reference("hello-article")[1]["steps"]
    shares = [step["p"]["helo".index(step["target"])] for step in steps]
    np.testing.assert_allclose(values(column(table, "p(truth)")), shares, atol=6e-4)
    told = only(page, Prose).text
    assert told.startswith(f"Loss 6.811275 before, {learned['final_loss']:.6f} now; 4 of 4 right.")
    assert told.endswith("It said “hhhh” and says “ello”.")


def test_what_the_network_says_is_pytorchs_prediction() -> None:
    old, new, learned = before_and_after()
    assert (said(old), said(new)) == ("hhhh", "".join(learned["predictions"]))


def test_losses_are_told_for_each_letter_in_the_first_epoch_and_the_last() -> None:
    old, new, learned = before_and_after()
    page, *_ = report(course(learned["losses"]), [old], [new], 6, ())
    first, last = learned["losses"][0] / 4, learned["losses"][-1] / 4
    assert f"{first:.6f} in the first epoch, {last:.6f} in the last." in " ".join(texts(page))
    assert only(page, Drawing).lines == curve(learned["losses"])


@pytest.mark.parametrize(("changes", "told"), [(1, 1), (CHANGES - 1, CHANGES - 1), (CHANGES + 5, CHANGES - 1)])
def test_so_many_changes_of_the_prediction_are_told_the_first_and_the_last_among_them(changes: int, told: int) -> None:
    old, new, _ = before_and_after()
    spoken = [(i, f"word{i}") for i in range(1, changes + 1)]
    page, *_ = report(course([1.0], said=spoken), [old], [new], 6, ())
    text = of(page, Prose)[-1].text
    assert text.count(" → ") == told + ("…" in text)
    assert ("… → " in text) == (told < changes), "what is left out is marked"
    assert ": hhhh (0) → word1 (1)" in text
    assert f"word{changes} ({changes})" in text


def test_what_was_said_again_is_not_told_again() -> None:
    old, new, _ = before_and_after()
    page, *_ = report(course([1.0], said=[(1, "a"), (2, "a"), (3, "b"), (4, "b")]), [old], [new], 6, ())
    assert of(page, Prose)[-1].text.endswith("a (1) → b (3).")


def test_lines_held_back_and_an_interruption_are_told_where_there_were_any() -> None:
    old, new, _ = before_and_after()
    for more, phrase in (
        ({"validation": 6.0, "held_back": 3}, "held back: 2.000000."),
        ({"interrupted": True}, "It was"),
    ):
        page, *_ = report(course([1.0], **more), [old], [new], 6, ())
        plain, *_ = report(course([1.0]), [old], [new], 6, ())
        assert phrase in " ".join(texts(page))
        assert phrase not in " ".join(texts(plain))


def test_before_the_first_epoch_there_is_no_curve() -> None:
    old, _, _ = before_and_after()
    page, *_ = report(course([]), [old], [old], 6, ())
    assert page.title == "Interrupted"
    assert of(page, Drawing) == []


def test_every_word_has_a_page_and_the_last_page_says_what_next() -> None:
    problems = [pose(word, hidden=2, vocab="abn") for word in ("banana", "nab", "ban")]
    pages = report(course([1.0]), problems, problems, 6, ("rnnwalk next",))
    assert [page.title for page in pages[1:4]] == [f"“{word}” before and after" for word in ("banana", "nab", "ban")]
    assert only(pages[-1], Commands).lines == ["rnnwalk next"]


def test_a_long_text_is_cut_where_it_is_only_named() -> None:
    problem = pose("ab" * 30)
    assert len(said(problem)) == 41
    assert said(problem).endswith("…")
    _, page, *_ = report(course([1.0]), [problem], [problem], 6, ())
    assert len(only(page, Table).rows) == 40
    assert "of 59 right" in only(page, Prose).text


def test_of_words_nothing_is_said_of_letters() -> None:
    problem = pose("we love love we", by="word")
    pages = report(course([1.0]), [problem], [problem], 6, ())
    assert [text for page in pages for text in texts(page) if "letter" in text.lower()] == []


def test_each_drawn_symbol_has_its_share_and_the_four_likeliest_in_order() -> None:
    p = [0.1, 0.4, 0.05, 0.25, 0.2]
    page: Page = generated([("a", p), ("c", p)], list("abcde"), 3)
    table = only(page, Table)
    assert column(table, "drawn") == ["a", "c"]
    assert column(table, "probability") == ["0.100", "0.050"]
    assert table.bars == [0.1, 0.05]
    assert column(table, "the likeliest") == ["b 40.0 %  d 25.0 %  e 20.0 %  a 10.0 %"] * 2


def test_where_the_loss_grows_the_step_was_too_long() -> None:
    old, new, _ = before_and_after()
    told = "The loss grew: the step was too long."
    assert told in "".join(texts(Page("", compared(new, old, 6))))  # from what was learned back to what was not
    assert told not in "".join(texts(Page("", compared(old, new, 6))))
    assert told not in "".join(texts(Page("", compared(new, old, 6, one_step=False))))  # of many steps for many words


def confused(names: list[str], mistakes: dict[tuple[int, int], int]) -> Page:
    """The page of what was mixed up: 10 right answers of each class, and these mistakes."""
    counts = 10 * np.eye(len(names), dtype=int)
    for (true, named), times in mistakes.items():
        counts[true, named] = times
    return confusion.confusion(counts, names, True)


def test_what_was_mixed_up_is_a_table_of_all_classes_where_that_fits_and_else_the_most_frequent_pairs() -> None:
    small = only(confused(list("abcdefgh"), {(0, 1): 3}), Table)
    assert small.headings == ["true", *[f"said {name}" for name in "abcdefgh"], "right"]
    assert small.rows[0] == ["a", "10", "3", *["0"] * 6, "76.9 %"]
    many = confused(list("abcdefghi"), {(0, 1): 3, (1, 0): 7, (8, 2): 1})
    pairs = only(many, Table)
    assert pairs.headings == ["true", "said", "times", "of"]
    assert pairs.rows == [["b", "a", "7", "17"], ["a", "b", "3", "13"], ["i", "c", "1", "11"]]
    assert "left out" not in " ".join(texts(many))
    long = only(confused(["a very long name", "another long name", "c" * 16, "d" * 16], {(0, 1): 3}), Table)
    assert long.headings == pairs.headings


def test_of_many_pairs_that_were_mixed_up_the_rest_is_counted() -> None:
    page = confused([f"c{i}" for i in range(30)], {(i, (i + 1) % 30): 1 + (i == 29) for i in range(30)})
    assert only(page, Table).rows[0] == ["c29", "c0", "2", "12"]
    left = 30 - confusion.MOST_PAIRS
    assert len(only(page, Table).rows) == confusion.MOST_PAIRS
    assert f"{left} more pairs, {left} answers, are left out." in " ".join(texts(page))
    assert of(confused([f"c{i}" for i in range(9)], {}), Table) == []


def test_which_weights_are_the_best_and_why_is_told() -> None:
    old, new, _ = before_and_after()
    made = Course(letters=4, held_back=2, said=[(1, "hhhh")])
    for i, (held, best) in enumerate([(6.0, True), (3.0, True), (5.0, False)], start=1):
        made.add(Epoch(i, 1.0, held, best))
    text = " ".join(texts(report(made, [old], [new], 6, ())[0]))
    assert "In the lines held back: 2.500000." in text  # 5 / 2
    assert (
        "The best weights are those after epoch 2 of 3: their loss in the lines held back is the lowest, 1.500000."
        in text
    )
    plain = " ".join(texts(report(course([1.0, 0.5]), [old], [new], 6, ())[0]))
    assert "best" not in plain


def test_losses_of_parts_of_different_sizes_are_told_for_each_answer() -> None:
    old, new, _ = before_and_after()
    made = Course(letters=4, held_back=2, said=[(1, "hhhh")], for_each=True)
    made.add(Epoch(1, 8.0, 3.0, True, 0.5))
    assert made.now == "loss 2.0000, held back 1.5000, 50.0 % right"
    page = report(made, [old], [new], 6, ())[0]
    assert only(page, Drawing).lines[0].startswith("2.000 │")
    assert page.title == "The loss per letter, epoch by epoch"
    plain = course([8.0])
    assert plain.now == "loss 8.0000"
    assert only(report(plain, [old], [new], 6, ())[0], Drawing).lines[0].startswith("8.000 │")
