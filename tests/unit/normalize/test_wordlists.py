"""Tables of words."""

from dedupkit.normalize.wordlists import forms, words


def test_words_are_divided_by_white_space() -> None:
    """Lines do not matter."""
    assert words("a b\n c") == {"a", "b", "c"}


def test_forms_lead_to_the_chosen_one() -> None:
    """A line holds the chosen form, a colon, the others; empty lines are passed over."""
    assert forms("\n  st: street saint\n\n  rd: road\n") == {
        "street": "st",
        "saint": "st",
        "road": "rd",
    }
