import random
from itertools import islice

import numpy as np

from captioner.training.batches import (
    CAPTIONS_A_PHOTO,
    Photo,
    Prompting,
    Text,
    batches,
    pair_to_distil,
)
from captioner.training.features import Features

PAD, BOS, SEP, COMMA, COLON = 0, 1, 2, 3, 4
PROMPTING = Prompting(
    names=[[100 + label] for label in range(1000)],
    words={"dog": [10], "pizza": [11]},
    kinds={"dog": [5]},
    separator=[COMMA],
    end=COLON,
    bos=BOS,
    sep=SEP,
    pad=PAD,
)
FEATURES = Features(
    tuple("abcdef"),
    np.arange(6, dtype=np.float16)[:, None, None] * np.ones((1, 81, 1515), np.float16),
    np.zeros((6, 1000), np.float32),
    np.zeros((6, 1515), np.float32),
    np.zeros((6, 1515), np.float32),
)
PHOTOS = [Photo(((FEATURES, i),), ([20], [21]), ([30, 31], [32], [33, 34, 35])) for i in range(6)]
TEXTS = [Text([40 + i] * (1 + i % 5), ("dog", "pizza")) for i in range(40)]


def steps(count: int, first_step: int = 0) -> list[list[list[int]]]:
    stream = batches(
        PHOTOS, TEXTS, PROMPTING, photos_a_step=2, texts_a_step=3, seed=7, first_step=first_step
    )
    return [
        [batch.maps[:, 0, 0].tolist(), *batch.photos.ids.tolist(), *batch.texts.ids.tolist()]
        for batch in islice(stream, count)
    ]


def test_a_prompt_lists_the_labels_and_ends_with_a_colon() -> None:
    assert PROMPTING.prompt([[20], [21, 22]]) == [BOS, 20, COMMA, 21, 22, COLON]
    assert PROMPTING.prompt([]) == [BOS, COLON]


def test_only_the_caption_and_its_end_are_to_be_learned() -> None:
    rows = PROMPTING.rows([([BOS, 20, COLON], [30, 31]), ([BOS, COLON], [32])])
    assert rows.ids.tolist() == [[BOS, 20, COLON, 30, 31, SEP], [BOS, COLON, 32, SEP, PAD, PAD]]
    assert rows.targets.tolist() == [
        [-100, -100, -100, 30, 31, SEP],
        [-100, -100, 32, SEP, -100, -100],
    ]


def test_a_noun_is_named_by_itself_or_by_a_kind_of_it() -> None:
    rng = random.Random(0)
    prompts = {tuple(PROMPTING.of_text(["dog"], rng)) for _ in range(40)}
    assert prompts == {(BOS, 10, COLON), (BOS, 105, COLON)}


def test_the_labels_of_a_photo_are_dropped_for_a_quarter_of_the_rows() -> None:
    rng = random.Random(0)
    prompts = [PROMPTING.of_photo([[20], [21]], rng) for _ in range(2000)]
    assert 0.25 < prompts.count([BOS, COLON]) / 2000 < 0.40  # some of the shortened ones too
    assert [BOS, 20, COMMA, 21, COLON] in prompts


def test_each_photo_comes_with_its_captions_side_by_side() -> None:
    (batch,) = islice(batches(PHOTOS, TEXTS, PROMPTING, photos_a_step=2, texts_a_step=3, seed=0), 1)
    assert batch.maps.shape == (2, 81, 1515)
    assert len(batch.photos.ids) == 2 * CAPTIONS_A_PHOTO
    assert len(batch.texts.ids) == 3


def test_every_photo_is_seen_once_before_any_is_seen_again() -> None:
    seen = [place for step in steps(3) for place in step[0]]
    assert len(seen) == 6
    assert len(steps(12)) == 12
    counts = np.bincount([int(place) for step in steps(12) for place in step[0]])
    assert counts.tolist() == [4] * 6


def test_the_same_seed_gives_the_same_steps() -> None:
    assert steps(9) == steps(9)


def test_going_on_at_a_step_gives_what_would_have_come() -> None:
    assert steps(5, first_step=6) == steps(11)[6:]


def test_a_pupil_reads_what_its_teacher_wrote_and_then_what_a_person_did() -> None:
    photo = Photo(PHOTOS[0].views, ([20],), ([30], [31]), written=[40, 41])
    pairs = [pair_to_distil(photo, PROMPTING, random.Random(seed))[2] for seed in range(20)]
    assert all(first[1] == [40, 41] for first, _ in pairs)
    assert {tuple(second[1]) for _, second in pairs} == {(30,), (31,)}


def test_where_no_teacher_wrote_both_captions_are_people_s() -> None:
    pairs = [pair_to_distil(PHOTOS[0], PROMPTING, random.Random(seed))[2] for seed in range(20)]
    assert all(caption in PHOTOS[0].captions for pair in pairs for _, caption in pair)
