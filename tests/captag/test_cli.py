"""The command line with both stages faked; the real ones are in `test_real_models.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from fakes import DOG, NOT_JUDGED, FakeCaptioner, FakeMapper

from captag import Pipeline, Settings
from captag.cli import main
from captioner import CaptionModelError
from tagmapper import EmbeddingModelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = "hashtag,meaning,posts,language,state"


class Captag:
    """The command line, with what it printed and the settings that it built with."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.pipeline = Pipeline(FakeCaptioner(), FakeMapper())
        self.settings = Settings()

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments], self._build)
        out, err = self._capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return code or 0, out, err

    def _build(self, settings: Settings) -> Pipeline:
        self.settings = settings
        return self.pipeline


@pytest.fixture
def captag(capsys: pytest.CaptureFixture[str]) -> Captag:
    return Captag(capsys)


@pytest.fixture
def photo(tmp_path: Path, png: Callable[[int, int], bytes]) -> Path:
    path = tmp_path / "wide.png"
    path.write_bytes(png(20, 10))
    return path


# captag tag


def test_a_model_that_must_be_fetched_first_says_its_size(
    captag: Captag, photo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    code, _, err = captag("tag", photo, "--captioner", "base")
    assert code == 0
    assert err == "captag: fetching Salesforce/blip-image-captioning-base once, 990 MB.\n"


def test_the_order_of_the_hashtags_can_be_set(captag: Captag, photo: Path) -> None:
    captag("tag", photo, "--mix", "0.2", "--language", "ko")
    assert (captag.settings.mix, captag.settings.language) == (0.2, "ko")


@pytest.mark.parametrize("option", [("--mix", "2"), ("--mix", "much"), ("--language", "fr")])
def test_an_order_that_is_not_known_is_refused(
    captag: Captag, photo: Path, option: tuple[str, str]
) -> None:
    code, out, err = captag("tag", photo, *option)
    assert (code, out) == (2, "")
    assert option[0].removeprefix("--") in err


def test_tag_prints_photo_caption_and_hashtags(captag: Captag, photo: Path) -> None:
    code, out, err = captag("tag", photo, "--limit", "2")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        str(photo),
        "a dog on a beach",
        "",
        "  #dog    1.00  dog",
        "  #beach  0.95  beach",
        "",
        "#dog #beach",
        "",
    ]


def test_tag_gives_ten_hashtags_unless_asked_otherwise(captag: Captag, photo: Path) -> None:
    _, out, _ = captag("tag", photo, "--json")
    assert len(json.loads(out)["hashtags"]) == 10


def test_tag_takes_its_limit_from_the_settings(
    captag: Captag, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTAG_LIMIT", "3")
    _, out, _ = captag("tag", photo, "--json")
    assert len(json.loads(out)["hashtags"]) == 3


def test_tag_prints_one_object_a_line_for_programs(captag: Captag, photo: Path) -> None:
    code, out, err = captag("tag", "--json", "--limit", "1", photo, photo)
    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == 2 * [
        {
            "photo": str(photo),
            "caption": "a dog on a beach",
            "model": "fake",
            **NOT_JUDGED,
            "hashtags": [DOG],
            "error": None,
        }
    ]


def test_tag_reports_a_photo_that_fails_and_goes_on(captag: Captag, photo: Path) -> None:
    code, out, err = captag("tag", "missing.jpg", photo)
    assert code == 1
    assert "a dog on a beach" in out
    assert err == "captag: missing.jpg: There is no such file.\n"


def test_tag_reports_a_photo_that_fails_in_json_too(captag: Captag, photo: Path) -> None:
    code, out, err = captag("tag", "--json", "missing.jpg", photo)
    failed, good = map(json.loads, out.splitlines())
    assert (code, err) == (1, "")
    assert failed["error"] == "There is no such file."
    assert good["error"] is None


def test_tag_hands_captioner_and_vocabulary_on(captag: Captag, photo: Path) -> None:
    captag("tag", photo, "--captioner", "base", "--vocabulary", "mine.csv")
    assert captag.settings.captioner == "base"
    assert str(captag.settings.vocabulary) == "mine.csv"


@pytest.mark.parametrize(
    "pipeline",
    [
        Pipeline(FakeCaptioner(CaptionModelError("The weights are gone.")), FakeMapper()),
        Pipeline(FakeCaptioner(), FakeMapper(EmbeddingModelError("The weights are gone."))),
    ],
    ids=["caption model", "sentence encoder"],
)
def test_a_model_that_cannot_be_loaded_is_one_sentence(
    captag: Captag, photo: Path, pipeline: Pipeline
) -> None:
    captag.pipeline = pipeline
    code, out, err = captag("tag", photo)
    assert (code, out, err) == (1, "", "captag: The weights are gone.\n")


# captag match


def test_match_needs_no_caption_model(captag: Captag) -> None:
    captag.pipeline = Pipeline(FakeCaptioner(CaptionModelError("gone")), FakeMapper())
    code, out, _ = captag("match", "a dog on a beach", "--limit", "1")
    assert code == 0
    assert out.splitlines()[-2] == "#dog"


def test_match_answers_in_the_same_shape(captag: Captag) -> None:
    _, out, _ = captag("match", "a dog", "--json", "--limit", "1")
    assert json.loads(out) == {
        "photo": "",
        "caption": "a dog",
        "model": "",
        **NOT_JUDGED,
        "hashtags": [DOG],
        "error": None,
    }


# captag models, captag vocabulary check


def test_models_lists_those_with_a_short_name(captag: Captag) -> None:
    code, out, _ = captag("models")
    assert code == 0
    table, _ = out.split("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == ["NAME", "compact", "base", "large"]


def test_models_says_what_the_one_in_use_computes_in_and_why(captag: Captag) -> None:
    _, out, _ = captag("models")
    assert out.splitlines()[-1] == "compact computes in int8: it was the fastest of three."


def test_models_does_not_fetch_one_that_is_not_here(
    captag: Captag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTAG_CAPTIONER", "large")
    _, out, _ = captag("models")
    assert "computes in" not in out


def test_a_good_vocabulary_is_said_to_be_good(captag: Captag, tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(f"{HEADER}\ndogs,dogs,,,\n", "utf-8")
    code, out, _ = captag("vocabulary", "check", tmp_path / "tags.csv")
    assert code == 0
    assert out.endswith("tags.csv: 1 hashtags, 0 of them blocked and 0 pinned. Nothing to mend.\n")


def test_every_bad_line_of_a_vocabulary_is_named(captag: Captag, tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("\n".join([HEADER, *(f"bad tag {n},,,," for n in range(30))]), "utf-8")
    code, out, err = captag("vocabulary", "check", path)
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        f"{path}:{line}" for line in range(2, 32)
    ]


def test_a_vocabulary_that_is_not_there_is_one_sentence(captag: Captag, tmp_path: Path) -> None:
    code, _, err = captag("vocabulary", "check", tmp_path / "none.csv")
    assert code == 2
    assert err.startswith(f"{tmp_path}/none.csv: ")
    assert len(err.splitlines()) == 1


# What is refused before anything is done


def test_a_setting_that_cannot_be_used_is_refused(
    captag: Captag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTAG_PORT", "http")
    monkeypatch.setenv("CAPTAG_MAXTAGS", "5")
    code, _, err = captag("match", "a dog")
    assert code == 2
    assert [line.split(maxsplit=3)[:3] for line in err.splitlines()] == [
        ["captag:", "Unknown", "setting"],
        ["captag:", "CAPTAG_PORT", "is"],
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["tag"],
        ["tag", "--limit", "0", "a.jpg"],
        ["tag", "--limit", "ten", "a.jpg"],
        ["tag", "--limit", "51", "a.jpg"],
        ["tag", "--colour", "a.jpg"],
        ["match"],
        ["sing"],
        ["vocabulary", "sing"],
    ],
    ids=" ".join,
)
def test_a_command_that_makes_no_sense_is_refused(captag: Captag, arguments: list[str]) -> None:
    code, out, err = captag(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_a_bug_is_not_dressed_up(captag: Captag) -> None:
    captag.pipeline = Pipeline(FakeCaptioner(), FakeMapper())
    captag.pipeline.mapper = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        main(["match", "a dog"], lambda _settings: captag.pipeline)


# As a process

CAPTAG = [sys.executable, "-c", "from captag.cli import main; main()"]
HEAVY = {"flask", "nltk", "numpy", "PIL", "sentence_transformers", "torch", "transformers"}


def test_version_is_printed_without_loading_anything_heavy() -> None:
    code = "import sys, captag.cli as c\ntry: c.main(['--version'])\nfinally: print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = out.stdout.splitlines()
    assert version.startswith("captag 0.")
    assert set(modules.split()) & HEAVY == set()


def test_help_names_every_command_those_of_web_included() -> None:
    out = subprocess.run([*CAPTAG, "--help"], capture_output=True, text=True, check=True).stdout
    for command in ["tag", "match", "models", "vocabulary", "serve"]:
        assert f" {command} " in out


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(f"{HEADER}\ndogs,dogs,,,\n", "utf-8")
    command = [*CAPTAG, "vocabulary", "check", str(tmp_path / "tags.csv")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stderr:
        assert stderr.read() == ""
    assert process.wait(60) == 1
