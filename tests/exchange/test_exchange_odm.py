"""ODM metadata of both versions as forms: texts in two languages, codes, units, checks, conditions, visits; hostile XML refused."""

import pytest

from trialwright.exchange.errors import ExchangeError
from trialwright.exchange.odm.read import read_odm
from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts
from trialwright.study.model import Form, Text
from trialwright.study.tables import parse_table

V13 = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileOID="F" FileType="Snapshot"
  CreationDateTime="2020-01-01T00:00:00">
<Study OID="S"><GlobalVariables><StudyName>Invented</StudyName><StudyDescription>x</StudyDescription>
  <ProtocolName>I</ProtocolName>
</GlobalVariables><BasicDefinitions>
 <MeasurementUnit OID="MU.1" Name="mg/dL"><Symbol><TranslatedText xml:lang="en">mg/dL</TranslatedText></Symbol>
  </MeasurementUnit>
 <MeasurementUnit OID="MU.2" Name="furlong"><Symbol><TranslatedText xml:lang="en">furlong</TranslatedText></Symbol>
  </MeasurementUnit>
</BasicDefinitions>
<MetaDataVersion OID="MDV" Name="1">
 <Protocol><StudyEventRef StudyEventOID="SE.2" OrderNumber="2" Mandatory="Yes"/>
  <StudyEventRef StudyEventOID="SE.1" OrderNumber="1" Mandatory="Yes"/>
  <StudyEventRef StudyEventOID="SE.U" OrderNumber="3" Mandatory="No"/>
 </Protocol>
 <StudyEventDef OID="SE.1" Name="Screening visit" Repeating="No" Type="Scheduled"><FormRef FormOID="F.1" Mandatory="Yes"/>
  </StudyEventDef>
 <StudyEventDef OID="SE.2" Name="Week 4" Repeating="No" Type="Scheduled"><FormRef FormOID="F.1" Mandatory="Yes"/>
  </StudyEventDef>
 <StudyEventDef OID="SE.U" Name="Unscheduled" Repeating="Yes" Type="Unscheduled"><FormRef FormOID="F.1" Mandatory="Yes"/>
  </StudyEventDef>
 <FormDef OID="F.1" Name="Blood tests" Repeating="No"><ItemGroupRef ItemGroupOID="IG.1" Mandatory="Yes"/>
  <ItemGroupRef ItemGroupOID="IG.R" Mandatory="No"/></FormDef>
 <ItemGroupDef OID="IG.1" Name="Chemistry" Repeating="No">
  <ItemRef ItemOID="I.CREAT" Mandatory="Yes"/><ItemRef ItemOID="I.SEX" Mandatory="No"/>
  <ItemRef ItemOID="I.WHY" Mandatory="Yes" CollectionExceptionConditionOID="C.1"/><ItemRef ItemOID="I.NAME" Mandatory="No"/>
  <ItemRef ItemOID="I.SCAN" Mandatory="No"/><ItemRef ItemOID="I.DIST" Mandatory="No"/>
 </ItemGroupDef>
 <ItemGroupDef OID="IG.R" Name="Doses" Repeating="Yes"><ItemRef ItemOID="I.DOSE" Mandatory="Yes"/></ItemGroupDef>
 <ItemDef OID="I.CREAT" Name="creat" DataType="float" Length="6" SignificantDigits="2">
  <Question><TranslatedText xml:lang="en">Serum creatinine</TranslatedText>
  <TranslatedText xml:lang="fa">کراتینین سرم</TranslatedText></Question>
  <MeasurementUnitRef MeasurementUnitOID="MU.1"/>
  <RangeCheck Comparator="GE" SoftHard="Hard"><CheckValue>0.1</CheckValue><ErrorMessage>
   <TranslatedText xml:lang="en">Too low to be true</TranslatedText>
  <TranslatedText xml:lang="fa">بیش از حد کم است</TranslatedText></ErrorMessage></RangeCheck>
  <RangeCheck Comparator="LE" SoftHard="Soft"><CheckValue>15</CheckValue></RangeCheck>
  <Alias Context="CDASH" Name="LBORRES"/><Alias Context="SDTM" Name="LB.LBORRES"/>
 </ItemDef>
 <ItemDef OID="I.SEX" Name="gender" DataType="text" Length="1"><Question><TranslatedText>Sex</TranslatedText></Question>
  <RangeCheck Comparator="IN" SoftHard="Soft"><CheckValue>M</CheckValue><CheckValue>F</CheckValue></RangeCheck>
  <CodeListRef CodeListOID="CL.1"/></ItemDef>
 <ItemDef OID="I.WHY" Name="why" DataType="text" Length="99"><Question><TranslatedText>Why not</TranslatedText></Question>
  </ItemDef>
 <ItemDef OID="I.NAME" Name="n" DataType="text" Length="99"><Question><TranslatedText>Patient's name</TranslatedText>
  </Question></ItemDef>
 <ItemDef OID="I.SCAN" Name="scan" DataType="base64Binary"><Question><TranslatedText>Scan</TranslatedText></Question></ItemDef>
 <ItemDef OID="I.DIST" Name="dist" DataType="integer" Length="3"><Question><TranslatedText>Walked</TranslatedText></Question>
  <MeasurementUnitRef MeasurementUnitOID="MU.2"/></ItemDef>
 <ItemDef OID="I.DOSE" Name="dose" DataType="integer" Length="3"><Question><TranslatedText>Dose</TranslatedText></Question>
  </ItemDef>
 <CodeList OID="CL.1" Name="Sex" DataType="text"><CodeListItem CodedValue="F"><Decode>
  <TranslatedText xml:lang="en">Female</TranslatedText>
  <TranslatedText xml:lang="fa">زن</TranslatedText></Decode></CodeListItem><EnumeratedItem CodedValue="M"/></CodeList>
 <ConditionDef OID="C.1" Name="done"><Description><TranslatedText xml:lang="en">The test was done</TranslatedText></Description>
  <FormalExpression Context="XPath">creat != ''</FormalExpression></ConditionDef>
</MetaDataVersion></Study></ODM>
"""
V20 = """<ODM xmlns="http://www.cdisc.org/ns/odm/v2.0" ODMVersion="2.0" FileOID="F" FileType="Snapshot"
  CreationDateTime="2020-01-01T00:00:00">
<Study OID="S" StudyName="I" ProtocolName="I"><MetaDataVersion OID="MDV" Name="1">
 <Protocol><StudyEventGroupRef StudyEventGroupOID="SG" OrderNumber="1" Mandatory="Yes"/></Protocol>
 <StudyEventGroupDef OID="SG" Name="All"><StudyEventRef StudyEventOID="SE.1" OrderNumber="1" Mandatory="Yes"/>
  </StudyEventGroupDef>
 <StudyEventDef OID="SE.1" Name="Day 1" Repeating="No" Type="Scheduled"><ItemGroupRef ItemGroupOID="IG.F" Mandatory="Yes"/>
  </StudyEventDef>
 <ItemGroupDef OID="IG.F" Name="Vitals" Repeating="No" Type="Form"><Description>
  <TranslatedText xml:lang="en" Type="text/plain">Vital signs
  </TranslatedText></Description><ItemGroupRef ItemGroupOID="IG.S" Mandatory="Yes"/></ItemGroupDef>
 <ItemGroupDef OID="IG.S" Name="Pressure" Repeating="No" Type="Section"><ItemRef ItemOID="I.SBP" Mandatory="Yes"/>
  </ItemGroupDef>
 <ItemDef OID="I.SBP" Name="sbp" DataType="integer"><Question>
  <TranslatedText xml:lang="fa" Type="text/plain">فشار سیستولی</TranslatedText></Question>
  <RangeCheck Comparator="LT" SoftHard="Hard"><CheckValue>300</CheckValue></RangeCheck></ItemDef>
</MetaDataVersion></Study></ODM>
"""


def blood_tests() -> Form:
    return next(form for form in read_odm(V13.encode()).written.forms if form.id == "blood_tests")


def test_texts_codes_units_and_aliases_arrive() -> None:
    creat, gender = blood_tests().items[:2]
    assert creat.label == Text(en="Serum creatinine", fa="کراتینین سرم")
    assert (creat.concept.kind, creat.concept.decimals, creat.concept.unit, creat.required) == ("decimal", 2, "mg/dL", True)
    assert (creat.concept.cdash, creat.concept.sdtm) == ("LBORRES", "LB.LBORRES")
    assert [(c.code, c.label) for c in gender.concept.choices] == [
        ("F", Text(en="Female", fa="زن")),
        ("M", Text(en="M", fa="M")),
    ]


def test_hard_stays_hard_and_soft_stays_soft() -> None:
    checks = blood_tests().checks
    assert [(c.rule, c.severity) for c in checks] == [
        ("creat >= 0.1", "hard"),
        ("creat <= 15.0", "soft"),
        ("gender == 'M' || gender == 'F'", "soft"),
    ]
    assert checks[0].message == Text(en="Too low to be true", fa="بیش از حد کم است")


def test_a_condition_is_a_question_in_its_own_words() -> None:
    item = blood_tests().item("why")
    assert item is not None
    assert not item.required
    assert "The test was done · creat != ''" in item.basis.question


def test_a_group_that_repeats_becomes_a_form_that_repeats() -> None:
    forms = {form.id: form for form in read_odm(V13.encode()).written.forms}
    assert [item.id for item in forms["doses"].items] == ["dose"]
    assert (forms["doses"].repeats, forms["blood_tests"].repeats) == (True, False)


def test_identities_files_and_unknown_units_are_listed() -> None:
    remarks = read_odm(V13.encode()).remarks
    assert {(one.kind, one.place) for one in remarks} >= {
        ("refused", "F.1.I.NAME"),
        ("left_out", "F.1.I.SCAN"),
        ("question", "F.1.I.DIST"),
        ("left_out", "SE.U"),
        ("question", "F.1.I.WHY"),
    }
    assert [item.id for item in blood_tests().items] == ["creat", "gender", "why", "dist"]


def test_visits_stand_in_the_protocols_order_and_ask_for_their_days() -> None:
    table = parse_table("schedule.toml", read_odm(V13.encode()).schedule)
    visits = table.values["encounter"]
    assert [visit["id"] for visit in visits] == ["screening_visit", "week_4"]
    assert all(visit["forms"] == ["blood_tests", "doses"] and "which day" in visit["question"] for visit in visits)


def test_version_two_keeps_sections_as_headings_and_persian_as_it_is() -> None:
    found = read_odm(V20.encode())
    (form,) = found.written.forms
    assert (found.version, form.label.en) == ("2.0", "Vital signs")
    assert form.items[0].label.fa == "فشار سیستولی"
    assert [(c.rule, c.severity) for c in form.checks] == [("sbp < 300.0", "hard")]
    assert "# Pressure\n[[item]]" in found.written.files["forms/vitals.toml"]
    assert parse_table("s", found.schedule).values["encounter"][0]["forms"] == ["vitals"]


def test_no_concept_of_the_library_is_given_another_meaning() -> None:
    library = read_concepts(library_text(CONCEPTS_FILE, {}) or "")
    found = read_odm(V13.replace('Name="creat"', 'Name="creatinine"').encode())
    assert "creatinine" in library
    assert not set(found.written.concepts) & set(library)


_XXE = '<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
_BOMB = "<!DOCTYPE ODM [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (V20.replace("<ODM", f"{_XXE}<ODM", 1).replace("Vitals", "&x;"), "XML"),
        (V20.replace("<ODM", f"{_XXE}<ODM", 1), "document type"),
        (V20.replace("<ODM", f"{_BOMB}<ODM", 1), "document type"),
        (V20.replace("</ODM>", ""), "not XML"),
        (V20.replace("odm/v2.0", "odm/v3.0"), "expected ODM"),
        ("<a>" * 400 + "</a>" * 400, "XML"),
        ("<html/>", "begins with html"),
        (V20.replace("MetaDataVersion", "Other"), "no Study with a MetaDataVersion"),
        (V20.replace('OID="I.SBP" Name', 'OID="" Name'), "is missing or stands twice"),
        ("", "not XML"),
    ],
)
def test_hostile_and_broken_xml_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(ExchangeError) as refusal:
        read_odm(text.encode())
    assert says in refusal.value.sentence


def test_a_group_within_itself_ends() -> None:
    loop = V20.replace(
        '<ItemRef ItemOID="I.SBP" Mandatory="Yes"/>', '<ItemRef ItemOID="I.SBP"/><ItemGroupRef ItemGroupOID="IG.F"/>'
    )
    assert read_odm(loop.encode()).written.forms
