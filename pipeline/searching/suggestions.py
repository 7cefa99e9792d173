"""Did you mean: what to ask instead of what finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from elasticsearch import Elasticsearch

from pipeline.config import IndexingSettings
from pipeline.searching.conditions import asked
from pipeline.searching.queries import Question
from pipeline.searching.syntax import All, Condition, Either, Node, Phrase, Value, Without, Word, written

_NAMES = frozenset({"person", "org", "place", "holder", "target", "against", "favor", "neutral", "speaker"})
_FIELDS = ("text.exact", "headline.exact", "names")
_MOST = 20
"""Words that are looked up."""
_WORD = re.compile(r"\w+")


def did_you_mean(client: Elasticsearch, indexing: IndexingSettings, question: Question) -> str | None:
    """A query like one that finds nothing, with words and names as the archive spells them; None if that helps nothing.

    Words are put right by those of the whole index; what comes of it is only told if it finds what may be read, so a
    word that stands nowhere but in what may not be read is never told.
    """
    typed = question.parsed()
    words = dict.fromkeys(word for leaf in _leaves(typed) for word in _WORD.findall(leaf.text))
    corrected = _corrected(typed, _better(client, indexing, [*words][:_MOST]))
    if corrected == typed:
        return None
    query = asked(corrected, "").query
    return written(corrected) if client.count(index=indexing.articles, query=query)["count"] else None


def _leaves(node: Node) -> Iterator[Value]:
    """What may be misspelled; not what is to be left out."""
    if isinstance(node, Word | Phrase):
        yield node
    elif isinstance(node, Condition) and node.name in _NAMES:
        yield from node.values
    elif isinstance(node, All | Either):
        for one in node.nodes:
            yield from _leaves(one)


def _better(client: Elasticsearch, indexing: IndexingSettings, words: Sequence[str]) -> Mapping[str, str]:
    """Words nothing has that may be read, each with the word most like it."""
    if not words:
        return {}
    known = {word: {"multi_match": {"query": word, "fields": list(_FIELDS)}} for word in words}
    suggest = {
        f"{number} {field}": {"text": word, "term": {"field": field, "size": 1}}
        for number, word in enumerate(words)
        for field in _FIELDS
    }
    aggs = {"known": {"filters": {"filters": known}}}
    answer = client.search(index=indexing.articles, size=0, suggest=suggest, aggs=aggs)
    better = {}
    for number, word in enumerate(words):
        entries = [entry for field in _FIELDS for entry in answer["suggest"][f"{number} {field}"]]
        options = [option for entry in entries for option in entry["options"]]
        if options and not answer["aggregations"]["known"]["buckets"][word]["doc_count"]:
            best: str = max(options, key=lambda option: (option["score"], option["freq"]))["text"]
            better[word] = best.capitalize() if word[0].isupper() else best
    return better


def _corrected(node: Node, better: Mapping[str, str]) -> Node:
    """The same query with its words and names put right."""
    if isinstance(node, Word | Phrase):
        return _value(node, better)
    if isinstance(node, Condition):
        values = (_value(value, better) if node.name in _NAMES else value for value in node.values)
        return replace(node, values=tuple(values))
    if isinstance(node, Without):
        return node
    return replace(node, nodes=tuple(_corrected(one, better) for one in node.nodes))


def _value(value: Value, better: Mapping[str, str]) -> Value:
    return replace(value, text=_WORD.sub(lambda found: better.get(found[0], found[0]), value.text))
