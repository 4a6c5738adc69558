"""Customers and what refers to them.

A customer has one consent of a purpose and channel, one balance of a kind and unit, and one
membership of a programme. The setting ``UNIQUE`` says how the database holds it:
``unique_together``, ``UniqueConstraint``, or not at all.
"""

# ruff: noqa: DJ008  # nobody prints them

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


def together(*fields: str) -> tuple[str, ...]:
    """Return what of these fields Django is told to hold unique together."""
    return fields if settings.UNIQUE == "unique_together" else ()


def constrained(*fields: str) -> list[Any]:
    """Return the constraint of the database that these fields are unique."""
    name = f"once_{'_'.join(fields)}"
    constraint = models.UniqueConstraint(fields=fields, name=name)
    return [constraint] if settings.UNIQUE == "UniqueConstraint" else []


class Group(models.Model):
    """A group of customers."""

    name = models.CharField(max_length=60, unique=True)


class Login(models.Model):
    """A login on the web."""

    username = models.CharField(max_length=60, unique=True)


class Customer(models.Model):
    """A customer."""

    number = models.CharField(max_length=20, blank=True)
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=120, blank=True)
    other_emails = models.TextField(blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    home_phone = models.CharField(max_length=40, blank=True)
    other_phones = models.TextField(blank=True)
    street = models.CharField(max_length=120, blank=True)
    street2 = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, blank=True)
    notes = models.TextField(blank=True)
    flags = models.TextField(blank=True)
    vat_no = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    groups = models.ManyToManyField(Group)
    login = models.OneToOneField(Login, models.SET_NULL, null=True, blank=True)


class Owned(models.Model):
    """What belongs to a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE)

    class Meta:
        """No table of its own."""

        abstract = True


class Consent(Owned):
    """One of a purpose and channel."""

    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    source = models.CharField(max_length=20)

    class Meta:
        """What the database holds."""

        unique_together: ClassVar = together("customer", "purpose", "channel")
        constraints: ClassVar = constrained("customer", "purpose", "channel")


class Balance(Owned):
    """One of a kind and unit."""

    kind = models.CharField(max_length=20)
    unit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        """What the database holds."""

        unique_together: ClassVar = together("customer", "kind", "unit")
        constraints: ClassVar = constrained("customer", "kind", "unit")


class Membership(Owned):
    """One of a programme."""

    row = models.CharField(max_length=40)
    programme = models.CharField(max_length=20)

    class Meta:
        """What the database holds."""

        unique_together: ClassVar = together("customer", "programme")
        constraints: ClassVar = constrained("customer", "programme")


class Order(Owned):
    """As many as were placed."""

    row = models.CharField(max_length=40)


class ExternalId(Owned):
    """An id of the customer in another system."""

    system = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
