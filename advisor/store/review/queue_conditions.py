"""What the queue shows to one person at one moment, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from advisor.domain.lifecycle import OPEN, VOTES, Action, Role, State
from advisor.domain.review_queue import (
    SOON,
    Filters,
    Flag,
    QueueReader,
)
from advisor.store.database.statements import folded, is_plain
from advisor.store.tables.pilots import PilotRow
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.tables.review import DecisionRow, LeaseRow, ReviewRow
from advisor.store.tables.trail import TrailRow

if TYPE_CHECKING:
    from advisor.rules.schema.approval import Stage, Tier


LOOK = "view_dossier"
"""The action of a look at a dossier in the trail."""
_CHANGES = (*Action, "save_version", "comment", "meet_condition")
"""Actions of the trail that change what a dossier shows."""
STAGES: Mapping[State, Stage] = {State.SUBMITTED: "pilot", State.EVALUATED: "adoption"}
"""What is decided in an open state."""


@dataclass(frozen=True)
class QueueConditions:
    """The queue as one person sees it at one moment, as conditions of SQL."""

    looker: QueueReader
    tiers: Mapping[str, Tier]
    at: datetime

    @property
    def overdue(self) -> ColumnElement[bool]:
        """It waits for longer than its tier allows."""
        late = (
            and_(ReviewRow.tier == name, ReviewRow.since < self.at - timedelta(tier.decide_within))
            for name, tier in self.tiers.items()
        )
        return and_(waits(), or_(*late))

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
        return and_(waits(), able, *apart, not_(self._spoke))

    @property
    def _spoke(self) -> ColumnElement[bool]:
        """This person agreed or abstained since it stands there; as `votes` counts, in SQL."""
        voted = and_(
            DecisionRow.action.in_(sorted(VOTES)),
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
        flags = {
            Flag.OVERRIDE: func.coalesce(LeaseRow.override, false()),
            Flag.EXPIRING: and_(ends.is_not(None), ends > self.at, ends <= self.at + SOON),
            Flag.CHANGED: ReviewRow.proposal_id.in_(self.changed()),
            Flag.STALE: ReviewRow.stale,
            Flag.AGAINST: ReviewRow.against,
        }
        return and_(flags[flag])

    def fits(self, wanted: Filters) -> list[ColumnElement[bool]]:
        """Return the conditions of all filters but the group; one that no row fulfils at worst."""
        exact = {ReviewRow.asked: wanted.asked, ReviewRow.tier: wanted.tier}
        given = {column: value for column, value in exact.items() if value is not None}
        if not all(map(is_plain, [wanted.text, wanted.owner or "", *given.values()])):
            return [false()]
        conditions = [column == value for column, value in given.items()]
        named = [
            ProposalRow.title_folded.contains(word, autoescape=True)
            for word in folded(wanted.text).split()
        ]
        named += [ProposalRow.author == wanted.owner] if wanted.owner is not None else []
        if named:
            conditions.append(ReviewRow.proposal_id.in_(select(ProposalRow.id).where(*named)))
        conditions += [self.mine] if wanted.mine else []
        return conditions + ([self.flagged(wanted.flag)] if wanted.flag else [])


def waits() -> ColumnElement[bool]:
    """It waits for a decision."""
    return ReviewRow.state.in_(sorted(OPEN))
