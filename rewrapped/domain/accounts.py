"""The rules of an account: address, password, zone, country, name. What each refuses, it says how to mend."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from rewrapped.errors import InvalidInput

#: Which text of terms and privacy a person agreed to; raised whenever either text changes.
TERMS_VERSION = "2026-11-25"

PASSWORD_MIN, PASSWORD_MAX = 10, 256
NAME_MAX = 60

_LOCAL_PART = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.ASCII)
_DOMAIN = re.compile(
    r"(?=.{1,190}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII
)
_RUNS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopu",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
)
_LEET = [str.maketrans("013457@$!", letters) for letters in ("oieastasi", "oleastasl")]


def clean_email(text: str) -> str:
    """Return an address in the one form it is stored and looked up in: lower case, its domain in ASCII.

    Raises:
        InvalidInput: this isn't an e-mail address, or has letters before the @ that few mail systems take.
    """
    local, at, domain = unicodedata.normalize("NFKC", text[:1000]).strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not (at and len(text) < 1000 and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise InvalidInput("Please give an e-mail address, such as name@example.org.")
    return f"{local}@{domain}"


def clean_name(text: str) -> str:
    """Return a display name without control characters and doubled spaces; it may be empty.

    Raises:
        InvalidInput: the name is over 60 characters.
    """
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text[:1000])
    name = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(name) > NAME_MAX or len(text) > 1000:
        raise InvalidInput(f"A name can have up to {NAME_MAX} characters.")
    return name


def clean_country(text: str) -> str | None:
    """Return an ISO 3166 alpha-2 code in capitals, None when nothing was given.

    Raises:
        InvalidInput: this isn't a two-letter code.
    """
    code = text.strip().upper()
    if not code:
        return None
    if not re.fullmatch(r"[A-Z]{2}", code, re.ASCII):
        raise InvalidInput("A country is two letters, such as DE, or nothing.")
    return code


@cache
def zones() -> frozenset[str]:
    """Return every IANA zone name this machine knows, aliases such as Asia/Calcutta among them."""
    return frozenset(name for name in available_timezones() if name not in ("Factory", "localtime", "posixrules"))


@cache
def listed_zones() -> tuple[str, ...]:
    """Return the zones a person picks from, sorted: places, and UTC."""
    places = (name for name in zones() if "/" in name and not name.startswith(("Etc/", "US/", "SystemV/")))
    return ("UTC", *sorted(places))


def clean_zone(text: str) -> str:
    """Return the zone's name as IANA writes it.

    Raises:
        InvalidInput: there is no such zone.
    """
    name = text.strip()
    if name in zones():
        return name
    found = next((zone for zone in zones() if zone.lower() == name.lower()), None)
    if found is None:
        raise InvalidInput("That time zone isn't known. Zones look like Europe/Berlin.")
    return found


def clean_password(text: str, *, email: str, product_name: str) -> str:
    """Return a new password in the form it is hashed in (NFKC).

    Raises:
        InvalidInput: it is too short, too long, or among the first that somebody would guess.
    """
    password = normal_password(text)
    if len(password) < PASSWORD_MIN:
        raise InvalidInput(f"A password needs at least {PASSWORD_MIN} characters.")
    folded = _letters_and_digits(password)
    if _is_repetition(password.casefold()) or _is_digits(password) or _is_runs(password):
        raise InvalidInput("That password is a pattern people try first. A few unrelated words work well.")
    if _is_common(password.casefold()):
        raise InvalidInput("That password is among the most common ones. A few unrelated words work well.")
    for word in (email, email.partition("@")[0], product_name, "rewrapped"):
        if _is_little_more_than(folded, _letters_and_digits(word)):
            raise InvalidInput("That password is little more than your address or this site's name.")
    return password


def normal_password(text: str) -> str:
    """Return a typed password in NFKC, so that it is the same from every keyboard.

    Raises:
        InvalidInput: it is over 256 characters, or can't be written in UTF-8.
    """
    if len(text) > PASSWORD_MAX:  # before NFKC, which can make a text 18 times as long
        raise InvalidInput(f"A password can have up to {PASSWORD_MAX} characters.")
    password = unicodedata.normalize("NFKC", text)
    if len(password) > PASSWORD_MAX:
        raise InvalidInput(f"A password can have up to {PASSWORD_MAX} characters.")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in password):
        raise InvalidInput("That password holds a character that can't be used.")
    return password


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_digits(password: str) -> bool:
    folded = _letters_and_digits(password)
    return len(password) < 20 and folded.isdigit()


def _is_repetition(password: str) -> bool:
    """Return whether a piece of up to six characters, said again and again, makes the whole password."""
    return any(
        password == (password[:size] * len(password))[: len(password)]
        for size in range(1, 7)
        if size * 2 <= len(password)
    )


def _is_runs(password: str) -> bool:
    """Return whether all letters and digits but three are in runs of three or more along a keyboard or the alphabet."""
    folded = _letters_and_digits(password)
    outside, at = 0, 0
    while at < len(folded):
        length = _run_length(folded[at:])
        outside += 1 if length < 3 else 0
        at += length if length >= 3 else 1
    return bool(folded) and outside < 4


def _run_length(text: str) -> int:
    best = 1
    for run in _RUNS:
        for line in (run, run[::-1]):
            while best < len(text) and text[: best + 1] in line:
                best += 1
    return best


def _is_common(folded: str) -> bool:
    """Return whether a common password is left once digits and signs around it, and letters-as-digits, are undone."""
    joined = "".join(folded.split())
    spellings = {folded, joined, *(joined.translate(table) for table in _LEET)}
    cores = {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", spelling) for spelling in spellings}
    cores |= {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded).translate(table) for table in _LEET}
    return any(_doubled(word) in _common_passwords() for word in spellings | cores)


def _doubled(word: str) -> str:
    half = len(word) // 2
    return word[:half] if half and word == word[:half] * 2 else word


@cache
def _common_passwords() -> frozenset[str]:
    lines = files("rewrapped.domain").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


def _is_little_more_than(folded: str, word: str) -> bool:
    return len(word) >= 4 and word in folded and len(folded.replace(word, "")) < 5
