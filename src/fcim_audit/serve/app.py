"""Knows the addresses of the review page and what each answers."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from fcim_audit.errors import AuditError
from fcim_audit.language import Lang, Text
from fcim_audit.serve import changes
from fcim_audit.serve.desk import Desk, seen
from fcim_audit.serve.door import Door, Key
from fcim_audit.serve.drafts import Drafts
from fcim_audit.serve.looking import Show, next_open, shown_of
from fcim_audit.serve.pages import asset, page, page_of_problem
from fcim_audit.serve.sent import Refused, Sent, Stale

MAX_BODY = 1_000_000
_LANGUAGE = "lang"
_KINDS = {"review.css": "text/css", "review.js": "text/javascript"}
_STALE = Text(
    "这条要求刚才在别处被改动，没有覆盖；已重新载入，你填的内容还在草稿里",
    "this requirement was changed elsewhere: nothing was overwritten, what you typed is kept as a draft",
)
_UNREADABLE = Text("内容过长或格式不对，没有保存", "too long or malformed: it was not saved")


def application(desk: Desk, key: Key) -> Starlette:
    """The review of one audit by one member, behind its door."""
    room = _Room(desk, key)
    return Starlette(
        routes=[
            Route("/", room.start),
            Route("/r/{id}", room.requirement),
            Route("/state/{id}", room.state),
            Route("/{name:str}", room.static),
            Route("/save", room.save, methods=["POST"]),
            Route("/accept", room.accept, methods=["POST"]),
            Route("/undo", room.undo, methods=["POST"]),
            Route("/draft", room.draft, methods=["POST"]),
        ],
        middleware=[Middleware(Door, key=key)],
        exception_handlers={AuditError: room.problem},
    )


class _Room:
    """What the addresses share: the desk, the drafts, the language."""

    def __init__(self, desk: Desk, key: Key) -> None:
        self._desk = desk
        self._key = key
        self._drafts = Drafts(desk.folder, desk.member)

    def start(self, request: Request) -> Response:
        """To the first requirement that waits for a judgement."""
        standings = self._desk.standings()
        first = next_open(standings, standings.unjudged, None)
        if first is None:
            return RedirectResponse(f"/r/{standings.items[0].id}?show={Show.ALL}", 303)
        return RedirectResponse(f"/r/{first}?show={Show.OPEN}", 303)

    def requirement(self, request: Request) -> Response:
        """The page of one requirement."""
        standings = self._desk.standings()
        id_, lang = request.path_params["id"], self._language(request)
        if id_ not in standings.by_id:
            return self._not_found(request)
        asked = request.query_params.get("show")
        show = Show(asked) if asked in set(Show) else Show.OPEN
        shown = shown_of(
            self._desk, standings, id_, show=show, lang=lang, drafts=self._drafts.all()
        )
        answer = HTMLResponse(page(shown))
        answer.set_cookie(self._language_cookie, lang.value, samesite="strict", httponly=True)
        return answer

    def state(self, request: Request) -> Response:
        """What the journal and one requirement look like now, for a page that may be old."""
        standings = self._desk.standings()
        item = standings.by_id.get(request.path_params["id"])
        if item is None:
            return self._not_found(request)
        return JSONResponse({"head": standings.bench.audit.journal.head, "seen": seen(item)})

    def static(self, request: Request) -> Response:
        """The stylesheet and the script."""
        name = request.path_params["name"]
        if name not in _KINDS:
            return self._not_found(request)
        return Response(asset(name), media_type=_KINDS[name])

    async def save(self, request: Request) -> Response:
        """A choice becomes the judgement."""
        return await self._changed(request, self._saved)

    async def accept(self, request: Request) -> Response:
        """The tool's proposal becomes the judgement."""
        return await self._changed(request, self._accepted)

    async def undo(self, request: Request) -> Response:
        """The last change is taken back."""
        return await self._changed(request, self._undone)

    async def draft(self, request: Request) -> Response:
        """What is typed so far is kept, and judges nothing."""
        return await self._changed(request, self._drafted)

    def _saved(self, sent: Sent) -> None:
        changes.save(self._desk, sent)
        self._drafts.drop(sent.id)

    def _accepted(self, sent: Sent) -> None:
        changes.accept(self._desk, sent)
        self._drafts.drop(sent.id)

    def _undone(self, sent: Sent) -> None:
        changes.undo(self._desk, sent)

    def _drafted(self, sent: Sent) -> None:
        if sent.id in self._desk.checklist.requirements:
            self._drafts.keep(sent.id, sent.typed, self._desk.clock())

    async def _changed(self, request: Request, change: Callable[[Sent], None]) -> Response:
        lang = self._language(request)
        try:
            sent = Sent.model_validate_json(await _body(request))
        except (ValidationError, _TooLong):
            return _problem(_UNREADABLE.said(lang), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            await run_in_threadpool(change, sent)
        except Refused as refused:
            lacks = [{"field": lack.field, "says": lack.says.said(lang)} for lack in refused.lacks]
            return JSONResponse({"lacks": lacks}, HTTPStatus.UNPROCESSABLE_ENTITY)
        except Stale:
            return _problem(_STALE.said(lang), HTTPStatus.CONFLICT)
        except AuditError as error:
            return _problem(error.said(lang), HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"kept": sent.id})

    def problem(self, request: Request, error: Exception) -> Response:
        """An audit that can't be read: what is wrong, where, what to do."""
        assert isinstance(error, AuditError)
        lang = self._language(request)
        text = error.said(lang)
        if request.url.path.startswith("/state/"):
            return _problem(text, HTTPStatus.SERVICE_UNAVAILABLE)
        return HTMLResponse(page_of_problem(text, lang), HTTPStatus.SERVICE_UNAVAILABLE)

    def _not_found(self, request: Request) -> Response:
        lang = self._language(request)
        text = Text("没有这一页", "there is no such page").said(lang)
        return HTMLResponse(page_of_problem(text, lang), HTTPStatus.NOT_FOUND)

    @property
    def _language_cookie(self) -> str:
        return f"fcim_review_lang_{self._key.port}"

    def _language(self, request: Request) -> Lang:
        """Asked for in the address, else as last time, else the audit's own."""
        for asked in (
            request.query_params.get(_LANGUAGE), request.cookies.get(self._language_cookie),
        ):  # fmt: skip
            if asked in set(Lang) and asked is not None:
                return Lang(asked)
        return self._key.lang


class _TooLong(Exception):
    """A body larger than any choice."""


async def _body(request: Request) -> bytes:
    data = bytearray()
    try:
        async for part in request.stream():
            data += part
            if len(data) > MAX_BODY:
                raise _TooLong
    except ClientDisconnect:
        return b""
    return bytes(data)


def _problem(text: str, status: HTTPStatus) -> Response:
    return JSONResponse({"problem": text}, status)
