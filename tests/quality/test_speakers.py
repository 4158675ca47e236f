"""What PolNeAR does not annotate is not held against a report, and nothing else is left out."""

import json

from tests.quality.speakers import drop_relays


def test_sources_that_relay_are_left_out_and_everything_else_stays() -> None:
    report = {"id": "made", "sources": [{"id": 0, "how": "relays"}, {"id": 1, "how": "speaks"}], "hedges": []}
    kept = json.loads(drop_relays(json.dumps(report).encode()))
    assert kept == {"id": "made", "sources": [{"id": 1, "how": "speaks"}], "hedges": []}


def test_a_line_with_an_error_stays_as_it_is() -> None:
    failed = {"id": "made", "error": {"kind": "bad_line", "message": "No JSON."}, "sources": []}
    assert json.loads(drop_relays(json.dumps(failed).encode())) == failed
