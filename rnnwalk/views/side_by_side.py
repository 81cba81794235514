"""Two sequences side by side: where their states part, what comes out, and the two ways that have no order."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from rnnwalk.engine.network import largest
from rnnwalk.engine.notes import Array
from rnnwalk.model.problem import LONG, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.side_by_side import Read, apart, in_one_layer
from rnnwalk.text import count
from rnnwalk.views.memory import memory
from rnnwalk.views.network import purpose, story
from rnnwalk.views.notation import saying
from rnnwalk.views.page import Block, Page, Prose, Strip, Table
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

FEW = 4  # answers whose numbers are all shown
SAME = 1e-12  # states that are nearer than this are the same but for their last bits
LENGTHS = (10, 100)


def pages(one: Read, other: Read, digits: int, notation: str = "article") -> Iterator[Page]:
    """The states and answers, step by step; a bag of words; one wide layer."""
    say = saying(one.problem.model, notation)
    yield _states(one, other, digits, say)
    yield _memories(one, other, digits, notation)
    yield _bag(one, other, digits, say)
    yield _layer(one, other)


def _states(one: Read, other: Read, digits: int, say: Callable[[str], str]) -> Page:
    problem, steps = one.problem, max(one.problem.length, other.problem.length)
    distances = apart(one, other)
    most = max(distances) or 1.0
    rows, bars = [], []
    for t in range(1, min(steps, LONG) + 1):
        both = t <= len(distances)
        cells = [_cells_of(each, t, digits) for each in (one, other)]
        told = [cell for pair in zip(*cells, strict=True) for cell in pair]
        rows.append([str(t), *told, number(distances[t - 1], digits) if both else ""])
        bars.append(distances[t - 1] / most if both else 0.0)
    says = "says" if problem.model.task.at == "every" else "would say"
    heads = ["reads", says, *["next, loss"] * bool(one.losses)]
    headings = ["t", *(f"{i} {head}" for head in heads for i in (1, 2)), "apart"]
    cell = problem.model.network.cell.A_TITLE
    lead = f"{cell[0].upper()}{cell[1:]} with {count(problem.model.hidden, 'hidden unit')} reads both. {purpose(problem.model)}"
    blocks: list[Block] = [
        *story(problem),
        Prose(f"{lead} {say('“Apart” is the distance of their hidden states, ‖h−h′‖.')}"),
        Table(headings, rows, frozenset({0, len(headings) - 1}), bars),
        Prose(result(one, other, digits)),
    ]
    if steps > LONG:
        blocks.insert(-1, Prose(f"These are the first {LONG} of {steps:,} time steps."))
    return Page(f"1 “{one.problem.title}” and 2 “{other.problem.title}”", blocks)


def result(one: Read, other: Read, digits: int) -> str:
    """Where the states part, and what comes out in the end."""
    return " ".join([*_parting(one, other, digits), *_outcome(one, other, digits)])


def _parting(one: Read, other: Read, digits: int) -> list[str]:
    """Where the states part."""
    distances = apart(one, other)
    first = next((t for t, distance in enumerate(distances, start=1) if distance > SAME), None)
    if first is None:
        return ["As far as both go, their states are the same."]
    most = distances.index(max(distances)) + 1
    reads = [shown(each.problem.inputs[first - 1]) for each in (one, other)]
    start = f"They part at time step {first}, where one reads “{reads[0]}” and the other “{reads[1]}”"
    if len(distances) == 1:
        return [f"{start}: {number(distances[0], digits)}."]
    end = f"at the last time step that both have it is {number(distances[-1], digits)}."
    if distances[-1] <= SAME:
        end = "at the last time step that both have they are the same again."
    elif most == len(distances):
        return [
            f"{start}, and are farthest apart at the last time step that both have: {number(distances[-1], digits)}."
        ]
    where = "there" if most == first else f"after time step {most}"
    return [f"{start}, and are farthest apart {where}: {number(distances[most - 1], digits)};", end]


def _outcome(one: Read, other: Read, digits: int) -> list[str]:
    """What comes out in the end."""
    if one.losses:
        losses = [number(sum(each.losses), digits) for each in (one, other)]
        return [
            f"The loss, which is the surprise at all {one.problem.noun}s together, is {losses[0]} for 1 and {losses[1]} for 2."
        ]
    says = [_told(each.problem, each.answers[-1], digits) for each in (one, other)]
    return [f"In the end 1 says {says[0]}, and 2 says {says[1]}."]


def _memories(one: Read, other: Read, digits: int, notation: str) -> Page:
    """The states of both as shades, without the gates."""
    blocks: list[Block] = []
    both = list(zip(one.states, other.states, strict=False))[:LONG]
    differ = np.max([np.abs(h - h_too)[:, 0] for h, h_too in both], axis=0)
    for i, each in enumerate((one, other), start=1):
        walk = Walk(each.problem, letters=range(1, min(each.problem.length, LONG) + 1), notation=notation)
        lead, strip = memory(walk, digits, apart=differ)
        assert isinstance(strip, Strip)
        states = [track for track in strip.tracks if not track.role.endswith(" gate")]
        blocks += [*([lead] if i == 1 else []), Prose(f"{i} “{each.problem.title}”"), strip._replace(tracks=states)]
    return Page("Their memories", blocks)


def _bag(one: Read, other: Read, digits: int, say: Callable[[str], str]) -> Page:
    """Each step alone from the initial state, and the answers averaged."""
    problem = one.problem
    names = [shown(name) for name in problem.model.answers]
    few = len(names) <= FEW
    seen = {text: answer for each in (one, other) for text, answer in zip(each.problem.inputs, each.alone, strict=True)}
    rows = [[shown(text), *_cells(problem, answer, digits)] for text, answer in list(seen.items())[:LONG]]
    rows += [[f"mean of {i}", *_cells(problem, each.bag, digits)] for i, each in enumerate((one, other), start=1)]
    same = Counter(one.problem.inputs) == Counter(other.problem.inputs)
    noun, what = problem.noun, "numbers" if problem.model.task.linear else "probabilities"
    result = (
        f"1 and 2 read the same {noun}s, so their means are the same, in whatever order they stand."
        if same
        else f"1 and 2 do not read the same {noun}s, so their means differ; in another order each would stay what it is."
    )
    blocks: list[Block] = [
        Prose(say(f"The first way without an order: read each {noun} by itself, from h₀, and average the {what}.")),
        Table(
            [noun, *(names if few else ["says alone"])],
            rows,
            frozenset(range(1, len(names) + 1)) if few else frozenset(),
        ),
        Prose(result),
    ]
    return Page(f"Discarded: a bag of {noun}s", blocks)


def _layer(one: Read, other: Read) -> Page:
    """All steps side by side in one wide layer."""
    model, noun = one.problem.model, one.problem.noun
    longest = max(one.problem.length, other.problem.length)
    lengths = sorted({longest, *LENGTHS})
    rows = [[str(steps), f"{in_one_layer(model, steps):,}", f"{model.parameters:,}"] for steps in lengths]
    units = count(model.hidden, "unit")
    return Page(
        "Discarded: one wide layer",
        [
            Prose(
                f"The second way: put all {noun}s side by side into one layer of {units}. It sees the order, but has "
                f"weights of its own for each place, and learns what a {noun} means at each place anew."
            ),
            Table([f"{noun}s", "numbers learned: one layer", "this network"], rows, frozenset({0, 1, 2})),
            Prose(
                "A longer text does not fit into it at all. A recurrent network reads any length with the same weights."
            ),
        ],
    )


def _cells_of(each: Read, t: int, digits: int) -> list[str]:
    """What is read and said at a step; where it is known what is true, that, and how surprising it was."""
    if t > each.problem.length:
        return [""] * (3 if each.losses else 2)
    read, answer = shown(each.problem.inputs[t - 1]), each.answers[t - 1]
    if not each.losses:
        return [read, _told(each.problem, answer, digits)]
    said = shown(each.problem.model.answers[int(largest(answer)[0])])
    return [read, said, f"{shown(each.problem.truth(t) or '')} {number(each.losses[t - 1], digits)}"]


def _told(problem: Problem, answer: Array, digits: int) -> str:
    """An answer in few words: the most probable with its probability, or the numbers."""
    if problem.model.task.linear:
        return ",".join(number(value, digits) for value in answer[:, 0].tolist())
    row = int(largest(answer)[0])
    return f"{shown(problem.model.answers[row])} {number(float(answer[row, 0]), digits)}"


def _cells(problem: Problem, answer: Array, digits: int) -> list[str]:
    """An answer as cells of a table: each number of few, or the likeliest of many."""
    if len(answer) <= FEW:
        return [number(value, digits) for value in answer[:, 0].tolist()]
    return [_told(problem, answer, digits)]
