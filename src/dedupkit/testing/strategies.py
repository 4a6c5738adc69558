"""Hypothesis strategies for registers and what is done with them; needs the extra ``testing``.

Values come from small pools as often as from all of Unicode, so that cards agree, disagree and
collide. Full values appear in Hypothesis' reports: they are made up.

>>> from dedupkit.testing.strategies import customers
>>> customers().example().id  # doctest: +SKIP
'1'
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from dedupkit.customers import (
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    Judgement,
    Verdict,
    WebProfile,
)
from dedupkit.plans import MergePlan

__all__ = [
    "addresses",
    "balances",
    "consents",
    "customers",
    "judgements",
    "merge_plans",
    "moments",
    "registers",
    "texts",
    "web_profiles",
]

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def texts(*pool: str) -> SearchStrategy[str]:
    """Text that is not blank: mostly from *pool*, else anything that UTF-8 can hold."""
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
    return st.one_of(st.sampled_from(pool), st.sampled_from(pool), anything.filter(str.strip))


def moments() -> SearchStrategy[datetime]:
    """Moments of whole seconds in a few years, in UTC."""
    return st.integers(0, 10**8).map(lambda seconds: _EPOCH + timedelta(seconds=seconds))


def consents() -> SearchStrategy[Consent]:
    """Consents to a few purposes, on a few channels and endpoints, dated or not."""
    return st.builds(
        Consent,
        st.sampled_from(["newsletter", "offers"]),
        st.sampled_from(["email", "sms"]),
        st.sampled_from(ConsentState),
        at=st.none() | moments(),
        source=st.none() | st.sampled_from(["checkout", "desk"]),
        endpoint=st.none() | st.sampled_from(["anna@shop.example", "+4791234567"]),
    )


def balances() -> SearchStrategy[Balance]:
    """Balances of the three shipped kinds, negative ones included."""
    amounts = st.decimals(-(10**6), 10**6, places=2).map(Decimal)
    return st.builds(
        Balance,
        st.sampled_from(["store_credit", "loyalty", "on_account"]),
        st.sampled_from(["NOK", "points"]),
        amounts,
        programme=st.none() | st.just("club"),
    )


def web_profiles(profile_id: str) -> SearchStrategy[WebProfile]:
    """Web profiles of one id."""
    return st.builds(
        WebProfile,
        id=st.just(profile_id),
        username=st.none() | st.just(f"user-{profile_id}"),
        has_password=st.booleans(),
        active=st.booleans(),
        approved_buyer=st.booleans(),
        verified=st.booleans(),
        last_login_at=st.none() | moments(),
    )


def addresses() -> SearchStrategy[Address]:
    """Addresses of at least a street."""
    return st.builds(
        Address,
        street=texts("Storgata 1", "Lillegata 2"),
        postal_code=st.none() | st.just("0155"),
        city=st.none() | st.just("Oslo"),
        country=st.none() | st.just("NO"),
    )


def _names(*pool: str) -> SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(pool), max_size=len(pool))


def _distinct(values: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
    return st.lists(values, max_size=3, unique_by=lambda value: value.key)


@cache
def _single(customer_id: str) -> dict[str, SearchStrategy[Any]]:
    """The fields of one value; kept, since making a strategy costs more than drawing from it."""
    return {
        "number": st.just(customer_id) | texts("7", "100", "A-1"),
        "name": texts("Anna Larsen", "Larsen, Anna"),
        "first_name": texts("Anna", "Bjørn", "Ann", "Łukasz"),
        "last_name": texts("Larsen", "Hansen", "van der Berg"),
        "company": texts("Fjord AS", "Fjord"),
        "email": texts("anna@shop.example", "ANNA@shop.example", "a.n.n.a@gmail.com", "not mail"),
        "mobile": texts("+47 912 34 567", "91234567", "0047 91234567", "00000000"),
        "home_phone": texts("22 33 44 55", "+4722334455"),
        "street": texts("Storgata 1", "Storgt. 1", "Lillegata 2"),
        "street2": texts("H0101"),
        "postal_code": texts("0155", "5003"),
        "city": texts("Oslo", "Bergen"),
        "region": texts("Vestland"),
        "country": st.sampled_from(["NO", "SE", "DK", "NL", "ES", "GB"]),
        "birth_date": st.sampled_from([date(1980, 2, 29), date(1950, 1, 1), date(1980, 12, 2)]),
        "language": st.sampled_from(["nb", "en"]),
        "notes": texts("prefers the balcony", "regular"),
        "web_profile": web_profiles(f"w{customer_id}"),
        "created_at": moments(),
        "updated_at": moments(),
    }


@cache
def _standing(customer_id: str) -> SearchStrategy[dict[str, Any]]:
    """The fields of many values."""
    return st.fixed_dictionaries(
        {},
        optional={
            "other_emails": st.lists(texts("second@shop.example"), max_size=2),
            "other_phones": st.lists(texts("+47 400 00 001"), max_size=2),
            "other_addresses": st.lists(addresses(), max_size=1),
            "groups": _names("members", "press"),
            "flags": _names("vip", "wheelchair"),
            "consents": _distinct(consents()),
            "balances": _distinct(balances()),
            "external_ids": st.just({"loyalty_app": {f"app-{customer_id}"}}),
            "extra": st.dictionaries(
                st.sampled_from(["vat_no", "limit"]),
                texts("NO1") | st.booleans() | st.integers() | moments(),
            ),
        },
    )


@cache
def _some(customer_id: str) -> SearchStrategy[set[str]]:
    """Which of the fields of one value are filled."""
    return st.sets(st.sampled_from(sorted(_single(customer_id))))


@st.composite
def customers(draw: DrawFn, customer_id: str = "1") -> Customer:
    """Active customers of one id, from nearly blank to full; user names are unique by id."""
    single = _single(customer_id)
    chosen = {name: draw(single[name]) for name in sorted(draw(_some(customer_id)))}
    return Customer(id=customer_id, **draw(_standing(customer_id)), **chosen)


@st.composite
def registers(draw: DrawFn, min_size: int = 0, max_size: int = 5) -> tuple[Customer, ...]:
    """Registers of active customers with the ids ``"1"``, ``"2"``, …."""
    size = draw(st.integers(min_size, max_size))
    return tuple(draw(customers(str(position + 1))) for position in range(size))


@st.composite
def judgements(draw: DrawFn, ids: Sequence[str] = ("1", "2", "3", "4")) -> tuple[Judgement, ...]:
    """Judgements on pairs of *ids* (two or more); they may contradict each other."""
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
    judgement = st.builds(
        lambda sides, verdict, at: Judgement(sides[0], sides[1], verdict, at=at),
        pair,
        st.sampled_from(Verdict),
        st.none() | moments(),
    )
    return tuple(draw(st.lists(judgement, max_size=6)))


@st.composite
def merge_plans(draw: DrawFn) -> tuple[MergePlan, tuple[Customer, ...]]:
    """Plans that merge a register into its first card, with the register; not all apply."""
    from dedupkit.merging import plan_merge

    master, *duplicates = cards = draw(registers(min_size=2, max_size=4))
    return plan_merge(master, duplicates), tuple(cards)
