"""Fingerprints: what they take for the same, and that they stay."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

from dedupkit.customers import (
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    WebProfile,
    fingerprint,
)

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


class Moment(datetime):
    """A moment of another library."""


class Text(str):
    """A text of another library."""

    __slots__ = ()


def test_a_moment_in_another_zone_is_the_same() -> None:
    """Equal moments, wherever they were noted."""
    there = NOON.astimezone(timezone(timedelta(hours=1)))
    assert fingerprint(Customer(id="1", created_at=NOON)) == fingerprint(
        Customer(id="1", created_at=there)
    )


def test_amounts_count_and_not_how_they_are_written() -> None:
    """A store may drop zeros."""
    one, other = (Customer(id="1", extra={"size": Decimal(text)}) for text in ("2.50", "2.5"))
    assert fingerprint(one) == fingerprint(other)


def test_values_of_subclasses_are_the_same() -> None:
    """A store returns the plain ones."""
    moment = Moment(2020, 1, 1, 12, tzinfo=UTC)
    given = Customer(id=Text("1"), updated_at=moment, extra={"seen": moment, "by": Text("web")})
    plain = Customer(id="1", updated_at=NOON, extra={"seen": NOON, "by": "web"})
    assert fingerprint(given) == fingerprint(plain)


def test_it_is_the_same_in_every_release() -> None:
    """Plans are stored, and executed by later releases."""
    card = Customer(
        id="1",
        last_name="Hårfagre",
        other_addresses=[Address(city="Oslo")],
        birth_date=date(1980, 2, 29),
        flags=["vip", "press"],
        consents=[Consent("newsletter", "email", ConsentState.GRANTED, at=NOON, source="desk")],
        balances=[Balance("loyalty", "points", "70.50")],
        web_profile=WebProfile(id="w1", username="harald", last_login_at=NOON),
        external_ids={"pos": ["p2", "p1"]},
        created_at=NOON,
        version="7",
        extra={"vat_no": "NO1", "size": Decimal("2.50"), "local": datetime(2020, 1, 1)},  # noqa: DTZ001  # hosts hold such
    )
    text = (
        '["1",null,null,null,"H\\u00e5rfagre",null,null,[],null,null,[],null,null,null,null,null,null,'
        '[[null,null,null,"Oslo",null,null]],["date","1980-02-29"],null,null,[],["press","vip"],'
        '[["newsletter","email","granted",1577880000000000,"desk",null]],'
        '["w1","harald",false,true,false,false,["moment",1577880000000000]],'
        '[["loyalty","points","70.5",null]],{"pos":["p1","p2"]},true,null,'
        '["moment",1577880000000000],null,null,null,'
        '{"local":["local","2020-01-01T00:00:00"],"size":["decimal","2.5"],"vat_no":"NO1"}]'
    )
    assert fingerprint(card) == sha256(text.encode()).hexdigest()
