"""E-mail addresses: all of one card against all of the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar, Final, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from dedupkit.matching.lift import key_rows
from dedupkit.matching.matchers.columns import (
    Parts,
    best_of_all,
    best_pair,
    grade_pairs,
    narrowed,
    shared_values,
)
from dedupkit.matching.matchers.persons import (
    is_initial,
    name_keys,
    roots_of,
    word_key,
    words_of,
)
from dedupkit.matching.matchers.spellings import Spellings
from dedupkit.matching.protocols import Compared
from dedupkit.normalize.email import Email, normalize_email, split_emails

__all__ = ["EmailMatcher", "Mailbox"]

#: Strongest first.
_LEVELS: Final = (
    "equal",
    "equal, a role address",
    "equal after the provider's rules",
    "nearly equal",
    "same local part elsewhere",
    "spells the same name",
    "differs",
)
_EQUAL, _ROLE, _CANONICAL, _NEARLY, _ELSEWHERE, _SPELLS, _DIFFERS = range(7)
_AGREEING: Final = 3

_MAX_ERRORS: Final = 2  # in the whole address
_ONE_ERROR_FROM: Final = 4  # characters before the @
_TWO_ERRORS_FROM: Final = 8
_SHORTEST: Final = 3  # characters before the @ that can be told from others
_TELLING_DIGITS: Final = 2  # a year of birth, say; a single digit comes with any taken address
_NAME_WORDS: Final = 2


@final
class Mailbox(NamedTuple):
    """An e-mail address prepared for comparing.

    Attributes:
        literal: The address in lower case.
        canonical: The mailbox after the provider's own rules.
        word: Letters and digits before the @, without separators and tag.
        digits: The digits among them.
        name: The name that the part before the @ spells: two words sorted, nicknames by their
            root; or blank.
        is_own: Whether that is the name on the card, so that it says nothing new.
        is_role: Whether it belongs to a function such as ``info``.
    """

    literal: str
    canonical: str
    word: str
    digits: str
    name: str
    is_own: bool
    is_role: bool


@final
@frozen
class EmailMatcher:
    """Compares e-mail addresses: every one of one card with every one of the other.

    Addresses that both merely spell the same name (``anna.larsen2``, ``larsen.anna``) tell no more
    than the names do: that level is neutral. To see it, the names are read as well. Stopgaps
    (``test@test.no``) and malformed addresses count as missing; ``info@`` and the like have a
    level of their own.

    >>> matcher = EmailMatcher()
    >>> one = matcher.prepare("Anna.Larsen@gmail.com", (), "Anna", "Larsen", None)
    >>> other = matcher.prepare("annalarsen+news@googlemail.com", (), "Anna", "Larsen", None)
    >>> matcher.levels[matcher.compare(one, other)], matcher.agreed(one, other)
    ("equal after the provider's rules", 'annalarsen@gmail.com')
    """

    name: ClassVar[str] = "email"
    fields: ClassVar[tuple[str, ...]] = (
        "email",
        "other_emails",
        "first_name",
        "last_name",
        "name",
    )
    levels: ClassVar[tuple[str, ...]] = _LEVELS

    def prepare(
        self,
        email: str | None,
        other_emails: Sequence[str] | None,
        first_name: str | None,
        last_name: str | None,
        name: str | None,
        /,
    ) -> tuple[Mailbox, ...] | None:
        """Return the mailboxes, sorted; None without a well-formed address that is no stopgap."""
        found = [
            address
            for cell in (email, *(other_emails or ()))
            if cell
            for text in split_emails(cell)
            if (address := normalize_email(text)).key is not None
        ]
        if not found:
            return None
        person = words_of(first_name or "") + words_of(last_name or "") or words_of(name or "")
        if len(found) == 1:
            return (_mailbox(found[0], person),)
        return tuple(sorted({_mailbox(address, person) for address in found}))

    def compare(self, left: tuple[Mailbox, ...], right: tuple[Mailbox, ...], /) -> int:
        """Return the strongest level of any address with any other."""
        return best_pair(_grade, left, right)

    def agreed(self, left: tuple[Mailbox, ...], right: tuple[Mailbox, ...], /) -> Hashable | None:
        """Return the mailbox shared, a frozenset where there are several of which one counts."""
        return shared_values(_grade, _agreed, left, right, agreeing=_AGREEING)

    def keys(self, prepared: tuple[Mailbox, ...], /) -> Iterable[str]:
        """Return the blocking keys.

        ``email:`` the mailbox; ``local:`` what stands before the @, where it is not merely a
        name; ``spelled:`` and ``name:`` the name that it spells, as `NameMatcher` gives them for
        the card that bears it. A role address has its mailbox alone.
        """
        return tuple(dict.fromkeys([key for mailbox in prepared for key in _keys(mailbox)]))

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[tuple[Mailbox, ...] | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Measure all pairs of addresses at once, look at those alike one by one."""
        values, left, right = narrowed(values, left, right)
        parts: Parts[Mailbox] = Parts.of(values)
        likely = _Likely(parts.distinct)
        return best_of_all(
            parts,
            left,
            right,
            grades=lambda one, other: grade_pairs(
                _grade, parts.distinct, one, other, likely=likely, otherwise=_DIFFERS
            ),
            agreed=_agreed,
            agreeing=_AGREEING,
        )

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _mailbox(email: Email, person: Sequence[str]) -> Mailbox:
    literal, canonical = email.literal or "", email.canonical or ""
    tokens = tuple(map(word_key, email.name_tokens))
    digits = "".join(email.digit_runs)
    letters = "".join(tokens)
    name = _own_name(letters, person)
    is_own = bool(name)
    if not name and len(tokens) == _NAME_WORDS and max(map(len, tokens)) >= _SHORTEST:
        name = _spelled(*tokens)
    word = (letters or literal.rpartition("@")[0]) + digits
    return Mailbox(literal, canonical, word, digits, name, is_own, email.is_role)


def _own_name(letters: str, words: Sequence[str]) -> str:
    """Return the name of these words where *letters* spell it, initials or not; else blank."""
    if not [word for word in words if len(word) >= _SHORTEST and word in letters]:
        return ""
    rest = letters
    for word in sorted(words, key=len, reverse=True):  # the name first, then particles beside it
        rest = rest.replace(word, "", 1)
    initials = {word[0] for word in words}
    if rest == letters or not initials.issuperset(rest) or len(rest) > len(words):
        return ""
    return _spelled(words[0], words[-1])


def _spelled(first: str, last: str) -> str:
    """Return two words of a name in one order, a nickname as its root."""
    one, other = roots_of(first)[0], roots_of(last)[0]
    if one == other:
        return one
    return f"{one} {other}" if one < other else f"{other} {one}"


def _grade(left: Mailbox, right: Mailbox) -> int:
    if left.canonical == right.canonical:
        if left.is_role or right.is_role:
            return _ROLE
        return _EQUAL if left.literal == right.literal else _CANONICAL
    if left.is_role or right.is_role:
        return _DIFFERS
    has_digits = left.digits == right.digits and len(left.digits) >= _TELLING_DIGITS
    is_near = _is_nearly_equal(left, right)
    if left.is_own and right.is_own and (is_near or OSA.distance(left.name, right.name) <= 1):
        return _ELSEWHERE if has_digits and left.word == right.word else _SPELLS
    if is_near:
        return _NEARLY
    is_name = bool(left.name or right.name)
    if left.word == right.word and len(left.word) >= _SHORTEST:
        return _SPELLS if is_name and not has_digits else _ELSEWHERE
    if left.name == right.name and is_name:
        return _ELSEWHERE if has_digits else _SPELLS
    return _DIFFERS


def _is_nearly_equal(left: Mailbox, right: Mailbox) -> bool:
    if left.digits != right.digits:
        return False
    one, other = left.literal.rpartition("@")[0], right.literal.rpartition("@")[0]
    shortest = min(len(one), len(other))
    allowed = (shortest >= _ONE_ERROR_FROM) + (shortest >= _TWO_ERRORS_FROM)
    return (
        OSA.distance(left.literal, right.literal, score_cutoff=_MAX_ERRORS) <= _MAX_ERRORS
        and OSA.distance(one, other) <= allowed
    )


def _agreed(left: Mailbox, right: Mailbox) -> tuple[str, ...]:
    return (min(left.canonical, right.canonical),)


def _keys(mailbox: Mailbox) -> Sequence[str]:
    keys = [f"email:{mailbox.canonical}"]
    if mailbox.is_role:
        return keys
    if len(mailbox.word) > _SHORTEST and (mailbox.digits or not mailbox.name):
        keys.append(f"local:{mailbox.word}")
    letters = mailbox.word.removesuffix(mailbox.digits)
    if len(letters) > _SHORTEST:
        keys.append(f"spelled:{letters}")
    first, _, second = mailbox.name.partition(" ")
    if second and not is_initial(first) and not is_initial(second):
        keys += name_keys(first, second)
    return keys


class _Likely:
    """Tells which pairs of different mailboxes may be alike at all."""

    def __init__(self, mailboxes: Sequence[Mailbox]) -> None:
        names = [mailbox.name for mailbox in mailboxes]
        self.canonical = _hashes([mailbox.canonical for mailbox in mailboxes])
        self.word = _hashes([mailbox.word for mailbox in mailboxes])
        self.name, self.named = _hashes(names), np.array(names, dtype=np.bool_)
        self.own = np.array([mailbox.is_own for mailbox in mailboxes], dtype=np.bool_)
        self.literals = Spellings([mailbox.literal for mailbox in mailboxes])
        self.names = Spellings(names)

    def __call__(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (
            (self.canonical[one] == self.canonical[other])
            | (self.word[one] == self.word[other])
            | ((self.name[one] == self.name[other]) & self.named[one])
        )
        found |= self.literals.within(one, other, _MAX_ERRORS)
        own = np.flatnonzero(self.own[one] & self.own[other] & ~found)
        found[own] = self.names.within(one[own], other[own], 1)
        return found


def _hashes(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
