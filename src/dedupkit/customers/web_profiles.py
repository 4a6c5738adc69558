"""The login of a customer on the web."""

from __future__ import annotations

from datetime import datetime
from typing import final

from attrs import field, frozen

from dedupkit.customers.shapes import as_moment, blank_to_none, is_moment, required
from dedupkit.errors import ConfigurationError

__all__ = ["WebProfile"]


@final
@frozen(kw_only=True)
class WebProfile:
    """A web login; password hashes never enter the library.

    Attributes:
        id: Id of the profile in the host; it stays when the profile moves to another card.
        username: Login name, or None where none was chosen yet.
        has_password: Whether the host holds a password for it.
        active: Whether the host lets it in.
        approved_buyer: Whether it may buy, in shops that approve their buyers.
        verified: Whether the person has proved to own its e-mail address.
        last_login_at: Last time that the person logged in, in UTC, or None.

    >>> WebProfile(id="w1", username="anna", has_password=True).can_log_in
    True
    """

    id: str
    username: str | None = field(default=None, converter=blank_to_none, repr=False)
    has_password: bool = False
    active: bool = True
    approved_buyer: bool = False
    verified: bool = False
    last_login_at: datetime | None = field(default=None, converter=as_moment)

    def __attrs_post_init__(self) -> None:
        required("WebProfile", id=self.id)
        username: object = self.username
        if username is not None and not isinstance(username, str):
            raise ConfigurationError("WebProfile: username must be text")
        if wrong := [name for name in _TRUTHS if not isinstance(getattr(self, name), bool)]:
            raise ConfigurationError(f"WebProfile: {', '.join(wrong)} must be True or False")
        if self.last_login_at is not None and not is_moment(self.last_login_at):
            raise ConfigurationError(
                "WebProfile: last_login_at must be a datetime with a time zone"
            )

    @property
    def can_log_in(self) -> bool:
        """Whether the person can log in: user name, password, active."""
        return self.active and self.has_password and self.username is not None

    @property
    def can_buy(self) -> bool:
        """Whether the person can log in and is approved as a buyer."""
        return self.can_log_in and self.approved_buyer


_TRUTHS = ("has_password", "active", "approved_buyer", "verified")
