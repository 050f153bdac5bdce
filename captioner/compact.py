"""The compact BLIP: a frozen CNN's map in place of patches, its label words as the prompt.

A transformers model like any other: importing this module registers it with the Auto classes.
A hybrid in the sense of the ViT paper (Dosovitskiy et al. 2021, section 3.1); label words as a
prompt follow Oscar's object tags (Li et al. 2020) and BLIP's conditional captioning (Li et al.
2022).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import torch
from transformers import AutoConfig, AutoModelForImageTextToText
from transformers.models.blip.modeling_blip import BlipPreTrainedModel
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from captioner.animals import Animals
from captioner.backbone import EfficientNetLite2
from captioner.compact_config import CompactBlipConfig as CompactBlipConfig  # public here too
from captioner.confidence import Things, signs
from captioner.expecting import Knowing
from captioner.generated import output_of
from captioner.padding import left_padded
from captioner.processors import processors_of
from captioner.search import Begun
from captioner.vision import CompactBlipVisionModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.backbone import Sight
    from captioner.beginnings import Beginnings
    from captioner.categories import Categories
    from captioner.consensus import Consensus, Expectation
    from captioner.familiarity import Familiarity


class CompactBlipForConditionalGeneration(BlipPreTrainedModel):
    """Photo in, caption out; takes and gives what `BlipForConditionalGeneration` does."""

    config_class = CompactBlipConfig
    main_input_name = "pixel_values"
    _tied_weights_keys = {  # noqa: RUF012 - transformers reads a plain class attribute
        "text_decoder.cls.predictions.decoder.bias": "text_decoder.cls.predictions.bias",
        "text_decoder.cls.predictions.decoder.weight": (
            "text_decoder.bert.embeddings.word_embeddings.weight"
        ),
    }

    def __init__(self, config: CompactBlipConfig) -> None:
        super().__init__(config)
        self.backbone = EfficientNetLite2()
        self.vision_model = CompactBlipVisionModel(config)
        self.text_decoder: Any = BlipTextLMHeadModel(cast("Any", config.text_config))
        # `read_checkpoint` knows where the one lies and what the other is made of.
        self.consensus: Consensus | None = None
        self.beginnings: Beginnings | None = None
        self.categories: Categories | None = None
        self.familiarity: Familiarity | None = None
        self.post_init()  # type: ignore[no-untyped-call]

    def labels(self, probabilities: torch.Tensor) -> list[list[int]]:
        """Token ids of the name of each thing the CNN sees, surest first.

        Args:
            probabilities: Shape ``(1000,)``, one photo's ImageNet probabilities.
        """
        return [self.config.label_token_ids[label] for label in self.surest(probabilities)]

    def surest(self, probabilities: torch.Tensor) -> list[int]:
        """The ImageNet classes that the `labels` name."""
        surest = probabilities.topk(self.config.max_labels)
        return [
            label
            for probability, label in zip(*(part.tolist() for part in surest), strict=True)
            if probability > self.config.min_label_probability
        ]

    def label_prompt(self, probabilities: torch.Tensor, things: Sequence[int] = ()) -> list[int]:
        """The `labels` with separators between them, up to the closing colon.

        Args:
            probabilities: Shape ``(1000,)``, one photo's ImageNet probabilities.
            things: Tokens of what else is expected, as `Consensus.things` gives them.
        """
        labels = self.labels(probabilities)
        ids: list[int] = []
        for label in [*labels, *([thing] for thing in things if [thing] not in labels)]:
            ids += [*(self.config.separator_token_ids if ids else []), *label]
        return [*ids, self.config.prompt_end_token_id]

    @torch.no_grad()
    def generate(
        self,
        pixel_values: torch.Tensor,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        **generate_kwargs: Any,
    ) -> Any:
        """Caption photos, as `BlipForConditionalGeneration.generate` does.

        Args:
            pixel_values: Shape ``(B, 3, 260, 260)``, as the checkpoint's processor gives them.
            input_ids: A text prompt a photo between [CLS] and [SEP], shape ``(B, T)``.
            attention_mask: Ignored: the prompts are of one length.
            **generate_kwargs: As `GenerationMixin.generate` takes them.

        Returns:
            Token ids, shape ``(B, T)``, or what ``return_dict_in_generate`` asks for, with the
            label words cut from ``sequences`` and put beside them as ``labels``, a list of token
            ids for each label of each photo; and with ``output_scores`` also ``signs`` of how sure
            each caption is, see `captioner.confidence`.
        """
        text = None if input_ids is None else input_ids[:, 1:-1]
        return self.generate_from_sight(self.look(pixel_values), text, **generate_kwargs)

    def look(self, pixel_values: torch.Tensor) -> Sight:
        """Look at photos: what `generate_from_sight` takes."""
        return self.backbone(pixel_values)

    def expected(self, sight: Sight) -> list[Expectation]:
        """What is expected of each photo; empty for a model without a consensus."""
        return [] if self._knowing is None else self._knowing.expected(sight)

    def begin(
        self, sight: Sight, text: torch.Tensor | None, expected: Sequence[Expectation]
    ) -> Begun:
        """What `captioner.search` goes on from.

        Args:
            sight: What the CNN sees.
            text: As `generate_from_sight` takes it.
            expected: What `expected` gives of these photos.
        """
        prompt, mask = self._prompts(sight.probabilities, text, expected)
        encoded = self.vision_model(sight.maps.to(self.dtype))
        reluctance = self.consensus.reluctance(expected) if self.consensus and expected else None
        return Begun(encoded, prompt, mask, prompt.shape[1], reluctance)

    @torch.no_grad()
    def generate_from_sight(
        self,
        sight: Sight,
        text: torch.Tensor | None = None,
        no_repeat_ngram_size: int = 0,
        **generate_kwargs: Any,
    ) -> Any:
        """Caption what the CNN has seen already: `generate` without its first step.

        Args:
            sight: What `EfficientNetLite2` sees in the photos.
            text: Token ids the captions begin with, shape ``(B, T)``.
            no_repeat_ngram_size: No n-gram of this size comes twice in a caption; 0 allows all.
            **generate_kwargs: As `GenerationMixin.generate` takes them.

        Returns:
            As `generate`.
        """
        expected = self.expected(sight)
        begun = self.begin(sight, text, expected)
        prompt, encoded = begun.prompt, begun.encoded
        output = self.text_decoder.generate(
            input_ids=prompt,
            attention_mask=begun.prompt_mask,
            encoder_hidden_states=encoded,
            encoder_attention_mask=encoded.new_ones(encoded.shape[:-1], dtype=torch.long),
            eos_token_id=self._special.sep_token_id,
            pad_token_id=self._special.pad_token_id,
            logits_processor=processors_of(begun, no_repeat_ngram_size),
            **generate_kwargs,
        )
        start = prompt.shape[1] - (0 if text is None else text.shape[1])
        return output_of(self, output, start, sight.probabilities, expected)

    def signs(
        self,
        tokens: Sequence[int],
        log_probabilities: Sequence[float],
        probabilities: torch.Tensor,
        expected: Expectation | None,
    ) -> tuple[float, ...]:
        """The `signs` of one caption, from one photo's probabilities and what is expected of it."""
        words = None if expected is None else expected.words
        found = signs(tokens, log_probabilities, probabilities.tolist(), words, self._known_things)
        if self.categories is None or expected is None:
            return found
        return (*found, *self.categories.signs(tokens, expected.categories))

    @cached_property
    def _known_things(self) -> Things:
        return Things.of(cast("CompactBlipConfig", self.config))

    @cached_property
    def _knowing(self) -> Knowing | None:
        if self.consensus is None:
            return None
        animals = Animals.of(self._known_things, self.consensus)
        return Knowing(self.consensus, self.categories, animals, self.familiarity)

    @property
    def _special(self) -> Any:
        return self.config.text_config

    def _prompts(
        self,
        probabilities: torch.Tensor,
        text: torch.Tensor | None,
        expected: Sequence[Expectation],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Left-padded prompts ``[DEC] labels : text`` and their mask, both ``(B, T)``."""
        things = self._things(expected) or [[]] * len(probabilities)
        bos, pad = self._special.bos_token_id, self._special.pad_token_id
        each = zip(probabilities, things, strict=True)
        rows = [[bos, *self.label_prompt(*seen)] for seen in each]
        prompt, mask = left_padded(rows, pad, probabilities.device)
        if text is None:
            return prompt, mask
        return torch.cat([prompt, text], 1), torch.cat([mask, torch.ones_like(text)], 1)

    def _things(self, expected: Sequence[Expectation]) -> list[list[int]]:
        """The nouns expected of each photo."""
        return [] if self.consensus is None else [self.consensus.things(of) for of in expected]


AutoConfig.register(CompactBlipConfig.model_type, CompactBlipConfig)
AutoModelForImageTextToText.register(CompactBlipConfig, CompactBlipForConditionalGeneration)
