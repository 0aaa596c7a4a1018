"""Nothing personal gets out: the leak corpus, the allow-lists, the rules for natural persons."""

from typing import Any

import pytest

from gongchou.core.disclosure import (
    SECRET,
    check_public,
    disclose,
    is_natural_person,
    masked,
    personal,
    same_place,
)
from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.refusals import Invalid
from gongchou.core.terms import PublicationKind

KIND = PublicationKind.RESULT_NOTICE

# Made up: numbers of no subscriber, identity numbers of an area that does not exist.
LEAKS = [
    ("请联系13800000000", "13800000000", "电话"),
    ("手机138-0000-0000接听", "138-0000-0000", "电话"),
    ("手机 139 0000 0000", "139 0000 0000", "电话"),
    ("电话＋86１３８００００００００", "＋86１３８００００００００", "电话"),
    ("值班0315-2000000", "0315-2000000", "电话"),
    ("值班（0315）2000000", "（0315）2000000", "电话"),
    ("联系电话：2000000", "2000000", "电话"),
    ("身份证139901199001010018", "139901199001010018", "证件号码"),
    ("身份证13990119900101001x。", "13990119900101001x", "证件号码"),
    ("身份证139901 19900101 0018", "139901 19900101 0018", "证件号码"),
    ("旧证139901900101001", "139901900101001", "证件号码"),
    ("车辆冀B12345运输", "冀B12345", "车牌号"),
    ("车辆冀B·D12345停放", "冀B·D12345", "车牌号"),
    ("邮箱abc.d@example.com", "abc.d@example.com", "电子邮箱"),
    ("微信号：abc_12345", "abc_12345", "社交账号"),
    ("家住幸福里3号楼201，开店", "幸福里3号楼201", "住址"),
    ("举报人：张三丰反映", "张三丰", "人员姓名"),
    ("卡号6200000000000000000", "6200000000000000000", "银行卡号"),
]


@pytest.mark.parametrize(("text", "secret", "what"), LEAKS)
def test_each_leak_of_the_corpus_is_masked_by_a_word(text, secret, what):
    assert [f.what for f in personal(text)] == [what]
    assert secret not in masked(text)
    assert f"［{what}已隐去］" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "责令改正〔2026〕13号，2026-01-05办结",
        "基数 11 家 × 25% = 2.75，进一为 3 家。",
        "统一社会信用代码 91990173000000017G",
        "13800000000abcdef13800000000abcdef1380000000013800000000abcdef1380",
        "V990173-2026Q1-0001",
        "负责人未到场，冀东水泥类企业",
        "GB 16297-1996 表2，标准 0.5 mg/m3",
    ],
)
def test_ordinary_words_numbers_and_digests_stay(text):
    assert masked(text) == text


def test_names_given_are_masked_wherever_they_stand():
    assert masked("由张三丰陪同，张三丰签字", ["张三丰", "某"]).count("人员姓名已隐去") == 2


def result(**fields: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": 1, "task": "日常双随机抽查", "items": ["大气治理"], "subject": "演示印染第001厂",
        "uscc": "91990173000000017G", "authority": "临溪分局（虚构）", "ended_on": "2026-01-05",
        "result_code": "no_problem", "result": "未发现问题", "handling": "无需处理", "note": "",
        "area": "东片", "chosen": "随机抽取", "joint": "非联合", "problem_count": 0, "problems": [],
        "rectified": "", "cards": ["演示0001"], "draw": "D1",
    }  # fmt: skip
    return row | fields


def notice(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "公示表", "bureau": "990173", "bureau_name": "临溪分局（虚构）",
        "quarter": "2026Q1", "rows": list(rows),
    }  # fmt: skip


def test_an_ordinary_result_is_public_as_it_is():
    found = disclose(KIND, notice(result()))
    assert (found.document, found.marks) == (notice(result()), ())


def test_withheld_fields_are_left_out_and_shown_to_the_approver():
    found = disclose(KIND, notice(result(contact="13800000000", inspectors="李执法")))
    assert found.document == notice(result())
    assert {(m.label, m.was) for m in found.marks} == {
        ("联系方式", "13800000000"),
        ("检查人员", "李执法"),
    }


@pytest.mark.parametrize("kind", PublicationKind)
def test_a_field_in_no_table_is_refused(kind):
    with pytest.raises(Invalid, match="不在公开范围内的字段 gps_track"):
        disclose(kind, {"gps_track": "0,0"})


def test_a_field_that_is_unknown_deep_inside_or_missing_is_refused():
    with pytest.raises(Invalid, match=r"rows\.0.*signature"):
        disclose(KIND, notice(result(signature="…")))
    short = result()
    del short["result"]
    with pytest.raises(Invalid, match="缺少字段 result"):
        disclose(KIND, notice(short))


def test_values_of_the_wrong_kind_are_refused():
    for wrong in ({"number": "1"}, {"task": 3}, {"items": "大气治理"}, {"number": True}):
        with pytest.raises(Invalid):
            disclose(KIND, notice(result(**wrong)))


@pytest.mark.parametrize("uscc", ["92990173MA0000001X", ""])
def test_sole_traders_and_who_has_no_code_are_masked_as_persons(uscc):
    row = disclose(KIND, notice(result(subject="张三小吃店", uscc=uscc))).document["rows"][0]
    assert row["subject"] == "张***店"
    assert row["uscc"] == ("92************001X" if uscc else "")
    assert is_natural_person(uscc)


def test_a_free_text_loses_its_phone_and_says_why():
    [mark] = disclose(KIND, notice(result(note="电话13800000000"))).marks
    assert (mark.path, mark.why) == ("rows.0.note", "含有电话")


def test_a_marked_trade_secret_is_taken_out_and_a_wrong_mark_is_refused():
    found = disclose(KIND, notice(result(note="配方")), secrets=["rows.0.note"])
    assert found.document["rows"][0]["note"] == SECRET
    with pytest.raises(Invalid, match="不是可以标记"):
        disclose(KIND, notice(result()), secrets=["rows.0.number"])


@pytest.mark.parametrize(
    ("path", "now", "place"),
    [
        ("note", {"note": "其他"}, "note"),
        ("note", {"note": ""}, ""),
        ("problems.1", {"problems": ["乙", "甲"]}, "problems.0"),
        ("problems.1", {"problems": ["甲"]}, ""),
        ("problems.0", {"problems": ["甲", "乙"]}, "problems.0"),
    ],
)
def test_a_text_is_found_again_in_a_later_row(path, now, place):
    was = {"note": "配方", "problems": ["甲", "乙"]}
    assert same_place(path, was, now) == place


def test_what_was_disclosed_is_public_and_what_was_not_is_refused():
    raw = notice(result(subject="张三小吃店", uscc="92990173MA0000001X", note="电话13800000000"))
    check_public(KIND, disclose(KIND, raw).document)
    with pytest.raises(Invalid, match="不能公开"):
        check_public(KIND, raw)


def test_a_record_under_a_digest_is_refused_whole_where_it_holds_a_phone():
    record = {field: "" for field in FIELDS[PublicationKind.DRAW_RECORD] if field != "witnesses"}
    record |= {
        "visit_count": 1,
        "strata": [],
        "overrides": [],
        "record": {"closing": "13800000000", "avoid": ["13800000000"]},
    }
    with pytest.raises(Invalid, match=r"record\.avoid\.0.*电话"):
        disclose(PublicationKind.DRAW_RECORD, record)


def named(fields: dict[str, Field]) -> list[tuple[str, Treatment]]:
    return [(k, f.treatment) for k, f in fields.items()] + [
        pair for f in fields.values() for pair in named(f.fields)
    ]


@pytest.mark.parametrize("kind", PublicationKind)
def test_no_table_opens_what_must_stay_closed(kind):
    closed = {"contact", "address", "inspectors", "legal_representative", "made_by", "approved_by"}
    opened = {name for name, treatment in named(FIELDS[kind]) if treatment != Treatment.WITHHELD}
    assert not closed & opened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("由张建国厂长签收", "由［人员姓名已隐去］厂长签收"),
        ("现场陪同：李女士", "现场陪同：［人员姓名已隐去］女士"),
        ("已通知车间主任", "已通知车间主任"),
        ("水泥厂厂长不在场", "水泥厂厂长不在场"),
    ],
)
def test_a_name_before_a_form_of_address_is_masked_and_a_post_alone_is_not(text, shown):
    assert masked(text) == shown
