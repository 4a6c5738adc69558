"""A register lives on in memory and in a database, beside a model of it in plain dictionaries.

The laws P7, P9, P11, X1, X2, X4, X5, X6 and X7 over whole lives: edits, merges, cards that are
kept, undos, late rows, sweeps and crashes, in any order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

import pytest
from attrs import Factory, define, evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from dedupkit.customers import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    JudgementSet,
    WebProfile,
    numeric_first,
)
from dedupkit.errors import ExecutionError, StoreError
from dedupkit.execution import execute, execute_many, sweep, undo
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import (
    Disposition,
    Expectation,
    MergePlan,
    Plan,
    PlanKind,
    Receipt,
    Relation,
    SetField,
    UndoReason,
)
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing import Crash, FailsAt
from dedupkit.testing.strategies import registers

Store: TypeAlias = MemoryStore | SqlStore

IDS = ("1", "2", "3", "4", "5")
AT = datetime(2026, 1, 1, tzinfo=UTC)
CLUBS = ("choir", "theater", "chess")
NAMES = ("user-w1", "user-w2", "anna")
MEMBERSHIPS = Relation("memberships", collision="keep_master", unique=("club",))
RELATIONS = (Relation("orders"), MEMBERSHIPS)
KEYS = (("loyalty", "points", None), ("on_account", "NOK", None))
ASKED = (("newsletter", "email"), ("offers", "sms"))
CHANGES = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(["nb", "en", None])),
    st.tuples(st.just("flag"), st.sampled_from(["vip", "press"])),
    st.tuples(st.just("spend"), st.sampled_from(KEYS), st.sampled_from([-70, -5, 5, 100])),
    st.tuples(st.just("say"), st.sampled_from(ASKED), st.booleans()),
    st.tuples(st.just("log_in"), st.none() | st.sampled_from(NAMES)),
)
PAIRS = st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True)


# --- The model --------------------------------------------------------------------------------


class Refused(Exception):  # noqa: N818  # what a store does then has names of its own
    """The model cannot do that."""


@define(eq=False)
class Merged:
    """What one merge did, as far as the model knows."""

    master: str
    fates: dict[str, Disposition]
    stands: bool = True
    moved: list[tuple[str, str, str]] = Factory(list)  # relation, row, from whom
    removed: list[tuple[str, str, str]] = Factory(list)  # row, from whom, club
    paid: list[tuple[str, Any, Decimal]] = Factory(list)  # from whom, which balance, how much
    had: dict[Any, Decimal] = Factory(dict)  # what the master held before
    flags: set[str] = Factory(set)
    texts: list[tuple[str, str, Any, Any]] = Factory(list)  # whose, which field, before, after
    logins: list[tuple[WebProfile, str, str | None]] = Factory(list)  # which, from whom, to whom


@define
class Model:
    """A register in dictionaries; rows are relation and row → owner, clubs row → club."""

    into: dict[str, str] = Factory(dict)
    rows: dict[tuple[str, str], str] = Factory(dict)
    clubs: dict[str, str] = Factory(dict)
    sums: dict[str, dict[Any, Decimal]] = Factory(dict)
    flags: dict[str, set[str]] = Factory(dict)
    texts: dict[tuple[str, str], Any] = Factory(dict)
    logins: dict[str, WebProfile | None] = Factory(dict)
    merges: list[Merged] = Factory(list)
    refused: list[tuple[tuple[str, str], set[str]]] = Factory(list)  # what for, which cards
    judged: list[tuple[str, str]] = Factory(list)  # who are different customers

    @classmethod
    def of(cls, cards: Iterable[Customer]) -> "Model":
        """Describe cards that have not lived yet."""
        model = cls()
        for card in cards:
            sums = {balance.key: balance.amount for balance in card.balances}
            model.sums[card.id] = defaultdict(Decimal, sums)
            model.flags[card.id] = set(card.flags)
            model.texts[card.id, "language"] = card.language
            model.texts[card.id, "kept_for"] = None
            model.logins[card.id] = card.web_profile
        return model

    def end(self, customer: str) -> str:
        """Follow redirects, one after the other."""
        while customer in self.into:
            customer = self.into[customer]
        return customer

    def owned(self, relation: str, owner: str) -> list[str]:
        """The rows of a customer, by id."""
        return sorted(row for (name, row), i in self.rows.items() if (name, i) == (relation, owner))

    def belongs(self, owner: str, club: str) -> bool:
        """Whether a customer has a membership of a club."""
        return any(self.clubs[row] == club for row in self.owned("memberships", owner))

    def carry(self, source: str, target: str, done: Merged) -> None:
        """Move all rows; of two memberships of one club the target's stays."""
        for relation in ("memberships", "orders"):
            for row in self.owned(relation, source):
                if relation == "memberships" and self.belongs(target, self.clubs[row]):
                    done.removed.append((row, source, self.clubs.pop(row)))
                    del self.rows[relation, row]
                else:
                    done.moved.append((relation, row, source))
                    self.rows[relation, row] = target

    def write(self, done: Merged, customer: str, field: str, value: object) -> None:
        """Write a text and note what was there."""
        before = self.texts[customer, field]
        if before != value:
            done.texts.append((customer, field, before, value))
            self.texts[customer, field] = value

    def merge(self, master: str, fates: dict[str, Disposition], *, fills: bool) -> None:
        """Merge, as the manual says it."""
        done = Merged(master, fates)
        kept = [i for i, fate in fates.items() if fate is Disposition.KEEP]
        gone = [i for i in fates if i not in kept]
        done.had = dict(self.sums[master])
        done.flags = set().union(*(self.flags[i] for i in fates)) - self.flags[master]
        self.flags[master] |= done.flags
        for source in fates:
            self.carry(source, master, done)
            for key, amount in self.sums[source].items():
                if amount:
                    done.paid.append((source, key, amount))
                    self.sums[master][key] += amount
            self.sums[source].clear()
        spoken = [self.texts[i, "language"] for i in gone if self.texts[i, "language"]]
        if fills and spoken and not self.texts[master, "language"]:
            self.write(done, master, "language", spoken[0])
        if self.texts[master, "kept_for"]:
            self.write(done, master, "kept_for", None)
        for source in kept:
            self.write(done, source, "kept_for", master)
        offered = {i: login for i in gone if (login := self.logins[i]) is not None}
        chosen = None
        if offered and self.logins[master] is None:
            chosen = min(offered, key=lambda i: preference(offered[i]))
        for source, login in offered.items():
            if source != chosen:
                done.logins.append((login, source, None))
                self.logins[source] = None
        if chosen is not None:
            done.logins.append((offered[chosen], chosen, master))
            self.logins[master], self.logins[chosen] = offered[chosen], None
        self.into.update(dict.fromkeys(gone, master))
        self.merges.append(done)

    def undo(self, done: Merged, *, with_later: bool) -> None:
        """Set back what still shows the merge, and leave what came later.

        Later merges of the same cards are undone first, the newest first, or stand in the way.
        """
        behind = self.merges[self.merges.index(done) + 1 :]
        mine = {done.master, *done.fates}
        in_the_way = [one for one in behind if one.stands and {one.master, *one.fates} & mine]
        if in_the_way and not with_later:
            raise Refused
        for later in filter(attrgetter("stands"), reversed(in_the_way)):
            self.undo(later, with_later=True)
        master = done.master
        for source, fate in done.fates.items():
            if fate is Disposition.DELETE:
                del self.into[source]
        self.flags[master] -= done.flags
        for customer, field, before, after in done.texts:
            if self.texts[customer, field] == after:
                self.texts[customer, field] = before
        debts = [one for one in reversed(done.paid) if one[2] < 0]
        for source, key, amount in [*debts, *(one for one in reversed(done.paid) if one[2] > 0)]:
            left = self.sums[master][key] - amount
            if amount < 0 or left >= min(Decimal(0), done.had.get(key, Decimal(0))):
                self.sums[master][key] = left
                self.sums[source][key] += amount
        for relation, row, source in done.moved:
            is_free = relation == "orders" or not self.belongs(source, self.clubs.get(row, ""))
            if is_free and self.rows.get((relation, row)) == master:
                self.rows[relation, row] = source
        for row, source, club in done.removed:
            if not self.belongs(source, club):
                self.rows["memberships", row], self.clubs[row] = source, club
        for login, source, target in reversed(done.logins):
            now = login if target is None else self.logins[target]
            if now is None or now.id != login.id or self.logins[source] is not None:
                continue
            if target is not None:
                self.logins[source], self.logins[target] = now, None
            elif now.username is None or not self.is_taken(now.username):
                self.logins[source] = now
        done.stands = False

    def forbids(self, ids: list[str]) -> bool:
        """Whether one of the cards is retired, or two of them were said to be different."""
        apart = ({self.end(one), self.end(other)} for one, other in self.judged)
        return bool(self.into.keys() & set(ids)) or any(pair <= set(ids) for pair in apart)

    def is_taken(self, username: str) -> bool:
        """Whether a login has a name."""
        return username in {login.username for login in self.logins.values() if login}

    def sweep(self) -> None:
        """Bring late rows home."""
        for source in sorted(self.into):
            self.carry(source, self.end(source), Merged(source, {}))


def preference(login: WebProfile) -> tuple[Any, ...]:
    """Verified first, then the last login, then the lowest id."""
    last = login.last_login_at
    return not login.verified, last is None, last and -last.timestamp(), numeric_first(login.id)


# --- The machine ------------------------------------------------------------------------------


@define(eq=False)
class Both:
    """One merge: its receipts in both stores (none where refused), its place in the model."""

    receipts: tuple[Receipt, ...] = ()
    place: int = -1


class Register(RuleBasedStateMachine):
    """Both stores do what the model does, whatever happens in whatever order."""

    merges: Bundle[Both] = Bundle("merges")

    @initialize(cards=registers(min_size=5, max_size=5))
    def open_register(self, cards: tuple[Customer, ...]) -> None:
        """Start with five cards, each with an order and a membership."""
        self.database = SqlStore.create("sqlite://", relations=RELATIONS)
        with self.database.transaction() as tx:
            tx.save([(None, card) for card in cards])
        self.memory = MemoryStore(self.database.get(IDS), relations=RELATIONS)
        self.stores: tuple[Store, Store] = (self.memory, self.database)
        self.model = Model.of(cards)
        self.held = self._held()
        self.now = AT
        self.inserted = 0
        for position, customer in enumerate(IDS):
            self._insert("orders", customer)
            self._insert("memberships", customer, CLUBS[position % 2])

    # --- What clerks do -------------------------------------------------------------------------

    @rule(
        target=merges,
        ids=st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True),
        kept=st.sets(st.sampled_from(IDS), max_size=1),
        fills=st.booleans(),
        wrong=st.sampled_from([False, False, False, True]),
    )
    def merge(self, ids: list[str], kept: set[str], fills: bool, wrong: bool) -> Both:
        """Merge active cards in both stores; now and then retired ones, which is refused."""
        active = list(dict.fromkeys(self.model.end(i) for i in ids))
        ids = ids if wrong or len(active) == 1 else active
        policy = MergePolicy.fill_blanks() if fills else MergePolicy()
        fates = {i: Disposition.KEEP for i in ids[1:] if i in kept}
        plans = [self._plan(store, ids, fates, policy) for store in self.stores]
        applicable = {plan.is_applicable for plan in plans}
        assert len(applicable) == 1
        if self.model.forbids(ids):
            assert applicable == {False}
        if applicable == {False}:
            for plan, store in zip(plans, self.stores, strict=True):
                with pytest.raises(ExecutionError):
                    execute(plan, store, by="anna", at=self.now)
            return Both()
        receipts = [
            execute(plan, store, by="anna", at=self._tick())
            for plan, store in zip(plans, self.stores, strict=True)
        ]
        self._noted(plans[0], fills=fills)
        return Both(tuple(receipts), len(self.model.merges) - 1)

    @rule(
        pairs=st.lists(PAIRS, min_size=2, max_size=3),
        batch=st.integers(1, 3),
    )
    def merge_many(self, pairs: list[list[str]], batch: int) -> None:
        """Of plans made at one moment those are executed that share no card with an earlier one."""
        made = [
            [self._plan(store, ids, {}, MergePolicy()) for ids in pairs] for store in self.stores
        ]
        done: list[int] = []
        for n, plan in enumerate(made[0]):
            again = any(plan == made[0][m] for m in done)
            if again or (
                plan.is_applicable and not any(set(plan.ids) & set(pairs[m]) for m in done)
            ):
                done.append(n)
                if not again:
                    self._noted(plan, fills=False)
        for store, plans in zip(self.stores, made, strict=True):
            summary = execute_many(plans, store, by="anna", at=self._tick(), batch=batch)
            assert [r.plan_id for r in summary.receipts] == [plans[n].id for n in done]

    @rule(both=consumes(merges), because=st.sampled_from(UndoReason), with_later=st.booleans())
    def undo_merge(self, both: Both, because: UndoReason, with_later: bool) -> None:
        """Undo a merge; a later one of the same cards is undone first or stands in the way."""
        if not both.receipts or not self.model.merges[both.place].stands:
            return
        after = deepcopy(self.model)
        merged, refused = after.merges[both.place], True
        with suppress(Refused):
            after.undo(merged, with_later=with_later)
            self.model, refused = after, False
            if because is UndoReason.NOT_THE_SAME:
                after.judged += [(customer, merged.master) for customer in merged.fates]
        for store, receipt in zip(self.stores, both.receipts, strict=True):
            work = partial(undo, receipt, store, by="ben", at=self._tick(), with_later=with_later)
            if refused:
                with pytest.raises(ExecutionError):
                    work(because=because)
            else:
                assert work(because=because).undoes == receipt.plan_id

    @rule()
    def sweep_late_rows(self) -> None:
        """Bring late rows home in both stores."""
        late = {w for w in self.model.rows.values() if w in self.model.into}
        homes = {self.model.end(whose) for whose in late}
        for store in self.stores:
            summary = sweep(store, by="night", at=self._tick())
            assert (len(summary.receipts), summary.stale, summary.refused) == (len(homes), (), ())
        self.model.sweep()

    # --- What hosts and customers do ------------------------------------------------------------

    @rule(customer=st.sampled_from(IDS), change=CHANGES)
    def live(self, customer: str, change: tuple[Any, ...]) -> None:
        """Change something about a card, or about the customer who it stands for."""
        name, *more = change
        getattr(self, f"_{name}")(customer, *more)

    def _edit(self, customer: str, language: str | None) -> None:
        """Change a field of a card, by a plan."""
        for store in self.stores:
            card = store.get([customer])[customer]
            step = SetField(customer, "language", card.language, language)
            plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)], steps=[step])
            execute(plan, store, by="carl", at=self._tick())
        self.model.texts[customer, "language"] = language

    def _flag(self, customer: str, flag: str) -> None:
        """Set a flag, or take it off."""
        self.model.flags[customer] ^= {flag}
        self._write(customer, flags=frozenset(self.model.flags[customer]))

    def _spend(self, customer: str, key: Any, amount: int) -> None:  # noqa: ANN401  # of a balance
        """Earn or spend, on the card that stands for the customer."""
        end = self.model.end(customer)
        self.model.sums[end][key] += amount
        self.held[key] += amount
        sums = self.model.sums[end].items()
        self._write(end, balances=[Balance(k, u, n, programme=p) for (k, u, p), n in sums])

    def _say(self, customer: str, what: tuple[str, str], grants: bool) -> None:
        """Refuse or grant something, for all cards of the customer."""
        end = self.model.end(customer)
        mine = {i for i in IDS if self.model.end(i) == end}
        if grants:
            for other, cards in self.model.refused:
                if other == what:
                    cards.difference_update(mine)
        else:
            self.model.refused.append((what, mine))
        state = ConsentState.GRANTED if grants else ConsentState.OBJECTED
        said = Consent(*what, state, at=self._tick())
        others = [one for one in self.memory.customers[end].consents if one.key != said.key]
        self._write(end, consents=[*others, said])

    def _log_in(self, customer: str, username: str | None) -> None:
        """Log in, under a new user name where one is given and free."""
        end = self.model.end(customer)
        login = self.model.logins[end]
        if login is None:
            return
        name = username or login.username
        after = evolve(login, username=name, last_login_at=self._tick())
        if name != login.username and self.model.is_taken(str(name)):
            for store in self.stores:
                with pytest.raises(StoreError):
                    self._save(store, end, web_profile=after)
            return
        self.model.logins[end] = after
        self._write(end, web_profile=after)

    @precondition(lambda self: len(self.model.rows) < 12)
    @rule(customer=st.sampled_from(IDS), club=st.none() | st.sampled_from(CLUBS))
    def insert(self, customer: str, club: str | None) -> None:
        """Order, or join a club, perhaps with the id of a retired card."""
        if club is None:
            self._insert("orders", customer)
        elif not self.model.belongs(customer, club):
            self._insert("memberships", customer, club)

    # --- What machines do -----------------------------------------------------------------------

    @rule(
        ids=PAIRS,
        call=st.integers(1, 12),
        after=st.booleans(),
    )
    def crash(self, ids: list[str], call: int, after: bool) -> None:
        """Let a call fail: no sweep and no merge, executed either way, leaves a half."""
        for store in self.stores:
            self._crash(store, call, after, partial(sweep, by="night", at=self.now))
            plan = self._plan(store, ids, {}, MergePolicy())
            if plan.is_applicable:
                self._crash(store, call, after, partial(execute, plan, by="dina", at=self.now))
                many = partial(execute_many, [plan], by="dina", at=self.now)
                self._crash(store, call, after, many)

    @rule(both=merges, call=st.integers(1, 12), after=st.booleans(), with_later=st.booleans())
    def crash_in_an_undo(self, both: Both, call: int, after: bool, with_later: bool) -> None:
        """Let a call fail: the merge, and later ones, stand as they did."""
        because = UndoReason.NOT_THE_SAME
        for store, receipt in zip(self.stores, both.receipts, strict=bool(both.receipts)):
            more: Any = {"because": because, "with_later": with_later}
            with suppress(ExecutionError):
                self._crash(
                    store, call, after, partial(undo, receipt, by="dina", at=self.now, **more)
                )

    # --- What always holds ----------------------------------------------------------------------

    @invariant()
    def the_reference_shows_what_the_model_says(self) -> None:
        """P7, P9, P11, X1, X5, X7: rows, balances, logins and fields are where they belong."""
        model = self.model
        for i, card in self.memory.customers.items():
            assert card.merged_into == model.into.get(i)
            assert card.kept_for == model.texts[i, "kept_for"]
            assert card.language == model.texts[i, "language"]
            assert card.flags == model.flags[i]
            assert identity(card.web_profile) == identity(model.logins[i])
            held = {key: amount for key, amount in model.sums[i].items() if amount}
            assert {balance.key: balance.amount for balance in card.balances} == held
        owners = {
            (relation.name, row["id"]): i
            for relation in RELATIONS
            for i in IDS
            for row in self.memory.rows(relation.name, i)
        }
        assert owners == model.rows

    @invariant()
    def both_stores_agree(self) -> None:
        """The database holds what the reference holds, in every field and column."""
        assert self._state(self.memory) == self._state(self.database)

    @invariant()
    def balances_are_conserved(self) -> None:
        """P7: the sums are what was earned and spent, and retired cards hold nothing."""
        assert self._held() == {key: amount for key, amount in self.held.items() if amount}
        assert not any(amount for i in self.model.into for amount in self.model.sums[i].values())

    @invariant()
    def redirects_end_on_active_cards(self) -> None:
        """X6: no circle, and one step resolves every id."""
        for store in self.stores:
            with store.transaction() as tx:
                assert tx.resolve(IDS) == {i: self.model.end(i) for i in IDS}

    @invariant()
    def refusals_hold(self) -> None:
        """P8: what a customer refused is permitted on no card of theirs until it is granted."""
        cards = self.memory.customers
        for what, mine in self.model.refused:
            assert not any(cards[self.model.end(i)].permits(*what) for i in mine)

    # --- How ------------------------------------------------------------------------------------

    def _plan(
        self, store: Store, ids: list[str], fates: dict[str, Disposition], policy: MergePolicy
    ) -> MergePlan:
        """Plan a merge; whether a person and an organization are one is answered."""
        master, *duplicates = store.get(ids).values()
        with store.transaction() as tx:
            said = JudgementSet(store.judgements(), redirects=tx.resolve(IDS))
        given: Any = {
            "policy": policy,
            "dispositions": fates,
            "judgements": said,
            "relations": store.relations,
        }
        asked = plan_merge(master, duplicates, **given).conflicts
        answers = {conflict.key: conflict.choices[0].key for conflict in asked}
        return plan_merge(master, duplicates, **given, resolutions=answers)

    def _noted(self, plan: MergePlan, *, fills: bool) -> None:
        fates = {duplicate.customer: duplicate.disposition for duplicate in plan.duplicates}
        self.model.merge(plan.master_id, fates, fills=fills)

    def _crash(self, store: Store, call: int, after: bool, work: Callable[[Any], object]) -> None:
        before = self._state(store), list(store.judgements()), list(store.history())
        with suppress(Crash), store.transaction():
            work(FailsAt(store, call, after=after))
            raise Crash
        assert before == (self._state(store), list(store.judgements()), list(store.history()))

    def _insert(self, relation: str, customer: str, club: str | None = None) -> None:
        self.inserted += 1
        row = f"{relation[0]}{self.inserted:03}"
        for store in self.stores:
            columns = {"customer": customer, "club": club}
            store.add_rows(relation, {row: customer if club is None else columns})
        self.model.rows[relation, row] = customer
        if club is not None:
            self.model.clubs[row] = club

    def _write(self, customer: str, **changes: Any) -> None:  # noqa: ANN401  # fields
        for store in self.stores:
            self._save(store, customer, **changes)

    def _save(self, store: Store, customer: str, **changes: Any) -> None:  # noqa: ANN401  # fields
        card = store.get([customer])[customer]
        with store.transaction() as tx:
            tx.save([(card, evolve(card, **changes))])

    def _held(self) -> dict[object, Decimal]:
        sums: dict[object, Decimal] = defaultdict(Decimal)
        for card in self.memory.customers.values():
            for balance in card.balances:
                sums[balance.key] += balance.amount
        return defaultdict(Decimal, {key: amount for key, amount in sums.items() if amount})

    def _state(self, store: Store) -> object:
        cards = store.get(IDS)
        plain = {i: evolve(c, version=None, updated_at=None) for i, c in cards.items()}
        return plain, {(r.name, i): store.rows(r.name, i) for r in RELATIONS for i in IDS}

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def identity(login: WebProfile | None) -> tuple[object, ...] | None:
    """What the model knows of a login."""
    return login and (login.id, login.username, login.last_login_at)


EXAMPLES = settings().max_examples
TestRegister = Register.TestCase
TestRegister.settings = settings(  # a life takes as long as a hundred plans
    max_examples=EXAMPLES if EXAMPLES > 100 else 20, stateful_step_count=15, deadline=None
)
