"""Tables of mailboxes."""

from dedupkit.normalize.mailboxes import PLACEHOLDER_HOSTS, PROVIDERS, ROLES, STOPGAPS


def test_alias_domains_lead_to_a_domain_with_the_same_rule() -> None:
    """A canonical address is its own canonical address."""
    assert all(PROVIDERS[rule.domain] is rule for rule in PROVIDERS.values())


def test_words_are_letters_alone() -> None:
    """They are compared with the letters of a local part."""
    assert all(word.isalpha() and word.islower() for word in ROLES | STOPGAPS | PLACEHOLDER_HOSTS)
