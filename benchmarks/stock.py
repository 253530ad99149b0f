"""What a Django team would have without thinking, and what costs next to nothing: to compare with.

The stock list asks guardian which cases are shared with the person's groups, adds those that their
agency leads, and lets DRF page, serialize and render. It knows no end of a share, no restricted case,
no throttle and no trail.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from guardian.shortcuts import get_objects_for_user  # noqa: TID251 - what we compare with
from rest_framework import serializers, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import Agency, User
from carenet.cases.models import Case
from carenet.cases.states import OPEN
from carenet.residents.models import Resident

#: What a Django project begins with, as far as a page with a session needs it.
STOCK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
STOCK_SESSIONS = "django.contrib.sessions.backends.db"
PAGE = 50
PLAIN, CONSTANT, CASES = "/bench/plain/", "/bench/constant/", "/bench/stock/cases/"


def plain(request: HttpRequest) -> HttpResponse:
    """Answer a constant to whoever has signed in: Django with a session and nothing else."""
    return HttpResponse("ok" if request.user.is_authenticated else "who?")


class ConstantViewSet(ActorViewSet):
    """Answer a constant through everything that stands before a handler of ours."""

    abilities: ClassVar[dict[str, str]] = {"list": "cases.view"}

    def list(self, _request: Request) -> Response:
        return Response({"next": None, "previous": None, "results": []})


class StockPerson(serializers.ModelSerializer[Resident]):
    class Meta:
        model = Resident
        fields = ["id", "name", "kana"]


class StockAgency(serializers.ModelSerializer[Agency]):
    class Meta:
        model = Agency
        fields = ["id", "name", "kind"]


class StockColleague(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name"]


class StockCase(serializers.ModelSerializer[Case]):
    resident = StockPerson(read_only=True)
    lead_agency = StockAgency(read_only=True)
    person_in_charge = StockColleague(read_only=True)

    class Meta:
        model = Case
        fields = [
            "id", "code", "status", "confidentiality", "resident", "consultation",
            "lead_agency", "person_in_charge", "summary", "plan",
            "next_action", "next_action_on", "opened_at", "ended_at", "end_reason", "end_note",
        ]  # fmt: skip


class StockPages(CursorPagination):
    ordering = "-id"
    page_size = PAGE


class StockCases(viewsets.ReadOnlyModelViewSet[Case]):
    """The open cases that are shared with the person's groups, or that their agency leads."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = []
    pagination_class = StockPages
    serializer_class = StockCase

    def get_queryset(self) -> QuerySet[Case]:
        user: Any = self.request.user
        shared = get_objects_for_user(user, "cases.view_case", Case, accept_global_perms=False)
        led = Q(lead_agency__memberships__user=user)
        found = Case.objects.filter(Q(pk__in=shared.values("pk")) | led, status__in=sorted(OPEN))
        return found.select_related("resident", "lead_agency", "person_in_charge")
