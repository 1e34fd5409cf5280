"""Claims about files: what cannot be read, and how that is said."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.yamltext.cards import Card, refused_file
from values_act.yamltext import parse_file, read_text


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for raw in (b"action: \xc3\xa9", b"\xef\xbb\xbfaction: \xc3\xa9"):
        path.write_bytes(raw)
        assert parse_file(Card, path).action == "é"
        assert parse_file(Card, str(path)).action == "é"


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        (b"a: 1\nb: caf\xe9\n", ":2:7: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("a: é\nb: ñ".encode("latin-1"), ":1:4: byte 0xe9 is not UTF-8"),
        (b"a: \xc3\xa9\xff", ":1:5: byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbfa: \xff", ":1:4: byte 0xff is not UTF-8"),
        (b"a: \xed\xa0\x80", ":1:4: byte 0xed is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ": file is binary, not text"),
        (b"a: b\0", ": file is binary, not text"),
        ("a: b".encode("utf-16"), ": file is UTF-16; save it as UTF-8"),
        (b"", ": file is empty"),
        (b"\xef\xbb\xbf", ": file is empty"),
        (b"a: \x07", ":1:4: character U+0007 is not allowed"),
    ],
)
def test_bytes_that_are_no_text_get_one_line(tmp_path: Path, raw: bytes, want: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    assert refused_file(path).startswith(f"{path}{want}")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert refused_file(path) == f"{path}: file is 52.4 MB; the limit is 2 MB"
    path.write_text("a" * 2_000_001)
    assert refused_file(path) == f"{path}: file is 2,000,001 bytes; the limit is 2,000,000 bytes"
    path.write_text("a: 1")
    assert read_text(path, 4) == "a: 1"
    assert refused_file(path, 3) == f"{path}: file is 4 bytes; the limit is 3 bytes"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_an_endless_file_is_refused() -> None:
    assert refused_file("/dev/zero") == "/dev/zero: file is too large; the limit is 2 MB"


def test_a_missing_file_is_named_with_its_likely_sibling(tmp_path: Path) -> None:
    (tmp_path / "robbery.yaml").write_text("a: 1")
    path = tmp_path / "robery.yaml"
    want = f"{path}: no such file; did you mean `{tmp_path / 'robbery.yaml'}`?"
    assert refused_file(path) == want
    assert refused_file(tmp_path / "zzz") == f"{tmp_path / 'zzz'}: no such file"
    assert refused_file(tmp_path / "no" / "zzz").endswith(": no such file")
    assert refused_file(tmp_path / "robbery.yaml" / "zzz").endswith(": no such file")


def test_a_sibling_in_the_working_directory_is_named_as_it_would_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "robbery.yaml").write_text("a: 1")
    monkeypatch.chdir(tmp_path)
    assert refused_file("robery.yaml") == (
        "robery.yaml: no such file; did you mean `robbery.yaml`?"
    )


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "x" * 5000, "\0/x", "", " "])
def test_an_impossible_name_is_no_crash(name: str, tmp_path: Path) -> None:
    refused_file(str(tmp_path / "sub" / name) if name else name)


def test_a_directory_is_said_to_be_one(tmp_path: Path) -> None:
    assert refused_file(tmp_path) == f"{tmp_path}: is a directory, not a file"


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert refused_file(path) == f"{path}: cannot be read: permission denied"


def test_a_loop_of_links_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.symlink_to(path)
    assert ": cannot be read: too many levels" in refused_file(path)


def give_stdin(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_a_dash_reads_standard_input_as_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, "action: é".encode())
    assert parse_file(Card, "-").action == "é"


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        (b"a" * 2_000_001, "standard input: file is too large; the limit is 2 MB"),
        (b"a: \xe9", "standard input:1:4: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"", "standard input: file is empty"),
        (b"a: [", "standard input:1:5: "),
    ],
)
def test_bad_standard_input_gets_one_line(
    raw: bytes, want: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, raw)
    assert refused_file("-").startswith(want)
