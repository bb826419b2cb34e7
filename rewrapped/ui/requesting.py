"""How a person gets their history from Spotify and others, and how long it takes: told once, for every page."""

from __future__ import annotations

#: How long each package takes; docs/getting-your-data.md says the same.
ACCOUNT_WAIT = "about five days"
EXTENDED_WAIT = "up to 30 days, Spotify says; people report four hours to three weeks"

STEPS = f"""
1. Open **spotify.com/account/privacy**, sign in there, and scroll to *Download your data*.
2. Tick **Extended streaming history**: it holds every play since your account began.
   Tick **Account data** too: it holds only about the last year, but comes sooner.
3. Press *Request data*, then confirm the e-mail Spotify sends you. Without that nothing happens.
4. Wait for another e-mail, with a link to a ZIP. Account data takes {ACCOUNT_WAIT}; the extended history takes
   {EXTENDED_WAIT}.
5. Drop the ZIP on the import page as it is. No need to unpack it, and importing it twice counts nothing twice.
"""
MEANWHILE = (
    "While you wait: import the account data as soon as it comes. The extended history will replace its rows later, "
    "and no play is counted twice."
)
OTHERS = """
**From ListenBrainz**: open **listenbrainz.org/settings/export**, create an export, and drop its ZIP here as it is.

**From Last.fm**: it has no export of its own, but others make one from your user name: **lastfm.ghan.nl/export** or
**benjaminbenben.com/lastfm-to-csv**. Drop the CSV here. A play that your Spotify export tells too counts once.
"""
