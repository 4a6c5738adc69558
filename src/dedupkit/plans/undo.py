"""Undo after life went on: a receipt and the customers of today make a plan.

Step by step, the last one first, whatever still shows what the merge wrote is set back. What no
longer does stays, with a notice, and the rest is undone; what came later stays with the master.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, cast, final

import attrs
from attrs import evolve

from dedupkit.customers import (
    EMPTY,
    FIELDS,
    Consent,
    Customer,
    FieldMap,
    WebProfile,
    exact_sum,
    read_path,
)
from dedupkit.errors import ConfigurationError
from dedupkit.plans.findings import Blocker, Notice
from dedupkit.plans.held import HeldRows
from dedupkit.plans.plan import Expectation, PlanKind, Total, UndoPlan
from dedupkit.plans.receipts import Receipt
from dedupkit.plans.relations import BalanceKey, Relation
from dedupkit.plans.replay import replay
from dedupkit.plans.steps import (
    AddValue,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    MoveWebProfile,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
    touched,
)

__all__ = ["plan_undo"]

#: Fields that differ without anybody having changed the card.
_RESTLESS = ("version", "updated_at")
_USERNAME = "web_profile.username"

#: The steps that are set back where the world still shows them.
_Change: TypeAlias = (
    SetField
    | AddValue
    | RemoveValue
    | SetConsent
    | MoveWebProfile
    | SetWebProfile
    | TransferBalance
    | Repoint
    | Restore
    | Create
    | CreateGroup
    | DeleteGroup
)


def plan_undo(
    receipt: Receipt,
    customers_now: Mapping[str, Customer] | Iterable[Customer],
    *,
    later: Iterable[Receipt] = (),
    holders: Mapping[tuple[str, str], str] = EMPTY,
    rows: Mapping[Relation, Iterable[Mapping[str, Any]]] = EMPTY,
) -> UndoPlan:
    """Plan the undo of an execution; pure.

    Fields go back where they still have the value that was written; sets lose exactly what was
    added; a transferred balance goes back unless a positive one would leave the master below
    min(0, what it had before); web profiles and unique values move on both sides or on neither;
    consents are restored and then joined with the refusals given since, which also hold for the
    cards that come back; rows go back by the ids in the receipt, as far as they still refer to
    the master, and what they add up to goes with them, whatever the master is left with. What
    stays has a notice.

    Args:
        receipt: What the execution has done.
        customers_now: The customers of ``receipt.ids`` as the store holds them, retired ones
            included; those that are no longer there are left out.
        later: Receipts of what came after; a merge among them that still stands and shares a
            customer is a blocker that names it.
        holders: Unique path (``"number"``, ``"web_profile.username"``) and value → the customer
            that holds it, as far as the store knows.
        rows: Relation that adds up to a balance → its rows that refer to the customers now, as
            `SupportsRows.rows` gives them. Without them, what its rows hold is taken to be what
            the execution moved, with a notice where the balance has changed since.

    Returns:
        A plan that `execute` runs, or that shows its blockers.

    Raises:
        ConfigurationError: *receipt* or *customers_now* are none, or *rows* lack what they must
            show.

    Cost: O(steps + customers).
    """
    given: object = receipt
    if not isinstance(given, Receipt):
        raise ConfigurationError("receipt must be a Receipt; Receipt.from_json reads a stored one")
    by_id = _as_found(customers_now)
    now = {i: by_id[i] for i in receipt.ids if i in by_id and i not in receipt.redacted}
    blockers = tuple(_blockers(receipt, now, later))
    undoing = _Undoing(receipt, now, holders, HeldRows(rows))
    if not blockers:
        undoing.run()
    return UndoPlan(
        undoes=receipt.plan_id,
        expects=tuple(map(Expectation.of, now.values())),
        steps=undoing.steps,
        notices=undoing.notices,
        blockers=blockers,
        totals=tuple(_totals(now, undoing.now)),
        warning=_warning(undoing.steps),
    )


def _as_found(customers: object) -> Mapping[str, Customer]:
    cards = customers.values() if isinstance(customers, Mapping) else customers
    given = tuple(cards) if isinstance(cards, Iterable) else (None,)
    if not all(isinstance(card, Customer) for card in given):
        raise ConfigurationError(
            "customers_now are Customer objects, such as store.get(receipt.ids)"
        )
    return _by_id(given)


def _by_id(customers: Iterable[Customer]) -> dict[str, Customer]:
    return {customer.id: customer for customer in customers}


def _blockers(
    receipt: Receipt, now: Mapping[str, Customer], later: Iterable[Receipt]
) -> Iterator[Blocker]:
    if receipt.kind is PlanKind.UNDO:
        yield Blocker(code="undo_of_undo")
    if receipt.undone_by is not None:
        yield Blocker(code="already_undone", data={"plan_id": receipt.undone_by})
    if receipt.redacted and set(receipt.ids) <= set(receipt.redacted):
        yield Blocker(code="redacted", customers=receipt.redacted)
    named: set[str] = set()
    for other in later:
        shared = tuple(i for i in receipt.ids if i in other.ids)
        if shared and other.kind is PlanKind.MERGE and other.undone_by is None:
            named.update(shared)
            yield Blocker(code="later_merge", customers=shared, data={"plan_id": other.plan_id})
    for change in receipt.changes:
        card = now.get(change.id)
        written = None if change.after is None else change.after.merged_into
        if card and card.merged_into not in (None, written) and card.id not in named:
            data = {"master": card.merged_into}
            yield Blocker(code="merged_since", customers=(card.id,), data=data)


def _totals(before: Mapping[str, Customer], after: Mapping[str, Customer]) -> Iterator[Total]:
    held, holding = _sums(before), _sums(after)
    for key in sorted({*held, *holding}, key=lambda key: tuple(part or "" for part in key)):
        kind, unit, programme = key
        yield Total(
            kind=kind,
            unit=unit,
            programme=programme,
            before=held.get(key, Decimal(0)),
            after=holding.get(key, Decimal(0)),
        )


def _sums(customers: Mapping[str, Customer]) -> dict[BalanceKey, Decimal]:
    sums: dict[BalanceKey, Decimal] = {}
    for customer in customers.values():
        for balance in customer.balances:
            sums[balance.key] = exact_sum(sums.get(balance.key, Decimal(0)), balance.amount)
    return sums


def _warning(steps: Sequence[Step]) -> str:
    back = [step.customer for step in steps if isinstance(step, Restore)]
    back += [step.customer.id for step in steps if isinstance(step, Create)]
    if not back:
        return "Sets back what still shows what was written."
    cards = "customer" if len(back) == 1 else "customers"
    return f"Brings back {cards} {', '.join(back)} and sets back what still shows the merge."


@final
class _Undoing:
    """The world while it is set back, and the steps and notices that this comes to."""

    def __init__(
        self,
        receipt: Receipt,
        now: Mapping[str, Customer],
        holders: Mapping[tuple[str, str], str],
        held: HeldRows,
    ) -> None:
        self.receipt = receipt
        self.now: dict[str, Customer] = dict(now)
        self.steps: list[Step] = []
        self.notices: list[Notice] = []
        self._found = now
        self._before = _by_id(c.before for c in receipt.changes if c.before is not None)
        self._written = _by_id(c.after for c in receipt.changes if c.after is not None)
        self._holders = holders
        self._held = held
        self._gone: set[str] = set()
        self._carried: dict[tuple[str, BalanceKey], None] = {}

    def run(self) -> None:
        redacted = self.receipt.redacted
        if redacted:
            self._note("customer_redacted", *redacted)
        steps = [s for s in reversed(self.receipt.real_steps) if not {*touched(s)} & {*redacted}]
        steps.sort(key=_is_no_debt)
        for step in steps:  # cards come back first, whatever else concerns them follows
            if isinstance(step, Retire):
                self._bring_back(step)
        for step in steps:
            if isinstance(step, Delete):
                self._create_again(step.customer)
            elif not isinstance(step, Retire) and self._all_there(touched(step)):
                self._undo(step)
        self._tell_overdrawn()

    def _undo(self, step: _Change) -> None:
        match step:
            case SetField():
                self._undo_field(step)
            case AddValue(customer=customer, field=path, value=value):
                if value in read_path(self.now[customer], path):
                    self._do(step.inverse())
            case RemoveValue():
                self._add_again(step)
            case SetConsent():
                self._undo_consent(step)
            case MoveWebProfile():
                self._move_profile_back(step)
            case SetWebProfile():
                self._undo_profile(step)
            case TransferBalance():
                self._transfer_back(step)
            case Repoint():
                self._move_rows_back(step)
            case Create(customer=customer):
                self._delete_again(customer.id)
            case CreateGroup(name=name):
                self._note("group_stays", group=name)
            case _:  # DeleteGroup, Restore
                self._do(step.inverse())

    # --- The card as such ----------------------------------------------------------------------

    def _bring_back(self, step: Retire) -> None:
        card = self.now.get(step.customer)
        if card is None:  # the store deletes retired cards: it is inserted again as it was
            befores = self._before.values()
            retired = replay(self.receipt.real_steps, befores)[step.customer]
            self._create_again(evolve(retired, merged_into=None))
        elif card.merged_into == step.into:
            self._do(step.inverse())
        self._copy_refusals(step)

    def _create_again(self, customer: Customer) -> None:
        if customer.id not in self.now:
            self._do(Create(evolve(customer, version=None)))

    def _delete_again(self, customer_id: str) -> None:
        written, found = self._written.get(customer_id), self._found[customer_id]
        if written is not None and _settled(written) == _settled(found):
            self._do(Delete(self.now[customer_id]))
        else:
            self._note("card_changed_since", customer_id)

    # --- Fields and sets -----------------------------------------------------------------------

    def _undo_field(self, step: SetField) -> None:
        if step.field == "number" and not self._numbers_go_back():
            if read_path(self.now[step.customer], "number") != step.before:
                self._note("field_changed_since", step.customer, field="number")
            return
        found = read_path(self.now[step.customer], step.field)
        if found == step.after:
            self._do(step.inverse())
        elif found != step.before:
            self._note("field_changed_since", step.customer, field=step.field)

    def _numbers_go_back(self) -> bool:
        """Whether every customer number that was written still stands, and the old are free."""
        mine = set(self.receipt.ids)
        for step in self.receipt.real_steps:
            if isinstance(step, SetField) and step.field == "number":
                card = self._found.get(step.customer)
                holder = self._holders.get(("number", step.before))
                if card is None or card.number != step.after or holder not in {None, *mine}:
                    return False
        return True

    def _add_again(self, step: RemoveValue) -> None:
        """Add a value, in an ordered collection behind the neighbor that it stood behind."""
        found = read_path(self.now[step.customer], step.field)
        if step.value in found:
            return
        if not isinstance(found, tuple) or not found:
            self._do(step.inverse())
            return
        was = read_path(self._before[step.customer], step.field)
        earlier = was[: was.index(step.value)] if step.value in was else was
        place = max((found.index(value) + 1 for value in earlier if value in found), default=0)
        after = (*found[:place], step.value, *found[place:])
        self._do(SetField(step.customer, step.field, found, after, origin=step.origin))

    # --- Consents ------------------------------------------------------------------------------

    def _undo_consent(self, step: SetConsent) -> None:
        consent = cast("Consent", step.before or step.after)
        found = _consent(self.now[step.customer], consent.key)
        if found == step.after:
            self._do(step.inverse())
        elif found is None or not found.state.is_refusal:
            if found != step.before:
                self._note_consent("consent_changed_since", consent, step.customer)
        elif (restored := _stricter(step.before, found)) != found:
            self._do(SetConsent(step.customer, found, restored, origin=step.origin))

    def _copy_refusals(self, step: Retire) -> None:
        """Let refusals that the master gave since hold for the card that comes back."""
        master = self._found.get(step.into)
        if master is None or step.customer not in self.now:
            return
        written = self._written.get(step.into, master)
        for refusal in master.consents:
            if not refusal.state.is_refusal or _consent(written, refusal.key) == refusal:
                continue
            held = _consent(self.now[step.customer], refusal.key)
            if (joined := _stricter(held, refusal)) != held:
                self._do(SetConsent(step.customer, held, joined, origin=(step.into,)))
                self._note_consent("refusal_copied", refusal, step.customer, master=step.into)

    # --- Web profiles --------------------------------------------------------------------------

    def _move_profile_back(self, step: MoveWebProfile) -> None:
        """Move the profile back as it is today: who it belongs to was changed, not what it is."""
        profile: WebProfile | None = step.profile
        if step.target is not None:
            profile = self.now[step.target].web_profile
        is_here = profile is not None and profile.id == step.profile.id
        is_free = step.source is None or self.now[step.source].web_profile is None
        sides = [side for side in (step.source, step.target) if side is not None]
        if profile is None or not is_here or not is_free:
            self._note("web_profile_changed_since", *sides, profile=step.profile.id)
        elif step.target is None and self._is_taken(profile.username):
            self._note("username_taken", *sides, profile=step.profile.id)
        else:
            self._do(MoveWebProfile(profile, step.target, step.source, origin=step.origin))

    def _undo_profile(self, step: SetWebProfile) -> None:
        """Set back what the step changed of the profile, attribute by attribute."""
        found = self.now[step.customer].web_profile
        if found is None or found.id != step.after.id:
            self._note("web_profile_changed_since", step.customer, profile=step.after.id)
            return
        back: dict[str, Any] = {}
        for name in (attribute.name for attribute in attrs.fields(WebProfile)):
            before, after = getattr(step.before, name), getattr(step.after, name)
            if before != after and getattr(found, name) == after:
                back[name] = before
        if "username" in back and self._is_taken(back["username"]):
            del back["username"]
            self._note("username_taken", step.customer, profile=step.after.id)
        if back:
            restored = evolve(found, **back)
            self._do(SetWebProfile(step.customer, found, restored, origin=step.origin))

    def _is_taken(self, username: str | None) -> bool:
        if username is None:
            return False
        if self._holders.get((_USERNAME, username), next(iter(self.now))) not in self.now:
            return True
        profiles = (card.web_profile for card in self.now.values())
        return any(profile is not None and profile.username == username for profile in profiles)

    # --- Balances and rows ---------------------------------------------------------------------

    def _transfer_back(self, step: TransferBalance) -> None:
        if self._held.settle(step):  # the rows say how much goes back, where they go back
            return
        key = (step.kind, step.unit, step.programme)
        found = _amount(self.now[step.target], key)
        had = _amount(self._before.get(step.target), key)
        left = exact_sum(found, step.amount.copy_negate())
        amounts = {"kind": step.kind, "unit": step.unit, "amount": step.amount}
        if step.settled_by is None:
            if step.amount > 0 and left < min(Decimal(0), had):
                self._note("balance_spent", step.source, master=step.target, **amounts)
                return
        elif _amount(self._found[step.target], key) != _amount(self._written.get(step.target), key):
            self._note(
                "amount_with_rows",
                step.source,
                master=step.target,
                relation=step.settled_by,
                **amounts,
            )
        self._do(step.inverse())

    def _move_rows_back(self, step: Repoint) -> None:
        """Move back, by id, what the receipt says was moved or removed by this step."""
        rows = {
            row
            for moved in self.receipt.moved
            if (moved.relation, moved.source, moved.target)
            == (step.relation, step.source, step.target)
            for row in moved.rows
        } | {
            removed.row
            for removed in self.receipt.removed
            if (removed.relation, removed.source, removed.target)
            == (step.relation, step.source, step.target)
        }
        key = self._held.key(step.relation)
        if key is not None:
            rows &= self._held.amounts(step.relation, step.target).keys()
        if rows:
            self._do(evolve(step.inverse(), only=tuple(sorted(rows))))
        if key is not None:
            self._carry_back(step, key, rows)

    def _carry_back(self, step: Repoint, key: BalanceKey, rows: Iterable[str]) -> None:
        """Let what rows add up to go back with them: what they hold today, be it more or less."""
        held = self._held.amounts(step.relation, step.target)
        amount = exact_sum(*(held[row] for row in rows))
        kind, unit, programme = key
        came = exact_sum(
            *(
                other.amount
                for other in self.receipt.real_steps
                if isinstance(other, TransferBalance)
                and (other.source, other.target) == (step.source, step.target)
                and (other.kind, other.unit, other.programme) == key
            )
        )
        if amount != came:
            amounts = {"kind": kind, "unit": unit, "amount": amount, "came": came}
            self._note("rows_changed_since", step.source, relation=step.relation, **amounts)
        if amount:
            back = TransferBalance(
                kind=kind,
                unit=unit,
                programme=programme,
                amount=amount,
                source=step.target,
                target=step.source,
                settled_by=step.relation,
                origin=step.origin,
            )
            self._do(back)
            self._carried[step.target, key] = None

    def _tell_overdrawn(self) -> None:
        """Tell whom rows that went back have left with less than nothing."""
        for master, key in self._carried:
            left, had = _amount(self.now[master], key), _amount(self._before.get(master), key)
            if left < min(Decimal(0), had):
                self._note("balance_overdrawn", master, kind=key[0], unit=key[1], amount=left)

    # --- Common --------------------------------------------------------------------------------

    def _do(self, step: Step) -> None:
        ids = touched(step)
        after = replay([step], {i: self.now[i] for i in ids if i in self.now})
        for customer_id in ids:
            self.now.pop(customer_id, None)
        self.now.update(after)
        self.steps.append(step)

    def _all_there(self, ids: Iterable[str]) -> bool:
        missing = [i for i in ids if i not in self.now]
        for customer_id in missing:
            if customer_id not in self._gone:
                self._gone.add(customer_id)
                self._note("customer_gone", customer_id)
        return not missing

    def _note(self, code: str, *customers: str, **data: Any) -> None:  # noqa: ANN401  # what the text needs
        self.notices.append(Notice(code=code, customers=customers, data=FieldMap(data)))

    def _note_consent(self, code: str, consent: Consent, customer: str, **data: str) -> None:
        self._note(code, customer, purpose=consent.purpose, channel=consent.channel, **data)


def _is_no_debt(step: Step) -> bool:
    """Put what the master is relieved of first, so that it does not count against the rest."""
    return not (isinstance(step, TransferBalance) and step.amount < 0)


def _settled(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in FIELDS if name not in _RESTLESS}


def _consent(customer: Customer, key: tuple[str, str, str | None]) -> Consent | None:
    return next((consent for consent in customer.consents if consent.key == key), None)


def _stricter(before: Consent | None, refusal: Consent) -> Consent:
    return before if before is not None and before.state > refusal.state else refusal


def _amount(customer: Customer | None, key: BalanceKey) -> Decimal:
    balances = () if customer is None else customer.balances
    return next((balance.amount for balance in balances if balance.key == key), Decimal(0))
