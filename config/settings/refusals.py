"""What an installation is not started with: `config.settings.production` asks before it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: As short as Django's own check (security.W009) allows.
SHORTEST_KEY, FEWEST_LETTERS = 50, 5


def refusals(
    *,
    secret_keys: Sequence[str],
    allowed_hosts: Sequence[str],
    origins: Sequence[str],
    proxies: int,
) -> list[str]:
    """Return in words what is wrong with these settings and what to do; empty when nothing is."""
    return [
        *_of_keys(secret_keys),
        *_of_hosts(allowed_hosts),
        *(
            f"CSRF_TRUSTED_ORIGINS: {origin} は https:// ではありません。"
            f" / {origin} is not https://: people sign in over HTTPS alone."
            for origin in origins
            if not origin.startswith("https://")
        ),
        *_of_proxies(proxies),
    ]


def _of_keys(keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS:
            yield (
                "SECRET_KEY / SECRET_KEY_FALLBACKS: 50 文字以上のランダムな値にしてください。"
                " / Make it a random value of at least 50 characters: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )


def _of_hosts(hosts: Sequence[str]) -> Iterator[str]:
    if not hosts or any(host.startswith(("*", ".")) for host in hosts):
        yield (
            "ALLOWED_HOSTS: ホスト名を一つずつ書いてください(* は使えません)。"
            " / Name each host; * and a leading dot let any name in."
        )


def _of_proxies(proxies: int) -> Iterator[str]:
    if proxies < 1:
        yield (
            "NUM_PROXIES: 1 以上にしてください(HTTPS を受けるプロキシの数)。"
            " / Set it to the number of proxies in front (1 or more): HTTPS ends there, and "
            "without it all callers share one address and one limit."
        )
