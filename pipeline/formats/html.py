"""HTML pages: an article among all that a site puts around it.

What the page says of itself is taken from JSON-LD, then Open Graph, then Dublin Core and plain ``meta`` elements.
A page that is hardly more than its article, as agencies deliver them, is read as it stands; on others the main
text is found by trafilatura.
"""

from __future__ import annotations

import re

from lxml import html as markup

from pipeline.article import AltId, Article, Block, Headline, Subject
from pipeline.errors import Poison
from pipeline.formats.canonical import canonical
from pipeline.formats.dates import moment
from pipeline.formats.decoding import Decoded
from pipeline.formats.html_metadata import Metadata, metadata_of
from pipeline.formats.identity import content_uri
from pipeline.formats.markup import blocks_of
from pipeline.formats.xml_document import legal, refuse_crowded_tags, root_name
from pipeline.headers import Hints

_BEGINS = re.compile(
    r"[\ufeff\s]*(?:<\?xml[^>]*\?>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(r"\s*<(?:p|div|article|section|main|h[1-6]|span|table|ul|ol|br)\b[^<>]*>", re.IGNORECASE)
_AROUND = ("nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template", "iframe", "button")
_BESIDES = 0.2
"""Share of a page's words in links above which it is more than its article."""

_LEAST_OF_PAGE = 0.3
"""Share of a page's own text below which trafilatura has lost some of the article."""


def bid(item: Decoded, hints: Hints) -> float:
    """A page is known by how it begins; a fragment by its content type, or by less."""
    if _BEGINS.match(item.text):
        return 0.9
    if not _FRAGMENT.match(item.text):
        return 0.0
    return 0.8 if hints.content_type in {"text/html", "application/xhtml+xml"} or not root_name(item.text) else 0.6


def read(item: Decoded, hints: Hints) -> list[Article | Poison]:
    """The article of a page.

    Raises:
        Poison: ``not-an-article`` if it has no text, ``wrong-type``.
    """
    page = _parsed(item.text)
    said = metadata_of(page)
    text, blocks = _without_headline(*_body(page, item.text), said)
    if not any(map(str.isalnum, text)):
        raise Poison("the page has no text of an article", "feed the article's own page", cause="not-an-article")
    warnings: list[str] = []
    fields = {
        "uri": said.url or content_uri(f"{said.headline or ''}\n\n{text}"),
        "language": said.language,
        "first_created": moment(said.published, "published", warnings),
        "version_created": moment(said.modified or said.published, "modified", warnings),
        "by": said.author,
        "located": said.located,
        "copyright_notice": said.copyright,
        "headlines": [Headline(value=said.headline)] if said.headline else [],
        "subjects": [Subject(name=name, creator="provider") for name in said.subjects],
        "alt_ids": [AltId(role="identifier", value=said.identifier)] if said.identifier else [],
        "text": text,
        "body": blocks,
    }
    return [canonical(fields, {"format": "html", "provider": said.publisher, "warnings": warnings}, item, hints)]


def _parsed(text: str) -> markup.HtmlElement:
    refuse_crowded_tags(text)
    parser = markup.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        page = markup.document_fromstring(legal(text).encode(), parser=parser)
    except (markup.etree.ParserError, markup.etree.XMLSyntaxError) as broken:
        raise Poison(f"the page can't be read: {broken}", "ask its sender", cause="not-an-article") from broken
    return page


def _body(page: markup.HtmlElement, text: str) -> tuple[str, list[Block]]:
    """The main text of a page, with its blocks."""
    main = page.xpath("//*[@itemprop='articleBody'] | //article | //main") or page.xpath("//body") or [page]
    content = max(main, key=lambda element: len(element.text_content()))
    for element in list(content.iter(*_AROUND)):
        if element is not content:
            element.drop_tree()
    own = blocks_of(markup.tostring(content, encoding="unicode"))
    linked = sum(len(link.text_content()) for link in content.iter("a"))
    if linked <= _BESIDES * len(own[0]):
        return own
    import trafilatura  # 0.4 s and 28 MiB that only pages need

    found = trafilatura.extract(text, output_format="html", include_comments=False, favor_recall=True) or ""
    extracted = blocks_of(found)
    return extracted if len(extracted[0]) >= _LEAST_OF_PAGE * (len(own[0]) - linked) else own


def _without_headline(text: str, blocks: list[Block], said: Metadata) -> tuple[str, list[Block]]:
    """The body without a first heading that is the headline; it is the headline where the page states none."""
    if blocks and blocks[0].kind == "heading":
        first = text[blocks[0].start : blocks[0].end]
        if not said.headline or _words(first) == _words(said.headline) or said.headline.startswith(first):
            said.headline = said.headline if said.headline and _words(first) != _words(said.headline) else first
            blocks = blocks[1:]
    return text, blocks


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
