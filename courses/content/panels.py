"""The editor's panel for a price: compared between versions as money, not in minor units."""

from typing import Any

from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel


class PriceComparison(FieldComparison):
    def __init__(self, field: Any, before: Any, after: Any) -> None:
        super().__init__(field, before, after)
        self.val_a, self.val_b = (str(page.money or "") for page in (before, after))


class PricePanel(FieldPanel):
    def get_comparison_class(self) -> type[FieldComparison]:
        return PriceComparison
