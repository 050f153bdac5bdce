"""Real posts and captions to evaluate on, as JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from captag.errors import EvaluationError
from tagmapper.vocabulary_line import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class EvaluatedPost:
    """A real post.

    Attributes:
        photo: Name of its photo.
        hashtags: What it carries, in normal form: without ``#``, lower case.
        caption: What was said of its photo, by a model or a person; empty where nothing was.
    """

    photo: str
    hashtags: frozenset[str]
    caption: str


def read_posts(path: Path) -> tuple[EvaluatedPost, ...]:
    """Read ``{"photo", "hashtags"}`` lines; a ``"caption"`` is what a person wrote.

    Raises:
        EvaluationError: The file cannot be read, holds no posts, or a line is no post.
    """
    posts = []
    for number, line in _objects(path):
        photo, tags = line.get("photo"), line.get("hashtags")
        if not isinstance(photo, str) or not _is_texts(tags):
            raise EvaluationError(f'{path}:{number}: needs "photo" and a list of "hashtags".')
        carried = frozenset(normal_form(tag.removeprefix("#")) for tag in line["hashtags"])
        posts.append(EvaluatedPost(photo, carried, str(line.get("caption") or "")))
    if not posts:
        raise EvaluationError(f"{path}: there are no posts in it.")
    return tuple(posts)


def read_captions(path: Path) -> dict[str, str]:
    """Read ``{"photo", "caption"}`` lines; the first caption of a photo counts.

    Raises:
        EvaluationError: The file cannot be read, or a line is no caption.
    """
    captions: dict[str, str] = {}
    for number, line in _objects(path):
        if not _is_texts([line.get("photo"), line.get("caption")]):
            raise EvaluationError(f'{path}:{number}: needs "photo" and "caption".')
        captions.setdefault(line["photo"], line["caption"])
    return captions


def captioned(
    posts: Sequence[EvaluatedPost], captions: Mapping[str, str]
) -> tuple[EvaluatedPost, ...]:
    """Give each post the caption of its photo.

    Raises:
        EvaluationError: Photos have none; the first few are named.
    """
    if without := [post.photo for post in posts if post.photo not in captions]:
        named = ", ".join(without[:3])
        raise EvaluationError(f"{len(without)} photos have no caption, such as {named}.")
    return tuple(replace(post, caption=captions[post.photo]) for post in posts)


def _is_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line that is not blank."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{path}:{number}: no JSON: {error}.") from error
        if not isinstance(found, dict):
            raise EvaluationError(f"{path}:{number}: no JSON object.")
        yield number, found
