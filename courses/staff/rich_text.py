"""The rich text widget: Wagtail's editor, with what it posts validated."""

from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea


class RichTextArea(DraftailRichTextArea):
    """Its JSON can spell half a pair of surrogates, and a page with one in it could be published but never sent."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        html: str | None = super().value_from_datadict(data, files, name)
        if html is not None:
            html.encode()  # a UnicodeEncodeError, like the errors of a JSON that is none, is a 400
        return html
