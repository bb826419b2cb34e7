"""The columnar engine: a listener's rows in memory, and every insight as a pure function of them.

`columns` (what is stored and cached) -> `frame.History` (by the listener's
clock and play rule) -> `.filter(...)` -> `totals`, `tops`, `timeline`,
`habits`, `streaks`, `listing`, `firsts`, `coverage`. numpy and pandas only, no I/O.
"""
