"""The only SQL. Functions take a connection first, never commit, and return plain values.

A server that is away or can't work is `errors.StoreDown`, by `database.make_engine`
and `pgcopy`; other errors of the driver are defects and stay as they are.
Services open the transactions.
"""
