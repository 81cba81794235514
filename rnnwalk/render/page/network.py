"""The unrolled network as a picture that lives: what is read, the states as colour, the probabilities as bars."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from rnnwalk.engine.notes import notes
from rnnwalk.model.symbols import shown
from rnnwalk.model.symbols import width as width_of
from rnnwalk.render.page.document import live, ranking, slug, spans
from rnnwalk.views.live import Live, reads, says, short, title
from rnnwalk.views.memory import timeless
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

CELL, GAP, ROW = 46, 26, 16  # pixels: the width of a letter, what is between two, and the height of a number
UNITS = 6  # at most, of each quantity
LEAST_SIGNS, MOST_SIGNS = 7, 12  # of a symbol, before it is cut
SIGN = 8  # pixels of one
ANSWERS = 16  # that have a bar, at most; those that are true, or said, come first


def network(walk: Walk, places: Mapping[str, int], letters: Sequence[int]) -> str:
    """The picture of some letters as SVG; of several words one each, that of the first open."""
    first, *others = (_drawn(walk, places, letters, column) for column in range(len(walk.problem.sequences)))
    more = [
        f"<details><summary>{spans(title(walk.problem, column))}</summary>{drawn}</details>\n"
        for column, drawn in enumerate(others, start=1)
    ]
    return f"{first}\n{''.join(more)}"


def _drawn(walk: Walk, places: Mapping[str, int], letters: Sequence[int], column: int) -> str:
    """One word: a column of the picture for each letter, from what it reads below to what it says above."""
    names, problem = walk.names, walk.problem.sequences[column]
    linear, wide = problem.model.task.linear, len(walk.problem.sequences)
    outs = {letter: names.node[f"{'y' if linear else 'p'}_{letter}"] for letter in letters if problem.says(letter)}
    aims = [] if linear else [names.node[key] for letter in outs if (key := f"target_{letter}") in names.node]
    wanted = [] if linear else [int(one.value[:, column].argmax()) for one in (*aims, *outs.values())]
    shown_first = dict.fromkeys([*wanted, *range(len(problem.model.answers))])
    answers = sorted(list(shown_first)[:ANSWERS])
    fields = notes(problem.model.network.cell.State)
    units = min(problem.model.hidden, UNITS)
    read_at = [problem.seen(letter) for letter in letters]
    signs = max(LEAST_SIGNS, _signs([*map(shown, problem.model.vocabulary), *names.answers, *read_at]))
    gap = max(GAP, SIGN * signs + 6 - CELL)
    left = max(60, SIGN * _signs(names.answers) + 12)
    fewer = len(answers) < len(names.answers)
    top = 34 + (len(answers) + fewer) * ROW
    height = top + len(fields) * (units * ROW + 12) + 34
    width = left + 10 + len(letters) * (CELL + gap)
    drawn = []
    for place_of_letter, letter in enumerate(letters):
        x = left + place_of_letter * (CELL + gap)
        middle = x + CELL / 2
        drawn.append("<g>")
        if out := outs.get(letter):
            if not linear:
                said = short(says(shown(walk.prediction(letter, column)), letter, column), signs)
                drawn.append(f'<text class="said" x="{middle}" y="20"{live(said)}>{escape(said)}</text>')
            for place_of, row in enumerate(answers):
                long = 0 if linear else max(float(out.value[row, column]), 0.0) * CELL
                of = f'data-n="{places[names.labels[out].key]}" data-i="{row * wide + column}" data-row="{row}"'
                y = 30 + place_of * ROW
                spot = f'x="{x}" y="{y}" height="{ROW - 3}"'
                bar = f'<rect class="bar" {spot} width="{long:.1f}"/>' if not linear else ""
                drawn.append(f'{bar}<rect class="hit" {of} {spot} width="{CELL}"/>')
                if linear:
                    told = _brief(float(out.value[row, column]))
                    drawn.append(f'<text class="value" x="{middle}" y="{y + 10}">{told}</text>')
        y = top
        for field in fields:
            node = walk.at(field, letter)
            place, role = places[names.labels[node].key], slug(names.labels[node].role)
            for unit in range(units):
                value = float(node.value[unit, column])
                drawn.append(
                    f'<rect class="state {role}" data-n="{place}" data-i="{unit * wide + column}" x="{x}" y="{y}" '
                    f'width="{CELL}" height="{ROW - 1}" fill-opacity="{0.6 * min(abs(value), 1):.2f}"/>'
                    f'<text class="value" x="{middle}" y="{y + 12}">{_brief(value * (abs(value) >= 0.005))}</text>'
                )
                y += ROW
            y += 12
        if letter - 1 not in (0, letters[place_of_letter - 1]):  # what is between has no place here
            drawn.append(f'<text class="side" x="{x - gap + 8}" y="{top + ROW + 4}">…</text>')
        elif letter > letters[0]:
            drawn.append(f'<path class="arrow" d="M{x - gap + 3} {top + ROW}H{x - 4}m-5 -4l5 4l-5 4"/>')
        read = short(reads(problem.seen(letter), letter, column), signs)
        drawn.append(f'<text class="read" x="{middle}" y="{height - 8}"{live(read)}>{escape(read)}</text></g>')
    sides = [
        f'<text class="side" data-row="{row}" data-head="{signs}" x="4" y="{30 + place_of * ROW + 11}">{escape(short(Live(names.answers[row]), signs))}</text>'
        for place_of, row in enumerate(answers)
    ]
    if fewer:
        of = f"{len(answers)} of {len(names.answers)}"
        sides.append(f'<text class="side" x="4" y="{30 + len(answers) * ROW + 11}">{of}</text>')
    y = top
    for field in fields:
        called = timeless(names.labels[walk.at(field, letters[0])].symbol)
        sides.append(f'<text class="side" x="4" y="{y + 12}">{escape(called)}</text>')
        if units < problem.model.hidden:
            of = f"{units} of {problem.model.hidden}"
            sides.append(f'<text class="side" x="4" y="{y + 12 + ROW}">{of}</text>')
        y += units * ROW + 12
    sides += [f'<text class="side" x="4" y="{height - 8}">reads</text>']
    sides += [] if linear else ['<text class="side" x="4" y="20">says</text>']
    return (
        f'<div class="wide"><svg class="network" role="img" aria-label="The network, unrolled" width="{width / 16:g}em" height="{height / 16:g}em" '
        f'viewBox="0 0 {width} {height}"{"" if linear else ranking("said", column)}>{"".join(sides)}{"".join(drawn)}</svg></div>'
    )


def _signs(texts: Iterable[str]) -> int:
    """Room for the longest of some texts; one that is very long is cut."""
    return min(MOST_SIGNS, max(map(width_of, texts), default=1))


def _brief(value: float) -> str:
    """A number that has room in a box of the picture."""
    return number(value, 2 if abs(value) < 1e4 else 0)
