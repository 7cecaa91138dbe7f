"""Which tests share what takes long to start, and so one process of `make test`."""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# By the name of their module. The marks that pytest-xdist has for this are not seen with pytest 9.2.
GROUPS = {
    "browser": [
        "test_accessibility",
        "test_admin_accessibility",
        "test_buying",
        "test_editing",
        "test_journeys",
        "test_previewing",
        "test_raw_requests",
        "test_release_journey",
        "test_review_journey",
        "test_upload_journey",
    ],
    "faults": ["test_faults", "test_money_faults"],
    "cloudinary": ["test_cloudinary_journey"],
}
# What takes longest comes first, or one process would sit over it while the other has nothing left.
LONGEST = [
    "browser",
    "tests/test_forged_requests.py",
    "tests/test_hostile.py",
    "faults",
    "cloudinary",
    "tests/test_non_interference.py",
    "tests/test_leaks.py",
    "courses/tests/test_previews.py",
    "tests/test_leaks_files.py",
    "access/tests/test_any_order.py",
    "purchases/tests/test_any_history.py",
]
OF_MODULE = {f"tests/{module}.py": group for group, modules in GROUPS.items() for module in modules}


class Grouped(LoadScopeScheduling):
    """Gives a whole group to one process, and else a whole module, which may build something for all its tests.

    The longest come first, and then those of many tests, so that what is left for the end is small.
    """

    def _assign_work_unit(self, node: Any) -> None:
        if first := next((scope for scope in LONGEST if scope in self.workqueue), None):
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> Any:
        module = nodeid.partition("::")[0]
        return OF_MODULE.get(module, module)
