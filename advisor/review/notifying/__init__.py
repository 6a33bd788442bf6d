"""News of reviews for people outside: written with what happened, sent afterwards.

A message is put into the outbox (`outbox`) in the transaction of what it tells, so that neither is
there without the other. A thread of the app or of a worker sends it (`sending`), through a webhook
or by mail, again and again until it arrives or days have passed. Nobody waits for it. It arrives at
least once; the id it carries tells a second copy.
"""

__all__ = [
    "channels",
    "mail",
    "message",
    "notices",
    "sending",
    "webhook",
]
