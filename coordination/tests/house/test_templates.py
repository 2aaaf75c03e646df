"""What the style guide asks of templates, papers and texts."""

import re

from coordination.tests.house.source import ROOT, at, python_files, templates

FRAMEWORK = ("account/", "mfa/", "allauth/", "django/", "admin/", "400.html", "403.html", "404.html", "500.html", "socialaccount/")
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)""")


def name_of(path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def is_mail(path) -> bool:
    return "/mail/" in name_of(path)


def test_no_inline_style_or_script() -> None:
    wrong = [
        at(path, number)
        for path in templates()
        if not is_mail(path)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    ]

    assert wrong == []


def test_templates_stay_short() -> None:
    assert [name_of(path) for path in templates() if path.read_text().count("\n") > 180] == []


def test_every_template_is_used() -> None:
    texts = [path.read_text() for path in [*python_files(), *templates()]]
    everything = "\n".join(texts)
    unused = []
    for path in templates():
        name = name_of(path)
        if name.startswith(FRAMEWORK) or is_mail(path):
            continue
        used = f"<c-{path.stem}" in everything if name.startswith("cotton/") else f'"{name}"' in everything
        if not used:
            unused.append(name)

    assert unused == []


def test_each_mail_has_subject_text_and_html() -> None:
    stems = {
        re.sub(r"\.(subject\.txt|txt|html)$", "", name_of(path))
        for path in templates()
        if is_mail(path) and path.stem.split(".")[0] != "base"
    }
    wrong = [
        stem
        for stem in sorted(stems)
        for ending in (".subject.txt", ".txt", ".html")
        if not (ROOT / "templates" / f"{stem}{ending}").exists()
    ]

    assert wrong == []


def test_the_readme_names_the_two_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()

    for command in ("./run", "./test"):
        assert command in readme
        assert (ROOT / command).stat().st_mode & 0o111


def test_links_between_papers_lead_somewhere() -> None:
    wrong = []
    for paper in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", paper.read_text()):
            if "://" not in target and not (paper.parent / target).exists():
                wrong.append(f"{paper.relative_to(ROOT)}: {target}")

    assert wrong == []


def test_no_path_of_one_machine() -> None:
    pattern = re.compile(r"(^|[^A-Za-z0-9_.\-/])/(work|farm|root)/")
    wrong = [
        at(path, 1)
        for path in [*python_files(tests=True), *templates(), *ROOT.glob("docs/**/*.md"), *ROOT.glob("requirements/*.txt")]
        if pattern.search(path.read_text())
    ]

    assert wrong == []
