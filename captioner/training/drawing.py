"""The reliability diagram of a calibration (DeGroot and Fienberg 1983), by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from captioner.training.calibration import Bin

_AREA_A_CAPTION = 0.8  # of a bin's disc, in square points


def draw_reliability(bins_of: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """Draw what was expected against what came.

    Args:
        bins_of: Name of a set of photos -> its bins, as `calibration.reliability` gives them.
        path: The .svg to write.
    """
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "captag"}):  # text stays text
        figure = Figure((5.2, 5.2), layout="constrained")
        axes = figure.subplots()
        axes.axline((0, 0), slope=1, color="gray", linestyle="dashed", linewidth=1)
        for name, bins in bins_of.items():
            expected, right, captions = zip(*bins, strict=True)
            [line] = axes.plot(expected, right, label=f"{name} ({sum(captions)} photos)")
            areas = [20 + _AREA_A_CAPTION * count for count in captions]
            axes.scatter(expected, right, areas, color=line.get_color())
        axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel="confidence", ylabel="share that is right")
        axes.legend(loc="lower right")
        figure.savefig(path, format="svg", metadata={"Date": None})
