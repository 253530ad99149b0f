"""Who gives accounts, and what one is not given."""

from __future__ import annotations

import pytest

from carenet.accounts.actions.accounts import create_account
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden, Invalid
from tests.factories import PASSWORD, a_member, a_user, an_agency

pytestmark = pytest.mark.django_db


def test_an_account_signs_in_with_its_password() -> None:
    user = create_account(username="hanako", name="山田 花子", password=PASSWORD)
    assert User.objects.get(username="hanako").check_password(PASSWORD)
    assert AuditEntry.objects.filter(action="account.create", object_ids=[user.pk]).exists()


def test_a_user_name_is_given_once() -> None:
    a_user(username="hanako")
    with pytest.raises(Invalid) as raised:
        create_account(username="ｈａｎａｋｏ", name="山田 花子", password=PASSWORD)
    assert list(raised.value.fields) == ["username"]


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(Invalid) as raised:
        create_account(username="hanako", name="花子", password="hanako")
    assert list(raised.value.fields) == ["password"]


def test_a_manager_gives_no_accounts() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    with pytest.raises(Forbidden):
        create_account(actor=manager, username="hanako", name="花子", password=PASSWORD)
