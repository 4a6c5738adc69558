"""Merge with django-super-deduper or django-extensions on the same registers; print JSON.

    python benchmarks/merging/django_rivals.py TOOL UNIQUE PAIRS SEED BATCH FILE

TOOL is ``super-deduper`` or ``extensions``; UNIQUE is ``unique_together``, ``UniqueConstraint`` or
``nothing``: how the database holds that a customer has one consent of a purpose, and so on; FILE is
the database to make. `executing` runs this and reads what it prints.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import django
from django.conf import settings
from losses import Holding, count_losses
from memory import peak_megabytes
from registers import Register, make_register

#: Merges a duplicate into a master.
Merge = Callable[[Any, Any], object]

_TEXTS = (
    *("number", "first_name", "last_name", "email", "mobile", "home_phone", "street", "street2"),
    *("postal_code", "city", "region", "country", "language", "notes"),
)


def open_database(file: str, unique: str) -> None:
    """Set Django up and make the tables."""
    settings.configure(
        UNIQUE=unique,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.contenttypes", "shop"],
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


def fill(register: Register) -> None:
    """Write a register into the tables."""
    from shop import models

    names = sorted({group for card in register.customers for group in card.groups})
    groups = {name: models.Group.objects.create(name=name) for name in names}
    logins = {
        card.id: models.Login.objects.create(username=card.web_profile.username)
        for card in register.customers
        if card.web_profile is not None
    }
    cards = {card.id: int(card.id) for card in register.customers}
    models.Customer.objects.bulk_create(
        models.Customer(
            id=cards[card.id],
            **{name: getattr(card, name) or "" for name in _TEXTS},
            other_emails=", ".join(card.other_emails),
            other_phones=", ".join(card.other_phones),
            birth_date=card.birth_date,
            flags=", ".join(sorted(card.flags)),
            vat_no=card.extra["vat_no"],
            created_at=card.created_at,
            updated_at=card.updated_at,
            login=logins.get(card.id),
        )
        for card in register.customers
    )
    through = models.Customer.groups.through
    through.objects.bulk_create(
        through(customer_id=cards[card.id], group=groups[name])
        for card in register.customers
        for name in card.groups
    )
    models.Consent.objects.bulk_create(
        models.Consent(
            customer_id=cards[card.id],
            purpose=one.purpose,
            channel=one.channel,
            state=one.state.value,
            at=one.at or datetime.now(UTC),
            source=one.source or "",
        )
        for card in register.customers
        for one in card.consents
    )
    models.Balance.objects.bulk_create(
        models.Balance(customer_id=cards[card.id], kind=one.kind, unit=one.unit, amount=one.amount)
        for card in register.customers
        for one in card.balances
    )
    models.ExternalId.objects.bulk_create(
        models.ExternalId(customer_id=cards[card.id], system=system, value=value)
        for card in register.customers
        for system, values in card.external_ids.items()
        for value in values
    )
    models.Membership.objects.bulk_create(
        models.Membership(
            customer_id=cards[row["customer"]], row=row_id, programme=row["programme"]
        )
        for row_id, row in register.rows["memberships"].items()
    )
    models.Order.objects.bulk_create(
        models.Order(customer_id=cards[row["customer"]], row=row_id)
        for row_id, row in register.rows["orders"].items()
    )


def holdings() -> dict[str, Holding]:
    """Return what every customer holds."""
    from shop import models

    found = {
        str(pk): Holding([], [], [], login=login is not None)
        for pk, login in models.Customer.objects.values_list("id", "login_id")
    }
    for model in (models.Membership, models.Order):
        for customer, row in model.objects.values_list("customer_id", "row"):
            found[str(customer)].rows.append(row)
    consents = models.Consent.objects.values_list("customer_id", "purpose", "channel", "state")
    for customer, *entry in consents:
        found[str(customer)].consents.append(tuple(entry))
    balances = models.Balance.objects.values_list("customer_id", "kind", "unit", "amount")
    for customer, kind, unit, amount in balances:
        found[str(customer)].balances.append((kind, unit, str(amount)))
    return found


def with_super_deduper() -> Merge:
    """Return how django-super-deduper merges: blanks are filled, the duplicate is deleted."""
    from django_super_deduper.merge import MergedModelInstance

    def merge(master: Any, duplicate: Any) -> object:  # noqa: ANN401  # Django has no types
        return MergedModelInstance.create(master, [duplicate], keep_old=False)

    return merge


def with_extensions() -> Merge:
    """Return how the command of django-extensions merges, without its questions."""
    from django_extensions.management.commands.merge_model_instances import Command

    command = Command(stdout=StringIO())

    def merge(master: Any, duplicate: Any) -> object:  # noqa: ANN401  # as above
        return command.merge_model_instances(master, [duplicate])

    return merge


TOOLS = {"super-deduper": with_super_deduper, "extensions": with_extensions}


def merge_all(register: Register, merge: Merge, batch: int) -> tuple[float, list[int]]:
    """Merge every pair in transactions of *batch* pairs; return seconds and who was merged.

    The customers of a batch are read first, and somebody else edits the notes of the masters
    before they are merged; neither is timed.
    """
    from django.db import DatabaseError, transaction
    from shop.models import Customer

    seconds, merged = 0.0, []
    for start in range(0, len(register.pairs), batch):
        pairs = [(int(one), int(other)) for one, other in register.pairs[start : start + batch]]
        cards = Customer.objects.in_bulk([pk for pair in pairs for pk in pair])
        Customer.objects.filter(pk__in=[master for master, _ in pairs]).update(notes=EDITED)
        begun = time.perf_counter()
        with transaction.atomic():
            for master, duplicate in pairs:
                try:
                    with transaction.atomic():
                        merge(cards[master], cards[duplicate])
                except (AttributeError, DatabaseError):
                    continue  # this one is not merged; the tools raise either
                merged.append(master)
        seconds += time.perf_counter() - begun
    return seconds, merged


EDITED = "Edited by somebody else"


def main(arguments: list[str]) -> None:
    """Make the register, merge, count, print."""
    tool, unique, pairs, seed, batch, file = arguments
    open_database(file, unique)
    register = make_register(int(pairs), seed=int(seed))
    fill(register)
    seconds, merged = merge_all(register, TOOLS[tool](), int(batch))
    peak = peak_megabytes()
    from shop.models import Customer

    kept = Customer.objects.filter(pk__in=merged, notes=EDITED).count()
    lost = count_losses(register, holdings())._asdict()
    figures = {"seconds": seconds, "megabytes": peak, "overwritten": len(merged) - kept}
    print(json.dumps({**figures, **lost}, default=str))


if __name__ == "__main__":
    main(sys.argv[1:])
