"""What holds for the house as a whole: its doors, what it costs to come in, its tidiness."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parents[1]
SOURCES = ("captioner", "tagmapper", "captag", "web", "benchmarks")
MOST_LINES = 250


def test_the_house_is_where_these_tests_look() -> None:
    assert [name for name in SOURCES if not (HOUSE / name).is_dir()] == []


# Public names


@pytest.fixture(params=["captioner", "tagmapper"])
def library(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_the_public_names_of_a_library_are_sorted_and_each_is_there(library: ModuleType) -> None:
    assert library.__all__ == sorted(set(library.__all__))
    assert [name for name in library.__all__ if not hasattr(library, name)] == []


def test_a_library_shows_no_name_that_is_not_public(library: ModuleType) -> None:
    shown = {
        name
        for name, value in vars(library).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert shown <= set(library.__all__)


def test_every_public_name_says_what_it_is_for(library: ModuleType) -> None:
    public = {name: getattr(library, name) for name in library.__all__}
    silent = {name for name, value in public.items() if not getattr(value, "__doc__", None)}
    assert silent <= {"Language", "State"}  # aliases of Literal cannot


# The cost of an import

HEAVY = {"flask", "nltk", "sentence_transformers", "torch", "transformers", "waitress"}


@pytest.mark.parametrize("module", ["captioner", "tagmapper", "captag", "captag.settings"])
def test_importing_a_module_loads_nothing_heavy(module: str) -> None:
    assert modules_after_importing(module) & HEAVY == set()


def test_captioner_and_tagmapper_do_not_load_each_other() -> None:
    assert "tagmapper" not in modules_after_importing("captioner")
    assert "captioner" not in modules_after_importing("tagmapper")


def modules_after_importing(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


# Tidiness


def files_under(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_no_source_file_is_longer_than_one_can_keep_in_mind() -> None:
    lines = {
        path.relative_to(HOUSE).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in files_under(*SOURCES)
        if path.suffix == ".py"
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


TEXT = {"", ".css", ".csv", ".html", ".ini", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yaml"}
ONE_MACHINE = re.compile(r"(?<![\w.:/])/(work|root|home/\w+)/")


def text_files() -> Iterator[Path]:
    for path in (*HOUSE.glob("[!.]*"), *files_under(*SOURCES, ".ci", "data", "docs", "tests")):
        if path.is_file() and path.suffix in TEXT:
            yield path


def test_no_file_names_a_place_on_one_machine() -> None:
    naming = [
        path.relative_to(HOUSE).as_posix()
        for path in text_files()
        if ONE_MACHINE.search(path.read_text("utf-8"))
    ]
    assert naming == []


# Sample photos

PHOTOS = HOUSE / "data" / "photos"
LONGEST_SIDE = 640


@pytest.fixture(params=sorted(PHOTOS.iterdir()), ids=lambda path: path.stem)
def sample(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_a_sample_photo_is_credited_with_a_free_licence(sample: Path) -> None:
    credits = (HOUSE / "data" / "README.md").read_text("utf-8").splitlines()
    (credit,) = [line for line in credits if f"| `photos/{sample.name}` |" in line]
    assert re.search(r"\| (CC0|public domain); ", credit)


def test_a_sample_photo_is_small_and_carries_no_metadata(sample: Path) -> None:
    with Image.open(sample) as photo:
        assert photo.format == "JPEG"
        assert max(photo.size) <= LONGEST_SIDE
        assert not photo.getexif()
        assert {"icc_profile", "comment", "xmp"} & photo.info.keys() == set()
