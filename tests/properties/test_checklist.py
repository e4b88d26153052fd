"""What holds for the checklist of every project, whatever is known of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.catalogue import queries
from projects.catalogue.definitions import Catalogue
from projects.planning import checklist

# The definitions never change during a test, so one reading serves all examples.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def catalogue(pack) -> Catalogue:
    return queries.catalogue(pack.pk)


def facts_of(catalogue: Catalogue) -> st.SearchStrategy[dict]:
    """Draw facts over the fields that conditions read, each known or not."""
    fields: dict[str, st.SearchStrategy] = {}
    for condition in catalogue.conditions.values():
        if condition.may_be_declared:
            fields[condition.declare_field] = st.booleans()
        for field in condition.field_ids:
            definition = catalogue.fields[field]
            options = list(catalogue.options(definition.codes))
            fields[field] = (
                st.sampled_from(options)
                if options
                else st.booleans()
                if definition.type == "bool"
                else st.integers(0, 10**6)
            )
    return st.fixed_dictionaries({}, optional=fields)


@shared
@given(data=st.data())
def test_no_item_is_ever_dropped_and_each_says_why(catalogue, data):
    flow = data.draw(st.sampled_from(list(catalogue.flows)))

    items = checklist.build(catalogue, flow, data.draw(facts_of(catalogue)))

    assert [item.id for item in items] == list(dict.fromkeys(catalogue.flows[flow].items))
    for item in items:
        assert item.reason
        assert item.limit_days >= 1
        assert (item.applies is None) == bool(item.unknown)


@shared
@given(data=st.data())
def test_prerequisites_apply_and_what_is_open_is_waited_for(catalogue, data):
    flow = data.draw(st.sampled_from(list(catalogue.flows)))

    items = {item.id: item for item in checklist.build(catalogue, flow, data.draw(facts_of(catalogue)))}

    for item in items.values():
        possible = [other for other in item.item.prereq if other in items and items[other].applies is not False]
        assert list(item.waits_for) == possible
        assert list(item.prerequisites) == [other for other in possible if items[other].applies]


@shared
@given(data=st.data())
def test_more_facts_never_turn_an_answer(catalogue, data):
    flow = data.draw(st.sampled_from(list(catalogue.flows)))
    known = data.draw(facts_of(catalogue))
    more = {**data.draw(facts_of(catalogue)), **known}

    before = checklist.build(catalogue, flow, known)
    after = checklist.build(catalogue, flow, more)

    for old, new in zip(before, after, strict=True):
        assert old.applies is None or old.applies == new.applies
