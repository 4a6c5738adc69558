"""E-mail addresses: the literal, and the mailbox that the provider makes of it."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, final

from attrs import field, frozen

from dedupkit.normalize.mailboxes import (
    NO_MAIL_HOSTS,
    PLACEHOLDER_HOSTS,
    PLACEHOLDER_NAMES,
    PROVIDERS,
    ROLES,
    STOPGAPS,
    ProviderRule,
)
from dedupkit.normalize.text import fold

__all__ = ["Email", "normalize_email", "split_emails"]


@final
@frozen(kw_only=True)
class Email:
    """An e-mail address, read as far as it can be read.

    Its repr shows nothing of the address.

    >>> email = normalize_email("Anna Larsen <Anna.Larsen+shop2@GoogleMail.com>")
    >>> email.literal, email.canonical
    ('anna.larsen+shop2@googlemail.com', 'annalarsen@gmail.com')
    >>> email.name_tokens, email.digit_runs
    (('anna', 'larsen'), ())
    """

    raw: str = field(repr=False)
    """The text as it was given."""

    literal: str | None = field(repr=False)
    """The address in lower case, its domain in Unicode; ``None`` where it is malformed."""

    canonical: str | None = field(repr=False)
    """The literal after its provider's own rules: without tag, dots and alias domains where the
    provider ignores them. Equal canonicals are one mailbox; a weaker agreement than equal
    literals, since a tag may be shared on purpose. ``None`` where the address is malformed."""

    is_role: bool
    """Whether the mailbox belongs to a function (``info@``, ``post@``), not to a person."""

    is_placeholder: bool
    """Whether the address is a stopgap (``test@test.no``, ``noreply@…``, ``no@no.no``)."""

    name_tokens: tuple[str, ...] = field(repr=False)
    """Folded runs of letters of the local part without its tag: ``anna.larsen2`` gives *anna*
    and *larsen*. In order; empty where the address is malformed."""

    digit_runs: tuple[str, ...] = field(repr=False)
    """Runs of digits of the local part without its tag, in order. Digits tell people of one name
    apart, so that near spellings may not differ in them."""

    @property
    def is_valid(self) -> bool:
        """Whether the address is well formed; nobody asks whether the mailbox exists."""
        return self.literal is not None

    @property
    def local(self) -> str | None:
        """What stands before the @ of the literal."""
        return None if self.literal is None else self.literal.rpartition("@")[0]

    @property
    def domain(self) -> str | None:
        """What stands behind the @ of the literal."""
        return None if self.literal is None else self.literal.rpartition("@")[2]

    @property
    def key(self) -> str | None:
        """The canonical address to match on: ``None`` for a stopgap or a malformed address."""
        return None if self.is_placeholder else self.canonical


#: What needs no parser: dot-separated ASCII atoms, a domain of plain labels. An apostrophe in
#: front is a spreadsheet's quotation mark, though the standard would allow it in a name. A label
#: with hyphens at its third and fourth place may be punycode, and is left to the parser.
_PLAIN: Final = re.compile(
    r"(?!')[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,20}"
    r"@(?:(?![a-z0-9-]{2}--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_MAX_ADDRESS: Final = 254  # octets, RFC 3696 erratum 1690
_SCHEME: Final = re.compile(r"^(?:mailto|e-?mail|e-?post)\s*:\s*|\?subject=.*$")
_BRACKETS: Final = re.compile(r"<([^<>]*@[^<>]*)")
_AROUND_AT: Final = re.compile(r"\s*@\s*")
_SEPARATORS: Final = re.compile(r"[;,|/\n]+")
_EDGES: Final = "\"'.,;:<>()[]\u200b\ufeff \t\r\n"
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_HAS_TOP_LEVEL: Final = re.compile(r"\.[^.0-9][^.]*$")
_DIGITS: Final = re.compile(r"[0-9]+")


def normalize_email(text: str) -> Email:
    """Read one e-mail address in whatever spelling.

    Case, surrounding blanks, quotes and full stops, ``mailto:`` and ``Name <address>`` are
    understood, and internationalized domains in both of their forms. Where a cell holds several
    addresses the first well-formed one is read (`split_emails` gives them all).

    Law N: total, deterministic, and a literal or canonical address is its own literal or
    canonical. Cost: about 6 µs for plain ASCII, 90 µs otherwise; never asks the DNS. Never fails: a
    malformed address has no literal and keeps its `Email.raw`.

    >>> normalize_email("mailto:Bjorn@Example.NO").literal
    'bjorn@example.no'
    >>> normalize_email("bjorn at example").is_valid
    False
    """
    literal = text.strip().lower()
    if not _is_plain(literal):
        parsed = next(filter(None, map(_parse, _candidates(text))), None)
        if parsed is None:
            return _malformed(text, literal)
        literal = parsed
    local, _, domain = literal.rpartition("@")
    rule = PROVIDERS.get(domain)
    person = _untagged(local, "+" if rule is None else rule.tag)
    names = _name_tokens(person)
    letters = "".join(names)
    return Email(
        raw=text,
        literal=literal,
        canonical=literal if rule is None else _mailbox(person, rule),
        is_role=letters in ROLES or names[:1] == ("info",),
        is_placeholder=_is_placeholder(letters, domain),
        name_tokens=names,
        digit_runs=tuple(_DIGITS.findall(person)),
    )


def split_emails(text: str) -> tuple[str, ...]:
    """Split a cell that may hold several addresses into one text for each.

    >>> split_emails("anna@example.no; Bo <bo@example.no>")
    ('anna@example.no', 'bo@example.no')
    """
    if text.count("@") < 2:  # noqa: PLR2004 -- two addresses have two
        return (text,)
    return _parts(_cleaned(text)) or (text,)


def _is_plain(address: str) -> bool:
    return len(address) <= _MAX_ADDRESS and _PLAIN.fullmatch(address) is not None


def _candidates(text: str) -> Iterator[str]:
    """Yield what may be the address in *text*: all of it, else one part after the other."""
    cleaned = _cleaned(text)
    yield cleaned
    yield from _parts(cleaned)


def _cleaned(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip(_EDGES).lower()
    return _AROUND_AT.sub("@", _SCHEME.sub("", plain))


def _parts(cleaned: str) -> tuple[str, ...]:
    """Split at brackets, commas and the like; blanks divide only what are addresses all."""
    parts: list[str] = []
    for piece in _SEPARATORS.split(cleaned):
        words = _BRACKETS.findall(piece) or piece.split()
        if all("@" in word for word in words):
            parts += words
    return tuple(part.strip(_EDGES) for part in parts)


def _parse(candidate: str) -> str | None:
    """Give the literal of one candidate, or ``None`` where it is no address."""
    if _is_plain(candidate):
        return candidate
    if not 0 < candidate.find("@") < len(candidate) <= _MAX_ADDRESS:
        return None
    from email_validator import EmailNotValidError, validate_email

    try:
        parsed = validate_email(candidate, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return parsed.normalized.lower() if _HAS_TOP_LEVEL.search(parsed.domain) else None


def _malformed(text: str, lowered: str) -> Email:
    local, _, domain = lowered.partition("@")
    letters = "".join(_name_tokens(local))
    return Email(
        raw=text,
        literal=None,
        canonical=None,
        is_role=False,
        is_placeholder=letters in PLACEHOLDER_NAMES or _is_placeholder(letters, domain),
        name_tokens=(),
        digit_runs=(),
    )


def _untagged(local: str, tag: str) -> str:
    """Cut *local* before its tag; a tag character in front is part of the name."""
    start = local.find(tag, 1)
    return local if start < 0 else local[:start].rstrip(".")


def _mailbox(person: str, rule: ProviderRule) -> str:
    name = person.replace(".", "") if rule.ignores_dots else person
    return f"{name}@{rule.domain}"


def _name_tokens(person: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(person if person.isascii() else fold(person)))


def _is_placeholder(letters: str, domain: str) -> bool:
    host = domain.partition(".")[0]
    return (
        letters in STOPGAPS
        or host in NO_MAIL_HOSTS
        or domain.endswith(".invalid")
        or (host == letters and (letters in PLACEHOLDER_NAMES or len(set(letters)) == 1))
        or (letters in PLACEHOLDER_NAMES and host in PLACEHOLDER_HOSTS)
    )
