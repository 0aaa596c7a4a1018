"""The letter with which an enterprise without a visit enters the public door."""

from datetime import datetime

from django.urls import NoReverseMatch, reverse

from gongchou.core.refusals import Refused
from gongchou.publication import slip_reads
from gongchou.publication.gathering_firms import firm_code
from gongchou.web.clock import day_of
from gongchou.web.papers import typeset, written_day


def firm_paper(bureau: str, subject: str, *, at: datetime) -> tuple[str, bytes]:
    """Name and PDF of a firm's letter of the year; Refused before its code was issued."""
    year = day_of(at).year
    found = slip_reads.firm_slip_of(bureau, subject, year)
    if found is None:
        raise Refused("这家企业今年还没有发过查验函，请先在“企业查验函”页面发给。")
    says = found.document
    data = {
        "title": "企业查验函",
        "organ": says["bureau_name"],
        "number": f"{subject}-{year}",
        "subject": says["subject"],
        "uscc": says["uscc"] or " ",
        "year": str(year),
        "door-code": firm_code(bureau, subject, year),
        "address": _address(),
        "issued": written_day(day_of(at)),
    }
    return f"企业查验函 {says['subject']}", typeset("publication/papers/firm.typ", data, at=at)


def _address() -> str:
    try:
        return reverse("portal:door")
    except NoReverseMatch:
        return " "
