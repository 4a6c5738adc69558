"""Countries as people write them, to ISO 3166 alpha-2."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["country_code"]

#: Code → what it is called in its own language and in those of its neighbours, folded.
_NAMES = {
    "AT": "aut, austria, osterreich, osterrike, ostrig, oostenrijk",
    "AU": "aus, australia, australien, australie",
    "BE": "bel, belgium, belgia, belgien, belgie, belgica, belgique",
    "BG": "bgr, bulgaria, bulgarien, bulgarije",
    "BR": "bra, brazil, brasil, brasilien, brazilie",
    "CA": "can, canada, kanada",
    "CH": "che, switzerland, sveits, schweiz, schweitz, zwitserland, suiza, suisse, svizzera",
    "CN": "chn, china, kina, peoples republic of china",
    "CY": "cyp, cyprus, kypros, cypern, chipre, zypern",
    "CZ": "cze, czechia, czech republic, tsjekkia, tjeckien, tjekkiet, tsjechie, chequia, cesko",
    "DE": "deu, germany, tyskland, duitsland, alemania, deutschland, allemagne",
    "DK": "dnk, denmark, danmark, denemarken, dinamarca, danemark",
    "EE": "est, estonia, estland, eesti",
    "ES": "esp, spain, spania, spanien, spanje, espana",
    "FI": "fin, finland, finlandia, finnland, suomi",
    "FO": "fro, faroe islands, faroyene, faroarna, faeroerne, foroyar",
    "FR": "fra, france, frankrike, frankrig, frankrijk, francia, frankreich",
    "GB": (
        "gbr, uk, u.k., united kingdom, great britain, britain, england, scotland, wales, "
        "northern ireland, storbritannia, storbritannien, verenigd koninkrijk, reino unido, "
        "vereinigtes konigreich, grossbritannien, groot-brittannie, gran bretana"
    ),
    "GL": "grl, greenland, gronland, groenland, kalaallit nunaat",
    "GR": "grc, el, greece, hellas, grekland, graekenland, griekenland, grecia, griechenland",
    "HR": "hrv, croatia, kroatia, kroatien, kroatie, croacia, hrvatska",
    "HU": "hun, hungary, ungarn, ungern, hongarije, hungria, magyarorszag",
    "IE": "irl, ireland, irland, ierland, irlanda, eire",
    "IN": "ind, india, indien",
    "IS": "isl, iceland, island, ijsland, islandia",
    "IT": "ita, italy, italia, italien, italie",
    "JP": "jpn, japan, japon",
    "LI": "lie, liechtenstein",
    "LT": "ltu, lithuania, litauen, litouwen, lituania, lietuva",
    "LU": "lux, luxembourg, luxemburg, luxemburgo",
    "LV": "lva, latvia, lettland, letland, letonia, latvija",
    "MT": "mlt, malta",
    "MX": "mex, mexico, mejico",
    "NL": "nld, netherlands, the netherlands, holland, nederland, nederlanda, paises bajos, "
    "niederlande, nederlandene, nederlanderna",
    "NO": "nor, norway, norge, noreg, noorwegen, noruega, norwegen, norvege",
    "NZ": "nzl, new zealand, nya zeeland, nieuw-zeeland, nueva zelanda, neuseeland",
    "PL": "pol, poland, polen, polonia, polska",
    "PT": "prt, portugal",
    "RO": "rou, romania, rumania, rumanien, roemenie",
    "RU": "rus, russia, russland, ryssland, rusland, rusia",
    "SE": "swe, sweden, sverige, zweden, suecia, schweden, suede",
    "SI": "svn, slovenia, slovenien, slovenie, eslovenia, slovenija",
    "SK": "svk, slovakia, slovakien, slowakije, eslovaquia, slovensko",
    "TR": "tur, turkey, turkiye, tyrkia, turkiet, tyrkiet, turkije, turquia",
    "UA": "ukr, ukraine, ukraina, oekraine, ucrania",
    "US": "usa, u.s., u.s.a., united states, united states of america, america, "
    "forente stater, forenta staterna, verenigde staten, estados unidos, vereinigte staaten",
}

_CODES = {name: code for code, names in _NAMES.items() for name in names.split(", ")}
_CODE = re.compile("[A-Za-z]{2}")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d"})


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """Read a country as it stands in a register; None where *text* names none that is known.

    Understood are alpha-2 codes in any case, and the alpha-3 codes and names of Europe's countries
    and some others in English, in the Nordic languages, Dutch, Spanish and German.

    >>> country_code("no"), country_code("España"), country_code("UK"), country_code("Narnia")
    ('NO', 'ES', 'GB', None)
    """
    stripped = text.strip()
    known = _CODES.get(_folded(stripped))
    if known is None and _CODE.fullmatch(stripped):
        return stripped.upper()
    return known


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(part for part in decomposed if not unicodedata.combining(part))
    return " ".join(plain.translate(_LETTERS).split())
