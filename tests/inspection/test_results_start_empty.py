"""A result starts empty: in every table, on every form, on the phone, in every import."""

from collections.abc import Iterator
from datetime import timedelta

from django import forms
from django.apps import apps
from django.db.models.fields import NOT_PROVIDED
from django.urls import get_resolver

from gongchou.core.record import CheckAnswer, RecordBody
from gongchou.core.terms import ImportKind, ItemResult, VisitResult
from gongchou.inspection import parcels
from gongchou.registry.importing.columns import LAYOUTS
from tests.conftest import TODAY
from tests.inspection.people import LATER, started

# Words that other lists of the glossary have too say nothing about a result.
RESULTS = {*VisitResult, *ItemResult} - {"other", "refused"}


def values(choices) -> list[str]:
    return [value for value, _ in choices or () if not isinstance(value, (list, tuple))]


def presses(field: forms.Field) -> bool:
    """Whether a browser would send a result that nobody chose."""
    offered = values(getattr(field, "choices", ()))
    if not RESULTS & set(offered):
        return False
    is_shut = not isinstance(field.widget, forms.RadioSelect) and offered[0] != ""
    return is_shut or field.initial not in (None, "")


def every_form(root: type = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for one in root.__subclasses__():
        yield from (one, *every_form(one))


def test_no_column_of_any_table_fills_in_a_result():
    columns = [
        (model.__name__, field.name, field.default)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if RESULTS & set(values(getattr(field, "choices", None)))
    ]
    assert {"ResultLine", "LocalResult"} <= {model for model, _, _ in columns}
    assert [row for row in columns if row[2] not in (NOT_PROVIDED, "")] == []
    visit = apps.get_model("inspection", "Visit")
    assert visit().visit_result == ""


def test_no_form_of_the_product_presses_a_result():
    assert get_resolver().url_patterns
    ours = [form for form in every_form() if form.__module__.startswith("gongchou.")]
    assert len(ours) > 30
    pressed = [
        (form.__name__, name)
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if presses(field)
    ]
    assert pressed == []


def test_the_check_of_the_forms_sees_a_result_that_is_pressed():
    listed = [(one.value, one.label) for one in VisitResult]
    assert presses(forms.ChoiceField(choices=listed))
    assert presses(forms.ChoiceField(choices=[("", ""), *listed], initial="no_problem"))
    assert not presses(forms.ChoiceField(choices=listed, widget=forms.RadioSelect))


def test_a_new_record_holds_no_result_at_the_desk_and_on_the_phone(house):
    assert CheckAnswer(item="A1").result is None
    assert (RecordBody().handling, RecordBody().unvisitable) == (None, None)
    ref = started(house)
    sent = parcels.parcels(house.li, TODAY, until=LATER + timedelta(hours=8), root="http://t")
    record = next(parcel["record"] for parcel in sent if parcel["ref"] == ref)
    assert (record["answers"], record["handling"], record["unvisitable"]) == ([], "", "")


def test_no_import_brings_the_result_of_a_visit():
    assert set(LAYOUTS) == set(ImportKind)
    columns = [column for layout in LAYOUTS.values() for column in layout.columns]
    assert [one.field for one in columns if one.words in (VisitResult, ItemResult)] == []
    assert not {head for one in columns for head in one.headers} & {"检查结果", "抽查结果"}
