"""BLIP's text decoder, stepped: the photo's keys and values once, nothing computed twice.

The same arithmetic as transformers' `BlipTextLMHeadModel`, in the same order, so that in float32
the tokens are the same; what is left out is what a beam search does not need. transformers
computes the photo's keys and values for each beam and copies them at each step: for BLIP-base
more than half of the time after the photo has been encoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from captioner.attention import attention, pads_of
from captioner.layers import Layer, Linear, Pack

if TYPE_CHECKING:
    from torch import nn


class TextDecoder:
    """The weights of a `BlipTextLMHeadModel`, arranged for stepping.

    Args:
        model: The decoder to take apart; its tensors are shared where they need no rearranging.
        pack: What becomes of each linear map: itself, or the same in int8.
        pack_vocabulary: What becomes of the last, which gives the words' logits.
    """

    def __init__(self, model: Any, pack: Pack, pack_vocabulary: Pack) -> None:
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
            most_tokens: That the captions may have beside the prompt.

        Returns:
            What `Reading.step` goes on from, one row a photo, and the logits of the next token,
            shape ``(B, vocabulary)``.
        """
        photo_keys = [
            tuple(part.contiguous() for part in self.split(layer.photo_key_value(encoded), 2))
            for layer in self.layers
        ]
        reading = Reading(self, photo_keys, prompt, prompt_mask, most_tokens)
        return reading, reading.read(prompt)

    def split(self, hidden: torch.Tensor, parts: int) -> tuple[torch.Tensor, ...]:
        """``(N, T, parts * width)`` as `parts` of ``(N, heads, T, width / heads)``."""
        apart: torch.Tensor = hidden.unflatten(-1, (parts, self.heads, -1))
        return apart.permute(2, 0, 3, 1, 4).unbind(0)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """The vocabulary's logits of the last token of each row."""
        transformed = self.transform_activation(self.transform(hidden[:, -1]))
        logits: torch.Tensor = self.vocabulary(self.transform_norm(transformed)).float()
        return logits


class Reading:
    """What a decoder remembers of photos and of the tokens so far.

    Rows stand by photo, then by beam. The photos' keys and values are kept once for all beams.
    """

    def __init__(
        self,
        decoder: TextDecoder,
        photo_keys: list[tuple[torch.Tensor, ...]],
        prompt: torch.Tensor,
        prompt_mask: torch.Tensor | None,
        most_tokens: int,
    ) -> None:
        self._decoder = decoder
        self._photos = photo_keys
        rows, most = len(prompt), prompt.shape[1] + most_tokens
        keys = photo_keys[0][0]
        shape = (2, len(photo_keys), rows, decoder.heads, most, keys.shape[-1])
        self._cache = keys.new_empty(shape)
        self._length = 0
        self._pads = pads_of(prompt_mask, most, keys.dtype)
        positions = torch.arange(most, device=prompt.device).expand(len(prompt), most)
        if prompt_mask is not None:
            positions = (positions - (1 - prompt_mask).sum(1, keepdim=True)).clamp(min=0)
        self._positions = positions

    def read(self, tokens: torch.Tensor) -> torch.Tensor:
        """Read the next tokens of each row.

        Args:
            tokens: Shape ``(N, T)``.

        Returns:
            Logits of the token after them, shape ``(N, vocabulary)``.
        """
        start, self._length = self._length, self._length + tokens.shape[1]
        span = slice(start, self._length)
        hidden = self._decoder.embeddings(input_ids=tokens, position_ids=self._positions[:, span])
        bias = self._bias(span)
        for number, layer in enumerate(self._decoder.layers):
            hidden = self._own(number, layer, hidden, span, bias)
            hidden = self._photo(number, layer, hidden)
            hidden = layer.norm(layer.down(layer.activation(layer.up(hidden))) + hidden)
        return self._decoder.logits(hidden)

    def choose(self, rows: torch.Tensor) -> None:
        """Go on from these rows of those before, each as often as it is named.

        Args:
            rows: Indices of rows, as many for each photo, in the photos' order.
        """
        self._positions = self._positions[rows]
        self._pads = None if self._pads is None else self._pads[rows]
        used = self._cache[:, :, :, :, : self._length].index_select(2, rows)
        if len(rows) != self._cache.shape[2]:
            shape = list(self._cache.shape)
            shape[2] = len(rows)
            self._cache = self._cache.new_empty(shape)
        self._cache[:, :, :, :, : self._length] = used

    def keep_photos(self, photos: torch.Tensor) -> None:
        """Forget every photo but these; `choose` forgets the rows."""
        self._photos = [tuple(part[photos] for part in both) for both in self._photos]

    def _bias(self, span: slice) -> torch.Tensor | None:
        """What keeps a token from reading later ones and padding: ``(N or 1, 1, T, so far)``."""
        length = span.stop - span.start
        bias = None
        if length > 1:
            later = self._cache.new_full((length, length), torch.finfo(self._cache.dtype).min)
            bias = later.triu(1)[None, None]
        if self._pads is not None:
            pads = self._pads[:, None, None, : span.stop]
            bias = pads if bias is None else torch.minimum(bias, pads)
        return bias

    def _own(
        self,
        number: int,
        layer: Layer,
        hidden: torch.Tensor,
        span: slice,
        bias: torch.Tensor | None,
    ) -> torch.Tensor:
        """Attention to the tokens so far."""
        query, key, value = self._decoder.split(layer.query_key_value(hidden), 3)
        self._cache[0, number, :, :, span] = key
        self._cache[1, number, :, :, span] = value
        keys, values = self._cache[:, number, :, :, : span.stop]
        seen = attention(query, keys, values, bias)
        return layer.own_norm(layer.own_output(seen) + hidden)

    def _photo(self, number: int, layer: Layer, hidden: torch.Tensor) -> torch.Tensor:
        """Attention to the photo: all beams of a photo ask it at once."""
        keys, values = self._photos[number]
        query = layer.photo_query(hidden).view(len(keys), -1, hidden.shape[-1])
        (asked,) = self._decoder.split(query, 1)
        seen = attention(asked, keys, values, None).view(hidden.shape)
        return layer.photo_norm(layer.photo_output(seen) + hidden)
