"""What readers ask of every cell with gates, and the answers."""

from rnnwalk.engine.cells.cell import Asked

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
