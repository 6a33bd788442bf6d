"""The application: operations, what answers errors, and the document."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from advisor.api.asking import service_of
from advisor.api.document import document, responses
from advisor.api.limiting import Limiter, Rates
from advisor.api.operations import OPERATIONS
from advisor.api.pools import in_pool
from advisor.api.problems import HANDLERS
from advisor.api.service import Service
from advisor.errors import AdvisorError
from advisor.rules import load
from advisor.store import Store, open_store


async def ready(_: Request) -> JSONResponse:
    """Tell whether the database answers; 503 if not."""
    try:
        open_store().list_proposals(limit=1)
    except AdvisorError as error:
        return JSONResponse({"ready": False, "why": str(error)}, status_code=503)
    return JSONResponse({"ready": True})


def api(open: Callable[[], Store] = open_store, rates: Rates = Rates()) -> FastAPI:  # noqa: B008
    """Return the API, to be put below `/api`.

    Args:
        open: Gives the open database.
        rates: How often may be asked.
    """
    app = FastAPI(
        openapi_url=None,  # our own, below; pages that show it would load scripts from elsewhere
        redirect_slashes=False,
        exception_handlers=dict(HANDLERS),
    )
    app.state.service = Service(open, Limiter(rates))
    app.state.documents = Documents(app)
    for operation in OPERATIONS:
        app.add_api_route(
            operation.path,
            in_pool(operation.do, operation.pool),
            methods=[operation.method],
            status_code=operation.status,
            operation_id=operation.name,
            summary=operation.name.replace("_", " ").capitalize(),
            response_model=operation.gives,
            responses=responses(operation),
        )
    app.add_api_route("/openapi.json", read_document, include_in_schema=False)
    app.add_api_route("/ready", ready, include_in_schema=False)
    return app


async def read_document(request: Request) -> Response:
    """Return the OpenAPI document; it names the questions of the rules in force."""
    documents: Documents = request.app.state.documents
    text = await service_of(request).pools.desk.run(documents.latest)
    return Response(text, media_type="application/json")


class Documents:
    """The OpenAPI document for the rules in force, written once for each edition of them."""

    def __init__(self, app: FastAPI) -> None:
        """Describe `app`."""
        self._app = app
        self._written = ("", "")

    def latest(self) -> str:
        """Return the document as JSON."""
        book = load()
        if self._written[0] != book.fingerprint:
            self._written = (book.fingerprint, document(self._app.routes, book))
        return self._written[1]
