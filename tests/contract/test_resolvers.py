"""Every shipped resolver keeps the rules, and a broken one trips just the rule it breaks."""

from collections.abc import Sequence
from itertools import count

import pytest

from dedupkit import merging
from dedupkit.customers import Customer, read_path
from dedupkit.merging import Resolution, Resolver
from dedupkit.testing import ContractViolation, check_resolver, examine_resolver

SHIPPED: dict[str, Resolver] = {
    name: getattr(merging, name)
    for name in (
        *("ask_person", "concatenate", "earliest", "fill_blank", "keep_master"),
        *("latest", "longest", "most_frequent", "most_recent", "union"),
    )
}
NUMBERS = count()


def _stranger(field: str, master: Customer, _duplicates: Sequence[Customer], /) -> Resolution:
    return Resolution(read_path(master, field), source="nobody")


def _moody(field: str, master: Customer, _duplicates: Sequence[Customer], /) -> Resolution:
    return Resolution(read_path(master, field), reason=str(next(NUMBERS)))


def _inventive(field: str, master: Customer, _duplicates: Sequence[Customer], /) -> Resolution:
    value = read_path(master, field)
    return Resolution(value.upper() + "!" if isinstance(value, str) else value)


def _collects(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    cards = sorted((master, *duplicates), key=lambda card: card.id)
    return Resolution(tuple(value for card in cards for value in read_path(card, field)))


def _rejuvenates(field: str, master: Customer, _duplicates: Sequence[Customer], /) -> Resolution:
    born = read_path(master, field)
    return Resolution(born and born.replace(year=2000))


def _speechless(_field: str, _master: Customer, _duplicates: Sequence[Customer], /) -> str:
    return "Oslo"


#: What breaks a rule, and on which field.
BROKEN: dict[str, tuple[object, str]] = {
    "R1 names a stranger": (_stranger, "last_name"),
    "R1 answers with a value": (_speechless, "last_name"),
    "R2 changes its mind": (_moody, "last_name"),
    "R4 invents a text": (_inventive, "last_name"),
    "R4 invents a date": (_rejuvenates, "birth_date"),
}


class TestResolvers:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_shipped_resolvers_keep_every_rule(self, name: str) -> None:
        """On every contact field of the sample cards."""
        assert check_resolver(SHIPPED[name]).skipped == ()

    def test_values_of_several_cards_may_be_joined(self) -> None:
        """What every card holds is nobody's invention."""
        cards = [Customer(id=i, other_emails=[f"{i}@x.example", "all@x.example"]) for i in "123"]
        assert check_resolver(_collects, fields=["other_emails"], samples=cards).broken == ()

    @pytest.mark.parametrize("case", BROKEN)
    def test_a_broken_resolver_trips_its_rule(self, case: str) -> None:
        """The first broken rule is the one that names the fault."""
        broken, field = BROKEN[case]
        report = examine_resolver(broken, fields=[field])  # type: ignore[arg-type]  # some are no resolvers
        assert report.broken[0].rule == case[:2], str(report)
        with pytest.raises(ContractViolation) as caught:
            check_resolver(broken, fields=[field])  # type: ignore[arg-type]  # as above
        assert caught.value.rule == case[:2]
