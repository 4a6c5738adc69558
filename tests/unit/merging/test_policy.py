"""The policy: what it accepts, and what its constructors mean."""

import re
from typing import Any

import pytest

from dedupkit.errors import ConfigurationError
from dedupkit.merging import (
    BalanceRule,
    FlagRules,
    MergePolicy,
    concatenate,
    fill_blank,
    keep_master,
    union,
)


def test_default_keeps_the_master() -> None:
    """Without arguments nothing is filled."""
    policy = MergePolicy()
    assert {policy.resolver(path) for path in ("email", "address", "extra.vat")} == {keep_master}


def test_extra_follows_its_own_entry_and_not_the_default() -> None:
    """The host's own fields stay the master's unless the policy names them."""
    filling = MergePolicy.fill_blanks()
    assert filling.resolver("extra.vat") is keep_master
    named = MergePolicy(fields={"extra": fill_blank, "extra.vat": concatenate})
    assert (named.resolver("extra.vat"), named.resolver("extra.x")) == (concatenate, fill_blank)


@pytest.mark.parametrize("path", ["city", "groups", "number", "emial", "balances"])
def test_fields_that_no_resolver_decides_are_refused(path: str) -> None:
    """A part of the address, a standing field and a typing error are named."""
    with pytest.raises(ConfigurationError, match=repr(path)):
        MergePolicy(fields={path: union})


def test_all_faults_are_named_at_once() -> None:
    """Each with what it takes."""
    with pytest.raises(ConfigurationError) as caught:
        MergePolicy(
            fields={"citty": union},
            balances={"on_account": BalanceRule(credit_limit="limit")},
            unique=["web"],
            hold_back=["consent_disagree"],
        )
    assert str(caught.value) == (
        "MergePolicy: no resolver decides 'citty'; fields are contact fields, 'address' as a "
        "whole, 'extra', or single fields of it; unique takes contact fields such as 'email', not "
        "'web'; credit_limit is a field path such as 'extra.credit_limit', not 'limit'; hold_back "
        "takes codes of notices such as 'consents_disagree', not 'consent_disagree'"
    )


def test_codes_are_words() -> None:
    """Whatever is given instead is named."""
    with pytest.raises(ConfigurationError, match="not 'x', 1"):
        MergePolicy(hold_back=["x", 1])  # type: ignore[list-item]  # what is told


def test_one_name_is_no_collection() -> None:
    """A text where names are meant would be read letter by letter."""
    with pytest.raises(ConfigurationError, match="collection of names"):
        FlagRules(permissive="vip")


def test_kinds_that_are_shipped_are_declared() -> None:
    """The three shipped kinds are stored; others are unknown until named."""
    policy = MergePolicy(balances={"miles": BalanceRule(derived_from="flights")})
    assert policy.balance_rule("loyalty") == BalanceRule()
    assert policy.balance_rule("miles") == BalanceRule(derived_from="flights")
    assert policy.balance_rule("stars") is None


def test_web_shop_declares_its_flags() -> None:
    """What permits something is a conflict in a web shop, approval too."""
    policy = MergePolicy.web_shop(permissive=["wholesale"])
    assert policy.flags.permissive == {"wholesale"}
    assert policy.web_profile.approval_needs_answer


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"default": "longest"}, "default must be a resolver"),
        ({"groups": None}, "groups must be a resolver"),
        ({"fields": {"email": "longest"}}, "fields['email'] must be a resolver"),
        ({"fields": ["email"]}, "fields must be a mapping"),
        ({"consents": "refusal"}, "consents must be a rule"),
        ({"flags": ("vip",)}, "flags must be FlagRules"),
        ({"web_profile": "first"}, "web_profile must be WebProfileRules"),
        ({"balances": {"points": 1}}, "balances must be a mapping of kinds to BalanceRule"),
        ({"balances": ["points"]}, "balances must be a mapping of kinds to BalanceRule"),
    ],
)
def test_parts_of_the_wrong_shape_are_told_at_once(wrong: dict[str, Any], problem: str) -> None:
    """When the policy is made, not when the first plan is."""
    with pytest.raises(ConfigurationError, match=re.escape(problem)):
        MergePolicy(**wrong)
