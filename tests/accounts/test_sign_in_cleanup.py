"""Sessions and tokens that have run out are forgotten; nobody stands above the policies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from oauth2_provider.models import AccessToken

from carenet.accounts.models import BrowserSession
from carenet.accounts.tasks import forget_sign_ins
from tests.factories import a_system, a_user, an_agency

pytestmark = pytest.mark.django_db


def test_a_session_that_has_run_out_is_forgotten() -> None:
    gone = timezone.now() - timedelta(days=1)
    BrowserSession.objects.create(session_key="old", session_data="", expire_date=gone)
    forget_sign_ins()
    assert not BrowserSession.objects.filter(session_key="old").exists()


def test_a_token_that_has_run_out_is_forgotten_and_a_live_one_kept() -> None:
    system = a_system(an_agency())
    AccessToken.objects.create(
        token_checksum="0" * 64, expires=timezone.now() - timedelta(days=30), scope=""
    )
    forget_sign_ins()
    assert AccessToken.objects.count() == 1
    assert system.get("/api/v1/me/").status_code == 200


def test_the_release_before_knows_the_task_by_the_same_name() -> None:
    wanted = settings.CELERY_BEAT_SCHEDULE["forget-sign-ins"]["task"]
    assert forget_sign_ins.name == wanted == "carenet.agencies.tasks.forget_sign_ins"


def test_there_are_no_superusers() -> None:
    user = a_user()
    user.is_superuser = True
    with pytest.raises(IntegrityError):
        user.save()
