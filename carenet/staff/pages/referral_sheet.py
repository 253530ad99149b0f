"""連絡票: one page of a referral for paper and FAX, and the code on it that leads back here.

The paper leaves this service, so it shows what the receiver may know from sending on and nothing
more: never a protected address, and nobody at all where only named persons may know, where the
consent is withdrawn, or where no agency of a pool has claimed it yet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
import typst
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from noto_cjk_sans_jp_regular import FONT_PATH

from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid
from carenet.referrals import selectors
from carenet.referrals.actions.deadlines import answer_due_if_told
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralStatus
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.codes import address_of_code, plain_code

FORM = Path(__file__).parent.parent / "templates" / "staff" / "sheets" / "sheet.typ"
#: A package brings the font, whatever the machine has.
FONT, FONTS = "Noto Sans CJK JP", Path(str(FONT_PATH)).parent
#: What fits one page beside the rest, in characters; so many does a line take.
MOST_CHARACTERS, LINE = 560, 38
#: Up to how much is written in which size of type, in points; what is more has the smallest.
SIZES, SMALLEST = ((180, 12.0), (320, 11.0)), 10.0
ANSWERS = (
    gettext_lazy("We take it on. Person in charge:"),
    gettext_lazy("We have a question:"),
    gettext_lazy("We propose not to take it on. Reason:"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper: lines of label and words, and why some are missing.

    `size` is that of the type, in points: few words are set larger.
    """

    title: str
    code: str
    care: str
    made: str
    sender: list[str]
    receiver: list[str]
    head: list[tuple[str, str]]
    lines: list[tuple[str, str]]
    size: float
    withheld: str
    back: str
    answers: list[str]
    signed: list[str]
    footer: str


def sheet_of(referral: Referral, by: str) -> Sheet:
    """Return the paper of a sent referral, as `by` makes it now; raises `Conflict` for a draft."""
    if referral.status == ReferralStatus.DRAFT:
        raise Conflict(_("A draft goes nowhere yet. Send it, then print it."))
    log_read("referral", referral.pk)
    withheld = _withheld(referral)
    sender, to = referral.sender, referral.receiver
    person = referral.sender_person.name if referral.sender_person else ""
    attn = _("%(agency)s, to whom it may concern")
    now = date_format(timezone.localtime(clock.now()), "SHORT_DATETIME_FORMAT")
    lines = [*_frame(referral), *([] if withheld else _fitting(_texts(referral)))]
    return Sheet(
        title=_("Referral sheet"),
        code=referral.code,
        care=_("Handle with care: personal data"),
        made=_("made on %(at)s by %(person)s") % {"at": now, "person": by},
        sender=[sender.name, person, *_reached(sender)],
        receiver=[attn % {"agency": to.name}, *_reached(to)]
        if to
        else [_("an agency of the pool")],
        head=[(_("Sheets sent"), _("1 (this one)")), (_("Answer wanted by"), _wanted(referral))],
        lines=lines,
        size=_size(lines),
        withheld=withheld,
        back=_back(sender),
        answers=[str(answer) for answer in ANSWERS],
        signed=[_("Answered by:"), _("Day of the answer:"), _("Telephone:")],
        footer=_strayed(sender),
    )


def _wanted(referral: Referral) -> str:
    """Return until when the answer is wanted, with the time; "–" where none is due."""
    due = answer_due_if_told(referral, clock.now())
    return date_format(timezone.localtime(due), "DATETIME_FORMAT") if due else "–"


def _back(sender: Agency) -> str:
    if sender.fax:
        told = _(
            "Please send this page back by FAX to %(fax)s, or answer by telephone with the code."
        )
        return told % {"fax": sender.fax}
    return _("Send this page back by FAX, or answer by phone with the code.")


def _strayed(sender: Agency) -> str:
    """Return what somebody does who gets this by mistake."""
    told = _(
        "If this has come to you by mistake, please telephone %(agency)s (%(number)s) at once, and "
        "neither copy it nor show it to anybody."
    )
    return told % {"agency": sender.name, "number": sender.phone or sender.fax or "–"}


def _size(lines: list[tuple[str, str]]) -> float:
    """Return the size of the type: the less is said, the larger, as far as one page goes."""
    written = sum(len(words) + LINE * words.count("\n") for _label, words in lines)
    return next((size for most, size in SIZES if written <= most), SMALLEST)


def _withheld(referral: Referral) -> str:
    """Return why nothing of the person may stand on paper, empty where it may."""
    if referral.case.restricted:
        return _("The case is restricted to named members: ask the sender by phone.")
    if referral.consent_withdrawn:
        return _("The person has taken back the consent on which it rests.")
    if referral.unclaimed:
        return _("No agency has claimed it yet: only then the person is named.")
    if referral.status == ReferralStatus.VOID:
        return _("It was entered in error.")
    return ""


def _reached(agency: Any) -> list[str]:
    numbers = (("TEL", agency.phone), ("FAX", agency.fax))
    return ["　".join(f"{kind} {number}" for kind, number in numbers if number)]


def _frame(referral: Referral) -> list[tuple[str, str]]:
    return _filled(
        (_("Need"), referral.get_need_display()),
        (_("Urgency"), referral.get_urgency_display()),
        (_("Basis of sharing"), referral.get_sharing_basis_display()),
    )


def _texts(referral: Referral) -> list[tuple[str, str]]:
    person = referral.resident
    log_read("resident", person.pk)
    kana = f" ({person.kana})" if person.kana else ""
    address = (
        _("protected: ask the sender by phone") if person.address_protected else person.address
    )
    return _filled(
        (_("Person"), f"{person.name}{kana}"),
        (_("Date of birth"), person.age_and_birth),
        (_("Address"), address),
        (_("Phone"), "" if person.address_protected else person.phone),
        (_("Need in words"), referral.need_text),
        (_("Reason"), referral.reason),
        (_("Summary"), referral.summary),
        (_("Service asked for"), referral.requested_service),
        (_("Wishes of the person"), referral.wishes_of_person),
        (_("Wishes of the family"), referral.wishes_of_family),
        (_("How to contact"), referral.how_to_contact),
    )


def _fitting(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return lines that fit one page; what is cut says so."""
    left, found = MOST_CHARACTERS, []
    for label, words in lines:
        room = left
        cut = ""
        for character in words:
            room -= LINE if character == "\n" else 1
            if room < 0:
                break
            cut += character
        found.append(
            (label, words if cut == words else cut + _(" … (ask the sender for the rest)"))
        )
        left = max(room, LINE // 2)
    return found


def _filled(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, str(words)) for label, words in lines if words]


class SheetView(StaffView):
    """The paper as a page that prints."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        referral = get_object_or_404(selectors.single(self.actor), pk=id)
        code = segno.make(self.link(referral), error="m")
        context = {
            "sheet": sheet_of(referral, self.by()),
            "referral": referral,
            "qr": code.svg_data_uri(border=2),
        }
        return self.show("staff/sheets/sheet.html", context)

    def by(self) -> str:
        """Return who makes the paper: whoever holds it may ask them."""
        return f"{self.actor.agency.name} {self.actor.user.name if self.actor.user else ''}".strip()

    def link(self, referral: Referral) -> str:
        """Return what the square holds: the address of the referral, which opens nothing by itself."""
        path = reverse("staff-referral", args=[referral.pk])
        return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else self.absolute(path)

    def absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path)


class SheetFileView(SheetView):
    """The paper as a PDF file with a Japanese font."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        referral = get_object_or_404(selectors.single(self.actor), pk=id)
        answer = HttpResponse(
            as_pdf(sheet_of(referral, self.by()), self.link(referral)),
            content_type="application/pdf",
        )
        answer["Content-Disposition"] = f'inline; filename="{referral.code}.pdf"'
        return answer


def as_pdf(sheet: Sheet, link: str) -> bytes:
    """Set the paper; words go in as data, never as the language of the typesetter.

    Raises `Conflict` where no Japanese font is installed: squares instead of words help nobody.
    """
    given = {
        **{name: getattr(sheet, name) for name in Sheet.__slots__},
        "qr": segno.make(link, error="m").svg_inline(border=2, scale=4),
        "font": FONT,
        "labels": [_("To"), _("From")],
    }
    pdf, warnings = typst.compile_with_warnings(
        FORM,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(given)},
    )
    if any("font" in warning.message for warning in warnings):
        raise Conflict(_("No Japanese font is installed here. Print the page instead."))
    return bytes(pdf)


class CodeForm(forms.Form):
    """The code as it stands on the paper, however it is typed."""

    code = forms.CharField(
        label=gettext_lazy("Code on the paper"),
        max_length=30,
        help_text=gettext_lazy("For example R-26-000123."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class CodeView(FormPage):
    """Typing the code opens the referral, where the answer is recorded."""

    abilities = {"get": "referrals.view", "post": "referrals.view"}
    form_class = CodeForm
    template = "staff/sheets/code.html"

    def act(self, form: Any) -> str:
        typed = plain_code(form.cleaned_data["code"])
        page = address_of_code(self.actor, typed) if typed.startswith("R") else ""
        if not page:
            raise Invalid(
                {
                    "code": _(
                        "There is no referral with this code that your agency has a part in. "
                        "Compare it with the paper."
                    )
                }
            )
        return f"{page}?reply=1#steps-title"
