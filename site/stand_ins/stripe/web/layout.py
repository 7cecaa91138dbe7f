"""The frame of the pages that people see: first of all, that no money is taken here."""

from html import escape

from stand_ins.http import Answer

NOTICE = (
    "This is a test page and takes no money. It is served on this machine, by a server that speaks as much of Stripe’s"
    " protocol as the site uses."
)
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
.notice { padding: .75rem 1rem; background: #ffe9a8; color: #3a2c00; text-align: center; }
.alert { padding: .75rem 1rem; border: 2px solid #c62828; border-radius: .4rem; }
article { border: 1px solid #8888; border-radius: .4rem; margin: 1rem 0; padding: 0 1rem 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
label { display: block; margin-top: 1rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; }
button { font: inherit; width: 100%; margin-top: .75rem; padding: .6rem 1rem; cursor: pointer; }
button { border: 1px solid #777; border-radius: .4rem; }
.first { background: #4338ca; border-color: #4338ca; color: #fff; }
:focus-visible { outline: 3px solid #b45309; outline-offset: 2px; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def page(title: str, content: str, *, status: int = 200, alert: str = "") -> Answer:
    """A page of this content, which is HTML; title and alert are text."""
    body = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{"Error: " if alert else ""}{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header class="notice">{NOTICE}</header>
<main>
<h1>{escape(title)}</h1>
{f'<p class="alert" role="alert">{escape(alert)}</p>' if alert else ""}
{content}
</main>
</body>
</html>
"""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Answer(status, body.encode(), "text/html; charset=utf-8", headers)


def sentence(title: str, text: str, *, status: int, link: tuple[str, str] | None = None) -> Answer:
    way_on = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    return page(title, f"<p>{escape(text)}</p>{way_on}", status=status)


def facts(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>"
