"""Forms as a browser has them: of a page of the admin, or of any page."""

from html.parser import HTMLParser


class Controls(HTMLParser):
    """What the controls of a form hold: of the one that is sent to `action`, else of the main one of a page of the admin."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.held: dict[str, str] = {}
        self.inside = False
        self.open: str | None = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            of_admin = (known.get("id") or "").endswith("_form") and known.get(
                "id"
            ) != "logout-form"
            self.inside = known.get("action") == self.action if self.action else of_admin
        if not self.inside:
            return
        name = known.get("name")
        ticked = known.get("type") in {"checkbox", "radio"}
        if (
            tag == "input"
            and name
            and known.get("type") != "submit"
            and (not ticked or "checked" in known)
        ):
            # a box without a value sends "on", one with an empty value sends that
            self.held[name] = known.get("value", "on" if ticked else "") or ""
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


def sent_by(response, action=""):
    """Return what a browser sends for the form of a page as it stands: the one to `action`, else that of a page of the admin."""
    reader = Controls(action)
    reader.feed(response.content.decode())
    return {
        name: value.removeprefix("\n")
        for name, value in reader.held.items()
        if "__prefix__" not in name and name != "csrfmiddlewaretoken"
    }


class EveryForm(Controls):
    """What each form of a page holds, in their order."""

    def __init__(self) -> None:
        super().__init__("")
        self.forms: list[dict[str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "form":
            self.held = {}
            self.forms.append(self.held)
        else:
            self.inside = bool(self.forms)
            super().handle_starttag(tag, attrs)


def sent_by_form_with(response, name):
    """Return what a browser sends for the first form of a page that has a control of that name."""
    reader = EveryForm()
    reader.feed(response.content.decode())
    held = next(form for form in reader.forms if name in form)
    return {
        field: value.removeprefix("\n")
        for field, value in held.items()
        if field != "csrfmiddlewaretoken"
    }
