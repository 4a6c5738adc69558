"""E-mail addresses."""

import pytest

from dedupkit.normalize import normalize_email, split_emails


@pytest.mark.parametrize(
    "text",
    [
        *("anna@example.no", " Anna@Example.NO ", "mailto:anna@example.no", "<anna@example.no>"),
        *("Anna Larsen <anna@example.no>", '"Larsen, Anna" <anna@example.no>', "anna@example.no."),
        *("'anna@example.no'", "anna @ example.no", "anna＠example.no", "e-post: anna@example.no"),
        *("anna@example.no; bo@example.no", "anna@example.no bo@example.no"),
        *("mailto:anna@example.no?subject=Hei", "ring / anna@example.no"),
    ],
)
def test_every_spelling_of_an_address(text: str) -> None:
    """People write one address in many ways."""
    email = normalize_email(text)
    assert email.literal == email.canonical == email.key == "anna@example.no"
    assert (email.local, email.domain) == ("anna", "example.no")
    assert email.raw == text
    assert email.is_valid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna.Larsen+shop@Gmail.com", "annalarsen@gmail.com"),
        ("anna.larsen@googlemail.com", "annalarsen@gmail.com"),
        ("anna.larsen+shop@outlook.com", "anna.larsen@outlook.com"),
        ("anna.+shop@hotmail.no", "anna@hotmail.no"),
        ("anna+shop@me.com", "anna@icloud.com"),
        ("anna+shop@pm.me", "anna@proton.me"),
        ("anna-shop@yahoo.com", "anna@yahoo.com"),
        ("anna+shop@yahoo.com", "anna+shop@yahoo.com"),
        ("anna.larsen+shop@example.no", "anna.larsen+shop@example.no"),
        ("+anna@gmail.com", "+anna@gmail.com"),
    ],
)
def test_a_mailbox_follows_its_providers_rules(text: str, expected: str) -> None:
    """Tags and dots go only where the provider ignores them."""
    email = normalize_email(text)
    assert email.canonical == expected
    assert email.literal == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "anna", "anna@", "@example.no", "anna@example", "a..b@gmail.com", "a@b@c.no"),
        *("anna larsen@gmail.com", "anna@127.0.0.1", "anna@[127.0.0.1]", "anna@ab--c.no"),
        *(f"anna@{'a' * 64}.no", f"{'a.' * 150}b@example.no"),
    ],
)
def test_a_malformed_address_is_kept_and_marked(text: str) -> None:
    """What is no address is no error, and nothing to match on."""
    email = normalize_email(text)
    assert email.raw == text
    assert email.literal is email.canonical is email.key is email.local is email.domain is None
    assert email.name_tokens == email.digit_runs == ()
    assert not email.is_valid


def test_internationalized_domains_have_one_form() -> None:
    """A domain is the same in Unicode and in punycode."""
    assert normalize_email("bjørn@bærum.no").literal == "bjørn@bærum.no"
    assert normalize_email("x@xn--brum-voa.no").literal == normalize_email("X@BÆRUM.no").literal


@pytest.mark.parametrize(
    "text",
    [
        *("info@example.no", "post@example.no", "kontakt@example.se", "salg2@example.no"),
        *("customer-service@example.com", "info.oslo@example.no", "kundeservice@example.no"),
    ],
)
def test_role_addresses_are_recognized(text: str) -> None:
    """A function's mailbox is no person's."""
    assert normalize_email(text).is_role


@pytest.mark.parametrize(
    "text",
    [
        *("test@test.no", "test@gmail.com", "noreply@example.dk", "no-reply@example.dk"),
        *("no@no.no", "x@x.x", "xxx@xxx.com", "asdf@test.com", "anna@noemail.com", "none"),
        *("anna@example.invalid", "ukjent@example.no"),
    ],
)
def test_placeholders_are_recognized(text: str) -> None:
    """Stopgaps are nothing to match on."""
    email = normalize_email(text)
    assert email.is_placeholder
    assert email.key is None


@pytest.mark.parametrize(
    "text",
    ["anna@example.no", "a@example.com", "mail@example.no", "o@hansen.no", "me@mail.com"],
)
def test_ordinary_addresses_are_neither_role_nor_placeholder(text: str) -> None:
    """Short and plain addresses may be people's; only *mail* is a role."""
    email = normalize_email(text)
    assert not email.is_placeholder
    assert email.is_role == text.startswith("mail@")


@pytest.mark.parametrize(
    ("text", "names", "runs"),
    [
        ("anna.larsen2@example.no", ("anna", "larsen"), ("2",)),
        ("bjørn_hansen.1980@example.no", ("bjorn", "hansen"), ("1980",)),
        ("a.b12c3@example.no", ("a", "b", "c"), ("12", "3")),
        ("anna.larsen+nr7@gmail.com", ("anna", "larsen"), ()),
        ("anna+nr7@example.no", ("anna",), ()),
    ],
)
def test_names_and_digits_are_read_from_the_address(
    text: str, names: tuple[str, ...], runs: tuple[str, ...]
) -> None:
    """Letters may spell a name, digits tell namesakes apart; a tag says neither."""
    email = normalize_email(text)
    assert (email.name_tokens, email.digit_runs) == (names, runs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.no", ("anna@example.no",)),
        ("anna@example.no; Bo <bo@example.no>", ("anna@example.no", "bo@example.no")),
        ("a b@c d@e", ("a b@c d@e",)),
    ],
)
def test_a_cell_with_several_addresses_is_split(text: str, expected: tuple[str, ...]) -> None:
    """Each part that may be an address becomes one."""
    assert split_emails(text) == expected


def test_the_repr_shows_no_address() -> None:
    """Addresses are personal data."""
    assert "anna" not in repr(normalize_email("anna@example.no"))
