"""Which quantities a typed name may stand for that means none: its other times, those spelled or titled alike, or made so."""

import re
from collections.abc import Collection, Mapping

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.notes import notes
from rnnwalk.text import spelled
from rnnwalk.trace.record import Node
from rnnwalk.walks.label import Label

MOST_NAMES = 12  # that a message lists
CLOSE, ALIKE = 5, 0.6  # near names that it lists, and how near they are
LONG, MORE_ALIKE = 5, 0.7  # letters of a word that by chance shares some with another, and how near that must be
USUAL = {  # what the field calls quantities that have other titles here
    **dict.fromkeys(("softmax", "prediction", "predictions", "probability", "prob", "probs"), ("p",)),
    **dict.fromkeys(("logit", "logits"), ("y",)),
    **dict.fromkeys(("one-hot", "onehot", "one hot"), ("x", "target")),
    **dict.fromkeys(("cross-entropy", "crossentropy", "cross entropy", "nll"), ("loss",)),
    **dict.fromkeys(("lr", "eta"), ("rate",)),
    "memory": ("c", "h"),
}


def spans(labels: Collection[Label]) -> dict[str, list[int]]:
    """The quantities by their names without the time ("h_"; "Whh" for what has none), with the times that they have."""
    found: dict[str, list[int]] = {}
    for label in labels:
        timed = label.letter is not None and label.key.endswith(f"_{label.letter}")
        times = found.setdefault(label.key.removesuffix(str(label.letter)) if timed else label.key, [])
        times += [label.letter] if timed and label.letter is not None else []
    return found


def near(labels: Mapping[Node, Label], key: str, cell: str) -> str:
    """The near names of one that means nothing, to be asked for: 'dWhr', 'dWhz' or 'dWhn'; empty where there are none."""
    stem = key.rstrip("0123456789")
    time = int(key[len(stem) :][:9] or 1)
    names: dict[str, str] = {}  # by how they are compared: a name without its time, or if it has none, before that
    for bare, times in sorted(spans(labels.values()).items(), key=lambda each: bool(each[1]) != (key != stem)):
        names.setdefault(_plain(bare), f"'{bare}{(time if time in times else times[0]) if times else ''}'")
    word = _plain(stem)
    found = _titled(labels, word) or ([] if _cells_with(word, cell) else _closest(word, list(names)))
    close = [names[name] for name in found[:CLOSE]]
    return " or ".join([*[", ".join(close[:-1])] * (len(close) > 1), *close[-1:]])


def instead(labels: Mapping[Node, Label], key: str, cell: str) -> str:
    """What is said of a name that means nothing, to end a sentence with: its other times, the near names, the cells that
    have it, or which names there are.
    """
    found, stem = spans(labels.values()), key.rstrip("0123456789")
    if key != stem and stem in found:
        are = "are" if len(found[stem]) > 1 else "is"
        return f"; there {are} {_over_time(stem, found[stem])}"
    if stem in notes(cell_named(cell).Weights):
        return "; this network has none"
    if close := near(labels, key, cell):
        return f"; did you mean {close}?"
    if others := _cells_with(_plain(stem), cell):
        return f"; {spelled(cell)} has none; take {' or '.join(f'--cell {name}' for name in others)}"
    if stem in ("weight", "weights"):
        return f"; there are {', '.join(label.key for label in labels.values() if label.group == 'weight')}"
    few = [_over_time(bare, times) for bare, times in list(found.items())[:MOST_NAMES]]
    return f"; there are {', '.join(few)}{', and more' * (len(found) > MOST_NAMES)}"


def _titled(labels: Mapping[Node, Label], word: str) -> list[str]:
    """The names, as they are compared, of what is usually called so, has the word in its title (f of "forget") or is made by
    a function of that name (h of "tanh"); first what a network computes, and the thing itself before what leads to it.
    """
    fields = {label.field for label in labels.values()}
    if usual := [field for field in USUAL.get(word, ()) if field in fields]:
        return usual
    said = [
        label
        for node, label in labels.items()
        if _says(f"{label.note.title} {'input' * (label.group == 'input')}", word)
        or (node.operands and node.op == word)
    ]
    said.sort(key=lambda label: (label.group != "forward", not label.note.title.startswith("The ")))
    return list(dict.fromkeys(_plain(label.field) for label in said))


def _cells_with(word: str, cell: str) -> list[str]:
    """The other cells that compute something with this word in its title."""
    others = [name for name in CELLS if name != cell]
    return [name for name in others if any(_says(note.title, word) for note in notes(cell_named(name).Step).values())]


def _says(title: str, typed: str) -> bool:
    """Whether a title has all words that were typed, each as one or as several."""
    words = re.findall(r"\w+", title.lower())
    return bool(typed.split()) and all({each, f"{each}s", each.removesuffix("s")} & {*words} for each in typed.split())


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _closest(wrong: str, known: list[str]) -> list[str]:
    """The names that hold what was typed, or its letters in another order, then those spelled much like it; the nearest first."""
    from difflib import SequenceMatcher

    def letters(name: str) -> float:  # two wrong letters of four are still near where the others stand at their places
        same = sum(map(str.__eq__, wrong, name)) / len(wrong) if len(name) == len(wrong) == 4 else 0
        return (1 + same) / 2 if same >= 0.5 else 0

    alike = {name: max(SequenceMatcher(None, wrong, name).ratio(), letters(name)) for name in known}
    holds = {name: len(wrong) > 1 and (wrong in name or sorted(wrong) == sorted(name)) for name in known}
    least = ALIKE if len(wrong) < LONG else MORE_ALIKE
    found = [name for name in known if holds[name] or alike[name] >= least]
    return sorted(found, key=lambda name: (not holds[name], -alike[name]))


def _over_time(bare: str, times: list[int]) -> str:
    """h_0…h_4; of a single time, or of what has none, its name."""
    return f"{bare}{min(times)}…{bare}{max(times)}" if len(times) > 1 else f"{bare}{times[0] if times else ''}"
