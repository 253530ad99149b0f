"""A small client of the API: the loop of `docs/tutorial.md`, with the standard library alone."""

import json
import uuid
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

DEMO = Path(".carenet/demo.json")


class RefusedError(Exception):
    """The service said no; `code` says why, `detail` what to do."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", problem))
        self.code = str(problem.get("code", "sign_in_failed"))


class Client:
    """Requests of one person, signed in with a session."""

    def __init__(self, base: str, username: str, password: str) -> None:
        """Sign in; raises RefusedError where the password is wrong."""
        self.base = base
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        self.get("/auth/browser/v1/config")  # brings the CSRF cookie
        self.post("/auth/browser/v1/auth/login", username=username, password=password)

    def get(self, path: str) -> Any:
        """Return what stands at an address; raises RefusedError."""
        return self._send(Request(self.base + path))

    def post(self, path: str, **body: Any) -> Any:
        """Send a body, return the answer; raises RefusedError.

        The key makes it safe to send the same request again after a broken connection.
        """
        token = next((each.value for each in self.jar if each.name == "csrftoken"), None)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
            "X-CSRFToken": token or "",
        }
        return self._send(Request(self.base + path, json.dumps(body).encode(), headers))

    def _send(self, request: Request) -> Any:
        try:
            with self.opener.open(request) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise RefusedError(json.load(error)) from error


def main() -> None:
    """Refer somebody, answer as the other side, close the loop; print each status."""
    demo = json.loads(DEMO.read_text("utf-8"))
    base, password = demo["base_url"], demo["pages"][0]["password"]
    plaza = Client(base, "mamedo-staff", password)
    centre = Client(base, "kikan-staff", password)

    [core] = plaza.get("/api/v1/agencies/?kind=CORE_CONSULTATION_CENTER&limit=1")["results"]
    person = plaza.post(
        "/api/v1/residents/", family_name="山﨑", given_name="はる", birth_year=1938
    )
    talk = plaza.post(
        "/api/v1/consultations/",
        channel="phone",
        relationship="family",
        subject=person["id"],
        topics=["care"],
        main_topic="care",
        content="退院のあと、食事に困っている。",
    )
    triaged = plaza.post(
        f"/api/v1/consultations/{talk['id']}/triage/", outcome="case_opened", urgency="normal"
    )
    referral = plaza.post(
        "/api/v1/referrals/",
        case=triaged["case"],
        receiver=core["id"],
        kind="CO_SUPPORT",
        need="assessment",
        reason="見立てをお願いします。",
        sharing_basis="WITHIN_PURPOSE",
    )
    verbs = f"/api/v1/referrals/{referral['id']}"
    done = {"outcome": "service_started", "report": "配食が始まった。"}
    print(plaza.post(f"{verbs}/send/")["status"])
    print(centre.post(f"{verbs}/accept/")["status"])
    print(centre.post(f"{verbs}/complete/", **done)["status"])
    try:
        centre.post(f"{verbs}/close/", need_met="yes")
    except RefusedError as refused:
        print(refused.code)
    print(plaza.post(f"{verbs}/close/", need_met="yes")["status"])


if __name__ == "__main__":
    main()
