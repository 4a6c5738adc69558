"""How the tables of words in this package are written down."""

__all__ = ["forms", "words"]


def words(text: str) -> frozenset[str]:
    """Read a table of words, divided by white space.

    >>> sorted(words("b a"))
    ['a', 'b']
    """
    return frozenset(text.split())


def forms(text: str) -> dict[str, str]:
    """Read a table of forms: a line holds the one form that stands for all, a colon, the others.

    >>> forms("st: street saint")
    {'street': 'st', 'saint': 'st'}
    """
    table: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        chosen, _, others = line.partition(":")
        table |= dict.fromkeys(others.split(), chosen)
    return table
