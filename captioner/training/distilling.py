"""A teacher that reads twice, and a pupil that is to say the same after one reading.

Knowledge distillation (Hinton et al. 2015), of the words' probabilities and of whole captions (Kim
and Rush 2016): a finished model reads each row with the photo and with the words alone and mixes
what both say, a product of experts (Hinton 2002); of the captions that it finds so a `Consensus`
has chosen one. The pupil learns both with the photo alone, in half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy, kl_div

from captioner.training.batches import CAPTIONS_A_PHOTO
from captioner.training.loop import thinned
from captioner.training.predicting import following, is_to_be_written, predict

if TYPE_CHECKING:
    from captioner.training.batches import Batch
    from captioner.training.loop import Recipe

PHOTO_WEIGHT = 0.8  # of the reading with the photo; chosen on Flickr8k dev and COCO
WRITTEN_SHARE, WRITTEN_SMOOTHING = 0.3, 0.05  # of the captions that the teacher wrote
TEXT_SHARE = 0.1  # of the captions without a photo


class Distillation:
    """The loss of a pupil.

    Args:
        teacher: A finished model; will not be trained.
    """

    def __init__(self, teacher: Any) -> None:
        self._teacher = teacher.eval().requires_grad_(False)

    def __call__(self, pupil: Any, batch: Batch, recipe: Recipe) -> torch.Tensor:
        """Divergence from the teacher, and cross-entropy of what it wrote and of the texts.

        Args:
            pupil: Is trained.
            batch: The first row of each photo is what the teacher wrote.
            recipe: Says how much of each photo is left out.
        """
        photo = pupil.vision_model(thinned(batch.maps, recipe.feature_dropout))
        seen = predict(pupil, batch.photos, photo.repeat_interleave(CAPTIONS_A_PHOTO, 0))
        nothing = pupil.vision_model.no_photo.expand(len(batch.texts.ids), 1, -1)
        words = predict(pupil, batch.texts, nothing)
        row_of_token = is_to_be_written(batch.photos).nonzero()[:, 0]
        is_written = row_of_token % CAPTIONS_A_PHOTO == 0
        written = cross_entropy(
            seen[is_written],
            following(batch.photos)[is_written],
            label_smoothing=WRITTEN_SMOOTHING,
        )
        texts = cross_entropy(words, following(batch.texts), label_smoothing=recipe.label_smoothing)
        return divergence(seen, self._says(batch)) + WRITTEN_SHARE * written + TEXT_SHARE * texts

    @torch.no_grad()
    def _says(self, batch: Batch) -> torch.Tensor:
        """The teacher's log-probabilities where photos' captions have something to write."""
        rows, vision = batch.photos, self._teacher.vision_model
        photo = vision(batch.maps).repeat_interleave(CAPTIONS_A_PHOTO, 0)
        nothing = vision.no_photo.expand(len(rows.ids), 1, -1)
        seen, words = (
            predict(self._teacher, rows, encoded).log_softmax(-1) for encoded in (photo, nothing)
        )
        return torch.lerp(words, seen, PHOTO_WEIGHT).log_softmax(-1)


def divergence(logits: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """How far a pupil is from its teacher, in nats a token (Kullback and Leibler).

    Args:
        logits: The pupil's, shape ``(tokens, words)``.
        taught: The teacher's log-probabilities, of that shape.
    """
    return kl_div(logits.log_softmax(-1), taught, reduction="batchmean", log_target=True)
