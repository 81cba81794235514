"""What is shown of rows and columns that are too many: those that matter, and where the others are left out."""

from collections.abc import Sequence


def kept_of(count: int, most: int, pointed: int | None = None, picked: Sequence[int] = ()) -> list[int | None]:
    """Which rows or columns are shown: all, or the first and the last with None for the middle; the one that is
    pointed at in any case, and those that are picked, which begin with those that matter most, as far as there is room.
    """
    if count <= most:
        return list(range(count))
    others = [each for each in picked if each != pointed]
    if others:
        return _around([*([] if pointed is None else [pointed]), *others], count, most)
    head = max(1, (most - 1) * 2 // 3)
    tail = max(0, most - 1 - head)
    if pointed is None or not head <= pointed < count - tail:
        return [*range(head), None, *range(count - tail, count)]
    if most < 4:
        return _alone(pointed, count, most)
    head = max(1, head - 2)
    before = [None] if pointed > head else []
    after = [None] if pointed < count - tail - 1 else []
    return [*range(head), *before, pointed, *after, *range(count - tail, count)]


def _around(wanted: list[int], count: int, most: int) -> list[int | None]:
    """As many of those that are wanted as there is room for, then of the first ones and the last; None for a gap."""
    kept = _alone(wanted[0], count, most)
    for each in [*wanted[1:], 0, count - 1, *range(1, count)]:
        more = with_gaps({i for i in kept if i is not None} | {each}, count)
        if len(more) <= most:
            kept = more
        elif 1 < each < count - 1 and each not in wanted:
            break  # those that follow would not fit either
    return kept


def _alone(one: int, count: int, most: int) -> list[int | None]:
    """One with what is left out beside it, if there is room for that."""
    alone = with_gaps({one}, count)
    return alone if len(alone) <= most else [one]


def with_gaps(kept: set[int], count: int) -> list[int | None]:
    """Rows or columns in order, with None where some are left out."""
    found, before = list[int | None](), -1
    for each in [*sorted(kept), count]:
        found += [None] * (each > before + 1) + [each]
        before = each
    return found[:-1]
