"""Knows the command `review`: a page on this machine where an auditor judges one requirement after the other."""

from __future__ import annotations

import importlib.util
import secrets
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock, Timeout

from fcim_audit.auditfile.folder import Audit, open_audit
from fcim_audit.auditfile.schema import JUDGING
from fcim_audit.cli.audits import (
    AlsoInFolder,
    By,
    Folder,
    bench_of,
    folder_of,
    now,
    profile_of,
    speaker,
)
from fcim_audit.cli.words import message, said
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text

if TYPE_CHECKING:
    from fcim_audit.serve.desk import Desk
    from fcim_audit.serve.door import Key

EXTRA = "serve"
_LOCK = ".review-lock"
_NEEDED = ("starlette", "uvicorn")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "review",
        help=said(
            "打开只在本机可用的审核页：逐条看建议和证据，用键盘判断；填写的内容自动保留。",
            "Open a page on this machine only: proposal and evidence beside the choice, by keyboard; "
            "what is typed is kept.",
        ),
        epilog=said(
            "例：fcim-audit review 审核 --by ZL。Ctrl-C 结束，什么也不会丢。",
            "Example: fcim-audit review AUDIT --by ZL. Ctrl-C ends it; nothing is lost.",
        ),
    )(review_command)


def review_command(
    folder: Folder = None,
    also: AlsoInFolder = None,
    by: By = None,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, help=said("端口；0 由系统选", "Port; 0 lets the system choose")
        ),
    ] = 0,
    no_browser: Annotated[
        bool,
        typer.Option("--no-browser", help=said("不打开浏览器", "Do not open a browser")),
    ] = False,
) -> None:
    """Serve the review page until it is interrupted."""
    _demand_extra()
    chosen = folder_of(folder, also)
    audit = open_audit(chosen)
    member = speaker(by, audit)
    _demand_judge(audit, member)
    with _only_one(chosen), _listening(port) as listening:
        desk = _desk(audit, member)
        key = _key(audit, listening.getsockname()[1])
        message(said("审核页：", "Review page: ") + key.address)
        message(said("只在本机可用；Ctrl-C 结束", "On this machine only; Ctrl-C ends it"))
        if not no_browser:
            threading.Thread(target=webbrowser.open, args=(key.address,), daemon=True).start()
        _serve(desk, key, listening)
    message(said("已结束，判断和草稿都已保存", "Ended; judgements and drafts are kept"))


def _key(audit: Audit, port: int) -> Key:
    from fcim_audit.serve.door import Key

    return Key(port, secrets.token_urlsafe(32), audit.file.language)


def _desk(audit: Audit, member: str) -> Desk:
    from fcim_audit.serve.desk import Desk

    return Desk(audit.folder, bench_of(audit).checklist, profile_of(audit), member, now)


def _serve(desk: Desk, key: Key, listening: socket.socket) -> None:
    import uvicorn

    from fcim_audit.serve.app import application

    config = uvicorn.Config(
        application(desk, key), log_config=None, access_log=False, lifespan="off", ws="none",
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return


def _demand_extra() -> None:
    if all(importlib.util.find_spec(name) is not None for name in _NEEDED):
        return
    raise UsageError(
        Text("审核页需要附加组件", "the review page needs an extra"),
        "review",
        Text(f"运行 pip install 'fcim-audit[{EXTRA}]'", f"run pip install 'fcim-audit[{EXTRA}]'"),
    )


def _demand_judge(audit: Audit, id_: str) -> None:
    member = audit.file.member(id_)
    if member is not None and member.role in JUDGING:
        return
    role = "" if member is None else member.role
    raise UsageError(
        Text(f"{id_} 的角色是 {role}，不作判断", f"{id_} ({role}) does not judge"), "--by"
    )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One review of an audit at a time; other commands are not kept waiting by it."""
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise AuditError(
            Text("这次审核已经开着一个审核页", "a review page of this audit is open already"),
            str(folder),
            Text("用那一个，或先用 Ctrl-C 结束它", "use that one, or end it first with Ctrl-C"),
        ) from None
    except OSError as error:
        raise AuditError(
            Text(f"不能锁定：{error.strerror}", f"can't be locked: {error.strerror}"), str(folder)
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket of this machine that listens before the browser opens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        try:
            made.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(
                Text(f"端口 {port} 用不了：{error.strerror}", f"the port {port} can't be used: {error.strerror}"),
                "--port",
                Text("换一个，或不写 --port", "choose another, or leave --port out"),
            ) from error  # fmt: skip
        made.listen(64)
        yield made
