"""What each mode sounds like: short descriptions that an encoder compares texts with."""

from __future__ import annotations

from advisor.vocabulary import Mode

DESCRIPTIONS: dict[Mode, tuple[str, ...]] = {
    Mode.FORMAT: (
        "The structure, schema or layout of the answer is broken.",
        "It should have been JSON, a table or a list, or it is longer than allowed.",
    ),
    Mode.STYLE: (
        "The tone, voice or register is wrong; it does not sound like us.",
        "The wording is too stiff, too wordy or too hard to read for these readers.",
    ),
    Mode.LABEL: (
        "The wrong category was chosen from our own list of labels.",
        "The same kind of case gets a different label each time.",
    ),
    Mode.PROCEDURE: (
        "It did not follow the instructions or skipped a step of our policy.",
        "It refused although it may answer, or did what the rules forbid.",
    ),
    Mode.UNFAITHFUL: (
        "The right passage was there and the answer ignores or contradicts it.",
        "The document says something else than the answer claims.",
    ),
    Mode.MISSING_KNOWLEDGE: (
        "The model does not know our internal facts, products or systems.",
        "This is private or rare knowledge that no public text holds.",
    ),
    Mode.STALE_KNOWLEDGE: (
        "The answer is outdated; this was true once and has changed since.",
        "It gives last year's price, an old version or a former rule.",
    ),
    Mode.FABRICATION: (
        "It made this up: the name, link, quote or source does not exist.",
        "An invented fact is told as if it were certain.",
    ),
    Mode.RETRIEVAL_MISS: (
        "The search returned the wrong documents, or none at all.",
        "The passage with the answer was never shown to the model.",
    ),
    Mode.UNDERSPECIFIED: (
        "The request is unclear; nobody said what was wanted.",
        "The instructions contradict each other, so two people read them differently.",
    ),
    Mode.REASONING: (
        "The calculation or the logic is wrong.",
        "It fails at planning, counting or choosing the right tool.",
    ),
    Mode.SYSTEM: (
        "It timed out, returned an error or was cut off.",
        "It is too slow or costs too much; the quality is fine.",
    ),
}
