"""Knows the options that several commands share, in the language of this run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cli.words import said

PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        help=said("加密文件的打开密码，每行一个", "Passwords of encrypted files, one a line"),
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--pseudonymise",
        metavar="KEYFILE",
        help=said(
            "用此密钥把人名、电话、证件号换成带密钥的哈希",
            "Put keyed hashes in place of names, phones and ID numbers",
        ),
    ),
]
