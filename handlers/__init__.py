"""What we do when something happens: a question is asked, a referent replies, a week ends.

A line belongs here when it decides what to do and mentions no channel (that is `bot`), no SQL (`storage`)
and needs a clock or the database (else `knowledge`). Functions take a `Turn`: one event, one transaction,
one clock reading. They never commit and never wait.
"""
