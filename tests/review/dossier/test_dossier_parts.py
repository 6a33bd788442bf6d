"""Parts of the dossier on their own: blind ratings, comments, similar proposals, words, forms."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piloted import piloted
from test_dossier import read
from world import REASON, World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from advisor.models.encoder import load_encoder
from advisor.review.decisions.review_view import view
from advisor.review.dossier import similar_proposals as similar_module
from advisor.review.dossier.blind_comparison import rate
from advisor.review.dossier.commenting import comment
from advisor.review.dossier.decision_form import TypedCondition, TypedDecision, request_of
from advisor.review.dossier.decision_words import after_words, forbidding, record_words
from advisor.review.dossier.dossier_record import Dossier
from advisor.review.dossier.dossier_words import operations, percent_words
from advisor.review.dossier.similar_proposals import read_ahead, similar
from advisor.review.people.people import distinct_names
from advisor.store import Store
from advisor.store.database.audit_trail import TrailQuery

pytestmark = pytest.mark.usefixtures("home")


def tried(world: World) -> str:
    """A proposal with a pilot that is handed in."""
    id = world.at(State.PILOT)
    world.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=piloted(world, id))
    return id


def trail(world: World, id: str, action: str) -> list[str]:
    return [row.detail for row in world.store.trail.newest(TrailQuery(id, action=action))]


class TestBlind:
    def test_ten_pairs_differ_and_tell_nothing_before_they_are_rated(self, quick: World) -> None:
        found = read(quick, tried(quick)).blind
        assert found and len(found.pairs) == 10 and found.same == 14
        assert all(one.a != one.b and one.revealed is None for one in found.pairs)
        firsts = {one.a == one.expected for one in found.pairs}
        assert firsts == {True, False}, "the better arm is not always on one side"

    def test_the_same_cases_for_all_in_an_order_of_ones_own(self, quick: World) -> None:
        id = tried(quick)
        seen = [read(quick, id, quick.person(Role.REVIEWER)).blind for _ in range(3)]
        assert len({tuple(one.case for one in found.pairs) for found in seen if found}) == 1
        assert len({tuple(one.a for one in found.pairs) for found in seen if found}) == 3

    def test_a_rating_reveals_counts_and_stands(self, quick: World) -> None:
        id, person = tried(quick), quick.person(Role.REVIEWER)
        before = read(quick, id, person)
        assert before.blind
        pair = before.blind.pairs[0]
        right = "a" if pair.a == pair.expected else "b"
        assert rate(quick.store, before, pair.case, right, person) == "fine_tuning"  # type: ignore[arg-type]
        assert rate(quick.store, before, pair.case, "same", person) == "fine_tuning"
        after = read(quick, id, person).blind
        assert after and after.mine == {"fine_tuning": 1} and after.people == 1
        told = next(one for one in after.pairs if one.case == pair.case).revealed
        assert told and told.preferred == "fine_tuning"
        assert getattr(told, right) == "fine_tuning" and max(told.scores) == 1  # type: ignore[type-var]
        assert len(trail(quick, id, "rate_pair")) == 1

    def test_only_those_who_decide_rate(self, quick: World) -> None:
        id = tried(quick)
        seen = read(quick, id)
        assert seen.blind
        assert read(quick, id, Role.OWNER).blind.pairs == ()  # type: ignore[union-attr]
        with pytest.raises(NotAllowedError):
            rate(quick.store, seen, seen.blind.pairs[0].case, "a", quick.who[Role.AUDITOR])
        with pytest.raises(NotFoundError):
            rate(quick.store, seen, "another case", "a", quick.who[Role.REVIEWER])


class TestComments:
    def test_it_is_kept_once_and_its_words_stay_out_of_the_trail(self, quick: World) -> None:
        id, once = quick.at(State.SUBMITTED), key()
        reviewer = quick.who[Role.REVIEWER]
        made = {comment(quick.store, id, " Why now? ", reviewer, once) for _ in range(2)}
        assert len(made) == 1
        (said,) = read(quick, id).comments
        assert (said.text, said.version, said.actor) == ("Why now?", 1, reviewer)
        (row,) = trail(quick, id, "comment")
        assert "Why" not in row and made.pop() in row
        with pytest.raises(ConflictError):
            comment(quick.store, id, "Another", reviewer, once)

    def test_the_owner_answers_and_others_do_not(self, quick: World) -> None:
        id = quick.at(State.SUBMITTED)
        comment(quick.store, id, "Because of the season.", quick.who[Role.OWNER], key())
        for role in (Role.AUDITOR, Role.RUNNER):
            with pytest.raises(NotAllowedError):
                comment(quick.store, id, "Me too", quick.who[role], key())
        assert len(trail(quick, id, "refused_attempt")) == 2

    @pytest.mark.parametrize("text", ["", " \n ", "x" * 4_001, "a\x00b", "\ud800"])
    def test_what_cannot_be_kept_is_refused(self, quick: World, text: str) -> None:
        id = quick.standing(State.SUBMITTED)
        with pytest.raises(InputError):
            comment(quick.store, id, text, quick.who[Role.REVIEWER], key())


class TestSimilar:
    def described(self, world: World, title: str, text: str) -> str:
        id = world.proposal()
        edit = {"title": title, "description": text}
        world.store.edit(id, edit, world.who[Role.OWNER], key())
        world.assess(id)
        world.decide(id, Action.SUBMIT, Role.OWNER)
        return id

    def test_what_means_the_same_is_found_with_how_it_ended(
        self, quick: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.described(quick, "Mowers", "It explains how a lawn mower is put together.")
        refused = self.described(quick, "Invoices", "It must read amounts from scanned invoices.")
        quick.decide(refused, Action.REFUSE, Role.REVIEWER)
        self.described(quick, "Poems", "It writes rhymes about flowers for birthday cards.")
        mine = self.described(quick, "Bills", "Amounts are taken from photographs of bills.")
        never = quick.proposal()
        monkeypatch.setattr(similar_module, "FRESH", 2)
        monkeypatch.setattr(similar_module, "_known", {})
        first = similar(quick.store, mine, load_encoder())
        assert first.compared == 2 and first.waiting > 0, "the newest are read first"
        found = first.found
        assert [one.proposal for one in found] == [refused]
        assert (found[0].state, found[0].reason) == (State.REFUSED, REASON)
        assert 0.5 < found[0].closeness < 1
        again = similar(quick.store, mine, load_encoder())
        assert again.compared > 2 and never not in {one.proposal for one in again.found}
        monkeypatch.setattr(similar_module, "_known", {})
        monkeypatch.setattr(similar_module, "FRESH", 0)
        kept = similar(quick.store, mine, load_encoder())
        assert kept == again, "what was read is kept in a file"

    def test_reading_ahead_leaves_nothing_to_wait_for(
        self, quick: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine = self.described(quick, "Maps", "It draws the way to the next shop.")
        monkeypatch.setattr(similar_module, "_known", {})
        assert read_ahead(quick.store, load_encoder) > 0
        assert read_ahead(quick.store, load_encoder) == 0
        assert similar(quick.store, mine, load_encoder()).waiting == 0

    def test_nothing_is_loaded_before_anything_was_handed_in(self, store: Store) -> None:
        assert read_ahead(store, lambda: pytest.fail("the encoder was loaded")) == 0

    def test_an_approval_that_is_over_counts_as_expired(self, quick: World) -> None:
        over = quick.standing(State.EXPIRED)
        found = similar(quick.store, quick.proposal(), load_encoder()).found
        states = {one.proposal: one.state for one in found}
        assert states.get(over, State.EXPIRED) is State.EXPIRED


class TestDeciding:
    def typed(self, found: Dossier, **more: object) -> TypedDecision:
        ticks = {name: ("yes", "") for name in found.view.checklist}
        given = {"action": Action.APPROVE_PILOT, "reason": REASON, "ticks": ticks}
        return TypedDecision(**given | {"expires": datetime.now(UTC).date()} | more)  # type: ignore[arg-type]

    def test_all_that_is_wrong_is_said_at_once_by_field(self, quick: World) -> None:
        found = read(quick, quick.standing(State.SUBMITTED))
        name, other, *_ = found.view.checklist
        wrong = self.typed(
            found, reason="Fine.", ticks={name: ("no", " ")}, expires=None,
            conditions=(TypedCondition("Do it", None, None),),
        )  # fmt: skip
        with pytest.raises(InputError) as error:
            request_of(found.view, wrong)
        places = {one.where for one in error.value.problems}
        assert places >= {"reason", "expires", f"checklist.{name}", f"checklist.{other}"}
        assert {f"conditions.#1.{part}" for part in ("what", "owner", "due")} <= places

    def test_hostile_figures_are_refused_in_words(self, quick: World) -> None:
        found = read(quick, quick.standing(State.SUBMITTED))
        for wrong in ({"minutes": float("nan")}, {"compute": -1.0}, {"reason": "\ud800" + REASON}):
            with pytest.raises(InputError) as error:
                request_of(found.view, self.typed(found, **wrong))
            assert [one.where for one in error.value.problems] == [*wrong]

    def test_the_button_says_what_is_recorded(self, quick: World) -> None:
        seen = read(quick, quick.standing(State.SUBMITTED)).view
        day = datetime(2026, 12, 27, tzinfo=UTC).date()
        words = record_words(seen, Action.APPROVE_PILOT, day)
        assert words == "Record: approve a pilot of version 1 until 27 December 2026"
        assert record_words(seen, Action.REFUSE, day) == "Record: refuse version 1"

    def test_after_a_vote_and_after_the_last_one(self, quick: World) -> None:
        id = quick.at(State.SUBMITTED, answers={"labelled_examples": 10})
        assert [one.id for one in forbidding(read(quick, id).view, Action.APPROVE_PILOT)]
        assert not forbidding(read(quick, id).view, Action.OVERRIDE)
        made = quick.decide(id, Action.OVERRIDE, Role.RISK)
        assert "another person must agree" in after_words(made)
        assert not forbidding(read(quick, id).view, Action.APPROVE_PILOT), "it was set aside"
        made = quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
        assert "revoke" in after_words(made)
        assert view(quick.store, id, quick.book).state is State.PILOT


class TestWords:
    def test_operations_and_shares_are_short(self) -> None:
        assert [operations(one) for one in (1, 1200, 4.8e17, 1e23)] == [
            "1",
            "1,200",
            "4.8e17",
            "1e23",
        ]
        shown = [percent_words(one) for one in (0, 1e-6, 0.00144, 0.13, 12.5)]
        assert shown == ["under 0.0001 %", "under 0.0001 %", "0.0014 %", "0.13 %", "12.5 %"]

    @given(st.lists(st.floats(1e6, 1e30), min_size=2, max_size=2))
    def test_more_operations_never_read_as_fewer(self, found: list[float]) -> None:
        read = [float(operations(one)) for one in sorted(found)]
        assert all(one <= other for one, other in pairwise(read))

    def test_two_with_one_name_are_told_apart(self, quick: World) -> None:
        one, other = quick.person(Role.OWNER), quick.person(Role.OWNER)
        names = distinct_names(quick.people.all())
        assert names[one] != names[other] and names[quick.admin] == "Root"
