"""A made-up year to look at: who asked what, what became of it, what the desk made of it.

One module for each topic, all of them called by `seeding`. Everything here is invented and says so: no name,
address or account of it can exist, and nothing of it is ever sent to anybody.
"""
