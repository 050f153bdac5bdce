from collections.abc import Callable
from pathlib import Path

import pytest

from tagmapper import Hashtag, HashtagRefused, Vocabulary, VocabularyError
from tagmapper.vocabulary_file import parse_lines
from tagmapper.vocabulary_line import check_hashtag, why_not_a_hashtag

Written = Callable[[str | bytes], Path]

HEADER = "hashtag,meaning,posts,language,state,group"


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "tags.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def problems(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(VocabularyError) as caught:
        Vocabulary.load(path)
    assert caught.value.path == path
    return [(bad.line, bad.reason) for bad in caught.value.bad_lines]


def test_every_column_is_read(written: Written) -> None:
    path = written(f"{HEADER}\ndogsofinstagram,dogs,12,en,pinned,pets\n")
    assert Vocabulary.load(path).hashtags == (
        Hashtag("dogsofinstagram", "dogs", 12, "en", "pinned", "pets"),
    )


def test_only_the_hashtag_must_be_filled_in(written: Written) -> None:
    path = written(f"{HEADER}\ndoglover,,,,\ngoldenretriever\n")
    assert [tag.meaning for tag in Vocabulary.load(path)] == ["dog lover", "golden retriever"]


def test_the_columns_may_stand_in_another_order_or_be_left_out(
    written: Written,
) -> None:
    assert Vocabulary.load(written("state,hashtag\npinned,dog\n")).hashtags == (
        Hashtag("dog", "dog", state="pinned"),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separators_of_excel_are_understood(written: Written, separator: str) -> None:
    content = f"{HEADER}\nbass,bass fish,3,en,\n".replace(",", separator)
    assert Vocabulary.load(written(content)).hashtags == (Hashtag("bass", "bass fish", 3, "en"),)


def test_a_byte_order_mark_and_windows_line_ends_are_understood(
    written: Written,
) -> None:
    content = f"\ufeff{HEADER}\r\n강아지,puppy,,ko,\r\n"
    assert Vocabulary.load(written(content)).hashtags == (Hashtag("강아지", "puppy", 0, "ko"),)


def test_a_leading_hash_and_empty_lines_are_left_out(
    written: Written,
) -> None:
    assert [tag.tag for tag in Vocabulary.load(written("hashtag\n\n#dog\n , \n"))] == ["dog"]


def test_a_tag_is_composed_so_that_it_matches_however_it_was_typed(
    written: Written,
) -> None:
    assert [tag.tag for tag in Vocabulary.load(written("hashtag\ncafe\u0301\n"))] == ["café"]


def test_two_meanings_are_kept_apart_by_a_semicolon(written: Written) -> None:
    path = written(f'{HEADER}\nbass,"bass fish; bass guitar",,,\n')
    assert Vocabulary.load(path).hashtags[0].meaning == "bass fish; bass guitar"


def test_all_bad_lines_are_reported_at_once_with_their_numbers(
    written: Written,
) -> None:
    path = written(f"{HEADER}\ngolden hour,,,,\ndog,,many,,\ndog,,,,\n12345,,,,\nDOG,,,,\n")
    assert problems(path) == [
        (2, "not a hashtag (letters, digits and _ only): 'golden hour'"),
        (3, "posts must be a whole number, not 'many'"),
        (5, "a hashtag needs at least one letter: '12345'"),
        (6, "the same hashtag as in line 4: 'DOG'"),
    ]


def test_the_message_says_file_line_and_reason(written: Written) -> None:
    path = written("hashtag\ngolden hour\n")
    with pytest.raises(VocabularyError, match=r"tags\.csv:2: not a hashtag .*'golden hour'"):
        Vocabulary.load(path)


def test_the_message_is_cut_where_a_whole_file_is_bad(
    written: Written,
) -> None:
    path = written("hashtag\n" + "a b\n" * 1000)
    with pytest.raises(VocabularyError, match=r"and 980 more bad lines") as caught:
        Vocabulary.load(path)
    assert len(caught.value.bad_lines) == 1000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",dog,,,", "the hashtag is empty"),
        ("=cmd|' /C calc'!A0,,,,", "not a hashtag"),
        ("\uff1dcmd|' /C calc'!A0,,,,", "not a hashtag"),
        ("@dog,,,,", "not a hashtag"),
        ('dog,"=HYPERLINK(""x"")",,,', "a meaning that a spreadsheet would run"),
        ("dog,+1,,,", "a meaning that a spreadsheet would run"),
        ("dog,-1,,,", "a meaning that a spreadsheet would run"),
        ("dog,@SUM(A1),,,", "a meaning that a spreadsheet would run"),
        ("dog,\uff1d1+1,,,", "a meaning that a spreadsheet would run"),
        ("dog,hound; =1+1,,,", "a meaning that a spreadsheet would run"),
        ("dog,hound\t=1+1,,,", "a meaning that a spreadsheet would run"),
        (f"{'a' * 10_000},,,,", "a hashtag of 10,000 letters"),
        (f"dog,{'a' * 10_000},,,", "a meaning of 10,000 letters"),
        ("dog,,-1,,", "posts must be a whole number"),
        ("dog,,1.5,,", "posts must be a whole number"),
        ("dog,,٣,,", "posts must be a whole number"),
        ("dog,,9999999999999,,", "posts must be a whole number"),
        ("dog,,,English,", "language must be a code"),
        ("dog,,,,banned", "state must be empty, blocked or pinned"),
        (f"dog,,,,,{'a' * 51}", "a group of 51 letters"),
        ("dog,,,,,@SUM(1)", "a group that a spreadsheet would run"),
        ("dog,,,,,,more", "7 cells; the first line names 6"),
    ],
)
def test_a_bad_line_is_refused(written: Written, line: str, reason: str) -> None:
    [(number, found)] = problems(written(f"{HEADER}\n{line}\n"))
    assert number == 2
    assert found.startswith(reason)


def test_a_cell_under_no_heading_is_refused_since_saving_would_lose_it(written: Written) -> None:
    path = written("hashtag,meaning,posts,language,state\ndog,dog,,en,,pets\n")
    assert problems(path) == [(2, "6 cells; the first line names 5")]


@pytest.mark.parametrize("twin", ["CAFÉ", "cafe\u0301", "ｃａｆé", "#café"])
def test_a_twin_by_case_or_unicode_form_is_refused(written: Written, twin: str) -> None:
    [(line, reason)] = problems(written(f"hashtag\ncafé\n{twin}\n"))
    assert (line, reason[:29]) == (3, "the same hashtag as in line 2")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"dog,dog\ncat,cat\n", "the first line must be"),
        (b"tag,meaning\ndog,dog\n", "the first line must be"),
        (b"hashtag,hashtag\ndog,dog\n", "the first line must be"),
        (b"hashtag\n", "no hashtags in this file"),
        (b"hashtag,state\ndog,blocked\ncat,blocked\n", "every hashtag is blocked"),
        (b"hashtag\ndog\0\n", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        ("hashtag\n강아지\n".encode("utf-16"), "UTF-16, not UTF-8; save the file as"),
        ("hashtag\n강아지\n".encode("utf-16-le"), "not a text file"),
        (bytes(range(1, 256)), "not UTF-8"),
        ("hashtag\n강아지\n".encode("cp949"), "not UTF-8"),
        (b'hashtag\n"dog\n', "not CSV"),
        (b'hashtag,meaning\ndog,"' + b"a" * 200_000 + b'"\n', "not CSV"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused(
    written: Written, content: bytes, reason: str
) -> None:
    assert problems(written(content))[0][1].startswith(reason)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.csv")[0] == (0, "cannot be read: No such file or directory")
    assert problems(tmp_path)[0][1].startswith("cannot be read")


def test_the_line_of_a_wrong_encoding_is_named(written: Written) -> None:
    assert problems(written(b"hashtag\ndog\ncaf\xe9\n")) == [
        (3, "not UTF-8; save the file as 'CSV UTF-8'")
    ]


def test_the_line_where_a_quotation_is_left_open_is_named(written: Written) -> None:
    [(line, reason)] = problems(written('hashtag,meaning\ndog,"hound\ncat,cat\nowl,owl\n'))
    assert line == 2
    assert reason == 'not CSV: a quotation mark (") is opened here and never closed'


def test_signs_within_a_meaning_are_no_formula(written: Written) -> None:
    path = written("hashtag,meaning\nbnw,black-and-white; b+w\n")
    assert Vocabulary.load(path).hashtags[0].meaning == "black-and-white; b+w"


def test_what_a_spreadsheet_saves_in_quotes_with_semicolons_is_understood(written: Written) -> None:
    content = '\ufeff"hashtag";"meaning";"posts"\r\n"bass";"bass fish; bass guitar";"12"\r\n'
    assert Vocabulary.load(written(content)).hashtags == (
        Hashtag("bass", "bass fish; bass guitar", 12),
    )


@pytest.mark.slow
def test_a_million_hashtags_can_be_loaded(written: Written) -> None:
    path = written("hashtag,meaning\n" + "\n".join(f"tag{n}x,dog" for n in range(1_000_000)))
    assert len(Vocabulary.load(path)) == 1_000_000


@pytest.mark.parametrize("content", [b"hashtag\ncaf\xe9\n", b'hashtag\n"dog\n', b"hashtag\na b\n"])
def test_a_file_that_is_refused_stays_as_it_is(written: Written, content: bytes) -> None:
    path = written(content)
    assert problems(path)
    assert path.read_bytes() == content


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    vocabulary = Vocabulary(
        (
            Hashtag("bass", "fish; guitar", 3, "en", "pinned"),
            Hashtag("강아지", "puppy, dog", 0, "ko"),
        )
    )
    vocabulary.save(tmp_path / "tags.csv")
    assert Vocabulary.load(tmp_path / "tags.csv") == vocabulary


def test_saving_keeps_the_old_file_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("hashtag\ndog\n")
    broken = Vocabulary((Hashtag("cat", "\ud800"),))  # a lone surrogate cannot be UTF-8
    with pytest.raises(UnicodeEncodeError):
        broken.save(path)
    assert path.read_text() == "hashtag\ndog\n"
    assert list(tmp_path.iterdir()) == [path]


def test_saving_keeps_the_permissions_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("hashtag\ndog\n")
    path.chmod(0o640)
    Vocabulary.load(path).save(path)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "tag", ["dog", "강아지", "2020vibes", "golden_hour", "café", "naïve", "हिन्दी", "ไทย"]
)
def test_letters_of_any_script_are_a_hashtag(tag: str) -> None:
    assert why_not_a_hashtag(tag) is None


@pytest.mark.parametrize("tag", ["", "a b", "a-b", "2020", "_", "dog!", "🐶", "dog🐶", "a" * 101])
def test_marks_spaces_and_digits_alone_are_not(tag: str) -> None:
    assert why_not_a_hashtag(tag)


def test_the_shipped_vocabulary_is_large_and_in_order() -> None:
    vocabulary = Vocabulary.default()
    assert len(vocabulary) >= 7_500
    assert all(hashtag.meaning for hashtag in vocabulary)
    assert vocabulary is not Vocabulary.default()
    assert vocabulary == Vocabulary.default()


# One hashtag, as a form or a program gives it


def test_a_single_hashtag_is_checked_like_a_line_of_the_file() -> None:
    cells = {"hashtag": "#DogLover", "posts": " 7 ", "language": "en", "state": "pinned"}
    assert check_hashtag(cells) == Hashtag("DogLover", "dog lover", 7, "en", "pinned")


def test_all_that_is_wrong_with_a_hashtag_is_said_at_once_by_column() -> None:
    cells = {"hashtag": "a b", "meaning": "=1", "posts": "-1", "language": "English", "state": "x"}
    with pytest.raises(HashtagRefused) as caught:
        check_hashtag(cells)
    assert caught.value.reasons == {
        "hashtag": "not a hashtag (letters, digits and _ only): 'a b'",
        "meaning": "a meaning that a spreadsheet would run as a formula: '=1'",
        "posts": "posts must be a whole number, not '-1'",
        "language": "language must be a code such as en or ko, not 'English'",
        "state": "state must be empty, blocked or pinned, not 'x'",
    }


@pytest.mark.parametrize("letter", ["\0", "\x1b", "\x7f", "\ud800"])
def test_a_meaning_that_no_file_could_hold_is_refused(letter: str) -> None:
    with pytest.raises(HashtagRefused, match="characters that are no text"):
        check_hashtag({"hashtag": "dog", "meaning": f"a{letter}b"})


def test_good_lines_come_with_their_numbers_and_bad_ones_with_their_columns() -> None:
    content = f"{HEADER}\ndog,,,,\n\ncat,,many,,\nDOG,,,,\nowl,,,,\n".encode()
    lines, bad_lines = parse_lines(content, Path("tags.csv"))
    assert [(line, hashtag.tag) for line, hashtag in lines] == [(2, "dog"), (6, "owl")]
    assert [(bad.line, bad.column) for bad in bad_lines] == [(4, "posts"), (5, "hashtag")]
