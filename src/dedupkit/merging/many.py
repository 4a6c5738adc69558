"""Plans for many clusters, whoever found them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, final, overload, runtime_checkable

from attrs import field, frozen

from dedupkit.customers import Customer, Judgement, JudgementSet, as_tuple
from dedupkit.errors import ConfigurationError, PlanningError
from dedupkit.merging.choosers import MasterChooser, choose_lowest_number
from dedupkit.merging.planner import plan_merge
from dedupkit.merging.policy import MergePolicy
from dedupkit.plans import MergePlan, Relation, replay
from dedupkit.ports import CustomerSource

__all__ = ["HasIds", "MergePlans", "golden_records", "plan_merges", "reasons_to_hold"]


@runtime_checkable
class HasIds(Protocol):
    """A cluster: anything that names the ids of its customers."""

    @property
    def ids(self) -> Iterable[str]:
        """The ids of two or more customers."""


@final
@frozen
class MergePlans(Sequence[MergePlan]):
    """The plans of `plan_merges`: a sequence of those to execute, and those held back.

    Attributes:
        plans: In the order of the clusters; what iterating gives.
        held: Those that ``safe=True`` leaves to a person, in the order of the clusters;
            `reasons_to_hold` says why.
    """

    plans: tuple[MergePlan, ...] = field(default=(), converter=as_tuple)
    held: tuple[MergePlan, ...] = field(default=(), converter=as_tuple)

    def __iter__(self) -> Iterator[MergePlan]:
        return iter(self.plans)

    def __len__(self) -> int:
        return len(self.plans)

    @overload
    def __getitem__(self, index: int, /) -> MergePlan: ...
    @overload
    def __getitem__(self, index: slice, /) -> Sequence[MergePlan]: ...
    def __getitem__(self, index: int | slice, /) -> MergePlan | Sequence[MergePlan]:
        return self.plans[index]


def plan_merges(
    clusters: Iterable[HasIds | Iterable[str | Customer]],
    source: CustomerSource | Mapping[str, Customer],
    policy: MergePolicy | None = None,
    *,
    choose_master: MasterChooser = choose_lowest_number,
    judgements: Iterable[Judgement] = (),
    relations: Iterable[Relation | str] = (),
    safe: bool = False,
) -> MergePlans:
    """Plan one merge per cluster, from the customers as the source holds them.

    A retired card in a cluster is planned as it is: the plan has the blocker ``already_retired``.
    A card that two clusters name is planned twice; at most one of these plans can be executed.

    Args:
        clusters: Each the ids of two or more customers, an object with ``ids``, or a group of
            customers, of whom only the ids count.
        source: Where the customers are read, in one call; a store, or a mapping of ids.
        policy: What is done with fields.
        choose_master: Chooses the card of a cluster that stays; retired ones are not offered
            where an active one is there.
        judgements: What people said about pairs.
        relations: What refers to customers, as `Relation` or by name.
        safe: Whether plans with conflicts or blockers, and those with a notice that the policy
            holds back, go to `MergePlans.held` instead.

    Raises:
        PlanningError: ids that the source does not know; all of them are named.
        ConfigurationError: a cluster with less than two customers, a text instead of ids, or a
            *source* that is neither a store nor a mapping.

    >>> cards = {"1": Customer(id="1"), "2": Customer(id="2", email="anna@example.no")}
    >>> [plan.master_id for plan in plan_merges([("2", "1")], cards)]
    ['1']
    """
    groups = _groups(clusters)
    known = _known(groups, source)
    policy = MergePolicy() if policy is None else policy
    said = judgements if isinstance(judgements, JudgementSet) else JudgementSet(judgements)
    declared = tuple(relations) if isinstance(relations, Iterator) else relations
    plans: list[MergePlan] = []
    held: list[MergePlan] = []
    for group in groups:
        cards = [known[card] for card in group]
        master = _master(cards, choose_master)
        others = [card for card in cards if card.id != master.id]
        plan = plan_merge(master, others, policy=policy, judgements=said, relations=declared)
        (held if safe and reasons_to_hold(plan, policy) else plans).append(plan)
    return MergePlans(plans, held)


def golden_records(
    clusters: Iterable[HasIds | Iterable[str | Customer]],
    source: CustomerSource | Mapping[str, Customer],
    policy: MergePolicy | None = None,
    *,
    choose_master: MasterChooser = choose_lowest_number,
) -> tuple[Customer, ...]:
    """Return what each cluster would be as one card, in their order, for those who only read.

    Conflicts are settled as they are until somebody answers, for the master; nothing is planned
    to be executed, so blockers do not matter.

    Args:
        clusters: As for `plan_merges`.
        source: Where the customers are read.
        policy: What is done with fields; ``MergePolicy.fill_blanks()`` is what most tables want.
        choose_master: Chooses the card of a cluster that gives its id and its values first.

    Raises:
        PlanningError: ids that the source does not know; all of them are named.

    >>> cards = {"1": Customer(id="1"), "2": Customer(id="2", city="Oslo")}
    >>> [golden] = golden_records([("1", "2")], cards, MergePolicy.fill_blanks())
    >>> golden.id, golden.city
    ('1', 'Oslo')
    """
    groups = _groups(clusters)
    known = _known(groups, source)
    plans = plan_merges(groups, known, policy, choose_master=choose_master)
    return tuple(
        replay(plan.steps, {card: known[card] for card in plan.ids})[plan.master_id]
        for plan in plans
    )


def reasons_to_hold(plan: MergePlan, policy: MergePolicy) -> tuple[str, ...]:
    """Return the codes for which a plan is left to a person; none where it may go on.

    Blockers first, then conflicts, then the notices that the policy holds back.
    """
    notices = (notice.code for notice in plan.notices if notice.code in policy.hold_back)
    codes = (*(b.code for b in plan.blockers), *(c.code for c in plan.conflicts), *notices)
    return tuple(dict.fromkeys(codes))


def _groups(clusters: Iterable[HasIds | Iterable[str | Customer]]) -> list[tuple[str, ...]]:
    given: object = clusters
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ConfigurationError(
            "clusters is a collection of clusters, such as report.clusters or [('1', '2')]"
        )
    return [_ids(cluster) for cluster in clusters]


def _ids(cluster: HasIds | Iterable[str | Customer]) -> tuple[str, ...]:
    given: Any = cluster.ids if isinstance(cluster, HasIds) else cluster
    members = given if isinstance(given, Iterable) and not isinstance(given, str) else ()
    ids = tuple(dict.fromkeys(one.id if isinstance(one, Customer) else one for one in members))
    if len(ids) < 2:  # noqa: PLR2004  # one card is no cluster
        raise ConfigurationError("a cluster is a collection of two or more ids of customers")
    return ids


def _known(
    groups: list[tuple[str, ...]], source: CustomerSource | Mapping[str, Customer]
) -> Mapping[str, Customer]:
    """Read all customers in one call; refuse ids that are not there."""
    if not isinstance(source, Mapping) and not callable(getattr(source, "get", None)):
        raise ConfigurationError(
            "source is a store, or a mapping of ids to customers: {card.id: card for card in cards}"
        )
    wanted = dict.fromkeys(card for group in groups for card in group)
    known = source if isinstance(source, Mapping) else source.get(tuple(wanted))
    unknown = [card for card in wanted if card not in known]
    if unknown:
        raise PlanningError(
            f"no customer has the id {', '.join(map(repr, unknown))}; read the customers and find "
            "their clusters anew"
        )
    return known


def _master(cards: list[Customer], choose: MasterChooser) -> Customer:
    if not callable(choose):
        raise ConfigurationError("choose_master is a function, such as choose_oldest")
    active = [card for card in cards if card.is_active]
    master = choose(tuple(active or cards))
    if not any(card is master for card in cards):
        raise PlanningError("choose_master returned a card that is not one of those it was given")
    return master
