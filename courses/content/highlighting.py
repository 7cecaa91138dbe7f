"""Syntax highlighting of code, on the server: classes only, everything else escaped."""

from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# What the editor may choose from: Pygments' name, and ours.
LANGUAGES = [
    ("text", "Plain text"),
    ("bash", "Shell"),
    ("c", "C"),
    ("css", "CSS"),
    ("diff", "Diff"),
    ("docker", "Dockerfile"),
    ("go", "Go"),
    ("html", "HTML"),
    ("html+django", "Django template"),
    ("http", "HTTP"),
    ("ini", "INI"),
    ("java", "Java"),
    ("javascript", "JavaScript"),
    ("json", "JSON"),
    ("make", "Makefile"),
    ("nginx", "nginx"),
    ("php", "PHP"),
    ("python", "Python"),
    ("pycon", "Python session"),
    ("rust", "Rust"),
    ("sql", "SQL"),
    ("toml", "TOML"),
    ("typescript", "TypeScript"),
    ("xml", "XML"),
    ("yaml", "YAML"),
    ("zone", "DNS zone"),
]
LABELS = dict(LANGUAGES)


def mark(code: str, *, language: str) -> SafeString:
    lexer = get_lexer_by_name(language if language in LABELS else "text", stripnl=False)
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    return mark_safe(highlight(code, lexer, formatter))  # Pygments escapes what it is given
