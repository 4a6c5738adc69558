"""Rules as data."""

import pytest

from dedupkit.testing import (
    ContractViolation,
    Result,
    Rule,
)
from dedupkit.testing.rules import examine, expect


def broken(_: object) -> None:
    """Break the rule."""
    expect(1, 2, "the answer")


def crashes(_: object) -> None:
    """Raise something else."""
    raise ZeroDivisionError("by zero")


def holds(_: object) -> None:
    """Keep the rule."""
    expect(1, 1, "the answer")


RULES = (
    Rule(id="T1", title="holds", check=holds),
    Rule(id="T2", title="is broken", check=broken),
    Rule(id="T3", title="crashes", check=crashes),
    Rule(id="T4", title="needs wings", check=broken, needs=["wings"]),
    Rule(id="T5", title="means nothing now", check=broken, builds_on_all=True),
)


class TestExamine:
    def test_every_rule_has_a_finding(self) -> None:
        """Held, broken, crashed, skipped for want of a power, skipped for broken rules."""
        report = examine(RULES, object, lacks=["wings"])
        assert [finding.result for finding in report.findings] == [
            Result.HELD,
            Result.BROKEN,
            Result.BROKEN,
            Result.SKIPPED,
            Result.SKIPPED,
        ]
        assert [finding.reason for finding in report.findings[1:]] == [
            "the answer: expected 1, got 2",
            "ZeroDivisionError: by zero",
            "declared without wings",
            "means nothing while T2, T3 is broken",
        ]
        assert [finding.rule for finding in report.skipped] == ["T4", "T5"]

    def test_the_report_is_a_short_table(self) -> None:
        """One line for each rule."""
        lines = str(examine(RULES[:2], object)).splitlines()
        assert lines == [
            "T1  held    holds",
            "T2  broken  is broken: the answer: expected 1, got 2",
        ]

    def test_the_first_broken_rule_is_raised_and_the_others_are_named(self) -> None:
        """The error bears its number."""
        with pytest.raises(ContractViolation, match=r"T2 is broken: .*; broken too: T3") as caught:
            examine(RULES[:3], object).raise_broken()
        assert caught.value.rule == "T2"

    def test_a_violation_without_a_rule_tells_the_reason(self) -> None:
        """While no rule is known."""
        assert str(ContractViolation("wrong")) == "wrong"
