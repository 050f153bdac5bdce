"""Real posts: which tags stand together, compiled into one small file."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts as rows of tags, and captions that tell what kind of photo a post has.

    Attributes:
        tags: The tags that posts carry, ``T`` of them.
        meanings: Their plain words, in the same order.
        members: Indices of tags, one post after the other, shape ``(E,)``.
        starts: Where each post begins in ``members``, shape ``(P,)``, rising; no post is empty.
        scenes: The kind of each post, index into ``scene_names``, shape ``(P,)``.
        hands: Whose each post is, shape ``(P,)``: the same number for posts of one person.
        scene_names: The kinds of posts, sorted.
        scene_captions: Captions as a captioner would write them, each with its kind's index;
            those of a photo of no such kind have the index ``len(scene_names)``.
    """

    tags: tuple[str, ...]
    meanings: tuple[str, ...]
    members: NDArray[np.int64]
    starts: NDArray[np.int64]
    scenes: NDArray[np.int64]
    hands: NDArray[np.int64]
    scene_names: tuple[str, ...]
    scene_captions: tuple[tuple[int, str], ...]

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of(
        cls,
        posts: Sequence[tuple[str, Sequence[str]]],
        meanings: dict[str, str],
        captions: Iterable[tuple[str, str]] = (),
        hands: Sequence[int] = (),
    ) -> Self:
        """Build from ``(kind, tags)`` pairs.

        Args:
            posts: Tags without a meaning are left out, and posts left empty so.
            meanings: Plain words of each tag.
            captions: ``(kind, caption)`` pairs; kinds that no post has are left out, but for the
                empty kind, which stands for none of them.
            hands: Whose each post is; each another person's where none are given.
        """
        known = [(kind, [tag for tag in tags if tag in meanings]) for kind, tags in posts]
        owned = zip(known, hands or range(len(known)), strict=True)
        kept = [(kind, tags, hand) for (kind, tags), hand in owned if tags]
        tags = sorted({tag for _, tags, _ in kept for tag in tags})
        names = sorted({kind for kind, _, _ in kept})
        index = {tag: at for at, tag in enumerate(tags)}
        lengths = [len(tags) for _, tags, _ in kept]
        return cls(
            tags=tuple(tags),
            meanings=tuple(meanings[tag] for tag in tags),
            members=np.array([index[tag] for _, tags, _ in kept for tag in tags], np.int64),
            starts=np.cumsum([0, *lengths[:-1]], dtype=np.int64)[: len(kept)],
            scenes=np.array([names.index(kind) for kind, _, _ in kept], np.int64),
            hands=np.array([hand for _, _, hand in kept], np.int64),
            scene_names=tuple(names),
            scene_captions=tuple(
                ([*names, ""].index(kind), text) for kind, text in captions if kind in {*names, ""}
            ),
        )

    @classmethod
    def none(cls) -> Self:
        """Return no posts: tags are then ranked by what the caption says alone."""
        return cls.of([], {})

    @classmethod
    def default(cls) -> Self:
        """Return the posts that are shipped with captag."""
        return _shipped()  # type: ignore[return-value]  # Posts, as nothing is derived from it

    def save(self, path: Path) -> None:
        """Write everything but the scene captions, which stay readable in ``scenes.csv``."""
        np.savez_compressed(
            path,
            tags=_bytes(self.tags),
            meanings=_bytes(self.meanings),
            members=self.members.astype(np.uint16),
            starts=self.starts.astype(np.uint32),
            scenes=self.scenes.astype(np.uint8),
            hands=self.hands.astype(np.uint32),
            scene_names=_bytes(self.scene_names),
        )

    @classmethod
    def load(cls, stream: io.BufferedIOBase, scene_captions: str = "") -> Self:
        """Read what ``save`` wrote, and a CSV of ``scene,caption`` lines."""
        with np.load(stream) as arrays:
            names = _texts(arrays["scene_names"])
            rows = csv.DictReader(io.StringIO(scene_captions))
            return cls(
                tags=_texts(arrays["tags"]),
                meanings=_texts(arrays["meanings"]),
                members=arrays["members"].astype(np.int64),
                starts=arrays["starts"].astype(np.int64),
                scenes=arrays["scenes"].astype(np.int64),
                hands=arrays["hands"].astype(np.int64),
                scene_names=names,
                scene_captions=tuple(
                    ((*names, "").index(row["scene"]), row["caption"]) for row in rows
                ),
            )


@cache
def _shipped() -> Posts:
    data = files("captag_data")
    content = io.BytesIO((data / "posts.npz").read_bytes())
    return Posts.load(content, (data / "scenes.csv").read_text("utf-8"))


def _bytes(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(_SEPARATOR.join(texts).encode(), np.uint8)


def _texts(array: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split(_SEPARATOR)) if array.size else ()
