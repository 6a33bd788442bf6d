"""Claims become people: checked, found again, and never given a role by what they claim."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, key

from advisor.domain.lifecycle import Role
from advisor.errors import NotAllowedError
from advisor.review.people.people import People
from advisor.review.people.signing_in import Claims, signed_in
from advisor.store.database.audit_trail import TrailQuery

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PROVIDER = "https://id.example.org"


def claims(sub: str, **more: Any) -> dict[str, Any]:
    """What a provider says, good for an hour."""
    said = {"iss": PROVIDER, "sub": sub, "exp": int(NOW.timestamp()) + 3_600, "name": "Ann Lee"}
    return said | more


def test_whoever_comes_for_the_first_time_is_added_without_a_role(world: World) -> None:
    found = signed_in(world.store, claims("new", roles=["administrator"], groups=["risk"]), NOW)
    assert (found.name, found.roles) == ("Ann Lee", ())
    assert signed_in(world.store, claims("new", name="Other"), NOW) == found
    joined = world.store.trail.newest(TrailQuery(action="join", actor=found.id))
    assert len(joined) == 1


def test_a_verified_address_finds_who_was_added_before(world: World) -> None:
    people = People(world.store)
    added = people.add("Ben", "ben.first@example.org", [Role.REVIEWER], world.admin, key())
    address = {"email": "Ben.First@example.org", "email_verified": True}
    found = signed_in(world.store, claims("ben", **address), NOW)
    assert (found.id, found.roles) == (added.id, (Role.REVIEWER,))
    other = signed_in(world.store, claims("ben2", **address), NOW)
    assert other.id != added.id and other.roles == (), "the address belongs to one subject only"


def test_an_address_nobody_vouches_for_finds_nobody(world: World) -> None:
    people = People(world.store)
    added = people.add("Cy", "cy@example.org", [Role.RISK], world.admin, key())
    for more in ({"email_verified": False}, {}):
        found = signed_in(world.store, claims(f"cy{more}", email="cy@example.org", **more), NOW)
        assert found.id != added.id and found.roles == ()


def test_a_role_that_was_taken_is_gone_at_the_next_look(world: World) -> None:
    found = signed_in(world.store, claims("dee"), NOW)
    people = People(world.store)
    people.give(found.id, Role.RISK, world.admin, key())
    assert signed_in(world.store, claims("dee"), NOW).roles == (Role.RISK,)
    people.take(found.id, Role.RISK, world.admin, key())
    assert signed_in(world.store, claims("dee"), NOW).roles == ()


def test_an_erased_person_comes_back_as_somebody_new(world: World) -> None:
    found = signed_in(world.store, claims("eve"), NOW)
    People(world.store).erase(found.id, world.admin, key())
    again = signed_in(world.store, claims("eve"), NOW)
    assert again.id != found.id and again.roles == ()


def test_a_sign_in_ends_with_its_token(world: World) -> None:
    signed_in(world.store, claims("fay"), NOW)
    late = NOW + timedelta(hours=1, minutes=2)
    with pytest.raises(NotAllowedError, match="Sign in again"):
        signed_in(world.store, claims("fay"), late)


def test_the_same_subject_of_another_provider_is_somebody_else(world: World) -> None:
    one = signed_in(world.store, claims("gus"), NOW)
    other = signed_in(world.store, claims("gus", iss="https://evil.example.org"), NOW)
    assert one.id != other.id


@given(
    wrong=st.dictionaries(
        st.sampled_from(["iss", "sub", "exp", "email", "email_verified", "name"]),
        st.none() | st.integers() | st.floats() | st.lists(st.text()) | st.just(""),
        min_size=1,
    )
)
def test_claims_of_the_wrong_kind_are_refused_in_words(wrong: dict[str, Any]) -> None:
    try:
        Claims.model_validate(claims("hal") | wrong)
    except ValueError:
        with pytest.raises(NotAllowedError, match="wrong or missing"):
            signed_in(None, claims("hal") | wrong, NOW)  # type: ignore[arg-type]


def test_two_windows_at_once_add_one_person(world: World) -> None:
    found: list[str] = []
    work = [
        threading.Thread(target=lambda: found.append(signed_in(world.store, claims("ida"), NOW).id))
        for _ in range(8)
    ]
    for one in work:
        one.start()
    for one in work:
        one.join()
    assert len(found) == 8 and len(set(found)) == 1
