"""Files of plans: one plan a line, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dedupkit.cli.outputs import whole_file
from dedupkit.errors import ConfigurationError, PlanFormatError
from dedupkit.plans import Plan

__all__ = ["find_plan", "read_plans", "write_plans"]


def write_plans(plans: Iterable[Plan], path: Path) -> None:
    """Write every plan, one a line, as JSON that `Plan.from_json` reads.

    Raises:
        StoreError: the place cannot be written to.
    """
    with whole_file(path) as file:
        file.writelines(f"{plan.to_json()}\n" for plan in plans)


def read_plans(source: Path) -> list[Plan]:
    """Return the plans of a file.

    Raises:
        ConfigurationError: the file cannot be read, or a line of it is no plan.
    """
    try:
        lines = source.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ConfigurationError(f"{source} cannot be read: {error.strerror}") from None
    except UnicodeError:
        raise ConfigurationError(f"{source} holds no plans: it is not UTF-8") from None
    plans = []
    for number, line in enumerate(filter(None, lines), start=1):
        try:
            plans.append(Plan.from_json(line))
        except PlanFormatError as error:
            raise ConfigurationError(f"{source}, line {number} is no plan: {error}") from None
    return plans


def find_plan(prefix: str, plans: Sequence[Plan], source: Path) -> Plan:
    """Return the one plan whose id begins so.

    Raises:
        ConfigurationError: the prefix is blank, or fits no plan, or several.
    """
    if not prefix.strip():
        raise ConfigurationError("the id of a plan is blank; name the plan to execute")
    fitting = [plan for plan in plans if plan.id.startswith(prefix.strip())]
    if len(fitting) != 1:
        many = "no plan" if not fitting else f"more than one plan ({len(fitting)})"
        raise ConfigurationError(
            f"{many} of {source} begins with {prefix!r}; {source} has the whole ids"
        )
    return fitting[0]
