"""Replay: fold steps over customers, purely. The one interpreter of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from dedupkit.customers import (
    ADDRESS_FIELDS,
    Address,
    Balance,
    Customer,
    FieldMap,
    exact_sum,
)
from dedupkit.customers.customer import evolve_customer
from dedupkit.errors import ConfigurationError, PlanningError
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
)

__all__ = ["replay"]


def replay(
    steps: Iterable[Step], customers: Mapping[str, Customer] | Iterable[Customer]
) -> FieldMap[str, Customer]:
    """Return the customers as they are after *steps*.

    Rows of relations and groups as such are the store's: `Repoint`, `CreateGroup` and
    `DeleteGroup` change no customer.

    Args:
        steps: The steps, in order.
        customers: The customers that they touch (id → customer, or plain customers), as the plan
            expects them; further ones come back as they are.

    Returns:
        Id → customer, in the given order, created ones last, deleted ones left out.

    Raises:
        ConfigurationError: *steps* is no collection.
        PlanningError: a step does not fit: its customer is not there, or not as the step says.
        InvalidCustomerError: a step sets a value that has not its field's shape.

    Cost: O(steps + touched customers).

    >>> from dedupkit.plans import SetField
    >>> replay([SetField("1", "city", None, "Oslo")], [Customer(id="1")])["1"].city
    'Oslo'
    """
    asked: object = steps
    if not isinstance(asked, Iterable):
        raise ConfigurationError("steps is a collection of steps: replay(plan.steps, customers)")
    given = customers if isinstance(customers, Mapping) else {c.id: c for c in customers}
    drafts = _Drafts(given)
    for position, step in enumerate(steps):
        try:
            _apply(step, drafts)
        except _UNFIT as misfit:
            name = type(step).__name__
            why = misfit if isinstance(misfit, _Misfit) else "it does not suit its field"
            raise PlanningError(f"step {position} ({name}) does not fit: {why}") from None
    return drafts.finished()


class _Misfit(Exception):  # noqa: N818  # never leaves this module
    pass


#: What a step comes to that does not fit; of those made by hand, or read from JSON, any of these.
_UNFIT = (_Misfit, AttributeError, ConfigurationError, KeyError, TypeError)


class _Draft(dict[str, Any]):
    """The fields of one customer that steps have set; the others are the customer's."""

    def __init__(self, customer: Customer) -> None:
        super().__init__()
        self.customer = customer

    def __missing__(self, name: str) -> Any:  # noqa: ANN401  # fields have many types
        return getattr(self.customer, name)


class _Drafts:
    """Customers taken apart where a step touches them, so that each is built anew only once."""

    def __init__(self, customers: Mapping[str, Customer]) -> None:
        self._customers = dict(customers)
        self._drafts: dict[str, _Draft] = {}

    def of(self, customer_id: str) -> _Draft:
        draft = self._drafts.get(customer_id)
        if draft is None:
            customer = self._customers.get(customer_id)
            if customer is None:
                raise _Misfit(f"customer {customer_id!r} is not there")
            draft = self._drafts[customer_id] = _Draft(customer)
        return draft

    def create(self, customer: Customer) -> None:
        if customer.id in self._customers:
            raise _Misfit(f"customer {customer.id!r} is there already")
        self._customers[customer.id] = customer

    def delete(self, customer: Customer) -> None:
        if customer.id in self._drafts:
            self._customers[customer.id] = _built(self._drafts.pop(customer.id))
        if self._customers.get(customer.id) != customer:
            raise _Misfit(f"customer {customer.id!r} is not as the step says")
        del self._customers[customer.id]

    def finished(self) -> FieldMap[str, Customer]:
        built = {i: _built(draft) for i, draft in self._drafts.items()}
        return FieldMap({**self._customers, **built})


def _built(draft: _Draft) -> Customer:
    return evolve_customer(draft.customer, draft)


def _apply(step: Step, drafts: _Drafts) -> None:
    match step:
        case SetField(customer=customer, field=path, before=before, after=after):
            draft = drafts.of(customer)
            blank = Address() if path == "address" and before is None else before
            _expect(customer, path, _read(draft, path), blank)
            _write(draft, path, after)
        case AddValue(customer=customer, field=path, value=value):
            draft = drafts.of(customer)
            values = _collection(draft, path)
            if value in values:
                raise _Misfit(f"{path} of customer {customer!r} has the value already")
            _write(draft, path, _with_value(values, value))
        case RemoveValue(customer=customer, field=path, value=value):
            draft = drafts.of(customer)
            values = _collection(draft, path)
            if value not in values:
                raise _Misfit(f"{path} of customer {customer!r} lacks the value")
            _write(draft, path, _without_value(values, value))
        case SetConsent(customer=customer, before=before, after=after):
            draft = drafts.of(customer)
            draft["consents"] = _replaced(customer, draft["consents"], before, after)
        case MoveWebProfile(profile=profile, source=source, target=target):
            if source is not None:
                _swap_profile(drafts.of(source), source, profile, None)
            if target is not None:
                _swap_profile(drafts.of(target), target, None, profile)
        case SetWebProfile(customer=customer, before=before, after=after):
            _swap_profile(drafts.of(customer), customer, before, after)
        case TransferBalance():
            _transfer(step, drafts)
        case Retire(customer=customer, into=into):
            draft = drafts.of(customer)
            _expect(customer, "merged_into", draft["merged_into"], None)
            draft["merged_into"] = into
        case Restore(customer=customer, into=into):
            draft = drafts.of(customer)
            _expect(customer, "merged_into", draft["merged_into"], into)
            draft["merged_into"] = None
        case Create(customer=created):
            drafts.create(created)
        case Delete(customer=deleted):
            drafts.delete(deleted)
        case Repoint() | CreateGroup() | DeleteGroup():
            pass
        case _:
            assert_never(step)


def _expect(customer: str, path: str, found: object, before: object) -> None:
    if found != before:
        raise _Misfit(f"{path} of customer {customer!r} is not as the step says")


def _read(draft: _Draft, path: str) -> Any:  # noqa: ANN401  # fields have many types
    if path == "address":
        return Address(**{name: draft[name] for name in ADDRESS_FIELDS})
    head, _, key = path.partition(".")
    return draft[head].get(key) if key else draft[head]


def _write(draft: _Draft, path: str, value: Any) -> None:  # noqa: ANN401  # as above
    head, _, key = path.partition(".")
    if path == "address":
        parts = value or Address()
        draft.update({name: getattr(parts, name) for name in ADDRESS_FIELDS})
    elif key:
        draft[head] = draft[head].with_items({key: value})
    else:
        draft[head] = value


def _collection(draft: _Draft, path: str) -> Any:  # noqa: ANN401  # as above
    values = _read(draft, path)
    return frozenset() if values is None else values


def _with_value(values: Any, value: Any) -> Any:  # noqa: ANN401  # as above
    return (*values, value) if isinstance(values, tuple) else values | {value}


def _without_value(values: Any, value: Any) -> Any:  # noqa: ANN401  # as above
    if isinstance(values, tuple):
        return tuple(other for other in values if other != value)
    return values - {value}


def _replaced(customer: str, values: tuple[Any, ...], before: Any, after: Any) -> tuple[Any, ...]:  # noqa: ANN401  # consents or balances
    key = (before or after).key
    found = next((value for value in values if value.key == key), None)
    _expect(customer, "consents", found, before)
    others = tuple(value for value in values if value.key != key)
    return others if after is None else (*others, after)


def _swap_profile(draft: _Draft, customer: str, before: object, after: object) -> None:
    _expect(customer, "web_profile", draft["web_profile"], before)
    draft["web_profile"] = after


def _transfer(step: TransferBalance, drafts: _Drafts) -> None:
    key = (step.kind, step.unit, step.programme)
    for customer, amount in ((step.source, step.amount.copy_negate()), (step.target, step.amount)):
        draft = drafts.of(customer)
        others: list[Balance] = []
        held = [amount]
        for balance in draft["balances"]:
            if balance.key == key:
                held.append(balance.amount)
            else:
                others.append(balance)
        if total := exact_sum(*held):  # a balance of zero is none
            others.append(Balance(step.kind, step.unit, total, programme=step.programme))
        draft["balances"] = tuple(others)
