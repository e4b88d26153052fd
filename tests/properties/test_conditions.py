"""Laws of conditions: more facts never overturn an answer, and a full set of facts always gives one."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from portal.citypack.checking import check
from projects.catalogue import conditions
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue, Clause, ConditionDef, ConditionKind

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
NUMBERS = ("floor_area_m2", "plan_height_m", "total_invest_wan")
FLAGS = ("is_linear", "low_risk")
CHOICES = {"fund_source": ("gov", "social"), "land_mode": ("alloc", "transfer", "own", "lease")}
LIMITS = st.integers(0, 5)


@cache
def demo() -> Catalogue:
    return compile_catalogue(version_id=1, number=1, documents=check(PACK).documents)


def clauses() -> st.SearchStrategy[Clause]:
    ordered = st.builds(Clause, st.sampled_from(NUMBERS), st.sampled_from(("le", "lt", "ge", "gt", "eq", "ne")), LIMITS)
    flags = st.builds(Clause, st.sampled_from(FLAGS), st.sampled_from(("eq", "ne")), st.booleans())
    choices = st.sampled_from(tuple(CHOICES)).flatmap(
        lambda field: st.builds(
            Clause, st.just(field), st.just("in"), st.lists(st.sampled_from(CHOICES[field]), min_size=1).map(tuple)
        )
    )
    return st.one_of(ordered, flags, choices)


CONDITIONS = st.builds(
    ConditionDef,
    id=st.just("c"),
    label=st.just("c"),
    kind=st.just(ConditionKind.FIELD),
    all=st.lists(clauses(), max_size=4).map(tuple),
    any=st.lists(clauses(), max_size=4).map(tuple),
).filter(lambda condition: condition.all or condition.any)

FACTS = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMBERS, LIMITS),
        **{field: st.booleans() for field in FLAGS},
        **{field: st.sampled_from(values) for field, values in CHOICES.items()},
    }
)


def plainly(condition: ConditionDef, facts: dict[str, Any]) -> bool:
    """The textbook answer for a full set of facts, written apart from the code under test."""

    def holds(clause: Clause) -> bool:
        value: Any = facts[clause.field]
        limit: Any = clause.value
        return {
            "eq": lambda: value == limit,
            "ne": lambda: value != limit,
            "in": lambda: value in limit,
            "le": lambda: value <= limit,
            "lt": lambda: value < limit,
            "ge": lambda: value >= limit,
            "gt": lambda: value > limit,
        }[clause.op]()

    return all(map(holds, condition.all)) and (not condition.any or any(map(holds, condition.any)))


@given(CONDITIONS, FACTS)
def test_full_facts_give_the_textbook_answer(condition: ConditionDef, facts: dict[str, Any]) -> None:
    verdict = conditions.judge(demo(), condition, facts)

    assert verdict.value is plainly(condition, facts)
    assert verdict.reason
    assert verdict.unknown == ()


@given(CONDITIONS, FACTS, st.sets(st.sampled_from((*NUMBERS, *FLAGS, *CHOICES))))
def test_an_answer_is_never_overturned_by_more_facts(
    condition: ConditionDef, facts: dict[str, Any], hidden: set[str]
) -> None:
    known = {field: value for field, value in facts.items() if field not in hidden}

    early = conditions.judge(demo(), condition, known)

    if early.value is not None:
        assert early.value is plainly(condition, facts)
    else:
        assert early.unknown
        assert set(early.unknown) <= hidden


@given(CONDITIONS, FACTS)
def test_facts_as_text_mean_the_same(condition: ConditionDef, facts: dict[str, Any]) -> None:
    typed = {field: str(value).lower() if isinstance(value, bool) else f" {value} " for field, value in facts.items()}

    assert conditions.judge(demo(), condition, typed).value is plainly(condition, facts)
