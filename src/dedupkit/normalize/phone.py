"""Phone numbers: every spelling that people type, to E.164."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple, final

from attrs import field, frozen

__all__ = ["Phone", "normalize_phone", "split_phones"]

_TAIL: Final = 8  # digits: the shortest subscriber number of the six countries with one plan
_SHORTEST_WHOLE: Final = 7  # digits: below this a part of a cell is no number of its own
_MIN_PLACEHOLDER: Final = 6  # digits: a run or repetition shorter than this proves nothing


@final
@frozen(kw_only=True)
class Phone:
    """A phone number, read as far as its digits allow.

    Its repr shows nothing of the number.

    >>> phone = normalize_phone("(+47) 912 34 567", region="SE")
    >>> phone.e164, phone.national, phone.is_valid
    ('+4791234567', '91234567', True)
    """

    raw: str = field(repr=False)
    """The text as it was given."""

    e164: str | None = field(repr=False)
    """``+`` and 5 to 17 digits; ``None`` where the number is not possible, or no region is known.
    Possible means: of a length that the country's numbering plan has."""

    national: str = field(repr=False)
    """The significant national digits; where `e164` is ``None``, all digits that were written."""

    extension: str | None = field(repr=False)
    """Digits after *ext.*, *x*, *#* and the like."""

    is_placeholder: bool
    """Whether the digits are a stopgap: one digit repeated, 12345678, 98765432."""

    @property
    def is_valid(self) -> bool:
        """Whether the number exists in its country's plan, and is no placeholder.

        Computed anew each time, by phonenumbers' full metadata. Cost: about 30 µs.
        """
        if self.e164 is None or self.is_placeholder:
            return False
        import phonenumbers

        return phonenumbers.is_valid_number(phonenumbers.parse(self.e164))

    @property
    def key(self) -> str | None:
        """The E.164 number to match on: ``None`` for a placeholder or where there is none."""
        return None if self.is_placeholder else self.e164

    @property
    def tail(self) -> str | None:
        """The last eight digits, for a weaker key where one number has no region.

        ``None`` for a placeholder, or where fewer than seven digits are there.
        """
        if self.is_placeholder or len(self.national) < _SHORTEST_WHOLE:
            return None
        return self.national[-_TAIL:]

    @property
    def text(self) -> str:
        """The normalized spelling: E.164 with ``;ext=``, or the given text where that fails."""
        if self.e164 is None:
            return self.raw
        return self.e164 if self.extension is None else f"{self.e164};ext={self.extension}"


_SEPARATORS: Final = re.compile(r"[\s().\-]+")
_NUMBER: Final = re.compile(r"\+?[0-9]+")
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")
_EXTENSION: Final = re.compile(
    r"""(?:;?\s*ext(?:ension|n)?|(?<=[\s\d)])x|\bint(?:ern|erno)?|\banexo|\btoestel|\btst
         |\blinje|\bankn(?:ytning)?|\bintnr|\blokal|\bdurchwahl|\bdw|\#|,,)
        \s*[.:=]?\s*([0-9]{1,7})\s*\Z""",
    re.VERBOSE,
)
_SLASHES: Final = re.compile(r"\s*(?:[/;,|&\n]|\b(?:or|eller|oder|of|y|o|og|och|und|and|en)\b)\s*")
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_TRUNK_ZERO: Final = re.compile(r"\(\s*0\s*\)")
_ASCENDING: Final = "0123456789" * 2
_DESCENDING: Final = _ASCENDING[::-1]
_REPEATED: Final = re.compile(r"([0-9])\1{5,}|[0-9]*([0-9])\2{6,}")
#: Codes that people write and ISO 3166 does not know, or knows as exceptional.
_REGION_ALIASES: Final = {"UK": "GB", "EL": "GR"}


def normalize_phone(text: str, country: str | None = None, region: str | None = None) -> Phone:
    """Read one phone number in whatever spelling.

    ``+47``, ``0047``, spaces, dots, dashes, slashes, brackets, ``(0)``, ``tel:``, words before and
    after, extensions and full-width digits are understood. A number without an international
    prefix is read in *country*; where it is not possible there, or *country* is unknown, in
    *region*. Nothing is guessed: without either it keeps only its digits. Where a cell holds
    several numbers the first possible one is read (`split_phones` gives them all).

    Args:
        text: What stands in the cell.
        country: The customer's country: ISO 3166 alpha-2 in either case. Unknown codes are passed
            over.
        region: The register's region, likewise.

    Law N: total, deterministic, and the `Phone.text` of an E.164 number is read as that number.
    Cost: about 4 µs; 15 µs with words, extensions or several numbers. Never fails: a malformed
    number has no `Phone.e164` and keeps its `Phone.raw`.

    >>> normalize_phone("020 7946 0018 ext. 4", "gb").text
    '+442079460018;ext=4'
    >>> normalize_phone("912 34 567").e164 is None, normalize_phone("912 34 567").tail
    (True, '91234567')
    """
    regions = (country, region) if region != country else (region,)
    compact = _SEPARATORS.sub("", text)
    if compact.isascii() and _NUMBER.fullmatch(compact) and "(0)" not in text:
        return _phone(text, compact, None, regions)
    number, extension = _without_extension(text)
    whole = _read(text, number, extension, regions)
    if whole.e164 is None:
        for part in _parts(number):
            first = _read(text, part, extension, regions)
            if first.e164 is not None:
                return first
    return whole


def split_phones(text: str) -> tuple[str, ...]:
    """Split a cell that may hold several numbers into one text for each.

    A part of fewer than seven digits is no number of its own: ``030/1234567`` stays whole.

    >>> split_phones("912 34 567 / 22 33 44 55")
    ('912 34 567', '22 33 44 55')
    >>> split_phones("030/1234567")
    ('030/1234567',)
    """
    if len(text) <= 2 * _SHORTEST_WHOLE or _NUMBER.fullmatch(_SEPARATORS.sub("", text)):
        return (text,)
    return _parts(text) or (text,)


def _parts(text: str) -> tuple[str, ...]:
    parts = _SLASHES.split(text)
    enough = all(len(_NOT_DIGIT.sub("", part)) >= _SHORTEST_WHOLE for part in parts)
    return tuple(part.strip() for part in parts) if enough and len(parts) > 1 else ()


def _without_extension(text: str) -> tuple[str, str | None]:
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).lower()
    found = _EXTENSION.search(plain)
    if found is None or not _NOT_DIGIT.sub("", plain[: found.start()]):
        return plain, None
    return plain[: found.start()], found[1]


def _read(raw: str, number: str, extension: str | None, regions: tuple[str | None, ...]) -> Phone:
    """Read what is left of a cell, first with a bracketed trunk zero kept, then without."""
    phone = _phone(raw, _signed_digits(number), extension, regions)
    if phone.e164 is None and _TRUNK_ZERO.search(number):
        return _phone(raw, _signed_digits(_TRUNK_ZERO.sub("", number)), extension, regions)
    return phone


def _signed_digits(number: str) -> str:
    start, plus, rest = number.partition("+")
    digits = _NOT_DIGIT.sub("", start)
    if plus and not digits:
        return "+" + _NOT_DIGIT.sub("", rest)
    return digits + _NOT_DIGIT.sub("", rest)


def _phone(raw: str, number: str, extension: str | None, regions: tuple[str | None, ...]) -> Phone:
    """Make the value of digits with at most one leading plus."""
    plan, national = _locate(number, regions)
    e164 = None if plan is None else f"+{plan.calling_code}{national}"
    return Phone(
        raw=raw,
        e164=e164,
        national=national,
        extension=extension,
        is_placeholder=_is_placeholder(national),
    )


def _locate(number: str, regions: tuple[str | None, ...]) -> "tuple[_Plan | None, str]":
    """Find the numbering plan of *number*, and its significant digits in there."""
    digits = number.lstrip("+")
    if number.startswith(("+", "00")):
        plan, national = _international(digits.removeprefix("00"))
        if plan is not None or number[0] == "+":
            return plan, national if plan is not None else digits
    for region in regions:
        home = _plan(_REGION_ALIASES.get(code := region.upper(), code)) if region else None
        if home is not None:
            plan, national = _domestic(digits, home)
            if plan is not None:
                return plan, national
    return None, digits


def _international(digits: str) -> "tuple[_Plan | None, str]":
    for length in (1, 2, 3):
        plan = _plan_of_calling_code(digits[:length])
        if plan is not None:
            national = _without_trunk(digits[length:], plan)
            return (plan if len(national) in plan.lengths else None), national
    return None, digits


def _domestic(digits: str, home: "_Plan") -> "tuple[_Plan | None, str]":
    abroad = home.exit_code.match(digits) if home.exit_code else None
    if abroad is not None and not digits.startswith("0", abroad.end()):
        return _international(digits[abroad.end() :])
    plan = _plan_of_calling_code(home.calling_code)
    if digits.startswith(home.calling_code):
        shorter = _stripped_of_trunk(digits[len(home.calling_code) :], home)
        fits = home.pattern.fullmatch(shorter) and not home.pattern.fullmatch(digits)
        if fits or len(digits) > home.longest:
            digits = shorter
    national = _without_trunk(digits, home)
    return (plan if plan and len(national) in plan.lengths else None), national


# What follows reads phonenumbers' metadata as its own parser does, without the steps that free
# text alone needs; a law test holds both to the same answers. Only a national prefix that stands
# twice (``+44 (0)020``) goes altogether here, so that every E.164 form is read as itself.


class _Plan(NamedTuple):
    """What one region's numbering plan says of lengths and prefixes."""

    calling_code: str
    exit_code: re.Pattern[str] | None
    trunk: re.Pattern[str] | None
    transform: str | None
    pattern: re.Pattern[str]
    lengths: frozenset[int]
    longest: int


@cache
def _plan(region: str) -> _Plan | None:
    from phonenumbers import PhoneMetadata

    return _plan_from(PhoneMetadata.metadata_for_region(region))


@cache
def _plan_of_calling_code(calling_code: str) -> _Plan | None:
    """Give the plan of the main region of *calling_code*, which is 0 to 3 ASCII digits."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    number = int(calling_code or "0")
    if calling_code[:1] == "0" or number not in COUNTRY_CODE_TO_REGION_CODE:
        return None
    region = COUNTRY_CODE_TO_REGION_CODE[number][0]
    return _plan_from(PhoneMetadata.metadata_for_region_or_calling_code(number, region))


def _plan_from(metadata: object) -> _Plan | None:
    from phonenumbers import PhoneMetadata

    if not isinstance(metadata, PhoneMetadata) or metadata.general_desc is None:
        return None
    general = metadata.general_desc
    trunk = metadata.national_prefix_for_parsing
    return _Plan(
        calling_code=str(metadata.country_code),
        exit_code=re.compile(metadata.international_prefix)
        if metadata.international_prefix
        else None,
        trunk=re.compile(trunk) if trunk else None,
        transform=metadata.national_prefix_transform_rule or None,
        pattern=re.compile(general.national_number_pattern or r"(?!)"),
        lengths=frozenset(general.possible_length),
        longest=max(general.possible_length),
    )


def _without_trunk(digits: str, plan: _Plan) -> str:
    """Drop the national prefix as often as it is there and what remains can be a number."""
    stripped = _stripped_of_trunk(digits, plan)
    if len(stripped) not in plan.lengths:
        return stripped if len(stripped) > plan.longest else digits
    return _without_trunk(stripped, plan) if len(stripped) < len(digits) else stripped


def _stripped_of_trunk(digits: str, plan: _Plan) -> str:
    found = plan.trunk.match(digits) if plan.trunk and digits else None
    if found is None:
        return digits
    if plan.transform is None or found[found.re.groups] is None:
        stripped = digits[found.end() :]
    else:
        stripped = found.expand(plan.transform) + digits[found.end() :]
    if plan.pattern.fullmatch(digits) and not plan.pattern.fullmatch(stripped):
        return digits
    return stripped


def _is_placeholder(digits: str) -> bool:
    if len(digits) < _MIN_PLACEHOLDER:
        return False
    return digits in _ASCENDING or digits in _DESCENDING or _REPEATED.fullmatch(digits) is not None
