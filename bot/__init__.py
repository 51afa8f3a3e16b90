"""How the world reaches us: Telegram, web, mail, the command line, settings, running processes.

A line belongs here when it mentions one of these. What to do is decided in `handlers`; doors only parse,
call one handler, and render.
"""
