"""Tables for spaCy's rule lemmatizer: the public English ones, and what a treebank adds to them.

The public tables (spacy-lookups-data) know the open word classes by WordNet. A treebank adds the closed classes
("n't" is "not"), its own conventions, and the irregular forms the public tables lack.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from spacy.lang.en import English, EnglishLemmatizer
from spacy.lookups import Lookups, load_lookups
from spacy.tokens import Doc, Token

_TABLES = ["lemma_rules", "lemma_exc", "lemma_index"]


def lemmatizer_tables(gold: Iterable[Doc]) -> Lookups:
    """The tables of a rule lemmatizer for English.

    Args:
        gold: documents with UPOS tags, morphology and lemmas.

    Returns:
        ``lemma_rules``, ``lemma_index`` and ``lemma_exc``, by the lower-case UPOS tag. Wherever the bare rules miss a
        form's most frequent gold lemma, that lemma is its exception. The rules lower-case an unknown form only
        in a word class without any table, so a class that gets its first table here lists every form.
    """
    tables = load_lookups("en", _TABLES)
    rules = EnglishLemmatizer(English().vocab, model=None, mode="rule")
    rules.initialize(lookups=tables)
    public = {pos for pos in _word_classes() if any(tables.get_table(name).get(pos) for name in _TABLES)}
    lemmas: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    guesses: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for token in (token for doc in gold for token in doc if _inflects(token, rules)):
        key = (token.pos_.lower(), token.lower_)
        lemmas[key][token.lemma_] += 1
        guesses[key].add(rules.rule_lemmatize(token)[0])
    exceptions = {pos: dict(tables.get_table("lemma_exc").get(pos, {})) for pos in _word_classes()}
    for (pos, form), counts in lemmas.items():
        lemma = min(counts, key=lambda lemma: (-counts[lemma], lemma))
        listed = pos not in public and pos != "propn"
        if listed or guesses[pos, form] != {lemma}:
            exceptions[pos][form] = [lemma]
    if "propn" in exceptions:
        exceptions["propn"] = {form: lemma for form, lemma in exceptions["propn"].items() if lemma[0].lower() != form}
    tables.remove_table("lemma_exc")
    tables.add_table("lemma_exc", {pos: listed for pos, listed in exceptions.items() if listed})
    return tables


def _inflects(token: Token, rules: EnglishLemmatizer) -> bool:
    """Whether the rules look the token up at all: a base form is lower-cased and done."""
    return bool(token.pos_ and token.lemma_) and token.pos_ != "SPACE" and not rules.is_base_form(token)


def _word_classes() -> tuple[str, ...]:
    return (
        *("adj", "adp", "adv", "aux", "cconj", "det", "intj", "noun", "num"),
        *("part", "pron", "propn", "punct", "sconj", "sym", "verb", "x"),
    )
