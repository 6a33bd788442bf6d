"""Who is asked: the team's model behind its endpoint, or a small model on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from advisor.core.settings import settings
from advisor.models.base import load_base
from advisor.models.chat import chat_all
from advisor.models.endpoint import ChatQuestion, Endpoint, EndpointError, Stop, configured
from advisor.pilot.probing.interventions import LONGEST, ProbeQuestion
from advisor.pilot.probing.probe_records import Intervention

if TYPE_CHECKING:
    from advisor.models.base import LoadedModel


class Answerer(Protocol):
    """A model that can be asked many questions."""

    @property
    def name(self) -> str:
        """The model, as people know it."""

    @property
    def own_model(self) -> bool:
        """Whether it is the team's model."""

    @property
    def larger(self) -> str | None:
        """The larger model that can be asked too, if there is one."""

    def answer(
        self, asks: Sequence[ProbeQuestion], stop: Stop, /
    ) -> Iterator[tuple[int, str | EndpointError]]:
        """Yield `(place, text)` as the answers come, in any order."""


@dataclass(frozen=True)
class ServiceAnswerer:
    """The model of a service, and the larger one beside it."""

    endpoint: Endpoint
    larger: str | None
    own_model: bool = True

    @property
    def name(self) -> str:
        """The model, as the service names it."""
        return self.endpoint.model

    def answer(
        self, asks: Sequence[ProbeQuestion], stop: Stop
    ) -> Iterator[tuple[int, str | EndpointError]]:
        """Yield answers as they come.

        Raises:
            EndpointError: the service would answer none of them.
        """
        yield from self._from(self.endpoint, asks, stop, large=False)
        if self.larger:
            larger = replace(self.endpoint, model=self.larger, price_in=None, price_out=None)
            yield from self._from(larger, asks, stop, large=True)

    def _from(
        self, endpoint: Endpoint, asks: Sequence[ProbeQuestion], stop: Stop, large: bool
    ) -> Iterator[tuple[int, str | EndpointError]]:
        places = [n for n, ask in enumerate(asks) if (ask.change is Intervention.LARGER) is large]
        with closing(chat_all(endpoint, [_question(asks[n]) for n in places], stop)) as answers:
            for place, answer in answers:
                text = answer if isinstance(answer, EndpointError) else answer.text
                yield places[place], text


def _question(ask: ProbeQuestion) -> ChatQuestion:
    """Return what a service is asked; its model ends by itself, and may think first."""
    return ChatQuestion(ask.messages, _form(ask), LONGEST, ask.temperature, ask.seed)


def _form(ask: ProbeQuestion) -> dict[str, Any] | None:
    """Return the schema an answer is held to; labels are held by a schema that lists them."""
    if ask.labels:
        label = {"type": "string", "enum": list(ask.labels)}
        return {"type": "object", "properties": {"label": label}, "required": ["label"],
                "additionalProperties": False}  # fmt: skip
    return ask.schema


@dataclass(frozen=True)
class LocalAnswerer:
    """A small model on this machine, which stands in for the team's."""

    base: LoadedModel
    larger: None = None
    own_model: bool = False

    @property
    def name(self) -> str:
        """The model, as people know it."""
        return self.base.name

    def answer(
        self, asks: Sequence[ProbeQuestion], stop: Stop
    ) -> Iterator[tuple[int, str | EndpointError]]:
        """Yield answers as they come; questions of one form are written together.

        A seed is not needed: equal questions are drawn apart.
        """
        from advisor.models.generation import AnswerForm, write  # heavy: torch

        for places in _alike(asks):
            first = asks[places[0]]
            form = AnswerForm.labels(first.labels) if first.labels else None
            form = AnswerForm.schema(first.schema) if first.schema else form
            written = write(
                self.base,
                [asks[place].messages for place in places],
                max_new_tokens=[asks[place].max_tokens for place in places],
                form=form,
                temperature=[asks[place].temperature for place in places],
                stop=stop,
            )
            for place, answer in written:
                yield places[place], answer.text


def _alike(asks: Sequence[ProbeQuestion]) -> list[list[int]]:
    """Group the places of asks that can be written together."""
    held = [ask.change is Intervention.CONSTRAINED for ask in asks]
    groups = ([place for place, form in enumerate(held) if form is one] for one in (False, True))
    return [group for group in groups if group]


def answerer() -> Answerer:
    """Return the team's model if an endpoint is configured, else the small one on this machine.

    Raises:
        InputError: the settings name only a part of an endpoint.
        ModelError: the base model is missing or altered.
    """
    if endpoint := configured():
        return ServiceAnswerer(endpoint, settings().endpoint_larger_model)

    return LocalAnswerer(load_base())
