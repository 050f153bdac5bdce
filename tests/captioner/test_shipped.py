"""The compact BLIP as it is shipped, on the sample photos."""

from importlib.resources import files
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import AutoConfig

from captioner import BlipCaptioner, Caption, known_models, read_image
from captioner.blip import read_checkpoint
from captioner.compact import CompactBlipConfig  # noqa: F401 - registers it with AutoConfig
from captioner.consensus import Consensus
from captioner.engine import Engine
from captioner.hedging import UNKNOWN
from captioner.writing import generate

DATA = Path(str(files("captag_data")))
MOST_BYTES = 48_000_000


@pytest.fixture(scope="module")
def captioner() -> BlipCaptioner:
    return BlipCaptioner()


def caption_of(captioner: BlipCaptioner, name: str, prompt: str = "") -> Caption:
    with (DATA / "photos" / name).open("rb") as stream:
        (caption,) = captioner.caption([read_image(stream)], prompt=prompt)
    return caption


@pytest.mark.parametrize(
    ("name", "thing"),
    [("cat.jpg", "cat"), ("dog.jpg", "dog"), ("pizza.jpg", "pizza"), ("racehorse.jpg", "horse")],
)
def test_the_main_thing_in_a_photo_is_named(
    captioner: BlipCaptioner, name: str, thing: str
) -> None:
    assert {thing, f"{thing}s"} & {*caption_of(captioner, name).text.split()}


def test_a_caption_says_how_sure_it_is_and_who_wrote_it(captioner: BlipCaptioner) -> None:
    caption = caption_of(captioner, "dog.jpg")
    assert caption.model == "compact"
    assert -5 < caption.log_probability < 0
    assert caption.seconds > 0
    assert caption.labels
    assert all(label and label == label.lower() for label in caption.labels)


@pytest.mark.parametrize("name", ["dog.jpg", "pizza.jpg", "racehorse.jpg"])
def test_it_is_sure_of_what_it_knows_well(captioner: BlipCaptioner, name: str) -> None:
    caption = caption_of(captioner, name)
    assert caption.confidence is not None
    assert 0.5 < caption.confidence <= 1
    assert not caption.is_guess


def test_where_the_classifier_names_nothing_there_are_no_labels() -> None:
    (caption,) = BlipCaptioner(floor=1).caption([Image.new("RGB", (64, 64), "grey")])
    assert caption.labels == ()
    assert caption.is_guess
    assert caption.text  # nothing to fall back to: what the model wrote stays


@pytest.fixture(scope="module")
def unsure() -> BlipCaptioner:
    """The same model, to which it is worth more to say nothing than anything it says."""
    return BlipCaptioner(floor=1)


def test_a_caption_it_is_not_sure_enough_of_is_not_said(unsure: BlipCaptioner) -> None:
    caption = caption_of(unsure, "taxis.jpg")
    assert (caption.text, caption.confidence, caption.is_guess) == (UNKNOWN, 0.0, True)
    assert caption.labels  # they stay to be looked at


def test_in_place_of_a_caption_an_animal_may_be_called_what_people_call_it() -> None:
    processor, model = read_checkpoint(str(DATA / "compact-blip"), "cpu")
    with (DATA / "photos" / "dog.jpg").open("rb") as stream:
        (written,) = generate(processor, Engine(model), [read_image(stream)])
    assert "beagle" in written.labels
    assert "dog" in {saying.text for saying in written.instead}


@pytest.fixture
def strange() -> Image.Image:
    """Coarse grey noise, which no photo shows."""
    noise = torch.rand(9, 9, generator=torch.Generator().manual_seed(0))
    return Image.fromarray((255 * noise).byte().numpy()).resize((260, 260)).convert("RGB")


def test_of_a_photo_like_nothing_it_knows_it_says_so(
    captioner: BlipCaptioner, strange: Image.Image
) -> None:
    (caption,) = captioner.caption([strange])
    assert (caption.text, caption.confidence, caption.is_guess) == (UNKNOWN, 0.0, True)


def test_what_a_person_says_of_such_a_photo_stays(
    captioner: BlipCaptioner, strange: Image.Image
) -> None:
    (caption,) = captioner.caption([strange], prompt="a photo of")
    assert caption.text.startswith("a photo of ")
    assert caption.confidence != 0


def test_where_captions_are_judged_it_writes_what_it_would_have_said(strange: Image.Image) -> None:
    (caption,) = BlipCaptioner(floor=0).caption([strange])
    assert caption.text != UNKNOWN


def test_a_caption_that_a_person_began_stays_and_is_still_called_a_guess(
    unsure: BlipCaptioner,
) -> None:
    caption = caption_of(unsure, "dog.jpg", "a photo of a")
    assert caption.is_guess
    assert caption.text.startswith("a photo of a ")


def test_the_same_photo_always_gets_the_same_caption(captioner: BlipCaptioner) -> None:
    first, second = (caption_of(captioner, "coffee.jpg") for _ in range(2))
    assert (first.text, first.log_probability) == (second.text, second.log_probability)


def test_a_caption_can_be_begun_for_it(captioner: BlipCaptioner) -> None:
    assert caption_of(captioner, "cat.jpg", "a photo of a").text.startswith("a photo of a ")


def test_a_small_greyscale_photo_turned_rgb_is_captioned_too(captioner: BlipCaptioner) -> None:
    with (DATA / "photos" / "cat.jpg").open("rb") as stream:
        grey = read_image(stream).convert("L").resize((30, 20)).convert("RGB")
    assert captioner.caption([grey])[0].text


def test_what_people_would_write_is_expected_of_every_token_it_can_write() -> None:
    folder = DATA / "compact-blip"
    consensus = Consensus.beside(str(folder), torch.device("cpu"))
    config = AutoConfig.from_pretrained(folder)
    assert consensus is not None
    assert len(consensus.rarity) == config.text_config.vocab_size
    channels = config.map_channels + config.detail_channels
    own = consensus.described
    assert len(own.usual_photo) == channels
    assert consensus.is_expectable.sum() == len(own.usual_words) > 1000
    assert all(part.isfinite().all() for part in (own.projection, own.words))


def test_it_is_here_small_and_the_default() -> None:
    compact, base, large = known_models()
    assert (compact.alias, base.alias, large.alias) == ("compact", "base", "large")
    assert compact.is_here
    assert 1_000_000 < compact.size_bytes <= MOST_BYTES
    assert BlipCaptioner().model == "compact"
