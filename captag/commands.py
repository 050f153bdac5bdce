"""The commands `captag tag`, `match`, `models` and `vocabulary check`.

Whatever takes time to import is imported by the command that needs it: `captag --version` and
the completion of a half-typed command must not wait for it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from captag.answers import answer_of, answer_of_failure, answer_of_matches
from captag.lean import rare_collections
from captag.pipeline import Suggestion, load_vocabulary, vocabulary_path
from captag.printing import (
    BYTES_IN_A_MEGABYTE,
    json_line,
    models_text,
    printable,
    suggestion_text,
    vocabulary_text,
)
from captag.settings import Settings

if TYPE_CHECKING:
    from captag.batch import Failure
    from captag.pipeline import Pipeline

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Most hashtags wanted. (default: 10)")]
CaptionerName = Annotated[
    str | None,
    typer.Option(
        "--captioner",
        metavar="NAME",
        help="Caption model: compact, base, large, a folder or a hub name. (default: compact)",
    ),
]
PrecisionName = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="auto|float32|bfloat16|int8",
        help="What captions are computed in; auto measures what is fastest. (default: auto)",
    ),
]
Mix = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="From 0, what the caption says, to 1, what posts of its kind carry. (default: 0.5)",
    ),
]
LanguageName = Annotated[
    str | None, typer.Option("--language", metavar="en|ko|all", help="(default: en)")
]
VocabularyFile = Annotated[
    Path | None,
    typer.Option(
        "--vocabulary",
        metavar="FILE",
        help="Hashtags to choose from, instead of the shipped ones.",
    ),
]


def settings_with(**options: object) -> Settings:
    """Read the settings and lay the options over them that were given on the command line.

    Raises:
        SettingsError: A setting or an option cannot be used.
    """
    given: dict[str, Any] = {name: each for name, each in options.items() if each is not None}
    return replace(Settings.from_env(), **given)


def pipeline_for(context: typer.Context, settings: Settings) -> Pipeline:
    """Build the pipeline with the builder that the command line was started with."""
    return cast("Pipeline", context.obj(settings))


def announce_download(captioner: str) -> None:
    """Say on standard error how large a model is that has to be fetched first."""
    from captioner import known_models

    for model in known_models():
        if model.alias == captioner and not model.is_here:
            megabytes = f"{model.size_bytes / BYTES_IN_A_MEGABYTE:,.0f} MB"
            typer.echo(f"captag: fetching {model.location} once, {megabytes}.", err=True)


def tag(
    context: typer.Context,
    photos: Annotated[
        list[str],
        typer.Argument(
            metavar="PHOTO",
            help="Photos, folders of photos, or - for standard input.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
    limit: Limit = None,
    captioner: CaptionerName = None,
    precision: PrecisionName = None,
    vocabulary: VocabularyFile = None,
    mix: Mix = None,
    language: LanguageName = None,
) -> None:
    """Caption photos and suggest hashtags for them.

    A photo that cannot be read is reported and the others go on; the exit status is then 1.
    """
    from captag.batch import find_photos, suggest_all

    settings = settings_with(
        limit=limit,
        captioner=captioner,
        precision=precision,
        vocabulary=vocabulary,
        mix=mix,
        language=language,
    )
    announce_download(settings.captioner)
    outcomes = suggest_all(
        pipeline_for(context, settings),
        find_photos(photos),
        limit=settings.limit,
        max_pixels=settings.max_pixels,
    )
    with rare_collections():
        shown = [_show(outcome, as_json=as_json) for outcome in outcomes]
    if not all(shown):
        raise typer.Exit(1)


def match(
    context: typer.Context,
    caption: Annotated[str, typer.Argument(help="A sentence that describes a photo.")],
    as_json: Json = False,
    limit: Limit = None,
    vocabulary: VocabularyFile = None,
    mix: Mix = None,
    language: LanguageName = None,
) -> None:
    """Suggest hashtags for a caption of your own, without a photo."""
    settings = settings_with(limit=limit, vocabulary=vocabulary, mix=mix, language=language)
    with rare_collections():
        matches = pipeline_for(context, settings).match(caption, settings.limit)
    answer = answer_of_matches(caption, matches)
    typer.echo(json_line(answer) if as_json else suggestion_text(answer))


def models(context: typer.Context) -> None:
    """List the caption models that have a short name, and say what the one in use computes in."""
    from captioner import known_models

    typer.echo(models_text(known_models()))
    settings = Settings.from_env()
    missing = {model.alias for model in known_models() if not model.is_here}
    if settings.captioner not in missing:  # to load it would fetch it
        choice = pipeline_for(context, settings).captioner.choice
        typer.echo(f"\n{settings.captioner} computes in {choice.precision}: {choice.reason}.")


def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="The file to check, instead of the one in use.", show_default=False),
    ] = None,
) -> None:
    """Check a vocabulary file and name every line that must be mended."""
    from tagmapper import VocabularyError

    path = file or vocabulary_path(Settings.from_env())
    try:
        vocabulary = load_vocabulary(path)
    except VocabularyError as error:
        for bad in error.bad_lines:  # all of them: the error itself shows the first few
            place = f"{error.path}:{bad.line}" if bad.line else f"{error.path}"
            typer.echo(f"{place}: {bad.reason}", err=True)
        raise typer.Exit(2) from error
    typer.echo(vocabulary_text(str(path or "The shipped vocabulary"), vocabulary))


def _show(outcome: Suggestion | Failure, *, as_json: bool) -> bool:
    """Print what came of one photo; tell whether it gave a suggestion."""
    if isinstance(outcome, Suggestion):
        answer = answer_of(outcome)
        typer.echo(json_line(answer) if as_json else suggestion_text(answer))
        return True
    if as_json:
        typer.echo(json_line(answer_of_failure(outcome.photo, outcome.message)))
    else:
        typer.echo(f"captag: {printable(outcome.photo)}: {outcome.message}", err=True)
    return False
