"""What is said of every cell with gates: of their weights and sums, and to readers who ask."""

from collections.abc import Callable

from rnnwalk.engine.cells.cell import Asked
from rnnwalk.engine.notes import Array, Context

FEW = 3  # units of which each is told

HIDDEN = "from each unit of h₋ to each unit of the gate"
SIGMOID = Asked(
    "Why a sigmoid, if a gate is “either 1 or 0”?",
    "It is hardly ever either: σ gives a share between 0 and 1, and comes close to the ends only for large sums. A step "
    "from 0 to 1 would be flat everywhere else, with slope 0, so no error could pass back through it and no gate could "
    "be learned. σ is a step that has a slope; and it can let a part pass.",
)
TANH = Asked(
    "Why tanh for the candidate, and not σ as well?",
    "The candidate is content, not a share: it must be able to push a memory up and down. tanh gives −1 … 1; with σ, "
    "from 0 to 1, nothing negative could ever be stored.",
)
HADAMARD = Asked(
    "Why ⊙, and not a matrix product?",
    "A gate has one number for each unit, and ⊙ multiplies unit by unit, so that each memory is let through or held back "
    "on its own. A matrix product would mix the units, and none could be kept as it is.",
)
QUESTIONS: tuple[Asked, ...] = (SIGMOID, TANH, HADAMARD)


def weighed(now: Context) -> str:
    """What is said of the sum before a gate or a candidate."""
    return f"{now.Read} and memory are multiplied by their weights and added{', with the bias' if now.biased else ''}."


def kept(shares: Array, shown: Callable[[float], str]) -> str:
    """What a share (n, m) is on average over the steps, unit by unit: an average over units that keep and units that lose
    would be true of none.
    """
    units = [shown(float(share)) for share in shares.mean(axis=1)]
    if len(set(units)) == 1:
        return f"{units[0]} on average"
    if len(units) <= FEW:
        units[0] += " on average"
        *first, last = [f"{share} in unit {i}" for i, share in enumerate(units, start=1)]
        return f"{', '.join(first)} and {last}"
    most = int(shares.mean(axis=1).argmax())
    return f"{shown(float(shares.mean()))} on average ({units[most]} in unit {most + 1}, which keeps the most)"
