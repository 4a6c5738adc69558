"""What a person has allowed: one consent per purpose, channel and endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import final

from attrs import field, frozen

from dedupkit.customers.shapes import as_moment, blank_to_none, is_moment, is_word, required
from dedupkit.errors import ConfigurationError

__all__ = ["NEWSLETTER", "Consent", "ConsentState", "is_permitted", "same_endpoint"]


@final
class ConsentState(Enum):
    """How things stand, the strictest first.

    Attributes:
        strictness: Rank from 0 (`NEVER_ASKED`) to 4 (`OBJECTED`).

    >>> ConsentState.OBJECTED > ConsentState.WITHDRAWN > ConsentState.GRANTED
    True
    """

    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    PENDING = "pending"
    NEVER_ASKED = "never_asked"

    strictness: int

    def __init__(self, _: str) -> None:
        self.strictness = 4 - len(type(self).__members__)  # of those that stand above

    @property
    def is_refusal(self) -> bool:
        """Whether the person has said no."""
        return self in (ConsentState.OBJECTED, ConsentState.WITHDRAWN)

    def __lt__(self, other: ConsentState) -> bool:
        return self.strictness < other.strictness

    def __gt__(self, other: ConsentState) -> bool:
        return self.strictness > other.strictness


@final
@frozen
class Consent:
    """What a person said about one purpose on one channel.

    Attributes:
        purpose: What for, for instance ``"newsletter"``.
        channel: By which way: ``"email"``, ``"sms"``, ``"phone"``, ``"post"``, or the host's own.
        state: How it stands.
        at: When it was said, in UTC; None where nobody noted it.
        source: Where it was said, for instance ``"checkout"``; None where nobody noted it.
        endpoint: The one address or number that it is about; None for all of the channel.

    >>> Consent("newsletter", "email", ConsentState.GRANTED).key
    ('newsletter', 'email', None)
    """

    purpose: str
    channel: str
    state: ConsentState
    at: datetime | None = field(default=None, converter=as_moment, kw_only=True)
    source: str | None = field(default=None, converter=blank_to_none, kw_only=True)
    endpoint: str | None = field(default=None, converter=blank_to_none, kw_only=True, repr=False)

    def __attrs_post_init__(self) -> None:
        if not (is_word(self.purpose) and is_word(self.channel)):
            required("Consent", purpose=self.purpose, channel=self.channel)
        if not isinstance(self.state, ConsentState):
            raise ConfigurationError("Consent: state must be a ConsentState")
        if self.at is not None and not is_moment(self.at):
            raise ConfigurationError("Consent: at must be a datetime with a time zone")

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Purpose, channel and endpoint: a customer has one consent of each."""
        return self.purpose, self.channel, self.endpoint


#: Purpose and channel of the newsletter.
NEWSLETTER = ("newsletter", "email")


def is_permitted(
    consents: Iterable[Consent], purpose: str, channel: str, endpoint: str | None
) -> bool:
    """Tell whether *consents* permit *purpose* on *channel* at *endpoint*.

    A refusal that covers the endpoint outweighs every grant; without a grant the answer is no.
    """
    states = {
        consent.state
        for consent in consents
        if (consent.purpose, consent.channel) == (purpose, channel)
        and (consent.endpoint is None or same_endpoint(consent.endpoint, endpoint))
    }
    return ConsentState.GRANTED in states and not any(state.is_refusal for state in states)


def same_endpoint(one: str | None, other: str | None) -> bool:
    """Tell whether two spellings are plainly one address or number.

    Case and the punctuation of phone numbers are ignored; nothing else is interpreted.
    """
    return one is not None and other is not None and _plain(one) == _plain(other)


def _plain(endpoint: str) -> str:
    folded = "".join(endpoint.split()).casefold()
    return folded if "@" in folded else folded.translate(_PHONE_PUNCTUATION)


_PHONE_PUNCTUATION = str.maketrans("", "", "-./()")
