"""The canonical form of JSON data, the only one that is hashed; as a whole and piece by piece.

Whoever writes the canonical form of many small values composes it of their texts instead of
building data first, which takes several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from json import JSONEncoder
from json.encoder import encode_basestring_ascii as string_text
from typing import Any

__all__ = ["array_text", "canonical_json", "mapping_text", "string_text"]

_ENCODER = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical_json(data: object) -> str:
    r"""Write JSON data in the one form that is hashed: sorted keys, no spaces, ASCII.

    >>> canonical_json({"b": "ø", "a": [1, None]})
    '{"a":[1,null],"b":"\\u00f8"}'
    """
    return _ENCODER.encode(data)


def array_text(texts: Iterable[str]) -> str:
    """Join the canonical texts of the members of an array."""
    return f"[{','.join(texts)}]"


def mapping_text(values: Mapping[str, Any], text: Callable[[Any], str]) -> str:
    """Write a mapping, each of its values by *text*."""
    return f"{{{','.join([f'{string_text(key)}:{text(values[key])}' for key in sorted(values)])}}}"
