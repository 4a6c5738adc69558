"""The customer value."""

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st

from dedupkit.customers import (
    FIELDS,
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    FieldMap,
    WebProfile,
    lowest_number,
)
from dedupkit.customers.customer import evolve_customer
from dedupkit.errors import InvalidCustomerError
from dedupkit.testing.strategies import balances, consents, customers

GRANTED, OBJECTED = ConsentState.GRANTED, ConsentState.OBJECTED


def test_blank_strings_become_none() -> None:
    """A blank field is a missing field."""
    assert Customer(id="1", email="  ", city="") == Customer(id="1")


def test_collections_are_frozen() -> None:
    """Lists, sets and dicts are taken and kept as frozen values."""
    card = Customer(
        id="1",
        groups=["b", "a"],
        other_emails=["x@y.no", " ", "x@y.no"],
        external_ids={"crm": ["7"]},
    )

    assert card.groups == frozenset({"a", "b"})
    assert card.other_emails == ("x@y.no",)
    assert card.external_ids == FieldMap({"crm": frozenset({"7"})})


def test_never_changes() -> None:
    """A customer cannot be changed, only evolved."""
    card = Customer(id="1")

    with pytest.raises(FrozenInstanceError):
        card.city = "Oslo"  # type: ignore[misc]  # what is tested
    assert evolve(card, city="Oslo").city == "Oslo"


def test_consents_and_balances_are_sorted() -> None:
    """The order in which they are given makes no difference."""
    consents = [Consent("b", "sms", GRANTED), Consent("a", "email", GRANTED, endpoint="x@y.no")]
    balances = [Balance("loyalty", "points", 1), Balance("loyalty", "points", 2, programme="club")]

    forward = Customer(id="1", consents=consents, balances=balances)
    backward = Customer(id="1", consents=consents[::-1], balances=balances[::-1])

    assert forward == backward


def test_a_balance_of_zero_is_none() -> None:
    """A zero amount is no balance."""
    assert Customer(id="1", balances=[Balance("loyalty", "points", 0)]).balances == ()


def test_own_fields_without_a_value_are_left_out() -> None:
    """None and blanks of the host's own fields are missing."""
    assert Customer(id="1", extra={"a": None, "b": " ", "c": False}).extra == {"c": False}


def test_faults_are_named_all_at_once_without_their_values() -> None:
    """Construction names every field of the wrong shape, and no personal data."""
    with pytest.raises(InvalidCustomerError) as caught:
        Customer(
            id="17",
            email=3,  # type: ignore[arg-type]  # what is tested
            country="Norge",
            flags="vip",
            birth_date=datetime(1980, 1, 1, tzinfo=UTC),
            updated_at=datetime(2020, 1, 1),  # noqa: DTZ001  # what is tested
            merged_into="17",
            external_ids="crm",  # type: ignore[arg-type]  # what is tested
            extra={"secret": 1.5},  # type: ignore[dict-item]  # what is tested
        )

    assert caught.value.customer_id == "17"
    assert [fault.field for fault in caught.value.faults] == [
        "email",
        "country",
        "birth_date",
        "flags",
        "external_ids",
        "updated_at",
        "extra",
        "merged_into",
    ]
    assert "Norge" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults  # noqa: S301


@pytest.mark.parametrize(
    "field", ["groups", "other_emails", "consents", "balances", "external_ids", "extra"]
)
def test_what_is_no_collection_is_named_by_its_field(field: str) -> None:
    """A number where several values belong is a fault of the customer, not a crash."""
    with pytest.raises(InvalidCustomerError) as caught:
        Customer(id="1", **{field: 5})  # type: ignore[arg-type]  # what is tested

    assert [fault.field for fault in caught.value.faults] == [field]


@pytest.mark.parametrize("wrong", ["", " ", None, 7])
def test_an_id_is_required(wrong: object) -> None:
    """The id is text that is not blank."""
    with pytest.raises(InvalidCustomerError, match="id: must be text"):
        Customer(id=wrong)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("consents", [Consent("a", "sms", GRANTED), Consent("a", "sms", OBJECTED)]),
        ("balances", [Balance("loyalty", "points", 1), Balance("loyalty", "points", 2)]),
    ],
)
def test_keys_are_unique(field: str, values: list[object]) -> None:
    """A customer has one consent and one balance of each key."""
    with pytest.raises(InvalidCustomerError, match=f"{field}: has several entries of one key"):
        Customer(id="1", **{field: values})  # type: ignore[arg-type]  # by name


def test_collections_of_the_wrong_values_are_refused() -> None:
    """A collection holds values of its own type."""
    with pytest.raises(InvalidCustomerError, match=r"consents: .*; balances: "):
        Customer(id="1", consents=["yes"], balances=[3])  # type: ignore[list-item]  # as tested


def test_repr_shows_no_values() -> None:
    """The repr names the fields that have a value, and the id alone as a value."""
    card = Customer(id="1", first_name="Bjørn", allow_merge=False)

    assert repr(card) == "Customer('1', first_name, allow_merge)"


def test_describe_shows_values() -> None:
    """The description shows what a clerk wants to see."""
    card = Customer(
        id="1",
        other_addresses=[Address(street="Storgata 1", postal_code="0155", city="Oslo")],
        birth_date=date(1980, 2, 29),
        flags=["vip", "press"],
        consents=[Consent("newsletter", "email", GRANTED, endpoint="a@b.no")],
        balances=[Balance("loyalty", "points", Decimal(5), programme="club")],
        web_profile=WebProfile(id="w1", username="anna"),
        external_ids={"crm": ["7"]},
    )

    assert card.describe().splitlines() == [
        "id: 1",
        "other_addresses: Storgata 1, 0155 Oslo",
        "birth_date: 1980-02-29",
        "flags: press, vip",
        "consents: newsletter by email granted (a@b.no)",
        "web_profile: anna",
        "balances: loyalty 5 points (club)",
        "external_ids: crm = 7",
    ]


@pytest.mark.parametrize("amount", [Decimal("1.5E+2"), Decimal("150.00"), Decimal(150)])
def test_equal_numbers_read_alike(amount: Decimal) -> None:
    """In balances and in the host's own fields, in plain digits."""
    card = Customer(id="1", balances=[Balance("gift", "NOK", amount)], extra={"limit": amount})
    assert card.describe().splitlines() == [
        "id: 1",
        "balances: gift 150 NOK",
        "extra: limit = 150",
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"first_name": "Anna", "last_name": "Larsen", "company": "Fjord"}, "Anna Larsen"),
        ({"name": "Anna Larsen"}, "Anna Larsen"),
        ({"company": "Fjord"}, "Fjord"),
        ({}, "customer 1"),
    ],
)
def test_display_name(fields: dict[str, str], expected: str) -> None:
    """A card is called by its person, else its company, else its id."""
    assert Customer(id="1", **fields).display_name == expected  # type: ignore[arg-type]  # by name


def test_is_active() -> None:
    """A retired card is not active."""
    assert Customer(id="1").is_active
    assert not Customer(id="1", merged_into="2").is_active


def test_lowest_number_puts_numbers_before_texts_and_blanks() -> None:
    """Numeric numbers come first by value, then texts, then none; ties go by id."""
    cards = [
        Customer(id="a"),
        Customer(id="b", number="A1"),
        Customer(id="c", number="10"),
        Customer(id="10", number="9"),
        Customer(id="9", number="9"),
    ]

    assert [card.id for card in sorted(cards, key=lowest_number)] == ["9", "10", "c", "b", "a"]


class TestPermits:
    """``permits`` is the only reader of consents."""

    def test_nothing_said_permits_nothing(self) -> None:
        """Without a grant the answer is no."""
        assert not Customer(id="1", email="a@b.no").wants_newsletter

    def test_a_grant_permits(self) -> None:
        """A grant without endpoint permits the channel."""
        assert Customer(id="1", consents=[Consent("newsletter", "email", GRANTED)]).wants_newsletter

    @pytest.mark.parametrize("state", [ConsentState.PENDING, ConsentState.NEVER_ASKED])
    def test_weaker_states_permit_nothing(self, state: ConsentState) -> None:
        """Pending and never asked are no grants."""
        card = Customer(id="1", consents=[Consent("newsletter", "email", state)])

        assert not card.wants_newsletter

    def test_a_bound_grant_permits_its_endpoint_alone(self) -> None:
        """A grant that is bound to one address says nothing of another."""
        granted = Consent("newsletter", "email", GRANTED, endpoint="Old@b.no")
        card = Customer(id="1", email="new@b.no", consents=[granted])

        assert not card.permits("newsletter", "email")
        assert card.permits("newsletter", "email", "old@b.no")

    def test_a_refusal_of_the_channel_covers_every_endpoint(self) -> None:
        """A refusal without endpoint outweighs a grant for one."""
        consents = [
            Consent("newsletter", "email", OBJECTED),
            Consent("newsletter", "email", GRANTED, endpoint="a@b.no"),
        ]

        assert not Customer(id="1", email="a@b.no", consents=consents).wants_newsletter

    def test_phones_are_compared_without_punctuation(self) -> None:
        """Spaces and dashes make no other number."""
        refusal = Consent("offers", "sms", OBJECTED, endpoint="+47 912-34.567")
        consents = [Consent("offers", "sms", GRANTED), refusal]

        assert not Customer(id="1", mobile="+4791234567", consents=consents).permits(
            "offers", "sms"
        )
        assert Customer(id="1", mobile="+4791234568", consents=consents).permits("offers", "sms")


def test_numbers_of_any_length_are_ordered_by_their_value() -> None:
    """Also those of more digits than Python reads as a number."""
    ids = ["9" * 5_000, "10", "009", "9"]
    cards = sorted((Customer(id=i) for i in ids), key=lowest_number)
    assert [card.id for card in cards] == ["009", "9", "10", "9" * 5_000]


def test_own_numbers_are_numbers() -> None:
    """What does not equal itself could never be read back as it was written."""
    with pytest.raises(InvalidCustomerError, match="finite Decimal"):
        Customer(id="1", extra={"limit": Decimal("NaN")})


def evolved(way: Callable[..., Customer], card: Customer, changes: dict[str, object]) -> object:
    """What comes of a way to evolve: a customer, or what is wrong with it."""
    try:
        return way(card, changes)
    except InvalidCustomerError as error:
        return error.customer_id, error.faults


class TestEvolveCustomer:
    @given(customers(), customers(), st.sets(st.sampled_from(sorted(FIELDS))), st.data())
    def test_it_is_evolving_by_making_anew(
        self, card: Customer, other: Customer, names: set[str], data: st.DataObject
    ) -> None:
        """With another card's values, and with some that no field or only some fields can hold."""
        strange = st.sampled_from([None, "", "1", 7, ("no",), Decimal("NaN"), {"a": None}])
        changes = {
            name: data.draw(strange) if data.draw(st.booleans()) else getattr(other, name)
            for name in sorted(names)
        }
        anew = evolved(lambda one, values: evolve(one, **values), card, changes)
        assert anew == evolved(evolve_customer, card, changes)

    def test_all_faults_are_told_at_once(self) -> None:
        """Of the new values, and of two fields that do not go together."""
        with pytest.raises(InvalidCustomerError) as caught:
            evolve_customer(Customer(id="1"), {"country": "no", "merged_into": "1"})
        assert [fault.field for fault in caught.value.faults] == ["country", "merged_into"]


class TestValuesInOrder:
    """What is frozen and sorted already is taken as it is."""

    @given(st.lists(consents(), max_size=4), st.lists(balances(), max_size=4), st.booleans())
    @example([], [Balance("loyalty", "points", 0)], True)
    def test_it_makes_no_difference(
        self, said: list[Consent], held: list[Balance], in_order: bool
    ) -> None:
        """A tuple comes to what a list of the same values comes to, or has the same faults."""
        if in_order:
            said.sort(key=lambda value: (value.purpose, value.channel))
            held.sort(key=lambda value: (value.kind, value.unit))
        taken: dict[str, object] = {"consents": tuple(said), "balances": tuple(held)}
        listed: dict[str, object] = {"consents": said, "balances": held}

        card = Customer(id="1")
        assert evolved(evolve_customer, card, taken) == evolved(evolve_customer, card, listed)

    @pytest.mark.parametrize("field", ["consents", "balances"])
    def test_values_of_another_class_are_refused(self, field: str) -> None:
        """Whatever they are given in."""
        with pytest.raises(InvalidCustomerError, match=field):
            Customer(id="1", **{field: ("no", "yes")})  # type: ignore[arg-type]  # what is tested
