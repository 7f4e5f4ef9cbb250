"""Knows who may come in: this machine's browser that was given the token, asking for this host by name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fcim_audit.language import Lang, Text
from fcim_audit.serve.pages import entered, page_of_problem

HOST = "127.0.0.1"
_READING = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_NO_TOKEN = Text(
    "没有有效的口令。请打开 fcim-audit review 打印的地址。",
    "There is no valid token. Open the address that fcim-audit review printed.",
)


@dataclass(frozen=True, slots=True)
class Key:
    """The port that is served and the token that opens it."""

    port: int
    token: str
    lang: Lang

    @property
    def address(self) -> str:
        """What the browser opens first."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies are told apart by name, not by port."""
        return f"fcim_review_{self.port}"

    @property
    def hosts(self) -> tuple[str, str]:
        """The names by which this server may be asked."""
        return (f"{HOST}:{self.port}", f"localhost:{self.port}")

    def opens(self, token: str | None) -> bool:
        """Whether a token is the one."""
        return token is not None and secrets.compare_digest(token.encode(), self.token.encode())


class Door:
    """Lets a request in or answers it at the door; every answer carries the same strict headers."""

    def __init__(self, app: ASGIApp, key: Key) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        answer = self._stopped(Request(scope))
        await (self._app if answer is None else answer)(scope, receive, guarded)

    def _stopped(self, request: Request) -> Response | None:
        """The answer to who may not come in; None lets in."""
        if request.headers.getlist("host") not in [[host] for host in self._key.hosts]:
            return PlainTextResponse("unknown host", 400)
        token = request.query_params.get("token")
        if token is not None and request.method in _READING:
            return self._entering(token)
        if not self._key.opens(request.cookies.get(self._key.cookie)):
            return self._forbidden()
        if request.method not in _READING and not self._from_here(request):
            return PlainTextResponse("unknown origin", 403)
        return None

    def _entering(self, token: str) -> Response:
        """A page that goes on by itself: a redirect from elsewhere would come without the cookie."""
        if not self._key.opens(token):
            return self._forbidden()
        answer = HTMLResponse(entered(self._key.lang))
        answer.set_cookie(
            self._key.cookie, self._key.token, httponly=True, samesite="strict", path="/"
        )
        return answer

    def _forbidden(self) -> Response:
        return HTMLResponse(page_of_problem(_NO_TOKEN.said(self._key.lang), self._key.lang), 403)

    def _from_here(self, request: Request) -> bool:
        """A write comes from a page of ours, as JSON: no foreign form can send that."""
        origins = [f"http://{host}" for host in self._key.hosts]
        site = request.headers.get("sec-fetch-site", "same-origin")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return (
            request.headers.get("origin") in origins
            and site == "same-origin"
            and kind == "application/json"
        )
