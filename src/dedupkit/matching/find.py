"""The three questions: which are duplicates, which share one field, and why these two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dedupkit.customers import Customer, Judgement, JudgementSet, lowest_number
from dedupkit.errors import ConfigurationError
from dedupkit.matching.evidence import MatchResult
from dedupkit.matching.model import MatchModel
from dedupkit.matching.profile import RegisterProfile
from dedupkit.matching.report import DuplicateReport, report_on
from dedupkit.normalize.email import normalize_email
from dedupkit.normalize.text import fold
from dedupkit.progress import SILENT, Reporter

__all__ = ["explain", "find_duplicates", "find_field_duplicates"]


def find_duplicates(
    customers: Any,  # noqa: ANN401  # an iterable of Customer, or any Arrow table
    *,
    columns: Mapping[str, str] | None = None,
    region: str | None = None,
    model: MatchModel | None = None,
    judgements: Iterable[Judgement] = (),
    progress: Reporter | None = None,
) -> DuplicateReport:
    """Find the customers that stand twice in a register.

    Cards that may not be merged, retired ones and kept ones are left out and counted. The same
    customers in any order give the same report; a table without ids excepted, whose rows are
    numbered.

    Args:
        customers: An iterable of `Customer`, or any table with the Arrow PyCapsule interface
            (pandas, polars, pyarrow, duckdb), for which the extra ``arrow`` is needed.
        columns: For a table, field path → its column; default: same names. Without an id column
            the row position is the id, from 0.
        region: ISO 3166 alpha-2 code of the register's country, for phones without one.
        model: What weighs; default: the shipped model. One that was not fitted before is fitted
            to these customers, without labels.
        judgements: What people said; never overruled. Contradictory ones are shown in the review.
            A `JudgementSet` reads them through redirects.
        progress: Hears of every stage.

    Raises:
        ConfigurationError: an id is given twice, a column is not there, the extra is missing, or
            both *region* and *model* are given and differ.

    Cost: about a hundred microseconds a customer.

    >>> from dedupkit.customers import Customer
    >>> cards = [
    ...     Customer(id="1", first_name="Bjørn", last_name="Hansen", email="bjorn@example.no"),
    ...     Customer(id="2", first_name="Bjorn", last_name="Hansen", email="bjorn@example.no"),
    ...     Customer(id="3", first_name="Marit", last_name="Hansen"),
    ... ]
    >>> [cluster.ids for cluster in find_duplicates(cards).clusters]
    [('1', '2')]
    """
    from dedupkit.matching.survey import survey

    if model is None:
        model = MatchModel.default(region)
    elif region is not None and region != model.region:
        raise ConfigurationError("region is part of the model: give it to MatchModel.default")
    said = judgements if isinstance(judgements, JudgementSet) else JudgementSet(judgements)
    found = survey(
        model,
        model.read(customers, columns),
        judgements=said,
        fit=not model.is_fitted,
        progress=progress or SILENT,
    )
    return report_on(found, said.contradictions)


def explain(
    a: Customer,
    b: Customer,
    model: MatchModel | None = None,
    profile: RegisterProfile | None = None,
) -> MatchResult:
    """Tell why two customers are duplicates, or not: the evidence in bits.

    Args:
        a: One customer.
        b: The other.
        model: ``report.model`` for the numbers of a report; default: the shipped model.
        profile: ``report.profile`` for the numbers of a report; default: that of a typical
            register of ten thousand customers.

    >>> from dedupkit.customers import Customer
    >>> one = Customer(id="1", email="anna@dahl.no", last_name="Dahl")
    >>> explain(one, Customer(id="2", email="kari@lie.no", last_name="Lie")).outcome
    <Outcome.DISTINCT: 'distinct'>
    """
    return (model or MatchModel.default()).compare(a, b, profile)


def find_field_duplicates(
    customers: Iterable[Customer], field: str, *, region: str | None = None
) -> tuple[tuple[Customer, ...], ...]:
    """Group the customers that share one normalized field; what a walk goes through.

    Cards that may not be merged, retired ones and kept ones are left out.

    Args:
        customers: The register.
        field: ``"email"``, ``"name"``, ``"mobile"`` or ``"home_phone"``.
        region: ISO 3166 alpha-2 code of the register's country, for phones without one.

    Returns:
        Groups of two or more, the lowest customer number of each first; the groups in order of
        their first.

    Raises:
        ConfigurationError: another field.

    >>> from dedupkit.customers import Customer
    >>> cards = [Customer(id="2", email="A@b.no"), Customer(id="1", email="a@b.no ")]
    >>> [[card.id for card in group] for group in find_field_duplicates(cards, "email")]
    [['1', '2']]
    """
    if field not in _READERS:
        raise ConfigurationError(f"field must be one of {', '.join(sorted(_READERS))}")
    read = _READERS[field]
    groups: dict[str, list[Customer]] = {}
    for customer in customers:
        if customer.allow_merge and customer.is_active and customer.kept_for is None:
            value = read(customer, region)
            if value is not None:
                groups.setdefault(value, []).append(customer)
    found = [tuple(sorted(group, key=lowest_number)) for group in groups.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda group: lowest_number(group[0])))


def _email(customer: Customer, _region: str | None) -> str | None:
    if customer.email is None:
        return None
    email = normalize_email(customer.email)
    return None if email.is_placeholder else email.literal


def _name(customer: Customer, _region: str | None) -> str | None:
    parts = (customer.name, customer.first_name, customer.last_name)
    return fold(" ".join(filter(None, parts))) or None


def _phone(text: str | None, customer: Customer, region: str | None) -> str | None:
    from dedupkit.normalize.phone import normalize_phone

    if text is None:
        return None
    phone = normalize_phone(text, country=customer.country, region=region)
    return None if phone.is_placeholder else phone.e164


_READERS: Mapping[str, Callable[[Customer, str | None], str | None]] = {
    "email": _email,
    "name": _name,
    "mobile": lambda customer, region: _phone(customer.mobile, customer, region),
    "home_phone": lambda customer, region: _phone(customer.home_phone, customer, region),
}
