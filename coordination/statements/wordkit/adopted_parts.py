"""Define the template of an adopted statement's Word document.

Our own A4 template. Styles are few and named as Word names them, so that its navigation, its screen
readers and other programs know a title, a heading and a list.
"""

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}"'

CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    + "".join(
        f'<Override PartName="/word/{part}.xml"'
        f' ContentType="{OFFICE}.wordprocessingml.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("footer1", "footer"),
        )
    )
    + f'<Override PartName="/word/theme/theme1.xml" ContentType="{OFFICE}.theme+xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
# rId5 is the address of the public page
DOCUMENT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, kind, target in (
            (1, "styles", "styles.xml"),
            (2, "numbering", "numbering.xml"),
            (3, "settings", "settings.xml"),
            (4, "footer", "footer1.xml"),
            (6, "fontTable", "fontTable.xml"),
            (7, "theme", "theme/theme1.xml"),
        )
    )
    + f'<Relationship Id="rId5" Type="{RELATIONS}/hyperlink" Target="%s" TargetMode="External"/>'
    "</Relationships>"
)
FONT_TABLE = (
    f"{HEAD}<w:fonts {NAMESPACES}>"
    + "".join(
        f'<w:font w:name="{name}"><w:family w:val="{family}"/></w:font>'
        for name, family in (("Times New Roman", "roman"), ("SimSun", "auto"))
    )
    + "</w:fonts>"
)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_COLOURS = (
    *(("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "1F1F1F"), ("lt2", "EEEEEE")),
    *((f"accent{number}", "595959") for number in range(1, 7)),
    *(("hlink", "0563C1"), ("folHlink", "954F72")),
)
# no style uses it; programs that check a document look for it
THEME = (
    f'{HEAD}<a:theme xmlns:a="{_DRAWING}" name="Plain"><a:themeElements><a:clrScheme name="Plain">'
    + "".join(f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS)
    + '</a:clrScheme><a:fontScheme name="Plain">'
    + "".join(
        f'<a:{kind}Font><a:latin typeface="Times New Roman"/><a:ea typeface=""/>'
        f'<a:cs typeface=""/></a:{kind}Font>'
        for kind in ("major", "minor")
    )
    + f'</a:fontScheme><a:fmtScheme name="Plain"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
    f"<a:lnStyleLst>{f'<a:ln>{_FILL}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
    f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
    f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
SETTINGS = (
    f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
    "<w:compat>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat>%s</w:settings>'
)
# A4; margins of 2.5 cm
SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1304" w:right="1418" w:bottom="1418" w:left="1418" w:header="709"'
    ' w:footer="567" w:gutter="0"/>%s</w:sectPr>'
)
FONTS = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun"'
    ' w:cs="Times New Roman"/>'
)


def _style(name: str, style: str, paragraph: str = "", run: str = "", rest: str = "") -> str:
    """Return a paragraph style, based on Normal."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style}"{rest}><w:name w:val="{name}"/>'
        '<w:basedOn w:val="Normal"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _size(points: float) -> str:
    """Return a size of letters; Word counts half points, and complex scripts apart."""
    return f'<w:sz w:val="{int(points * 2)}"/><w:szCs w:val="{int(points * 2)}"/>'


BOLD = "<w:b/><w:bCs/>"
OWN = ' w:customStyle="1"'
STYLES = (
    f"{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{FONTS}{_size(11)}%s"
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "<w:qFormat/></w:style>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    + _style(
        "Masthead",
        "Masthead",
        '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="2" w:color="auto"/></w:pBdr>'
        '<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs><w:spacing w:after="80"/>',
        rest=OWN,
    )
    + _style(
        "Masthead Facts",
        "MastheadFacts",
        '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:left="5670"/>',
        _size(9.5),
        OWN,
    )
    + _style(
        "Title",
        "Title",
        '<w:keepNext/><w:spacing w:before="360" w:after="240" w:line="240" w:lineRule="auto"/>',
        BOLD + _size(17),
    )
    + _style(
        "heading 1",
        "Heading1",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="120"/>'
        '<w:outlineLvl w:val="0"/>',
        BOLD + _size(12.5),
    )
    + "".join(
        _style(name, name.replace(" ", ""), '<w:spacing w:after="140"/>', rest=OWN)
        for name in ("Preambular Paragraph", "Operative Paragraph", "Numbered Paragraph")
    )
    + _style("Sub Paragraph", "SubParagraph", '<w:ind w:left="1247" w:hanging="396"/>', rest=OWN)
    + _style("Table Heading", "TableHeading", '<w:keepNext/><w:spacing w:after="40"/>', BOLD, OWN)
    + _style("Table Text", "TableText", '<w:spacing w:after="40"/>', _size(10), OWN)
    + _style("Reservation", "Reservation", rest=OWN)
    + _style("Proof", "Proof", '<w:keepLines/><w:spacing w:before="280"/>', _size(9), OWN)
    + _style(
        "footer",
        "Footer",
        '<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs>'
        '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
        _size(8),
    )
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="RuledTable">'
    '<w:name w:val="Ruled Table"/><w:basedOn w:val="TableNormal"/>'
    '<w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/></w:tblBorders></w:tblPr>'
    "</w:style></w:styles>"
)
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:subject>{symbol}</dc:subject>"
    "<dc:creator>{group}</dc:creator><cp:lastModifiedBy>{group}</cp:lastModifiedBy>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
    "<dc:identifier>{address}</dc:identifier><dc:language>{language}</dc:language>"
    "</cp:coreProperties>"
)
