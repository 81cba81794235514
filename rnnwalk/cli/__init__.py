"""The command line: the only place that knows typer. No arithmetic, no layout; heavy imports happen in the commands."""
