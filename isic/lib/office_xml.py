"""The XML inside office documents: who wrote them, what they would fetch. Names are recognised by their namespace, whatever their prefix."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from lxml import etree

BROKEN_XML = "Ce document est abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis recommencez."
FETCHES = (
    "Ce document va chercher un modèle ou un objet ailleurs dès qu’on l’ouvre\u00a0: détachez-le (onglet Développeur, "
    "«\u00a0Modèle de document\u00a0»), ou faites-en un PDF, puis recommencez."
)

#: Put where a name is wanted; « Normal.dotm » where a template is.
SOMEBODY, TEMPLATE = "Auteur", "Normal.dotm"

_ODF = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
#: The members that hold nothing but who, when and why, by their first element.
_PROPERTIES = re.compile(r"\{[^}]*(?:core-properties|coreProperties|custom-properties|customProperties)\}\w+")
#: The elements whose words are a name: of the Dublin Core, of OpenDocument, of Office (its own, and that of the ISO standard).
_NAMING = etree.XPath(
    "//dc:creator | //meta:creator-initials | //meta:initial-creator | //loext:sender-initials | //loext:resolved-by"
    " | //sheet:author | //iso-sheet:author | //app:Manager | //app:Company | //app:HyperlinkBase"
    " | //iso-app:Manager | //iso-app:Company | //iso-app:HyperlinkBase",
    namespaces={
        "dc": "http://purl.org/dc/elements/1.1/",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
        "sheet": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "iso-sheet": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "app": "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
        "iso-app": "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
    },
)
#: What SharePoint adds to a document that it keeps.
_SHARED = etree.XPath("//*[local-name() = 'DisplayName' or local-name() = 'AccountId']")
#: The attributes whose value is a name, in a namespace; or, without one, those of some elements.
_NAMED = frozenset({"author", "initials", "userId", "providerId", "chg-author"})
_NAMED_ON = {
    "person": ("displayName", "userId", "providerId"),
    "userInfo": ("name",),
    "header": ("userName",),
    "fileSharing": ("userName",),
    "absPath": ("url",),
}
_WITH_NAMES = etree.XPath(
    f"//*[@*[namespace-uri() and ({' or '.join(f"local-name() = '{name}'" for name in sorted(_NAMED))})]]"
    f" | //*[{' or '.join(f"local-name() = '{name}'" for name in _NAMED_ON)}]"
)
#: What is shown or asked before it is fetched.
_HARMLESS = frozenset({"hyperlink", "image", "externallinkpath", "mailmergesource"})
_LOCAL = re.compile(r"(?:file:/{2,3})?(?:[a-z]:|/?users/|/?home/)[^\n]*|[^:/\\][^:]*", re.IGNORECASE)


def without_names(member: str, content: bytes) -> bytes:
    """The same XML if nothing was to go. `member`: its name in the archive, in lower case. Raises ValidationError."""
    root = _read(content)
    changes = [*_cleaned_relations(root), *_cleaned_properties(root), *_cleaned_words(root, member)]
    changes += [change for element in _WITH_NAMES(root) for change in _cleaned_attributes(element)]
    if not changes:
        return content
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def media_types(content: bytes) -> list[str]:
    """Those of [Content_Types].xml, in lower case."""
    return [kind.lower() for kind in _read(content).xpath("//@ContentType")]


def is_locked(manifest: bytes) -> bool:
    """Whether the members of an OpenDocument are encrypted."""
    return bool(_read(manifest).xpath("//*[local-name() = 'encryption-data']"))


def _read(content: bytes) -> etree._Element:
    """Neither entities nor files nor network; no document of office software declares its own type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValidationError(BROKEN_XML) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValidationError(BROKEN_XML)
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _cleaned_properties(root: etree._Element) -> Iterator[str]:
    if _PROPERTIES.fullmatch(root.tag):
        yield from _emptied(root)
    elif root.tag == f"{{{_ODF}}}document-meta":
        for meta in root:
            yield from _emptied(meta)


def _emptied(element: etree._Element) -> Iterator[str]:
    if len(element):
        element[:] = []
        yield element.tag


def _cleaned_words(root: etree._Element, member: str) -> Iterator[str]:
    for element in [*_NAMING(root), *(_SHARED(root) if member.startswith("customxml/") else ())]:
        if element.text:
            element.text = ""
            yield element.tag


def _cleaned_attributes(element: etree._Element) -> Iterator[str]:
    named_here = _NAMED_ON.get(_local(element.tag), ())
    for name in element.keys():  # noqa: SIM118 - an element is a list of its children
        if name in named_here or (name.startswith("{") and _local(name) in _NAMED):
            element.set(name, SOMEBODY if name != "url" else "")
            yield name


def _cleaned_relations(root: etree._Element) -> Iterator[str]:
    """What would be fetched from elsewhere is refused; a template on somebody's own disk loses its folder."""
    for one in root.iterchildren(f"{{{_RELATIONS}}}Relationship"):
        if str(one.get("TargetMode")).lower() != "external":
            continue
        kind, target = one.get("Type", "").rpartition("/")[2].lower(), one.get("Target", "").strip()
        if kind not in _HARMLESS and not _LOCAL.fullmatch(target):
            raise ValidationError(FETCHES)
        if kind == "attachedtemplate" and target != TEMPLATE:
            one.set("Target", TEMPLATE)
            yield target
