"""Runs over a register: what is merged, held, left and failed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import final

import pytest
from attrs import evolve

from dedupkit.cli.runs import AUTOMATIC, MergeRun, _left, import_file, merge_register
from dedupkit.customers import Customer, Judgement, Verdict, WebProfile
from dedupkit.execution import execute
from dedupkit.matching import Outcome, Pair
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import Relation
from dedupkit.ports import Transaction
from dedupkit.progress import SILENT
from dedupkit.reports import State
from dedupkit.stores.memory import MemoryStore
from dedupkit.transfer import read_customers

START = datetime(2026, 1, 1, tzinfo=UTC)


def person(customer: str, name: str, **more: object) -> Customer:
    """Return a card of a person who is known by name, e-mail and mobile."""
    given, family = name.split()
    values = {"email": f"{name.lower().replace(' ', '.')}@x.example", "updated_at": START, **more}
    return Customer(id=customer, first_name=given, last_name=family, **values)  # type: ignore[arg-type]  # by name


ANNA = (person("1", "Anna Dahl"), person("2", "Anna Dahl"))
OTHERS = tuple(person(str(100 + n), f"Kari{n} Berg{n}") for n in range(20))


def clock(days: int) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: START + timedelta(days=days)


def run(store: MemoryStore, *, executes: bool = True, days: int = 1) -> MergeRun:
    """Run over a register."""
    return merge_register(
        store,
        region="NO",
        policy=MergePolicy(),
        executes=executes,
        clock=clock(days),
        progress=SILENT,
    )


def states(result: MergeRun) -> list[State]:
    """Return what has become of the clusters."""
    return [item.state for item in result.duplicates]


def test_what_is_sure_is_merged_by_the_run() -> None:
    """The receipt says that no person did it."""
    store = MemoryStore([*ANNA, *OTHERS])

    result = run(store)

    assert states(result) == [State.MERGED]
    assert result.plans[0] == result.duplicates[0].plan
    assert store.receipts[0].by == AUTOMATIC
    assert store.customers["2"].merged_into == "1"


def test_a_word_on_a_card_that_was_merged_holds_for_its_master() -> None:
    """It names the old id; the run reads it through the redirect and merges nothing."""
    cards = (*ANNA, evolve(ANNA[0], id="3"))
    store = MemoryStore([*cards, *OTHERS])
    execute(plan_merge(ANNA[0], ANNA[1:]), store, by="anna", at=START)
    store.judge([Judgement("2", "3", Verdict.DIFFERENT)])

    assert states(run(store)) == []
    assert store.customers["3"].is_active


@final
class _Interrupted:
    """A reporter that is interrupted after the first merge."""

    def start(self, stage: str, total: int | None, /) -> None:
        """Hear of nothing."""

    def advance(self, stage: str, done: int, /) -> None:
        """Stop while merging."""
        if stage == "merge" and done:
            raise KeyboardInterrupt

    def finish(self, stage: str, /) -> None:
        """Hear of nothing."""


def test_what_an_interrupted_run_would_have_merged_is_merged_by_the_next() -> None:
    """A run merges all that is sure or nothing, so that nothing of it counts as left to people."""
    pairs = (person("3", "Ola Vik"), person("4", "Ola Vik"))
    store = MemoryStore([*ANNA, *pairs, *OTHERS])

    with pytest.raises(KeyboardInterrupt):
        merge_register(
            store,
            region="NO",
            policy=MergePolicy(),
            executes=True,
            clock=clock(1),
            progress=_Interrupted(),
        )

    assert all(card.is_active for card in store.customers.values())
    assert states(run(store, days=2)) == [State.MERGED, State.MERGED]


def test_plans_that_a_rule_holds_back_are_left_with_the_reason() -> None:
    """An unverified web profile never gains another card's rows by itself."""
    profile = WebProfile(id="w", username="anna")
    cards = [evolve(ANNA[0], web_profile=profile), ANNA[1], *OTHERS]
    store = MemoryStore(cards, rows={"orders": {"o1": "2"}})

    result = run(store)

    assert states(result) == [State.HELD]
    assert "not verified" in result.duplicates[0].reason
    assert store.receipts == ()


def test_cards_that_an_earlier_run_left_are_left_again() -> None:
    """Without news, a second run merges nothing that the first one saw and left."""
    store = MemoryStore([*ANNA, *OTHERS])
    run(store)
    with store.transaction() as transaction:  # a card that the run of day 1 might have seen
        transaction.save([(None, evolve(ANNA[1], id="3"))])

    result = run(store, days=2)

    assert states(result) == [State.HELD]
    assert result.duplicates[0].reason == "an earlier run left these cards to people"


def test_news_is_merged() -> None:
    """A card that came after the last run brings its cluster back."""
    store = MemoryStore([*ANNA, *OTHERS])
    run(store)
    with store.transaction() as transaction:
        new = evolve(ANNA[1], id="3", updated_at=START + timedelta(days=1, hours=1))
        transaction.save([(None, new)])

    assert states(run(store, days=2)) == [State.MERGED]


def test_what_people_merge_is_no_earlier_run() -> None:
    """A merge that somebody made by hand keeps nothing from the next run."""
    ole = (person("8", "Ole Lie"), person("9", "Ole Lie"))
    store = MemoryStore([*ANNA, *ole, *OTHERS])
    execute(plan_merge(ole[0], [ole[1]]), store, by="anna", at=clock(1)())

    assert states(run(store, days=2)) == [State.MERGED]


class Forgetful:
    """A store that keeps no history, and can lose a race."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.relations: tuple[Relation, ...] = store.relations
        self.get = store.get
        self.scan = store.scan
        self.meddles = False

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction, in which another writer may have been faster."""
        if self.meddles:
            with self._store.transaction() as other:
                now = other.load(["1"])["1"]
                other.save([(now, evolve(now, notes=(now.notes or "") + "!"))])
        return self._store.transaction()


def test_without_a_history_the_last_merge_counts_as_a_run() -> None:
    """Where nobody knows who merged, caution wins."""
    store = MemoryStore([*ANNA, *OTHERS])
    run(store)
    with store.transaction() as transaction:
        transaction.save([(None, evolve(ANNA[1], id="3"))])

    result = merge_register(
        Forgetful(store),
        region="NO",
        policy=MergePolicy(),
        executes=True,
        clock=clock(2),
        progress=SILENT,
    )

    assert states(result) == [State.HELD]


def test_a_plan_that_fails_is_told_and_the_rest_goes_on() -> None:
    """One card that changed meanwhile costs one merge."""
    ole = (person("8", "Ole Lie"), person("9", "Ole Lie"))
    store = Forgetful(MemoryStore([*ANNA, *ole, *OTHERS]))
    store.meddles = True

    result = merge_register(
        store,
        region="NO",
        policy=MergePolicy(),
        executes=True,
        clock=clock(1),
        progress=SILENT,
    )

    failed = next(item for item in result.duplicates if item.state is State.FAILED)
    assert sorted(states(result), key=str) == [State.FAILED, State.MERGED]
    assert "stale" in failed.reason


def test_the_review_list_stands_in_cards_that_are_there() -> None:
    """After merging, what is for review names masters, once each."""
    unsure = person("3", "Anna Dahl", email=None, city="Oslo", birth_date=None)
    store = MemoryStore([*ANNA, unsure, *OTHERS])

    result = run(store)

    for item in result.review:
        assert all(store.customers[customer].is_active for customer in item.ids)
        assert item.plan is not None
        assert item.plan.is_applicable


def test_what_somebody_merged_meanwhile_is_not_for_review() -> None:
    """Where one card is left of a pair, nobody is asked about it."""
    store = MemoryStore([ANNA[0], evolve(ANNA[1], merged_into="1"), *OTHERS])
    pairs = [Pair(left, right, 0, Outcome.REVIEW) for left, right in (("1", "2"), ("100", "2"))]

    left = _left(pairs, store, {card.id: card for card in (*ANNA, *OTHERS)})  # type: ignore[arg-type]  # as iterable as a review

    assert left == {("1", "100"): pairs[1]}


def test_a_file_is_imported_in_order() -> None:
    """Progress hears of every part."""
    heard: list[str] = []

    class Listener:
        """Keeps what it hears."""

        def start(self, stage: str, total: int | None, /) -> None:
            """Hear a beginning."""
            heard.append(f"{stage} of {total}")

        def advance(self, stage: str, done: int, /) -> None:
            """Hear nothing."""

        def finish(self, stage: str, /) -> None:
            """Hear an end."""
            heard.append(f"{stage} done")

    store = MemoryStore()
    lines = "\n".join(["id", *map(str, range(120))])
    file = read_customers(lines.encode(), "a.csv")

    preview = import_file(file, store, at=START, by="anna", progress=Listener())

    assert len(preview.created) == len(store.customers) == 120
    assert heard == ["import of 3", "import done"]
