"""The web door: the public chat with its API, the referents' console, health.

Views parse a request, call one function of `handlers` or `storage`, and render. Nothing here decides
what to answer. What views need is handed to the app factory and found by the keys of `bot.web.keys`.
"""
