"""The configuration of the compact BLIP."""

from __future__ import annotations

from transformers import BlipConfig

from captioner.backbone import DETAIL_CHANNELS, GRID, MAP_CHANNELS


class CompactBlipConfig(BlipConfig):
    """What `BlipConfig` says, and how the photo is turned into a map and label words.

    Attributes:
        map_channels: Channels of the CNN's last map.
        detail_channels: Channels of the details beside it.
        map_cells: Cells of the CNN's maps.
        label_token_ids: Token ids of each ImageNet class's plain name, 1,000 rows.
        separator_token_ids: Token ids between two label words.
        prompt_end_token_id: The token that closes the label words.
        max_labels: Most label words in a prompt.
        min_label_probability: A label below this is not named, in [0, 1].
        person_token_ids: Tokens that name people.
        thing_labels: Token of any other thing, as text (JSON has no other keys) -> the ImageNet
            labels that are a kind of it.
        confidence_weights: Of the logistic regression in `captioner.confidence`; None for a
            model whose captions have not been judged.
    """

    model_type = "compact-blip"

    map_channels: int = MAP_CHANNELS
    detail_channels: int = DETAIL_CHANNELS
    map_cells: int = GRID**2
    label_token_ids: list[list[int]] | None = None
    separator_token_ids: list[int] | None = None
    prompt_end_token_id: int = 0
    max_labels: int = 3
    min_label_probability: float = 0.08
    person_token_ids: list[int] | None = None
    thing_labels: dict[str, list[int]] | None = None
    confidence_weights: list[float] | None = None
