"""What we remember: tables, queries, queues and migrations.

A line belongs here when it mentions a table, SQL, a lock or a lease. Functions are plain functions of a
synchronous `Session`, the same on SQLite and PostgreSQL, and never commit: `database` does, once per turn.
Nothing here knows what the bot says or by which channel.
"""
