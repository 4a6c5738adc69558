"""Encodings of files."""

import pytest

from dedupkit.errors import InvalidFileError
from dedupkit.transfer.decoding import decode, has_broken_byte

TEXT = "id;navn\n1;Åse Bjørnø\n"


@pytest.mark.parametrize(
    ("written", "recognized"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_encodings_are_recognized(written: str, recognized: str) -> None:
    """A file opens in the encoding that spreadsheets save it in."""
    assert decode(TEXT.encode(written), None, "a.csv") == (TEXT, recognized)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_read_from_either_end(mark: bytes) -> None:
    """The byte order mark says which end comes first."""
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"

    assert decode(mark + TEXT.encode(codec), None, "a.csv") == (TEXT, "utf-16")


@pytest.mark.parametrize(
    "content", [TEXT.encode() + b"2;Bj\xf8rn", b"1;Anna\n2;Bob \x81", b"1;\xff"]
)
def test_broken_utf_8_is_not_taken_for_cp1252(content: bytes) -> None:
    """Where other letters are UTF-8, or the byte is none of cp1252's, the byte is broken."""
    text, encoding = decode(content, None, "a.csv")

    assert encoding == "utf-8"
    assert has_broken_byte(text)


def test_an_encoding_given_is_the_encoding() -> None:
    """The option comes before what is recognized."""
    assert decode(TEXT.encode("cp865"), "cp865", "a.csv") == (TEXT, "cp865")


@pytest.mark.parametrize(
    ("content", "encoding", "problem"),
    [
        (b"id", "klingon", "unknown encoding 'klingon'"),
        (b"\x00i\x00", "utf-16-be", "is not utf-16-be"),
        (b"\xff\xfei", None, "is not utf-16"),
    ],
)
def test_what_cannot_be_decoded_is_said(content: bytes, encoding: str, problem: str) -> None:
    """Unknown encodings and files cut off are errors that name the file."""
    with pytest.raises(InvalidFileError, match=f"^a.csv: {problem}"):
        decode(content, encoding, "a.csv")


def test_plain_text_has_no_broken_bytes() -> None:
    """Letters above ASCII are not broken."""
    assert not has_broken_byte("Åse")
    assert not has_broken_byte("Anna")
