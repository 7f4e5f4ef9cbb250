"""Serves a review on a real port of this machine, for a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from fcim_audit.language import Lang
from fcim_audit.serve.app import application
from fcim_audit.serve.door import Key
from tests.serve.audits import desk


@contextmanager
def serving(folder: Path) -> Iterator[Key]:
    """The review by ZL, as the command serves it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        key = Key(listening.getsockname()[1], "right-token", Lang.EN)
        config = uvicorn.Config(application(desk(folder), key), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield key
        finally:
            server.should_exit = True
            thread.join()
