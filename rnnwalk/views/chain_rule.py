"""The chain rule through time, link by link: as it is often written, and as it is."""

import re

from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked, mark, read
from rnnwalk.model.problem import Problem
from rnnwalk.text import listed
from rnnwalk.views.page import Block, Drawing, Page, Prose, Table
from rnnwalk.views.questions import remembers_by

LETTERS = 3  # that the chain is written for
# A link that holds, by the role of its colour; ∂h₃/∂y₂, which does not, has none.
LINK = re.compile(r"(?P<gradient>∂E/∂\w+)|(?P<memory>∂h./∂h.)|(?P<weight>∂y(?P<t>.)/∂h(?P=t)|∂h./∂W\w*)")


def chain_rule(problem: Problem) -> Page:
    """∂E/∂W of the third letter's loss E: the chain that is often written beside the one that holds, and every path."""
    model, noun = problem.model, problem.noun
    W = remembers_by(model) or "W"
    state = list(notes(type(model.before)))
    step = model.network.cell.JACOBIANS[model.form]
    together = f" (h stands for the whole state here: {listed(state)})" if len(state) > 1 else ""
    beside = " " * len(f"∂E/∂{W} ")
    rows = [
        ["∂E/∂y₃", "∂E/∂y₃", "p₃ − target₃"],
        ["∂y₃/∂h₃", "∂y₃/∂h₃", "the matrix Why"],
        ["∂h₃/∂y₂", "∂h₃/∂h₂", "h₃ is made of h₂ and x₃; y₂ is an output, which no later step reads"],
        ["∂y₂/∂h₁", "∂h₂/∂h₁", "y₂ is made of h₂; to h₁ one more step through time leads back"],
        ["…", f"∂h₁/∂{W}", f"what {W} did at {noun} 1 itself, with h₀ held fixed"],
        ["(left out)", "+ the two paths that end sooner", f"{W} was used at each {noun}: every path adds its share"],
    ]
    blocks: list[Block] = [
        Prose(f"For the loss E of {noun} 3 alone, one often reads:"),
        Drawing([_links("  ∂E/∂W = ∂E/∂y₃·∂y₃/∂h₃·∂h₃/∂y₂·∂y₂/∂h₁·…")]),
        Prose(
            f"It goes from each h to the one before, not through the outputs, and it is a sum over all {noun}s at which {W} was used{together}:"
        ),
        Drawing(
            [
                _links(f"  ∂E/∂{W} = ∂E/∂y₃·∂y₃/∂h₃·∂h₃/∂{W}"),
                _links(f"  {beside}+ ∂E/∂y₃·∂y₃/∂h₃·∂h₃/∂h₂·∂h₂/∂{W}"),
                _links(f"  {beside}+ ∂E/∂y₃·∂y₃/∂h₃·∂h₃/∂h₂·∂h₂/∂h₁·∂h₁/∂{W}"),
            ]
        ),
        Table(["often written", "right", "because"], [[_links(text) for text in row] for row in rows]),
        Prose(
            f"∂h₃/∂h₂ and ∂h₂/∂h₁ are the Jacobians J of a step. The way back multiplies an error by {step}, once for each."
        ),
    ]
    return Page("The chain rule, link by link", blocks)


def _links(text: str) -> Marked:
    """A text whose links have their colours: an error, what Whh and the slopes do, what another weight does."""
    return read(LINK.sub(lambda found: mark(found[0], str(found.lastgroup)), text))
