"""The referents' console: login, demands, directory, one's own page.

Like all of the web door: a view parses, calls one function of `handlers`, renders. Who may see what is in
the queries (`tickets.for_referent`, `directory.for_administrator`): not found and not allowed read the same.
"""
