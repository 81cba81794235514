"""Keeping what was learned, though the place where it should go is gone or full."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rnnwalk.errors import InputError
from rnnwalk.files import destination
from rnnwalk.model import weightfile
from rnnwalk.model.model import Model
from rnnwalk.text import named


class Kept(NamedTuple):
    """path: where the weights are, None where no place was left; failure: why not where they should be; unread: because
    nobody reads standard output any more."""

    path: Path | None
    failure: str | None = None
    unread: bool = False


def keep(model: Model, path: Path, *, force: bool) -> Kept:
    """Write a weight file, or if that fails one beside it, in the current folder or in the temporary one."""
    try:
        weightfile.write(model, path, force=force)
    except InputError as error:
        failure, unread = str(error), False
    except BrokenPipeError:
        failure, unread = "stdout: nobody reads it any more", True
    except MemoryError:
        failure, unread = f"{named(path)}: cannot be written (there is not enough memory)", False
    else:
        return Kept(path)
    for other in _others(path):
        with suppress(InputError, OSError, MemoryError):
            weightfile.write(model, other, force=False)
            if path.exists() and path.samefile(other):  # it could be written when it was tried again
                return Kept(path)
            return Kept(other, failure, unread)
    return Kept(None, failure, unread)


def _others(path: Path) -> Iterator[Path]:
    """Where a file could go instead, under a name that is not taken."""
    name = path.name
    with suppress(InputError, OSError):  # as where the current folder is gone
        if destination(path) is None:
            name = "weights.json"  # for what no longer goes to standard output
    for folder in (str(path.parent), "."):
        with suppress(OSError):
            yield _free(Path(folder).resolve(strict=True) / name)
    with suppress(OSError):
        own = Path(tempfile.mkdtemp(prefix="rnnwalk-"))
        yield own / name
        own.rmdir()  # reached only when it was of no use


def _free(path: Path) -> Path:
    """The path, or one with a number in its name, that is not taken: w.json, w-2.json, w-3.json …"""
    number, free = 1, path
    while free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
