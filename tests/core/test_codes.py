"""Codes as they stand on licences and permits, and as spreadsheets spoil them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.codes import (
    USCC_ALPHABET,
    clean,
    document_number_problem,
    excel_damage,
    industry_code_problem,
    matching_key,
    organization_code_check,
    organization_code_problem,
    region_code_problem,
    site_code_problem,
    site_code_warning,
    uscc_check,
    uscc_problem,
)

GOOD = ["91130200699229617X", "91512081MA62K0260E", "91350100M000100Y43"]


@pytest.mark.parametrize("code", GOOD)
def test_a_right_credit_code_has_no_problem(code):
    assert uscc_problem(code) is None
    assert organization_code_problem(code[8:17]) is None


def test_the_known_wrong_credit_code_is_refused_and_the_letter_named():
    problem = uscc_problem("91350100M000100Y4Z")
    assert problem is not None
    assert "第18位不得使用“Z”" in problem


def test_a_wrong_check_character_names_the_right_one():
    problem = uscc_problem("91350100M000100Y44")
    assert problem is not None
    assert "应为“3”，实为“4”" in problem


@pytest.mark.parametrize("code", GOOD)
def test_one_mistyped_character_never_passes(code):
    for place in range(18):
        for other in USCC_ALPHABET.replace(code[place], ""):
            assert uscc_problem(code[:place] + other + code[place + 1 :]) is not None


def test_a_region_nobody_knows_is_not_refused():
    body = "91999999" + GOOD[0][8:17]
    assert uscc_problem(body + uscc_check(body)) is None


def test_a_short_code_is_told_its_length():
    assert "应为18位，实为17位" in str(uscc_problem(GOOD[0][:17]))
    assert "为空" in str(uscc_problem(" \u3000"))


@pytest.mark.parametrize(
    "typed",
    [
        "９１１３０２００６９９２２９６１７Ｘ",
        " 91130200699229617x\n",
        "9113\u00a00200 6992\u200b2961\ufeff7X",
        "\u202a91130200699229617X\u202c",
    ],
)
def test_full_width_blanks_and_invisible_characters_do_not_matter(typed):
    assert clean(typed) == "91130200699229617X"
    assert uscc_problem(typed) is None


def test_cleaning_twice_changes_nothing():
    once = clean("６９９２２９６１－７")
    assert once == clean(once) == "69922961-7"


@pytest.mark.parametrize("cell", ["9.11E+17", "9.1130200699229E+17", "9.11e17"])
def test_scientific_notation_is_called_what_it_is(cell):
    assert "科学计数法" in str(uscc_problem(cell))
    assert "科学计数法" in str(site_code_problem(cell))
    assert "“文本”格式" in str(organization_code_problem(cell))


def test_a_trailing_point_zero_is_called_what_it_is():
    assert "“.0”" in str(excel_damage("911302006992296170.0"))
    assert excel_damage("91130200699229617X") is None


def test_digits_rounded_to_zero_are_called_what_they_are():
    assert "改成了 0" in str(uscc_problem("911302006992296000"))


@pytest.mark.parametrize("code", ["699229617", "MA62K0260", "M000100Y4", "69922961-7"])
def test_a_right_organization_code_has_no_problem(code):
    assert organization_code_problem(code) is None


def test_an_organization_check_of_ten_is_x_and_of_eleven_is_zero():
    checks = {organization_code_check(f"{n:08}") for n in range(100)}
    assert checks == set("0123456789X")


@pytest.mark.parametrize("code", ["699229618", "69922961", "69922961企"])
def test_a_wrong_organization_code_is_refused(code):
    assert organization_code_problem(code) is not None


@pytest.mark.parametrize("letter", "PVQRUXYZW")
def test_a_site_code_may_end_in_any_letter(letter):
    assert site_code_problem(f"{GOOD[0]}001{letter}") is None
    assert site_code_warning(f"{GOOD[0]}001{letter}") is None


@pytest.mark.parametrize("code", ["91130200699229617X001", "91130200699229617XP001", ""])
def test_a_site_code_of_another_form_is_refused(code):
    assert site_code_problem(code) is not None


def test_a_site_code_with_a_letter_outside_the_alphabet_is_refused():
    assert "第18位不得使用“I”" in str(site_code_problem("91130200699229617I001P"))


def test_a_unit_without_credit_code_is_warned_of_but_kept():
    code = "H91302000000000001001P"
    assert site_code_problem(code) is None
    assert "可以忽略" in str(site_code_warning(code))


@pytest.mark.parametrize(
    ("code", "usual"), [("699229617", "组织机构代码"), ("130200000012345", "旧的工商注册号")]
)
def test_a_code_of_another_kind_is_recognised_by_its_length(code, usual):
    assert f"像是{usual}" in str(uscc_problem(code))


def test_a_permit_number_is_judged_like_a_site_code_under_its_own_name():
    assert site_code_problem(GOOD[0] + "001V", name="排污许可证编号") is None
    assert str(site_code_problem(GOOD[0], name="排污许可证编号")).startswith("排污许可证编号")


@pytest.mark.parametrize(
    ("code", "uscc", "says"),
    [
        ("H91302030000000001001P", "", "没有统一社会信用代码的单位"),
        (GOOD[0] + "001P", GOOD[1], "另一家单位"),
        (GOOD[0] + "001P", GOOD[0].lower(), "None"),
    ],
)
def test_a_strange_site_code_is_taken_with_a_hint(code, uscc, says):
    assert site_code_problem(code) is None
    assert says in str(site_code_warning(code, uscc))


def test_width_and_blanks_do_not_make_two_names_of_one():
    assert matching_key("演示（高新）\u200b 化工") == matching_key("演示(高新)化工")


def test_names_of_han_and_digits_match_as_those_looked_at_closely():
    name = "".join(map(chr, range(0x4E00, 0xA000))) + "0123456789"
    assert matching_key(name) == matching_key("\u200b" + name)
    assert matching_key("虚构１厂") == matching_key("虚构1厂")


def test_area_and_industry_codes_are_judged_by_form_only():
    assert region_code_problem("130273") is None
    assert region_code_problem("130273001") is None
    assert "6位数字" in str(region_code_problem("13027"))
    assert industry_code_problem("3110") is None
    assert industry_code_problem("c3110") is None
    assert "2至4位数字" in str(industry_code_problem("钢铁"))


@pytest.mark.parametrize(
    "number", ["唐环高发〔2024〕10号", "国办发明电〔2023〕7号", "唐环（高新）罚〔2024〕1号"]
)
def test_a_document_number_in_its_proper_form_has_no_problem(number):
    assert document_number_problem(number) is None


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("唐环高发[2024]10号", "六角括号"),
        ("唐环高发（2024）10号", "六角括号"),
        ("唐环高发〔24〕10号", "年份应写全四位"),
        ("唐环高发〔2024〕第10号", "不加“第”"),
        ("唐环高发〔2024〕010号", "不以0开头"),
        ("唐环高发〔2024〕10", "“号”字"),
        ("THGF〔2024〕10号", "应为汉字"),
        ("第十号文", "六角括号内的四位年份"),
        ("", "请写成“唐环高发〔2024〕10号”的样子"),
    ],
)
def test_a_document_number_written_otherwise_is_told_the_form(number, says):
    assert says in str(document_number_problem(number))


@given(st.text(max_size=30) | st.text("虚构化工ー－Aaß0０", max_size=8))
def test_an_invisible_character_changes_no_code(text):
    assert clean(f"{text}\u200b") == clean(text)


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing_and_any_text_gets_an_answer(text):
    assert clean(clean(text)) == clean(text)
    for judge in (uscc_problem, organization_code_problem, site_code_problem):
        assert (judge(text) or "。").endswith("。")
    assert (document_number_problem(text) or "。").endswith("。")


def test_a_pasted_page_does_not_fill_the_list_of_problems():
    page = "演示" * 5000
    for judge in (uscc_problem, site_code_problem, region_code_problem, document_number_problem):
        assert len(str(judge(page))) < 200


def test_a_sound_code_that_reads_like_a_power_of_ten_is_not_called_damaged():
    sound = "5E123456" + organization_code_check("5E123456")
    assert organization_code_problem(sound) is None
