"""How the compact BLIP looks at a photo: the CNN's maps, encoded as patches are in a ViT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from transformers.models.blip.modeling_blip import BlipEncoder

if TYPE_CHECKING:
    from captioner.compact_config import CompactBlipConfig


class CompactBlipVisionModel(nn.Module):
    """The CNN's maps projected to the width of the text, and two `BlipEncoder` layers over them.

    The last map tells what is there but has nearly forgotten its colours; the details tell those.
    """

    def __init__(self, config: CompactBlipConfig) -> None:
        super().__init__()
        vision: Any = config.vision_config
        width = vision.hidden_size
        self.norm = nn.LayerNorm(config.map_channels)
        self.projection = nn.Linear(config.map_channels, width)
        self.detail_projection = nn.Linear(config.detail_channels, width, bias=False)
        self.position_embedding = nn.Parameter(torch.zeros(1, config.map_cells, width))
        self.no_photo = nn.Parameter(torch.zeros(1, 1, width))
        self.encoder = BlipEncoder(vision)
        self.post_layernorm = nn.LayerNorm(width)

    def forward(self, feature_map: torch.Tensor) -> torch.Tensor:
        """Encode the CNN's maps, ``(B, cells, channels)``, as ``(B, cells, width)``."""
        last, details = feature_map.split(
            [self.projection.in_features, self.detail_projection.in_features], -1
        )
        cells = self.projection(self.norm(last)) + self.detail_projection(details)
        cells = cells + self.position_embedding
        encoded = self.encoder(inputs_embeds=cells).last_hidden_state
        return self.post_layernorm(encoded)  # type: ignore[no-any-return]
