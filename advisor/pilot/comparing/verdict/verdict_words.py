"""What each rule of the verdict says, and what to do next; for people in a hurry."""

from __future__ import annotations

from advisor.pilot.comparing.statistics.score_table import FEWEST_CASES, FEWEST_GROUPS, FEWEST_MOVED
from advisor.pilot.comparing.verdict.standing import ArmView, VerdictCase
from advisor.presentation.arm_titles import arm_words
from advisor.presentation.wording import counted, listing, percent

_TOO_MANY = 1_000
"""Cases beyond which labelling more is no advice."""
_UNLIKELY = 0.2


def alone(case: VerdictCase) -> str:
    """Say that nothing can be compared."""
    if len(case.table.arms) == 1:
        return f"There is only one arm, {case.name}, and nothing to compare it with."
    return f"{case.title} shares no case with another arm, so nothing can be compared."


def add_an_arm(case: VerdictCase) -> str:
    """Say what is missing."""
    return "Run what you have today, or a plain prompt, on the same cases and compare again."


def too_few(case: VerdictCase) -> str:
    """Say how few cases there are."""
    view = max(case.views, key=lambda one: one.n)
    groups = view.measured.groups
    if view.n >= FEWEST_CASES and groups is not None:
        return (
            f"The {view.n:,} cases come from only {counted(groups, 'group')}, and cases of one "
            f"group resemble each other. A verdict needs at least {FEWEST_GROUPS} groups."
        )
    return (
        f"Only {counted(view.n, 'case')} ran with both {case.name} and {view.name}. A verdict "
        f"needs at least {FEWEST_CASES}."
    )


def add_cases(case: VerdictCase) -> str:
    """Say how many cases show what."""
    return (
        "Add cases. As a rule of thumb, 40 show differences of about 25 points, 100 of about 15, "
        "200 of about 10."
    )


def none_works(case: VerdictCase) -> str:
    """Say that no arm solves the task."""
    best = case.best
    reached = (
        f"the best, {arm_words(best.arm)}, reaches {case.words.score(best.score)}"
        if best
        else "none ran"
    )
    return f"No arm solves the task: {reached}."


def look_at_answers(case: VerdictCase) -> str:
    """Say where to look first."""
    return (
        "Read some answers: is the score fair to them? If it is, the task is beyond this model as "
        "it is asked; try a stronger one before anything else."
    )


def beaten(case: VerdictCase) -> str:
    """Name the arm that is better."""
    view = _strongest(case)
    return f"{view.title} is better than {case.name} by {_by(case, view)} on {view.n:,} cases."


def take_the_better(case: VerdictCase) -> str:
    """Say to take the better arm."""
    view = _strongest(case)
    if view.simpler:
        return f"Take {view.name}, which is simpler too."
    return f"Take {view.name} if the gain is worth its cost."


def _strongest(case: VerdictCase) -> ArmView:
    return min((view for view in case.views if view.beaten), key=lambda view: view.difference)


def _by(case: VerdictCase, view: ArmView) -> str:
    words = case.words
    return f"{words.amount(view.difference)} ({words.range(view.low, view.high)})"


def simpler_does(case: VerdictCase) -> str:
    """Say that a simpler arm is as good for the purpose."""
    view = next(view for view in case.views if view.replaceable)
    words = case.words
    if view.high <= 0:
        gain = f"{case.name} is not better"
    else:
        gain = f"{case.name} is better by {words.amount(view.high)} at most, if at all"
    return (
        f"{view.title} is simpler and as good for this purpose: {gain}, and less than "
        f"{words.amount(case.margin)} does not matter ({view.n:,} cases)."
    )


def take_the_simpler(case: VerdictCase) -> str:
    """Say to take the simpler arm."""
    view = next(view for view in case.views if view.replaceable)
    return f"Use {view.name}; {case.name} is not worth its cost on these cases."


def shown(case: VerdictCase) -> str:
    """Say against what the arm has held."""
    margin = case.words.amount(case.margin)
    others = [view for view in case.telling if not view.simpler]
    if not case.simpler:
        near = min(others, key=lambda view: view.low)
        where = case.words.between(-near.high, -near.low)
        if near.better:
            return (
                f"{case.title} is the simplest arm, and better than any other: {near.name} is "
                f"{where} ({near.n:,} cases)."
            )
        return (
            f"{case.title} is the simplest arm, and none is better by {margin} or more: "
            f"{near.name} is {where} ({near.n:,} cases)."
        )
    gains = listing(f"{view.name} by {_by(case, view)}" for view in case.simpler)
    more = f", and none is better than it by {margin} or more" if others else ""
    return f"{case.title} is better than {gains} on {case.simpler[0].n:,} cases{more}."


def go_on(case: VerdictCase) -> str:
    """Say to go on."""
    if case.simpler:
        return f"Go on with {case.name}." if case.named else f"Take {case.name}."
    return f"Stay with {case.name}; on these cases nothing costlier is worth it."


def undecided(case: VerdictCase) -> str:
    """Name the comparison that stands in the way, and what it shows so far."""
    view = _blocking(case)
    if not view.enough:
        return f"{view.title} is simpler, but {too_few_with(case, view)}"
    if view.thin:
        differ = counted(view.measured.informative, view.unit)
        return f"{case.title} and {view.name} differ in only {differ}; {FEWEST_MOVED} must."
    where = case.words.between(view.low, view.high)
    if view.simpler:
        return (
            f"It is open whether {case.name} is better than {view.name}, which is simpler: it is "
            f"{where} ({view.n:,} cases)."
        )
    return (
        f"It is open whether {case.name} is as good as {view.name}: it is {where} "
        f"({view.n:,} cases)."
    )


def too_few_with(case: VerdictCase, view: ArmView) -> str:
    """Say that two arms share too few cases."""
    return f"only {counted(view.n, 'case')} ran with both it and {case.name}."


def how_to_settle(case: VerdictCase) -> str:
    """Say how many cases would settle it, or what to do instead."""
    view = _blocking(case)
    if not view.enough:
        return f"Run {view.name} on all cases and compare again."
    if view.thin:
        return "Add cases, above all such as are hard for one of them."
    contrast = view.measured.contrast
    ways = [
        (contrast.cases_needed, f"show a difference of {case.words.amount(view.difference)}"),
        (
            view.measured.cases_to_agree,
            f"show that they are within {case.words.amount(case.margin)} of each other",
        ),
    ]
    open_ways = [(cases, what) for cases, what in ways if cases and view.n < cases <= _TOO_MANY]
    if not open_ways:
        return _not_by_cases(case, view)
    cases, what = min(open_ways)
    chance = contrast.chance_that_doubling_settles
    likely = (
        f" Twice the cases show a difference with a chance of {percent(chance)}." if chance else ""
    )
    return f"About {cases:,} cases in all would {what}, if what these cases show is true.{likely}"


def _not_by_cases(case: VerdictCase, view: ArmView) -> str:
    furthest = max(abs(view.low), abs(view.high))
    simplest = view.name if view.simpler else case.name
    if furthest <= 2 * case.margin:
        return f"They are practically equal. Choose by cost, which means {simplest}."
    return (
        "No reasonable number of cases would settle it: improve the score or the labels first, "
        f"and stay with {simplest} until then."
    )


def _blocking(case: VerdictCase) -> ArmView:
    """Return the failing view that the arm in question may be furthest behind in."""
    failing = [
        view
        for view in case.views
        if (view.simpler and not view.better) or (view.enough and not view.not_worse)
    ]
    return min(failing, key=lambda view: (view.enough, view.low))
