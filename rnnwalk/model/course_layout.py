"""Weights in the layout that puts the state before and the input side by side, [a₋, x], as courses write it.

There Wf of shape (n, n+k) is [Whf Wxf]; Wg may hold several gates, one under the other. The names are those of the
deeplearning.ai course "Sequence Models": Γu, Γf, Γo, Γr and the candidate c̃ = tanh(Wc·[a₋, x] + bc); of a GRU whose state is
called a, the candidate's are Wa and ba. The initial state a⟨0⟩ is a0.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError
from rnnwalk.text import count, size

RENAMED = {"Wax": "Wxh", "Waa": "Whh", "Wya": "Why", "Wy": "Why"}


class Split(NamedTuple):
    """matrices, initial: under our names; layout: a sentence that says how they map ("" where they have our names already); called:
    what the file calls ours, those that are missing included.
    """

    matrices: dict[str, Array]
    initial: dict[str, Array]
    layout: str
    called: dict[str, str]


def split_gates(
    cell: str, matrices: dict[str, Array], initial: dict[str, Array], gates: Any, symbols: int, where: str
) -> Split:
    """The matrices of a file in the courses' layout under our names.

    initial: the initial state that the file gives; gates: the file's own order of the gates in Wg, such as "ufo", or None; symbols: the height of x.
    Raises InputError.
    """
    if cell not in CELLS:  # refused where the model is built
        return Split(matrices, initial, "", {})
    known = cell_named(cell).COURSE.gates
    names = {"W", "Wg", *RENAMED, *[f"W{gate}" for gate in known]}
    alien = [name for name in matrices if name in names]
    if gates is not None and "Wg" not in matrices:
        raise InputError(f"{where}: 'gates' tells how the rows of Wg are stacked, but there is no Wg")
    if not alien:
        return Split(matrices, initial, "", {})
    both = [name for name in matrices if name.startswith(("Wx", "Wh")) and name != "Why"]
    if both:
        raise InputError(
            f"{where}: {alien[0]} belongs to the layout [a₋, x] and {both[0]} to the one with matrices apart; use either"
        )
    called = _called(known, matrices)
    found, told = _unstacked(cell, dict(matrices), gates, where)
    joined = [name for name in found if name[:1] == "W" and name[1:] in known]
    for name in joined:
        gate = known[name[1:]]
        whole = found.pop(name)
        n = whole.shape[0]
        if whole.shape[1] != n + symbols:
            turned = n == whole.shape[1] + symbols
            n = whole.shape[1] if turned else n
            raise InputError(
                f"{where}: {name} is {size(whole.shape)}, expected {size((n, n + symbols))}: it multiplies [a₋, x], the "
                f"{count(n, 'hidden unit')} and then the {count(symbols, 'symbol')} of the vocabulary"
                + "; it looks transposed"
                * turned
            )
        source = name if name in matrices else "Wg"
        _put(found, f"Wh{gate}", whole[:, :n], source, called, where)
        _put(found, f"Wx{gate}", whole[:, n:], source, called, where)
    if joined:
        pairs = ", ".join(f"{name} is [Wh{known[name[1:]]} Wx{known[name[1:]]}]" for name in joined)
        told.append(f"{pairs} (the first columns meet a₋, the other {symbols} x)")
    biases = {name: found.pop(name) for name in list(found) if name[:1] == "b" and name[1:] in known}
    for name, bias in biases.items():
        _put(found, f"b{known[name[1:]]}", bias, name if name in matrices else "bg", called, where)
    told += [f"{name} is b{known[name[1:]]}" for name in biases if known[name[1:]] != name[1:]]
    for name in [name for name in found if name in RENAMED]:
        _put(found, RENAMED[name], found.pop(name), name, called, where)
        told.append(f"{name} is {RENAMED[name]}")
    if "a0" in initial:
        initial = dict(initial)
        _put(initial, "h0", initial.pop("a0"), "a0", called, where)
        told.append("a0 is h0")
    return Split(found, initial, f"The file has another layout, which was read so: {'; '.join(told)}.", called)


def _unstacked(cell: str, matrices: dict[str, Array], gates: Any, where: str) -> tuple[dict[str, Array], list[str]]:
    """Wg and bg cut into the gates that are stacked in them."""
    known, usual, _ = cell_named(cell).COURSE
    if "W" in matrices or "b" in matrices:
        raise InputError(
            f'{where}: W is not known; call the stacked gates Wg and bg (and give their order, as in "gates": "ufo"), the '
            "candidate Wc and bc"
        )
    if "Wg" not in matrices:
        if "bg" in matrices:
            raise InputError(
                f"{where}: bg is the bias of the stacked gates Wg, which are missing; the candidate's is bc"
            )
        return matrices, []
    if not usual:
        raise InputError(f"{where}: a cell '{cell}' has no gates that could be stacked in Wg")
    order = usual if gates is None else gates
    letters = [letter for letter in known if known[letter] != known.get("c")]
    wanted = {known[letter] for letter in letters}
    if (
        not isinstance(order, str | list)
        or not all(letter in letters for letter in order)
        or sorted(known[letter] for letter in order) != sorted(wanted)
    ):
        raise InputError(
            f"{where}: 'gates' is {order!r}, expected each gate of Wg once, from the top, such as \"{usual}\" "
            f"(letters: {', '.join(letters)})"
        )
    told = []
    for stacked in [name for name in ("Wg", "bg") if name in matrices]:
        whole = matrices.pop(stacked)
        n, rest = divmod(whole.shape[0], len(order))
        if rest:
            raise InputError(
                f"{where}: {stacked} has {whole.shape[0]} rows, which {len(order)} gates ({', '.join(order)}) cannot share evenly"
            )
        for i, letter in enumerate(order):
            _put(matrices, f"{stacked[0]}{letter}", whole[i * n : i * n + n], stacked, {}, where)
        if stacked == "Wg":
            source = 'the usual order; "gates" in the file may say another' if gates is None else 'as its "gates" say'
            told.append(f"the rows of Wg and bg are the gates {', '.join(f'Γ{letter}' for letter in order)} ({source})")
    return matrices, told


def _called(gates: Mapping[str, str], matrices: dict[str, Array]) -> dict[str, str]:
    """What a file that has these matrices would call each of ours, in the layout that it has."""
    called = {"Why": "Wya" if "Wya" in matrices or "Waa" in matrices else "Wy"}
    apart = [name for name in ("Wax", "Waa") if name in matrices]
    if apart:
        called |= {ours: theirs for theirs, ours in RENAMED.items() if ours != "Why"}
    for gate in set(gates.values()):
        letters = [letter for letter in gates if gates[letter] == gate]
        letter = next((each for each in letters if {f"W{each}", f"b{each}"} & matrices.keys()), letters[0])
        called |= {f"b{gate}": f"b{letter}"} | ({} if apart else {f"Wx{gate}": f"W{letter}", f"Wh{gate}": f"W{letter}"})
    return called


def _put(found: dict[str, Array], name: str, matrix: Array, source: str, called: dict[str, str], where: str) -> None:
    if name in found:
        raise InputError(f"{where}: {called.get(name, name)} and {source} both give {name}; leave one out")
    found[name], called[name] = matrix, source
