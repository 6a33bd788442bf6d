"""A team's own way to see failures, which the classifier as it ships does not share."""

from __future__ import annotations

from advisor.proposal import Failure
from advisor.vocabulary import Mode

TICKETS = [
    ("My parcel never came.", "delivery"),
    ("I was charged twice in March.", "billing"),
    ("The app crashes when I open settings.", "bug"),
    ("How do I change my password?", "account"),
    ("Please cancel my plan.", "cancellation"),
    ("The chair arrived with a broken leg.", "damaged_item"),
    ("Can I get a discount for students?", "pricing"),
    ("Your courier was rude.", "complaint"),
    ("Rash after the second dose.", "AE"),
    ("Blood pressure 180 over 110.", "urgent"),
    ("Needs a repeat prescription.", "rx_repeat"),
    ("Lost the referral letter.", "admin"),
    ("Great hotel, terrible breakfast.", "neutral"),
    ("Best book I read this year!", "positive"),
    ("The plot drags but the ending pays off.", "mixed"),
    ("Contract ends on 30 June unless renewed.", "termination"),
    ("The supplier shall keep all data secret.", "confidentiality"),
    ("Any dispute goes to the court in Lund.", "jurisdiction"),
    ("Laptop does not charge.", "hardware"),
    ("VPN drops every hour.", "network"),
    ("I clicked on a strange link.", "security"),
    ("Printer on floor 3 has no toner.", "supplies"),
    ("I left my bag on the bus.", "lost_property"),
    ("The ticket machine ate my card.", "ticketing"),
    ("No ramp at the south entrance.", "accessibility"),
    ("Drill bit snapped at first use.", "quality"),
    ("Do you ship to Norway?", "shipping"),
    ("The jacket is too small.", "exchange"),
    ("Water drips from the ceiling.", "leak"),
    ("The neighbour plays drums at night.", "noise"),
]
SHAPES = ("{0}!", '"{0}"', "{0}.", "**{0}**", "Label: {0}", "- {0}")

SAME_LABEL_OTHER_SHAPE = tuple(
    Failure(id=f"c{place}", input=text, output=SHAPES[place % 6].format(label), expected=label)
    for place, (text, label) in enumerate(TICKETS)
)
"""The right label in another shape, which reads as broken format or wrong label."""
CONVENTION = Mode.PROCEDURE
"""What a team calls it whose instructions say to answer with the bare code: steps not followed."""
