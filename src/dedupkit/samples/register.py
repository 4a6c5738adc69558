"""The generator: a register of customers of which it is known who is who."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, final

from attrs import frozen

from dedupkit.customers import Customer, FieldMap
from dedupkit.errors import ConfigurationError
from dedupkit.samples.cards import (
    FIRST_CARD,
    FURTHER_CARD,
    NEWSLETTER,
    WEB_REGISTRATION,
    Fields,
    Visit,
    missing_clue,
    way_in,
    write_card,
)
from dedupkit.samples.changes import OMISSIONS, SLIPS, Case, live_on, spoil
from dedupkit.samples.contacts import PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES
from dedupkit.samples.country import Country
from dedupkit.samples.dice import Dice, Weighted
from dedupkit.samples.households import CIRCLES, Circle, with_shared_mailboxes_noted
from dedupkit.samples.people import Census, Person
from dedupkit.samples.standing import Office, card_id
from dedupkit.samples.tables import COUNTRIES
from dedupkit.samples.traits import Kind, Trait

#: How the rates of errors at each difficulty compare with those of the tables.
DIFFICULTIES = FieldMap({"easy": 0.5, "medium": 1.0, "hard": 2.0})

#: How many people have how many cards.
_CARDS: Weighted[int] = Weighted.of([(1, 857), (2, 105), (3, 26), (4, 8), (5, 3), (6, 1)])

_FIRST_CARD_SHARE = 0.25  # of the errors of a further card: one that is alike is found, and used
_ONE_OF_EACH = 1_000  # cards from which on every sort of circle is there
_PLACEHOLDER_RATE = 0.02
_ANOTHER_ORDER = 0.45
_CHANNEL_KINDS = {
    WEB_REGISTRATION.name: Kind.WEB_REGISTRATION,
    NEWSLETTER.name: Kind.NEWSLETTER_ONLY,
}
_KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}


@final
@frozen(kw_only=True, repr=False)
class SampleRegister:
    """Customers, and what is true of them.

    Attributes:
        customers: The cards, in the order in which they came into the register.
        truth: Id of each card to the id of the person, or the firm, whose card it is.
        traits: What was done on purpose, by kind and then in the order of the register.
        rows: Rows that refer to customers, as a store holds them: ``"orders"`` → order → customer.

    >>> register = generate_register(300, seed=7)
    >>> register
    SampleRegister(300 customers)
    """

    customers: tuple[Customer, ...]
    truth: FieldMap[str, str]
    traits: tuple[Trait, ...]
    rows: FieldMap[str, FieldMap[str, str]]

    def __repr__(self) -> str:
        return f"SampleRegister({len(self.customers)} customers)"

    def clusters(self) -> tuple[tuple[str, ...], ...]:
        """Return the cards of everybody who has several, in the order of the register."""
        cards: dict[str, list[str]] = {}
        for customer_id, person in self.truth.items():
            cards.setdefault(person, []).append(customer_id)
        return tuple(tuple(ids) for ids in cards.values() if len(ids) > 1)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield every two cards of one person, each pair once, the earlier card first."""
        for ids in self.clusters():
            yield from combinations(ids, 2)

    def of_kind(self, *kinds: Kind | str) -> tuple[Trait, ...]:
        """Return the traits of these kinds; of all kinds where none is named.

        >>> generate_register(1000, seed=7).of_kind(Kind.TWINS)[0].kind.value
        'twins'
        """
        return tuple(trait for trait in self.traits if not kinds or trait.kind in kinds)

    def near_misses(self, *kinds: Kind | str) -> Iterator[tuple[str, str]]:
        """Yield pairs of cards that look alike and must not be merged.

        They are cards of two persons that a tie of one of these kinds, or of any, holds together;
        the earlier card comes first. A pair that two ties hold together comes twice. A tie of many
        persons yields many pairs: ask for the kinds that matter.

        >>> register = generate_register(1000, seed=7)
        >>> any(register.truth[a] == register.truth[b] for a, b in register.near_misses("couple"))
        False
        """
        for trait in self.of_kind(*kinds):
            for left, right in combinations(trait.customers, 2):
                if self.truth[left] != self.truth[right]:
                    yield left, right

    def describe(self) -> str:
        """Return counts of cards, persons and traits, a line each; no personal data."""
        counts: dict[Kind, int] = {}
        for trait in self.traits:
            counts[trait.kind] = counts.get(trait.kind, 0) + 1
        clusters = self.clusters()
        lines = [
            ("customers", len(self.customers)),
            ("persons and firms", len(set(self.truth.values()))),
            ("clusters", len(clusters)),
            ("customers in clusters", sum(map(len, clusters))),
            ("pairs of duplicates", sum(1 for _ in self.pairs())),
            *((f"{name} (rows)", len(rows)) for name, rows in self.rows.items()),
            *((kind.value, count) for kind, count in counts.items()),
        ]
        return "\n".join(f"{name}: {count}" for name, count in lines)


def generate_register(
    size: int,
    *,
    seed: int = 1,
    countries: Iterable[str] = tuple(COUNTRIES),
    difficulty: str = "medium",
) -> SampleRegister:
    """Return a register of made-up customers, some of them in it several times.

    The same arguments give the same register, bit by bit, on every machine and Python. About 28 %
    of the cards belong to somebody who has two to six. Phone numbers and mailboxes are drawn from
    ranges and providers that exist: some may be somebody's, so never write to them.

    Args:
        size: Number of cards, exactly.
        seed: Any whole number.
        countries: ISO 3166 codes out of NO, SE, DK, NL, ES and GB; each gets an equal share.
        difficulty: ``"easy"``, ``"medium"`` or ``"hard"``: half as many errors, as many as the
            tables say, or twice as many. On a hard register some cards of one person have
            nothing in common; on the others they share a contact, an address or a birth date,
            with an error at worst.

    Raises:
        ConfigurationError: *size* is negative, or a country or the difficulty is unknown.

    Cost: about 150 µs and 2.4 kB a card; 2.3 GB for a million.

    >>> register = generate_register(100, seed=7, countries=("NO", "SE"))
    >>> len(register.customers), sorted({c.country for c in register.customers if c.country})
    (100, ['NO', 'SE'])
    """
    codes = tuple(countries)
    unknown = sorted(set(codes) - COUNTRIES.keys())
    if unknown or not codes:
        raise ConfigurationError(
            f"countries: {', '.join(unknown) or 'none given'}; choose from {', '.join(COUNTRIES)}"
        )
    if difficulty not in DIFFICULTIES:
        raise ConfigurationError(f"difficulty must be one of {', '.join(DIFFICULTIES)}")
    if size < 0:
        raise ConfigurationError("size is a number of cards: 0 or more")
    draft = _Draft(size, seed, DIFFICULTIES[difficulty])
    draft.fill(tuple(COUNTRIES[code] for code in codes))
    return draft.finished()


@final
class _Draft:
    """A register while it is made; every card gets a slot of a shuffled order."""

    def __init__(self, size: int, seed: int, factor: float) -> None:
        self._dice = Dice(seed)
        self._census = Census(self._dice)
        self._office = Office(size, self._dice)
        self._factor = factor
        self._free = self._dice.shuffled(range(size))
        self._cards: list[Customer | None] = [None] * size
        self._person_of: list[int] = [0] * size
        self._orders: list[int] = [0] * size
        self._traits: list[tuple[Kind, tuple[int, ...]]] = []
        self._alike: dict[tuple[Kind, str], list[int]] = {}
        self._persons = 0

    def fill(self, countries: tuple[Country, ...]) -> None:
        """Make people until every slot has its card."""
        first = iter(CIRCLES.items if len(self._cards) >= _ONE_OF_EACH else ())
        while self._free:
            make = next(first, None) or self._dice.draw(CIRCLES)
            self._settle(make(self._census, self._dice.pick(countries)))

    def finished(self) -> SampleRegister:
        """Return the register."""
        ids = [card_id(slot) for slot in range(len(self._cards))]
        shared = [
            (kind, tuple(sorted(slots)))
            for (kind, _), slots in self._alike.items()
            if len(slots) > 1
        ]
        traits = sorted(self._traits + shared, key=lambda trait: (_KIND_ORDER[trait[0]], trait[1]))
        buyers = (ids[slot] for slot, count in enumerate(self._orders) for _ in range(count))
        return SampleRegister(
            customers=tuple(card for card in self._cards if card is not None),
            truth=FieldMap(zip(ids, (f"p{person}" for person in self._person_of), strict=True)),
            traits=tuple(Trait(kind, tuple(ids[slot] for slot in slots)) for kind, slots in traits),
            rows=FieldMap(
                orders=FieldMap((f"o{number}", buyer) for number, buyer in enumerate(buyers, 1))
            ),
        )

    def _settle(self, circle: Circle) -> None:
        persons = with_shared_mailboxes_noted(circle.persons)
        slots_of = [self._cards_of(person) for person in persons]
        for kind, places in circle.ties:
            tied = [slots_of[place] for place in places if slots_of[place]]
            if len(tied) > 1:
                self._traits.append((kind, tuple(sorted(slot for slots in tied for slot in slots))))

    def _cards_of(self, origin: Person) -> tuple[int, ...]:
        """Make the cards of one person, the earliest first; return their slots."""
        count = 1 if origin.is_walk_in else self._dice.draw(_CARDS)
        slots = sorted(self._free[-count:])
        del self._free[-count:]
        self._persons += 1
        person = origin
        happened: dict[Kind, str] = {}
        earlier: list[Fields] = []
        for slot in slots:
            if earlier:
                person, events = live_on(self._census, person, self._factor)
                happened |= {event.kind: event.field for event in events}
            channel = way_in(person, FURTHER_CARD if earlier else FIRST_CARD, self._dice)
            visit = Visit(channel=channel, person=person, origin=origin, is_first=not earlier)
            card, kinds = self._written(visit, earlier, happened)
            earlier.append(dict(card))
            self._enter(slot, card, visit, kinds)
        return tuple(slots)

    def _written(
        self, visit: Visit, earlier: list[Fields], happened: Mapping[Kind, str]
    ) -> tuple[Fields, list[Kind]]:
        """Write a card with some fields left out; return it and what happened to it."""
        card = write_card(visit.person, visit.channel, self._dice)
        kinds: list[Kind] = []
        if not visit.channel.insists:
            case = Case(card, visit.person, self._dice)
            kinds += spoil(case, OMISSIONS, self._factor_of(visit))
        copied: Fields = {}
        if earlier and self._factor <= DIFFICULTIES["medium"]:
            copied = missing_clue(card, earlier, visit.channel, self._dice)
        shown = card.keys() - copied.keys()
        return card | copied, kinds + [kind for kind, name in happened.items() if name in shown]

    def _enter(self, slot: int, card: Fields, visit: Visit, kinds: list[Kind]) -> None:
        """Let things go wrong on a card, and put it into the register."""
        channel, dice = visit.channel, self._dice
        if not visit.person.is_walk_in:
            kinds += spoil(Case(card, visit.person, dice), SLIPS, self._factor_of(visit))
        if channel.name in _CHANNEL_KINDS:
            kinds.append(_CHANNEL_KINDS[channel.name])
        self._note_alike(slot, card, visit)
        fields: dict[str, Any] = card | self._office.register(slot, card, visit)
        self._cards[slot] = Customer(**fields)
        self._person_of[slot] = self._persons
        self._traits += ((kind, (slot,)) for kind in kinds)
        if channel.buys:
            self._orders[slot] = 1
            while dice.chance(_ANOTHER_ORDER):
                self._orders[slot] += 1

    def _note_alike(self, slot: int, card: Fields, visit: Visit) -> None:
        """Type something into fields that a form insists on, as clerks do; note what is alike."""
        dice, person = self._dice, visit.person
        if person.is_walk_in:
            self._alike.setdefault((Kind.WALK_IN, person.surname), []).append(slot)
        for name, choices in (("email", PLACEHOLDER_EMAILS), ("mobile", PLACEHOLDER_PHONES)):
            if name not in card and visit.channel.buys and dice.chance(_PLACEHOLDER_RATE):
                value = dice.pick(choices).format(domain=person.country.domain)
                card[name] = value
                self._alike.setdefault((Kind.PLACEHOLDER, value), []).append(slot)

    def _factor_of(self, visit: Visit) -> float:
        return self._factor * (_FIRST_CARD_SHARE if visit.is_first else 1.0)
