"""A page that is longer than the screen, cut into screenfuls that are read one after the other."""

from rnnwalk.render.terminal.matrix import Line

HEADINGS = ("title", "heading", "rule")  # roles


def screenfuls(lines: list[Line], room: int) -> list[list[Line]]:
    """Screenfuls of at most ``room`` lines. Rows under a line of heads go to the next one whole, where they fit there, and with
    them the paragraph above that tells what they are; a heading goes there with what it is over, and so does a line with a
    colon at its end; of all else that is cut in two the last line is repeated.
    """
    blanks = [i for i, line in enumerate(lines) if not any(text.strip() for text, _ in line)]
    found, start = list[list[Line]](), 0
    while len(lines) - start > room:
        end = start + room
        before = max((i for i in blanks if start < i <= end), default=start)
        after = min((i for i in blanks if i > before), default=len(lines))
        if before > start and _headed(lines, before) and after - before - 1 <= room:
            above = max((i for i in blanks if i < before), default=start)
            if above > start and not _headed(lines, above) and after - above - 1 <= room:
                before = above
            found.append(lines[start:before])
            start = before + 1
            continue
        least = end
        while least - 1 > start and _heads(lines[least - 1]):
            least -= 1
        if not any(text.strip() for line in lines[least:end] for text, _ in line):
            least = end  # blank lines alone may end a screen
        found.append(lines[start:least])
        start = least if least < end else end - 1
    return [*found, lines[start:]]


def _headed(lines: list[Line], blank: int) -> bool:
    """Whether a line of heads stands under a blank one."""
    return any(role == "head" for line in lines[blank + 1 : blank + 2] for _, role in line)


def _heads(line: Line) -> bool:
    """Whether a line belongs to a heading, has a colon at its end, or is blank."""
    text = "".join(text for text, _ in line).rstrip()
    return text.endswith(":") or all(role in HEADINGS or not text.strip() for text, role in line)
