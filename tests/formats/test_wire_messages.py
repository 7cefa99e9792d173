"""IPTC 7901, ANPA 1312 and telex: envelopes, what they state, and who a message is."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.cleaning import clean
from pipeline.errors import Poison
from pipeline.formats import anpa, iptc7901, read, telex, text
from pipeline.formats.decoding import decode
from tests.articles import HINTS, read_one

HEADLINE = "Ferry sails again =\r\n\r\n"
COPY = HEADLINE + "Arvila (kns) - The night ferry sailed on Thursday for the first time in seven\r\nyears.\r\n"


def iptc(
    copy: str = COPY,
    header: str = "eca062 4 i 96 ccccb kns 061",
    sent: str = "191634 GMT Nov 26",
    charset: str = "utf-8",
) -> bytes:
    return f"\x01{header}\r\nLethonia/Ferry/\r\n\x02{copy}\x03\r\n{sent}\r\n\x04".encode(charset)


def anpa_message(
    copy: str, first: str = "a0417\x1fhpnr-----", second: str = "r i\x13\x11 bc-boats 11-20 0118"
) -> bytes:
    return f"\x16\x16\x01{first}\r\n{second}\r\n\x02{copy}\r\n\x03\r\nHP-NY-11-20-26 1134EST\r\n\x04".encode()


def test_the_header_of_iptc_7901() -> None:
    article = read_one(iptc())
    assert (article.wire.service, article.wire.sequence, article.wire.provider) == ("eca", "062", "kns")
    assert (article.urgency, article.wire.priority_raw) == (4, "4")
    assert (article.subjects[0].uri, article.slugline) == ("category:i", "Lethonia/Ferry")
    assert [(one.role, one.value) for one in article.alt_ids] == [("agency-sequence", "kns 061")]
    assert article.version_created
    assert article.version_created.isoformat() == "2026-11-19T16:34:00+00:00"
    assert article.headlines[0].value == "Ferry sails again"


@pytest.mark.parametrize(
    ("header", "service", "sequence", "provider"),
    [
        ("bkd0417 2 wi 88  kns 0233", "bkd", "0417", "kns"),
        ("fra0412 4 pol 61 vvvvb AGL 118", "fra", "0412", "AGL"),
        ("bkn014 4 pl 171 vvvvb KNX 261119-89-00065#2", "bkn", "014", "KNX"),
        ("GLGL0123 4 I 118 /AGL-KX07", "GLGL", "0123", "AGL"),
        ("xyz1 0 s 5", "xyz", "1", None),
    ],
)
def test_headers_of_many_agencies(header: str, service: str, sequence: str, provider: str | None) -> None:
    wire = read_one(iptc(header=header)).wire
    assert (wire.format, wire.service, wire.sequence, wire.provider) == ("iptc7901", service, sequence, provider)


def test_a_revision_is_no_part_of_the_identity() -> None:
    first, second = (read_one(iptc(header=f"bkn014 4 pl 171 vvvvb KNX 261119-89-00065{end}")) for end in ("", "#2"))
    assert first.uri == second.uri
    assert second.version == "2"


def test_the_identity_is_the_number_of_the_day() -> None:
    first = read_one(iptc())
    assert read_one(iptc(sent="191801 GMT Nov 26")).uri == first.uri
    assert read_one(iptc(COPY.replace("seven", "nine"))).uri == first.uri
    assert read_one(iptc(sent="201634 GMT Nov 26")).uri != first.uri
    assert read_one(iptc(header="eca063 4 i 96 ccccb kns 062")).uri != first.uri


def test_without_a_time_the_words_are_the_identity() -> None:
    first = read_one(iptc(sent=""))
    assert read_one(iptc(sent="", header="eca099 4 i 96 ccccb kns 098")).uri == first.uri
    assert read_one(iptc(COPY.replace("seven", "nine"), sent="")).uri != first.uri


KILL = 'KILL KILL KILL =\r\n\r\nPlease kill item kns {number} "Ferry sails again".\r\n'


def test_a_kill_reaches_its_target() -> None:
    target = read_one(iptc())
    kill = clean(read_one(iptc(KILL.format(number="061"), "eca074 2 i 41 ccccb kns 073", "191702 GMT Nov 26")))
    assert kill.uri == target.uri
    assert kill.pub_status == "canceled"
    assert kill.wire.change
    assert kill.wire.change.kind == "kill"
    assert kill.wire.change.model_dump()["target"] == "kns 061"


def test_a_kill_of_yesterday_reaches_its_target() -> None:
    target = read_one(iptc(sent="182310 GMT Nov 26", header="eca162 4 i 96 ccccb kns 161"))
    kill = read_one(iptc(KILL.format(number="161"), "eca003 2 i 41 ccccb kns 002", "190012 GMT Nov 26"))
    assert kill.uri == target.uri


def test_several_messages_are_read_each_in_its_charset() -> None:
    data = b"\x7f\x7f\r\n" + iptc("Nachtfähre =\r\n\r\nArvila (kns) - Die Fähre fährt.\r\n")
    data += b"\r\n\x16\x16" + iptc("Grève =\r\n\r\nTamoura (agl) La grève est finie.\r\n", charset="latin-1")
    first, second = read(data, HINTS)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.headlines[0].value == "Nachtfähre"
    assert second.headlines[0].value == "Grève"
    assert not first.wire.warnings
    assert second.wire.warnings


def test_a_bad_message_does_not_stop_the_good_ones() -> None:
    empty = iptc(copy="\r\n \r\n")
    first, bad, last = read(iptc() + b"\r\n" + empty + b"\r\n" + iptc(sent="201634 GMT Nov 26"), HINTS)
    assert isinstance(first, Article)
    assert isinstance(bad, Poison)
    assert bad.cause == "not-an-article"
    assert "message 1" in str(bad)
    assert isinstance(last, Article)


def test_a_message_in_two_charsets_is_mended() -> None:
    data = iptc().replace(b"Ferry sails", "Fähre: ".encode() + b"\xdcberfahrt,")
    article = read_one(data)
    assert article.headlines[0].value.startswith("Fähre: Überfahrt,")
    assert article.wire.warnings


def test_control_characters_of_an_envelope_are_not_binary() -> None:
    copy = "^Table<\r\n" + "".join(f"^\x08Team {n}\x10\x10{n}\x07<\r\n" for n in range(40))
    article = clean(read_one(anpa_message("^BC-Table,40<\r\n" + copy, second="r s\x14\x12 bc-table 11-20 0040")))
    assert {block.kind for block in article.body} == {"table"}
    assert all(character.isprintable() or character in "\n\t" for character in article.text)
    with pytest.raises(Poison) as refused:
        read(b"Team \x08\x10\x10\x07\x06\x05" * 40, HINTS)
    assert refused.value.cause == "binary"


@pytest.mark.parametrize(("letter", "urgency"), [("f", 1), ("u", 2), ("b", 3), ("r", 4), ("d", 5), ("q", None)])
def test_priorities_of_anpa(letter: str, urgency: int | None) -> None:
    copy = "^BC-Boats,24<\r\n^Boats leave<\r\n\tHAVNES (HP) _ The boats left."
    article = read_one(anpa_message(copy, second=f"{letter} i\x13\x11 bc-boats 11-20 0024"))
    assert (article.urgency, article.wire.priority_raw) == (urgency, letter)
    assert (article.headlines[0].value, article.slugline) == ("Boats leave", "Boats")


def test_versions_of_one_slug_are_one_story() -> None:
    copy = "^BC-Boats{lead},24<\r\n^Boats leave<\r\n\tHAVNES (HP) _ The boats left."
    first = clean(read_one(anpa_message(copy.format(lead=""))))
    second = clean(read_one(anpa_message(copy.format(lead=", 2nd Ld-Writethru"), first="a0431\x1fhpnr-----")))
    assert first.wire.chain
    assert first.wire.chain == second.wire.chain
    assert first.uri != second.uri
    assert second.wire.change
    assert (second.wire.change.kind, second.wire.change.number) == ("update", 2)


def test_marks_are_no_text() -> None:
    article = clean(read_one(anpa_message("^BC-Boats,24<\r\n^Boats leave<\r\n\t``We have,'' he said.\r\n\tAll left.")))
    assert article.text == "“We have,” he said.\n\nAll left."


def test_telex_copy_may_be_anything() -> None:
    framed = b"ZCZC\r\n" + COPY.replace(" =", "").encode() + b"NNNN\r\n"
    article = read_one(framed)
    assert article.wire.format == "text"
    assert article.headlines[0].value == "Ferry sails again"


@pytest.mark.parametrize(
    "copy",
    [
        "Eca062 4 is a number\n\nThe ferry sailed on Thursday.",
        "AM-FM radio returns\n\nThe station is back on the air on Thursday.",
        "<3 was the message\n\nShe sent it on Thursday.",
        "^ is called a caret\n\nNobody knows why it stands here.",
        "Room 101 4 p 20 years later\n\nThe novel is read again.",
    ],
)
def test_plain_text_goes_to_the_text_reader(copy: str) -> None:
    item = decode(copy.encode())
    assert all(reader.bid(item, HINTS) == 0 for reader in (iptc7901, anpa, telex))
    assert text.bid(item, HINTS) > 0
    assert read_one(copy).wire.format == "text"


@given(
    st.binary(max_size=200),
    st.sampled_from([iptc(), anpa_message("^BC-Boats,24<\r\n^Boats leave<"), b"ZCZC ABC123 4 I 5 X\n"]),
)
def test_any_message_is_read_or_poison(noise: bytes, message: bytes) -> None:
    for place in (len(message) // 3, len(message) // 2):
        data = message[:place] + noise + message[place:]
        try:
            readings = read(data, HINTS)
        except Poison:
            continue
        for reading in readings:
            if isinstance(reading, Article):
                assert clean(reading).to_json()


@pytest.mark.parametrize("end", range(5, 150, 7))
def test_a_cut_message_is_read_or_poison(end: int) -> None:
    for message in (iptc(), anpa_message("^BC-Boats,24<\r\n^Boats leave<\r\n\tHAVNES (HP) _ The boats left.")):
        with contextlib.suppress(Poison):
            assert all(isinstance(reading, Article) for reading in read(message[:end], HINTS))


@pytest.mark.parametrize(
    "noise", ["A-" * 10_000, "\t" * 20_000, " " * 20_000, "(" * 20_000, "^" * 20_000, "A b,1 " * 4_000]
)
def test_hostile_messages_are_read(noise: str) -> None:
    for message in (noise, f"ZCZC {noise}\nNNNN", f"\x01a0417\x1fx\r\nr i {noise}\r\n\x02^{noise}<", f"\x01{noise}"):
        with contextlib.suppress(Poison):
            read(message.encode(), HINTS)
    with contextlib.suppress(Poison):
        read(iptc(noise + " =\r\n" + noise), HINTS)
