"""Errors people can do something about.

Each has a code for machines, a Chinese sentence that says what to do next, and structured fields.
They are turned into a page, a fragment or problem+json in one place: `portal.core.http`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

#: what a fault of ours, or data nobody thought of, raises; for work that must be told as failed to who waits for it
FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    DatabaseError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)


class DomainError(Exception):
    """An expected refusal. Subclasses stand beside the function that raises them."""

    code = "error"
    http_status = 409
    message: Text = _("这一步现在办不了。")

    def __init__(
        self, message: Text | None = None, *, code: str | None = None, fields: Mapping[str, Any] | None = None
    ):
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.fields: dict[str, Any] = dict(fields or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The actor may not do this; the sentence never says more than the outsider may know."""

    code = "not_allowed"
    http_status = 403
    message = _("您没有办理这一步的权限。如需办理，请联系本单位管理员。")


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    code = "not_found"
    http_status = 404
    message = _("没有找到您要的内容。请核对编号后再试。")


class Conflict(DomainError):
    """The thing has moved on: another act came first, or its state does not allow this one."""

    code = "conflict"
    http_status = 409


class InvalidInput(DomainError):
    """Something typed or uploaded cannot be taken; `fields` maps each field to its sentence."""

    code = "invalid"
    http_status = 422
    message = _("有内容需要改正。")
