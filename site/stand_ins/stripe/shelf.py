"""Where the test server keeps its records: in memory, or in a file that outlives it."""

import json
import secrets
import string
from copy import deepcopy
from pathlib import Path

from stand_ins.stripe.answers import Record

SIGNS = string.ascii_letters + string.digits
PREFIXES = {
    "checkout.session": ("cs_test_a1", 58),
    "payment_intent": ("pi_3", 23),
    "charge": ("ch_3", 23),
    "refund": ("re_3", 23),
    "dispute": ("dp_1", 23),
    "invoice": ("in_1", 23),
    "event": ("evt_1", 23),
    "balance_transaction": ("txn_3", 23),
    "payment_method": ("pm_1", 23),
    "promotion_code": ("promo_1", 23),
    "request": ("req_", 14),
}


def new_id(name: str) -> str:
    prefix, length = PREFIXES[name]
    return prefix + "".join(secrets.choice(SIGNS) for _ in range(length))


class Shelf:
    """Records by the name of their object and by id, oldest first; what is taken or put is a copy.

    Not safe for threads by itself; the server holds its lock around it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.tables: dict[str, dict[str, Record]] = {}
        self.changed = False
        if path and path.exists():
            self.tables = json.loads(path.read_text(encoding="utf-8"))

    def get(self, name: str, identifier: str) -> Record | None:
        return deepcopy(self.tables.get(name, {}).get(identifier))

    def all(self, name: str) -> list[Record]:
        return deepcopy(list(self.tables.get(name, {}).values()))

    def put(self, name: str, record: Record) -> None:
        self.tables.setdefault(name, {})[record["id"]] = deepcopy(record)
        self.changed = True

    def remove(self, name: str, identifier: str) -> None:
        if self.tables.get(name, {}).pop(identifier, None):
            self.changed = True

    def save(self) -> None:
        """Another file first: a process killed meanwhile keeps the old one."""
        if self.changed and self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_name(f"{self.path.name}.new")
            new.write_text(json.dumps(self.tables), encoding="utf-8")
            new.replace(self.path)
        self.changed = False
