from types import SimpleNamespace

import pytest

from captioner import Caption
from captioner.judging import calibrated, judged

UNSURE = Caption("a man in a hat", "compact", -2.0, 0.1, ("broccoli", "plate"))
SURE = Caption("a plate of broccoli", "compact", -0.2, 0.1, ("broccoli", "plate"))
CONFIG = SimpleNamespace(calibration=[2.0, 2.0], min_confidence=0.3)


def test_the_curve_is_platts() -> None:
    assert calibrated(-1.0, 2.0, 2.0) == pytest.approx(0.5)
    assert calibrated(-2.0, 2.0, 2.0) == pytest.approx(0.1192, abs=1e-4)
    assert calibrated(-0.1, 2.0, 2.0) > calibrated(-0.2, 2.0, 2.0)


def test_a_sure_caption_stays_and_says_how_sure_it_is() -> None:
    caption = judged(SURE, CONFIG)
    assert (caption.text, caption.is_guess) == (SURE.text, False)
    assert caption.confidence == pytest.approx(0.832, abs=1e-3)


def test_an_unsure_caption_gives_way_to_the_label_words() -> None:
    caption = judged(UNSURE, CONFIG)
    assert (caption.text, caption.is_guess) == ("broccoli, plate", True)


def test_an_unsure_caption_without_labels_stays_and_is_called_a_guess() -> None:
    caption = judged(Caption("a man in a hat", "compact", -2.0, 0.1), CONFIG)
    assert (caption.text, caption.is_guess) == ("a man in a hat", True)


def test_words_that_a_person_gave_are_never_replaced() -> None:
    caption = judged(UNSURE, CONFIG, prompt="a man")
    assert (caption.text, caption.is_guess) == (UNSURE.text, True)


@pytest.mark.parametrize("config", [SimpleNamespace(), SimpleNamespace(calibration=None)])
def test_a_model_that_was_not_calibrated_claims_nothing(config: SimpleNamespace) -> None:
    assert judged(UNSURE, config) == UNSURE
    assert UNSURE.confidence is None
