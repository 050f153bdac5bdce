"""The API driven from its own document by a fuzzer: whatever is sent, no bug comes out.

What it finds is printed as a curl command. A longer run is `make test-slow`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import schemathesis
from fakes import FakeCaptioner, FakeMapper
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from vocabularies import tuned_app

from captag import Pipeline, Settings
from web import create_app

if TYPE_CHECKING:
    from pathlib import Path

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
IN_ANY_TIME = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
    "database": None,  # what one run found must not decide what the next one tries
}


MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
ADDRESSES = sorted(
    (path, method)
    for path, operations in create_app(Settings(), Pipeline(FakeCaptioner(), FakeMapper()))
    .test_client()
    .get("/api/v1/openapi.json")
    .get_json()["paths"]
    .items()
    for method in operations
)


@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_whatever_is_sent_is_answered_as_documented(path: str, method: str, tmp_path: Path) -> None:
    drive(tmp_path, path, method, settings(max_examples=8, derandomize=True, **IN_ANY_TIME))


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_however_much_is_sent_is_answered_as_documented(
    path: str, method: str, tmp_path: Path
) -> None:
    drive(tmp_path, path, method, settings(max_examples=400, **IN_ANY_TIME))


def drive(folder: Path, path: str, method: str, how: settings) -> None:
    """Send what the document allows, and what it does not."""
    app = tuned_app(folder, photos_per_minute=10**6)
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)[path][method]
    takes = operation.definition.raw.keys() & {"parameters", "requestBody"}
    for mode in MODES if takes else MODES[:1]:  # where nothing is taken, nothing can be wrong

        @how
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, headers={"If-Match": "*"})

        send()
