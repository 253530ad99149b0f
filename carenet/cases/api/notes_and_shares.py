"""What hangs on a case: notes, shares, named members. Children are reached through their case."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.models import Grant
from carenet.access.selectors import grants_on
from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.cases import policy, selectors
from carenet.cases.actions import notes, shares
from carenet.cases.api.serializers import (
    GrantSerializer,
    MemberSerializer,
    Naming,
    NoteInput,
    NoteSerializer,
    Prolonging,
    Sharing,
)
from carenet.cases.models import Case, CaseMember, ProgressNote
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.rest.serializers import Nothing


class OfCase(ActorViewSet):
    """Base of what is reached through a visible case."""

    @property
    def case(self) -> Case:
        """The case in the address; raises `NotFound` out of reach."""
        return get_visible(selectors.cases(self.actor), pk=self.kwargs["case_id"])


class NoteViewSet(OfCase):
    """The progress record (支援経過), as far as the reader is in the audience."""

    serializer_class = NoteSerializer
    queryset = ProgressNote.objects.none()
    abilities = {"list": "cases.view", "create": "cases.write_note"}

    def queryset_for(self, actor: Actor) -> QuerySet[ProgressNote]:
        return selectors.notes(actor, self.case)

    list = list_method("List the notes that you may read, newest first.")

    @extend_schema(request=NoteInput, responses={201: NoteSerializer})
    def create(self, request: Request, case_id: UUID) -> Response:
        """Add a note, or a correction of an earlier one."""
        given = self.read_body(NoteInput)
        corrects = self._corrected(given.pop("corrects"))
        note = notes.write_note(actor=self.actor, case_id=case_id, corrects=corrects, **given)
        shown = self.get_serializer(self.get_queryset().get(pk=note.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED)

    def _corrected(self, note_id: UUID | None) -> ProgressNote | None:
        if note_id is None:
            return None
        note: ProgressNote = self.still_visible(note_id)
        return note


class GrantViewSet(OfCase):
    """Who else is let in to a case, on which basis and until when: shown to its lead."""

    serializer_class = GrantSerializer
    queryset = Grant.objects.none()
    abilities = {
        "list": "cases.share",
        "create": "cases.share",
        "prolong": "cases.share",
    }
    id_argument = "grant_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Grant]:
        case = self.case
        demand(policy.can_change(actor, case, "cases.share"))
        return grants_on("case", case.pk)

    list = list_method("List the grants on a case, newest first.")

    @extend_schema(request=Sharing, responses={201: GrantSerializer})
    def create(self, request: Request, case_id: UUID) -> Response:
        """Let another agency in on a lawful basis; what each rests on: docs/permissions.md."""
        given = self.read_body(Sharing)
        grant = shares.share_case(
            actor=self.actor, case_id=case_id, codename=given.pop("permission"), **given
        )
        return Response(self.get_serializer(grant).data, status=status.HTTP_201_CREATED)

    revoke = ApiVerb(
        shares.revoke_share,
        Nothing,
        "End a share that the lead has given by itself, now.",
        ability="cases.share",
        versioned=False,
        looked_up=False,
    )

    @extend_schema(request=Prolonging, responses={201: GrantSerializer})
    @action(detail=True, methods=["post"])
    def prolong(self, request: Request, case_id: UUID, id: UUID) -> Response:
        """Give a share anew on the same basis, with a reason; the former line ends."""
        grant = shares.prolong_share(
            actor=self.actor, case_id=case_id, grant_id=id, **self.read_body(Prolonging)
        )
        return Response(self.get_serializer(grant).data, status=status.HTTP_201_CREATED)


class MemberViewSet(OfCase):
    """The people named to a restricted case."""

    serializer_class = MemberSerializer
    queryset = CaseMember.objects.none()
    abilities = {"list": "cases.restrict", "create": "cases.restrict"}
    id_argument = "member_id"

    def queryset_for(self, actor: Actor) -> QuerySet[CaseMember]:
        case = self.case
        demand(policy.can_change(actor, case, "cases.restrict"))
        return case.members.select_related("user", "given_by")

    list = list_method("List the namings of a case, newest first; ended ones too.")

    create = create_method(shares.name_member, Naming, MemberSerializer, "Name a person to a case.")

    end = ApiVerb(
        shares.end_member,
        Nothing,
        "End a naming now.",
        ability="cases.restrict",
        versioned=False,
        looked_up=False,
    )
