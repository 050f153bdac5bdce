"""BLIP's text decoder, stepped: the photo's keys and values once, nothing computed twice.

The same arithmetic as transformers' `BlipTextLMHeadModel`, in the same order, so that in float32
the tokens are the same; what is left out is what a beam search does not need. transformers
computes the photo's keys and values for each beam and copies them at each step: for BLIP-base
more than half of the time after the photo has been encoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from captioner.attention import attention, bias_of
from captioner.layers import Layer, Linear, Pack

if TYPE_CHECKING:
    from torch import nn


class TextDecoder:
    """The weights of a `BlipTextLMHeadModel`, arranged for stepping.

    Args:
        model: The decoder to take apart; its tensors are shared where they need no rearranging.
        pack: What becomes of each linear map: itself, or the same in int8.
        pack_vocabulary: What becomes of the last, which gives the words' logits.
        photo_dtype: In which a photo's keys and values are remembered; None for that of the photo.
            A step reads them once a photo, its weights once a batch.
    """

    def __init__(
        self,
        model: Any,
        pack: Pack,
        pack_vocabulary: Pack,
        photo_dtype: torch.dtype | None = None,
    ) -> None:
        text = model.config
        self.heads: int = text.num_attention_heads
        self.end: int = text.sep_token_id
        self.embeddings = model.bert.embeddings
        self.layers = [Layer.of(layer, pack) for layer in model.bert.encoder.layer]
        head = model.cls.predictions
        self.transform = pack(head.transform.dense)
        self.transform_activation: Linear = head.transform.transform_act_fn
        self.transform_norm: nn.LayerNorm = head.transform.LayerNorm
        self.vocabulary = pack_vocabulary(head.decoder)
        self.photo_dtype = photo_dtype

    def begin(
        self,
        encoded: torch.Tensor,
        prompt: torch.Tensor,
        prompt_mask: torch.Tensor | None,
        most_tokens: int,
    ) -> tuple[Reading, torch.Tensor]:
        """Read the photos and the prompts.

        Args:
            encoded: B photos, shape ``(B, cells, width)``.
            prompt: Token ids, shape ``(B, T)``, padded on the left.
            prompt_mask: Shape ``(B, T)``, 1 for tokens to read; None for all.
            most_tokens: That all beams of a photo may read beside the prompt.

        Returns:
            What `Reading.step` goes on from, one beam a photo, and the logits of the next token,
            shape ``(B, vocabulary)``.
        """
        photo_keys = [
            tuple(map(self._kept, self.split(layer.photo_key_value(encoded), 2)))
            for layer in self.layers
        ]
        reading = Reading(self, photo_keys, prompt.shape[1] + most_tokens, encoded.dtype)
        return reading, reading.begin(prompt, prompt_mask)

    def split(self, hidden: torch.Tensor, parts: int) -> tuple[torch.Tensor, ...]:
        """``(B, N, parts * width)`` as `parts` of ``(B, heads, N, width / heads)``."""
        apart: torch.Tensor = hidden.unflatten(-1, (parts, self.heads, -1))
        return apart.permute(2, 0, 3, 1, 4).unbind(0)

    def _kept(self, of_photo: torch.Tensor) -> torch.Tensor:
        """Laid out as each step reads it."""
        dtype = self.photo_dtype or of_photo.dtype
        return of_photo.to(dtype, memory_format=torch.contiguous_format).contiguous()

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """The vocabulary's logits after each of N tokens, shape ``(N, width)``."""
        transformed = self.transform_activation(self.transform(hidden))
        logits: torch.Tensor = self.vocabulary(self.transform_norm(transformed)).float()
        return logits


class Reading:
    """What a decoder remembers of B photos and of the tokens so far.

    Of the photos as of the tokens it is kept once for all beams: what another beam has read is
    hidden, as in a tree of tokens (Miao et al. 2024, "SpecInfer"). So nothing is copied when beams
    are chosen, all beams of a photo ask at once, and the prompt is remembered once.

    Args:
        decoder: Whose.
        photo_keys: Keys and values of each layer, of shape ``(B, heads, cells, size)``.
        most: Tokens of a photo, the prompt and those of all beams.
        dtype: In which their keys and values are remembered.
    """

    def __init__(
        self,
        decoder: TextDecoder,
        photo_keys: list[tuple[torch.Tensor, ...]],
        most: int,
        dtype: torch.dtype,
    ) -> None:
        self._decoder = decoder
        self._photos = photo_keys
        photos, heads, _, size = photo_keys[0][0].shape
        shape = (2, len(photo_keys), photos, heads, most, size)
        self._pool = photo_keys[0][0].new_empty(shape, dtype=dtype)
        self._length = 0
        self._hides = torch.finfo(self._pool.dtype).min
        # Added to the scores, of each beam 0 for what it has read: (B, beams, most).
        self._bias = self._pool.new_full((photos, 1, most), self._hides)
        self._position = torch.zeros(photos, 1, dtype=torch.long, device=self._pool.device)

    def begin(self, prompt: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Read the prompts, see `TextDecoder.begin`."""
        length = prompt.shape[1]
        read = torch.ones_like(prompt) if mask is None else mask
        positions = (read.cumsum(1) - 1).clamp(min=0)
        self._position = positions[:, -1:] + 1
        self._bias[:, 0, :length] = bias_of(read, self._bias.dtype)
        later = self._bias.new_full((length, length), self._hides).triu(1)
        bias = torch.minimum(later, self._bias[:, :, :length])
        return self._decoder.logits(self._read(prompt, positions, bias)[:, -1])

    def step(self, tokens: torch.Tensor) -> torch.Tensor:
        """Read the next token of each beam.

        Args:
            tokens: Shape ``(B, beams)``.

        Returns:
            Logits of the tokens after them, shape ``(B * beams, vocabulary)``, by photo, then by
            beam.
        """
        beams = tokens.shape[1]
        own = torch.eye(beams, dtype=torch.bool, device=tokens.device)
        new = self._bias[:, :, self._length : self._length + beams]
        new.masked_fill_(own, 0)
        bias = self._bias[:, :, : self._length + beams]
        hidden = self._read(tokens, self._position, bias)
        self._position = self._position + 1
        return self._decoder.logits(hidden.flatten(0, 1))

    def choose(self, parents: torch.Tensor) -> None:
        """Go on from these beams of those before, each as often as it is named.

        Args:
            parents: Of each photo, shape ``(B, beams)``.
        """
        photos = torch.arange(len(parents), device=parents.device)
        self._bias = self._bias[photos[:, None], parents]

    def keep_photos(self, photos: torch.Tensor) -> None:
        """Forget every photo but these."""
        self._photos = [tuple(part[photos] for part in both) for both in self._photos]
        self._pool = self._pool[:, :, photos]
        self._bias, self._position = self._bias[photos], self._position[photos]

    def _read(
        self, tokens: torch.Tensor, positions: torch.Tensor, bias: torch.Tensor
    ) -> torch.Tensor:
        """Read N tokens of each photo: ``(B, N, width)``."""
        start, self._length = self._length, self._length + tokens.shape[1]
        span = slice(start, self._length)
        hidden: torch.Tensor = self._decoder.embeddings(input_ids=tokens, position_ids=positions)
        for number, layer in enumerate(self._decoder.layers):
            hidden = self._own(number, layer, hidden, span, bias[:, None])
            hidden = self._photo(number, layer, hidden)
            hidden = layer.norm(layer.down(layer.activation(layer.up(hidden))) + hidden)
        return hidden

    def _own(
        self, number: int, layer: Layer, hidden: torch.Tensor, span: slice, bias: torch.Tensor
    ) -> torch.Tensor:
        """Attention to the tokens so far."""
        query, key, value = self._decoder.split(layer.query_key_value(hidden), 3)
        self._pool[0, number, :, :, span] = key
        self._pool[1, number, :, :, span] = value
        keys, values = self._pool[:, number, :, :, : span.stop]
        seen = attention(query, keys, values, bias)
        return layer.own_norm(layer.own_output(seen) + hidden)

    def _photo(self, number: int, layer: Layer, hidden: torch.Tensor) -> torch.Tensor:
        """Attention to the photo."""
        (query,) = self._decoder.split(layer.photo_query(hidden), 1)
        keys, values = self._photos[number]
        seen = attention(query.to(keys.dtype), keys, values, None).to(hidden.dtype)
        return layer.photo_norm(layer.photo_output(seen) + hidden)
