from __future__ import annotations

import pytest

from pipeline.indexing.fingerprint import LEAST_WORDS, MOST_WORDS, Fingerprint, Signature, kinship, share
from tests.indexing.copies import CHESS, FERRY, REWRITTEN, copy

LONGEST = "one more word of many "


def signature(paragraphs: list[str]) -> Signature:
    found = Fingerprint.of(copy("urn:a", paragraphs)).signature
    assert found
    return found


@pytest.mark.parametrize(
    "printed",
    [
        FERRY,
        [one.upper().replace("“", '"').replace("”", '"') for one in FERRY],
        [one.replace("Skell", "Skéll").replace(",", "") for one in FERRY],
        FERRY[::-1],
        FERRY[:3],
        [*FERRY[:2], "Rivals offered to help.", *FERRY[2:]],
        ["SKELL (Kestrel) - " + FERRY[0], *FERRY[1:], "(Reporting by Ada Lamont)"],
    ],
)
def test_a_reprint_may_have_other_marks_less_at_the_end_and_a_line_of_its_own(printed: list[str]) -> None:
    assert kinship(signature(FERRY), signature(printed)) == kinship(signature(printed), signature(FERRY)) == "reprint"


def test_a_rewrite_shares_half_and_another_story_nothing() -> None:
    assert kinship(signature(FERRY), signature(REWRITTEN)) == "rewrite"
    assert kinship(signature(FERRY), signature(CHESS)) is None
    assert share(signature(FERRY), signature(CHESS)) < 0.05


def test_the_hash_is_of_the_words_only() -> None:
    plain, shouted = (Fingerprint.of(copy("urn:a", text)) for text in (FERRY, [one.upper() + "!" for one in FERRY]))
    assert plain.content_hash == shouted.content_hash
    assert plain.content_hash != Fingerprint.of(copy("urn:a", FERRY[:3])).content_hash


def test_what_is_too_little_a_table_or_a_test_is_not_compared() -> None:
    short = copy("urn:a", [" ".join(FERRY[0].split()[: LEAST_WORDS - 1]).replace("1,400", "many")])
    table = copy("urn:a", ["Arden Gas 12.40 +0.3 Kestrel Yards 7.15 -1.2"] * 12)
    drawn = copy("urn:a", FERRY, body=[{"kind": "table", "start": 0, "end": 500}])
    test = copy("urn:a", FERRY, genres=[{"name": "test or filler", "creator": "machine"}])
    assert [Fingerprint.of(one).signature for one in (short, table, drawn, test)] == [None] * 4
    assert Fingerprint.of(short).content_hash
    assert Fingerprint.of(drawn).content_hash is None


def test_what_comes_after_very_many_words_is_left_out() -> None:
    long = LONGEST * (MOST_WORDS // 5)
    assert Fingerprint.of(copy("urn:a", [long])) == Fingerprint.of(copy("urn:a", [long, *FERRY]))


def test_a_signature_is_the_same_on_every_machine() -> None:
    # It is stored: another library, seed or rule would no longer find what was indexed before.
    assert signature(FERRY).bands[:2] == ("0.29c7123c", "1.6454ce14")
