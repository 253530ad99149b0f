"""What each step with a referral asks for, and which steps are open to whom now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.core.decisions import Decision, Denied
from carenet.core.states import Refusal
from carenet.referrals import policy
from carenet.referrals.actions import (
    acceptance_and_outcome,
    decline,
    delivery,
    drafts,
    loop_closure,
    onward_referral,
    questions_and_pauses,
    reopened_referrals,
    voided_referrals,
    withdrawal,
)
from carenet.referrals.models import (
    DeclineCode,
    DeclinedBy,
    EventChannel,
    NeedMet,
    Referral,
    ReferralOutcome,
)
from carenet.referrals.states import Verb, resolve
from carenet.staff.pages.agency_choice import AgencyField
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.lawful_bases import (
    SAID,
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction

CHANNELS = [choice for choice in EventChannel.choices if choice[0] != EventChannel.SYSTEM]
LONG, SHORT = 10_000, 5000


class TransitionForm(forms.Form):
    """A step that asks for nothing, but on behalf of somebody how their words came."""

    def __init__(
        self, data: Any, *, actor: Actor, referral: Referral, on_behalf: bool, verb: Verb
    ) -> None:
        super().__init__(data, auto_id=f"{verb.value}-%s")
        self.actor, self.referral, self.on_behalf = actor, referral, on_behalf
        if on_behalf:
            self.fields["channel"] = forms.ChoiceField(
                label=_("How the answer came"), choices=CHANNELS, widget=forms.RadioSelect
            )

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.fields)


def radio_field(label: Any, codes: type[TextChoices]) -> forms.ChoiceField:
    """Return a field for one of a few codes, all of them in sight."""
    return forms.ChoiceField(label=label, choices=codes.choices, widget=forms.RadioSelect)


def form_of(name: str, /, **fields: Any) -> type[TransitionForm]:
    """Return the form of a step, under a name of its own, that asks for these fields in this order."""
    return type(name, (TransitionForm,), {"__module__": __name__, **fields})


WHY = form_of("Why", reason=text_field(_("Reason"), SHORT))


class Acceptance(TransitionForm):
    """The receiver's own members are named; of a receiver without accounts nobody is."""

    person_in_charge: Any = forms.ModelChoiceField(
        label=_("Person in charge"), queryset=None, required=False, empty_label=_("me")
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.on_behalf:
            del self.fields["person_in_charge"]
            return
        field: Any = self.fields["person_in_charge"]
        field.queryset = members_in_roles(self.actor.agency, {Role.STAFF})
        field.label_from_instance = lambda user: user.name


class Sending(TransitionForm):
    duplicate_reason = text_field(
        _("Why you ask again, where the same has been asked already"), SHORT, required=False
    )
    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.referral.sharing_basis != SharingBasis.CONSENT or self.referral.consent_id:
            for name in SAID:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        check_consent_said(self)
        return {**given, "consent_said": consent_said(given)}


class Rerouting(TransitionForm):
    """Those of the kind that it came back from stand on top of the list."""

    receiver: Any = AgencyField(label=_("To which agency"))
    reason = text_field(_("Reason"), required=False)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["receiver"]
        back = self.referral.receiver
        but = [self.referral.sender_id, self.referral.receiver_id]
        field.offer(self.actor, but=but, first=back.kind if back else "")


class Telling(TransitionForm):
    """How a receiver that reads nothing here was told, and who took it there."""

    channel = forms.ChoiceField(
        label=_("How they were told"), choices=CHANNELS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Who took it there, if you know"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


#: The steps in the order in which they are offered: what goes on first, what undoes last.
STEPS: dict[Verb, tuple[type[TransitionForm], Callable[..., Referral]]] = {
    Verb.SEND: (Sending, drafts.send),
    Verb.DELIVER: (Telling, delivery.deliver),
    Verb.ACCEPT: (Acceptance, acceptance_and_outcome.accept),
    Verb.RECEIVE: (TransitionForm, acceptance_and_outcome.receive),
    Verb.ANSWER: (form_of("Answer", answer=text_field(_("Answer"))), questions_and_pauses.answer),
    Verb.START: (
        form_of("Start", first_contact_on=TypedDay(label=_("Day of the first contact"))),
        acceptance_and_outcome.start,
    ),
    Verb.RESUME: (TransitionForm, questions_and_pauses.resume),
    Verb.COMPLETE: (
        form_of(
            "Completion",
            outcome=radio_field(_("Outcome"), ReferralOutcome),
            report=text_field(_("Report")),
        ),
        acceptance_and_outcome.complete,
    ),
    Verb.ASK: (form_of("Question", question=text_field(_("Question"))), questions_and_pauses.ask),
    Verb.HOLD: (
        form_of(
            "Pause",
            reason=text_field(_("Reason")),
            review_on=TypedDay(label=_("Look at it again on"), direction=Direction.AHEAD),
        ),
        questions_and_pauses.hold,
    ),
    Verb.PROPOSE_DECLINE: (
        form_of(
            "DeclineProposal",
            code=radio_field(_("Why"), DeclineCode),
            declined_by=radio_field(_("On whose side"), DeclinedBy),
            text=text_field(_("In words"), SHORT, required=False),
        ),
        decline.propose_decline,
    ),
    Verb.RETRACT_DECLINE: (TransitionForm, decline.retract_decline),
    Verb.CONFIRM_DECLINE: (TransitionForm, decline.confirm_decline),
    Verb.CONTEST_DECLINE: (
        form_of("Contradiction", reply=text_field(_("Reply"))),
        decline.contest_decline,
    ),
    Verb.CLOSE: (
        form_of(
            "Closure",
            need_met=radio_field(_("Was the need met?"), NeedMet),
            reason=text_field(_("What is still missing"), SHORT, required=False),
        ),
        loop_closure.close,
    ),
    Verb.REROUTE: (Rerouting, onward_referral.reroute),
    Verb.REOPEN: (WHY, reopened_referrals.reopen),
    Verb.FAIL: (WHY, acceptance_and_outcome.fail),
    Verb.AGREE_WITHDRAWAL: (TransitionForm, withdrawal.agree_withdrawal),
    Verb.REQUEST_WITHDRAWAL: (WHY, withdrawal.request_withdrawal),
    Verb.WITHDRAW: (WHY, withdrawal.withdraw),
    Verb.DISCARD: (TransitionForm, drafts.discard),
    Verb.VOID: (WHY, voided_referrals.void),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that leads somewhere from here, in the actor's own part or on behalf of the other side."""

    verb: Verb
    form: TransitionForm

    @property
    def on_behalf(self) -> bool:
        return self.form.on_behalf


def on_behalf(actor: Actor, referral: Referral, verb: Verb) -> bool:
    """Whether the step would be the other side's words, as the actions look at it."""
    own = policy.can_do(actor, referral, verb)
    return policy.needs_channel(actor, referral, verb) or not own


def leads_on(actor: Actor, referral: Referral, verb: Verb, *, behalf: bool) -> bool:
    """Whether the table knows the step from where the referral stands."""
    side = policy.recorded_side(verb) if behalf else policy.acting_side(actor, referral, verb)
    return not isinstance(resolve(verb, side, referral.situation), Refusal)


def form_for(
    actor: Actor, referral: Referral, verb: Verb, data: Any = None, *, behalf: bool
) -> TransitionForm:
    """Return the form of a step, empty or with what was typed."""
    return STEPS[verb][0](data, actor=actor, referral=referral, on_behalf=behalf, verb=verb)


def seen_referral_version(request: HttpRequest) -> int:
    """Return the version that was looked at: nobody overwrites what they have not seen."""
    return seen_version(request, _("Open the referral again, and do it from there."))


def offers(actor: Actor, referral: Referral) -> tuple[list[Offer], list[Denied]]:
    """Return the steps that are open to the actor now, and why others are not.

    What may be recorded for the other side depends on the ability alone: asked once for each.
    """
    found: list[Offer] = []
    denials: dict[str, Denied] = {}
    recording: dict[tuple[str, bool], Decision] = {}
    for verb in STEPS:
        behalf = on_behalf(actor, referral, verb)
        if not leads_on(actor, referral, verb, behalf=behalf):
            continue
        if behalf:
            key = (policy.VERB_ABILITIES[verb], verb is Verb.ANSWER)
            if key not in recording:
                recording[key] = policy.can_record(actor, referral, verb)
            decision = recording[key]
            if isinstance(decision, Denied):
                denials.setdefault(str(decision.reason), decision)
                continue
        found.append(Offer(verb, form_for(actor, referral, verb, behalf=behalf)))
    return found, list(denials.values())


def quick_offers(actor: Actor, referral: Referral, among: Iterable[Verb]) -> list[Verb]:
    """Return which of these steps the actor's own part includes now, without a query: for lists."""
    return [
        verb
        for verb in among
        if not on_behalf(actor, referral, verb) and leads_on(actor, referral, verb, behalf=False)
    ]
