"""Words in person names that are no names: titles, suffixes, particles, stopgaps. All folded."""

from typing import Final

from dedupkit.normalize.wordlists import forms, words

__all__ = [
    "DEGREES",
    "GENERATIONS",
    "PARTICLES",
    "PLACEHOLDERS",
    "PLACEHOLDER_NOUNS",
    "PLACEHOLDER_PHRASES",
    "TITLES",
    "TITLES_OR_NAMES",
]

#: Always titles, in English, Norwegian, Danish, Swedish, Dutch, German, Spanish and French.
TITLES: Final = words(
    """
    mr mrs ms miss mx dr prof professor rev sir madam doctor
    hr herr herre fru frk froken
    dhr heer mevr mevrouw mw drs ir mej
    frau fraulein dipl
    sr sra srta senor senora senorita dona
    mme mlle monsieur madame mademoiselle
    """
)

#: Titles where another given name follows, else names.
TITLES_OR_NAMES: Final = words("don lady lord dame ing fr mag father sister captain")

#: What tells a father from a son, to the one spelling that is kept.
GENERATIONS: Final = forms(
    """
    jr: jr jnr junior yngre hijo fils
    sr: sr snr senior eldre aldre padre pere
    ii: ii 2nd
    iii: iii 3rd
    iv: iv 4th
    """
)

#: Degrees and honours behind a name.
DEGREES: Final = words("phd msc bsc mba obe mbe cbe esq frcs dphil llm rn")

#: Words inside family names that people add, drop and reorder.
PARTICLES: Final = words(
    """
    van von vom vander vande der den de het ter ten te in t
    af av zu zum zur di da das dos do du del della dalla la las los el le y i
    """
)

#: Words that, without any other word, say that nobody's name is known.
PLACEHOLDERS: Final = words(
    """
    abc anon anonym anonymous anonyme anonimo anoniem asdf asdfgh barkund barkunde barsalg blank
    cash contado contant contante default demo desconocido desconocida dropin dummy efectivo
    fake gast gjest gaest guest inconnu invitado invitada kasse kassa kassakund kassekunde
    kontant kontanten kontantkund kontantkunde kontantsalg laufkunde laufkundschaft mostrador
    na nn noname none null nobody okand onbekend passant privatkunde privatkund qwerty temp test
    tester testing testesen testperson testsson ukendt ukjent unbekannt unknown unnamed walkin
    """
)

#: Nouns that say no more than that somebody buys; stopgaps alone and beside a placeholder.
PLACEHOLDER_NOUNS: Final = words(
    """
    account bruker client cliente clienta customer klant kund kunde kunden name navn namn naam
    nombre salg user
    """
)

#: Words that are a stopgap only together.
PLACEHOLDER_PHRASES: Final = frozenset(
    words(phrase)
    for phrase in (
        *("walk in", "drop in", "n a", "no", "sin", "not known", "not given", "first last"),
        *("ikke oppgitt", "ikke kjent", "ikke oplyst", "ej angivet", "niet bekend"),
    )
)
