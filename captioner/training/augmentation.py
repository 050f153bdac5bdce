"""Photos cropped, mirrored and recoloured, a batch at once and where it is computed."""

from __future__ import annotations

import torch
from torch.nn.functional import affine_grid, grid_sample, interpolate

from captioner.training.features import scaled

LEAST_AREA = 0.5  # of a photo, in a crop
STRETCHED = 0.2  # log of how much a crop is wider than high, or higher
CONTRAST, BRIGHTNESS, SATURATION = 0.25, 0.15, 0.3  # by how much they change at most


def unchanged(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """Photos as the CNN takes them.

    Args:
        pixels: Bytes, shape ``(B, 3, H, W)``.
        side: Of what comes out, shape ``(B, 3, side, side)``, as ``(x - 127) / 128``.
    """
    resized = interpolate(scaled(pixels), (side, side), mode="bilinear", antialias=True)
    return resized.contiguous(memory_format=torch.channels_last)


def augmented(pixels: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """The same, each changed by chance.

    Args:
        pixels: As `unchanged` takes them.
        side: Likewise.
        generator: Of the chance, on the photos' device.
    """
    count = len(pixels)

    def spread(most: float) -> torch.Tensor:
        """From ``-most`` to `most`, shape ``(B, 1, 1, 1)``."""
        chance = torch.rand(count, 1, 1, 1, device=pixels.device, generator=generator)
        return most * (2 * chance - 1)

    area = 1 - (1 - LEAST_AREA) * (spread(0.5) + 0.5)
    stretch = spread(STRETCHED).exp()
    width, height = ((area * by).sqrt().clamp(max=1) for by in (stretch, 1 / stretch))
    crop = torch.zeros(count, 2, 3, device=pixels.device)
    crop[:, 0, 0] = (width * spread(1.0).sign()).flatten()  # perhaps mirrored
    crop[:, 1, 1] = height.flatten()
    crop[:, 0, 2] = (spread(1.0) * (1 - width)).flatten()
    crop[:, 1, 2] = (spread(1.0) * (1 - height)).flatten()
    grid = affine_grid(crop, [count, 3, side, side], align_corners=False)
    photos = grid_sample(scaled(pixels), grid, padding_mode="reflection", align_corners=False)
    mean = photos.mean((2, 3), keepdim=True)
    photos = (photos - mean) * (1 + spread(CONTRAST)) + mean + spread(BRIGHTNESS)
    grey = photos.mean(1, keepdim=True)
    photos = (photos - grey) * (1 + spread(SATURATION)) + grey
    return photos.clamp(-1, 1).contiguous(memory_format=torch.channels_last)
