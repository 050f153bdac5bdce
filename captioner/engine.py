"""A loaded BLIP, arranged for writing captions quickly: what `BlipCaptioner` runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from captioner.brevity import DOUBTED, Evident, evident_length
from captioner.categories import PERSON
from captioner.decoder import TextDecoder
from captioner.entry_level import animal, chance
from captioner.hedging import instead, worth_of_people
from captioner.layers import pack_linears
from captioner.people import is_evident
from captioner.photo_attention import attend, fused, halved, quickest
from captioner.precision import cells_of, packing, packing_of_photo, packing_of_vocabulary
from captioner.search import Begun, Search, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.backbone import Sight
    from captioner.beams import Found
    from captioner.compact import CompactBlipForConditionalGeneration
    from captioner.consensus import Consensus, Expectation
    from captioner.hedging import Saying

NUM_BEAMS, NUM_CANDIDATES = 3, 8


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written of one photo, in token ids.

    Attributes:
        tokens: The prompt and the caption; special tokens among them.
        score: Of the beam search: the mean log-probability of the caption's tokens.
        labels: The name of each thing the classifier sees; none for models without one.
        classes: Of ImageNet, that these are the names of.
        signs: Of how sure the caption is, see `captioner.confidence`; none for stock BLIP.
        label_chance: How likely the first of them is, called as people call it.
        animal: Which animal is there if one is, see `captioner.entry_level`; None if unsure.
        instead: What may be said in its place.
        is_familiar: Whether the photo is like those that people have described.
        evident: What of it is evident in a photo that is not; None where all may be said.
        worth: Of saying it where it is right, as `captioner.hedging` has it.
    """

    tokens: list[int]
    score: float
    labels: list[list[int]]
    classes: list[int]
    signs: tuple[float, ...]
    label_chance: float = 0.0
    animal: Saying | None = None
    instead: tuple[Saying, ...] = ()
    is_familiar: bool = False
    evident: Evident | None = None
    worth: float = 1.0


class Engine:
    """Writes captions with a BLIP.

    Args:
        model: A `BlipForConditionalGeneration` or a compact BLIP in float32, on its device; its
            parts are taken over, and it is not to be used for anything else.
        precision: ``float32``, whose tokens are those of the model's own `generate`, ``bfloat16``
            or ``int8``.
    """

    def __init__(self, model: Any, precision: str = "float32") -> None:
        self.config = model.config
        self.model = model
        self._is_compact = hasattr(model, "backbone")
        if precision == "bfloat16":
            model.to(torch.bfloat16)
        cells, encoder = cells_of(model), model.vision_model.encoder
        photo_dtype = None
        if not self._is_compact:  # whose 81 cells gain nothing
            vision = model.config.vision_config
            heads, width = vision.num_attention_heads, vision.hidden_size
            way = quickest(heads, cells, width // heads) if precision == "int8" else fused
            attend(encoder, way)
            photo_dtype = torch.bfloat16 if way is halved else None
        pack_linears(encoder, packing_of_photo(precision, cells))
        self.decoder = TextDecoder(
            model.text_decoder, packing(precision), packing_of_vocabulary(precision), photo_dtype
        )
        del model.text_decoder  # what was packed is not needed twice

    @property
    def consensus(self) -> Consensus | None:
        """What chooses among the captions that the search finds; None if the search itself does."""
        consensus: Consensus | None = getattr(self.model, "consensus", None)
        return consensus

    @property
    def num_beams(self) -> int:
        """How many captions to search for at once: more where one is chosen among them."""
        return NUM_BEAMS if self.consensus is None else NUM_CANDIDATES

    @property
    def device(self) -> torch.device:
        """Where its inputs must be."""
        device: torch.device = self.model.device
        return device

    @torch.inference_mode()
    def write(
        self, pixel_values: torch.Tensor, input_ids: torch.Tensor | None, how: Search
    ) -> list[Draft]:
        """Write one caption a photo, in order.

        Args:
            pixel_values: Shape ``(B, 3, side, side)``, as the checkpoint's processor gives them.
            input_ids: A text prompt a photo between [CLS] and [SEP], all of one length, shape
                ``(B, T)``; None for none.
            how: To search.
        """
        if self._is_compact:
            text = None if input_ids is None else input_ids[:, 1:-1]
            return self.write_from_sight(self.model.look(pixel_values), text, how)
        return self._write_stock(pixel_values, input_ids, how)

    def _write_stock(
        self, pixel_values: torch.Tensor, input_ids: torch.Tensor | None, how: Search
    ) -> list[Draft]:
        encoded = self._encode(pixel_values.to(self.model.dtype))
        first = self.config.text_config.bos_token_id
        prompt = torch.full((len(encoded), 1), first, device=encoded.device)
        if input_ids is not None:
            prompt = torch.cat([prompt, input_ids[:, 1:-1]], 1)
        found = search(self.decoder, Begun(encoded, prompt), how)
        return [
            Draft([*begin, *best.tokens], best.score, [], [], ())
            for begin, (best, *_) in zip(prompt.tolist(), found, strict=True)
        ]

    def _encode(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """Encode photos; on a processor each alone, as what it works on then fits its caches."""
        parts = pixel_values.split(1) if self.device.type == "cpu" else (pixel_values,)
        return torch.cat([self.model.vision_model(part)[0] for part in parts])

    @torch.inference_mode()
    def write_from_sight(self, sight: Sight, text: torch.Tensor | None, how: Search) -> list[Draft]:
        """What `write` goes on with from what the compact BLIP's CNN has seen.

        Args:
            sight: Of B photos.
            text: Token ids the captions begin with, shape ``(B, T)``.
            how: To search.
        """
        model: CompactBlipForConditionalGeneration = self.model
        expected = model.expected(sight)
        begun = model.begin(sight, text, expected)
        chosen = self._chosen(search(self.decoder, begun, how), expected)
        begins: list[list[int]] = [[]] * len(chosen) if text is None else text.tolist()
        known: Sequence[Expectation | None] = expected or [None] * len(chosen)
        each = zip(begins, chosen, sight.probabilities, known, strict=True)
        return [self._draft([*begin, *one.tokens], one, seen, of) for begin, one, seen, of in each]

    def _draft(
        self, tokens: list[int], found: Found, seen: torch.Tensor, expected: Expectation | None
    ) -> Draft:
        model: CompactBlipForConditionalGeneration = self.model
        written = [token for token in found.tokens if token != self.decoder.end]
        classes, probabilities = model.surest(seen), seen.tolist()
        draft = Draft(
            tokens,
            found.score,
            model.labels(seen),
            classes,
            model.signs(written, found.log_probabilities[: len(written)], seen, expected),
            chance(classes[0], probabilities) if classes else 0.0,
            animal(probabilities),
        )
        if expected is None or model.categories is None:
            return draft
        named, familiar = model.categories.named(written), expected.is_familiar
        of_people = model.categories.lexicon.names[named] == PERSON
        worth = worth_of_people(expected.categories[named], is_familiar=familiar)
        return replace(
            draft,
            instead=instead(model.categories, expected.categories, named),
            is_familiar=familiar,
            evident=None if familiar else self._evident(written, expected, of_people=of_people),
            worth=worth if of_people else 1.0,
        )

    def _evident(
        self, written: Sequence[int], expected: Expectation, *, of_people: bool
    ) -> Evident | None:
        """What of a caption is evident in an unfamiliar photo; None where that is not known."""
        model: CompactBlipForConditionalGeneration = self.model
        categories, consensus, beginnings = model.categories, model.consensus, model.beginnings
        if not (categories and consensus and beginnings):
            return None

        def nouns_until(length: int) -> list[tuple[str, float]]:
            nouns = consensus.nouns(written[:length], expected)
            return [(categories.pieces[token], share) for token, share in nouns]

        length = evident_length(nouns_until, [*beginnings.lengths(written), len(written)])
        of_people = of_people and not is_evident(nouns_until(length))
        if of_people:
            length = len(written)  # who is there may be said at its end
        doubted = {word: float(expected.words[token]) for word, token in self._doubted.items()}
        return Evident(tuple(written[:length]), of_people, doubted)

    @cached_property
    def _doubted(self) -> dict[str, int]:
        """Word -> its token."""
        pieces = self.model.categories.pieces.items()
        return {piece: token for token, piece in pieces if piece in DOUBTED}

    def _chosen(
        self, found: list[tuple[Found, ...]], expected: Sequence[Expectation]
    ) -> list[Found]:
        """Each photo's caption: what the search likes best where nothing is expected."""
        if self.consensus is None:
            return [best for best, *_ in found]
        beginnings, best = self.model.beginnings, self.consensus.best
        every = found if beginnings is None else map(beginnings.among, found)
        return [best(own, of) for own, of in zip(every, expected, strict=True)]
