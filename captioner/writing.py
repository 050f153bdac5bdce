"""Photos in, words out: an `Engine` between a processor's two ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from captioner.brevity import in_brief
from captioner.confidence import confidence
from captioner.entry_level import entry_level
from captioner.hedging import LABELS, Saying
from captioner.search import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from captioner.engine import Draft, Engine

MAX_NEW_TOKENS = 20
NO_REPEAT_NGRAM = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote of one photo.

    Attributes:
        text: The caption.
        log_probability: Mean over its tokens, at most 0.
        labels: What the classifier names; none for models without one.
        signs: Of how sure the caption is, see `captioner.confidence`; none for stock BLIP.
        confidence: In [0, 1]; None for a model whose captions have not been judged.
        instead: What may be said in its place.
        animal: Which animal is there if one is; None if unsure.
        worth: Of saying it where it is right, as `captioner.hedging` has it.
        is_familiar: Whether the photo is like those that people have described.
        brief: No more of it than is evident; None where all of it may be said.
    """

    text: str
    log_probability: float
    labels: tuple[str, ...]
    signs: tuple[float, ...]
    confidence: float | None
    instead: tuple[Saying, ...]
    animal: Saying | None
    worth: float
    is_familiar: bool
    brief: str | None


def generate(
    processor: Any, engine: Engine, photos: Sequence[Image.Image], prompt: str = ""
) -> list[Written]:
    """Caption photos by beam search, all at once."""
    text = {"text": [prompt] * len(photos)} if prompt else {}
    inputs = processor(images=list(photos), return_tensors="pt", **text).to(engine.device)
    drafts = engine.write(inputs["pixel_values"], inputs.get("input_ids"), search_for(engine))
    weights = getattr(engine.config, "confidence_weights", None)
    return [_written(processor, draft, weights) for draft in drafts]


def search_for(engine: Engine) -> Search:
    """How to search for captions with an engine."""
    return Search(
        num_beams=engine.num_beams,
        max_new_tokens=MAX_NEW_TOKENS,
        no_repeat_ngram_size=NO_REPEAT_NGRAM,
        early_stopping=engine.consensus is not None,  # which of them scores best is not asked
    )


def _written(processor: Any, draft: Draft, weights: Sequence[float] | None) -> Written:
    labels = tuple(_joined(processor.decode(label)) for label in draft.labels)
    names = zip(draft.classes, labels, strict=True)
    plain = dict.fromkeys(entry_level(own) or label for own, label in names)
    by_label = [Saying(", ".join(plain), draft.label_chance, LABELS)] if plain else []
    text = _text(processor, draft.tokens)
    return Written(
        text=text,
        log_probability=min(draft.score, 0.0),
        labels=labels,
        signs=draft.signs,
        confidence=confidence(draft.signs, weights) if weights else None,
        instead=(*by_label, *draft.instead),
        animal=draft.animal,
        worth=draft.worth,
        is_familiar=draft.is_familiar,
        brief=_brief(processor, draft),
    )


def _brief(processor: Any, draft: Draft) -> str | None:
    if draft.evident is None:
        return None
    return in_brief(_text(processor, draft.evident.tokens), draft.evident)


def _text(processor: Any, tokens: Sequence[int]) -> str:
    return _joined(processor.decode(list(tokens), skip_special_tokens=True).strip())


def _joined(text: str) -> str:
    """A word with a hyphen or an apostrophe, which BERT's tokenizer takes apart, in one piece."""
    return re.sub(r"(?<=\w) ([-']) (?=\w)", r"\1", text)
