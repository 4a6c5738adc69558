"""Words in street addresses: kinds of street and their abbreviations, units, boxes. All folded."""

from typing import Final

from dedupkit.normalize.wordlists import forms, words

__all__ = [
    "BOXES",
    "ENDINGS",
    "ENGLISH_KINDS",
    "LEFT_OUT",
    "LEFT_OUT_IN_FRONT",
    "UNITS",
    "WORDS",
]

#: Endings of compound street names (Stor*gata*, Dorp*straat*) and street words of their own, to
#: one form for all. What a language adds as its article goes.
ENDINGS: Final = forms(
    """
    gate: gata gaten gatan gade gaden gt
    vei: veien vegen veg vagen vag vej vejen vn
    plass: plassen plats platsen plads pladsen
    alle: alleen allen allee
    torg: torget torvet torv
    sti: stien stigen stig
    bakke: bakken backen backe
    lokke: lokka
    svingen: svinget
    str: straat strasse
    pl: plein platz
    ln: laan
    """
)

#: Whole words, to the short form.
WORDS: Final = forms(
    """
    st: street saint sankt sant
    rd: road
    ave: avenue av avda avd avenida avinguda
    ln: lane
    dr: drive doctor
    ct: court
    cl: close
    blvd: boulevard bd bulevard
    sq: square
    pl: place plaza plza pza placa
    ter: terrace terr
    cres: crescent
    gdns: gardens
    gro: grove
    pk: park
    pkwy: parkway
    hwy: highway
    ctra: carretera crta
    po: paseo pso passeig
    cno: camino cami
    rda: ronda
    trav: travesia tva
    pol: poligono
    urb: urbanizacion
    n: north
    s: south
    e: east
    w: west
    ne: northeast
    nw: northwest
    se: southeast
    sw: southwest
    """
)

#: Words that people leave out anywhere in a street's name.
LEFT_OUT: Final = words("de del la las los el the du des")

#: The kind that is meant where none is written, in front of a name.
LEFT_OUT_IN_FRONT: Final = words("calle c carrer rue")

#: Street words of English, in their short form: a number that stands before such a street is
#: its house number.
ENGLISH_KINDS: Final = words(
    "st rd ave ln dr ct cl blvd sq pl ter cres gdns gro pkwy hwy way mews row hill"
)

#: Words that begin the part of an address inside the house, behind the house number or, with
#: a number of their own, before the street.
UNITS: Final = words(
    """
    apartment app appartement appt apt atico bajo block bolig bus dcha door dorr esc escalera etage
    etasje etg etj fl flat floor hybel izq kjeller lagenhet leil leilighet lgh oppgang piso planta
    port puerta pta room sal ste suite trappa unit vaning whg wohnung
    """
)

#: Words that make a box at the post office of an address, before its number.
BOXES: Final = words("apartado apdo boks box bp pb pobox postboks postbox postbus postfach")
