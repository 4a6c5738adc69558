"""Laws of mapping and transfer: what is written reads the same, or is refused."""

from io import StringIO
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import (
    FIELDS,
    BalanceColumn,
    ConsentColumn,
    ConsentState,
    Customer,
    CustomerMapping,
    Joined,
    Kind,
    Mark,
    WebProfileColumns,
)
from dedupkit.errors import ConfigurationError, InvalidFileError
from dedupkit.plans import replay
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing.strategies import customers, registers
from dedupkit.transfer import CustomerFile, plan_import, read_customers, write_customers

PLAIN: Any = {n: n for n, row in FIELDS.items() if row.kind in (Kind.TEXT, Kind.DATE, Kind.MOMENT)}
del PLAIN["merged_into"]
MAPPING = CustomerMapping(
    **PLAIN,
    other_emails=("mail1", "mail2"),
    other_phones=Joined("phones", "|"),
    groups=Joined("groups"),
    flags={"vip": "is_vip", "press": "is_press"},
    consents=[
        ConsentColumn("news", "newsletter", "email", false_means=ConsentState.WITHDRAWN),
        ConsentColumn("sms", "newsletter", "sms", false_means=ConsentState.NEVER_ASKED),
    ],
    web_profile=WebProfileColumns(id="w_id", username="w_name", active="w_active"),
    balances=[
        BalanceColumn("points", "loyalty", "points"),
        BalanceColumn("credit", "store_credit", "NOK"),
    ],
    external_ids={"crm": "crm"},
    allow_merge="allow_merge",
    extra=("vat_no",),
    retire=Mark("merged_into"),
)
BLANK: dict[str, Any] = {**dict.fromkeys(MAPPING.columns), "id": "1"}


class TestMapping:
    """Every change is written so that it reads as it should, or refused; none is lost."""

    @given(customers(), customers())
    def test_changes(self, first: Customer, second: Customer) -> None:
        """A row takes one customer after another, as far as its columns can say them."""
        row, before = BLANK, MAPPING.read(BLANK)
        for after in (first, second, Customer(id="1")):
            try:
                cells = MAPPING.changes(before, after)
            except ConfigurationError:
                continue
            row = {**row, **cells}
            before = MAPPING.read(row)
            assert before == evolve(after, version=before.version)

    @given(customers())
    def test_no_change(self, card: Customer) -> None:
        """A customer that stays as it is writes nothing."""
        assert MAPPING.changes(card, card) == {}


class TestFiles:
    """An export can be imported again."""

    @given(registers())
    def test_rows(self, cards: tuple[Customer, ...]) -> None:
        """Every customer has a row, known by its id; text stays what it was."""
        found = written(cards)

        assert [card.id for card in found.customers] == [card.id for card in cards]
        for card, given_card in zip(found.customers, cards, strict=True):
            assert stripped(card) == stripped(given_card)
            assert (card.balances, card.birth_date, card.allow_merge) == (
                given_card.balances,
                given_card.birth_date,
                given_card.allow_merge,
            )

    @given(registers())
    def test_imports(self, cards: tuple[Customer, ...]) -> None:
        """What was imported is unchanged when it is imported again."""
        file = written(cards)
        preview = plan_import(file, MemoryStore(), request="1")
        created = replay([step for plan in preview.plans for step in plan.steps], {})

        again = plan_import(file, MemoryStore(created), request="2")

        assert len(preview.created) == len(again.unchanged) == len(cards)
        assert (again.plans, again.cells) == ((), ())

    @given(registers(min_size=1), st.data())
    def test_edits(self, cards: tuple[Customer, ...], data: st.DataObject) -> None:
        """Whatever the register holds, importing a file twice changes it once at most."""
        file = written(cards)
        held = data.draw(registers(min_size=1))
        store = MemoryStore([evolve(card, web_profile=None, merged_into=None) for card in held])
        steps = [s for p in plan_import(file, store, request="1").plans for s in p.steps]
        after = MemoryStore(replay(steps, store.customers))

        assert plan_import(file, after, request="2").plans == ()

    @given(st.binary(max_size=300), st.sampled_from([b"id;name\n", b"id,email\r\n", b"", b"id\n"]))
    def test_any_bytes(self, content: bytes, header: bytes) -> None:
        """Whatever the bytes are, they are customers or faults with a place."""
        try:
            found = read_customers(header + content, "a.csv")
        except InvalidFileError as error:
            faults = error.faults
        else:
            faults = ()
            assert len(found.rows) == len(found.customers)
        assert all(fault.problem for fault in faults)


def stripped(card: Customer) -> list[str]:
    """Return the texts of a card without the space around them, which no cell keeps."""
    texts = (getattr(card, name) or "" for name, row in FIELDS.items() if row.kind is Kind.TEXT)
    return [text.strip() for text in texts]


def written(cards: tuple[Customer, ...]) -> CustomerFile:
    """Write active customers to a file and read it."""
    file = StringIO()
    write_customers(cards, file)
    return read_customers(file.getvalue().encode("utf-8", "surrogatepass"), "a.csv")
