"""Writing a result to a file: beside it first, then renamed, so that nothing is ever half-written."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rnnwalk.errors import InputError


def check_target(path: Path, force: bool) -> None:
    """Raise InputError where a file could not be put, or would replace another without ``force``."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = 0
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: is a directory; name a file in it")
    if not path.parent.is_dir():
        if path.parent.exists():
            raise InputError(f"{path}: {path.parent} is a file, not a folder")
        raise InputError(f"{path}: the folder {path.parent} does not exist; make it first")
    if mode and not stat.S_ISREG(mode):  # a device or a pipe would be replaced by a file
        raise InputError(f"{path}: is not a regular file; name another")
    if mode and not force:
        raise InputError(f"{path}: exists already; use --force to replace it, or another name")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path}: the folder {path.parent} cannot be written to")


@contextlib.contextmanager
def replacing(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """A file to write the bytes of ``path`` into; it takes that name only when everything is written."""
    check_target(path, force)
    import tempfile

    try:
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(aside).chmod(0o666 & ~mask)
        Path(aside).replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        Path(aside).unlink(missing_ok=True)
