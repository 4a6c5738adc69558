"""The algebra of consents: what holds where the cards of one person disagree.

Both rules take the greatest entry of a total order, so they are semilattices: any order, any
grouping, the same answer (law P3). What cannot be told apart refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from dedupkit.customers import Consent, ConsentState

__all__ = ["ConsentRule", "latest_explicit", "refusal_wins"]


class ConsentRule(Protocol):
    """Chooses one of the entries of one key; a plain function is one.

    It must be commutative, associative and idempotent, and return one of *entries*.
    """

    def __call__(self, entries: Iterable[Consent], /) -> Consent:
        """Return the entry of one purpose, channel and endpoint that holds."""


def refusal_wins(entries: Iterable[Consent], /) -> Consent:
    """Return the strictest entry, then the latest, then the last by source.

    >>> yes = Consent("newsletter", "email", ConsentState.GRANTED)
    >>> no = Consent("newsletter", "email", ConsentState.WITHDRAWN)
    >>> refusal_wins([yes, no]).state
    <ConsentState.WITHDRAWN: 'withdrawn'>
    """
    return max(entries, key=_by_strictness)


def latest_explicit(entries: Iterable[Consent], /) -> Consent:
    """Return what the person said last; of one moment the strictest.

    Pending and never asked hold only where nothing else is. An undated refusal counts as newest,
    an undated grant as oldest.

    >>> early, late = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
    >>> no = Consent("newsletter", "email", ConsentState.WITHDRAWN, at=early)
    >>> yes = Consent("newsletter", "email", ConsentState.GRANTED, at=late)
    >>> latest_explicit([no, yes]).state
    <ConsentState.GRANTED: 'granted'>
    """
    return max(entries, key=_by_moment)


_NEVER = datetime.min.replace(tzinfo=UTC)
_FOREVER = datetime.max.replace(tzinfo=UTC)


def _by_strictness(entry: Consent) -> tuple[Any, ...]:
    return entry.state.strictness, entry.at is not None, entry.at or _NEVER, entry.source or ""


def _by_moment(entry: Consent) -> tuple[Any, ...]:
    if not (entry.state.is_refusal or entry.state is ConsentState.GRANTED):
        return (False, *_by_strictness(entry))
    undated = (True, _FOREVER) if entry.state.is_refusal else (False, _NEVER)
    moment = undated if entry.at is None else (False, entry.at)
    is_dated = entry.at is not None
    return True, *moment, is_dated, entry.state.strictness, entry.source or ""
