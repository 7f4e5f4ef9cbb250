"""Messages to customers: each change of an order and the outcome of each ticket, pushed by the system."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Maker, Rows

CHANGES = {"受理": "已受理", "派工": "已派工", "开始": "已开始", "完成": "已完成", "取消": "已取消"}


def make(m: Maker) -> None:
    """The push log of the message gateway."""
    rows: Rows = []
    for event in _events(m):
        if event["环节"] in CHANGES:
            at = dt.datetime.fromisoformat(event["操作时间"]) + dt.timedelta(minutes=2)
            rows.append(
                _push(len(rows) + 1, f"您的订单{CHANGES[event['环节']]}", at, event["订单号"])
            )
    for number, (ticket, closed) in enumerate(m.tickets_closed, start=1):
        late = 40 if m.o.flawed and number == 50 else 3
        at = closed + dt.timedelta(minutes=late)
        rows.append(_push(len(rows) + 1, "您的反馈已处理完毕", at, ticket))
    m.csv("沟通/进度推送.csv", [
        "消息编号", "标题", "发布时间", "方向", "类别", "渠道", "发送范围", "发布人", "内容", "应读人数", "已读人数", "回复时间",
        "回复内容", "是否采纳", "责任人", "关联编号"], rows, "utf-8-sig")  # fmt: skip


def _push(number: int, title: str, at: dt.datetime, about: str) -> list[str | int | float | None]:
    return [f"JD{number:05}", title, f"{at:%Y-%m-%d %H:%M:%S}", "外部", "进度推送", "微信", "下单客户", "系统", title, 1, 1,
            None, None, None, None, about]  # fmt: skip


def _events(m: Maker) -> list[dict[str, str]]:
    text = (m.root / "订单" / "过程记录.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))
