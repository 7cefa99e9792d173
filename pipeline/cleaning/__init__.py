"""Cleaning: an article as it was read to the article as a desk wants it. Never destructive.

Rules run in the order of `RULES`; each is a function of the draft. What a rule takes out of the
body is noted under its name in ``wire.cleaning`` with its offsets into the raw text. The numbers
in the rules' docstrings are those of the project's catalogue of wire conventions.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.article import Article
from pipeline.cleaning import body, chain, changes, characters, filler, language, notes, quotes, slugs, tail, takes
from pipeline.cleaning.byline import byline
from pipeline.cleaning.dateline import dateline
from pipeline.cleaning.draft import Draft
from pipeline.cleaning.embargo import embargo
from pipeline.cleaning.frame import frame

Rule = Callable[[Draft], None]

RULES: tuple[Rule, ...] = (
    characters.normalise,
    characters.teletype_quotes,
    frame,
    filler.classify,
    changes.headline_tag,
    takes.take_number,
    slugs.slug_copy,
    slugs.slug_line,
    slugs.subheadline,
    changes.lead_lines,
    changes.retraction,
    embargo,
    notes.editors_note,
    notes.reason,
    byline,
    notes.not_for_publication,
    tail.feed_tag,
    tail.time_line,
    tail.end_marks,
    tail.cross_links,
    tail.rights,
    tail.credit_lines,
    dateline,
    body.tables,
    body.bullets,
    body.repeated,
    body.subheads,
    quotes.pair,
    language.residue,
    language.detect,
    chain.story,
)


def clean(article: Article) -> Article:
    """Clean an article that was just read; pure.

    Args:
        article: its ``text`` is the raw text, its ``body`` the blocks of its format.

    Returns:
        The article with the cleaned ``text``; offsets in ``body`` and ``wire.translation`` point
        into it, those in ``wire.cleaning`` into the raw text.
    """
    draft = Draft.of(article)
    for rule in RULES:
        rule(draft)
    return draft.finished()
