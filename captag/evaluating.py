"""The command `captag evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captag.commands import LanguageName, Mix, VocabularyFile, settings_with
from captag.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from captag.comparison import Comparison
    from captag.evaluated_posts import EvaluatedPost
    from captag.settings import Settings


def evaluate(
    posts: Annotated[Path, typer.Argument(help='JSON lines of {"photo", "hashtags"}.')],
    photos: Annotated[
        Path | None, typer.Option(help="Folder of the photos, to caption them.")
    ] = None,
    captions: Annotated[
        Path | None, typer.Option(help='JSON lines of {"photo", "caption"}, instead of photos.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    vocabulary: VocabularyFile = None,
    mix: Mix = None,
    language: LanguageName = None,
) -> None:
    """Measure the hashtags against those that real posts carry.

    Where a post has a "caption", it is what a person wrote, and is tried in the model's place.
    """
    settings = settings_with(vocabulary=vocabulary, mix=mix, language=language)
    comparison = measure(posts, photos, captions, settings)
    typer.echo(comparison.as_json() if as_json else str(comparison))


def measure(
    posts: Path, photos: Path | None, captions: Path | None, settings: Settings
) -> Comparison:
    """Compare the product with its baselines on a file of posts.

    Raises:
        EvaluationError: The posts, their photos or their captions cannot be used.
    """
    from captag.comparison import compare
    from captag.evaluated_posts import captioned, read_captions, read_posts
    from captag.pipeline import build_mapper

    found = read_posts(posts)
    written = read_captions(captions) if captions else caption_photos(found, photos, settings)
    people = [post for post in found if post.caption]
    return compare(captioned(found, written), people, build_mapper(settings))


def caption_photos(
    posts: Sequence[EvaluatedPost], folder: Path | None, settings: Settings
) -> Mapping[str, str]:
    """Caption the photo of each post.

    Raises:
        EvaluationError: There is no folder, or a photo in it cannot be read.
    """
    from tqdm import tqdm

    from captioner import BlipCaptioner, CaptionerError, read_image

    if folder is None:
        raise EvaluationError("Name the folder of the photos (--photos) or a file of --captions.")
    captioner = BlipCaptioner(settings.captioner, device=settings.device)
    captioner.load()
    written = {}
    for post in tqdm(posts, desc="captions"):
        try:
            with (folder / post.photo).open("rb") as stream:
                image = read_image(stream, max_pixels=settings.max_pixels)
        except (OSError, CaptionerError) as error:
            raise EvaluationError(f"{folder / post.photo}: {error}") from error
        written[post.photo] = captioner.caption([image])[0].text
    return written
