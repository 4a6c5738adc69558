"""Forms of given names."""

from collections import Counter

import pytest

from dedupkit.normalize import name_roots, spelling_key
from dedupkit.normalize.nicknames import _TABLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Bob", "Robert"), ("Bob", "Rob"), ("Kees", "Cornelis"), ("Pepe", "José")),
        *(("Lasse", "Lars"), ("Kristian", "Christian"), ("Jan", "Johannes"), ("Hans", "Johannes")),
        *(("Paco", "Francisco"), ("Bill", "William"), ("Lotte", "Charlotte"), ("Søren", "Soeren")),
        *(("Jørgen", "Jürgen"), ("Kalle", "Carl"), ("Alex", "Alexandra"), ("Alex", "Alexander")),
    ],
)
def test_forms_of_one_name_share_a_root(one: str, other: str) -> None:
    """One person may bear both names."""
    assert set(name_roots(one)) & set(name_roots(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Jan", "Hans"), ("Jens", "Jan"), ("Anders", "Andreas"), ("Marit", "Mette")),
        *(("Alexander", "Alexandra"), ("Nils", "Niklas"), ("Tor", "Tore"), ("Karin", "Katarina")),
        *(("Per", "Paul"), ("Åshild", "Astrid"), ("Ole", "Ola"), ("Kirsten", "Kjersti")),
    ],
)
def test_names_of_one_origin_are_different_peoples(one: str, other: str) -> None:
    """What merely comes from the same name is another name."""
    assert not set(name_roots(one)) & set(name_roots(other))


def test_an_unknown_name_is_its_own_root() -> None:
    """What the table does not know stands for itself; nothing has no root."""
    assert name_roots("Åshild") == ("ashild",)
    assert name_roots("-") == ()


def test_each_group_has_a_name_of_its_own() -> None:
    """Two groups under one name would become one."""
    labels = Counter(spelling_key(line.split()[0]) for line in _TABLE.split("\n") if line)
    assert labels.most_common(1)[0][1] == 1
