"""The palette of roles: each can be read on black and on white, and colour is never the only carrier of meaning."""

import itertools
import math

import pytest
from rich.color import Color

from rnnwalk.render.roles import ROLES
from rnnwalk.render.terminal.style import PEN, style


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    assert color.triplet
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.triplet.normalized]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_can_be_read_on_black_on_white_and_where_it_is_lit_and_no_shade_is_a_fill(role: str) -> None:
    """4 : 1 on any paper, which no ink can much exceed on both; 4.5 : 1 where the paper is ours."""
    plain, lit = style(role), style(f"{role} lit")
    assert plain and plain.color and lit and lit.color and lit.bgcolor
    for paper in ("#ffffff", "#000000", "#1e1e1e"):
        assert contrast(plain.color, Color.parse(paper)) >= 4
    assert (contrast(lit.color, lit.bgcolor) >= 4.5, lit.bgcolor) == (True, Color.parse(PEN))
    for level in range(5):  # a fill would have one order on black and the other on white
        shaded = style(f"{role} {level}")
        assert shaded and (shaded.color, shaded.bgcolor) == (plain.color, None)


def lab(color: Color) -> tuple[float, float, float]:
    """CIE L*a*b* as CIE 15 defines it, for daylight of 6500 kelvin."""
    assert color.triplet
    r, g, b = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.triplet.normalized
    )
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_no_two_inks_of_one_cell_look_alike() -> None:
    """Two colours that differ by 25 in CIE 1976 are told apart also where they do not stand side by side."""
    together = [role for role in ROLES if role not in ("reset gate", "update gate")]
    for one, other in itertools.combinations(together, 2):
        colours = [style(role) for role in (one, other)]
        places = [lab(colour.color) for colour in colours if colour and colour.color]
        assert math.dist(*places) >= 25, (one, other)


def test_roles_of_one_cell_have_colours_of_their_own() -> None:
    together = [role for role in ROLES if role not in ("reset gate", "update gate")]  # of a GRU, which has no others
    assert len({style(role) for role in together}) == len(together)
