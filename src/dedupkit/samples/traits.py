"""The words for what happened to a card, and for what ties persons who must stay apart."""

from enum import StrEnum
from typing import final

from attrs import frozen


@final
class Kind(StrEnum):
    """Why two cards of one person differ, or why two persons look alike.

    >>> Kind.TWINS
    <Kind.TWINS: 'twins'>
    >>> Kind("second e-mail").is_tie
    False
    """

    # What happened to one card.
    TYPING_ERROR = "typing error"
    SCANNING_ERROR = "scanning error"
    MISHEARD = "misheard"
    NICKNAME = "nickname"
    SWAPPED_NAMES = "swapped names"
    LOST_DIACRITICS = "lost diacritics"
    TRANSLITERATED = "transliterated"
    INITIALS = "initials"
    DROPPED_SURNAME = "dropped surname"
    DROPPED_SECOND_NAME = "dropped second name"
    MARRIAGE = "marriage"
    SECOND_EMAIL = "second e-mail"
    EMAIL_TYPING_ERROR = "e-mail typing error"
    GMAIL_DOTS = "gmail dots"
    PLUS_TAG = "plus tag"
    MOVED_HOME = "moved home"
    STREET_SHORT_FORM = "street short form"
    STREET_TYPING_ERROR = "street typing error"
    NEW_MOBILE = "new mobile"
    PHONE_FORMAT = "phone format"
    PHONE_TYPING_ERROR = "phone typing error"
    PHONE_IN_WRONG_FIELD = "phone in wrong field"
    BIRTH_DATE_TYPING_ERROR = "birth date typing error"
    BIRTH_DATE_SWAPPED = "birth date swapped"
    BIRTH_DATE_FIRST_OF_JANUARY = "birth date first of January"
    LETTER_CASE = "letter case"
    MISSING_FIELDS = "missing fields"
    WEB_REGISTRATION = "web registration"
    NEWSLETTER_ONLY = "newsletter only"
    COMPANY_FORM = "company form"

    # What ties persons who are not the same.
    COUPLE = "couple"
    TWINS = "twins"
    SIBLINGS = "siblings"
    PARENT_AND_CHILD = "parent and child"
    FATHER_AND_SON = "father and son of one name"
    NAMESAKES = "namesakes"
    COLLEAGUES = "colleagues"
    SWITCHBOARD = "switchboard"
    SHARED_MAILBOX = "shared mailbox"
    FIRM_AND_EMPLOYEE = "firm and employee"
    PLACEHOLDER = "placeholder"
    WALK_IN = "walk-in"

    @property
    def is_tie(self) -> bool:
        """Whether the kind ties different persons, and does not tell of one card."""
        return self in TIES


#: The kinds that tie different persons: no two of them may be merged on its account.
TIES = frozenset(
    {
        Kind.COUPLE,
        Kind.TWINS,
        Kind.SIBLINGS,
        Kind.PARENT_AND_CHILD,
        Kind.FATHER_AND_SON,
        Kind.NAMESAKES,
        Kind.COLLEAGUES,
        Kind.SWITCHBOARD,
        Kind.SHARED_MAILBOX,
        Kind.FIRM_AND_EMPLOYEE,
        Kind.PLACEHOLDER,
        Kind.WALK_IN,
    }
)


@final
@frozen
class Trait:
    """Something that the generator did on purpose.

    Attributes:
        kind: What.
        customers: Ids of the cards concerned, in the order of the register: one for what
            happened to a card, every card of every person for a tie.
    """

    kind: Kind
    customers: tuple[str, ...]
