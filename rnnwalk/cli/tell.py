"""What is said beside a result, on standard error."""

import sys
from contextlib import suppress


def tell(text: str) -> None:
    """Print a line, if anyone is there to read it: that nobody is must not end the work, nor change its exit code.

    Control characters are escaped: what is quoted must not steer the terminal.
    """
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    with suppress(OSError):
        print(plain, file=sys.stderr)
