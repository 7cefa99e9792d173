"""The names of the months, as wire copy writes them in the languages of the agencies, long and short."""

from __future__ import annotations

import re
import unicodedata

_NAMES = """
january jan januar jänner jän janvier janv jan enero ene gennaio gen janeiro januari januar styczeń stycznia leden ledna
tammikuu tammikuuta január ocak siječnja;
february feb februar feber février fév fev febrero febbraio febbr fevereiro februari lutego luty února únor helmikuu
helmikuuta február şubat veljače;
march mar märz mrz mär mars marzo março maart mrt marts marca marzec března březen maaliskuu maaliskuuta március
márc mart ožujka;
april apr avril avr abril abr aprile avr kwietnia kwiecień dubna duben huhtikuu huhtikuuta április ápr nisan travnja;
may mai mayo maggio mag maio mei maj maja května květen toukokuu toukokuuta május máj mayıs svibnja;
june jun juni juin junio giugno giu junho czerwca czerwiec června červen kesäkuu kesäkuuta június jún haziran lipnja;
july jul juli juillet juil julio luglio lug julho lipca lipiec července červenec heinäkuu heinäkuuta július júl
temmuz srpnja;
august aug août aout agosto ago agustus augustus augusti sierpnia sierpień srpna srpen elokuu elokuuta augusztus
ağustos kolovoza;
september sept sep septembre septiembre setiembre settembre sett set setembro września wrzesień září syyskuu
syyskuuta szeptember szept eylül rujna;
october oct oktober okt octobre octubre ottobre ott outubro out października październik října říjen lokakuu
lokakuuta október ekim;
november nov novembre noviembre novembro listopad listopada listopadu marraskuu marraskuuta kasım studenoga;
december dec dezember dez décembre déc diciembre dic dicembre dezembro dez grudnia grudzień prosince prosinec
joulukuu joulukuuta aralık prosinca
""".split(";")


def _bare(word: str) -> str:
    """A name without case, accents and full stop."""
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


_NUMBERS = {_bare(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}

_WRITTEN = sorted({name for names in _NAMES for name in names.split()}, key=lambda name: (-len(name), name))
MONTH = f"(?:{'|'.join(map(re.escape, _WRITTEN))})"
"""A regular expression for the name of a month, without its full stop; for use without regard to case."""


def month_number(name: str) -> int | None:
    """Which month a name means, from 1 to 12; None if it is none."""
    return _NUMBERS.get(_bare(name))
