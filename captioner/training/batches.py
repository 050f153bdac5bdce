"""What the model reads at each step: photos with captions, and captions alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from captioner.training.features import Features

    Paired = tuple[Features, int, list[tuple["Ids", "Ids"]]]
    Pair = Callable[["Photo", "Prompting", random.Random], Paired]

Ids = list[int]
MAX_CAPTION_TOKENS = 24
POOL = 4  # batches drawn together and sorted by length, so that little is padding
CAPTIONS_A_PHOTO = 2
_TOLD_LESS = 0.08  # of the rows of a pupil


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo and what is known of it.

    Attributes:
        views: Where its maps lie: as it is, and mirrored if that was computed.
        labels: Token ids of each label word, surest first.
        captions: Token ids of each caption, its control code first.
        written: The same of what a finished model wrote of it; None where none did.
    """

    views: tuple[tuple[Features, int], ...]
    labels: tuple[Ids, ...]
    captions: tuple[Ids, ...]
    written: Ids | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A caption (control code first) without its photo, and nouns that stand in for labels."""

    caption: Ids
    nouns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Prompts and captions of one length.

    Attributes:
        ids: Shape ``(N, T)``: ``[DEC] labels : caption [SEP]``, padded on the right.
        targets: Shape ``(N, T)``: the caption and [SEP], -100 elsewhere.
    """

    ids: torch.Tensor
    targets: torch.Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """One step.

    Attributes:
        maps: Shape ``(P, 81, 1515)``.
        photos: ``CAPTIONS_A_PHOTO * P`` rows, those of one photo side by side.
        texts: Rows to be written from the words alone.
    """

    maps: torch.Tensor
    photos: Rows
    texts: Rows


@dataclass(frozen=True, slots=True)
class Prompting:
    """How label words become a prompt.

    Attributes:
        names: Token ids of each ImageNet class's name.
        words: Token ids of each noun.
        kinds: Noun -> the ImageNet labels that are a kind of it.
        separator: Token ids between two label words.
        end: The token that closes them.
        bos: The token before them.
        sep: The token after a caption.
        pad: The token that fills up.
    """

    names: Sequence[Ids]
    words: Mapping[str, Ids]
    kinds: Mapping[str, Sequence[int]]
    separator: Ids
    end: int
    bos: int
    sep: int
    pad: int

    def prompt(self, labels: Sequence[Ids]) -> Ids:
        """``[DEC] pizza, plate :`` as token ids."""
        ids: Ids = []
        for label in labels:
            ids += [*(self.separator if ids else []), *label]
        return [self.bos, *ids, self.end]

    def of_photo(self, labels: Sequence[Ids], rng: random.Random, share: float = 0.25) -> Ids:
        """The photo's labels; none for a share of the rows, some for another such share."""
        fate = rng.random()
        if fate < share:
            return self.prompt([])
        if fate < 2 * share:
            return self.prompt(rng.sample(labels, rng.randint(0, len(labels))))
        return self.prompt(labels)

    def of_text(self, nouns: Sequence[str], rng: random.Random) -> Ids:
        """Up to three nouns; half of them as an ImageNet class that is a kind of it.

        The classifier says "siberian husky" where the caption says "dog": so must the stand-in.
        """
        chosen = rng.sample(nouns, min(len(nouns), rng.randint(1, 3)))
        return self.prompt([self._stand_in(noun, rng) for noun in chosen])

    def _stand_in(self, noun: str, rng: random.Random) -> Ids:
        kinds = self.kinds.get(noun, ())
        if kinds and rng.random() < 0.5:  # noqa: PLR2004
            return self.names[rng.choice(kinds)]
        return self.words[noun]

    def rows(self, written: Sequence[tuple[Ids, Ids]]) -> Rows:
        """Pad (prompt, caption) pairs to one length."""
        width = max(len(prompt) + len(caption) + 1 for prompt, caption in written)
        ids = torch.full((len(written), width), self.pad)
        targets = torch.full((len(written), width), -100)
        for row, (prompt, caption) in enumerate(written):
            whole = torch.tensor([*prompt, *caption, self.sep])
            ids[row, : len(whole)] = whole
            targets[row, len(prompt) : len(whole)] = whole[len(prompt) :]
        return Rows(ids, targets)


def batches(
    photos: Sequence[Photo],
    texts: Sequence[Text],
    prompting: Prompting,
    *,
    photos_a_step: int,
    texts_a_step: int,
    seed: int,
    first_step: int = 0,
    pair: Pair | None = None,
) -> Iterator[Batch]:
    """Endless steps, the same for the same seed wherever one starts (to resume).

    `pair` says which captions of a photo come; None for two of like length.
    """
    pair = pair or _pair
    pool, step = first_step // POOL, first_step
    while True:
        rng = random.Random(f"{seed}-{pool}")  # noqa: S311 - shuffling, not secrets
        drawn = _drawn(photos, photos_a_step * POOL, pool, seed)
        pairs = sorted((pair(photo, prompting, rng) for photo in drawn), key=_length)
        alone = sorted(
            (_alone(text, prompting, rng) for text in rng.sample(texts, texts_a_step * POOL)),
            key=_row_length,
        )
        order = rng.sample(range(POOL), POOL)
        for i in order[step % POOL :]:
            ours = pairs[i * photos_a_step : (i + 1) * photos_a_step]
            theirs = alone[i * texts_a_step : (i + 1) * texts_a_step]
            maps = np.stack([features.maps[index] for features, index, _ in ours])
            rows = [row for _, _, written in ours for row in written]
            yield Batch(
                torch.from_numpy(maps).float(), prompting.rows(rows), prompting.rows(theirs)
            )
            step += 1
        pool += 1


def _drawn(photos: Sequence[Photo], count: int, pool: int, seed: int) -> list[Photo]:
    """The pool-th handful of an endless deck, shuffled anew each time it has been dealt."""
    drawn: list[Photo] = []
    at = pool * count
    while len(drawn) < count:
        deck, place = divmod(at + len(drawn), len(photos))
        order = list(range(len(photos)))
        random.Random(f"{seed}-deck-{deck}").shuffle(order)  # noqa: S311
        drawn += [photos[i] for i in order[place : place + count - len(drawn)]]
    return drawn


def pair_to_distil(photo: Photo, prompting: Prompting, rng: random.Random) -> Paired:
    """One view of a photo with what a finished model wrote of it and what people did.

    Nearly always with all labels, as when captions are written.
    """
    features, index = rng.choice(photo.views)
    written = photo.written or rng.choice(photo.captions)
    chosen = [written, rng.choice(photo.captions)]
    rows = [(prompting.of_photo(photo.labels, rng, _TOLD_LESS), caption) for caption in chosen]
    return features, index, rows


def _pair(photo: Photo, prompting: Prompting, rng: random.Random) -> Paired:
    """One view of a photo with two captions of like length."""
    features, index = rng.choice(photo.views)
    captions = sorted(photo.captions, key=len)
    start = rng.randint(0, max(0, len(captions) - CAPTIONS_A_PHOTO))
    chosen = [captions[min(start + i, len(captions) - 1)] for i in range(CAPTIONS_A_PHOTO)]
    rows = [(prompting.of_photo(photo.labels, rng), _sometimes_bare(c, rng)) for c in chosen]
    return features, index, rows


def _alone(text: Text, prompting: Prompting, rng: random.Random) -> tuple[Ids, Ids]:
    return prompting.of_text(text.nouns, rng), _sometimes_bare(text.caption, rng)


def _sometimes_bare(caption: Ids, rng: random.Random) -> Ids:
    """A tenth of the captions lose their control code.

    None stands between the labels and the first words that a person gives.
    """
    return caption[1:] if rng.random() < 0.1 else caption  # noqa: PLR2004


def _length(pair: Paired) -> int:
    return max(map(_row_length, pair[2]))


def _row_length(row: tuple[Ids, Ids]) -> int:
    return len(row[0]) + len(row[1])
