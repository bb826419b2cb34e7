"""Privacy: what is stored, what for, how long, and who sees it."""

import streamlit as st

from rewrapped.domain.accounts import TERMS_VERSION

STORED = """
- **Your e-mail address and a one-way digest of your password** (argon2id), to sign you in. No e-mail is sent.
  Until you delete your account.
- **Name, time zone, country and play rule**, as you gave them, to greet you, tell days and hours, and count plays.
  Until you change them or delete your account.
- **Each row of your listening history**: when, what, how long, on which platform, in which country, why it began and
  ended, shuffle, skip, offline, private session. It is every page you see. A row that another source tells better
  is kept apart and doesn't count; which rows two imports share is noted. Until you remove the last import that held
  it, or delete your account. A copy of it in a quick file goes with it.
- **Names of artists, albums and tracks**, with Spotify's identifiers of them, in one list for the whole site.
  Names that came with your files stay in it after your account is deleted, without any link to you.
- **Genres of artists**, how long all people here together heard each artist, and when which service was asked about
  one. The time is counted anew without you when you delete your account; genres stay, without any link to you.
- **Your name at ListenBrainz and Last.fm**, if you connect them, and how far their listens are fetched. Until you
  disconnect them or delete your account.
- **Your Spotify account's identifier and name, and sealed tokens**, if you sign in with it or connect it, to fetch your
  latest plays. Until you disconnect it or delete your account.
- **When you agreed to what**, and to which version, as proof. Until you delete your account.
- **The file you upload**, to read it. Until its import ends, at the latest after 24 hours.
- **What became of each import**: counts and file names, to show them to you. Until you delete your account.
- **Sign-ins**: a digest of a random token, when it began and was last used. 14 days without use, at most 90 days.
- **Access tokens that you make**: a digest, the name you gave, what it may do and the last day it was used. Until you
  revoke it or delete your account.
- **Notes** such as "signed in" or "changed the password", without addresses, to find misuse.
  One year, or until you delete your account.
- **Where you said you are, whom you follow, the genres and tags you chose, saved shows and your tags of them**, to
  find and keep concerts. A tag is shown to others only when five people gave the same. Until you take them away or
  delete your account.
- **What you change about genres**, for you alone. Until you take it back or delete your account.
- **Views you save**: the name you gave and the address, for you alone. Until you delete them or your account.
- **Cards you make public**: what each says, as it was when you made it, for whoever has its link. Until you take it
  back or delete your account.
- **Messages to you, which new shows, weeks and months you were told of, and your switches**: what you are told, so that
  nothing is told twice, and what you don't want. Messages for one year; the rest until you delete your account.
- **How often and how long you played each track, album, artist and genre, by month**, of sources that you chose to
  compare: to say where each of those who chose so stands among them. Until you switch the source off, or delete your
  account; counted anew when your history changes.
- **That somebody saw, opened, saved or followed the tickets of a show**, once a day, under a keyed digest in place of
  who, with where on this site that was and whether the show was aimed at them; without an account a digest that
  changes every day. Promoters see totals of their own shows, and those of people a show is aimed at for five people
  or more. A random value takes the digest's place when you delete your account.
- **An application to be a promoter**: organisation, website, your message, and the decision with its reason. Admins
  read it. The name of the organisation stands beside your events. Until you delete your account.
- **What a promoter lists**: the event with its description and picture. It is public, and stays after the promoter's
  account is deleted, without a link to it but for the name it was listed under. A picture is written anew, so nothing
  of the file that came with it is kept.
- **Concerts from outside**, as Ticketmaster, JamBase and promoters tell them. They hold nothing of you. The workers ask
  for whole countries that people here live in; no name, place or play of yours is sent.
- **Counts of failed sign-ins** under a keyed digest, to slow down guessing. One hour.
- **How many people without an account a network is**, under keyed digests of it and of their visits, so that nobody
  makes up a crowd. One day.
"""
PROMISES = """
**What is never read.** An export holds more than plays. Only the files with plays are opened; user name, IP address,
device agent and city in them are dropped before anything is stored or written to a log.

**Who sees it.** You, and whoever operates this server: its database isn't hidden from its operator. Nothing is sold.
Other people see nothing of yours but a tag that five of you gave, what you list as a promoter, cards that you made
public, and counts.
Looking around with sample data shows the history of somebody invented.

**Your switches.** On the page Preferences you decide what you are told of, and whether your plays may choose sponsored
events for you, source by source: off until you switch it on, and off at once when you switch it off. It is decided on
this server; no promoter learns who you are or what you play. The country in your profile and your kind of account
can be aimed at without a switch. By switches of their own, your plays count when others who chose so are told in which
top part of you all they stand, and so are you: never a figure or a name of anybody, and nothing among fewer than 21.

**What leaves this site.** Nothing, while you look at it: fonts, scripts and pictures come from this server,
and usage statistics are off. Links to Spotify and to tickets lead there only when you follow them.
In the background this server may ask MusicBrainz, ListenBrainz and Last.fm for genres. It sends names and identifiers
of artists that anybody here has heard: nothing about who, when, how much, or what track. Its operator can switch that
off.

If you connect ListenBrainz or Last.fm, this server asks that service for the listens of the name you typed: the name
goes there, nothing else. If you connect Spotify, it asks for your latest plays with the access you gave. Disconnect
one of them, and every row that it alone brought is deleted.

**Cookies.** One for the session you are signed in with, one that protects forms, one that knows a browser
you signed in with before, so that strangers' guesses don't keep you out. No others, none for advertising.

**Your rights.** See everything here, download your whole history, change your profile, remove an import,
or delete your account with all that is linked to it, at once and without asking anybody.
"""

st.title("Privacy", anchor=False)
st.caption(f"What this software does with your data. Version of {TERMS_VERSION}.")
with st.container(width=860):
    st.markdown(PROMISES)
    st.header("What is stored", anchor=False)
    st.markdown(STORED)
    st.page_link("pages/terms.py", label="Terms", icon=":material/gavel:")
