"""What a card carries beside its contact data: consents, groups, balances, a web profile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, final

from dedupkit.customers import (
    LOYALTY,
    NEWSLETTER,
    ON_ACCOUNT,
    STORE_CREDIT,
    Balance,
    Consent,
    ConsentState,
    FieldMap,
    WebProfile,
)
from dedupkit.samples.cards import NEWSLETTER as NEWSLETTER_CHANNEL
from dedupkit.samples.cards import WEB_SHOP, Channel, Fields, Visit
from dedupkit.samples.contacts import national
from dedupkit.samples.dice import Dice, Weighted
from dedupkit.samples.people import Person

_FIRST_DAY = datetime(2015, 1, 5, 8, tzinfo=UTC)
_SECONDS = 346_000_000  # from then to the end of 2025
_FIRST_ID = 1001
_FIRST_NUMBER = 20_000

_GROUPS: Weighted[frozenset[str]] = Weighted.of(
    [
        (frozenset[str](), 800),
        (frozenset({"members"}), 90),
        (frozenset({"students"}), 35),
        (frozenset({"seniors"}), 35),
        (frozenset({"members", "seniors"}), 15),
        (frozenset({"press"}), 5),
        (frozenset({"season ticket"}), 20),
    ]
)
_FLAGS: Weighted[frozenset[str]] = Weighted.of(
    [
        (frozenset[str](), 970),
        (frozenset({"vip"}), 14),
        (frozenset({"wheelchair"}), 8),
        (frozenset({"staff"}), 6),
        (frozenset({"secret_address"}), 2),
    ]
)
_COMPANY_GROUPS = frozenset({"companies"})
_NEWSLETTER: Weighted[ConsentState | None] = Weighted.of(
    [
        (None, 55),
        (ConsentState.GRANTED, 34),
        (ConsentState.WITHDRAWN, 6),
        (ConsentState.PENDING, 3),
        (ConsentState.OBJECTED, 2),
    ]
)
_SMS: Weighted[ConsentState | None] = Weighted.of(
    [(None, 85), (ConsentState.GRANTED, 11), (ConsentState.WITHDRAWN, 4)]
)
_NOTES = (
    "Prefers aisle seats",
    "Invoice by e-mail",
    "Calls before noon",
    "Collects at the counter",
    "Asked for a receipt in English",
)


@final
class Office:
    """Hands out ids, numbers, dates and whatever else a register adds to a card.

    Cards are numbered in the order in which they came, which their *slot* tells.
    """

    __slots__ = ("_dice", "_size", "_usernames")

    def __init__(self, size: int, dice: Dice) -> None:
        """Open the office for a register of *size* cards."""
        self._size = size
        self._dice = dice
        self._usernames: set[str] = set()

    def register(self, slot: int, card: Fields, visit: Visit) -> dict[str, Any]:
        """Return the fields that the register adds to a card.

        Args:
            slot: Place of the card in the order of the register, from 0.
            card: Its contact fields.
            visit: How it came in, and whose it is.
        """
        dice, channel, person, origin = self._dice, visit.channel, visit.person, visit.origin
        second = slot * _SECONDS // self._size + dice.below(_SECONDS // self._size)
        created = _FIRST_DAY + timedelta(seconds=second)
        age = _SECONDS - second
        updated = created + timedelta(seconds=dice.below(age)) if dice.chance(0.6) else created
        added: dict[str, Any] = {
            "id": card_id(slot),
            "number": self._number(slot, channel),
            "groups": _COMPANY_GROUPS if person.is_firm else dice.draw(_GROUPS),
            "flags": dice.draw(_FLAGS),
            "consents": tuple(self._consents(card, channel, created)),
            "balances": tuple(self._balances(channel, person)),
            "created_at": created,
            "updated_at": updated,
        }
        if dice.chance(channel.profile):
            added["web_profile"] = self._profile(slot, card, channel, updated)
        if channel is WEB_SHOP and dice.chance(0.2):
            added["external_ids"] = FieldMap(loyalty_app=frozenset({f"LA{slot:07}"}))
        if person.email != origin.email and origin.email and dice.chance(0.08):
            added["other_emails"] = (origin.email,)
        if person.mobile != origin.mobile and origin.mobile and dice.chance(0.08):
            added["other_phones"] = (national(person.country, origin.mobile, spaced=True),)
        if dice.chance(0.015):
            added["notes"] = dice.pick(_NOTES)
        if dice.chance(0.002):
            added["allow_merge"] = False
        return added

    def _number(self, slot: int, channel: Channel) -> str | None:
        """Return the customer number: one series for all, with gaps, and ``W…`` from the web."""
        number = _FIRST_NUMBER + 3 * slot + self._dice.below(3)
        if self._dice.chance(0.03):
            return None
        return f"W{number}" if not channel.buys else str(number)

    def _consents(self, card: Fields, channel: Channel, at: datetime) -> Iterator[Consent]:
        dice = self._dice
        if "email" in card:
            state = dice.draw(_NEWSLETTER)
            if channel is NEWSLETTER_CHANNEL:
                state = ConsentState.GRANTED
            if state:
                endpoint = str(card["email"]) if dice.chance(0.1) else None
                yield Consent(*NEWSLETTER, state, at=at, source=channel.name, endpoint=endpoint)
        if "mobile" in card and (state := dice.draw(_SMS)):
            yield Consent("reminders", "sms", state, at=at, source=channel.name)

    def _balances(self, channel: Channel, person: Person) -> Iterator[Balance]:
        dice = self._dice
        if not channel.buys or person.is_walk_in:
            return
        currency = person.country.currency
        if dice.chance(0.05):
            yield Balance(STORE_CREDIT, currency, _amount(dice.between(500, 150_000)))
        if dice.chance(0.2):
            yield Balance(LOYALTY, "points", Decimal(dice.between(1, 4_000)))
        if dice.chance(0.3 if person.is_firm else 0.01):
            yield Balance(ON_ACCOUNT, currency, _amount(dice.between(-800_000, 50_000)))

    def _profile(self, slot: int, card: Fields, channel: Channel, until: datetime) -> WebProfile:
        dice = self._dice
        username = str(card.get("email", f"user{slot}")).lower()
        if username in self._usernames:
            username = f"{username.partition('@')[0]}{slot}"
        self._usernames.add(username)
        return WebProfile(
            id=f"w{slot}",
            username=username,
            has_password=dice.chance(0.95),
            active=dice.chance(0.93),
            approved_buyer=dice.chance(0.9 if channel.buys else 0.4),
            verified=dice.chance(0.8),
            last_login_at=until if dice.chance(0.7) else None,
        )


def card_id(slot: int) -> str:
    """Return the id of the card in a slot.

    >>> card_id(0)
    '1001'
    """
    return str(_FIRST_ID + slot)


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
