"""The addresses of the ward's list as a place of work."""

from django.urls import path

from carenet.staff.pages.ward_list import line, lists, many, proposals, suggestions
from carenet.staff.pages.ward_list.forms import STEPS

LINE, MANY = "desk/ward-lists/lines/<uuid:id>/", "desk/ward-lists/many/"
urlpatterns = [
    path("desk/ward-lists/", lists.WardListsView.as_view(), name="staff-lists"),
    path("desk/ward-lists/lines/", lists.LinesView.as_view(), name="staff-list-lines"),
    path(LINE, line.LinePage.as_view(), name="staff-list-line"),
    path(f"{LINE}assign/", proposals.AssignView.as_view(), name="staff-list-assign"),
    path(f"{MANY}assign/", proposals.AssignManyView.as_view(), name="staff-list-many-assign"),
    path(f"{MANY}begin/", proposals.BeginManyView.as_view(), name="staff-list-many-begin"),
    path(
        "desk/ward-lists/suggestions/",
        suggestions.SuggestionsView.as_view(),
        name="staff-list-suggestions",
    ),
    *(
        path(f"{LINE}{code}/", line.StepView.as_view(code=code), name=f"staff-list-{code}")
        for code in STEPS
    ),
    *(
        path(f"{MANY}{code}/", many.ManyView.as_view(code=code), name=f"staff-list-many-{code}")
        for code in STEPS
    ),
]
