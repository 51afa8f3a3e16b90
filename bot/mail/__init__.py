"""How the world is reached by mail: notices to referents, login links, word of a reply. Nothing is read."""
