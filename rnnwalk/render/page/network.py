"""The unrolled network as a picture that lives: what is read, the states as colour, the probabilities as bars."""

from collections.abc import Mapping
from html import escape

from rnnwalk.model.symbols import shown
from rnnwalk.render.page.document import slug
from rnnwalk.views.memory import remembered
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

CELL, GAP, ROW = 46, 26, 16  # pixels: the width of a letter, what is between two, and the height of a number
UNITS, ANSWERS = 6, 8  # at most, of each quantity


def network(walk: Walk, places: Mapping[str, int]) -> str:
    """The picture as SVG: a column for each letter, from what it reads below to what it says above."""
    names, problem = walk.names, walk.problem
    answers = min(len(problem.model.answers), ANSWERS)
    fields = [names.labels[node].field for node in remembered(walk)][:2]
    units = min(problem.model.hidden, UNITS)
    top = 34 + answers * ROW
    height = top + len(fields) * (units * ROW + 12) + 34
    width = 70 + walk.length * (CELL + GAP)
    drawn = []
    for letter in walk.recorded:
        x = 60 + (letter - walk.recorded[0]) * (CELL + GAP)
        drawn.append(f'<g data-at="{letter}">')
        if problem.says(letter):
            drawn.append(
                f'<text class="said" data-said="{letter}" x="{x + CELL / 2}" y="20">{_said(walk, letter)}</text>'
            )
            out = names.node[f"{'y' if problem.model.task.linear else 'p'}_{letter}"]
            place = places[names.labels[out].key]
            for row in range(answers):
                share = float(out.value[row, 0])
                long = 0 if problem.model.task.linear else max(share, 0.0) * CELL
                drawn.append(
                    f'<rect class="bar" data-bar="{place}" data-i="{row}" x="{x}" y="{30 + row * ROW}" height="{ROW - 3}" '
                    f'width="{long:.1f}"/><rect class="hit" data-n="{place}" data-i="{row}" x="{x}" y="{30 + row * ROW}" '
                    f'width="{CELL}" height="{ROW - 3}"/>'
                )
        y = top
        for field in fields:
            node = walk.at(field, letter)
            place, role = places[names.labels[node].key], slug(names.labels[node].role)
            for unit in range(units):
                value = float(node.value[unit, 0])
                drawn.append(
                    f'<rect class="state {role}" data-n="{place}" data-shade data-i="{unit}" x="{x}" y="{y}" width="{CELL}" '
                    f'height="{ROW - 1}" fill-opacity="{0.6 * min(abs(value), 1):.2f}"/>'
                    f'<text class="value" x="{x + CELL / 2}" y="{y + 12}">{number(value, 2)}</text>'
                )
                y += ROW
            y += 12
        if letter > walk.recorded[0]:
            drawn.append(f'<path class="arrow" d="M{x - GAP + 3} {top + ROW}H{x - 4}m-5 -4l5 4l-5 4"/>')
        symbol = escape(_brief(shown(problem.inputs[letter - 1])))
        drawn.append(f'<text class="read" data-read="{letter}" x="{x + CELL / 2}" y="{height - 8}">{symbol}</text></g>')
    sides = [
        f'<text class="side" x="4" y="{30 + row * ROW + 11}">{escape(_brief(names.answers[row]))}</text>'
        for row in range(answers)
    ]
    y = top
    for field in fields:
        sides.append(f'<text class="side" x="4" y="{y + 12}">{escape(field)}</text>')
        y += units * ROW + 12
    sides += [f'<text class="side" x="4" y="20">says</text><text class="side" x="4" y="{height - 8}">reads</text>']
    title = escape(f"The network, unrolled over {problem.title}")
    return (
        f'<div class="wide"><svg class="network" role="img" aria-label="{title}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(sides)}{"".join(drawn)}</svg></div>'
    )


def _said(walk: Walk, letter: int) -> str:
    return escape(_brief(shown(walk.prediction(letter))))


def _brief(text: str) -> str:
    return text if len(text) <= 7 else f"{text[:6]}…"
