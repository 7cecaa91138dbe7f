"""One request after the other, by everybody: each with all that follows from it, and then undone."""

import os
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client

from stand_ins.stripe.server import Stripe
from tests.hostile import forms
from tests.hostile.forms import Fields, Form
from tests.hostile.routes import Route
from tests.hostile.site import HostileSite

SOAK = bool(os.environ.get("SOAK"))
ADMIN = "/admin/"
BY_DESIGN = {"/admin/failwhale/": "Wagtail's way to see what a 500 looks like"}

type People = list[tuple[str, Client]]


def some[T](choice: Sequence[T], turn: int, number: int = 1) -> list[T]:
    """All of them in the soak; else the next few, so that with `turn` going up each has its turn."""
    return list(choice) if SOAK else [choice[(turn * number + step) % len(choice)] for step in range(number)]


@dataclass
class Walk:
    site: HostileSite
    stripe: Stripe
    found: list[str] = field(default_factory=list)
    sent: int = 0

    def send(
        self,
        who: tuple[str, Client],
        method: str,
        path: str,
        body: bytes = b"",
        *,
        said: object = "",
        query: str = "",
        content_type: str = forms.URLENCODED,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Ask, and do what waits for the answer to be committed. Afterwards rows, files and cookies are as before."""
        name, client = who
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        waiting = len(connection.run_on_commit)
        undone = transaction.atomic()
        undone._from_testcase = True  # type: ignore[attr-defined]  # what must be durable may be within it
        with undone:
            answer = client.generic(method, path, body, content_type, headers=headers, QUERY_STRING=query)
            self._look(answer, f"{name}: {method} {path[:150]} {said!s:.400}", waiting)
            del connection.run_on_commit[waiting:]
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)
        for file, content in self.site.files.items() if method not in {"GET", "HEAD"} else ():
            if not file.exists() or file.read_bytes() != content:
                file.write_bytes(content)
        self.sent += 1
        return answer

    def post(self, who: tuple[str, Client], form: Form, fields: Fields, *files: tuple[str, str, bytes]) -> Any:
        """The form, with these fields and files."""
        said = [(name, f"{value:.60}") for name, value in fields if (name, value) not in form.fields]
        said += [(name, f"{filename:.60}, a file") for name, filename, _ in files]
        action, _, query = form.action.partition("?")
        if form.method == "get":
            return self.send(who, "GET", action, query=forms.urlencoded(fields).decode(), said=said)
        if form.is_multipart or files:
            body, kind = forms.multipart(fields, files), forms.MULTIPART
        else:
            body, kind = forms.urlencoded(fields), forms.URLENCODED
        return self.send(who, "POST", action, body, content_type=kind, query=query, said=said)

    def good(self, route: Route) -> str:
        """Its address, filled in so that it names something."""
        return route.path(self.site.values(route))

    def everybody(self, route: Route) -> People:
        if str(route).startswith(ADMIN):
            return [("anonymous", self.site.visitors["anonymous"]), *self.site.staff.items()]
        return [*self.site.visitors.items(), *self.site.staff.items()]

    def most_able(self, route: Route) -> tuple[str, Client]:
        """Who is let in furthest."""
        if str(route).startswith(("/admin/login", "/admin/password_reset")):
            name = "anonymous"
        elif str(route).startswith(ADMIN):
            name = "admin"
        else:
            name = "reviewer by link" if str(route).startswith("/review") else "verified learner"
        return name, {**self.site.visitors, **self.site.staff}[name]

    def people(self, route: Route) -> People:
        return self.everybody(route) if SOAK else [self.most_able(route)]

    def assert_sound(self) -> None:
        assert not self.found, "\n".join([f"{len(self.found)} of {self.sent} requests:", *self.found[:50]])

    def _look(self, answer: Any, what: str, waiting: int) -> None:
        problem: Any = None
        try:
            if answer.streaming:
                answer.getvalue()
            if answer.status_code >= 500:
                problem = answer.exc_info[1] if getattr(answer, "exc_info", None) else answer.status_code
            while len(connection.run_on_commit) > waiting and not problem:
                connection.run_on_commit.pop(waiting)[1]()
        except Exception as error:
            problem = error
        if problem and answer.request["PATH_INFO"] not in BY_DESIGN:
            where = traceback.extract_tb(problem.__traceback__)[-1:] if isinstance(problem, Exception) else ""
            self.found.append(f"{what}: {problem!r:.200} {where}")
