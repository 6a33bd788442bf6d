"""Ten pairs of outputs, judged before it is said which arm gave which.

Which cases are shown depends on nothing but the pilot, so that ratings of several people can be
put together; which output comes first depends on the case and the person, and cannot be guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.core.strict import digest
from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.trail import Event
from advisor.errors import NotFoundError
from advisor.review.dossier.dossier_evidence import answered
from advisor.review.dossier.dossier_record import (
    DECIDERS,
    BlindComparison,
    BlindPair,
    Choice,
    Dossier,
    Revealed,
    Trial,
)
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.people.rights import REFUSED, attempting, role_for
from advisor.store.review import comments
from advisor.store.versions import version_rows

SHOWN = 10
NO_DIFFERENCE = ""
Ratings = Mapping[tuple[str, str], str]
"""What was preferred, by person and case."""


def blind(
    trial: Trial, cases: Sequence[Case], given: Ratings, person: str, rates: bool
) -> BlindComparison | None:
    """Return the pairs of a pilot as one person sees them; None where there is nothing to compare.

    Args:
        trial: What the pilot found.
        cases: Its test cases.
        given: All ratings so far.
        person: Who looks.
        rates: Whether this person may rate; others see only how often which arm was preferred.
    """
    if trial.tuned is None or trial.simpler is None:
        return None
    sides = [_texts(trial, arm) for arm in (trial.simpler, trial.tuned)]
    both = [case for case in cases if all(case.id in side for side in sides)]
    differ = [case for case in both if len({side[case.id].text for side in sides}) == 2]
    shown = sorted(differ, key=lambda one: digest([trial.id, one.id]))[:SHOWN]
    return BlindComparison(
        pilot=trial.id,
        pairs=tuple(_pair(trial, case, sides, given, person) for case in shown) if rates else (),
        same=len(both) - len(differ),
        mine=Counter(arm for (who, _), arm in given.items() if who == person),
        everybody=Counter(given.values()),
        people=len({who for who, _ in given}),
    )


def _texts(trial: Trial, arm: str) -> Mapping[str, ArmAnswer]:
    run = answered(trial.result).get(arm)
    return {answer.case: answer for answer in run.answers} if run else {}


def _swapped(pilot: str, case: str, person: str) -> bool:
    """Tell whether fine-tuning comes first."""
    return int(digest([pilot, case, person])[:2], 16) % 2 == 1


def _pair(
    trial: Trial, case: Case, sides: Sequence[Mapping[str, ArmAnswer]], given: Ratings, person: str
) -> BlindPair:
    arms = [(str(trial.simpler), sides[0][case.id]), (str(trial.tuned), sides[1][case.id])]
    (a, one), (b, other) = reversed(arms) if _swapped(trial.id, case.id, person) else arms
    preferred = given.get((person, case.id))
    told = None if preferred is None else Revealed(a, b, preferred, (one.score, other.score))
    return BlindPair(case.id, case.input, case.expected, one.text, other.text, told)


def rate(store: Store, read: Dossier, case: str, choice: Choice, person: str) -> str:
    """Write down which output a person prefers; the first word on a case stands.

    Returns:
        The arm they preferred; empty where they saw no difference.

    Raises:
        NotFoundError: this case is not among those shown.
        NotAllowedError: only those who decide rate.
    """
    about, trial = read.view.about, read.trial
    shown = {one.case for one in read.blind.pairs} if read.blind else set()
    if trial is None or case not in shown:
        raise NotFoundError("This case is not among those that are shown. Load the page again.")
    arms = [str(trial.simpler), str(trial.tuned)]
    arms = arms[::-1] if _swapped(trial.id, case, person) else arms
    preferred = {"a": arms[0], "b": arms[1], "same": NO_DIFFERENCE}[choice]
    attempt = Event(REFUSED, person, proposal=about.proposal, detail={"asked": "rate_pair"})
    with attempting(store.database, attempt) as transaction:
        version_rows.lock(transaction, about.proposal)
        role = role_for(transaction, person, DECIDERS, "Only reviewers and risk rate outputs.")
        known = comments.ratings(transaction, trial.id).get((person, case))
        if known is not None:
            return known
        comments.add_rating(transaction, trial.id, case, person, preferred)
        detail = {"pilot": trial.id, "case": digest(case), "preferred": preferred}
        event = Event("rate_pair", person, role, about.proposal, about.version, detail=detail)
        audit_trail.append(transaction, event)
        return preferred
