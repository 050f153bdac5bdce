"""Self-critical training: the model writes captions, and learns from those that score better.

Self-critical sequence training (Rennie et al. 2017) on CIDEr, with the mean of a photo's other
samples as the baseline (Luo 2020). Cross-entropy on ordinary batches goes on beside it, so that the
words alone and photos without human captions are not forgotten.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from captioner.training.batches import Batch, Ids, deal
from captioner.training.loop import IGNORED, Recipe, batch_loss, following, predict
from captioner.training.reward import CiderReward

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transformers import BertTokenizer

    from captioner.compact import CompactBlipForConditionalGeneration
    from captioner.training.batches import Photo, Prompting, Text

SAMPLES = 5
MAX_NEW_TOKENS = 21  # one more than the product writes: the control code
LIKELIEST = 30  # tokens to sample among: label smoothing leaves a tail of nonsense
CROSS_ENTROPY = 0.2  # its share beside the reward


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step: photos to write captions for, and an ordinary batch.

    Attributes:
        maps: Shape ``(P, 81, 1280)``.
        prompts: Token ids of each photo's prompt.
        references: What people wrote on each photo, control code first.
        batch: For the cross-entropy.
    """

    maps: torch.Tensor
    prompts: list[Ids]
    references: list[tuple[Ids, ...]]
    batch: Batch


class Critic:
    """Rewards captions by CIDEr with the document frequencies of their photo's own set.

    Args:
        photos: All photos that have human captions.
        texts: Human captions alone.
        tokenizer: Says which tokens are punctuation.
    """

    def __init__(
        self, photos: Sequence[Photo], texts: Sequence[Text], tokenizer: BertTokenizer
    ) -> None:
        marks = {piece for piece in tokenizer.get_vocab() if set(piece) <= set(string.punctuation)}
        ignored: Any = tokenizer.convert_tokens_to_ids([*marks])
        self._end: Any = tokenizer.convert_tokens_to_ids("[SEP]")
        documents: dict[int, list[tuple[Ids, ...]]] = {}
        for captions in (*(photo.captions for photo in photos), *((t.caption,) for t in texts)):
            documents.setdefault(captions[0][0], []).append(self._bare(captions))
        self._rewards = {code: CiderReward(own, ignored) for code, own in documents.items()}

    def __call__(self, written: Sequence[Ids], references: Sequence[Ids]) -> list[float]:
        """The reward of each caption of one photo, at least 0.

        Args:
            written: Control code first, [SEP] last where the model came to an end.
            references: Control code first, no [SEP].
        """
        return self._rewards[references[0][0]]([ids[1:] for ids in written], self._bare(references))

    def _bare(self, captions: Sequence[Ids]) -> tuple[Ids, ...]:
        """Without the code, with the end: a caption that breaks off must not pay."""
        return tuple([*ids[1:], self._end] for ids in captions)


def lessons(
    photos: Sequence[Photo],
    ordinary: Iterator[Batch],
    prompting: Prompting,
    *,
    photos_a_step: int,
    seed: int,
    first_step: int,
) -> Iterator[Lesson]:
    """Endless steps, the same for the same seed wherever one starts (to resume)."""
    for step, batch in enumerate(ordinary, first_step):
        chosen = deal(photos, photos_a_step, step, seed)
        rng = random.Random(f"{seed}-view-{step}")  # noqa: S311 - shuffling, not secrets
        views = [rng.choice(photo.views) for photo in chosen]
        maps = np.stack([features.maps[index] for features, index in views])
        yield Lesson(
            torch.from_numpy(maps).float(),
            [prompting.prompt(photo.labels) for photo in chosen],
            [photo.captions for photo in chosen],
            batch,
        )


def lesson_loss(
    model: Any, lesson: Lesson, recipe: Recipe, critic: Critic, sampler: Sampler
) -> tuple[torch.Tensor, float]:
    """Samples pay by how much better they are than their siblings; ordinary batches as ever.

    Returns:
        The loss, and the samples' mean reward to watch.
    """
    with torch.autocast(lesson.maps.device.type, torch.bfloat16):
        photo = model.vision_model(lesson.maps)
    written = sampler(photo.detach(), lesson.prompts, SAMPLES)
    rewards = np.array(
        [critic(own, wanted) for own, wanted in zip(written, lesson.references, strict=True)]
    )
    others = (rewards.sum(1, keepdims=True) - rewards) / (SAMPLES - 1)
    rows = sampler.prompting.rows(
        [
            (prompt, [id_ for id_ in ids if id_ != sampler.prompting.sep])
            for prompt, own in zip(lesson.prompts, written, strict=True)
            for ids in own
        ]
    )
    with torch.autocast(lesson.maps.device.type, torch.bfloat16):
        logits = predict(model, rows, photo.repeat_interleave(SAMPLES, 0))
    losses = nn.functional.cross_entropy(logits.float(), following(rows), reduction="none")
    better = torch.from_numpy(rewards - others).float().flatten()
    row_of_token = (rows.targets[:, 1:] != IGNORED).nonzero()[:, 0]
    criticised = (losses * better[row_of_token]).mean()
    ordinary, _ = batch_loss(model, lesson.batch, recipe)
    return criticised + CROSS_ENTROPY * ordinary, float(rewards.mean())


class Sampler:
    """Draws captions from the photo path alone, in bfloat16 and without dropout.

    Args:
        model: The compact BLIP; what it learns shows in the next samples.
        prompting: Knows the special tokens.
    """

    def __init__(self, model: CompactBlipForConditionalGeneration, prompting: Prompting) -> None:
        self.prompting = prompting
        self._model = model
        decoder: Any = BlipTextLMHeadModel(model.text_decoder.config)
        self._decoder = decoder.bfloat16().eval()

    @torch.no_grad()
    def __call__(self, encoded: torch.Tensor, prompts: Sequence[Ids], each: int) -> list[list[Ids]]:
        """Some captions a photo, [SEP] last where they come to an end.

        Args:
            encoded: Shape ``(P, cells, width)``, from the photo encoder.
            prompts: Token ids of each photo's prompt.
            each: Captions a photo.
        """
        self._decoder.load_state_dict(self._model.text_decoder.state_dict())
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self.prompting.pad)
        for row, prompt in zip(ids, prompts, strict=True):
            row[width - len(prompt) :] = torch.tensor(prompt)
        sequences = self._decoder.generate(
            input_ids=ids,
            attention_mask=(ids != self.prompting.pad).long(),
            encoder_hidden_states=encoded.bfloat16(),
            do_sample=True,
            top_k=LIKELIEST,
            num_return_sequences=each,
            max_new_tokens=MAX_NEW_TOKENS,
            eos_token_id=self.prompting.sep,
            pad_token_id=self.prompting.pad,
        )
        written = [
            [id_ for id_ in row if id_ != self.prompting.pad]
            for row in sequences[:, width:].tolist()
        ]
        return [written[start : start + each] for start in range(0, len(written), each)]
