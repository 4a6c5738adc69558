"""Folding."""

import pytest

from dedupkit.normalize import fold, spelling_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("hansen", "hansen"),
        ("  Bjørn-Erik\tÅSMUNDSEN ", "bjorn erik asmundsen"),
        ("Straße № 5", "strasse no 5"),
        ("Łódź, Đorđe & Þór", "lodz dorde thor"),
        ("İstanbul ıı", "istanbul ii"),
        ("e\u0301 ﬁn Ｆｕｌｌ", "e fin full"),
        ("Юлия Ёлкина", "yuliya elkina"),
        ("Γιώργος", "giorgos"),
        ("王 小明", "王 小明"),
        ("हिन्दी", "हिन्दी"),
        ("١٢٣ 4²", "123 42"),
        ("zero\u200bwidth, soft\u00adhyphen", "zerowidth softhyphen"),
        ("a_b/c", "a b c"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    """Case, diacritics, ligatures, width and punctuation go; other scripts stay."""
    assert fold(text) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("Bjørn", "Bjorn", "BJOERN", "Björn"),
        ("Åse", "Aase", "Ase"),
        ("Sæther", "Saether", "Säther", "Sather"),
        ("Müller", "Mueller", "Muller"),
        ("Strauß", "Strauss"),
        ("Dijkstra", "Dykstra"),
        ("Muñoz", "Munoz"),
    ],
)
def test_spellings_of_one_word_share_a_key(spellings: tuple[str, ...]) -> None:
    """Transliterations of one spelling have one key."""
    assert len(set(map(spelling_key, spellings))) == 1
