"""Pages of the admin as a browser has them."""

from html.parser import HTMLParser


class Controls(HTMLParser):
    """What the controls of a page's main form hold."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.inside = False
        self.open: str | None = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            self.inside = (known.get("id") or "").endswith("_form") and known.get("id") != "logout-form"
        if not self.inside:
            return
        name = known.get("name")
        if tag == "input" and name and known.get("type") != "submit" and (known.get("type") != "checkbox" or "checked" in known):
            self.held[name] = known.get("value") or ""
        elif tag in {"textarea", "select"}:
            self.open = name
            if "multiple" not in known:
                self.held[name] = ""
        elif tag == "option" and "selected" in known and self.open:
            self.held[self.open] = known.get("value") or ""

    def handle_endtag(self, tag):
        if tag in {"textarea", "select"}:
            self.open = None

    def handle_data(self, data):
        if self.open and self.lasttag == "textarea":
            self.held[self.open] += data


def sent_by(response):
    """Return what a browser sends for the form of an admin page as it stands."""
    reader = Controls()
    reader.feed(response.content.decode())
    return {
        name: value.removeprefix("\n") for name, value in reader.held.items() if "__prefix__" not in name and name != "csrfmiddlewaretoken"
    }
