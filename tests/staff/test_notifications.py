"""How one is told: chosen on a page of one's own account."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.administration.people import signed_in
from tests.factories import a_user

pytestmark = pytest.mark.django_db
PAGE = "/account/notifications/"


@pytest.mark.operation("me_notifications_update")
@pytest.mark.parametrize(("chosen", "stored"), [("", None), ("yes", True), ("no", False)])
def test_language_mail_and_digest_are_chosen(chosen: str, stored: bool | None) -> None:
    person = a_user()
    answer = signed_in(person).post(PAGE, {"language": "en", "digest": chosen})
    assert answer["Location"] == f"{PAGE}?done"
    person.refresh_from_db()
    assert (person.language, person.by_email, person.digest) == ("en", False, stored)


def test_the_page_shows_what_holds() -> None:
    person = a_user()
    person.digest = True
    person.save()
    form = signed_in(person).get(PAGE).context["form"]
    assert form["digest"].value() == "yes"


def test_a_language_that_is_none_is_refused() -> None:
    answer = signed_in(a_user()).post(PAGE, {"language": "xx"})
    assert answer.status_code == 422


def test_nobody_chooses_on_half_a_sign_in(settings: pytest.FixtureRequest) -> None:
    settings.STAFF_SECOND_FACTOR = True  # type: ignore[attr-defined]
    client = Client()
    client.force_login(a_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(PAGE)["Location"] == "/account/code/"
