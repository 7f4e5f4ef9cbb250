"""Small stories that checks are told in these tests: datasets and rows in plain sight."""

from __future__ import annotations

from tests.workbench import at, dataset

TICKETS = dataset(
    "tickets",
    {
        "id": "text",
        "created": "datetime",
        "answered": "datetime",
        "done": "bool",
        "theme": "enum:leak,outage",
        "good": "int",
        "all": "int",
        "score": "number",
        "owner": "text",
    },
    time="created",
)
DOCUMENTS = dataset(
    "document_register",
    {
        "id": "text",
        "type": "enum:policy,scope",
        "approver": "text",
        "approved_at": "datetime",
        "status": "enum:in_force,draft",
        "effective_on": "date",
        "review_due": "date",
    },
)
MARCH = at("03-01 09:00")


def ticket(number: int, **facts: object) -> dict[str, object]:
    """A ticket of 1 March 2025, 9:00."""
    return {"id": f"T{number}", "created": MARCH, **facts}


def tickets(count: int, **facts: object) -> list[dict[str, object]]:
    """Several tickets alike."""
    return [ticket(number, **facts) for number in range(1, count + 1)]
