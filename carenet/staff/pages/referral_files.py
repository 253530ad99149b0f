"""Files of a referral as its page shows them, and the form that adds one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.core.decisions import Decision
from carenet.referrals import policy, selectors
from carenet.referrals.models import Attachment, Referral
from carenet.referrals.states import OPEN, ReferralStatus
from carenet.rest.uploads import ENDINGS, MEGABYTE


def most_of_one() -> str:
    """Return in words how large a file may be."""
    return f"{settings.ATTACHMENT_MAX_BYTES // MEGABYTE} MB"


class FileForm(forms.Form):
    """One file; what may be in it and how large it is stands beside it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another."),
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="file-%s")
        field = self.fields["file"]
        field.help_text = _(
            "One PDF, JPEG or PNG file, at most %(one)s. A referral holds up to %(number)d files of "
            "%(all)d MB together."
        ) % {
            "one": most_of_one(),
            "number": settings.ATTACHMENTS_MOST,
            "all": settings.ATTACHMENTS_MAX_BYTES // MEGABYTE,
        }
        field.widget.attrs |= {
            "accept": ",".join(ending for endings in ENDINGS.values() for ending in endings),
            "data-most-bytes": settings.ATTACHMENT_MAX_BYTES,
            "data-too-large": _("This file is larger than %(most)s. Choose a smaller one.")
            % {"most": most_of_one()},
        }

    def clean_file(self) -> Any:
        """Take one file: what else came with it would go unseen."""
        if len(self.files.getlist("file")) > 1:
            raise forms.ValidationError(_("Send one file at a time."))
        return self.cleaned_data["file"]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a referral, and what the actor may do with them."""

    rows: list[Attachment]
    may_add: Decision
    may_take_away: bool
    living: bool
    form: FileForm


def files_of(actor: Actor, referral: Referral) -> Files:
    """Return what the page shows of the files of a visible referral."""
    draft = referral.status == ReferralStatus.DRAFT
    return Files(
        rows=list(selectors.attachments(actor, referral).order_by("-id")),
        may_add=policy.can_attach(actor, referral),
        may_take_away=draft and bool(policy.can_edit(actor, referral)),
        living=draft or referral.status in OPEN,
        form=FileForm(),
    )
