"""LibreOffice without a window: another program's opinion on Word files."""

import os
import re
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

SOFFICE = shutil.which("soffice") or "/usr/bin/soffice"

# accepts and rejects the changes of each file, and says how many there were before and after
ORACLE = """
Sub Judge(folder As String)
  Dim names(2000), name As String, count As Integer, i As Integer
  name = Dir(folder & "/*.docx")
  Do While name <> ""
    names(count) = name
    count = count + 1
    name = Dir()
  Loop
  For i = 0 To count - 1
    SaveAs folder, names(i), "accepted", ".uno:AcceptAllTrackedChanges"
    SaveAs folder, names(i), "rejected", ".uno:RejectAllTrackedChanges"
  Next
  StarDesktop.terminate()
End Sub

Sub SaveAs(folder As String, name As String, ending As String, command As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim kept(1) As New com.sun.star.beans.PropertyValue
  Dim opened, dispatcher, counts, before As Long
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  opened = StarDesktop.loadComponentFromURL(ConvertToURL(folder & "/" & name), "_blank", 0, hidden())
  before = Changes(opened)
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  dispatcher.executeDispatch(opened.CurrentController.Frame, command, "", 0, Array())
  counts = FreeFile
  Open folder & "/counts" For Append As #counts
  Print #counts, name & " " & ending & " " & before & " " & Changes(opened)
  Close #counts
  kept(0).Name = "FilterName"
  kept(0).Value = "Text (encoded)"
  kept(1).Name = "FilterOptions"
  kept(1).Value = "UTF8,LF"
  opened.storeToURL(ConvertToURL(folder & "/" & name & "." & ending), kept())
  opened.close(True)
End Sub

Function Changes(opened) As Long
  Dim redlines, count As Long
  redlines = opened.Redlines.createEnumeration()
  Do While redlines.hasMoreElements()
    redlines.nextElement()
    count = count + 1
  Loop
  Changes = count
End Function
"""
# replaces words under the name of a person, tracked or not, and saves the file for Word
EDITOR = """
Dim opened As Object

Sub EditFile(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim kept(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  opened = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  {steps}
  kept(0).Name = "FilterName"
  kept(0).Value = "MS Word 2007 XML"
  opened.storeToURL(ConvertToURL(target), kept())
  opened.close(True)
  StarDesktop.terminate()
End Sub

Sub Change(given As String, family As String, old As String, fresh As String, tracked As Boolean)
  Dim where(0) As New com.sun.star.beans.PropertyValue
  Dim provider, profile, search, found
  provider = createUnoService("com.sun.star.configuration.ConfigurationProvider")
  where(0).Name = "nodepath"
  where(0).Value = "/org.openoffice.UserProfile/Data"
  profile = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", where())
  profile.givenname = given
  profile.sn = family
  profile.commitChanges()
  opened.RecordChanges = tracked
  search = opened.createSearchDescriptor()
  search.SearchString = old
  search.SearchCaseSensitive = True
  found = opened.findFirst(search)
  found.setString(fresh)
End Sub
"""
DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {0}:{1} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'


def run(profile: Path, *arguments: object) -> None:
    """Run LibreOffice with a profile of its own, to its end."""
    command = [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", *map(str, arguments)]  # fmt: skip
    # soffice starts the program itself as its child, which would outlive it
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert process.wait(timeout=100) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def basic(profile: Path, code: str, call: str) -> None:
    """Run a procedure of a program in LibreOffice's Basic."""
    # the first start copies a profile over what stands there
    run(profile, "--terminate_after_init")
    library = profile / "user" / "basic" / "Standard"
    (library / "script.xlb").write_text(
        DOCTYPE.format("library", "library")
        + '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false"><library:element library:name="Oracle"/>'
        "</library:library>"
    )
    (library / "Oracle.xba").write_text(
        DOCTYPE.format("script", "module")
        + '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Oracle"'
        f' script:language="StarBasic">{escape(code)}</script:module>'
    )
    run(profile, f"macro:///Standard.Oracle.{call}")


def judge(folder: Path, profile: Path) -> dict[tuple[str, str], tuple[int, int, str]]:
    """Return, by file and answer, the changes before and after it, and the text of the file then.

    All in one process. The files must have no comments: LibreOffice 7.4 fails on these without a window.
    """
    basic(profile, ORACLE, f'Judge("{folder}")')
    answers = {}
    for line in (folder / "counts").read_text().splitlines():
        name, answer, before, after = line.split()
        text = (folder / f"{name}.{answer}").read_text(encoding="utf-8-sig")
        answers[name, answer] = int(before), int(after), text
    return answers


def without_comments(document: Path, copy: Path) -> None:
    """Write a copy of a .docx without its comments."""
    with zipfile.ZipFile(document) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("document.xml"):
                part = re.sub(rb"<w:comment(RangeStart|RangeEnd|Reference)\b[^>]*/>", b"", part)
            if name.endswith((".rels", "[Content_Types].xml")):
                part = re.sub(rb"<(Relationship|Override)\b[^>]*/comments[^>]*/>", b"", part)
            if not name.endswith("comments.xml"):
                new.writestr(name, part)


def annotations(documents: list[Path], profile: Path) -> list[list[tuple[str, str]]]:
    """Return the author and text of each comment that LibreOffice reads, in order, by file."""
    folder = profile.parent / "flat"
    run(profile, "--convert-to", "fodt", "--outdir", folder, *documents)
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
    }
    found = []
    for document in documents:
        root = etree.parse(folder / f"{document.stem}.fodt").getroot()
        found.append(
            [
                (each.findtext("dc:creator", "", spaces), " ".join("".join(part.itertext()) for part in each if part.tag.endswith("}p")))
                for each in root.iter(f"{{{spaces['office']}}}annotation")
            ]
        )  # fmt: skip
    return found


def converted(sent: Path, saved: Path, ending: str, profile: Path) -> None:
    """Load each Word file of a folder and save it in another one, all in one process."""
    run(profile, "--convert-to", ending, "--outdir", saved, *sorted(sent.glob("*.docx")))


def edited(
    source: Path, target: Path, changes: list[tuple[str, str, str, bool]], profile: Path
) -> None:
    """Replace words in a Word file: each change has an author, the words, the new ones, and whether it is tracked."""
    steps = []
    for author, old, new, tracked in changes:
        given, family = author.split(" ")
        steps.append(f'Change "{given}", "{family}", "{old}", "{new}", {tracked}')
    basic(profile, EDITOR.format(steps="\n  ".join(steps)), f'EditFile("{source}","{target}")')
