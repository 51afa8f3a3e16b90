"""Updates a second, end to end: from the webhook's POST to the reply that reaches Telegram.

The people and Telegram are this process; what is measured are processes of their own.
"""
