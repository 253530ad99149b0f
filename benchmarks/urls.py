"""All addresses of the service, and a few that answer the same in the stock way, or a constant."""

from __future__ import annotations

from django.urls import include, path

from benchmarks.stock import CASES, CONSTANT, PLAIN, ConstantViewSet, StockCases, plain

urlpatterns = [
    path(PLAIN[1:], plain),
    path(CONSTANT[1:], ConstantViewSet.as_view({"get": "list"})),
    path(CASES[1:], StockCases.as_view({"get": "list"})),
    path("", include("config.urls")),
]
