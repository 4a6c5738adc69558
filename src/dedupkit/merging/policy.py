"""The policy: what a merge does with every field, flag, consent, login and balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import final

from attrs import field, frozen

from dedupkit.customers import (
    CONTACT_FIELDS,
    EMPTY,
    LOYALTY,
    ON_ACCOUNT,
    STORE_CREDIT,
    FieldMap,
    as_map,
    check_path,
)
from dedupkit.errors import ConfigurationError, DedupkitError
from dedupkit.merging.consents import ConsentRule, refusal_wins
from dedupkit.merging.resolvers import Resolver, concatenate, fill_blank, keep_master, union
from dedupkit.plans import NOTICE_TEXTS

__all__ = ["HELD_BACK", "BalanceRule", "FlagRules", "MergePolicy", "WebProfileRules"]


def _as_names(names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):
        raise ConfigurationError(f"{names!r} is one name; give a collection of names")
    return frozenset(names)


@final
@frozen(kw_only=True)
class FlagRules:
    """What single flags mean; a flag that is not named here is carried over as it is.

    Attributes:
        permissive: Flags that permit something, such as ``vip``: switching one on by a merge is a
            conflict.
        protected: Flags such as a secret address: where a card bears one, contact details are
            neither filled nor kept from another card.
    """

    permissive: frozenset[str] = field(default=frozenset(), converter=_as_names)
    protected: frozenset[str] = field(default=frozenset(), converter=_as_names)


@final
@frozen(kw_only=True)
class WebProfileRules:
    """How web profiles are merged.

    Attributes:
        approval_needs_answer: Whether gaining ``approved_buyer`` with an attached profile is a
            conflict instead of a notice.
    """

    approval_needs_answer: bool = False


@final
@frozen(kw_only=True)
class BalanceRule:
    """What is known of one kind of balance.

    Attributes:
        derived_from: The relation whose rows add up to it; it moves with them and is never
            written by itself. None where the amount is stored.
        credit_limit: Field path of the most that may be owed; it is compared, never summed.
    """

    derived_from: str | None = None
    credit_limit: str | None = None


_SHIPPED_KINDS = FieldMap(dict.fromkeys((STORE_CREDIT, LOYALTY, ON_ACCOUNT), BalanceRule()))

#: The notices for which a plan is left to a person, unless the policy says otherwise.
HELD_BACK = frozenset({"child_beside_adult", "unverified_profile_gains", "web_profile_activated"})


@final
@frozen(kw_only=True)
class MergePolicy:
    """How cards become one. Without arguments: the master's fields stay, blanks included.

    Attributes:
        default: Resolver of the contact fields that *fields* does not name.
        fields: Field path → resolver, for contact fields, ``"address"`` as one,
            ``"extra.vat_no"``, and ``"extra"`` for all other own fields of the host.
        flags: Which flags permit and which protect.
        groups: Resolver of the groups.
        consents: Which of disagreeing consents holds.
        consents_follow_person: Whether a grant that was given for a contact which is not the
            resulting one covers the resulting one too.
        web_profile: How web profiles are merged.
        balances: Kind → what is known of it; kinds that are neither shipped nor named here block.
        single_systems: External systems that know one id a customer.
        unique: Contact fields whose value the store allows on one card only, retired ones
            included: where the master takes one over, the retired card lets go of it first.
        keep_not_chosen: Whether e-mails, phones and addresses that are not chosen become
            ``other_…``, and other values that are not chosen are appended to the notes.
        hold_back: Codes of the notices for which ``plan_merges(safe=True)`` leaves a plan to a
            person; in place of `HELD_BACK`.

    Raises:
        ConfigurationError: a part has not its shape, or *fields* or *unique* name what no resolver
            decides, or *hold_back* no notice; all of them are named.

    >>> MergePolicy(fields={"notes": concatenate}).resolver("notes") is concatenate
    True
    """

    default: Resolver = keep_master
    fields: FieldMap[str, Resolver] = field(default=EMPTY, converter=as_map)
    flags: FlagRules = FlagRules()
    groups: Resolver = union
    consents: ConsentRule = refusal_wins
    consents_follow_person: bool = True
    web_profile: WebProfileRules = WebProfileRules()
    balances: FieldMap[str, BalanceRule] = field(default=EMPTY, converter=as_map)
    single_systems: frozenset[str] = field(default=frozenset(), converter=_as_names)
    unique: frozenset[str] = field(default=frozenset(), converter=_as_names)
    keep_not_chosen: bool = False
    hold_back: frozenset[str] = field(default=HELD_BACK, converter=_as_names)

    def __attrs_post_init__(self) -> None:
        if wrong := _misshapen(self):
            raise ConfigurationError(f"MergePolicy: {'; '.join(wrong)}")
        if unknown := list(_unknown(self)):
            raise ConfigurationError(f"MergePolicy: {'; '.join(unknown)}")

    @classmethod
    def fill_blanks(cls) -> MergePolicy:
        """Return the policy under which the duplicates fill what is blank on the master."""
        return cls(default=fill_blank)

    @classmethod
    def keep_all_contacts(cls) -> MergePolicy:
        """Return the policy under which no contact detail and no value leaves the master's card.

        Blanks are filled, of the host's own fields too; contact details that are not chosen
        become other e-mails, phones and addresses; other values are appended to the notes.
        """
        others = dict.fromkeys(("other_emails", "other_phones", "other_addresses"), union)
        return cls(
            default=fill_blank,
            fields={**others, "extra": fill_blank, "notes": concatenate},
            keep_not_chosen=True,
        )

    @classmethod
    def web_shop(cls, permissive: Iterable[str] = ("vip", "credit", "tax_exempt")) -> MergePolicy:
        """Return the policy of shops that approve their buyers.

        Args:
            permissive: The flags that permit something in this shop.
        """
        return cls(
            flags=FlagRules(permissive=permissive),
            web_profile=WebProfileRules(approval_needs_answer=True),
        )

    def resolver(self, path: str) -> Resolver:
        """Return the resolver of a contact field or of one of the host's own."""
        named = self.fields.get(path)
        if named is not None:
            return named
        return self.fields.get("extra", keep_master) if path.startswith("extra.") else self.default

    def balance_rule(self, kind: str) -> BalanceRule | None:
        """Return what is known of a kind; None where it was never declared."""
        return self.balances.get(kind) or _SHIPPED_KINDS.get(kind)


def _misshapen(policy: MergePolicy) -> list[str]:
    """Say of each part that has not its shape what it must be."""
    resolvers: dict[str, object] = {"default": policy.default, "groups": policy.groups}
    given: object = policy.fields
    if isinstance(given, Mapping):
        resolvers |= {f"fields[{path!r}]": resolver for path, resolver in given.items()}
    wrong = [f"{name} must be a resolver" for name, one in resolvers.items() if not callable(one)]
    rules: object = policy.balances
    if not isinstance(given, Mapping):
        wrong.append("fields must be a mapping of field paths to resolvers")
    if not callable(policy.consents):
        wrong.append("consents must be a rule such as refusal_wins")
    if not isinstance(policy.flags, FlagRules):
        wrong.append("flags must be FlagRules")
    if not isinstance(policy.web_profile, WebProfileRules):
        wrong.append("web_profile must be WebProfileRules")
    if not isinstance(rules, Mapping) or not all(
        isinstance(r, BalanceRule) for r in rules.values()
    ):
        wrong.append("balances must be a mapping of kinds to BalanceRule")
    return wrong


def _unknown(policy: MergePolicy) -> Iterator[str]:
    """Say of each part which of its names mean nothing there."""
    contacts = frozenset(CONTACT_FIELDS)
    own = {path for path in policy.fields if path == "extra" or path.startswith("extra.")}
    if wrong := frozenset(policy.fields) - contacts - own:
        yield (
            f"no resolver decides {_listed(wrong)}; fields are contact fields, 'address' as a "
            "whole, 'extra', or single fields of it"
        )
    if wrong := policy.unique - contacts:
        yield f"unique takes contact fields such as 'email', not {_listed(wrong)}"
    limits = {rule.credit_limit for rule in policy.balances.values()}
    if wrong := frozenset(path for path in limits if path is not None and not _is_path(path)):
        yield f"credit_limit is a field path such as 'extra.credit_limit', not {_listed(wrong)}"
    if wrong := policy.hold_back - NOTICE_TEXTS.keys():
        yield f"hold_back takes codes of notices such as 'consents_disagree', not {_listed(wrong)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(map(repr, names)))


def _is_path(text: str) -> bool:
    try:
        check_path(text)
    except DedupkitError:
        return False
    return True
