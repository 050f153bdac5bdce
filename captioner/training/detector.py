"""YOLOX-Nano on COCO's 80 classes: the teacher that sees people; in training only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

MIN_CONFIDENCE = 0.3
_PADDING_GREY = 114
CLASSES = (
    "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,"
    "stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,"
    "backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,"
    "baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,"
    "bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,"
    "potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,"
    "oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",")
_OTHER_WORDS = {
    "motorcycle": "motorcycle motorbike bike",
    "bicycle": "bicycle bike",
    "airplane": "airplane plane jet",
    "couch": "couch sofa",
    "tv": "tv television screen",
    "cell phone": "phone cellphone cell",
    "skis": "ski skis skier",
    "snowboard": "snowboard snowboarder",
    "surfboard": "surfboard surfer board",
    "skateboard": "skateboard skateboarder board",
    "potted plant": "plant",
    "dining table": "table",
    "sports ball": "ball",
    "baseball bat": "bat baseball batter",
    "baseball glove": "glove baseball",
    "tennis racket": "racket racquet tennis",
    "traffic light": "light traffic",
    "stop sign": "sign stop",
    "fire hydrant": "hydrant",
    "teddy bear": "bear teddy",
    "wine glass": "glass wine",
    "hot dog": "dog hot sausage",
    "refrigerator": "refrigerator fridge",
    "donut": "donut doughnut",
    "boat": "boat ship",
    "handbag": "bag purse",
    "suitcase": "suitcase luggage",
    "backpack": "backpack bag",
}


def names_of(thing: str) -> frozenset[str]:
    """The nouns by which a caption would name one of `CLASSES`."""
    return frozenset(_OTHER_WORDS.get(thing, thing).split())


class Yolox:
    """Says which of COCO's things are in a photo.

    Source: YOLOX (Ge et al. 2021), github.com/Megvii-BaseDetection/YOLOX (Apache-2.0).

    Args:
        weights: ``yolox_nano.onnx``.
    """

    def __init__(self, weights: Path) -> None:
        self._session = onnxruntime.InferenceSession(str(weights))
        self._input = self._session.get_inputs()[0]

    def __call__(self, photo: Image.Image) -> dict[str, float]:
        """Things in an RGB photo -> how sure the surest box is, in [0.3, 1]."""
        boxes = self._session.run(None, {self._input.name: self._pixels(photo)})[0][0]
        sure = (boxes[:, 4:5] * boxes[:, 5:]).max(0)
        return {CLASSES[i]: float(sure[i]) for i in np.flatnonzero(sure > MIN_CONFIDENCE)}

    def _pixels(self, photo: Image.Image) -> np.ndarray[Any, Any]:
        """The photo scaled into the top left of a grey square, BGR, ``(1, 3, S, S)``."""
        side = self._input.shape[2]
        photo = photo.copy()
        photo.thumbnail((side, side), Image.Resampling.BILINEAR)
        square = np.full((side, side, 3), _PADDING_GREY, np.float32)
        square[: photo.height, : photo.width] = np.asarray(photo)[:, :, ::-1]
        return square.transpose(2, 0, 1)[None]
