from __future__ import annotations

import json

from captag import answer_of_failure, answer_of_matches
from captag.printing import (
    GUESS,
    json_line,
    models_text,
    printable,
    suggestion_text,
    vocabulary_text,
)
from captioner import KnownModel
from tagmapper import Hashtag, HashtagMatch, Keyword, Vocabulary

DOG, BEACH = Keyword("dog", 2, 5, "NOUN"), Keyword("beach", 11, 16, "NOUN")
MATCHES = (
    HashtagMatch("dogs", 0.876, DOG, 0.9, "dogs", 12),
    HashtagMatch("beachlife", 0.5, BEACH, 0.8, "beach life", 0),
)


def test_a_suggestion_shows_each_hashtag_with_its_reason_and_all_to_copy() -> None:
    answer = answer_of_matches("a dog on a beach", MATCHES)
    answer["photo"] = "dog.jpg"
    assert suggestion_text(answer).splitlines() == [
        "dog.jpg",
        "a dog on a beach",
        "",
        "  #dogs       0.88  dog",
        "  #beachlife  0.50  beach",
        "",
        "#dogs #beachlife",
    ]


def test_a_guess_is_called_one_under_the_caption() -> None:
    answer = answer_of_matches("broccoli, plate", MATCHES)
    assert GUESS not in suggestion_text(answer)
    answer["is_guess"] = True
    assert suggestion_text(answer).splitlines()[:2] == ["broccoli, plate", GUESS]


def test_a_caption_that_nothing_is_near_says_so() -> None:
    assert "No hashtag is near enough." in suggestion_text(answer_of_matches("xyzzy", ()))


def test_json_is_one_line_and_keeps_scripts_readable() -> None:
    line = json_line(answer_of_matches("바다\nand more", ()))
    assert "바다" in line
    assert len(line.splitlines()) == 1
    assert json.loads(line)["caption"] == "바다\nand more"


def test_a_name_cannot_speak_to_the_terminal() -> None:
    assert printable("a\x1b[2Jb\n\udcffc 바다.jpg") == "a�[2Jb��c 바다.jpg"
    assert json.loads(json_line(answer_of_failure("\udcff.jpg", "x")))["photo"] == "�.jpg"


def test_models_are_a_table() -> None:
    models = [KnownModel("nothing", "example/nothing-here", 1_234_567_890, "MIT")]
    assert models_text(models).splitlines() == [
        "NAME     SIZE      HERE  LICENCE  WHERE",
        "nothing  1,235 MB  no    MIT      example/nothing-here",
    ]


def test_a_good_vocabulary_says_what_is_in_it() -> None:
    states = ["", "", "blocked", "pinned"]
    vocabulary = Vocabulary(
        tuple(Hashtag(f"tag{n}", "tag", 0, "en", state) for n, state in enumerate(states))  # type: ignore[arg-type]
    )
    assert vocabulary_text("tags.csv", vocabulary) == (
        "tags.csv: 4 hashtags, 1 of them blocked and 1 pinned. Nothing to mend."
    )
