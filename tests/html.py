"""A strict look at each HTML answer: what a browser forgives, and a person then meets."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
#: SVG shapes that close themselves.
SHAPES = {"use", "path", "rect", "line", "circle", "polyline", "polygon"}


class Page(HTMLParser):
    """What is wrong with a page, as sentences in ``faults``."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.headings = 0
        self.has_root = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self._look(tag, found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID | SHAPES:
            self.faults.append(f"<{tag}/> does not close itself in HTML")
        self._look(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:] or 'nothing'} at {self.getpos()}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def _look(self, tag: str, found: dict[str, str | None]) -> None:
        self.headings += tag == "h1"
        self.has_root |= tag == "html"
        if (name := found.get("id")) is not None:
            if name in self.ids:
                self.faults.append(f"id {name!r} twice")
            self.ids.add(name)
        if tag == "form" and not (found.get("method") and "action" in found):
            self.faults.append("a form without method and action")
        if tag == "button" and "type" not in found:
            self.faults.append("a button without type")
        faults = [one for one in found if one == "style" or one.startswith("on")]
        self.faults += [f"{one}= on <{tag}>" for one in faults]
        if tag == "script" and "src" not in found:
            self.faults.append("inline script")


def check(response: TestResponse, *, is_fragment: bool) -> None:
    """Fail on a page or a fragment that is not what it should be. Redirects are not looked at."""
    if response.mimetype != "text/html" or response.status_code // 100 == 3 or not response.data:
        return
    page = Page()
    page.feed(response.text)
    page.close()
    faults = page.faults + [f"<{tag}> is not closed" for tag in page.open]
    if page.has_root and page.headings != 1:
        faults.append(f"{page.headings} h1")
    if is_fragment and page.has_root:
        faults.append("a whole page where a fragment was asked for")
    assert faults == [], f"{response.request.path}: {faults}"
