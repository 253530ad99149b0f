"""Which passwords are too easy to guess, beyond what Django's own validators know."""

from __future__ import annotations

import re
from unicodedata import normalize

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from carenet.agencies.models import User
from carenet.core.errors import Invalid

#: What whoever attacks this service tries first: its name, its places, its trade, and the keyboard.
_OUR_WORDS = (
    "carenet", "kohoku", "kouhoku", "yokohama", "kanagawa", "careplaza", "plaza", "kuyakusho",
    "kikan", "soudan", "mimamori", "fukushi", "houkatsu", "minsei", "password", "pasuwado",
    "ケアネット", "港北", "横浜", "神奈川", "ケアプラザ", "区役所", "基幹", "相談", "見守り", "福祉",
    "包括", "民生委員", "パスワード",
)  # fmt: skip
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv",
)  # fmt: skip
#: So many letters that stand side by side on a keyboard or in the alphabet say nothing new.
_SIDE_BY_SIDE = 4
#: So many letters must be left once what everybody guesses is taken out.
_LEFT = 6
_REPEATED = re.compile(r"(.{1,4})\1{2,}")
#: A year, a date, a telephone number.
_NUMBER = re.compile(r"\d{4,}")


class GuessableValidator:
    """Refuses what is made of common passwords, our own words, rows of keys and repetitions."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise `ValidationError` where less is left than `_LEFT` letters that are no guess."""
        typed = normalize("NFKC", password).lower()
        core = typed.strip("0123456789!?.,-_#$%&*@ ")
        if core in self.common or len(_without_guesses(typed)) < _LEFT:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return _(
            "Do not build a password of common words, names of this service, rows of keys or "
            "repetitions. Four words that have nothing to do with each other make a good one."
        )


def demand_strong(password: str, user: User) -> None:
    """Raise `Invalid` for a password that is too easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": " ".join(error.messages)}) from error


def _without_guesses(typed: str) -> str:
    """Return what is left of a password without our words, rows of keys, numbers and repetitions."""
    for word in _OUR_WORDS:
        typed = typed.replace(word, "")
    typed = _NUMBER.sub("", _REPEATED.sub("", typed))
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(row) - _SIDE_BY_SIDE + 1):
            for end in range(len(row), start + _SIDE_BY_SIDE - 1, -1):
                typed = typed.replace(row[start:end], "")
    return typed
