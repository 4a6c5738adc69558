"""Company names."""

import pytest

from dedupkit.normalize import normalize_company


@pytest.mark.parametrize(
    ("text", "tokens", "form"),
    [
        ("Hansen & Sønn A/S", ("hansen", "sonn"), "as"),
        ("Hansen og Sønn AS", ("hansen", "sonn"), "as"),
        ("AS Hansen", ("hansen",), "as"),
        ("Stichting Zonnebloem", ("zonnebloem",), "stichting"),
        ("H & M Hennes & Mauritz AB", ("hm", "hennes", "mauritz"), "ab"),
        ("Müller GmbH & Co. KG", ("muller",), "gmbh co kg"),
        ("Foo S.L.U.", ("foo",), "slu"),
        ("Foo Sociedad Limitada", ("foo",), "sl"),
        ("Foo Limited Company", ("foo",), "ltd"),
        ("Verein e.V.", ("verein",), "ev"),
        ("The Bakery Ltd.", ("bakery",), "ltd"),
        ("Smith and Sons Limited", ("smith", "sons"), "ltd"),
        ("Volvo Aktiebolag", ("volvo",), "ab"),
        ("AB", ("ab",), None),
        ("Sociedad Limitada", ("sociedad", "limitada"), None),
        ("J and B", ("jb",), None),
        ("and", ("and",), None),
        ("", (), None),
    ],
)
def test_companies(text: str, tokens: tuple[str, ...], form: str | None) -> None:
    """The legal form goes off either end; what is left is folded."""
    company = normalize_company(text)
    assert (company.tokens, company.legal_form) == (tokens, form)


def test_a_key_has_no_spaces() -> None:
    """Whether words are written together says nothing."""
    assert normalize_company("Rema 1000 AS").key == normalize_company("REMA1000").key == "rema1000"


def test_the_text_has_the_form_behind() -> None:
    """A company's words come in one order, whichever end the form stood at."""
    assert (
        normalize_company("AS Hansen").text == normalize_company("Hansen A/S").text == "hansen as"
    )


@pytest.mark.parametrize("text", ["Privat", "Ukjent AS", "None", "xxx", "N/A"])
def test_placeholders_are_recognized(text: str) -> None:
    """Stopgaps are no company."""
    assert normalize_company(text).is_placeholder


def test_the_repr_shows_no_name() -> None:
    """Names may be personal data."""
    assert "hansen" not in repr(normalize_company("Hansen AS"))
