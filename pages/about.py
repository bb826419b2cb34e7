"""About: what this software is, and whose work it stands on."""

import streamlit as st

from rewrapped.ui import session

PRODUCT = session.deps().site.product_name
ABOUT = f"""
**{PRODUCT}** is free software under the MIT licence: listening history from your own files, and the concerts that fit
it. It is not made or endorsed by Spotify, nor by any other service named here.
"""
CREDITS = """
- **Who artists are**: [MusicBrainz](https://musicbrainz.org). Its core data, such as names and identifiers, is in the
  public domain ([CC0](https://creativecommons.org/publicdomain/zero/1.0/)).
- **What artists are tagged as**: tags that people gave at [MusicBrainz](https://musicbrainz.org), as
  [ListenBrainz](https://listenbrainz.org) hands them out. They are licensed
  [CC BY-NC-SA 3.0](https://creativecommons.org/licenses/by-nc-sa/3.0/); we turn them into genres of our own list.
- **Tags of artists that those don't know**: [Last.fm](https://www.last.fm), powered by AudioScrobbler, for
  non-commercial use; asked only where the operator has a key.
- **Concerts**: Ticketmaster and JamBase, named on each, where the operator has a key for them; promoters on this site.
- **Places**: [GeoNames](https://www.geonames.org), [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/); names are
  compared in a simpler form.
- **Outlines on maps**: [Natural Earth](https://www.naturalearthdata.com), public domain.
- **Fonts**: Bricolage Grotesque, Hanken Grotesk and JetBrains Mono, under the SIL Open Font License.
- **Families of genres, and genres of well-known artists**: ours, from common knowledge; the list of artists is CC0.
"""

st.title("About", anchor=False)
with st.container(width=760):
    st.markdown(ABOUT)
    st.header("Whose work it stands on", anchor=False)
    st.markdown(CREDITS)
    st.page_link("pages/privacy.py", label="What happens with your data", icon=":material/shield_person:")
