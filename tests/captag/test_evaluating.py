from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from captag.cli import main

if TYPE_CHECKING:
    from pathlib import Path

POSTS = (
    {"photo": "dog.jpg", "hashtags": ["dog", "animals", "puppy"]},
    {"photo": "pizza.jpg", "hashtags": ["food", "pizza"], "caption": "a pizza on a table"},
)
CAPTIONS = (
    {"photo": "dog.jpg", "caption": "a dog is running through the grass"},
    {"photo": "pizza.jpg", "caption": "a plate of food on a table"},
)


def lines(path: Path, objects: tuple[object, ...]) -> Path:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in objects), "utf-8")
    return path


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("CAPTAG_DATA_FOLDER", str(tmp_path / "data"))
    posts = lines(tmp_path / "posts.jsonl", POSTS)
    captions = lines(tmp_path / "captions.jsonl", CAPTIONS)
    return ["evaluate", str(posts), "--captions", str(captions)]


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_each_system_is_measured_with_all_that_is_asked_of_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["posts"] == 2
    assert 0 < found["tags_near_caption"] <= 100
    names = [each["system"] for each in found["systems"]]
    assert names[0] == "captag"
    assert {
        "keywords alone",
        "always the ten commonest",
        "without the posts",
        "without the doubt of what says more (a clock is no alarm clock)",
    } <= set(names)
    assert names[-2:] == [
        "captag, on the 1 posts that people captioned",
        "captag, on people's captions",
    ]
    assert found["systems"][0]["P@1"].keys() == {"mean", "low", "high"}
    assert found["systems"][0].keys() == {
        "system", "P@1", "P@5", "P@10", "R@10", "A@10", "distinct_tags"
    }  # fmt: skip


def test_people_read_a_table_and_see_how_far_it_is(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("| system | P@1 |")
    assert "2 posts; " in shown.out
    assert "keywords alone: 100%" in shown.err


def test_without_photos_and_captions_there_is_nothing_to_measure(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments[:2]) == 2
    assert "Name the folder of the photos" in capsys.readouterr().err


def test_a_photo_that_is_not_there_is_named(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    posts = lines(tmp_path / "posts.jsonl", ({"photo": "none.jpg", "hashtags": ["dog"]},))
    photos = str(files("captag_data") / "photos")
    assert run(["evaluate", str(posts), "--photos", photos]) == 2
    assert "none.jpg" in capsys.readouterr().err
