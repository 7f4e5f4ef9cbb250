"""Knows the commands and puts together those that a call needs; imported after the language is chosen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from fcim_audit import __version__
from fcim_audit.cli.usage_words import in_chinese
from fcim_audit.cli.words import language, said
from fcim_audit.language import Lang

_CallError: Any = typer.BadParameter.__base__
"""What typer raises for a call that can't be read; it has no public name of its own."""
COMMANDS = {
    "evaluate": "evaluate",
    "demo": "evaluate",
    "inspect": "inspect",
    "map": "map_evidence",
    "explain": "explain",
    "template": "template",
    "signatures": "signatures",
    "trace": "trace",
    "audit": "audit",
    "finding": "finding",
    "report": "report",
    "review": "review",
    "workpaper": "workpaper",
    "compare": "compare",
    "merge": "merge",
    "checklist": "checklist",
}
"""Every command with the module that registers it: only the one that is called is imported."""


def _version(shown: bool) -> None:
    if shown:
        sys.stdout.write(f"fcim-audit {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=said("显示版本", "Show the version")
        ),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            help=said("语言：zh 或 en，可写在任何位置", "Language: zh or en, anywhere on the line"),
        ),
    ] = None,
) -> None:
    pass


def called(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; its exit code. A call that can't be read is said."""
    app = application(arguments)
    try:
        code = app(args=arguments, prog_name="fcim-audit", standalone_mode=False)
    except _CallError as error:
        if language() is Lang.ZH:
            sys.stderr.write(in_chinese(error.format_message(), error.ctx))
        else:
            error.show()
        return int(error.exit_code)
    except typer.Abort:
        sys.stderr.write(said("已取消", "Aborted!") + "\n")
        return 1
    return int(code or 0)


def application(arguments: Sequence[str] = ()) -> typer.Typer:
    """The typer application: with the command that the arguments name, or with all of them."""
    app = typer.Typer(
        name="fcim-audit",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        help=said(
            "依据检查表审核服务组织：读取证据、逐条判定、给出报告。",
            "Audit a service organisation against a checklist: read evidence, decide, report.",
        ),
        epilog=said(
            "例：fcim-audit demo · fcim-audit evaluate 证据包 --format json:结果.json。"
            "退出码：0 符合，1 有不符合，2 用法错误，3 输入不可用，4 不能下结论，70 程序缺陷，130 中断。",
            "Examples: fcim-audit demo; fcim-audit evaluate BUNDLE --format json:result.json. "
            "Exit codes: 0 conform, 1 nonconformity, 2 usage, 3 unusable input, 4 cannot conclude, "
            "70 bug, 130 interrupted.",
        ),
    )
    app.callback()(_root)
    named = COMMANDS.get(arguments[0]) if arguments else None
    for module in (named,) if named is not None else dict.fromkeys(COMMANDS.values()):
        import_module(f"fcim_audit.cli.{module}").register(app)
    return app
