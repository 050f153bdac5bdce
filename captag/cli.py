"""The command `captag`: its parts put together, and errors turned into exit statuses.

| error                                         | exit status                  |
|-----------------------------------------------|------------------------------|
| a photo that cannot be read                   | 1, after the others are done |
| a model that cannot be loaded                 | 1                            |
| settings, vocabulary or arguments to be mended | 2                            |
| a bug                                         | 1, with a traceback          |
"""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points, version
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from captag import commands, evaluating
from captag.errors import CaptagError
from captag.lean import lean_imports
from captag.pipeline import build_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # typer carries a click of its own and gives these two no public name.
    from typer._click.core import Command, Context

    from captag.pipeline import Pipeline
    from captag.settings import Settings

# Packages that build on captag add commands here; `serve` comes from `web` in this way.
COMMANDS_GROUP = "captag.commands"


class Commands(TyperGroup):
    """The commands of captag and, loaded only when asked for, those of other packages."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Name the commands, ours first."""
        return [*super().list_commands(ctx), *_plugins()]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Find a command by its name."""
        if plugin := _plugins().get(cmd_name):
            return _command(plugin)
        return super().get_command(ctx, cmd_name)


def _plugins() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=COMMANDS_GROUP)}


def _command(plugin: EntryPoint) -> Command:
    alone = typer.Typer(add_completion=False)
    alone.command(plugin.name)(plugin.load())
    return typer.main.get_command(alone)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"captag {version('captag')}")
        raise typer.Exit


def _captag(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """A photo in, its caption and ten Instagram hashtags out, each with its reason; offline."""


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)
app.callback()(_captag)
app.command()(commands.tag)
app.command()(commands.match)
app.command()(commands.models)
app.command()(evaluating.evaluate)
vocabulary = typer.Typer(no_args_is_help=True, help="Look after the file of hashtags.")
vocabulary.command()(commands.check)
app.add_typer(vocabulary, name="vocabulary")


def main(
    arguments: Sequence[str] | None = None, build: Callable[[Settings], Pipeline] = build_pipeline
) -> None:
    """Run the command line; an error that a person can act on becomes a sentence.

    Args:
        arguments: What follows the name of the command; by default what this process was given.
        build: Builds the pipeline from the settings.
    """
    try:
        with lean_imports():
            app(arguments, prog_name="captag", obj=build)
    except SystemExit:
        raise  # before the next line imports what tells one error from another
    except tuple(_exit_statuses()) as error:
        for line in str(error).splitlines():
            typer.echo(f"captag: {line}", err=True)
        sys.exit(_exit_status(error))


def _exit_statuses() -> dict[type[Exception], int]:
    """List the errors that people can act on; the first class that fits counts."""
    from captioner import CaptionerError
    from tagmapper import TagMapperError, VocabularyError

    return {VocabularyError: 2, CaptagError: 2, CaptionerError: 1, TagMapperError: 1}


def _exit_status(error: Exception) -> int:
    return next(status for kind, status in _exit_statuses().items() if isinstance(error, kind))
