"""The commands put together, and what happens when one fails."""

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from itertools import chain
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from rnnwalk import __version__, ending
from rnnwalk.cli import streams
from rnnwalk.ending import Ended
from rnnwalk.errors import InputError, shortened
from rnnwalk.files import cannot_be_written

# What a wrong usage raises has another name and module in each typer since 0.19, so it is taken from the ancestors of
# one that they all have: the last before Exception, BaseException and object.
WrongUsage: type[Exception] = typer.BadParameter.__mro__[-4]

GREETING = """\
rnnwalk shows every number inside a recurrent network, step by step.

  rnnwalk walk                read “hello” with the article's weights
  rnnwalk explain "h_2[1]"    where one number comes from, back to the weights
  rnnwalk walk banana         your own word, with random weights

Also: rnnwalk train shows how it learns, rnnwalk export -o hello.xlsx makes a
live workbook, rnnwalk gradients shows why it forgets, rnnwalk examples what it
can read besides. rnnwalk --help lists everything.
"""

TOO_MUCH = "there is not enough memory for this; take a shorter text, a smaller file or fewer hidden units"
GROUPS = {
    "See": ("walk", "explain", "compare", "gradients", "examples"),
    "Learn": ("train", "generate", "gradcheck"),
    "Take away": ("export", "weights"),
}
NEGATIVE = re.compile(r"-\.?[0-9]")  # begins a number; no option does
COMMANDS = tuple(chain.from_iterable(GROUPS.values()))
"""Each has a module of its name in ``rnnwalk.cli``, with a function of that name, or an ``app`` of its own commands."""


class Command(TyperCommand):
    """A command whose texts may begin with a minus, where a number follows it: rnnwalk walk "-1 2"."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        taking = {name for option in self.params if not getattr(option, "is_flag", True) for name in option.opts}
        known = {name for option in self.params for name in option.opts if name.startswith("-")}
        options, texts, value = list[str](), list[str](), False
        for i, argument in enumerate(args):
            if argument == "--" and not value:
                texts += args[i + 1 :]
                break
            text = not value and (not argument.startswith("-") or NEGATIVE.match(argument) or argument == "-")
            (texts if text else options).append(argument)
            name = args[i - 1] if value else argument.removesuffix("=")
            if name in taking and argument in ("", f"{name}="):  # as of a variable of the shell that is not set
                raise InputError(f"{name} is empty; give it a value, or leave it out")
            if value and argument in known:
                raise InputError(
                    f"{name} has no value: the option {argument} follows it; give it one, leave it out, or write "
                    f"{name}={argument}"
                )
            value = not value and argument in taking
        ended = ["--", *texts] if texts and not value else []  # an option that still waits has no value
        return super().parse_args(ctx, [*options, *ended])


class Grouped(TyperGroup):
    """The commands, listed in groups."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        wide = max(map(len, self.commands))
        for title, names in GROUPS.items():
            with formatter.section(title):
                room = formatter.width - wide - 6
                formatter.write_dl(
                    [
                        (name.ljust(wide), self.commands[name].get_short_help_str(room))
                        for name in names
                        if name in self.commands
                    ]
                )


def app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands: a run loads and builds no more than the one that it is asked for."""
    line = typer.Typer(
        name="rnnwalk",
        cls=Grouped,
        help="See every number inside a recurrent network.",
        epilog="rnnwalk COMMAND --help tells more about a command. --debug, anywhere, shows the traceback of a failure.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    line.callback(invoke_without_command=True)(greet)
    for name in names:
        module = import_module(f"rnnwalk.cli.{name}")
        if hasattr(module, "app"):
            for command in module.app.registered_commands:
                command.cls = Command
            line.add_typer(module.app, name=name)
        else:
            line.command(cls=Command)(getattr(module, name))
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

    Exit code 2: wrong usage or input, or an output that cannot be written; 1: our own fault; 128 and the
    number of the signal that ended it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a terminal that closed.
    """
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    streams.prepare()
    out = sys.stdout
    code: int | None = None
    try:
        line = app(arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS)
        code = line(arguments, prog_name="rnnwalk", standalone_mode=False)
        out.flush()
        ending.check()
    except BaseException as error:
        signalled = ending.leave()
        ended, sentence = _ending(error) if signalled is None else (signalled, "")
        code = code or ended  # what the work came to, before what its last words met
        if signalled or isinstance(error, Ended):  # at once: what was printed and not read must not hold it up
            streams.abandon(out)
        streams.settle(out)
        if sentence:
            if debug:
                raise
            streams.say(f"rnnwalk: {sentence}")
    ending.leave()
    sys.exit(code or 0)


def _no_such_option(name: str, context: Any) -> str:
    """What is said of an option that there is not, with the one that comes nearest: by its name, or by what its help says."""
    from difflib import get_close_matches

    called: dict[str, str] = {}
    for option in context.command.get_params(context):
        told = (getattr(option, "help", None) or "").lower()
        called |= {text: known for known in option.opts if known.startswith("--") for text in (told, known[2:])}
    typed = name.removeprefix("--").lower()
    close = get_close_matches(typed, called, n=1) or [text for text in called if typed and text.startswith(typed)]
    return f"No such option: {name}" + (f"; did you mean '{called[close[0]]}'?" if close else "")


def _ending(error: BaseException) -> tuple[int, str]:
    """The exit code of a run that ends this way, and the sentence to be said, if any."""
    if isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError):
        error = error.__context__  # typer makes an exit of it, with code 1
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0, ""
    if isinstance(error, BrokenPipeError):  # the reader, such as `head`, has seen enough
        return 0, ""
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return 130, ""
    if isinstance(error, InputError | WrongUsage):
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context else ""
        if context and hasattr(error, "option_name") and hasattr(error, "possibilities"):
            message = _no_such_option(error.option_name, context)
        message = message.replace("Value error, ", "", 1)  # what some typers put before a choice that is none
        return 2, shortened(" ".join(message.split())) + hint
    if isinstance(error, MemoryError):
        return 2, TOO_MUCH
    if isinstance(error, OSError) and error.filename is None:  # what reads words its own failures, and so do files
        return 2, f"stdout: {cannot_be_written(error)}"
    if isinstance(error, OSError):
        return 1, f"cannot read or write: {error.strerror or error}"
    text = str(error).splitlines()[0] if str(error) else ""
    return 1, f"our own fault, sorry: {type(error).__name__}: {text} (--debug shows where)"
