"""The commands put together, and what happens when one fails."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from rnnwalk import __version__
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
    """Run the command line. Exit code 2: wrong usage or input; 1: our own fault; 130: interrupted."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    _safe_streams()
    try:
        line = app(arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS)
        code = line(arguments, prog_name="rnnwalk", standalone_mode=False)
        sys.stdout.flush()
    except (InputError, WrongUsage) as error:
        if debug:
            raise
        code = _complain(error)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except MemoryError:
        if debug:
            raise
        print(f"rnnwalk: {TOO_MUCH}", file=sys.stderr)
        code = 2
    except OSError as error:
        if debug:
            raise
        print(f"rnnwalk: cannot read or write: {error.strerror or error}", file=sys.stderr)
        code = 1
    except Exception as error:
        if debug:
            raise
        text = str(error).splitlines()[0] if str(error) else ""
        print(f"rnnwalk: our own fault, sorry: {type(error).__name__}: {text} (--debug shows where)", file=sys.stderr)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _complain(error: Exception) -> int:
    """One sentence on stderr."""
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    print(f"rnnwalk: {shortened(_plain(' '.join(message.split())))}{hint}", file=sys.stderr)
    return 2


def _plain(text: str) -> str:
    """The text with its control characters as escapes: what it quotes must not steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _safe_streams() -> None:
    """What an output cannot encode is written as an escape, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
