"""Writing a result: a file takes its name only when it is whole, and standard output gets all of it at once.

A file that is replaced keeps its permissions (and its owner, where we may give files away); a symbolic link stays, and
the file that it leads to is replaced. Links of the other kind, hard ones, still name what was there before.
"""

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rnnwalk import ending
from rnnwalk.errors import InputError
from rnnwalk.text import named

STDOUT = "-"
MOST_LINKS = 40  # that lead to a file one after the other; as many as Linux follows
STALE = 10  # seconds since a file was last written to, after which a dead run will not write to it again
NO_FILES = ("/proc", "/sys", "/dev/fd")  # what is there is made by the system, and cannot be replaced
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def destination(path: Path) -> Path | None:
    """The file that a name stands for, symbolic links followed; None for standard output. Raises InputError."""
    if str(path) == STDOUT:
        return None
    stdout = ("/dev/stdout", "/dev/fd/1", f"/proc/{os.getpid()}/fd/1")
    step = path
    try:
        for _ in range(MOST_LINKS):
            step = Path(os.path.realpath(step.parent)) / step.name
            if str(step) in stdout:
                return None
            if any(step.is_relative_to(folder) for folder in NO_FILES):
                raise InputError(f"{named(path)}: is not a file that can be written; name a file, or - for stdout")
            if not step.is_symlink():
                return step
            step = step.parent / step.readlink()
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise _cannot(path, error) from None
    raise InputError(f"{named(path)}: leads through more than {MOST_LINKS} links; name a file")


def check_target(path: Path, force: bool) -> Path | None:
    """Where the bytes of ``path`` will be put: a file, or None for standard output.

    Raises InputError where a file could not be put, or would replace another without ``force``.
    """
    where, target = named(path), destination(path)
    if target is None:
        if sys.stdout is None:
            raise InputError("stdout is closed; name a file to write")
        if force:
            raise InputError("--force does nothing for stdout, where no file is replaced; leave it out")
        return None
    try:
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = 0
    except (OSError, ValueError) as error:
        raise _cannot(path, error) from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{where}: is a directory; name a file in it")
    folder = target.parent if path.is_symlink() else path.parent
    if not folder.is_dir():
        if folder.exists():
            raise InputError(f"{where}: {named(folder)} is a file, not a folder")
        raise InputError(f"{where}: the folder {named(folder)} does not exist; make it first")
    if mode and not stat.S_ISREG(mode):
        raise InputError(f"{where}: is a device, a pipe or a socket; name a file, or - for stdout")
    if mode and not force:
        raise _exists(path)
    if not os.access(target.parent, os.W_OK):
        raise InputError(f"{where}: the folder {named(folder)} cannot be written to")
    return target


@contextlib.contextmanager
def replacing(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """A file to write the bytes of ``path`` into; it takes that name only when everything is written.

    Raises InputError where it cannot be written; then, and after any other exception, nothing has changed.
    """
    target = check_target(path, force)
    if target is None:
        whole = io.BytesIO()
        yield whole
        ending.check()  # what is written may lack what a signal cut off
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(whole.getbuffer())
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _cannot("stdout", error) from None
        return
    clear(target.parent)
    try:
        with _beside(target, force) as file:
            yield file
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _cannot(path, error) from None


@contextlib.contextmanager
def _beside(target: Path, force: bool) -> Iterator[IO[bytes]]:
    """A file in the folder of ``target`` that takes its place at the end. Raises OSError, and changes nothing then.

    Linux has files without a name: a run that is killed leaves none behind. Such a file can be given a name only where
    there is none; to replace another it gets one of ours for the time of two calls. Elsewhere it has that from the
    beginning, which says whose it was, and a later run clears it away.
    """
    old = target.stat() if target.exists() else None
    aside = target.parent / _signed(target.name)
    mode = 0o666 if old is None else stat.S_IMODE(old.st_mode) & 0o777
    handle, nameless = _opened(aside, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            ending.check()  # what is written may lack what a signal cut off
            file.flush()
            if old is not None:
                _like(handle, old)
            _settle(handle)
            if nameless:
                if old is None and _link(handle, target):
                    return
                if not _link(handle, aside):
                    _copy(handle, aside, mode)
        if not force and target.exists():  # since we looked
            raise FileExistsError
        aside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):  # a later run clears it away
            aside.unlink(missing_ok=True)
        raise


def _opened(aside: Path, mode: int) -> tuple[int, bool]:
    """A new file, open for writing, and whether it has no name yet."""
    if nameless := getattr(os, "O_TMPFILE", 0):
        with contextlib.suppress(OSError):  # not every file system has them
            return os.open(aside.parent, nameless | os.O_RDWR, mode), True
    return os.open(aside, NEW, mode), False


def _link(handle: int, name: Path) -> bool:
    """Give a file without a name one; whether that could be done."""
    try:
        # With a folder given (which an absolute path makes no use of), Python follows the link that /proc has there.
        os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=handle)
    except (OSError, AttributeError):  # the name is taken, there is no /proc, or no hard links, as on Android
        return False
    return True


def _copy(handle: int, aside: Path, mode: int) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.open(aside, NEW, mode), "wb") as file:
        while block := os.read(handle, 2**20):
            file.write(block)
        file.flush()
        _like(file.fileno(), os.fstat(handle))
        _settle(file.fileno())


def _like(handle: int, old: os.stat_result) -> None:
    """Give a file the owner and the permissions of another, as far as we may."""
    with contextlib.suppress(OSError, AttributeError):  # AttributeError: on Windows
        os.fchown(handle, old.st_uid, old.st_gid)
    with contextlib.suppress(OSError, AttributeError):
        os.fchmod(handle, stat.S_IMODE(old.st_mode) & 0o777)


def _settle(handle: int) -> None:
    """Wait until a file is on its disk: a full one may say so only now, and a name must not outlive a power cut empty."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that has nothing to wait for
            raise


def _host() -> str:
    """This machine, as it stands in the names of our files."""
    import platform

    return "".join(c if c.isalnum() and c.isascii() else "_" for c in platform.node())[:40]


def _signed(name: str) -> str:
    """A name for an unfinished file, which says whose it is: .hello.xlsx.rnnwalk-HOST-4711-a1b2c3.tmp"""
    return f".{name[:30]}.rnnwalk-{_host()}-{os.getpid()}-{os.urandom(3).hex()}.tmp"


def clear(folder: Path) -> None:
    """Remove what runs of ours left in a folder when they were killed: this user's, on this machine, dead and old."""
    import re
    import time

    unfinished = re.compile(rf"\..*\.rnnwalk-{_host()}-(\d{{1,9}})-[0-9a-f]{{6}}\.tmp", re.DOTALL)
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = unfinished.fullmatch(entry.name)
            if found is None or _lives(int(found[1])):
                continue
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                old = time.time() - status.st_mtime > STALE
                if stat.S_ISREG(status.st_mode) and status.st_uid == user and old:
                    Path(entry.path).unlink()


def _lives(process: int) -> bool:
    """Whether there is such a process; on Windows, where asking would end it, an open file cannot be removed anyway."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def cannot_be_written(error: Exception) -> str:
    """What is said of an output for this reason."""
    closed = getattr(error, "errno", None) == errno.EBADF
    return f"cannot be written ({'it is closed' if closed else getattr(error, 'strerror', None) or error})"


def _cannot(path: Path | str, error: Exception) -> InputError:
    return InputError(f"{named(path)}: {cannot_be_written(error)}")


def _exists(path: Path) -> InputError:
    return InputError(f"{named(path)}: exists already; use --force to replace it, or another name")
