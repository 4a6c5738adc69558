"""The words for what the generator does."""

from dedupkit.samples import TIES, Kind


def test_a_kind_is_a_tie_or_of_one_card() -> None:
    """Ties are those kinds that hold different persons together."""
    assert {kind for kind in Kind if kind.is_tie} == TIES
    assert Kind.COUPLE in TIES
    assert not Kind.MARRIAGE.is_tie


def test_kinds_are_their_words() -> None:
    """A kind can be given as text."""
    assert Kind("twins") is Kind.TWINS
    assert f"{Kind.TWINS}" == "twins"
