from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from captag import CaptagError
from captag.evaluated_posts import EvaluatedPost, captioned, read_captions, read_posts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lines.jsonl"


def test_posts_are_read_with_what_a_person_wrote_where_there_is_any(file: Path) -> None:
    file.write_text(
        '{"photo": "a.jpg", "hashtags": ["dog"], "category": "animals"}\n\n'
        '{"photo": "b.jpg", "hashtags": [], "caption": "a cat"}\n'
    )
    assert read_posts(file) == (
        EvaluatedPost("a.jpg", frozenset({"dog"}), ""),
        EvaluatedPost("b.jpg", frozenset(), "a cat"),
    )


def test_tags_are_read_however_they_are_written(file: Path) -> None:
    file.write_text('{"photo": "a.jpg", "hashtags": ["#Dog", "DOG", "cafe\\u0301"]}\n')
    assert read_posts(file)[0].hashtags == {"dog", "café"}


def test_of_several_captions_of_a_photo_the_first_counts(file: Path) -> None:
    file.write_text(
        '{"photo": "a.jpg", "caption": "a dog"}\n{"photo": "a.jpg", "caption": "another"}\n'
    )
    assert read_captions(file) == {"a.jpg": "a dog"}


def test_each_post_gets_the_caption_of_its_photo() -> None:
    posts = [EvaluatedPost("a.jpg", frozenset({"dog"}), "")]
    assert captioned(posts, {"a.jpg": "a dog"})[0].caption == "a dog"


def test_photos_without_a_caption_are_refused_and_named() -> None:
    posts = [EvaluatedPost(name, frozenset(), "") for name in "abcde"]
    with pytest.raises(CaptagError, match=r"4 photos have no caption, such as b, c, d\."):
        captioned(posts, {"a": "a dog"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ('{"photo": "a.jpg"}', "needs"),
        ('{"photo": 5, "hashtags": []}', "needs"),
        ('{"photo": "a.jpg", "hashtags": "dog"}', "needs"),
        ('{"photo": "a.jpg", "hashtags": [1]}', "needs"),
    ],
)
def test_a_line_that_is_no_post_is_refused_by_its_number(
    file: Path, line: str, reason: str
) -> None:
    file.write_text(f'{{"photo": "a.jpg", "hashtags": []}}\n{line}\n')
    with pytest.raises(CaptagError, match=f"lines.jsonl:2: {reason}"):
        read_posts(file)


@pytest.mark.parametrize(
    "line", ['{"photo": "a.jpg"}', '{"caption": "a dog"}', '{"photo": 1, "caption": 2}']
)
def test_a_line_that_is_no_caption_is_refused_by_its_number(file: Path, line: str) -> None:
    file.write_text(line)
    with pytest.raises(CaptagError, match=r"lines\.jsonl:1: needs"):
        read_captions(file)


def test_a_file_without_posts_is_refused(file: Path) -> None:
    file.write_text("\n")
    with pytest.raises(CaptagError, match="no posts"):
        read_posts(file)


def test_a_file_that_is_not_there_or_no_text_is_refused(file: Path) -> None:
    with pytest.raises(CaptagError, match="cannot be read"):
        read_posts(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaptagError, match="cannot be read"):
        read_posts(file)
