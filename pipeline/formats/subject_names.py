"""English names of IPTC's subject codes: the seventeen subjects, and the matters below them.

A code has eight digits: two of the subject, three of the matter, three of the detail. Matters are numbered from 001.
Facts of IPTC's vocabularies `subjectcode` and `mediatopic`, which share the codes of the seventeen.
"""

from __future__ import annotations

_SUBJECTS = """
01 arts, culture and entertainment: archaeology / architecture / bullfighting / festive event / cinema / dance /
   fashion / language / library and museum / literature / music / painting / photography / radio / sculpture /
   television / theatre / monument and heritage site / customs and tradition / arts / entertainment / culture /
   nightclub / cartoon / animation / mass media / internet / history
02 crime, law and justice: crime / judiciary / police / punishment / prison / laws / justice and rights / trials /
   prosecution / organised crime / international law / corporate crime / war crime / inquest / inquiry / tribunal
03 disaster and accident: drought / earthquake / famine / fire / flood / industrial accident / meteorological disaster
   / nuclear accident / pollution / transport accident / volcanic eruption / relief and aid organisation / accident /
   emergency incident / disaster / emergency planning / rescue
04 economy, business and finance: agriculture / chemicals / computing and information technology / construction and
   property / energy and resource / financial and business service / consumer goods / macro economics / market and
   exchange / media / manufacturing and engineering / metal and mineral / process industry / tourism and leisure /
   transport / company information / economy / business / finance
05 education: adult education / further education / parent organisation / preschool / school / teachers union /
   university
06 environmental issue: renewable energy / conservation / energy saving / environmental politics / environmental
   pollution / natural resources / nature / population / waste / water / global warming
07 health: disease / epidemic and plague / health treatment / health organisation / medical research / medical staff /
   medicine / preventative medicine / injury / hospital and clinic
08 human interest: animal / curiosity / people / mystery / society / award and prize / imperial and royal matters
09 labour: apprentices / collective contract / employment / labour dispute / labour legislation / retirement /
   retraining / strike / unemployment / unions / wage and pension / work relations / health and safety at work
10 lifestyle and leisure: game / gaming and lottery / gastronomy / hobby / holiday or vacation / tourism / travel and
   commuting / club and association
11 politics: defence / diplomacy / election / espionage and intelligence / foreign aid / government / human rights /
   local authority / parliament / parties and movements / refugee / regional authority / state budget and tax / treaty
   and international organisation / constitution / interior policy / migration / citizens initiative and recall /
   referenda / nuclear policy / lobbying / regulatory policy and organisation / censorship / politics
12 religion and belief: cult and sect / belief / freemasonry / religion
13 science and technology: applied science / engineering / human science / natural science / philosophical science /
   research / scientific exploration / space programme / science / technology / standards / animal science
14 social issue: addiction / charity / demographics / disabled / euthanasia / family / family planning / health
   insurance / homelessness / minority group / pornography / poverty / prostitution / racism / welfare / abortion /
   missing person / long term care / juvenile delinquency / nuclear radiation victims / slavery
15 sport: aero and aviation sport / alpine skiing / American football / archery / athletics, track and field /
   badminton / baseball / basketball / biathlon / billiards, snooker and pool / bobsleigh / bowling / bowls and
   petanque / boxing / canoeing and kayaking / climbing / cricket / curling / cycling / dancing / diving / equestrian
   / fencing / field hockey / figure skating / freestyle skiing / golf / gymnastics / handball / horse racing, harness
   racing / ice hockey / jai alai / judo / karate / lacrosse / luge / marathon / modern pentathlon / motor racing /
   motor rallying / motorcycling / netball / nordic skiing / orienteering / polo / power boating / rowing / rugby
   league / rugby union / sailing / shooting / ski jumping / snow boarding / soccer / softball / speed skating /
   speedway / sports organisations / squash / sumo wrestling / surfing / swimming / table tennis / taekwon-do / tennis
   / triathlon / volleyball / water polo / water skiing / weightlifting / windsurfing / wrestling / sports event
16 unrest, conflicts and war: act of terror / armed conflict / civil unrest / coup d'etat / guerrilla activities /
   massacre / riots / violent demonstrations / war / conflict / crisis / weaponry
17 weather: forecast / global change / report / statistic / warning
"""


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for line in _SUBJECTS.replace("\n   ", " ").strip().split("\n"):
        subject, _, matters = line.partition(": ")
        number, _, name = subject.partition(" ")
        names[f"{number}000000"] = name
        names |= {f"{number}{place:03}000": matter for place, matter in enumerate(matters.split(" / "), start=1)}
    return names


_NAMES = _names()


def subject_name(code: str) -> str | None:
    """The English name of an eight-digit subject code; of a detail the name of its matter is not given."""
    return _NAMES.get(code)
