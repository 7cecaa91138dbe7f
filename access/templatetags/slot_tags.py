"""The template tag for a slot: the only place of a page that may speak of the learner who looks at it."""

from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe

from access.sessions import visitor

register = template.Library()


@register.tag
def slot(parser: Parser, token: Token) -> "SlotNode":
    """`{% slot "account" %}…{% endslot %}`: within it, `learner` is who is signed in, or None.

    All other bytes of a page are the same for everyone who may read it. So the comments around a slot say where that
    ends, to `tests/test_slots.py` and to whoever keeps the rest.
    """
    _, name = token.split_contents()
    inside = parser.parse(["endslot"])
    parser.delete_first_token()
    return SlotNode(name.strip("\"'"), inside)


class SlotNode(Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        request: Any = getattr(context, "request", None) or context.get("request")
        with context.push(request=request, learner=visitor.learner(request) if request else None):
            inside = self.nodelist.render(context)
        return mark_safe(f"<!--slot {self.name}-->{inside}<!--/slot-->")
