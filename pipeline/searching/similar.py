"""More like this: articles that share rare words, people and places with a given one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Query = dict[str, Any]

_TERMS = 25
"""Words of the article that are looked for, those rarest in the archive."""

_SHARE = "20%"
_KEYS = 12
_KEY_BOOST = 1.5


def clauses(query: Query, model: Mapping[str, Any]) -> dict[str, list[Query]]:
    """The clauses of a query that finds what ``query`` finds and is like ``model``, a hit, but neither that one itself
    nor a copy of it.
    """
    like = {"_index": model["_index"], "_id": model["_id"]}
    # A small archive has few words that two articles of a month share: even one counts.
    words = {"fields": ["headline", "text"], "like": [like], "max_query_terms": _TERMS, "min_term_freq": 1}
    same_words = {"more_like_this": {**words, "min_doc_freq": 1, "minimum_should_match": _SHARE}}
    source = model["_source"]
    keys = source.get("entities", {}).get("key", [])[:_KEYS]
    copies = [{"term": {"dup.clusterId": source["dup"]["clusterId"]}}] if "dup" in source else []
    return {
        "must": [query, same_words],
        "should": [{"term": {"entities.key": {"value": key, "boost": _KEY_BOOST}}} for key in keys],
        "must_not": [{"term": {"uri": source["uri"]}}, *copies],
    }
