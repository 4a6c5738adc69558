"""What depends on the whole register: its size, how common values are, which keys are open."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

from attrs import asdict, field, frozen

from dedupkit.customers import EMPTY, FieldMap
from dedupkit.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedupkit.matching.blocking import Skip

__all__ = ["RegisterProfile", "pack", "unpack"]

_FORMAT = "register-profile"
_VERSION = 1


def pack(hashes: NDArray[np.uint64]) -> bytes:
    """Return sorted hashes as bytes, the same on every machine."""
    return hashes.astype("<u8").tobytes()


def unpack(data: bytes) -> NDArray[np.uint64]:
    """Return what `pack` packed."""
    import numpy as np

    return np.frombuffer(data, dtype="<u8").astype(np.uint64)


def _as_map(values: Mapping[str, Any]) -> FieldMap[str, Any]:
    return values if isinstance(values, FieldMap) else FieldMap(values)


@final
@frozen(kw_only=True, slots=False, cache_hash=True)
class RegisterProfile:
    """What a model needs to know of a whole register; a value, JSON in and out.

    It holds no personal data in the clear: values and keys stand as 64-bit hashes, values only
    where several people share them. Hashes of phone numbers can be guessed: keep a profile as
    you keep the register.

    Attributes:
        customers: How many take part; at least 1.
        people: How many people they are, as far as a first pass tells.
        rates: Feature → for each grade the log2 of its share among unrelated pairs, in thousandths.
            A feature that is not in it has the shares typical of a register of ten thousand.
        repeats: Kind of value → the log2 of the chance that two people share one, in thousandths.
        holders: Kind of value → how many people have one.
        values: Hashes of values that several people share; sorted, packed.
        counts: How many people share each of them; 32-bit, packed.
        junk: Hashes of contacts that so many different people share that they say nothing.
        split: Hashes of the keys whose blocks are split, per step; sorted, packed.
        closed: Hashes of the keys that open nothing; sorted, packed.
        skipped: What closed and split keys leave out.

    >>> RegisterProfile.typical().customers
    10000
    """

    customers: int
    people: int
    rates: FieldMap[str, tuple[int, ...]] = field(default=EMPTY, converter=_as_map)
    repeats: FieldMap[str, int] = field(default=EMPTY, converter=_as_map)
    holders: FieldMap[str, int] = field(default=EMPTY, converter=_as_map)
    values: bytes = field(default=b"", repr=False)
    counts: bytes = field(default=b"", repr=False)
    junk: bytes = field(default=b"", repr=False)
    split: tuple[bytes, ...] = field(default=(b"", b""), repr=False)
    closed: bytes = field(default=b"", repr=False)
    skipped: tuple[Skip, ...] = ()

    @classmethod
    def typical(cls) -> RegisterProfile:
        """Return what is assumed where no register is at hand: ten thousand customers."""
        return cls(customers=10_000, people=8_000)

    def people_with(self, value: int) -> int:
        """Return how many people share the value with this hash, 1 where it is not listed."""
        return self._listed.get(value, 1)

    def is_junk(self, value: int) -> bool:
        """Tell whether the contact with this hash says nothing."""
        return value in self._junk

    def people_with_each(self, values: NDArray[np.uint64]) -> NDArray[np.int64]:
        """`people_with` of many."""
        import numpy as np

        known, counts = unpack(self.values), np.frombuffer(self.counts, dtype="<u4")
        found = np.ones(len(values), dtype=np.int64)
        if len(known):
            at = np.minimum(np.searchsorted(known, values), len(known) - 1)
            listed = known[at] == values
            found[listed] = counts[at[listed]]
        return found

    @cached_property
    def _listed(self) -> dict[int, int]:
        import numpy as np

        counts = np.frombuffer(self.counts, dtype="<u4")
        return dict(zip(unpack(self.values).tolist(), counts.tolist(), strict=True))

    @cached_property
    def _junk(self) -> frozenset[int]:
        return frozenset(unpack(self.junk).tolist())

    def to_json(self) -> str:
        """Return the profile as JSON; `from_json` reads it."""
        data = {
            "format": _FORMAT,
            "version": _VERSION,
            "customers": self.customers,
            "people": self.people,
            "rates": {name: list(row) for name, row in self.rates.items()},
            "repeats": dict(self.repeats),
            "holders": dict(self.holders),
            "split": [_text(part) for part in self.split],
            "skipped": [asdict(skip) for skip in self.skipped],
        }
        data |= {name: _text(getattr(self, name)) for name in _PACKED}
        return json.dumps(data, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> RegisterProfile:
        """Read a profile.

        Raises:
            ConfigurationError: not a profile, or of an unknown version.
        """
        from dedupkit.matching.blocking import Skip

        try:
            data = json.loads(text)
            if (data["format"], data["version"]) != (_FORMAT, _VERSION):
                raise ConfigurationError("not a register profile of version 1; profile again")
            return cls(
                customers=data["customers"],
                people=data["people"],
                rates={name: tuple(row) for name, row in data["rates"].items()},
                repeats=data["repeats"],
                holders=data["holders"],
                split=tuple(_bytes(part) for part in data["split"]),
                skipped=tuple(Skip(**skip) for skip in data["skipped"]),
                **{name: _bytes(data[name]) for name in _PACKED},
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, ConfigurationError):
                raise
            raise ConfigurationError(
                "not a register profile; profile the register again"
            ) from error


_PACKED: Iterable[str] = ("values", "counts", "junk", "closed")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
