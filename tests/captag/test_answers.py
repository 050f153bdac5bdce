from __future__ import annotations

from captag import Suggestion, answer_of, answer_of_failure, answer_of_matches
from captioner import Caption
from tagmapper import HashtagMatch, Keyword

DOG = HashtagMatch("dogsofinstagram", 0.123456, Keyword("dog", 2, 5, "NOUN"), 0.98765, "dogs", 9)


def test_a_suggestion_is_answered_in_the_documented_shape() -> None:
    caption = Caption("a dog", "compact", -1.5, 0.5, ("pug", "ball"), 0.87654)
    suggestion = Suggestion("dog.jpg", caption, (DOG,))
    assert answer_of(suggestion) == {
        "photo": "dog.jpg",
        "caption": "a dog",
        "model": "compact",
        "labels": ["pug", "ball"],
        "confidence": 0.8765,
        "is_guess": False,
        "hashtags": [
            {
                "tag": "dogsofinstagram",
                "pascal_case": "DogsOfInstagram",
                "score": 0.1235,
                "keyword": "dog",
                "start": 2,
                "end": 5,
                "similarity": 0.9877,
                "meaning": "dogs",
                "posts": 9,
            }
        ],
        "error": None,
    }


def test_every_answer_has_the_same_fields_in_the_same_order() -> None:
    suggestion = Suggestion("dog.jpg", Caption("a dog", "compact", -1.5, 0.5), ())
    answers = [
        answer_of(suggestion),
        answer_of_matches("a dog", [DOG]),
        answer_of_failure("dog.jpg", "There is no such file."),
    ]
    for answer in answers:
        assert list(answer) == list(answer_of(suggestion))


def test_what_does_not_apply_is_empty() -> None:
    assert answer_of_matches("a dog", [])["photo"] == ""
    assert answer_of_failure("dog.jpg", "Why.")["hashtags"] == []
    assert answer_of_failure("dog.jpg", "Why.")["error"] == "Why."
