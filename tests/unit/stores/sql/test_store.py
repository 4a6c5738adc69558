"""The register in a database."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import Customer, Judgement, Verdict, WebProfile
from dedupkit.errors import ConfigurationError, StaleWriteError, StoreError
from dedupkit.execution import execute, undo
from dedupkit.plans import (
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MovedRows,
    PlanKind,
    Receipt,
    Relation,
    Repoint,
    Retire,
)
from dedupkit.ports import (
    GroupTransaction,
    JudgementStore,
    SupportsGroups,
    SupportsHistory,
    SupportsHolders,
    SupportsRows,
    SupportsSearch,
)
from dedupkit.stores.sql import SqlStore
from dedupkit.stores.sql.connecting import open_engine

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in a file."""
    return f"sqlite:///{tmp_path / 'register.db'}"


def filled(bind: str | sa.Engine | sa.Connection = "sqlite://", count: int = 3) -> SqlStore:
    """A register of some customers with an order each."""
    store = SqlStore.create(bind, relations=["orders"])
    with store.transaction() as tx:
        tx.save([(None, Customer(id=f"new-{n}", first_name=f"Anna {n}")) for n in range(count)])
    store.add_rows("orders", {f"o{n + 1}": str(n + 1) for n in range(count)})
    return store


def merge(store: SqlStore, master: str, card: str) -> Receipt:
    """Merge one card into another."""
    plan = MergePlan(
        master_id=master,
        duplicates=[DuplicateCard(card, Disposition.DELETE)],
        expects=map(Expectation.of, store.get([master, card]).values()),
        steps=[Repoint("orders", card, master), Retire(card, master)],
    )
    return execute(plan, store, by="anna", at=AT)


class TestCreate:
    def test_a_register_stays_in_its_file(self, url: str) -> None:
        """Customers, rows, relations, receipts and judgements are there the next time."""
        store = filled(url)
        receipt = merge(store, "1", "2")
        store.judge([Judgement("1", "3", Verdict.DIFFERENT)])
        store.close()
        again = SqlStore.create(url)
        assert again.relations == (Relation("orders"),)
        assert again.get(["2"])["2"].merged_into == "1"
        assert list(again.history(["2"])) == [receipt]
        assert len(list(again.judgements())) == 1
        undo(receipt, again, by="ben", at=AT)
        assert again.counts("orders", ["1", "2"]) == {"1": 1, "2": 1}
        again.close()

    def test_a_relation_declared_anew_replaces_what_was_known(self, url: str) -> None:
        """Others stay."""
        filled(url).close()
        relation = Relation("orders", collision="keep_master", column="buyer", unique=("no",))
        store = SqlStore.create(url, relations=[relation, "letters"])
        store.close()
        reopened = SqlStore.create(url)
        assert set(reopened.relations) == {relation, Relation("letters")}
        reopened.close()

    def test_tables_of_another_version_are_refused(self, url: str) -> None:
        """Both versions are named."""
        filled(url).close()
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE counters SET value = 9 WHERE name = 'schema'")
        engine.dispose()
        with pytest.raises(ConfigurationError, match="version 9; this library reads version 2"):
            SqlStore.create(url)

    def test_it_satisfies_the_optional_ports(self) -> None:
        """All but lookups and groups of duplicates."""
        store = filled()
        ports = (JudgementStore, SupportsGroups, SupportsHistory, SupportsHolders, SupportsRows)
        assert all(isinstance(store, port) for port in (*ports, SupportsSearch))
        with store.transaction() as tx:
            assert isinstance(tx, GroupTransaction)
        assert repr(store) == "<SqlStore on sqlite>"


class TestConnections:
    @pytest.mark.parametrize("opens", [sa.create_engine, open_engine], ids=["host's", "ours"])
    def test_it_joins_the_transaction_of_a_connection(
        self, opens: Callable[[str], sa.Engine]
    ) -> None:
        """And never commits what it did not begin, whether SQLite's driver has begun or not."""
        engine = opens("sqlite://")
        with engine.connect() as connection:
            store = filled(connection)
            connection.commit()
            connection.execute(sa.text("SELECT 1"))
            with store.transaction() as tx:
                card = tx.load(["1"])["1"]
                tx.save([(card, evolve(card, first_name="Lost"))])
            assert store.get(["1"])["1"].first_name == "Lost"
            connection.rollback()
            assert store.get(["1"])["1"].first_name == "Anna 0"

    def test_a_failure_takes_back_only_its_own_part(self) -> None:
        """What the host wrote before in the same transaction stays."""
        engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        with engine.connect() as connection:
            store = filled(connection)
            with connection.begin():
                store.judge([Judgement("1", "2", Verdict.SAME)])
                with suppress(RuntimeError), store.transaction() as tx:
                    tx.save([(None, Customer(id="9"))])
                    raise RuntimeError
            assert len(list(store.scan())) == 3
            assert len(list(store.judgements())) == 1
            store.close()
            assert not connection.closed

    def test_it_commits_what_it_began_on_a_connection(self, url: str) -> None:
        """A connection without a transaction."""
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            filled(connection)
        with engine.connect() as connection:
            assert len(list(SqlStore.create(connection).scan())) == 3
        engine.dispose()

    def test_a_transaction_within_another_is_a_savepoint(self) -> None:
        """Its failure takes back its own writes alone."""
        store = filled()
        with store.transaction() as tx:
            tx.save([(None, Customer(id="8"))])
            with suppress(RuntimeError), store.transaction() as inner:
                inner.save([(None, Customer(id="9"))])
                raise RuntimeError
            assert set(store.get(["8", "9"])) == {"8"}
        assert set(store.get(["8", "9"])) == {"8"}


class TestReading:
    def test_many_ids_are_read_in_chunks(self) -> None:
        """In the order asked for, and scanned in the order of ids."""
        store = filled(count=1_203)
        ids = [str(n) for n in range(1_203, 0, -1)]
        assert list(store.get(ids)) == ids
        assert [card.id for card in store.scan()] == sorted(ids)
        assert [card.id for card in store.scan("998")] == ["999"]
        assert sum(store.counts("orders", ids).values()) == 1_203

    def test_search_finds_active_cards_by_every_word(self) -> None:
        """Signs of patterns are plain signs, and no words find nothing."""
        store = SqlStore.create("sqlite://")
        cards = [
            Customer(id="1", first_name="Bjørn", last_name="Hansen"),
            Customer(id="2", first_name="Bjørnar", last_name="Hansen"),
            Customer(id="3", first_name="Bjørn", last_name="Hansen", merged_into="1"),
        ]
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards])
        assert [card.id for card in store.search("bjorn hansen")] == ["1", "2"]
        assert list(store.search("%")) == []
        with store.transaction() as tx:
            card = tx.load(["2"])["2"]
            tx.save([(card, evolve(card, last_name="Larsen"))])
        assert [card.id for card in store.search("larsen")] == ["2"]

    def test_groups_count_active_members(self) -> None:
        """Empty groups are there."""
        store = SqlStore.create("sqlite://")
        with store.transaction() as tx:
            cards = [Customer(id=i, groups=["press"]) for i in "12"]
            tx.save([(None, cards[0]), (None, evolve(cards[1], merged_into="1"))])
            tx.create_groups(["empty", "press"])
        assert store.groups() == {"empty": 0, "press": 1}

    def test_rows_show_their_columns(self) -> None:
        """Beside their id and customer."""
        store = SqlStore.create("sqlite://", relations=[Relation("clubs", unique=("club",))])
        with store.transaction() as tx:
            tx.save([(None, Customer(id="1"))])
        store.add_rows("clubs", {"m1": {"customer": "1", "club": "chess"}})
        (row,) = store.rows("clubs", "1")
        assert dict(row) == {"id": "m1", "customer": "1", "club": "chess"}

    def test_an_unknown_relation_is_told_with_the_known_ones(self) -> None:
        """Or with none."""
        with pytest.raises(StoreError, match="knows orders"):
            filled().rows("letters", "1")
        with pytest.raises(StoreError, match="knows none"):
            SqlStore.create("sqlite://").counts("letters", ["1"])

    def test_only_user_names_are_unique(self) -> None:
        """Numbers are nobody's alone."""
        store = filled()
        with store.transaction() as tx:
            card = tx.load(["1"])["1"]
            profile = WebProfile(id="w", username="anna")
            tx.save([(card, evolve(card, web_profile=profile, number="7"))])
        assert store.holders("web_profile.username", ["anna", "ben"]) == {"anna": "1"}
        assert store.holders("number", ["7"]) == {}


class TestWriting:
    def test_ids_are_chosen_behind_the_highest_and_never_again(self) -> None:
        """Not even after the customer is deleted."""
        store = filled(count=0)
        with store.transaction() as tx:
            tx.save([(None, Customer(id="41")), (None, Customer(id="x"))])
            assert tx.save([(None, Customer(id="new-1")), (None, Customer(id="new-2"))]) == (
                "42",
                "43",
            )
            tx.save([(tx.load(["43"])["43"], None)])
            assert tx.save([(None, Customer(id="new-1"))]) == ("44",)

    def test_an_id_that_is_there_is_not_created(self) -> None:
        """It is named."""
        with (
            pytest.raises(StoreError, match="customer '1' is there already"),
            filled().transaction() as tx,
        ):
            tx.save([(None, Customer(id="1"))])

    def test_stale_customers_are_named_whatever_their_change(self) -> None:
        """Updated, deleted, unknown, or without a version."""
        store = filled()
        cards = store.get(["1", "2"])
        with store.transaction() as tx:
            tx.save([(card, card) for card in cards.values()])
        with pytest.raises(StaleWriteError) as caught, store.transaction() as tx:
            tx.save([(tx.load(["3"])["3"], Customer(id="3")), (cards["1"], cards["1"])])
        assert caught.value.ids == ("1",)
        with pytest.raises(StaleWriteError) as caught, store.transaction() as tx:
            tx.save([(cards["2"], None), (Customer(id="9"), None)])
        assert caught.value.ids == ("2", "9")
        for version in (None, "of another store"):
            foreign = evolve(cards["1"], version=version)
            with pytest.raises(StaleWriteError), store.transaction() as tx:
                tx.save([(foreign, foreign)])

    def test_a_user_name_of_another_customer_is_refused(self) -> None:
        """Both customers are named, the user name is not."""
        store = filled()
        profile = WebProfile(id="w", username="secret")
        with store.transaction() as tx:
            card = tx.load(["1"])["1"]
            tx.save([(card, evolve(card, web_profile=profile))])
        with store.transaction() as tx:
            card = tx.load(["2"])["2"]
            with pytest.raises(StoreError, match="already that of customer '1'") as caught:
                tx.save([(card, evolve(card, web_profile=profile))])
        assert "secret" not in str(caught.value)

    def test_a_customer_with_rows_is_not_deleted(self) -> None:
        """The rows would refer to nobody."""
        store = filled()
        with store.transaction() as tx:
            card = tx.load(["1"])["1"]
            with pytest.raises(StoreError, match="the database refuses it"):
                tx.save([(card, None)])

    def test_a_group_with_members_is_not_deleted(self) -> None:
        """An empty one is."""
        store = SqlStore.create("sqlite://")
        with store.transaction() as tx:
            tx.save([(None, Customer(id="1", groups=["press"]))])
            tx.create_groups(["empty"])
            tx.delete_groups(["empty", "gone before"])
            with pytest.raises(StoreError, match="press"):
                tx.delete_groups(["press"])
        assert store.groups() == {"press": 1}

    def test_rows_that_collide_go_and_come_back(self) -> None:
        """As the relation says."""
        relation = Relation("clubs", collision="keep_master", unique=("club",))
        store = SqlStore.create("sqlite://", relations=[relation])
        with store.transaction() as tx:
            tx.save([(None, Customer(id=i)) for i in "12"])
        rows = {f"m{i}": {"customer": i, "club": "chess"} for i in "12"}
        store.add_rows("clubs", rows)
        with store.transaction() as tx:
            changes = tx.move("clubs", [("2", "1")])
            assert [row.row for row in changes.removed] == ["m2"]
            assert tx.move("clubs", [MovedRows("clubs", "1", "2", ("m9",))]).moved == ()
            tx.put_back("clubs", changes.removed)
        assert [row["club"] for row in store.rows("clubs", "2")] == ["chess"]

    def test_what_the_database_refuses_is_told_without_values(self) -> None:
        """Rows, judgements and groups alike."""
        store = filled()
        store.add_rows("orders", {"m1": {"customer": "1", "note": "secret"}})
        with pytest.raises(StoreError, match="a unique value is taken") as caught:
            store.add_rows("orders", {"m1": {"customer": "2", "note": "secret"}})
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None
        with pytest.raises(StoreError, match="half a character"):
            store.judge([Judgement("1", "\ud800", Verdict.SAME)])
        with store.transaction() as tx, pytest.raises(StoreError, match="half a character"):
            tx.delete_groups(["\ud800"])

    def test_adding_nothing_is_nothing(self) -> None:
        """Neither rows nor judgements, nor rows that come back."""
        store = filled()
        store.add_rows("orders", {})
        store.judge([])
        with store.transaction() as tx:
            tx.put_back("orders", [])
        assert list(store.judgements()) == []
        assert store.counts("orders", ["1", "2", "3"]) == {"1": 1, "2": 1, "3": 1}


class TestRedirects:
    def test_chains_resolve_in_one_step_and_back(self) -> None:
        """2 into 1, 1 into 3; then the later one is undone."""
        store = filled()
        merge(store, "1", "2")
        later = merge(store, "3", "1")
        with store.transaction() as tx:
            assert tx.resolve(["1", "2", "3", "9"]) == {"1": "3", "2": "3", "3": "3"}
        undo(later, store, by="ben", at=AT)
        with store.transaction() as tx:
            assert tx.resolve(["1", "2"]) == {"1": "1", "2": "1"}

    def test_the_redirect_of_a_deleted_card_stays(self) -> None:
        """For ever; one that is created again stands for itself."""
        store = filled()
        merge(store, "1", "2")
        with store.transaction() as tx:
            tx.save([(tx.load(["2"])["2"], None)])
            assert tx.resolve(["2"]) == {"2": "1"}
            tx.save([(None, Customer(id="2"))])
            assert tx.resolve(["2"]) == {"2": "2"}


class TestJournal:
    def test_history_has_the_newest_receipt_of_every_plan(self) -> None:
        """In the order of executions."""
        store = filled()
        first = merge(store, "1", "2")
        undone = undo(first, store, by="ben", at=AT)
        found = list(store.history(["2"]))
        assert found == [evolve(first, undone_by=undone.plan_id), undone]
        assert list(store.history(["3"])) == []

    def test_a_receipt_without_customers_is_kept(self) -> None:
        """A plan may expect nobody."""
        receipt = Receipt(plan_id="p", kind=PlanKind.EDIT, by="anna", at=AT)
        with filled().transaction() as tx:
            tx.remember(receipt)
            assert tx.receipt("p") == receipt


def test_ids_may_be_longer_than_any_number() -> None:
    """They are text; the store's own series goes on beside them."""
    store = SqlStore.create("sqlite://")
    with store.transaction() as tx:
        tx.save([(None, Customer(id=i)) for i in ("9" * 20, "8" * 5_000, "7")])
        assert tx.save([(None, Customer(id="new-1"))]) == ("8",)


def test_redirects_in_a_circle_are_refused() -> None:
    """And nothing is written."""
    store = SqlStore.create("sqlite://")
    with pytest.raises(StoreError, match="circle"), store.transaction() as tx:
        tx.save(
            [(None, Customer(id="1", merged_into="2")), (None, Customer(id="2", merged_into="1"))]
        )
    assert list(store.scan()) == []


def test_text_that_no_database_takes_is_refused_in_our_words() -> None:
    """Half a character, as broken JSON holds it, is not repeated."""
    store = SqlStore.create("sqlite://")
    with pytest.raises(StoreError, match="half a character"), store.transaction() as tx:
        tx.save([(None, Customer(id="1", first_name="\ud800"))])


def test_it_lives_beside_the_tables_of_a_host() -> None:
    """As long as none of them bears a name of ours."""
    engine = open_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table guests (id integer primary key)")
    assert list(SqlStore.create(engine).scan()) == []
    strange = open_engine("sqlite://")
    with strange.begin() as connection:
        connection.exec_driver_sql("create table customers (id integer primary key)")
    with pytest.raises(ConfigurationError, match=r"another application, which has .* customers;"):
        SqlStore.create(strange)


def test_many_ids_that_are_there_are_counted() -> None:
    """As when two processes import one file at once."""
    store = filled()
    with (
        pytest.raises(
            StoreError, match="customer '1' is there already, 2 more of the ids as well;"
        ),
        store.transaction() as tx,
    ):
        tx.save([(None, Customer(id=i)) for i in "123"])
