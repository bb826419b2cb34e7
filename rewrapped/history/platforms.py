"""Every way sources have named a device, brought to a few families a person would say."""

from __future__ import annotations

import re

#: The families, in the order a menu shows them.
FAMILIES = (
    "android",
    "ios",
    "windows",
    "macos",
    "linux",
    "web",
    "speaker",
    "tv",
    "cast",
    "console",
    "car",
    "watch",
    "other",
)

#: The first that is found decides, so a television that runs Android is a television.
_SIGNS = (
    (
        "car",
        r"android.?auto|carplay|automotive|car[ _]?thing|superbird|tesla|\b(car|audi|bmw|ford|volvo|mini|uconnect)\b",
    ),
    ("watch", r"watch|wear[ _]?os|garmin|fitbit|\bgear[ _]?(s\d|fit|sport)|samsung_gear"),
    ("console", r"playstation|\bps[345]\b|xbox|nintendo|sony_computer_entertainment"),
    (
        "speaker",
        (
            r"sonos|\becho\b|alexa|amazon_(salmon|echo|thin)|google_home|home[ _]?(mini|pod)|nest_(mini|audio|hub)|bose"
            r"|speaker|soundbar|denon|heos|yamaha|onkyo|pioneer|marantz|harman|\bjbl\b|libratone|bluesound|naim"
            r"|devialet|bang_olufsen|symfonisk|raumfeld|squeezebox|volumio|librespot|spotifyd|raspotify|wiim|linkplay"
        ),
    ),
    ("cast", r"cast_?(audio|tv|desktop)?\b|chromecast"),
    (
        "tv",
        (
            r"(^|[ _;-])(smart)?tv([ _;0-9-]|$)|android_?tv|google_?tv|apple_?tv|tvos|fire_?tv|tizen|web_?os|roku"
            r"|bravia|vizio|comcast|xfinity|sky_q|virgin_media|set.?top"
        ),
    ),
    ("web", r"web.?player"),
    ("ios", r"\bios\b|iphone|ipad|ipod|ios_sdk"),
    ("android", r"android"),
    ("windows", r"windows|\bwin(32|64|10|11)?\b|\buwp\b"),
    ("macos", r"os ?x|mac ?os|macintosh|darwin"),
    ("linux", r"linux|ubuntu|debian|chrome ?os"),
)
#: Devices named in brackets behind a telephone's system which are televisions.
_TELEVISIONS = re.compile(r"bravia|\baft[a-z]|shield|mi ?box|\btv\b")
_IN_BRACKETS = re.compile(r"\(.*")
_FAMILY_SIGNS = tuple((family, re.compile(signs)) for family, signs in _SIGNS)


def family(label: str) -> str:
    """Return the family of a platform as a source wrote it; "other" for one we don't know, "" for none."""
    words = label.strip().lower()
    if not words:
        return ""
    device = _IN_BRACKETS.search(words)
    if device and _TELEVISIONS.search(device[0]):
        return "tv"
    system = _IN_BRACKETS.sub("", words)  # a model's letters ("CAR-LX1") say nothing of its kind
    return next((name for name, signs in _FAMILY_SIGNS if signs.search(system)), "other")
