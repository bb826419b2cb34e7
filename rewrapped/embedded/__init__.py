"""Postgres and Valkey of our own, beside the site, when no address of other ones is set.

`servers.running(home)` starts or joins them; `supervisor.attached(settings)`
adds the workers and hands back settings in which nothing is missing.
"""
