"""Administrators of the tests, and how they come to their pages."""

from __future__ import annotations

from django.test import Client

from carenet.administration.actions.appointments import appoint
from carenet.agencies.actors import Administrator
from carenet.agencies.models import User
from tests.factories import a_session, a_user


def an_administrator(name: str = "管理 太郎") -> Administrator:
    """Return somebody in office, appointed at the command line."""
    user = a_user(name)
    appoint(administrator=None, username=user.username)
    return Administrator(user)


def signed_in(user: User, language: str = "en") -> Client:
    """Return a browser in which this person has signed in, for no agency."""
    client = Client(headers={"accept-language": language})
    client.cookies["sessionid"] = a_session(user)
    return client
