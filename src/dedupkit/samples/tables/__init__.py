"""One table a country, and all of them by code."""

from collections.abc import Mapping
from types import MappingProxyType

from dedupkit.samples.country import Country
from dedupkit.samples.tables.britain import BRITAIN
from dedupkit.samples.tables.denmark import DENMARK
from dedupkit.samples.tables.netherlands import NETHERLANDS
from dedupkit.samples.tables.norway import NORWAY
from dedupkit.samples.tables.spain import SPAIN
from dedupkit.samples.tables.sweden import SWEDEN

__all__ = ["COUNTRIES"]

#: The countries that the generator knows, by ISO 3166 alpha-2 code.
COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {country.code: country for country in (NORWAY, SWEDEN, DENMARK, NETHERLANDS, SPAIN, BRITAIN)}
)
