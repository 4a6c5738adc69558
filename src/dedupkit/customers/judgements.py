"""What people said about pairs of cards, and what follows from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import final

from attrs import field, frozen

from dedupkit.customers.fieldmap import EMPTY, FieldMap
from dedupkit.customers.shapes import as_map, as_moment, as_tuple, is_moment, required
from dedupkit.errors import ConfigurationError, ContradictionError

__all__ = ["Judgement", "JudgementSet", "Verdict"]


@final
class Verdict(Enum):
    """A person's word on two cards."""

    SAME = "same"
    DIFFERENT = "different"


@final
@frozen
class Judgement:
    """A person's word on two cards; the machine never overrules it.

    The ids are those of the moment; `JudgementSet` reads them through redirects.

    Attributes:
        left: One id; the two are put in order, so that the order of the arguments is no matter.
        right: The other id.
        verdict: Same or different.
        by: Who said so.
        at: When; None counts as before every known moment.

    >>> Judgement("9", "7", Verdict.SAME).pair
    ('7', '9')
    """

    left: str
    right: str
    verdict: Verdict
    by: str | None = field(default=None, kw_only=True)
    at: datetime | None = field(default=None, converter=as_moment, kw_only=True)

    def __attrs_post_init__(self) -> None:
        required("Judgement", left=self.left, right=self.right)
        if self.left == self.right:
            raise ConfigurationError(
                f"Judgement: both sides are customer {self.left!r}; name two customers"
            )
        if not isinstance(self.verdict, Verdict):
            raise ConfigurationError("Judgement: verdict must be a Verdict")
        if self.at is not None and not is_moment(self.at):
            raise ConfigurationError("Judgement: at must be a datetime with a time zone")
        if self.left > self.right:
            left, right = self.left, self.right
            object.__setattr__(self, "left", right)
            object.__setattr__(self, "right", left)

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids in order."""
        return self.left, self.right


@final
@frozen(slots=False, eq=False)
class JudgementSet:
    """Judgements and all that follows from them; frozen.

    Same and same make same, same and different make different. The latest judgement of a pair
    stands: the greatest by moment, then the later in the given order.

    Attributes:
        judgements: As given.
        redirects: Retired id → the id that stands for it now; ids that are not in it stand for
            themselves. A judgement whose two sides were merged meanwhile says nothing any more.

    >>> said = JudgementSet(
    ...     [Judgement("1", "2", Verdict.SAME), Judgement("2", "3", Verdict.DIFFERENT)]
    ... )
    >>> said.verdict("1", "3")
    <Verdict.DIFFERENT: 'different'>
    """

    judgements: tuple[Judgement, ...] = field(default=(), converter=as_tuple)
    redirects: FieldMap[str, str] = field(default=EMPTY, converter=as_map, kw_only=True)

    def __attrs_post_init__(self) -> None:
        given: object = self.judgements
        if not isinstance(given, tuple) or not all(isinstance(one, Judgement) for one in given):
            raise ConfigurationError("judgements must be Judgement objects")

    def verdict(self, left: str, right: str) -> Verdict | None:
        """Return what is said or follows about two ids, None where nothing does.

        Inside a group that contradicts itself the answer is `DIFFERENT`.
        """
        one, other = self._group(left), self._group(right)
        if one == other:
            if self.resolve(left) == self.resolve(right):
                return None
            return Verdict.DIFFERENT if one in self._contradictory else Verdict.SAME
        return Verdict.DIFFERENT if (min(one, other), max(one, other)) in self._apart else None

    def with_judgement(self, judgement: Judgement) -> JudgementSet:
        """Return a set that also holds *judgement*; an earlier one of the same pair gives way.

        Raises:
            ContradictionError: it contradicts the others; the chain is on the error.
        """
        grown = JudgementSet((*self.judgements, judgement), redirects=self.redirects)
        known = set(self.contradictions)
        for chain in grown.contradictions:
            if chain not in known:
                raise ContradictionError(chain)
        return grown

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Groups of two or more ids held to be the same, each sorted, in order of their first."""
        members: dict[str, list[str]] = {}
        for customer_id in sorted(self._parents):
            members.setdefault(self._group(customer_id), []).append(customer_id)
        return tuple(sorted(tuple(group) for group in members.values() if len(group) > 1))

    @cached_property
    def different_pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs said to be different, in order, read through the redirects; not the closure."""
        return tuple(sorted(p for p, j in self._latest.items() if j.verdict is Verdict.DIFFERENT))

    @cached_property
    def contradictions(self) -> tuple[tuple[str, ...], ...]:
        """Chains of ids held the same whose two ends are judged different; shortest chains."""
        return tuple(
            self._chain(left, right)
            for left, right in self.different_pairs
            if self._group(left) == self._group(right)
        )

    def resolve(self, customer_id: str) -> str:
        """Return the id that stands for *customer_id* now."""
        return self.redirects.get(customer_id, customer_id)

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.judgements)

    def __len__(self) -> int:
        return len(self.judgements)

    @cached_property
    def _latest(self) -> Mapping[tuple[str, str], Judgement]:
        latest: dict[tuple[str, str], Judgement] = {}
        for judgement in sorted(self.judgements, key=lambda judgement: judgement.at or _NEVER):
            left, right = sorted((self.resolve(judgement.left), self.resolve(judgement.right)))
            if left != right:
                latest[left, right] = judgement
        return latest

    @cached_property
    def _parents(self) -> dict[str, str]:
        """A union-find forest over the ids judged the same."""
        parents: dict[str, str] = {}
        for left, right in self._same_pairs:
            one, other = _root(parents, left), _root(parents, right)
            parents[max(one, other)] = min(one, other)
        return parents

    @cached_property
    def _same_pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(p for p, j in self._latest.items() if j.verdict is Verdict.SAME))

    @cached_property
    def _apart(self) -> frozenset[tuple[str, str]]:
        groups = ((self._group(left), self._group(right)) for left, right in self.different_pairs)
        return frozenset((min(pair), max(pair)) for pair in groups)

    @cached_property
    def _contradictory(self) -> frozenset[str]:
        return frozenset(one for one, other in self._apart if one == other)

    def _group(self, customer_id: str) -> str:
        now = self.resolve(customer_id)
        return _root(self._parents, now) if now in self._parents else now

    def _chain(self, start: str, end: str) -> tuple[str, ...]:
        neighbors: dict[str, list[str]] = {}
        for left, right in self._same_pairs:
            neighbors.setdefault(left, []).append(right)
            neighbors.setdefault(right, []).append(left)
        came_from: dict[str, str | None] = {start: None}
        queue = deque([start])
        while queue[0] != end:
            here = queue.popleft()
            for there in neighbors[here]:
                if there not in came_from:
                    came_from[there] = here
                    queue.append(there)
        return tuple(_backwards(came_from, end))[::-1]


_NEVER = datetime.min.replace(tzinfo=UTC)


def _root(parents: dict[str, str], customer_id: str) -> str:
    root = customer_id
    while parents.setdefault(root, root) != root:
        root = parents[root]
    while parents[customer_id] != root:
        parents[customer_id], customer_id = root, parents[customer_id]
    return root


def _backwards(came_from: Mapping[str, str | None], end: str) -> Iterable[str]:
    here: str | None = end
    while here is not None:
        yield here
        here = came_from[here]
