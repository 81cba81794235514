"""rnnwalk examples: what is bundled, and the four types of sequence models."""

from typing import Annotated

import typer

from rnnwalk.model.examples import names


def examples(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this one.", show_default="all", autocompletion=names)
    ] = None,
) -> None:
    """List the bundled examples, with commands to try.

    They stand in the order of the four types of sequence models, which are drawn first.
    """
    from rnnwalk.model.examples import example
    from rnnwalk.render.terminal import screen
    from rnnwalk.views.examples import pages, types

    told = [(each, example(each)) for each in (names() if name is None else [name])]
    screen.show([*([types()] if name is None else []), *pages(told)], screen.make_console())
