"""What a title or a name on a bill really is: something sold beside a show, or an act that plays somebody else's music.

Both go by words alone, so they miss tributes and extras that don't say so. What is
found to be an extra isn't a show and isn't stored; a tribute is a show, and is marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# A part of a title that is made of these words alone, one of the first set among them, is sold beside a show.
_EXTRAS = (
    "vip parking parkplatz parkplatzticket parkticket parkschein estacionamiento aparcamiento parcheggio stationnement"
    " parkeren parkeerticket parkeerkaart parkering hotel hotelpaket upgrade upgrades hospitality shuttle shuttlebus"
    " camping campingticket addon locker lockers"
)
_BESIDE = (
    "a and und et y e en for für the of not only no with concert show ticket tickets biljett billet billets entrada"
    " entradas biglietto pass passes permit voucher lot garage package packages paket pakete paquete paquetes pacchetto"
    " pacchetti forfait pakket arrangement experience experiences official premium gold silver platinum diamond general"
    " reserved preferred early entry access lounge club suite suites box boxes seating seat day days weekend service"
    " add on meet greet bus room rooms night nights 1 2 3 4"
)
_EXTRA_WORDS = frozenset(_EXTRAS.split())
_ALLOWED_WORDS = _EXTRA_WORDS.union(_BESIDE.split())
_PACKAGE = r"(?:packages?|pakete?|paquetes?|pacchett[oi]|forfaits?|pakket(?:ten)?|arrangement)"
_EXTRA_PHRASES = re.compile(
    r"\b(?:"
    rf"vip[ -]?(?:{_PACKAGE}|upgrades?|experiences?|tickets?|lounge|box|suites?|pass(?:es)?|meet)"
    rf"|(?:hotel|travel|reise|early entry|premium|camping|hospitality)[ -]?{_PACKAGE}"
    rf"|{_PACKAGE} vip"
    r"|(?:parking|shuttle|camping|locker|lounge|suite) ?(?:pass(?:es)?|tickets?|permits?|vouchers?|access)"
    r"|parkplatz ?tickets?|parkscheine?|parktickets?|parkeer(?:tickets?|kaart(?:en)?)"
    r"|(?:place|billet)s? de (?:parking|stationnement)|(?:boleto|entrada)s? de estacionamiento|biglietto parcheggio"
    r"|parking (?:for|pour|para|per|voor)|parkplatz für"
    r"|(?:ticket|seat|platz|sitzplatz)[ -]?upgrades?|upgrade[ -]?(?:tickets?|package|only)"
    r"|meet ?(?:and|&|n|\+|und) ?greet (?:upgrade|package|experience|ticket)"
    r"|(?:concert|show|event|admission) ticket (?:is )?not included|not a (?:concert|show) ticket"
    r")\b"
)
_PARTS = re.compile(r"\s[-–—]\s|[:|/()\[\]+•·*]|\s&\s")
_WORDS = re.compile(r"\w+")

_TRIBUTES = re.compile(
    r"\btribut(?:e|o|os|i|t)?\b|\btribut(?:e|o)?[ -]?(?:act|band|show|konzert|concert|night)\b|\btribuut\b|\bтрибьют\b"
    r"|\bcover[ -]?(?:band|show|group|gruppe|groupe)\b|\bgrupo de covers\b|\bbanda cover\b"
    r"|\b(?:salute|homage|hommage|hommages|omaggio|homenaje|homenagem|hyllning|eerbetoon|hołd)"
    r" (?:to|an|à|a|al|ao|til|till|aan|dla)\b"
    r"|\b(?:the (?:music|songs|sounds?|hits) of|die musik von|la musique de|la música de|la musica (?:di|dei|degli)"
    r"|de muziek van)\b"
    r"|\b(?:performed|played) by (?!the original)|\bspiel(?:t|en) (?:die )?(?:songs|lieder|hits) von\b"
)


def is_extra(title: str, performers: Iterable[str] = ()) -> bool:
    """Return whether a title names something sold beside a show: parking, a hotel, a VIP package, an upgrade.

    Performers' names in it say nothing: Tokio Hotel is a band.
    """
    rest = _folded(title)
    for name in sorted((_folded(name) for name in performers), key=len, reverse=True):
        if name and not _EXTRA_PHRASES.search(name):
            rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " | ", rest)
    return bool(_EXTRA_PHRASES.search(rest)) or any(map(_is_extra_part, _PARTS.split(rest)))


def _is_extra_part(part: str) -> bool:
    words = _WORDS.findall(part)
    return not _EXTRA_WORDS.isdisjoint(words) and _ALLOWED_WORDS.issuperset(words)


def is_tribute(name: str) -> bool:
    """Return whether a title or a performer's name says that somebody else's music is played."""
    return bool(_TRIBUTES.search(_folded(name)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
