"""Statements of the queue: who waits for whom is filtered, sorted, counted and paged in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from advisor.domain.lifecycle import APPROVALS, OPEN, Action, Role, State
from advisor.domain.review_queue import (
    GROUPS,
    ROWS,
    SOON,
    Filters,
    Flag,
    Found,
    Headline,
    Looker,
    QueueOrder,
    QueueQuery,
    StateGroup,
)
from advisor.store.database.statements import folded, is_plain
from advisor.store.tables.pilots import PilotRow
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.tables.review import DecisionRow, LeaseRow, ReviewRow
from advisor.store.tables.trail import TrailRow
from advisor.vocabulary import TIERS

if TYPE_CHECKING:
    from advisor.rules.schema.approval import Stage, Tier


LOOK = "view_dossier"
"""The action of a look at a dossier in the trail."""
_CHANGES = (*Action, "save_version", "comment", "meet_condition")
"""Actions of the trail that change what a dossier shows."""
STAGES: Mapping[State, Stage] = {State.SUBMITTED: "pilot", State.EVALUATED: "adoption"}
"""What is decided in an open state."""
_VOTES = tuple(sorted({*APPROVALS, Action.OVERRIDE}))
_PAGES = 2**31 // ROWS - 1


@dataclass(frozen=True)
class Sight:
    """The queue as one person sees it at one moment, as conditions of SQL."""

    looker: Looker
    tiers: Mapping[str, Tier]
    at: datetime

    @property
    def overdue(self) -> ColumnElement[bool]:
        """It waits for longer than its tier allows."""
        late = (
            and_(ReviewRow.tier == name, ReviewRow.since < self.at - timedelta(tier.decide_within))
            for name, tier in self.tiers.items()
        )
        return and_(_waits(), or_(*late))

    @property
    def mine(self) -> ColumnElement[bool]:
        """This person may decide now, and has not yet."""
        roles, me = self.looker.roles, self.looker.person
        if not roles & {Role.REVIEWER, Role.RISK}:
            return false()
        parts = (
            select(VersionRow.proposal_id).where(VersionRow.author == me),
            select(PilotRow.proposal_id).where(
                PilotRow.author == me, PilotRow.proposal_id.is_not(None)
            ),
            select(DecisionRow.proposal_id).where(
                DecisionRow.actor == me, DecisionRow.action == Action.RECORD_PILOT
            ),
        )
        able = true() if Role.RISK in roles else not_(self.for_risk)
        apart = (ReviewRow.proposal_id.not_in(part) for part in parts)
        return and_(_waits(), able, *apart, not_(self._spoke))

    @property
    def _spoke(self) -> ColumnElement[bool]:
        """This person agreed or abstained since it stands there."""
        voted = and_(
            DecisionRow.action.in_(_VOTES),
            DecisionRow.source == ReviewRow.state,
            DecisionRow.at >= ReviewRow.since,
        )
        return exists().where(
            DecisionRow.actor == self.looker.person,
            DecisionRow.proposal_id == ReviewRow.proposal_id,
            DecisionRow.version == ReviewRow.version,
            or_(DecisionRow.action == Action.ABSTAIN, voted),
        )

    @property
    def for_risk(self) -> ColumnElement[bool]:
        """Only somebody from risk can bring it to its end."""
        last = (
            and_(
                ReviewRow.tier == name,
                ReviewRow.state == state,
                ReviewRow.agreed >= tier.people(stage) - 1,
            )
            for name, tier in self.tiers.items()
            if tier.one_from_risk
            for state, stage in STAGES.items()
        )
        return and_(not_(ReviewRow.agreed_risk), or_(false(), *last))

    def changed(self, ids: list[str] | None = None) -> Select[str]:
        """Find what somebody else did something to since this person looked at it last.

        Args:
            ids: Look at these proposals only.
        """
        me = self.looker.person
        looks = select(TrailRow.proposal, func.max(TrailRow.seq).label("seq"))
        mine = looks.where(TrailRow.action == LOOK, TrailRow.actor == me)
        mine = mine.where(TrailRow.proposal.in_(ids)) if ids is not None else mine
        seen = mine.group_by(TrailRow.proposal).subquery("seen").c
        later = exists().where(
            TrailRow.proposal == seen.proposal,
            TrailRow.seq > seen.seq,
            TrailRow.actor != me,
            TrailRow.action.in_(_CHANGES),
        )
        return select(seen.proposal).where(later)

    def flagged(self, flag: Flag) -> ColumnElement[bool]:
        """It has this flag."""
        ends = LeaseRow.expires_at
        conditions = {
            Flag.OVERRIDE: func.coalesce(LeaseRow.override, false()),
            Flag.EXPIRING: and_(ends.is_not(None), ends > self.at, ends <= self.at + SOON),
            Flag.CHANGED: ReviewRow.proposal_id.in_(self.changed()),
            Flag.STALE: ReviewRow.stale,
            Flag.AGAINST: ReviewRow.against,
        }
        return and_(conditions[flag])

    def fits(self, wanted: Filters) -> list[ColumnElement[bool]]:
        """Return the conditions of all filters but the group; one that no row fulfils at worst."""
        exact = {ReviewRow.asked: wanted.asked, ReviewRow.tier: wanted.tier}
        given = {column: value for column, value in exact.items() if value is not None}
        if not all(map(is_plain, [wanted.text, wanted.owner or "", *given.values()])):
            return [false()]
        found = [column == value for column, value in given.items()]
        named = [
            ProposalRow.title_folded.contains(word, autoescape=True)
            for word in folded(wanted.text).split()
        ]
        named += [ProposalRow.author == wanted.owner] if wanted.owner is not None else []
        if named:
            found.append(ReviewRow.proposal_id.in_(select(ProposalRow.id).where(*named)))
        found += [self.mine] if wanted.mine else []
        return found + ([self.flagged(wanted.flag)] if wanted.flag else [])


def _waits() -> ColumnElement[bool]:
    return ReviewRow.state.in_(sorted(OPEN))


def _in(group: StateGroup) -> ColumnElement[bool]:
    return ReviewRow.state.in_(sorted(GROUPS[group]))


_NAMED = ReviewRow.__table__.join(ProposalRow.__table__, ProposalRow.id == ReviewRow.proposal_id)
_FROM = _NAMED.outerjoin(
    LeaseRow.__table__,
    and_(LeaseRow.proposal_id == ReviewRow.proposal_id, LeaseRow.ended_at.is_(None)),
)
_TIER = case({name: place for place, name in enumerate(TIERS)}, value=ReviewRow.tier, else_=-1)
_AGE = (ReviewRow.since, ReviewRow.proposal_id)


def _orders(sight: Sight) -> Mapping[QueueOrder, tuple[Any, ...]]:
    last = LeaseRow.expires_at.is_(None)  # where nothing ends
    return {
        QueueOrder.URGENT: (case((sight.overdue, 0), else_=1), _TIER.desc(), *_AGE),
        QueueOrder.OLDEST: _AGE,
        QueueOrder.NEWEST: (ReviewRow.since.desc(), ReviewRow.proposal_id),
        QueueOrder.ENDING: (case((last, 1), else_=0), LeaseRow.expires_at, *_AGE),
        QueueOrder.TITLE: (ProposalRow.title_folded, ReviewRow.proposal_id),
    }


def found(connection: Connection, sight: Sight, wanted: QueueQuery) -> tuple[Found, ...]:
    """Return one page of what is wanted."""
    columns = (
        ReviewRow.proposal_id, ProposalRow.title, ProposalRow.author, ReviewRow.state,
        ReviewRow.tier, ReviewRow.version, ReviewRow.since, ReviewRow.asked, ReviewRow.agreed,
        ReviewRow.agreed_risk, ReviewRow.against, LeaseRow.expires_at,
        sight.flagged(Flag.OVERRIDE), sight.overdue,
    )  # fmt: skip
    filters = wanted.filters
    where = sight.fits(filters) + ([_in(filters.group)] if filters.group else [])
    order = _orders(sight)[wanted.order]
    query = select(*columns).select_from(_FROM).where(*where).order_by(*order)
    skipped = (min(max(wanted.page, 1), _PAGES) - 1) * ROWS
    rows = connection.execute(query.offset(skipped).limit(ROWS)).all()
    about = _about(connection, sight, [row[0] for row in rows])
    return tuple(Found(*[*row[:3], State(row[3]), *row[4:], *about[row[0]]]) for row in rows)


def _about(connection: Connection, sight: Sight, ids: list[str]) -> dict[str, tuple[bool, bool]]:
    """Return whether each waits for the person, and changed since they looked.

    Apart from `found`: SQLite would work it out for all rows before it sorts them.
    """
    query = select(ReviewRow.proposal_id, sight.mine)
    rows = connection.execute(query.where(ReviewRow.proposal_id.in_(ids))).all()
    changed = set(connection.execute(sight.changed(ids)).scalars())
    return {id: (bool(mine), id in changed) for id, mine in rows}


def counts(connection: Connection, sight: Sight, filters: Filters) -> dict[StateGroup, int]:
    """Return how many proposals there are in each group under the other filters."""
    tables: FromClause = _FROM if filters.flag in _OF_LEASES else ReviewRow.__table__
    query = select(ReviewRow.state, func.count()).select_from(tables).where(*sight.fits(filters))
    states = {state: n for state, n in connection.execute(query.group_by(ReviewRow.state))}
    return {group: sum(states.get(one, 0) for one in GROUPS[group]) for group in StateGroup}


_OF_LEASES = {Flag.OVERRIDE, Flag.EXPIRING}


def headline(connection: Connection, sight: Sight) -> Headline:
    """Return how much waits, whatever is filtered, and how long the oldest has waited."""
    late = case((sight.overdue, 1), else_=0)
    waits = select(sight.mine.label("mine"), ReviewRow.since, late.label("late")).where(_waits())
    one = waits.subquery().c
    query = select(one.mine, func.count(), func.min(one.since), func.sum(one.late))
    parts = connection.execute(query.group_by(one.mine)).all()
    oldest = {bool(mine): (sight.at - since).days for mine, _, since, _ in parts}
    return Headline(
        mine=sum(n for mine, n, _, _ in parts if mine),
        mine_days=max(0, oldest.get(True, 0)),
        waiting=sum(n for _, n, _, _ in parts),
        waiting_days=max(0, 0, *oldest.values()),
        overdue=sum(late for *_, late in parts),
    )


def owners(connection: Connection) -> list[str]:
    """Return who began what is in review."""
    query = select(ProposalRow.author).distinct().select_from(_NAMED)
    return sorted(connection.execute(query).scalars())


def agreed(connection: Connection, rows: Iterable[Found]) -> dict[str, list[str]]:
    """Return who agreed to each of these since it stands where it does."""
    here = {row.proposal: row for row in rows if row.agreed}
    query = select(
        DecisionRow.proposal_id, DecisionRow.version, DecisionRow.source, DecisionRow.at,
        DecisionRow.actor, DecisionRow.action,
    ).where(DecisionRow.proposal_id.in_(here))  # fmt: skip
    votes: dict[str, list[str]] = {}
    ordered = query.order_by(DecisionRow.proposal_id, DecisionRow.place)
    for id, version, source, at, actor, action in connection.execute(ordered):
        row = here[id]
        stands = (version, source) == (row.version, row.state) and at >= row.since
        if stands and action in _VOTES:
            votes.setdefault(id, []).append(actor)
    return votes
