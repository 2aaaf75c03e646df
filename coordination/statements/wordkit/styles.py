"""The styles and settings of our Word template.

Fonts are those that every Word has; LibreOffice has others of the same widths.
"""

from xml.sax.saxutils import quoteattr

from coordination.statements.wordkit.markup import WORD

# the styles that a reader of our files knows by their ids
TITLE, HEADING, TEXT = "Title", "Heading1", "StatementText"
COVER, END, LABEL = "CoverLine", "EndOfText", "ParagraphLabel"
COMMENT, COMMENT_MARK = "CommentText", "CommentReference"

_FONTS = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun"'
    ' w:cs="Times New Roman"/>'
)
# Word's own styles need no mark
_KINDS = {
    "Normal": ' w:default="1"',
    **dict.fromkeys((TEXT, COVER, END), ' w:customStyle="1"'),
}
_COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "595959",
    "lt2": "F2F2F2",
    **{f"accent{number}": "1F4E79" for number in range(1, 7)},
    "hlink": "0563C1",
    "folHlink": "954F72",
}
_NUMBER_WIDTH = 1134  # 2 cm: "OP 12 quater" fits


def styles(language: str, *, right_to_left: bool) -> str:
    """Return the styles, with the language of the text for all of them."""
    # Word checks spelling by one language for each group of scripts
    tag = quoteattr(language)
    other = tag if right_to_left else '"ar-SA"'
    return (
        f'<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}'
        f'<w:sz w:val="23"/><w:szCs w:val="23"/><w:lang w:val={tag} w:eastAsia={tag}'
        f" w:bidi={other}/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="150" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        f"</w:docDefaults>{_PARAGRAPH_STYLES}{_CHARACTER_STYLES}</w:styles>"
    )


def settings(*, tracked: bool) -> str:
    """Return the settings; `tracked` switches the tracking of changes on."""
    return (
        f'<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/>'
        + ("<w:trackRevisions/>" if tracked else "")
        + '<w:defaultTabStop w:val="709"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


def font_table() -> str:
    """Return the table of fonts that the styles name."""
    fonts = "".join(f'<w:font w:name="{name}"/>' for name in ("Times New Roman", "SimSun"))
    return f'<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>'


def theme() -> str:
    """Return the theme that Word offers; our styles do not use it."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items()
    )
    faces = '<a:latin typeface="Times New Roman"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Statement">'
        f'<a:themeElements><a:clrScheme name="Statement">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Statement"><a:majorFont>{faces}</a:majorFont>'
        f"<a:minorFont>{faces}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Statement"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effects * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _paragraph_style(
    identity: str, name: str, paragraph: str = "", run: str = "", *, after: str = ""
) -> str:
    """Return a paragraph style.

    `after` is the next paragraph's style, by default the same.
    """
    kind = _KINDS.get(identity, "")
    based = "" if identity == "Normal" else '<w:basedOn w:val="Normal"/>'
    following = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{identity}"><w:name w:val="{name}"/>'
        f"{based}{following}<w:qFormat/>"
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_BOLD = "<w:b/><w:bCs/>"
_GREY = '<w:color w:val="595959"/>'
_EDGE_TABS = '<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs>'

_PARAGRAPH_STYLES = "".join(
    (
        _paragraph_style("Normal", "Normal"),
        _paragraph_style(
            TITLE,
            "Title",
            '<w:keepNext/><w:spacing w:before="240" w:after="280" w:line="240" w:lineRule="auto"/>',
            _BOLD + _size(34),
            after=TEXT,
        ),
        _paragraph_style(
            HEADING,
            "heading 1",
            '<w:keepNext/><w:spacing w:before="280" w:after="120"/><w:outlineLvl w:val="0"/>',
            _BOLD + _size(25),
            after=TEXT,
        ),
        _paragraph_style(
            TEXT,
            "Statement Text",
            f'<w:tabs><w:tab w:val="left" w:pos="{_NUMBER_WIDTH}"/></w:tabs>'
            f'<w:ind w:left="{_NUMBER_WIDTH}" w:hanging="{_NUMBER_WIDTH}"/>',
        ),
        _paragraph_style(
            COVER,
            "Cover Line",
            '<w:spacing w:after="20" w:line="252" w:lineRule="auto"/>',
            _GREY + _size(20),
        ),
        _paragraph_style(
            END,
            "End Of Text",
            '<w:spacing w:before="240"/><w:jc w:val="center"/>',
            _GREY + _size(18),
        ),
        _paragraph_style(
            "Header",
            "header",
            f'{_EDGE_TABS}<w:spacing w:after="0"/>',
            _GREY + _size(18),
        ),
        _paragraph_style(
            "Footer",
            "footer",
            '<w:spacing w:after="0"/><w:jc w:val="center"/>',
            _GREY + _size(18),
        ),
        _paragraph_style(
            COMMENT,
            "annotation text",
            '<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>',
            _size(20),
        ),
    )
)
_CHARACTER_STYLES = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    f'<w:style w:type="character" w:customStyle="1" w:styleId="{LABEL}">'
    '<w:name w:val="Paragraph Label"/><w:qFormat/>'
    f"<w:rPr>{_BOLD}{_GREY}{_size(19)}</w:rPr></w:style>"
    f'<w:style w:type="character" w:styleId="{COMMENT_MARK}">'
    f'<w:name w:val="annotation reference"/><w:rPr>{_size(16)}</w:rPr></w:style>'
)
