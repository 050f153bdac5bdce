from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from captag import Settings, SettingsError

README = Path(__file__).parents[2] / "README.md"


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_each_kind_of_setting_is_read_from_the_environment() -> None:
    settings = Settings.from_env(
        {
            "CAPTAG_HOST": "192.0.2.7",
            "CAPTAG_PORT": " 8080 ",
            "CAPTAG_VOCABULARY": "my tags.csv",
            "CAPTAG_CACHE_FOLDER": "/var/cache/captag",
            "CAPTAG_TRUSTED_HOSTS": "tags.example.org, photos.example.org,",
        }
    )
    assert settings.host == "192.0.2.7"
    assert settings.port == 8080
    assert settings.vocabulary == Path("my tags.csv")
    assert settings.cache_folder == Path("/var/cache/captag")
    assert settings.trusted_hosts == ("tags.example.org", "photos.example.org")


def test_the_process_environment_is_read_where_no_other_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CAPTAG_LIMIT", "7")
    assert Settings.from_env().limit == 7


def test_a_tilde_in_a_path_is_the_home_folder() -> None:
    settings = Settings.from_env({"CAPTAG_VOCABULARY": "~/tags.csv"})
    assert settings.vocabulary == Path.home() / "tags.csv"


def test_an_empty_vocabulary_is_the_shipped_one() -> None:
    assert Settings.from_env({"CAPTAG_VOCABULARY": ""}).vocabulary is None


def test_names_of_other_programs_are_left_alone() -> None:
    assert Settings.from_env({"PATH": "/bin", "_CAPTAG_COMPLETE": "source_bash"}) == Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 80  # type: ignore[misc]


def test_an_unknown_setting_is_refused_by_name_with_those_that_are_known() -> None:
    with pytest.raises(SettingsError, match="Unknown setting CAPTAG_MAXTAGS; known: ") as caught:
        Settings.from_env({"CAPTAG_MAXTAGS": "5"})
    known = str(caught.value).partition("known: ")[2].rstrip(".").split(", ")
    assert known == [f"CAPTAG_{each.name.upper()}" for each in fields(Settings)]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("CAPTAG_PORT", "http", "CAPTAG_PORT is 'http', but must be a whole number."),
        ("CAPTAG_PORT", "", "CAPTAG_PORT is '', but must be a whole number."),
        ("CAPTAG_LIMIT", "7.5", "CAPTAG_LIMIT is '7.5', but must be a whole number."),
        ("CAPTAG_HOST", " ", "CAPTAG_HOST is ' ', but must be some text."),
        ("CAPTAG_CACHE_FOLDER", "", "CAPTAG_CACHE_FOLDER is '', but must be some text."),
        ("CAPTAG_PORT", "65536", "port (CAPTAG_PORT) is 65536, but must be from 0 to 65535."),
        ("CAPTAG_PORT", "-1", "port (CAPTAG_PORT) is -1, but must be from 0 to 65535."),
        ("CAPTAG_PROXIES", "-1", "proxies (CAPTAG_PROXIES) is -1, but must be at least 0."),
        ("CAPTAG_PROXIES", "yes", "CAPTAG_PROXIES is 'yes', but must be a whole number."),
        ("CAPTAG_LIMIT", "0", "limit (CAPTAG_LIMIT) is 0, but must be from 1 to 50."),
        ("CAPTAG_LIMIT", "51", "limit (CAPTAG_LIMIT) is 51, but must be from 1 to 50."),
        ("CAPTAG_MIX", "half", "CAPTAG_MIX is 'half', but must be a number."),
        ("CAPTAG_MIX", "1.5", "mix (CAPTAG_MIX) is 1.5, but must be from 0 to 1."),
        ("CAPTAG_MIX", "nan", "mix (CAPTAG_MIX) is nan, but must be from 0 to 1."),
        (
            "CAPTAG_PRECISION",
            "int4",
            "precision (CAPTAG_PRECISION) is 'int4', not one of auto, float32, bfloat16, int8.",
        ),
        (
            "CAPTAG_LANGUAGE",
            "fr",
            "language (CAPTAG_LANGUAGE) is 'fr', not one of en, ko, all.",
        ),
        (
            "CAPTAG_MAX_UPLOAD_BYTES",
            "0",
            "max_upload_bytes (CAPTAG_MAX_UPLOAD_BYTES) is 0, but must be at least 1.",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(reason)):
        Settings.from_env({name: text})


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"CAPTAG_PORT": "x", "CAPTAG_NO": "1", "CAPTAG_LIMIT": "y"})
    assert len(caught.value.problems) == 3
    assert str(caught.value).splitlines() == list(caught.value.problems)


def test_every_setting_has_a_line_of_documentation() -> None:
    documented = re.findall(r"^        (\w+): ", Settings.__doc__ or "", re.MULTILINE)
    assert documented == [each.name for each in fields(Settings)]


def test_the_readme_lists_the_settings_as_they_are() -> None:
    listed = dict(re.findall(r"^\| `(CAPTAG_\w+)` \| ([^|]*) \|", README.read_text("utf-8"), re.M))
    assert {name: default.strip() for name, default in listed.items()} == {
        f"CAPTAG_{each.name.upper()}": _shown(each.name) for each in fields(Settings)
    }


def _shown(name: str) -> str:
    """Write a default as the README does; where its folders lie is the machine's own affair."""
    default = getattr(Settings(), name)
    if name in ("cache_folder", "data_folder"):
        return f"the user's {name.replace('_', ' ')}"
    return f"`{default}`" if default not in ((), "", None) else ""
