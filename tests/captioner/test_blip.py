import json
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoints import save_random_blip
from PIL import Image
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    BertConfig,
    BertModel,
    BlipConfig,
    BlipForConditionalGeneration,
)

from captioner import BlipCaptioner, CaptionModelError
from captioner.blip import BATCH
from captioner.writing import _joined


def photo(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 50, 3), np.uint8)
    return Image.fromarray(pixels)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_blip(tmp_path_factory.mktemp("blip"))


@pytest.fixture(scope="module")
def captioner(checkpoint: Path) -> BlipCaptioner:
    return BlipCaptioner(str(checkpoint), device="cpu", precision="float32")


def test_a_folder_saved_by_save_pretrained_captions_a_photo(captioner: BlipCaptioner) -> None:
    (caption,) = captioner.caption([photo(0)])
    assert caption.text
    assert caption.model == captioner.model
    assert caption.log_probability < 0
    assert caption.seconds > 0


def test_a_model_whose_captions_were_not_judged_says_nothing_of_how_sure_it_is(
    captioner: BlipCaptioner,
) -> None:
    (caption,) = captioner.caption([photo(0)])
    assert caption.confidence is None
    assert not caption.is_guess


@pytest.mark.parametrize(
    ("decoded", "joined"),
    [
        ("a four - poster bed", "a four-poster bed"),
        ("a dog ' s mouth", "a dog's mouth"),
        ("a plain sentence", "a plain sentence"),
        ("- a dash at the start -", "- a dash at the start -"),
    ],
)
def test_a_word_with_a_hyphen_is_one_word(decoded: str, joined: str) -> None:
    assert _joined(decoded) == joined


def test_the_words_are_those_of_stock_generate(captioner: BlipCaptioner, checkpoint: Path) -> None:
    processor = AutoProcessor.from_pretrained(checkpoint)
    model = AutoModelForImageTextToText.from_pretrained(checkpoint).eval()
    assert isinstance(model, BlipForConditionalGeneration)
    inputs = processor(images=photo(1), return_tensors="pt")
    tokens = model.generate(**inputs, num_beams=3, max_new_tokens=20, no_repeat_ngram_size=3)
    stock = processor.decode(tokens[0], skip_special_tokens=True)
    (caption,) = captioner.caption([photo(1)])
    assert caption.text == stock


def test_each_photo_gets_its_own_caption_in_order_however_many_there_are(
    captioner: BlipCaptioner,
) -> None:
    photos = [photo(seed) for seed in range(BATCH + 3)]
    together = [caption.text for caption in captioner.caption(photos)]
    alone = [captioner.caption([one])[0].text for one in photos]
    assert together == alone


def test_no_photos_give_no_captions(captioner: BlipCaptioner) -> None:
    assert captioner.caption([]) == ()


def test_a_prompt_begins_the_caption(captioner: BlipCaptioner) -> None:
    (caption,) = captioner.caption([photo(2)], prompt="a photo of")
    assert caption.text.startswith("a photo of ")
    assert len(caption.text) > len("a photo of ")


def test_loading_twice_reads_the_weights_once(checkpoint: Path, tmp_path: Path) -> None:
    copy = tmp_path / "moved"
    copy.symlink_to(checkpoint)
    captioner = BlipCaptioner(str(copy))
    captioner.load()
    copy.unlink()
    captioner.load()
    assert captioner.caption([photo(3)])


def refusal(model: str, *, device: str = "auto") -> str:
    with pytest.raises(CaptionModelError) as caught:
        BlipCaptioner(model, device=device).load()
    assert caught.value.__cause__ is not None
    return str(caught.value)


def test_a_hub_name_without_a_network_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    message = refusal("nobody/no-such-blip-model")
    assert "'nobody/no-such-blip-model'" in message
    assert "needs the network the first time" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["no such folder/with spaces", "../nowhere", "a/b/c/d"])
def test_what_is_neither_a_folder_nor_a_hub_name_is_refused(name: str) -> None:
    assert repr(name) in refusal(name)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(str(tmp_path))


def test_a_model_that_is_no_blip_is_refused_by_its_type(tmp_path: Path) -> None:
    config = BertConfig(
        hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    BertModel(config).save_pretrained(tmp_path)
    assert "a 'bert' model, not BLIP" in refusal(str(tmp_path))


def test_weights_in_a_pickle_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    for file in checkpoint.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    assert "safetensors" in refusal(str(tmp_path))


def test_weights_cut_short_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert str(tmp_path) in refusal(str(tmp_path))


def test_weights_of_another_size_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["text_config"]["hidden_size"] = 64
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert str(tmp_path) in refusal(str(tmp_path))


def test_a_device_that_torch_does_not_know_is_refused(checkpoint: Path) -> None:
    assert "abacus" in refusal(str(checkpoint), device="abacus")


@pytest.mark.slow
def test_a_checkpoint_of_the_real_size_captions_through_the_same_path(tmp_path: Path) -> None:
    sizes = BlipConfig(
        text_config={"num_attention_heads": 12, "eos_token_id": 102},
        vision_config={"initializer_range": 0.02},
    )
    folder = save_random_blip(
        tmp_path,
        side=384,
        text_config=sizes.text_config.to_dict(),
        vision_config=sizes.vision_config.to_dict(),
    )
    (caption,) = BlipCaptioner(str(folder)).caption([photo(4)])
    assert caption.text
