"""The small values: consents, balances, web profiles, addresses, field maps, paths, order."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dedupkit.customers import (
    CONTACT_FIELDS,
    FIELDS,
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    FieldMap,
    WebProfile,
    amount_text,
    check_path,
    exact_sum,
    read_path,
    same_endpoint,
    to_plain,
    with_path,
)
from dedupkit.errors import ConfigurationError, InvalidCustomerError
from dedupkit.merging import latest_explicit

NAIVE = datetime(2020, 1, 1)  # noqa: DTZ001  # what is tested


class TestFieldMap:
    """FieldMap: frozen, hashable, ordered, picklable."""

    def test_order_makes_no_difference(self) -> None:
        """Equal items make equal maps with equal hashes."""
        assert FieldMap(a=1, b=2) == FieldMap({"b": 2, "a": 1})
        assert hash(FieldMap(a=1, b=2)) == hash(FieldMap({"b": 2, "a": 1}))
        assert FieldMap(a=1) != FieldMap(a=2)
        assert FieldMap(a=1) != "a"

    def test_compares_with_any_mapping(self) -> None:
        """A dict of the same items is equal."""
        assert FieldMap(a=1) == {"a": 1}

    def test_survives_pickling(self) -> None:
        """Pickling is the identity."""
        assert pickle.loads(pickle.dumps(FieldMap(a=1))) == FieldMap(a=1)  # noqa: S301

    def test_copies(self) -> None:
        """Changed copies leave the original as it was."""
        original: FieldMap[str, int] = FieldMap(a=1, b=2)

        assert original.with_items({"a": 3}) == {"a": 3, "b": 2}
        assert original.without("a", "missing") == {"b": 2}
        assert original == {"a": 1, "b": 2}
        assert len(original) == 2


class TestShapes:
    """Values check their shape when they are made."""

    @pytest.mark.parametrize(
        ("value", "arguments"),
        [
            (Consent, ("", "email", ConsentState.GRANTED)),
            (Consent, ("newsletter", "email", "granted")),
            (Balance, (" ", "NOK", 1)),
            (Balance, ("store_credit", "Kroner!", 1)),
            (Balance, ("store_credit", "NOK", 1.5)),
            (Balance, ("store_credit", "NOK", "12,50")),
            (Balance, ("store_credit", "NOK", "NaN")),
            (Balance, ("store_credit", "NOK", "1E+40")),
            (Balance, ("store_credit", "NOK", "0.0000000000001")),
            (Balance, ("store_credit", "NOK", True)),
        ],
        ids=str,
    )
    def test_wrong_ones_are_refused(
        self, value: Callable[..., object], arguments: tuple[object, ...]
    ) -> None:
        """A wrong value says what is wanted."""
        with pytest.raises(ConfigurationError):
            value(*arguments)

    @pytest.mark.parametrize("fields", [{"id": ""}, {"id": "w", "last_login_at": NAIVE}], ids=str)
    def test_wrong_profiles_are_refused(self, fields: dict[str, Any]) -> None:
        """A profile has an id, and moments with a time zone."""
        with pytest.raises(ConfigurationError):
            WebProfile(**fields)

    def test_moments_are_kept_in_utc(self) -> None:
        """So that those of the hour which a clock repeats are in their order."""
        oslo = ZoneInfo("Europe/Oslo")
        first = datetime(2024, 10, 27, 2, 30, tzinfo=oslo)
        second = datetime(2024, 10, 27, 2, 10, fold=1, tzinfo=oslo)
        said = [
            Consent("news", "email", ConsentState.GRANTED, at=first),
            Consent("news", "email", ConsentState.WITHDRAWN, at=second),
        ]
        assert said[0].at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
        assert latest_explicit(said) == said[1]
        card = Customer(id="1", created_at=first, extra={"seen": second, "local": NAIVE})
        assert card.created_at == said[0].at
        assert (card.extra["seen"], card.extra["local"]) == (said[1].at, NAIVE)
        assert WebProfile(id="w1", last_login_at=second).last_login_at == said[1].at

    def test_a_zone_that_is_like_utc_is_put_into_it_too(self) -> None:
        """As the local zone of a machine in London or in UTC is."""
        gmt = datetime(2026, 1, 1, tzinfo=timezone(timedelta(0), "GMT"))
        assert Consent("news", "email", ConsentState.GRANTED, at=gmt).at.tzinfo is UTC  # type: ignore[union-attr]  # it is there

    def test_subclasses_are_moments_as_well(self) -> None:
        """Of libraries that stop the clock, for instance."""

        class Stopped(datetime):
            pass

        moment = Stopped(2026, 1, 1, tzinfo=ZoneInfo("Europe/Oslo"))
        card = Customer(id="1", created_at=moment, extra=FieldMap({"seen": moment}))
        assert card.extra["seen"] == card.created_at == datetime(2025, 12, 31, 23, tzinfo=UTC)

    def test_a_moment_that_is_none_is_refused(self) -> None:
        """It equals nothing, itself neither, so nobody could tell whether it has changed."""

        class Never(datetime):
            __hash__ = None  # type: ignore[assignment]  # as what compares with nothing

            def __eq__(self, _: object) -> bool:
                return False

        with pytest.raises(InvalidCustomerError, match="extra"):
            Customer(id="1", extra={"seen": Never(2026, 1, 1)})

    def test_a_moment_beyond_all_years_is_none(self) -> None:
        """It cannot be put into UTC."""
        beyond = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
        with pytest.raises(ConfigurationError, match="time zone"):
            Consent("news", "email", ConsentState.GRANTED, at=beyond)
        with pytest.raises(InvalidCustomerError, match=r"created_at.*extra"):
            Customer(id="1", created_at=beyond, extra={"seen": beyond})

    def test_moments_need_their_time_zone(self) -> None:
        """A consent given at a moment of no time zone is refused."""
        with pytest.raises(ConfigurationError, match="time zone"):
            Consent("newsletter", "email", ConsentState.GRANTED, at=NAIVE)

    def test_refusals(self) -> None:
        """Objected and withdrawn are refusals; the order is that of strictness."""
        assert [state for state in ConsentState if state.is_refusal] == [
            ConsentState.OBJECTED,
            ConsentState.WITHDRAWN,
        ]
        assert ConsentState.NEVER_ASKED < ConsentState.PENDING < ConsentState.GRANTED

    @pytest.mark.parametrize("last", ["0", "1"])
    @pytest.mark.parametrize("decimals", [0, 1, 11, 12, 13, 40])
    @pytest.mark.parametrize("whole", [1, 29, 30, 31, 60])
    @pytest.mark.parametrize("sign", ["", "-"])
    def test_amounts_have_a_limit(self, sign: str, whole: int, decimals: int, last: str) -> None:
        """At most 30 digits before the point and 12 after, as one counts them in its text."""
        text = f"{sign}{'9' * whole}.{('0' * decimals + last)[1:]}" if decimals else "9" * whole

        if whole <= 30 and decimals <= 12:
            assert Balance("loyalty", "points", text).amount == Decimal(text)
        else:
            with pytest.raises(ConfigurationError, match="at most 30 digits before and 12 after"):
                Balance("loyalty", "points", text)

    @pytest.mark.parametrize("text", ["1E+30", "1E-13", "NaN", "sNaN", "Infinity", "-Infinity"])
    @pytest.mark.parametrize("kind", [str, Decimal])
    def test_what_is_no_amount_is_none_in_any_type(self, kind: type, text: str) -> None:
        """Decimals have been read before, and may be anything all the same."""
        with pytest.raises(ConfigurationError, match="never as float"):
            Balance("loyalty", "points", kind(text))

    def test_logins(self) -> None:
        """A login needs a user name, a password and to be active; buying needs approval too."""
        ready = WebProfile(id="w", username="anna", has_password=True, approved_buyer=True)

        assert ready.can_log_in
        assert ready.can_buy
        assert not WebProfile(id="w", username="anna", has_password=True).can_buy
        assert not WebProfile(id="w", has_password=True).can_log_in

    def test_addresses(self) -> None:
        """An address without parts is false, and its repr shows none of them."""
        assert not Address()
        assert repr(Address(street="Storgata 1")) == "Address(street)"
        assert (
            str(Address(street="Storgata 1", city="Oslo", country="NO")) == "Storgata 1, Oslo, NO"
        )


class TestAmounts:
    """Amounts are exact."""

    def test_sums_are_never_rounded(self) -> None:
        """Thirty digits before the point and twelve after it add up."""
        big, small = Decimal("9" * 30), Decimal("0.000000000001")

        assert exact_sum(exact_sum(big, small), big.copy_negate()) == small

    @pytest.mark.parametrize(
        ("amount", "expected"), [("12.50", "12.5"), ("1E+2", "100"), ("-0.0", "0"), ("7", "7")]
    )
    def test_equal_amounts_read_alike(self, amount: str, expected: str) -> None:
        """Trailing zeros and exponents make no difference."""
        assert amount_text(Decimal(amount)) == expected


class TestPaths:
    """Field paths name fields everywhere."""

    def test_every_field_is_a_path(self) -> None:
        """The table, the group, the host's own fields and external systems."""
        for path in (*FIELDS, "address", "extra.vat_no", "external_ids.crm"):
            assert check_path(path) == path

    @pytest.mark.parametrize("path", ["emial", "email.x", "", "extras.x"])
    def test_unknown_paths_are_refused(self, path: str) -> None:
        """A path that names nothing is an error."""
        with pytest.raises(ConfigurationError, match="unknown field path"):
            check_path(path)

    def test_close_names_are_offered(self) -> None:
        """A typing error is met with what was probably meant."""
        with pytest.raises(ConfigurationError, match="did you mean email"):
            check_path("emial")

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("email", "a@b.no"),
            ("address", Address(street="Storgata 1", country="NO")),
            ("extra.vat_no", "NO1"),
            ("external_ids.crm", frozenset({"7"})),
        ],
    )
    def test_reads_what_was_written(self, path: str, value: object) -> None:
        """Reading a path gives what writing it put there, and blanks before."""
        blank = Customer(id="1")
        written = with_path(blank, path, value)

        assert read_path(written, path) == value
        assert not read_path(blank, path)
        assert with_path(written, path, None) == blank

    def test_the_address_is_decided_as_one(self) -> None:
        """The contact fields hold the group, not its parts."""
        assert "address" in CONTACT_FIELDS
        assert "street" not in CONTACT_FIELDS


def test_endpoints() -> None:
    """Case and punctuation make no other endpoint; no endpoint equals none."""
    assert same_endpoint("A@b.no", "a@B.no ")
    assert same_endpoint("(22) 33-44", "2233 44")
    assert not same_endpoint(None, None)
    assert not same_endpoint("a@b.no", None)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"active": "no", "verified": 1}, "active, verified must be True or False"),
        ({"username": 5}, "username must be text"),
    ],
)
def test_web_profiles_take_no_words_for_truths(wrong: dict[str, Any], problem: str) -> None:
    """A word such as no would be true."""
    with pytest.raises(ConfigurationError, match=problem):
        WebProfile(id="w", **wrong)


def test_what_no_customer_holds_has_no_json() -> None:
    """A number that is not exact is refused by its type, without the value."""
    with pytest.raises(TypeError, match=r"^no customer holds a float$"):
        to_plain((1, 1.5))
