"""How a day or a moment is read while it is typed: a part of every page that asks for one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from carenet.core.errors import Invalid
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.form_fields import NAMED, READERS, READS


class WhenView(StaffView):
    """Say how what is typed is read, or why it cannot be meant."""

    abilities = {"post": "agencies.view"}
    acts_once = False

    def post(self, request: HttpRequest) -> HttpResponse:
        reader = READERS.get(request.POST.get(READS, ""))
        if reader is None:
            raise Invalid({READS: ", ".join(READERS)})
        typed = request.POST.get(request.POST.get(NAMED, ""), "")
        try:
            context = {"read": reader.clean(typed), "moment": reader.reads.startswith("moment")}
        except ValidationError as refused:
            context = {"refused": refused.messages}
        return self.show("staff/parts/read_as.html", context)
