"""What schemathesis has to know of this API: its scalars, and which answers are refusals and no faults."""

import datetime

import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLClientError

# Refusals that no type can exclude: pages from both ends, foreign cursors, more than one field of a @oneOf input
# (which the generator does not know), documents that ask for too much. Any other code fails the run.
REFUSALS = {
    "BAD_USER_INPUT",
    "COST_LIMIT_EXCEEDED",
    "FIELD_LIMIT_EXCEEDED",
    "DEPTH_LIMIT_EXCEEDED",
    "ALIAS_LIMIT_EXCEEDED",
    "TOKEN_LIMIT_EXCEEDED",
    "GRAPHQL_PARSE_FAILED",
}

days = st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 1, 1))
times = st.datetimes(min_value=datetime.datetime(1900, 1, 1), max_value=datetime.datetime(2100, 1, 1))
decimals = st.decimals(-10_000, 10_000, places=4, allow_nan=False)

schemathesis.graphql.scalar("Date", days.map(lambda day: nodes.String(day.isoformat())))
schemathesis.graphql.scalar("DateTime", times.map(lambda at: nodes.String(at.isoformat(timespec="milliseconds") + "Z")))
schemathesis.graphql.scalar("Decimal", decimals.map(lambda number: nodes.String(str(number))))


def is_refusal(error):
    code = error.get("extensions", {}).get("code")
    is_one_of = code == "GRAPHQL_VALIDATION_FAILED" and "oneof" in error.get("message", "").lower()
    return code in REFUSALS or is_one_of


@schemathesis.check
def data_or_a_typed_refusal(ctx, response, case):
    """No fault of the server, no answer that its own schema forbids, and no refusal without a reason."""
    try:
        not_a_server_error(ctx, response, case)
    except GraphQLClientError as failure:
        if not all(is_refusal(error) for error in failure.errors):
            raise
