"""What axe finds on a page, by the rules of WCAG 2.2 and its own best practice."""

import itertools
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ALL = {
    "runOnly": {"type": "tag", "values": RULES},
    "rules": {"target-size": {"enabled": True}},  # 24 pixels; off unless asked for
    "resultTypes": ["violations"],
    "preload": False,
}
# What a page is in the dark differs in its colours alone: all other rules would find there what they find in light.
COLOURS = ALL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Only what is wrong comes back: all that is right would take longer to tell than to find.
RUN = """([context, options]) => axe.run(context, options).then(
    ({ violations }) => violations.flatMap(
        ({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)))"""
# Painted, and with no colour half way to another.
PAINTED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(
    () => document.getAnimations()
        .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
        .forEach(animation => animation.finish()))"""
PHONE, DESK, ZOOMED = (ViewportSize(width=width, height=844) for width in (390, 1280, 320))
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {"light": ALL, "dark": COLOURS}


def violations(page: Page, *, within: str = "html", leave_out: str = "") -> list[str]:
    """What is wrong with the page as it is, on a phone and a desktop, in light and in dark; each with its HTML."""
    page.evaluate(Axe().axe_script)
    context = {"include": [within], "exclude": [leave_out] if leave_out else []}
    found = []
    for (scheme, options), size in itertools.product(SCHEMES.items(), (PHONE, DESK)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        page.evaluate(PAINTED)
        found += [f"{scheme}, {size['width']} wide, {problem}" for problem in page.evaluate(RUN, [context, options])]
    return found
