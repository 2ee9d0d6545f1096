"""One invented trial, written by hand in every form that is read; the print, the page and the PDF are made from the same list."""

import csv
import io
import json
from functools import cache
from html import escape

ENGLISH = """
furniture: Clinical Trial Protocol
furniture: Iranian Registry of Clinical Trials
printed: 12 Jun 2021
title: Invented cells in invented nephritis, a trial of two parallel groups
block: Protocol summary
Study aim: To see whether one infusion of invented cells lowers urine protein.
Design: Two parallel groups, randomised, the assessor is masked.
Settings and conduct: One ward. Participants are followed for 6 months.
Participants/Inclusion and exclusion criteria: Adults with invented nephritis. Not: pregnancy.
Intervention groups: Cells or usual care.
Main outcome variables: Urine protein in 24 hours.
block: General information
Reason for update: The phone number was changed.
Acronym:
sub: IRCT registration information
IRCT registration number:: IRCT20990101000001N1
Registration date:: 2020-04-01, 1399/01/13
Registration timing:: prospective
Last update:: 2020-05-02, 1399/02/13
Update count:: 1
Registration date: 2020-04-01, 1399/01/13
block: Registrant information
Name: A. Person
Phone: +98 21 0000 0000
Email address: person@example.org
Recruitment status: Recruiting
Expected recruitment start date: 2020-04-20, 1399/02/01
Expected recruitment end date: 2021-04-20, 1400/01/31
Actual recruitment start date: empty
Scientific title: Invented cells in invented nephritis, a trial of two parallel groups
Public title: Invented cells in invented nephritis
Purpose: Treatment
Inclusion/Exclusion criteria: Inclusion: adults with invented nephritis. Exclusion: pregnancy.
Age: From 18 years old
Gender: Both
Phase: 1-2
Groups that have been masked: Outcome assessor
sub: Sample size
Target sample size:: 40
Randomization (investigator's opinion): Randomized
Randomization description: Permuted blocks by computer; sealed envelopes.
Blinding (investigator's opinion): Single blinded
Blinding description: The assessor does not know the group.
Placebo: Not used
Assignment: Parallel
Other design features:
block: Secondary Ids
empty: empty
block: Ethics committees
item: 1
sub: Ethics committee
Name of ethics committee: Ethics committee of the Invented University
City: Town
Approval date: 2020-03-01, 1398/12/11
Ethics committee reference number: IR.INV.REC.1398.001
block: Primary outcomes
item: 1
Description: Urine protein in 24 hours, g/day
Timepoint: Baseline, 1, 3 and 6 months
Method of measurement: Collection of 24 hours
block: Secondary outcomes
item: 1
Description: Serious adverse events, number
Timepoint: 6 months
Method of measurement: Interview
item: 2
Description: Creatinine, mg/dl
Timepoint: Baseline and 6 months
Method of measurement: Jaffe
block: Intervention groups
item: 1
Description: Intervention group: invented cells, 2 million/kg once, intravenous.
Category: Treatment - Other
item: 2
Description: Control group: usual care.
Category: Treatment - Other
block: Sharing plan
Deidentified Individual Participant Data Set (IPD): No - There is not a plan to make this available
Study Protocol: Undecided - It is not yet known if there will be a plan to make this available
"""

PERSIAN = """
furniture: پروتکل کارآزمایی بالینی
furniture: مرکز ثبت کارآزمایی بالینی ایران
title: سلول‌های ساختگی در نفریت ساختگی
block: چکیده پروتکل
هدف از مطالعه: سنجش اثر یک تزریق سلول بر پروتئین ادرار.
طراحی: دو گروه موازی.
گروه‌های مداخله: سلول یا درمان معمول.
block: اطلاعات عمومی
نام اختصاری:
sub: اطلاعات ثبت در مرکز
شماره ثبت کارآزمایی در مرکز:: IRCT20990101000001N1
تاریخ تایید ثبت در مرکز:: ۱۳۹۹/۰۱/۱۳, 2020-04-01
زمان‌بندی ثبت:: آینده‌نگر
تعداد بروز رسانی‌ها:: ۱
وضعیت بیمار گیری: در حال بیمار گیری
تاریخ شروع بیمار گیری مورد انتظار: 2020-04-20, ۱۳۹۹/۰۲/۰۱
تاریخ شروع بیمار گیری تحقق یافته: empty
عنوان علمی کارآزمایی: سلول‌های ساختگی در نفریت ساختگی
عنوان عمومی کارآزمایی: سلول در نفریت
سن: از ۱۸ سال
جنسیت: هر دو
فاز مطالعه: ۱-۲
sub: حجم نمونه کل
حجم نمونه پیش‌بینی شده:: ۴۰
تصادفی سازی (نظر محقق): تصادفی شده
توصیف نحوه تصادفی سازی: بلوک‌های جایگشتی.
کور سازی (به نظر محقق): یک سویه کور
دارو نما: ندارد
اختصاص به گروه‌های مطالعه: موازی
block: تاییدیه کمیته‌های اخلاق
item: ۱
sub: کمیته اخلاق
نام کمیته اخلاق: کمیتهٔ اخلاق دانشگاه ساختگی
تاریخ تایید: 2020-03-01, ۱۳۹۸/۱۲/۱۱
کد کمیته اخلاق: IR.INV.REC.1398.001
block: متغیر پیامد اولیه
item: ۱
شرح متغیر پیامد: پروتئین ادرار ۲۴ ساعته
مقاطع زمانی اندازه‌گیری: پایه، ۱، ۳ و ۶ ماه
نحوه اندازه‌گیری متغیر: جمع‌آوری ۲۴ ساعته
block: گروه‌های مداخله
item: ۱
شرح مداخله: گروه مداخله: سلول ساختگی
طبقه بندی: درمانی - غیره
item: ۲
شرح مداخله: گروه کنترل: درمان معمول
طبقه بندی: درمانی - غیره
block: برنامه انتشار
فایل داده شرکت کنندگان (IPD): خیر - برنامه‌ای برای انتشار آن وجود ندارد
"""

Line = tuple[str, str, bool]


def lines_of(text: str) -> list[Line]:
    """Give the lines as word, value and whether the value stands beside its label."""
    found = []
    for line in text.strip().splitlines():
        word, _, value = line.partition(":")
        found.append((word, value.removeprefix(":").strip(), value.startswith(":")))
    return found


def as_print(text: str = ENGLISH) -> bytes:
    """The record as its print, one paragraph a line."""
    paragraphs: list[str] = []
    for word, value, beside in lines_of(text):
        if word in ("furniture", "printed", "title", "block", "sub", "item", "empty"):
            paragraphs.append(value)
        elif beside:
            paragraphs.append(f"{word}: **{value}**")
        else:
            paragraphs.extend((word, value) if value else (word,))
    return "\n\n".join(paragraphs).encode()


def as_page(text: str = ENGLISH) -> bytes:
    """The record as the registry's page in HTML."""
    out = ["<!DOCTYPE html><html><head><title>IRCT</title><script>if (1 < 2) { a = '<dt>Age</dt>'; }</script></head><body>"]
    for word, value, beside in lines_of(text):
        said = escape(value)
        if word == "title":
            out.append(f'<div class="page-header"><h1>{said}</h1></div>')
        elif word == "block":
            out.append(f"<h3>{said}</h3>" if value != "Registrant information" else f"<dt>{said}</dt>")
        elif word == "empty":
            out.append(f'<div class="row"><div class="empty-section">{said}</div></div>')
        elif word == "item":
            out.append(f'<div class="subsection"><h4>{said}</h4></div>')
        elif word in ("furniture", "printed"):
            out.append(f"<p>{said}</p>" if word == "furniture" else "")
        elif word == "sub":
            out.append(f"<dt>{said}</dt>")
        elif beside:
            out.append(f"<div><span>{escape(word)}:</span> <strong>{said}</strong></div>")
        else:
            out.append(f"<dl><dt>{escape(word)}</dt>\n<dd>{said}</dd></dl>")
    return "\n".join([*out, "</body></html>"]).encode()


@cache
def as_pdf(text: str = ENGLISH) -> bytes:
    """The record as a PDF of its print, set by typst."""
    from pathlib import Path

    import matplotlib
    import typst

    words = [one.replace("**", "") for one in as_print(text).decode().split("\n\n")]
    quoted = "\n\n".join(f"#par[#{json.dumps(one, ensure_ascii=False)}]" for one in words)
    head = '#set text(lang: "fa", font: "DejaVu Sans")\n' if text is PERSIAN else '#set page(width: 15cm)\n#set text(lang: "en")\n'
    fonts = [str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")]  # its Persian letters keep their names in a PDF
    return bytes(typst.compile((head + quoted).encode(), font_paths=fonts))


WHO = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE trials [
<!ELEMENT trials (trial+)>
<!ELEMENT date_registration (#PCDATA)><!-- dd/mm/yyyy -->
]>
<trials>
<trial>
<main>
<trial_id>IRCT20990101000001N1</trial_id>
<utrn></utrn>
<reg_name>IRCT</reg_name>
<date_registration>01/04/2020</date_registration>
<primary_sponsor>Invented University</primary_sponsor>
<public_title>Invented cells in invented nephritis</public_title>
<acronym></acronym>
<scientific_title>Invented cells in invented nephritis, a trial of two parallel groups</scientific_title>
<date_enrolment>20/04/2020</date_enrolment>
<type_enrolment>anticipated</type_enrolment>
<target_size>40</target_size>
<recruitment_status>Recruiting</recruitment_status>
<study_type>interventional</study_type>
<study_design>Randomization: Randomized, Blinding: Single blinded, Placebo: Not used, Assignment: Parallel, Purpose: Treatment, \
Randomization description: Permuted blocks by computer; sealed envelopes., \
Blinding description: The assessor does not know the group.</study_design>
<phase>1-2</phase>
<hc_freetext>Invented nephritis.</hc_freetext>
<i_freetext>Intervention 1: Intervention group: invented cells, 2 million/kg once, intravenous. \
Intervention 2: Control group: usual care.</i_freetext>
<results_IPD_plan>No</results_IPD_plan>
</main>
<contacts><contact><type>public</type><firstname>A. Person</firstname><telephone>+98 21 0000 0000</telephone>\
<email>person@example.org</email></contact></contacts>
<countries><country2>Iran (Islamic Republic of)</country2></countries>
<criteria><inclusion_criteria>Adults with invented nephritis</inclusion_criteria><agemin>18 years</agemin><agemax>no limit</agemax>\
<gender>Both</gender><exclusion_criteria>Pregnancy</exclusion_criteria></criteria>
<primary_outcome><prim_outcome>Urine protein in 24 hours, g/day. Timepoint: Baseline, 1, 3 and 6 months. \
Method of measurement: Collection of 24 hours.</prim_outcome></primary_outcome>
<secondary_outcome><sec_outcome>Serious adverse events, number. Timepoint: 6 months. Method of measurement: Interview.</sec_outcome>
<sec_outcome>Creatinine, mg/dl. Timepoint: Baseline and 6 months. Method of measurement: Jaffe.</sec_outcome></secondary_outcome>
<ethics_reviews><ethics_review><status>approved</status><approval_date>01/03/2020</approval_date>\
<contact_name>Ethics committee of the Invented University</contact_name></ethics_review></ethics_reviews>
</trial>
</trials>
"""

CTGOV_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <!-- This is an invented record. -->
  <required_header>
    <download_date>ClinicalTrials.gov processed this data on May 02, 2020</download_date>
  </required_header>
  <id_info>
    <org_study_id>INV-1</org_study_id>
    <nct_id>NCT09990001</nct_id>
  </id_info>
  <brief_title>Invented cells in invented nephritis</brief_title>
  <official_title>Invented cells in invented nephritis, a trial of two parallel groups</official_title>
  <sponsors>
    <lead_sponsor>
      <agency>Invented University</agency>
      <agency_class>Other</agency_class>
    </lead_sponsor>
  </sponsors>
  <oversight_info><has_dmc>Yes</has_dmc></oversight_info>
  <brief_summary>
    <textblock>
      One infusion of invented cells &amp; usual care. Participants are followed for 6 months.
    </textblock>
  </brief_summary>
  <overall_status>Recruiting</overall_status>
  <start_date type="Anticipated">April 20, 2020</start_date>
  <primary_completion_date type="Anticipated">October 2021</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>Randomized</allocation>
    <intervention_model>Parallel Assignment</intervention_model>
    <primary_purpose>Treatment</primary_purpose>
    <masking>Single (Outcomes Assessor)</masking>
  </study_design_info>
  <primary_outcome>
    <measure>Urine protein in 24 hours, g/day</measure>
    <time_frame>Baseline, 1, 3 and 6 months</time_frame>
  </primary_outcome>
  <secondary_outcome>
    <measure>Serious adverse events, number</measure>
    <time_frame>6 months</time_frame>
  </secondary_outcome>
  <secondary_outcome>
    <measure>Creatinine, mg/dl</measure>
    <time_frame>Baseline and 6 months</time_frame>
  </secondary_outcome>
  <enrollment type="Anticipated">40</enrollment>
  <condition>Invented nephritis</condition>
  <arm_group>
    <arm_group_label>Cells</arm_group_label>
    <arm_group_type>Experimental</arm_group_type>
    <description>Intervention group: invented cells, 2 million/kg once, intravenous.</description>
  </arm_group>
  <arm_group>
    <arm_group_label>Care</arm_group_label>
    <description>Control group: usual care.</description>
  </arm_group>
  <eligibility>
    <criteria><textblock>Inclusion: adults with invented nephritis. Exclusion: pregnancy.</textblock></criteria>
    <gender>All</gender>
    <minimum_age>18 Years</minimum_age>
    <healthy_volunteers>No</healthy_volunteers>
  </eligibility>
  <overall_contact><last_name>A. Person</last_name><phone>+98 21 0000 0000</phone>
    <email>person@example.org</email></overall_contact>
  <study_first_submitted>April 1, 2020</study_first_submitted>
  <last_update_submitted>May 2, 2020</last_update_submitted>
  <patient_data><sharing_ipd>No</sharing_ipd></patient_data>
  <something_new><inside kind="odd">kept</inside></something_new>
  <clinical_results><baseline><group_list>
    <group group_id="B1"><title>Cells</title></group></group_list></baseline></clinical_results>
</clinical_study>
"""

CTGOV_JSON = json.dumps(
    {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT09990001",
                "orgStudyIdInfo": {"id": "INV-1"},
                "briefTitle": "Invented cells in invented nephritis",
                "officialTitle": "Invented cells in invented nephritis, a trial of two parallel groups",
            },
            "statusModule": {
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2020-04-20", "type": "ESTIMATED"},
                "primaryCompletionDateStruct": {"date": "2021-10", "type": "ESTIMATED"},
                "studyFirstSubmitDate": "2020-04-01",
                "lastUpdateSubmitDate": "2020-05-02",
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented University", "class": "OTHER"}},
            "oversightModule": {"oversightHasDmc": True},
            "descriptionModule": {
                "briefSummary": "One infusion of invented cells & usual care. Participants are followed for 6 months."
            },
            "conditionsModule": {"conditions": ["Invented nephritis"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE1", "PHASE2"],
                "designInfo": {
                    "allocation": "RANDOMIZED",
                    "interventionModel": "PARALLEL",
                    "primaryPurpose": "TREATMENT",
                    "maskingInfo": {"masking": "SINGLE", "whoMasked": ["OUTCOMES_ASSESSOR"]},
                },
                "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {
                        "label": "Cells",
                        "type": "EXPERIMENTAL",
                        "description": "Intervention group: invented cells, 2 million/kg once, intravenous.",
                    },
                    {"label": "Care", "description": "Control group: usual care."},
                ]
            },
            "outcomesModule": {
                "primaryOutcomes": [
                    {"measure": "Urine protein in 24 hours, g/day", "timeFrame": "Baseline, 1, 3 and 6 months"},
                ],
                "secondaryOutcomes": [
                    {"measure": "Serious adverse events, number", "timeFrame": "6 months"},
                    {"measure": "Creatinine, mg/dl", "timeFrame": "Baseline and 6 months"},
                ],
            },
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion: adults with invented nephritis. Exclusion: pregnancy.",
                "healthyVolunteers": False,
                "sex": "ALL",
                "minimumAge": "18 Years",
            },
            "contactsLocationsModule": {
                "centralContacts": [{"name": "A. Person", "phone": "+98 21 0000 0000", "email": "person@example.org"}]
            },
            "ipdSharingStatementModule": {"ipdSharing": "NO"},
        }
    },
    indent=1,
).encode()

EXPORT_ROW = {
    "TrialID": "IRCT20990101000001N1",
    "Public title": "Invented cells in invented nephritis",
    "Scientific title": "Invented cells in invented nephritis, a trial of two parallel groups",
    "Primary sponsor": "Invented University",
    "Date registration": "2020-04-01",
    "Date registration3": "20200401",
    "Source Register": "IRCT",
    "Recruitment Status": "Recruiting",
    "Inclusion agemin": "18 years",
    "Inclusion gender": "Both",
    "Date enrollement": "2020-04-20",
    "Target size": "40",
    "Study design": "Randomization: Randomized, Blinding: Single blinded, Placebo: Not used, Assignment: Parallel, "
    "Purpose: Treatment",
    "Phase": "1-2",
    "Intervention": "Intervention 1: Intervention group: invented cells, 2 million/kg once, intravenous. "
    "Intervention 2: Control group: usual care.",
    "Primary outcome": "Urine protein in 24 hours, g/day. Timepoint: Baseline, 1, 3 and 6 months. "
    "Method of measurement: Collection of 24 hours.",
}


def as_export() -> bytes:
    """The record as a row of WHO's export."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows((list(EXPORT_ROW), list(EXPORT_ROW.values())))
    return out.getvalue().encode()


TEXTS = {
    "irct-print": as_print(),
    "irct-print, Persian": as_print(PERSIAN),
    "irct-html": as_page(),
    "irct-html, Persian": as_page(PERSIAN),
    "who-xml": WHO,
    "ctgov-xml": CTGOV_XML,
    "ctgov-json": CTGOV_JSON,
}
"""Every form that is text."""
