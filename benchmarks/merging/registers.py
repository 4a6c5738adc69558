"""Registers of pairs for the benchmarks of merging: seeded, filled, and hard to merge.

Every customer has 20 filled fields beside consents, balances and web profile, 5 consents, 3
balances, 10 orders and one or two memberships of loyalty programmes. The two cards of a pair are
one person's who was typed twice: spellings, contacts and addresses differ, blanks stand on either
side, consents disagree, both hold balances of one kind, and memberships of one programme collide.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.plans import Relation
from dedupkit.stores.sql import SqlStore

#: What refers to customers; nobody is twice a member of one programme.
RELATIONS = (
    Relation("memberships", collision="keep_master", unique=("programme",)),
    Relation("orders"),
)

#: Filled fields of every customer, beside consents, balances and web profile.
FILLED = 20

_FIRST = ("Anna", "Bjørn", "Cecilie", "Dag", "Elin", "Fredrik", "Grete", "Håkon", "Ingrid", "Jan")
_LAST = ("Hansen", "Johansen", "Olsen", "Larsen", "Andersen", "Nilsen", "Kristiansen", "Jensen")
_STREETS = ("Storgata", "Kirkegata", "Havnegata", "Skoleveien", "Parkveien", "Strandgata")
_PLACES = (("0150", "Oslo"), ("5003", "Bergen"), ("7010", "Trondheim"), ("4006", "Stavanger"))
_REGIONS = ("Østlandet", "Vestlandet", "Trøndelag")
_GROUPS = ("retail", "wholesale", "staff", "friends", "season")
_FLAGS = ("press", "reduced", "wheelchair", "no_paper")
_CONSENTS = (
    ("newsletter", "email"),
    ("newsletter", "sms"),
    ("offers", "email"),
    ("offers", "post"),
    ("survey", "phone"),
    ("partners", "email"),
)
_STATES = {
    ConsentState.GRANTED: 55,
    ConsentState.WITHDRAWN: 15,
    ConsentState.OBJECTED: 8,
    ConsentState.PENDING: 7,
    ConsentState.NEVER_ASKED: 15,
}
_BALANCES = (
    ("loyalty", "points", (10, 5_000), 0),
    ("loyalty", "stamps", (1, 12), 0),
    ("store_credit", "NOK", (100, 90_000), 2),
    ("on_account", "NOK", (-90_000, -100), 2),
)
_PROGRAMMES = ("concerts", "theatre", "family")

#: Fields of which a card lacks some, so that blanks meet values.
_OPTIONAL = (
    "other_emails",
    "home_phone",
    "other_phones",
    "street2",
    "region",
    "birth_date",
    "language",
    "notes",
)
_START = datetime(2018, 1, 1, tzinfo=UTC)


class Register(NamedTuple):
    """Customers, the rows that refer to them, and the pairs (master, duplicate) to merge."""

    customers: tuple[Customer, ...]
    rows: dict[str, dict[str, dict[str, str]]]
    pairs: tuple[tuple[str, str], ...]

    def fill(self, store: SqlStore) -> None:
        """Write all of it into an empty store."""
        with store.transaction() as transaction:
            transaction.save([(None, customer) for customer in self.customers])
        for relation, rows in self.rows.items():
            store.add_rows(relation, rows)


def make_register(pairs: int, *, seed: int = 1) -> Register:
    """Return a register of so many pairs; masters come first, duplicates stand in any order."""
    rng = Random(seed)
    places = rng.sample(range(pairs), pairs)
    customers: dict[int, Customer] = {}
    for pair, place in enumerate(places):
        values = _person(rng, pair)
        customers[pair] = _card(rng, values, pair + 1)
        customers[pairs + place] = _card(rng, _typed_again(rng, values), pairs + place + 1)
    cards = tuple(customers[n] for n in sorted(customers))
    return Register(
        customers=cards,
        rows={"memberships": _memberships(rng, cards), "orders": _orders(cards)},
        pairs=tuple((str(n + 1), str(pairs + place + 1)) for n, place in enumerate(places)),
    )


def _person(rng: Random, number: int) -> dict[str, Any]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    postal_code, city = rng.choice(_PLACES)
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}{number}@example.no".lower(),
        "other_emails": [f"{last}{number}@work.example".lower()],
        "mobile": f"+47 9{number % 10_000_000:07}",
        "home_phone": f"+47 2{number % 10_000_000:07}",
        "other_phones": [f"+47 7{number % 10_000_000:07}"],
        "street": f"{rng.choice(_STREETS)} {rng.randint(1, 120)}",
        "street2": f"H0{rng.randint(101, 609)}",
        "postal_code": postal_code,
        "city": city,
        "region": rng.choice(_REGIONS),
        "country": "NO",
        "birth_date": date(1940, 1, 1) + timedelta(days=rng.randrange(25_000)),
        "language": rng.choice(("nb", "nn", "en")),
        "notes": f"Prefers row {rng.randint(1, 30)}",
    }


def _typed_again(rng: Random, values: dict[str, Any]) -> dict[str, Any]:
    """Return the same person as somebody else typed it, years later."""
    first, last, mobile = values["first_name"], values["last_name"], values["mobile"]
    postal_code, city = rng.choice(_PLACES)
    other: dict[str, tuple[float, Any]] = {
        "first_name": (0.2, f"{first[0]}."),
        "last_name": (0.2, last.replace("sen", "ssen")),
        "email": (0.5, values["email"].replace("example.no", "post.example")),
        "other_emails": (0.5, [f"old.{values['email']}"]),
        "mobile": (0.4, mobile.replace("+47 ", "0047")),
        "street": (0.3, f"{rng.choice(_STREETS)} {rng.randint(1, 120)}"),
        "postal_code": (0.3, postal_code),
        "city": (0.3, city),
        "language": (0.2, "en"),
        "notes": (0.8, f"Called about tickets in {rng.randint(2018, 2025)}"),
    }
    return values | {name: new for name, (share, new) in other.items() if rng.random() < share}


def _card(rng: Random, values: dict[str, Any], number: int) -> Customer:
    created = _START + timedelta(hours=number)
    everything = values | {
        "number": f"{100_000 + number}",
        "groups": rng.sample(_GROUPS, rng.randint(1, 3)),
        "flags": rng.sample(_FLAGS, rng.randint(1, 2)),
        "external_ids": {"loyalty_app": [f"app-{number}"], "web_shop": [f"shop-{number}"]},
        "created_at": created,
        "updated_at": created + timedelta(days=rng.randint(1, 900)),
        "extra": {"vat_no": f"NO{number:09}MVA", "seats": Decimal(rng.randint(1, 8))},
    }
    for name in rng.sample(_OPTIONAL, len(everything) - FILLED):
        del everything[name]
    return Customer(
        id=str(number),
        consents=[_consent(rng, *key) for key in rng.sample(_CONSENTS, 5)],
        balances=[_balance(rng, *kind) for kind in rng.sample(_BALANCES, 3)],
        web_profile=_profile(rng, number),
        **everything,
    )


def _consent(rng: Random, purpose: str, channel: str) -> Consent:
    (state,) = rng.choices(list(_STATES), list(_STATES.values()))
    at = _START + timedelta(minutes=rng.randrange(4_000_000))
    return Consent(purpose, channel, state, at=at, source=rng.choice(("checkout", "web", "desk")))


def _balance(rng: Random, kind: str, unit: str, limits: tuple[int, int], decimals: int) -> Balance:
    return Balance(kind, unit, Decimal(rng.randint(*limits)).scaleb(-decimals))


def _profile(rng: Random, number: int) -> WebProfile | None:
    """Four customers in ten have a login."""
    if rng.random() > 0.4:  # noqa: PLR2004  # as the sentence says
        return None
    return WebProfile(
        id=f"w{number}",
        username=f"user{number}",
        has_password=True,
        verified=rng.random() < 0.5,  # noqa: PLR2004  # half of them
        last_login_at=_START + timedelta(hours=rng.randrange(60_000)),
    )


def _memberships(rng: Random, cards: tuple[Customer, ...]) -> dict[str, dict[str, str]]:
    joined = [(c.id, rng.sample(_PROGRAMMES, rng.randint(1, 2))) for c in cards]
    return {
        f"{customer}-{programme}": {"customer": customer, "programme": programme}
        for customer, programmes in joined
        for programme in programmes
    }


def _orders(cards: tuple[Customer, ...]) -> dict[str, dict[str, str]]:
    return {f"{card.id}-{n}": {"customer": card.id} for card in cards for n in range(10)}
