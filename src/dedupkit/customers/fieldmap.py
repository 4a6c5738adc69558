"""A small frozen mapping, since a dict cannot be hashed and a mapping proxy cannot be pickled."""

from __future__ import annotations

from collections.abc import (
    Hashable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from typing import Any, TypeVar, final, overload

__all__ = ["EMPTY", "FieldMap"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")


@final
class FieldMap(Mapping[K, V]):
    """A mapping that never changes: ordered, hashable where its values are, picklable.

    Equality ignores the order, as that of dicts does. ``repr`` shows the keys only.

    >>> FieldMap({"vat_no": "NO123", "segment": None})
    FieldMap(vat_no, segment)
    >>> FieldMap(a=1).with_items({"b": 2}) == {"b": 2, "a": 1}
    True
    """

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = (), /, **named: V) -> None:
        self._items: dict[K, V] = dict(items, **named)
        self._hash: int | None = None

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __contains__(self, key: object) -> bool:  # the inherited ones try and fail, which is dear
        return key in self._items

    @overload
    def get(self, key: K, default: None = None) -> V | None: ...
    @overload
    def get(self, key: K, default: V | T) -> V | T: ...
    def get(self, key: K, default: V | T | None = None) -> V | T | None:
        """Return the value of *key*, or *default* where there is none."""
        return self._items.get(key, default)

    def keys(self) -> KeysView[K]:
        """Return the keys, in order."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """Return the values, in order."""
        return self._items.values()

    def items(self) -> ItemsView[K, V]:
        """Return the keys with their values, in order."""
        return self._items.items()

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FieldMap):
            return self._items == other._items
        return self._items == other if isinstance(other, Mapping) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return FieldMap, (self._items,)

    def __repr__(self) -> str:
        return f"FieldMap({', '.join(map(str, self._items))})"

    def with_items(self, items: Mapping[K, V]) -> FieldMap[K, V]:
        """Return a copy in which these keys have these values."""
        return FieldMap({**self._items, **items})

    def without(self, *keys: K) -> FieldMap[K, V]:
        """Return a copy that lacks these keys; unknown ones are ignored."""
        return FieldMap({key: value for key, value in self._items.items() if key not in keys})


#: The mapping without items.
EMPTY: FieldMap[Any, Any] = FieldMap()
