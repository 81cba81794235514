"""The commands put together, and what happens when one fails."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Annotated, TextIO

import typer

from rnnwalk import __version__
from rnnwalk.cli.tell import tell
from rnnwalk.ending import Ended
from rnnwalk.errors import InputError, shortened

# What a wrong usage raises has another name and module in each typer since 0.19, so it is taken from the ancestors of
# one that they all have: the last before Exception, BaseException and object.
WrongUsage: type[Exception] = typer.BadParameter.__mro__[-4]

GREETING = """\
rnnwalk shows every number inside a recurrent network, step by step.

  rnnwalk walk                  read "hello" with the article's weights, number by number
  rnnwalk explain "h_2[1]"      where one number comes from, back to the weights
  rnnwalk walk banana           your own word, with weights drawn for it

Also: rnnwalk train shows how it learns, rnnwalk export -o hello.xlsx makes a live
workbook, rnnwalk gradients shows why it forgets. rnnwalk --help lists everything.
"""

TOO_MUCH = "there is not enough memory for this; take a shorter text, a smaller file or fewer hidden units"
COMMANDS = ("walk", "explain", "train", "generate", "gradcheck", "gradients", "export", "weights")
"""Each has a module of its name in ``rnnwalk.cli``, with a function of that name, or an ``app`` of its own commands."""


def app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands: a run loads and builds no more than the one that it is asked for."""
    line = typer.Typer(
        name="rnnwalk",
        help="See every number inside a recurrent network.",
        epilog="rnnwalk COMMAND --help tells more of a command. --debug, anywhere, shows the traceback of a failure.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    line.callback(invoke_without_command=True)(greet)
    for name in names:
        module = import_module(f"rnnwalk.cli.{name}")
        if hasattr(module, "app"):
            line.add_typer(module.app, name=name)
        else:
            line.command()(getattr(module, name))
    return line


def versions(asked: bool) -> None:
    """The versions that matter for a report, without importing the packages."""
    if asked:
        from importlib.metadata import version

        python = sys.version.split()[0]
        typer.echo(f"rnnwalk {__version__}, Python {python}, numpy {version('numpy')}, openpyxl {version('openpyxl')}")
        raise typer.Exit


def greet(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=versions, is_eager=True, help="Show versions and exit.")
    ] = False,
) -> None:
    """See every number inside a recurrent network."""
    if context.invoked_subcommand is None:
        typer.echo(GREETING, nl=False)


def main() -> None:
    """Run the command line.

    Exit code 2: wrong usage or input, or a file that cannot be written; 1: our own fault; 128 and the number of the
    signal that ended it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a terminal that closed.
    """
    _safe_streams()
    code = _run()
    _let_go(sys.stdout)
    _let_go(sys.stderr)
    sys.exit(code)


def _run() -> int:
    """Run a command; its exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        line = app(arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS)
        code = line(arguments, prog_name="rnnwalk", standalone_mode=False)
        sys.stdout.flush()
    except (InputError, WrongUsage) as error:
        if debug:
            raise
        return _complain(error)
    except Ended as error:  # at once: what was printed and not read yet must not hold it up
        _drop(sys.stdout)
        return error.code
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        return 0
    except MemoryError:
        if debug:
            raise
        tell(f"rnnwalk: {TOO_MUCH}")
        return 2
    except OSError as error:
        if debug:
            raise
        tell(f"rnnwalk: cannot read or write: {error.strerror or error}")
        return 1
    except Exception as error:
        if debug:
            raise
        text = str(error).splitlines()[0] if str(error) else ""
        tell(f"rnnwalk: our own fault, sorry: {type(error).__name__}: {text} (--debug shows where)")
        return 1
    return code if isinstance(code, int) else 0


def _complain(error: Exception) -> int:
    """One sentence on stderr."""
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    tell(f"rnnwalk: {shortened(' '.join(message.split()))}{hint}")
    return 2


def _safe_streams() -> None:
    """What an output cannot encode is written as an escape, never a crash; a closed standard error takes everything."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _let_go(stream: TextIO | None) -> None:
    """Flush what was printed; what nobody takes is dropped, lest Python complain of it and change the exit code."""
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        _drop(stream)


def _drop(stream: TextIO | None) -> None:
    """Let what was printed and not written yet go nowhere."""
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
