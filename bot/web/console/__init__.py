"""The referents' console: login, demands, directory, one's own page.

Like all of the web door: a view parses, calls one function of `handlers`, renders. Who may do what is in
`storage.rights`, how far that reaches in the queries (`tickets.for_referent`, `directory.for_lead`): not
found and not allowed read the same.
"""
