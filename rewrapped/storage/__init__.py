"""The only SQL. Functions take a connection first, never commit, and return plain values.

`guard()` turns the driver's errors into `errors.StoreDown`; services open the
transactions.
"""
