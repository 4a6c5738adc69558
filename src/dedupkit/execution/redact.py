"""Privacy: take the data of a person, or of long ago, out of what a register keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import final

from attrs import evolve, field, frozen

from dedupkit.customers import Customer, Judgement, as_tuple
from dedupkit.errors import ConfigurationError
from dedupkit.execution.checks import check_signature, check_store
from dedupkit.execution.readback import check_kept
from dedupkit.plans import (
    CustomerChange,
    Expectation,
    Plan,
    PlanKind,
    Receipt,
    Retire,
    emptied,
    redact_receipt,
)
from dedupkit.ports import CustomerStore, RedactionTransaction, Transaction

__all__ = ["Purged", "purge", "redact"]


@final
@frozen(kw_only=True)
class Purged:
    """What `purge` took the data out of.

    Attributes:
        customers: The retired cards; sorted.
        plans: The plans whose receipts were redacted; sorted.
    """

    customers: tuple[str, ...] = field(default=(), converter=as_tuple)
    plans: tuple[str, ...] = field(default=(), converter=as_tuple)


def redact(
    store: CustomerStore,
    customer_id: str,
    /,
    *,
    by: str,
    at: datetime,
    active_too: bool = False,
) -> Receipt:
    """Take the data of a person out of all that the register keeps beside the active card.

    The person is whoever *customer_id* stands for: the active customer at the end of its redirects
    and every card that redirects there. Retired cards are emptied, and the receipts of everything
    that one of these cards took part in are redacted, so that nothing of it can be undone: an
    erased person is never restored. Judgements keep ids and verdict and lose who gave them. Ids,
    redirects, balances, rows, and the order of the journal stay. All of it is one transaction.

    Plans and receipts that the host has stored elsewhere are redacted by `redact_plan` and
    `redact_receipt`, with the ids in ``redacted`` of what this returns.

    Args:
        store: The register; its transactions must satisfy `RedactionTransaction`.
        customer_id: Any id of the person, of a retired card or of a deleted customer too.
        by: Who redacts.
        at: When; with a time zone.
        active_too: Whether the active card is emptied as well: it keeps its id, balances and rows,
            and is not merged any more. Otherwise it stays as it is, for the host to delete or to
            edit.

    Returns:
        The receipt of the redaction: ids, by whom and when.

    Raises:
        ConfigurationError: the store cannot redact or knows nothing of *customer_id*, *by* is
            blank, or *at* has no time zone.
        StoreError: the store cannot, or did not keep what it was handed.

    >>> from datetime import UTC
    >>> from dedupkit.stores.memory import MemoryStore
    >>> cards = [Customer(id="3"), Customer(id="17", last_name="Hansen", merged_into="3")]
    >>> store = MemoryStore(cards)
    >>> receipt = redact(store, "3", by="anna", at=datetime(2026, 1, 1, tzinfo=UTC))
    >>> receipt.redacted, store.customers["17"].last_name, store.customers["17"].merged_into
    (('17', '3'), None, '3')
    """
    check_signature(by, at)
    check_store(store)
    with store.transaction() as tx:
        redacting = _redacting(tx)
        end = _end(tx, customer_id)
        ids = sorted({customer_id, end, *redacting.leading_to([end])})
        cards = tx.load(ids)
        plans = redacting.rewrite_receipts(ids, partial(redact_receipt, ids=ids))
        redacting.rewrite_judgements(ids, _anonymous)
        if not cards and not plans:
            raise ConfigurationError(
                f"nothing is known of customer {customer_id!r}; check the id, nothing was redacted"
            )
        leaving = {i: card for i, card in cards.items() if active_too or not card.is_active}
        return _empty(leaving, ids, cards, tx, by=by, at=at)


def purge(store: CustomerStore, /, *, before: datetime, by: str, at: datetime) -> Purged:
    """End the retention of what was merged before a moment: it can then no longer be undone.

    Receipts of executions before *before* are redacted, and cards that were retired before it are
    emptied; active cards, ids, redirects and judgements stay. A retired card of which no receipt
    says when counts as retired when it was last updated; one that bears no moment stays. All of it
    is one transaction, and a second call finds nothing left to do.

    Args:
        store: The register; its transactions must satisfy `RedactionTransaction`.
        before: The first moment whose data stays; with a time zone.
        by: Who purges.
        at: When; with a time zone.

    Raises:
        ConfigurationError: the store cannot redact, *by* is blank, or *before* or *at* has no time
            zone.
        StoreError: the store cannot, or did not keep what it was handed.

    Cost: goes through all receipts and all customers.

    >>> from datetime import UTC
    >>> from dedupkit.stores.memory import MemoryStore
    >>> long_ago, now = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    >>> old = Customer(id="17", last_name="Hansen", merged_into="3", updated_at=long_ago)
    >>> purge(MemoryStore([Customer(id="3"), old]), before=now, by="anna", at=now).customers
    ('17',)
    """
    check_signature(by, at)
    check_signature(by, before, name="before")
    check_store(store)
    retired_at: dict[str, datetime] = {}

    def redacted(receipt: Receipt) -> Receipt:
        if receipt.undone_by is None:
            cards = (step.customer for step in receipt.steps if isinstance(step, Retire))
            retired_at.update(dict.fromkeys(cards, receipt.at))
        return redact_receipt(receipt) if receipt.at < before else receipt

    with store.transaction() as tx:
        plans = _redacting(tx).rewrite_receipts(None, redacted)
        leaving = {}
        for card in store.scan():
            since = retired_at.get(card.id, card.updated_at)
            if not card.is_active and since is not None and since < before and not _is_empty(card):
                leaving[card.id] = card
        if leaving:
            _empty(leaving, sorted(leaving), leaving, tx, by=by, at=at)
    return Purged(customers=sorted(leaving), plans=sorted(plans))


def _redacting(tx: object) -> RedactionTransaction:
    if not isinstance(tx, RedactionTransaction):
        raise ConfigurationError(
            "this store cannot redact: its transactions must satisfy RedactionTransaction"
        )
    return tx


def _end(tx: Transaction, customer_id: str) -> str:
    """Return the id at the end of the redirects, locked, so that no other card can join."""
    end = customer_id
    while True:
        tx.load([end])
        found = tx.resolve([customer_id]).get(customer_id, customer_id)
        if found == end:
            return end
        end = found


def _anonymous(judgement: Judgement) -> Judgement:
    return evolve(judgement, by=None)


def _is_empty(card: Customer) -> bool:
    return card == emptied(card)


def _empty(
    leaving: Mapping[str, Customer],
    ids: Iterable[str],
    cards: Mapping[str, Customer],
    tx: Transaction,
    *,
    by: str,
    at: datetime,
) -> Receipt:
    """Empty cards, read them back, and remember who did it: without any value of *cards*."""
    after = {
        i: evolve(emptied(card), updated_at=at)
        for i, card in leaving.items()
        if not _is_empty(card)
    }
    bare = {i: after.get(i) or emptied(card) for i, card in cards.items()}
    plan = Plan(
        kind=PlanKind.EDIT,
        expects=[Expectation.of(card) for card in bare.values()],
        request=f"redaction {at.isoformat()}",
    )
    if after:
        tx.save([(leaving[i], card) for i, card in after.items()])
        check_kept(plan, after, tx.load(after))
    receipt = Receipt(
        plan_id=plan.id,
        kind=plan.kind,
        by=by,
        at=at,
        changes=[CustomerChange(card, card) for card in bare.values()],
        redacted=ids,
    )
    tx.remember(receipt)
    return receipt
