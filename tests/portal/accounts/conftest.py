"""Shared by the tests of accounts: signing in through the page, reading the record."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.core.models import AuditEvent
from tests.cast import PASSWORD

SignIn = Callable[..., HttpResponse]


@pytest.fixture
def sign_in() -> SignIn:
    """Return a function that signs a client in through the page."""

    def act(client: Client, user: User, password: str = PASSWORD, **fields: str) -> HttpResponse:
        return client.post(reverse("accounts:login"), {"username": user.username, "password": password, **fields})

    return act


@pytest.fixture
def recorded() -> Callable[[], list[str]]:
    """Return a function that lists the acts in the record of accounts, oldest first."""

    def acts() -> list[str]:
        return list(AuditEvent.objects.filter(stream="accounts").order_by("number").values_list("action", flat=True))

    return acts
