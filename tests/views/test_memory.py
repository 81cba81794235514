"""The strip of what is remembered: states and gates over time, as their cell says by its roles."""

import re

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.model import pose as posing
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.symbols import width
from rnnwalk.render.glyphs import ASCII, UNICODE, Signs
from rnnwalk.render.terminal import strips
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.memory import MOST_UNITS, memory, shaded
from rnnwalk.views.page import Prose, Strip
from rnnwalk.views.walkthrough import Choice, walkthrough
from rnnwalk.walks.walk import Walk
from tests.examples import pose, reference


def strip_of(walk: Walk) -> tuple[str, Strip]:
    lead, strip = memory(walk, 6)
    assert isinstance(lead, Prose)
    assert isinstance(strip, Strip)
    return lead.text, strip


@pytest.mark.parametrize("case", ["hello-article", "hello-lstm", "hello-gru-pytorch"])
def test_the_rows_of_h_are_pytorchs_hidden_states(case: str) -> None:
    problem, expected = reference(case)
    _, strip = strip_of(Walk(problem))
    rows = [track.values for track in strip.tracks if track.name.startswith("h[")]
    states = np.array([np.ravel(step["h"]) for step in expected["steps"]]).T
    np.testing.assert_allclose(rows, states, rtol=1e-9)
    assert strip.heads == list(problem.inputs)


@pytest.mark.parametrize(
    ("cell", "fields"),
    [("rnn", ["h"]), ("lstm", ["h", "c", "f", "i", "o"]), ("gru", ["h", "r", "z"]), ("mgu", ["h", "f"])],
)
def test_states_come_first_and_then_the_gates_but_no_sum_and_no_share(
    monkeypatch: pytest.MonkeyPatch, cell: str, fields: list[str]
) -> None:
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")
    _, strip = strip_of(Walk(pose("hello", cell=cell)))
    assert [track.name for track in strip.tracks] == [f"{field}[{unit}]" for field in fields for unit in (1, 2, 3)]


def test_of_many_units_those_that_change_most_are_shown_and_of_many_letters_the_first_and_it_is_said() -> None:
    walk = Walk(pose("ab" * 30, hidden=100))
    text, strip = strip_of(walk)
    assert "the 4 of 100 units that change most, the first 40 of 59 letters" in text
    h = np.array([walk[f"h_{t}"].value[:, 0] for t in range(1, 41)])
    fifth = np.sort(h.max(axis=0) - h.min(axis=0))[-5]
    assert all(max(track.values) - min(track.values) > fifth for track in strip.tracks)
    units = [int(track.name[2:-1]) for track in strip.tracks]
    assert units == sorted(units)
    np.testing.assert_array_equal([track.values for track in strip.tracks], h.T[[unit - 1 for unit in units]])
    assert (len(strip.heads), len(strip.tracks)) == (40, MOST_UNITS)
    text, _ = strip_of(Walk(pose("hello")))
    assert " of " not in text.partition(".")[0]


@pytest.mark.parametrize("signs", [UNICODE, ASCII])
def test_a_strip_fits_its_paper_and_its_first_and_last_numbers_stand(signs) -> None:
    _, strip = strip_of(Walk(pose("ab" * 30, cell="lstm", hidden=3)))
    for columns in range(40, 400, 9):
        lines = plain(Paper(columns, "utf-8", signs).block(strip)).splitlines()
        assert max(map(width, lines)) <= columns
        for line, track in zip(lines[1:], strip.tracks, strict=True):
            assert f"{track.values[0]:.3f}" in line
            assert line.endswith(f"{track.values[-1]:.3f}")


def test_the_letters_of_a_strip_are_spread_evenly_over_its_bands() -> None:
    walk = Walk(pose("mississippi", cell="lstm", hidden=8))
    strip = memory(walk, 6, whole=True)[1]
    for columns in range(40, 120):
        heads = [line for line in plain(Paper(columns, "utf-8", UNICODE).block(strip)).splitlines() if "[" not in line]
        sizes = [len(line.split()) for line in heads if line]
        assert sum(sizes) == 10
        assert max(sizes) - min(sizes) <= 1, (columns, sizes)


def test_the_shade_is_the_size_of_the_number_of_either_sign() -> None:
    assert [role for _, role in shaded([0.0, 0.25, -0.5, 0.8, -1.0], 3).parts if role] == [
        "memory 0", "memory 1", "memory 2", "memory 3", "memory 4",
    ]  # fmt: skip
    strip = Strip(["a", "b", "c"], [strip_of(Walk(pose("hello")))[1].tracks[0]._replace(values=[0.0, -0.5, 1.0])], 3)
    assert plain(Paper(80, "utf-8", UNICODE).block(strip)).splitlines()[1] == "h[1]     0.000 ▒-0.500 █ 1.000"
    strip = strip._replace(tracks=[strip.tracks[0]._replace(values=[1.2e-4, -5e-12, 1.0])])
    assert plain(Paper(80, "utf-8", UNICODE).block(strip)).splitlines()[1] == "h[1]      1e-4  -5e-12 █ 1.000"


@pytest.mark.parametrize("signs", [UNICODE, ASCII])
def test_the_table_of_a_whole_word_is_shaded_and_no_strip_says_it_again(signs: Signs) -> None:
    for word, hidden in (("kiwi", 2), ("mississippi", 3)):
        walk = Walk(pose(word, hidden=hidden))
        (page,) = [page.make() for page in walkthrough(walk, Choice()) if page.footer == "loss"]
        assert not [block for block in page.blocks if isinstance(block, Strip)]
        spelled = "utf-8" if signs is UNICODE else "ascii"
        lines = plain(Paper(80, spelled, signs).block(page.blocks[0])).splitlines()[2:]
        for t, line in enumerate(lines, start=1):
            found = re.findall(r"(.)([ -][0-9]\.[0-9]{3})(?![0-9])", line)
            values = walk[f"h_{t}"].value[:, 0]
            assert [float(text) for _, text in found] == pytest.approx(values, abs=6e-4)
            assert [sign for sign, _ in found] == [signs.shades[round(4 * abs(value))] for value in values]


@pytest.mark.parametrize(("cell", "hidden"), [("rnn", 4), ("gru", 3)])
def test_what_the_first_strip_leaves_out_of_a_long_word_stands_in_bands_on_the_last_page(
    cell: str, hidden: int
) -> None:
    walk = Walk(pose("recurrent networks", cell=cell, hidden=hidden))
    (page,) = [page.make() for page in walkthrough(walk, Choice()) if page.footer == "loss"]
    (strip,) = [block for block in page.blocks if isinstance(block, Strip)]
    numbers = plain(Paper(80, "utf-8", UNICODE).block(strip)).splitlines()
    for track in strip.tracks:
        said = " ".join(line for line in numbers if line.startswith(track.name))
        assert [float(each) for each in re.findall(r"-?[0-9]\.[0-9]+", said)] == pytest.approx(track.values, abs=6e-4)


def test_long_words_are_cut_before_a_strip_loses_its_middle_and_each_of_several_words_has_a_name() -> None:
    words = "understanding extraordinarily complicated misunderstandings everywhere nowadays"
    _, strip = strip_of(Walk(pose(words, by="word")))
    heads, *_ = [plain([line]).rstrip() for line in strips.draw(strip, 80, UNICODE)]
    assert len(heads.split()) == 5 and UNICODE.gap_right not in heads
    named = [
        block.text for block in memory(Walk(posing.pose(["abc", "cab"], ModelOptions())), 6) if isinstance(block, Prose)
    ]
    assert named[1:] == ["Word 1:", "Word 2:"]
