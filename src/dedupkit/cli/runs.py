"""What a run does, without a word on the screen: import, find, plan, execute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from attrs import evolve, field, frozen

from dedupkit.customers import Customer, FieldMap, JudgementSet, as_map, as_tuple
from dedupkit.customers.redirects import follow
from dedupkit.errors import ExecutionError, StoreError
from dedupkit.execution import execute
from dedupkit.matching import find_duplicates
from dedupkit.merging import MergePolicy, plan_merges, reasons_to_hold
from dedupkit.plans import Blocker, Conflict, MergePlan, Notice, PlanKind
from dedupkit.ports import CustomerStore, JudgementStore, SupportsHistory
from dedupkit.progress import Reporter, track
from dedupkit.reports import ReportItem, State
from dedupkit.transfer import CustomerFile, ImportPreview, plan_import

if TYPE_CHECKING:
    from dedupkit.matching import Cluster, DuplicateReport, Pair, Review

__all__ = ["AUTOMATIC", "MergeRun", "import_file", "merge_register"]

#: Who executes what a run merges by itself.
AUTOMATIC: Final = "dedupkit merge"


@final
@frozen(kw_only=True, eq=False)
class MergeRun:
    """What a run over a register has found and done.

    Attributes:
        customers: Id → active customer, as they were when duplicates were looked for.
        found: What was found.
        duplicates: The clusters that are duplicates, surest first, each with its plan.
        review: Clusters and pairs for a person, surest first, each with a plan.
    """

    customers: FieldMap[str, Customer] = field(converter=as_map, repr=False)
    found: DuplicateReport
    duplicates: tuple[ReportItem, ...] = field(converter=as_tuple)
    review: tuple[ReportItem, ...] = field(converter=as_tuple)

    @property
    def plans(self) -> tuple[MergePlan, ...]:
        """Every plan, those of duplicates first; none of them twice."""
        plans = (item.plan for item in (*self.duplicates, *self.review) if item.plan is not None)
        return tuple({plan.id: plan for plan in plans}.values())

    def count(self, state: State) -> int:
        """Return how many clusters of duplicates are in a state."""
        return sum(item.state is state for item in self.duplicates)


def import_file(
    file: CustomerFile, store: CustomerStore, *, at: datetime, by: str, progress: Reporter
) -> ImportPreview:
    """Import a file into a register and return what that did.

    Raises:
        ExecutionError, StoreError: a part of it cannot be written; what came before stays, and
            importing the file again takes it up.
    """
    preview = plan_import(file, store, request=f"{file.file} {at.isoformat()}")
    for plan in track(preview.plans, "import", len(preview.plans), progress):
        execute(plan, store, by=by, at=at)
    return preview


def merge_register(
    store: CustomerStore,
    *,
    region: str | None,
    policy: MergePolicy,
    executes: bool,
    clock: Callable[[], datetime],
    progress: Reporter,
) -> MergeRun:
    """Find the duplicates of a register, plan their merges, and execute the sure ones if asked to.

    A cluster of which an earlier run has seen every card, and left, is left to people: otherwise
    a second run over the same cards could merge what the first one held too unsure.
    """
    cards = tuple(store.scan())
    customers = {card.id: card for card in cards if card.is_active}
    judgements = _judgements(store, cards)
    found = find_duplicates(
        customers.values(), region=region, judgements=judgements, progress=progress
    )
    plan = partial(plan_merges, policy=policy, judgements=judgements, relations=store.relations)
    since = _last_run(store, cards)
    clusters = track(found.clusters, "plan", len(found.clusters), progress)
    planned = zip(found.clusters, plan(clusters, customers), strict=True)
    duplicates = [
        _item(cluster, plan=merge, **_standing(merge, policy, customers, since))
        for cluster, merge in planned
    ]
    if executes:
        with store.transaction():  # interrupted, it is as if not begun: nothing counts as left
            work = _executed(duplicates, store, at=clock())
            duplicates = list(track(work, "merge", len(duplicates), progress))
    left = _left(found.review, store, customers)
    now = {card.id: card for card in store.get({i for ids in left for i in ids}).values()}
    review = [
        _item(cluster, ids=ids, plan=merge, state=State.REVIEW)
        for (ids, cluster), merge in zip(left.items(), plan(left, now), strict=True)
    ]
    return MergeRun(customers=customers, found=found, duplicates=duplicates, review=review)


def _judgements(store: CustomerStore, cards: Iterable[Customer]) -> JudgementSet:
    """Return what people said, read through redirects: a word on a merged card holds on."""
    if not isinstance(store, JudgementStore):
        return JudgementSet()
    into = {card.id: card.merged_into for card in cards if not card.is_active}
    return JudgementSet(store.judgements(), redirects={i: follow(i, into.get) for i in into})


def _item(cluster: Cluster | Pair, **more: Any) -> ReportItem:  # noqa: ANN401  # fields of the item
    shown = {"ids": cluster.ids, "probability": cluster.probability, "weight": cluster.weight}
    return ReportItem(**{**shown, **more})


def _standing(
    plan: MergePlan, policy: MergePolicy, customers: Mapping[str, Customer], since: datetime | None
) -> dict[str, Any]:
    """Return whether a plan goes on by itself, and if not, why."""
    codes = reasons_to_hold(plan, policy)
    findings: tuple[Blocker | Conflict | Notice, ...] = (
        *plan.blockers,
        *plan.conflicts,
        *plan.notices,
    )
    reasons = [finding.describe() for finding in findings if finding.code in codes]
    ids = (plan.master_id, *(card.customer for card in plan.duplicates))
    if since is not None and not _has_news(ids, customers, since):
        reasons.append("an earlier run left these cards to people")
    return {"state": State.HELD if reasons else State.PLANNED, "reason": "; ".join(reasons)}


def _left(
    review: Review, store: CustomerStore, customers: Mapping[str, Customer]
) -> dict[tuple[str, ...], Cluster | Pair]:
    """Return what is for review, surest first, in the cards as they stand after merging."""
    with store.transaction() as transaction:
        now = transaction.resolve({i for cluster in review for i in cluster.ids})
    left: dict[tuple[str, ...], Cluster | Pair] = {}
    for cluster in sorted(review, key=lambda cluster: -cluster.weight):
        ids = tuple(sorted({now[i] for i in cluster.ids if now.get(i) in customers}))
        if len(ids) > 1:
            left.setdefault(ids, cluster)
    return left


def _executed(
    items: Iterable[ReportItem], store: CustomerStore, *, at: datetime
) -> Iterator[ReportItem]:
    """Execute the plans that are sure, each for itself."""
    for item in items:
        if item.state is not State.PLANNED or item.plan is None:
            yield item
            continue
        try:
            execute(item.plan, store, by=AUTOMATIC, at=at)
        except (ExecutionError, StoreError) as error:
            yield evolve(item, state=State.FAILED, reason=str(error))
        else:
            yield evolve(item, state=State.MERGED)


def _last_run(store: CustomerStore, cards: Iterable[Customer]) -> datetime | None:
    """Return when a run last merged cards of the register by itself.

    All merges of one run bear one moment, which their retired cards show; so one receipt a moment
    tells who it was.
    """
    retired = {c.updated_at: c.id for c in cards if not c.is_active and c.updated_at is not None}
    for moment in sorted(retired, reverse=True):
        if not isinstance(store, SupportsHistory):
            return moment
        receipts = store.history([retired[moment]])
        if any(r.by == AUTOMATIC and r.at == moment and r.kind is PlanKind.MERGE for r in receipts):
            return moment
    return None


def _has_news(ids: Iterable[str], customers: Mapping[str, Customer], since: datetime) -> bool:
    """Tell whether a card of a cluster has come or changed since an earlier run."""
    changed = (customers[i].updated_at for i in ids)
    return any(moment is None or moment > since for moment in changed)
