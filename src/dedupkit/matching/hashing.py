"""Sixty-four-bit hashes of keys and values, the same in every process and on every machine."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "KINDS",
    "hash_text",
    "hash_texts",
    "join_hashes",
    "kind_of",
    "kinds_of",
    "parts_agreed",
    "value_text",
]

_FIRST = 0x9E3779B97F4A7C15
_SECOND = 0xBF58476D1CE4E5B9
_THIRD = 0x94D049BB133111EB


def hash_text(text: str) -> int:
    """Hash one text.

    >>> hash_text("email:a@b.no") == hash_text("email:a@b.no")
    True
    """
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def hash_texts(texts: Iterable[str]) -> NDArray[np.uint64]:
    """`hash_text` of many."""
    import numpy as np

    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    digests = b"".join([blake2b(data, digest_size=8).digest() for data in encoded])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def join_hashes(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash pairs of hashes; the order of a pair matters."""
    import numpy as np

    mixed = one * np.uint64(_FIRST) + other
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_SECOND)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_THIRD)
    joined: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return joined


def value_text(kind: str, value: Hashable) -> str:
    """Return what is hashed of a value agreed on; sets in order, so that equal ones are alike."""
    match value:
        case str():
            return f"{kind}={value}"
        case frozenset():
            return f"{kind}={sorted(map(repr, value))!r}"
        case _:
            return f"{kind}={value!r}"


def parts_agreed(value: Hashable) -> tuple[Hashable, ...]:
    """Return the single values in what a matcher agreed on: independent parts or alternatives.

    >>> parts_agreed((("given", "anna"), ("surname", "larsen")))
    (('given', 'anna'), ('surname', 'larsen'))
    >>> parts_agreed("a@b.no")
    ('a@b.no',)
    """
    if isinstance(value, frozenset):
        return tuple(value)
    if isinstance(value, tuple) and value and all(isinstance(part, tuple) for part in value):
        return value
    return (value,)


def kind_of(matcher: str, part: Hashable) -> str:
    """Return what kind of value a part is: the word that leads it, or the matcher's name.

    >>> kind_of("name", ("given", "anna")), kind_of("email", "a@b.no")
    ('given', 'email')
    >>> kind_of("address", "city:oslo")
    'city'
    """
    if isinstance(part, str):
        if matcher in KINDS:
            lead = part.partition(":")[0]
            return lead if lead in KINDS[matcher] else matcher
        return matcher
    if isinstance(part, tuple) and len(part) > 1 and isinstance(part[0], str):
        return part[0]
    return matcher


def kinds_of(matcher: str, parts: Iterable[Hashable]) -> list[str]:
    """`kind_of` of many."""
    if matcher in KINDS:
        return [kind_of(matcher, part) for part in parts]
    return [matcher if type(part) is str else kind_of(matcher, part) for part in parts]


#: Words that lead the values agreed on, of the matchers that write them as ``"word:value"``.
KINDS: Mapping[str, frozenset[str]] = {"address": frozenset({"street", "postcode", "city"})}
