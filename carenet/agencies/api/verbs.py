"""A method of the API, declared in one line: a verb, the list, or one of its objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.rest.etags import expected_version, required_version
from carenet.rest.serializers import Input


def list_method(description: str) -> Callable[..., Response]:
    """Return the method that answers with a page of all that is visible."""

    def method(view: ActorViewSet, _request: Request, **_ids: Any) -> Response:
        return view.page_of(view.get_queryset())

    method.__doc__ = description
    return method


def retrieve_method(description: str) -> Callable[..., Response]:
    """Return the method that answers with the object in the address; raises `NotFound`."""

    def method(view: ActorViewSet, _request: Request, **_ids: Any) -> Response:
        return view.respond(view.get_object())

    method.__doc__ = description
    return method


def create_method(
    act: Callable[..., Any],
    body: type[Any],
    answer: type[Any],
    description: str,
    *,
    looked_up: bool = False,
) -> Callable[..., Response]:
    """Return the method that answers with what `act` makes of the ids in the address and the body.

    `looked_up`: as the visible set has it, for what the answer shows besides.
    """

    @extend_schema(request=body, responses={status.HTTP_201_CREATED: answer})
    def method(view: ActorViewSet, _request: Request, **ids: Any) -> Response:
        made = act(actor=view.actor, **ids, **view.read_body(body))
        shown = view.still_visible(made.pk) if looked_up else made
        return view.respond(shown, status.HTTP_201_CREATED)

    method.__doc__ = description
    return method


def update_method(
    act: Callable[..., Any],
    body: type[Any],
    answer: type[Any],
    description: str,
    *,
    looked_up: bool = True,
) -> Callable[..., Response]:
    """Return the method that changes the parts of the object in the address that are sent.

    `act` is called as by an `ApiVerb`; the version that was seen is required. The answer is the
    object as it is then, or what `act` returns where it is not `looked_up`.
    """

    @extend_schema(request=body, responses=answer)
    def method(view: ActorViewSet, request: Request, **ids: Any) -> Response:
        version = required_version(request)
        given = view.read_body(body, view.get_object(), partial=True)
        ids[view.id_argument] = ids.pop(view.lookup_url_kwarg)
        changed = act(actor=view.actor, **ids, version=version, **given)
        return view.respond(view.get_object() if looked_up else changed)

    method.__doc__ = description
    return method


class ApiVerb:
    """Becomes the method `POST <object>/<verb>/` of the `ActorViewSet` in whose body it stands.

    The method reads `body`, calls `act` with the actor, the ids in the address (that of the object
    as the view's `id_argument`), the version that was seen and what the body says. It answers with
    the object as it is then, with what `act` returns where it is not `looked_up`, or with nothing
    where it is `gone`.

    The ability is named here, or found in the view's `verb_abilities`: under `verb`, or under the
    method's own name. A verb that is not found there stops the start.
    """

    requires_version: ClassVar[bool] = False

    def __init__(
        self,
        act: Callable[..., Any],
        body: type[Input],
        description: str,
        *,
        ability: str = "",
        verb: str = "",
        gone: bool = False,
        versioned: bool = True,
        looked_up: bool = True,
    ) -> None:
        self.act, self.body, self.description = act, body, description
        self.ability, self.verb = ability, verb
        self.gone, self.versioned, self.looked_up = gone, versioned, looked_up

    def __set_name__(self, view: type[ActorViewSet], name: str) -> None:
        ability = self.ability or view.verb_abilities[self.verb or name]
        view.abilities = {**view.abilities, name: ability}
        if self.requires_version:
            view.needs_version = (*view.needs_version, name)
        path = name.replace("_", "-")
        method = action(detail=True, methods=["post"], url_path=path)(self._method(name))
        responses: Any = {status.HTTP_204_NO_CONTENT: None} if self.gone else view.serializer_class
        setattr(view, name, extend_schema(request=self.body, responses=responses)(method))

    def _method(self, name: str) -> Callable[..., Response]:
        def method(view: ActorViewSet, request: Request, **ids: Any) -> Response:
            given = view.read_body(self.body)
            ids[view.id_argument] = ids.pop(view.lookup_url_kwarg)
            read_version = required_version if self.requires_version else expected_version
            version = {"version": read_version(request)} if self.versioned else {}
            changed = self.act(actor=view.actor, **ids, **version, **given)
            if self.gone:
                return Response(status=status.HTTP_204_NO_CONTENT)
            return view.respond(view.get_object() if self.looked_up else changed)

        method.__name__, method.__doc__ = name, self.description
        return method


class VersionedApiVerb(ApiVerb):
    """An `ApiVerb` for which the version that was seen must be sent: 428 without, as for a change."""

    requires_version = True
