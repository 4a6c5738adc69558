"""The mapping of a host's columns."""

import pickle
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from attrs import evolve

from dedupkit.customers import (
    Balance,
    BalanceColumn,
    Consent,
    ConsentColumn,
    ConsentState,
    Customer,
    CustomerMapping,
    Deactivate,
    Delete,
    FieldMap,
    Joined,
    Mark,
    WebProfile,
    WebProfileColumns,
)
from dedupkit.errors import ConfigurationError, InvalidCustomerError

NEVER_ASKED, WITHDRAWN = ConsentState.NEVER_ASKED, ConsentState.WITHDRAWN
NEWS = ConsentColumn("news", "newsletter", "email", false_means=NEVER_ASKED)


class NamedRow(NamedTuple):
    """A row with attributes that is a sequence too."""

    pk: int
    fornavn: str


SMALL = CustomerMapping(id="pk", first_name="fornavn")


def test_keys_attributes_and_database_rows_are_read_alike() -> None:
    """A row may be a dict, an object, a named tuple or a row of a database."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    found = database.execute("select 7 as pk, 'Anna' as fornavn").fetchone()
    database.close()
    rows = (
        {"pk": 7, "fornavn": "Anna"},
        SimpleNamespace(pk=7, fornavn="Anna"),
        NamedRow(pk=7, fornavn="Anna"),
        found,
    )

    assert set(SMALL.read_all(rows)) == {Customer(id="7", first_name="Anna")}


def test_rows_of_sqlalchemy_are_read_by_column() -> None:
    """A column may bear the name of a method of such rows."""
    sa = pytest.importorskip("sqlalchemy")
    with sa.create_engine("sqlite://").connect() as connection:
        row = connection.execute(sa.text("select 7 as pk, 'Anna' as count")).one()

    assert CustomerMapping(id="pk", first_name="count").read(row).first_name == "Anna"


@pytest.mark.parametrize("row", [{"pk": 1}, SimpleNamespace(pk=1)])
def test_missing_columns_are_named(row: object) -> None:
    """A row that lacks columns of the mapping is refused, with their names."""
    with pytest.raises(ConfigurationError, match="lacks 'fornavn'"):
        SMALL.read(row)


def test_a_row_without_key_is_refused() -> None:
    """Nobody can be merged without an id."""
    with pytest.raises(InvalidCustomerError, match="id"):
        SMALL.read({"pk": " ", "fornavn": "Anna"})


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("email", "  ", None),
        ("email", " a@b.no ", "a@b.no"),
        ("mobile", 4791234567.0, "4791234567"),
        ("mobile", float("nan"), None),
        ("country", "norge", "NO"),
        ("country", "dk", "DK"),
        ("country", "Narnia", None),
        ("birth_date", "1980-02-29", date(1980, 2, 29)),
        ("birth_date", "1980-02-30", None),
        ("birth_date", datetime(1980, 2, 29, 1, tzinfo=UTC), date(1980, 2, 29)),
        ("birth_date", date(1980, 2, 29), date(1980, 2, 29)),
        ("created_at", "2020-01-02T03:04:05", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("created_at", date(2020, 1, 2), datetime(2020, 1, 2, tzinfo=UTC)),
        ("allow_merge", None, True),
        ("allow_merge", "nei", False),
        ("groups", "members", {"members"}),
        ("groups", ["a", None, "b"], {"a", "b"}),
        ("groups", 7, {"7"}),
        ("other_emails", ["a@b.no", "a@b.no"], ("a@b.no",)),
        ("kept_for", 3, "3"),
    ],
)
def test_cells_become_values(field: str, cell: object, value: object) -> None:
    """Cells are read as what their field holds, and as missing where they hold no such thing."""
    mapping = CustomerMapping(id="pk", **{field: "column"})  # type: ignore[arg-type]  # by field

    assert getattr(mapping.read({"pk": 1, "column": cell}), field) == value


WIDE: dict[str, Any] = {
    "id": "pk",
    "first_name": "fornavn",
    "country": "land",
    "other_emails": ("email2", "email3"),
    "other_phones": Joined("phones", ";"),
    "birth_date": "born",
    "groups": Joined("grupper"),
    "flags": {"vip": "is_vip", "secret": "is_secret"},
    "consents": (
        NEWS,
        ConsentColumn("sms", "offers", "sms", false_means=WITHDRAWN, at="sms_at", source="sms_by"),
    ),
    "web_profile": WebProfileColumns(id="web", username="login", has_password="pw", active="on"),  # noqa: S106  # a column
    "balances": (BalanceColumn("points", "loyalty", "points", programme="club"),),
    "external_ids": {"app": "app_id"},
    "allow_merge": "mergeable",
    "updated_at": "changed",
    "extra": {"vat_no": "orgnr", "segment": "segment"},
    "retire": Mark("merged_into"),
    "id_type": int,
}
MAPPING = CustomerMapping(**WIDE)
ROW = {
    "pk": 7,
    "fornavn": "Anna",
    "land": "Sverige",
    "email2": "",
    "email3": "c@d.se",
    "phones": "123;456",
    "born": date(1980, 1, 2),
    "grupper": "b, a",
    "is_vip": 1,
    "is_secret": False,
    "news": True,
    "sms": False,
    "sms_at": datetime(2020, 1, 1, tzinfo=UTC),
    "sms_by": "checkout",
    "web": 70,
    "login": "anna",
    "pw": "a hash",
    "on": True,
    "points": 12.5,
    "app_id": 99,
    "mergeable": True,
    "changed": datetime(2021, 1, 1, tzinfo=UTC),
    "orgnr": 12,
    "segment": None,
    "merged_into": None,
}
CARD = Customer(
    id="7",
    first_name="Anna",
    country="SE",
    other_emails=["c@d.se"],
    other_phones=["123", "456"],
    birth_date=date(1980, 1, 2),
    groups=["a", "b"],
    flags=["vip"],
    consents=[
        Consent("newsletter", "email", ConsentState.GRANTED),
        Consent("offers", "sms", WITHDRAWN, at=datetime(2020, 1, 1, tzinfo=UTC), source="checkout"),
    ],
    web_profile=WebProfile(id="70", username="anna", has_password=True),
    balances=[Balance("loyalty", "points", Decimal("12.5"), programme="club")],
    external_ids={"app": ["99"]},
    updated_at=datetime(2021, 1, 1, tzinfo=UTC),
    extra={"vat_no": 12},
)


def test_every_kind_of_column_is_read() -> None:
    """Flags, groups, consents, balances, profiles, ids and own fields find their place."""
    assert MAPPING.read(ROW) == CARD


AFTER = evolve(
    CARD,
    first_name=None,
    country="NO",
    other_emails=["x@y.no", "c@d.se"],
    other_phones=[],
    birth_date=None,
    groups=["c", "a"],
    flags=["secret"],
    consents=[Consent("newsletter", "email", NEVER_ASKED)],
    web_profile=None,
    balances=[],
    external_ids={},
    allow_merge=False,
    updated_at=datetime(2022, 1, 1, tzinfo=UTC),
    extra={"segment": "a"},
    merged_into="3",
)


def test_changes_are_the_columns_that_differ() -> None:
    """Only what differs is written, in the host's types."""
    assert MAPPING.changes(CARD, CARD) == {}
    assert MAPPING.changes(CARD, AFTER) == {
        "fornavn": None,
        "land": "NO",
        "email2": "x@y.no",
        "email3": "c@d.se",
        "phones": None,
        "born": None,
        "grupper": "a,c",
        "is_vip": False,
        "is_secret": True,
        "news": False,
        "sms": None,
        "sms_at": None,
        "sms_by": None,
        "web": None,
        "login": None,
        "pw": False,
        "on": False,
        "points": Decimal(0),
        "app_id": None,
        "mergeable": False,
        "changed": datetime(2022, 1, 1, tzinfo=UTC),
        "orgnr": None,
        "segment": "a",
        "merged_into": 3,
    }


@pytest.mark.parametrize(("before", "after"), [(CARD, AFTER), (AFTER, CARD)])
def test_what_was_written_reads_as_it_should(before: Customer, after: Customer) -> None:
    """Reading a row after its changes gives the customer that they were made for."""
    row = {**ROW, **MAPPING.changes(CARD, before)}

    assert MAPPING.read({**row, **MAPPING.changes(before, after)}) == after


def test_what_the_columns_cannot_express_is_refused_by_name() -> None:
    """No change is lost silently: every field that has no place is named at once."""
    after = evolve(
        CARD,
        last_name="Ek",
        other_emails=["a", "b", "c"],
        other_phones=["1;2"],
        flags=["vip", "unknown"],
        consents=[Consent("newsletter", "email", ConsentState.OBJECTED)],
        external_ids={"app": ["1", "2"]},
        extra={"vat_no": 12, "unknown": 1},
        kept_for="3",
    )

    with pytest.raises(ConfigurationError) as caught:
        MAPPING.changes(CARD, after)

    named = "last_name, kept_for, other_emails, other_phones, flags, consents, external_ids, extra"
    assert f"cannot express {named} of customer '7'" in str(caught.value)


def test_retiring_needs_a_declaration() -> None:
    """Without ``retire=`` a merge cannot end in this table."""
    with pytest.raises(ConfigurationError, match="merged_into"):
        SMALL.changes(Customer(id="1"), Customer(id="1", merged_into="2"))


def test_bookkeeping_may_have_no_column() -> None:
    """A host without change dates and versions loses nothing."""
    after = Customer(id="1", updated_at=datetime(2022, 1, 1, tzinfo=UTC), version="2")

    assert SMALL.changes(Customer(id="1"), after) == {}


def test_deactivated_rows_are_retired_where_they_redirect() -> None:
    """An inactive row is a retired card where the store knows its master, else one to leave be."""
    mapping = CustomerMapping(id="pk", retire=Deactivate("active"))
    row = {"pk": 1, "active": 0}

    assert mapping.read(row, merged_into="2") == Customer(id="1", merged_into="2")
    assert mapping.read(row) == Customer(id="1", allow_merge=False)
    assert mapping.read({"pk": 1, "active": None}) == Customer(id="1")
    retired = Customer(id="1", merged_into="2")
    assert mapping.changes(Customer(id="1"), retired) == {"active": False}
    assert mapping.changes(retired, Customer(id="1")) == {"active": True}


def test_deleting_needs_no_column() -> None:
    """The store deletes the row, so that nothing of it changes."""
    mapping = CustomerMapping(id="pk", retire=Delete())

    assert mapping.changes(Customer(id="1"), Customer(id="1", merged_into="2")) == {}


def test_a_row_that_points_at_itself_is_no_redirect() -> None:
    """Hosts that write a row's own id as its master mean an active card."""
    mapping = CustomerMapping(id="pk", retire=Mark("master"))

    assert mapping.read({"pk": 1, "master": 1}).is_active


def test_a_new_customer_leaves_the_key_to_the_host() -> None:
    """A provisional id is never written, a chosen one is."""
    card = Customer(id="new-1", first_name="Anna")

    assert SMALL.changes(None, card) == {"fornavn": "Anna"}
    assert SMALL.changes(None, evolve(card, id="9")) == {"pk": "9", "fornavn": "Anna"}


def test_the_host_s_conventions_are_kept() -> None:
    """Blanks, countries and moments are written as the host writes them."""
    zone = timezone(timedelta(hours=1))
    mapping = CustomerMapping(
        id="pk",
        city="city",
        country="country",
        updated_at="changed",
        blank="",
        countries={"NO": "Noreg"},
        naive_in=zone,
    )
    naive = datetime(2020, 1, 1, 12, 0)  # noqa: DTZ001  # what such hosts store
    before = mapping.read({"pk": 1, "city": "Oslo", "country": "noreg", "changed": naive})
    after = evolve(
        before, city=None, country=None, updated_at=datetime(2020, 1, 1, 12, 0, tzinfo=UTC)
    )

    assert (before.country, before.updated_at) == ("NO", datetime(2020, 1, 1, 11, tzinfo=UTC))
    assert mapping.changes(before, after) == {
        "city": "",
        "country": "",
        "changed": naive + timedelta(hours=1),
    }
    assert mapping.changes(after, before)["country"] == "Noreg"


def test_a_balance_that_is_no_number_is_refused() -> None:
    """A missing amount would count as zero, so an unreadable one is an error without the value."""
    mapping = CustomerMapping(id="pk", balances=[BalanceColumn("saldo", "store_credit", "NOK")])

    with pytest.raises(InvalidCustomerError, match="balances") as caught:
        mapping.read({"pk": 1, "saldo": "lots"})

    assert "lots" not in str(caught.value)


def test_amounts_are_written_in_the_type_of_their_column() -> None:
    """A column of whole numbers gets whole numbers, and refuses a fraction."""
    points = BalanceColumn("points", "loyalty", "points", number_type=int)
    mapping = CustomerMapping(id="pk", balances=[points])
    after = Customer(id="1", balances=[Balance("loyalty", "points", 12)])

    cells = mapping.changes(Customer(id="1"), after)

    assert cells == {"points": 12}
    assert type(cells["points"]) is int
    with pytest.raises(ConfigurationError, match="balances"):
        mapping.changes(after, evolve(after, balances=[Balance("loyalty", "points", "1.5")]))


@pytest.mark.parametrize(
    ("cell", "amount"), [("12,0", None), (0.1, "0.1"), ("7.50", "7.5"), (3, "3")]
)
def test_amounts_are_exact(cell: object, amount: str | None) -> None:
    """Floats count as they print, text as a decimal number."""
    mapping = CustomerMapping(id="pk", balances=[BalanceColumn("saldo", "store_credit", "NOK")])
    if amount is None:
        with pytest.raises(InvalidCustomerError):
            mapping.read({"pk": 1, "saldo": cell})
    else:
        assert mapping.read({"pk": 1, "saldo": cell}).balances[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(1.5, Decimal("1.5")), (1e300, "1e+300"), (True, True), (date(2020, 1, 1), date(2020, 1, 1))],
)
def test_own_fields_keep_their_types(cell: object, value: object) -> None:
    """Own fields hold what the host holds, floats as exact numbers."""
    mapping = CustomerMapping(id="pk", extra="own")

    assert mapping.read({"pk": 1, "own": cell}).extra == FieldMap(own=value)


def test_one_column_stands_for_one_field() -> None:
    """A column under two fields could not be written, so the mapping is refused."""
    with pytest.raises(ConfigurationError, match="'a' would stand for two fields"):
        CustomerMapping(id="pk", first_name="a", last_name="a")


def test_one_consent_has_one_column() -> None:
    """Two columns of one consent or balance contradict each other."""
    with pytest.raises(ConfigurationError, match="two columns"):
        CustomerMapping(id="pk", consents=[NEWS, evolve(NEWS, column="other")])


def test_false_must_be_explained() -> None:
    """What an unticked box means is the host's to say, and never a grant."""
    with pytest.raises(ConfigurationError, match="false_means"):
        ConsentColumn("news", "newsletter", "email", false_means=ConsentState.GRANTED)


def test_mappings_are_values() -> None:
    """Equal declarations are equal mappings, and can be keys."""
    assert CustomerMapping(**WIDE) == MAPPING
    assert hash(CustomerMapping(**WIDE)) == hash(MAPPING)


def test_a_mapping_can_be_pickled() -> None:
    """So that other processes read the same rows."""
    mapping = CustomerMapping(id="pk", first_name="fornavn", extra=("vat_no",), id_type=int)
    again = pickle.loads(pickle.dumps(mapping))  # noqa: S301  # our own bytes
    assert again == mapping
    assert again.read({"pk": 1, "fornavn": "Anna", "vat_no": None}).first_name == "Anna"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"id": " "}, "id must name a column"),
        ({"id": 5}, "id must name a column"),
        ({"retire": "active"}, "retire must be Mark"),
        ({"consents": "newsletter"}, "consents must be a collection of ConsentColumn"),
        ({"balances": ["points"]}, "balances must be a collection of BalanceColumn"),
        ({"id_type": "int"}, "id_type must be callable"),
        ({"naive_in": "Europe/Oslo"}, "naive_in must be a tzinfo"),
    ],
)
def test_declarations_of_the_wrong_shape_are_told(wrong: dict[str, Any], problem: str) -> None:
    """Rather than read as if they were not there."""
    with pytest.raises(ConfigurationError, match=problem):
        CustomerMapping(**{"id": "pk", **wrong})
