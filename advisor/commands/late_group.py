"""Groups of commands whose file is read when one of them is asked for, so that help is quick."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from typer.core import TyperGroup
from typer.main import get_group_from_info
from typer.models import TyperInfo

if TYPE_CHECKING:
    from typer._click.core import Command, Context

PLACES = {
    "audit": ("advisor.commands.audit", "audit_cli"),
    "people": ("advisor.commands.people", "people_cli"),
    "token": ("advisor.commands.tokens", "token_cli"),
}


class LateGroup(TyperGroup):
    """A group that knows its name and its help, and reads its commands from `PLACES`."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of the commands."""
        self._read()
        return super().list_commands(ctx)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command."""
        self._read()
        return super().get_command(ctx, cmd_name)

    def _read(self) -> None:
        if self.commands:
            return
        module, name = PLACES[self.name or ""]
        self.commands = get_group_from_info(
            TyperInfo(getattr(import_module(module), name)),
            pretty_exceptions_short=True,
            suggest_commands=True,
            rich_markup_mode=self.rich_markup_mode,
        ).commands
