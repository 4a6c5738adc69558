"""Rules as data, and what running them comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Generic, TypeVar, final

from attrs import field, frozen

from dedupkit.customers import as_tuple

__all__ = ["ContractViolation", "Finding", "Report", "Result", "Rule", "examine", "expect"]

S = TypeVar("S")


@final
class ContractViolation(AssertionError):  # noqa: N818  # the kit's word for it
    """A rule of the kit is broken.

    Attributes:
        rule: Id of the rule, or None while it is not known which one ran.
        reason: What was expected and what was found.
    """

    def __init__(self, reason: str, rule: str | None = None, title: str = "") -> None:
        self.reason = reason
        self.rule = rule
        self.title = title
        super().__init__(reason, rule, title)

    def __str__(self) -> str:
        return self.reason if self.rule is None else f"{self.rule} {self.title}: {self.reason}"


@final
@frozen(kw_only=True)
class Rule(Generic[S]):
    """One numbered rule; a number is never used again.

    Attributes:
        id: For instance ``"S3"``.
        title: One sentence that holds for every sound subject.
        check: Raises `ContractViolation` where it does not hold.
        needs: Powers without which the rule says nothing.
        builds_on_all: Whether it means something only where every plain rule holds.
    """

    id: str
    title: str
    check: Callable[[S], None] = field(repr=False)
    needs: tuple[str, ...] = field(default=(), converter=as_tuple)
    builds_on_all: bool = False


@final
class Result(Enum):
    """What became of a rule."""

    HELD = "held"
    BROKEN = "broken"
    SKIPPED = "skipped"


@final
@frozen
class Finding:
    """One rule and what became of it.

    Attributes:
        rule: Id of the rule.
        title: Its sentence.
        result: Whether it held.
        reason: Why it is broken or was skipped.
    """

    rule: str
    title: str
    result: Result
    reason: str = ""


@final
@frozen
class Report:
    """What became of every rule, in order.

    ``str()`` is a short table, so that nobody takes *held* for *all tested*.
    """

    findings: tuple[Finding, ...] = field(converter=as_tuple)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The rules that do not hold."""
        return tuple(f for f in self.findings if f.result is Result.BROKEN)

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """The rules that were not tried, with the reason."""
        return tuple(f for f in self.findings if f.result is Result.SKIPPED)

    def __str__(self) -> str:
        return "\n".join(
            f"{f.rule:<4}{f.result.value:<8}{f.title}{f': {f.reason}' if f.reason else ''}"
            for f in self.findings
        )

    def raise_broken(self) -> None:
        """Raise the first broken rule as an error that also tells of the others.

        Raises:
            ContractViolation: a rule is broken.
        """
        if self.broken:
            first, *others = self.broken
            more = f"; broken too: {', '.join(f.rule for f in others)}" if others else ""
            raise ContractViolation(first.reason + more, first.rule, first.title)


def examine(
    rules: Iterable[Rule[S]], subject: Callable[[], S], lacks: Iterable[str] = ()
) -> Report:
    """Try every rule on a fresh subject.

    Args:
        rules: The rules, in order.
        subject: Makes a fresh one.
        lacks: Powers that the subject declares not to have.
    """
    missing = frozenset(lacks)
    findings: list[Finding] = []
    for rule in rules:
        absent = sorted(missing.intersection(rule.needs))
        broken = [finding.rule for finding in findings if finding.result is Result.BROKEN]
        if absent:
            reason = f"declared without {', '.join(absent)}"
            findings.append(Finding(rule.id, rule.title, Result.SKIPPED, reason))
        elif rule.builds_on_all and broken:
            reason = f"means nothing while {', '.join(broken)} is broken"
            findings.append(Finding(rule.id, rule.title, Result.SKIPPED, reason))
        else:
            findings.append(_tried(rule, subject()))
    return Report(findings)


def expect(wanted: object, found: object, what: str) -> None:
    """Raise where *found* is not *wanted*.

    Raises:
        ContractViolation: they differ; the message shows both.
    """
    if wanted != found:
        raise ContractViolation(f"{what}: expected {wanted!r}, got {found!r}")


def _tried(rule: Rule[S], subject: S) -> Finding:
    try:
        rule.check(subject)
    except ContractViolation as violation:
        return Finding(rule.id, rule.title, Result.BROKEN, violation.reason)
    except Exception as error:  # noqa: BLE001  # whatever the subject raises breaks the rule
        return Finding(rule.id, rule.title, Result.BROKEN, f"{type(error).__name__}: {error}")
    return Finding(rule.id, rule.title, Result.HELD)
