"""Roles stated beside a name: titles before it, appositions around it, and "X is the head of Y"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.enrichment.linking.clusters import Cluster, Reference, Role
from pipeline.enrichment.linking.descriptions import Description
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.words import Words

LEADERS = frozenset({"president", "prime minister", "monarch", "leader", "chief", "chair"})
"""Offices that "the leader" may mean."""

MOST_ROLES = 50
"""Roles of one person that are kept: nobody has more."""

_COPULAS = frozenset({"is", "was", "became", "remains", "as"})
_AFTER = frozenset({",", ".", ";", ")", "—", "–", ":", "who", "”", '"', "!", "?"})


def stated_roles(
    descriptions: Sequence[Description], at: Mapping[int, Cluster], ends: Mapping[int, int], words: Words
) -> dict[int, Cluster]:
    """Give people the roles that stand beside their names; appositions become mentions.

    Args:
        descriptions: the described persons, in order.
        at: the cluster of a person's name, by the word it starts with.
        ends: where each of these names starts, by the word after it.
        words: the document's columns.

    Returns:
        Whose these descriptions are, by their head words; those that stand alone are left out.
    """
    owners: dict[int, Cluster] = {}
    starts = {start: end for end, start in ends.items()}
    for description in descriptions:
        cluster, is_mention = _owner(description, at, ends, starts, words)
        if cluster is None:
            continue
        note_role(cluster, description)
        owners[description.head] = cluster
        if is_mention:
            cluster.add(Reference(description.start, description.end, description.head, "nominal"))
    return owners


def note_role(cluster: Cluster, description: Description) -> None:
    """What a description says of a person."""
    if len(cluster.roles) < MOST_ROLES and description.role not in cluster.roles:
        cluster.roles.append(description.role)
    cluster.gender = cluster.gender or description.gender
    if description.role.office != "counterpart" or cluster.country is None:
        cluster.country = cluster.country or description.role.country


def _owner(
    description: Description,
    at: Mapping[int, Cluster],
    ends: Mapping[int, int],
    starts: Mapping[int, int],
    words: Words,
) -> tuple[Cluster | None, bool]:
    """Whose description it is, by where it stands, and whether it is a mention of its own."""
    start, end = description.start, description.end
    if end in at and words.block[end] == words.block[start]:
        return at[end], False
    text, lower = words.text, words.lower
    before = _name_before(start, ends, words)
    if before is not None and before in at and _closes(end, words):
        return at[before], True
    if end + 1 in at and text[end] == "," and words.block[end + 1] == words.block[start]:
        after = starts.get(end + 1, end + 2)
        if _closes(after, words) and description.determiner != "a":
            return at[end + 1], True
    if start and lower[start - 1] in _COPULAS and start - 1 in ends:
        return at.get(ends[start - 1]), True
    return None, False


def _name_before(start: int, ends: Mapping[int, int], words: Words) -> int | None:
    """Where the name starts that an apposition follows: "X, ", "X, 45, " or "X (the ...)"."""
    if start < 2 or words.text[start - 1] not in {",", "(", "—", "–"}:
        return None
    comma = start - 1
    if words.text[comma - 1].isdigit() and comma > 2 and words.text[comma - 2] == ",":
        comma -= 2
    return ends.get(comma)


def _closes(end: int, words: Words) -> bool:
    return end >= len(words) or words.text[end] in _AFTER or words.block[end] != words.block[end - 1]


def compatible(one: Role, other: Role) -> bool:
    """Whether two roles may be of one person."""
    if one.country and other.country and one.country != other.country:
        return False
    if one.portfolios and other.portfolios and not one.portfolios & other.portfolios:
        return False
    return not (one.former and not other.former)


def matches(one: Role, other: Role) -> bool:
    """Whether a person known by one role may be described by another: offices too are the same."""
    if not compatible(one, other):
        return False
    offices = {one.office, other.office}
    if len(offices) == 1 or "counterpart" in offices:
        return True
    return "leader" in offices and offices <= LEADERS


def excludes(known: Sequence[Role], role: Role) -> bool:
    """Whether what is known of a person rules a role out: another office, another country, another field."""
    offices = frozenset(tables().offices.values())
    for other in known:
        if not compatible(role, other) or (other.country and role.country and other.country != role.country):
            return True
        if role.office in offices and other.office in offices and not matches(role, other):
            return True
    return False


def _says_less(role: Role, roles: Sequence[Role]) -> bool:
    """Whether another role says all that this one does: "minister" beside "head of Ukrainian diplomacy"."""
    if role.office == "counterpart":
        return any(other.office in tables().offices and other.country == role.country for other in roles)
    bare = not (role.country or role.portfolios or role.qualifiers)
    return bare and any(other.office == role.office and (other.country or other.qualifiers) for other in roles)


def role_texts(roles: Sequence[Role]) -> list[str]:
    """The roles as an editor reads them: longest forms, each once, without courtesies."""
    known = tables()
    told = [role for role in roles if not _says_less(role, roles)]
    texts = list(dict.fromkeys(role.text for role in told if role.text.lower().rstrip(".") not in known.courtesies))
    content = {text: frozenset(text.casefold().replace("’s", "").replace("'s", "").split()) for text in texts}
    kept: list[str] = []
    for text in texts:
        longer = (other for other in texts if content[text] < content[other])
        same = (other for other in kept if content[text] == content[other])
        if not any(longer) and not any(same):
            kept.append(text)
    return kept
