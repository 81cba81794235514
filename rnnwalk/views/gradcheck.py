"""Each weight's gradient, found in three ways, side by side."""

from collections.abc import Callable

from rnnwalk.tasks.gradcheck import EXACT, NUDGE, NUMERIC, Check
from rnnwalk.text import size
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.walks.numbers import number


def comparison(checks: list[Check], title: str, digits: int, called: Callable[[str], str] = str) -> Page:
    """The three gradients of each weight: one number of each in full, and the largest differences.

    called: what a weight, by its name in files, is called.
    """
    rows = []
    for check in checks:
        ways = check.backward, check.numeric, check.differentiated
        largest = [number(float(gradient.flat[check.largest]), digits) for gradient in ways]
        differences = [f"{value:.1e}" for value in (check.numeric_difference, check.trace_difference)]
        rows.append(
            [
                called(check.weight) + check.place,
                size(check.backward.shape),
                *largest,
                *differences,
                "✓" if check.agrees else "✗",
            ]
        )
    headings = ["weight", "shape", "BPTT", "central", "trace", "|− central|", "|− trace|", ""]
    roles = ("weight", "", *["gradient"] * 3, *[""] * 3)
    taken, count = sum(check.taken for check in checks), sum(check.backward.size for check in checks)
    sampled = "" if taken == count else f" Of the {count} numbers, {taken} were nudged."
    verdict = "All three agree." if all(check.agrees for check in checks) else "They do not agree: see the ✗."
    if all(check.exact for check in checks) and not all(check.agrees for check in checks):
        verdict += (
            f" BPTT and the trace do, so look at the nudge: where the loss bends within ±{NUDGE:g} of a weight, as where errors "
            "explode or at the corner of relu, a central difference is no slope."
        )
    return Page(
        f"Gradients of “{title}”, three ways",
        [
            Prose(
                "BPTT: the equations of the way back. Central: the loss with a weight nudged up, minus the loss with "
                "it nudged down, divided by the distance. Trace: the recorded pass forward, differentiated operation by operation."
            ),
            Table(headings, rows, frozenset({1, 2, 3, 4, 5, 6}), roles=roles),
            Prose(
                f"The columns in the middle show the largest number of each gradient, the last two the largest difference among "
                f"all its numbers. {verdict} A weight passes (✓) where these are at most {NUMERIC:g} (central) and {EXACT:g} "
                f"(trace), times its largest gradient where that is above 1.{sampled}"
            ),
        ],
    )
