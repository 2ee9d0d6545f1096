"""XML of others, read without following anything it names: no entities, no network, no document type, no endless tree."""

from collections.abc import Iterator

from lxml import etree

from trialwright.exchange.errors import refuse

LARGEST_BYTES = 50 * 1024 * 1024
MOST_ELEMENTS = 500_000
_NAMESPACES = {
    "http://www.cdisc.org/ns/odm/v1.3": "1.3",
    "http://www.cdisc.org/ns/odm/v1.2": "1.3",
    "http://www.cdisc.org/ns/odm/v2.0": "2.0",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(content: bytes, *, name: str) -> tuple[etree._Element, str]:
    """Give the root of an ODM document and its version, "1.3" or "2.0". Raises: ExchangeError."""
    if len(content) > LARGEST_BYTES:
        raise refuse("too_large", file=name, found=len(content) // 1024 // 1024, expected=LARGEST_BYTES // 1024 // 1024)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse("xml", file=name, found=error) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse("xml_doctype", file=name)
    kind = etree.QName(root)
    if kind.localname != "ODM" or kind.namespace not in _NAMESPACES:
        raise refuse("odm_root", file=name, found=root.tag)
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise refuse("odm_many", file=name, expected=MOST_ELEMENTS)
    return root, _NAMESPACES[kind.namespace]


def children(element: etree._Element | None, *path: str) -> Iterator[etree._Element]:
    """The elements below, by local names, whatever the prefix."""
    if element is None:
        return
    if not path:
        yield element
        return
    for one in element:
        if isinstance(one.tag, str) and etree.QName(one).localname == path[0]:
            yield from children(one, *path[1:])


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    return next(children(element, *path), None)
