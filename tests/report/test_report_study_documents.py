"""The documents of a definition: what each sentence rests on, links that all lead somewhere, the same bytes again."""

import csv
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from trialwright.registry import read_record
from trialwright.report.study_documents.held import Held
from trialwright.report.study_documents.write import study_documents
from trialwright.study.draft import draft_study
from trialwright.study.folder import load_study

REPOSITORY = Path(__file__).parents[2]
LUPUS, FSGS, INVENTED = "IRCT2016090729747N1", "NCT02382874", "NCT99999999"
LANGUAGES = ("en", "fa")


def drafted():
    """The invented trial as its record alone drafts it, with every question open."""
    content = (REPOSITORY / "tests" / "draft" / f"{INVENTED}.json").read_bytes()
    return draft_study(read_record(content, name=f"{INVENTED}.json"), content, suffix=".json").study


@pytest.fixture(scope="module")
def studies():
    return {LUPUS: load_study(REPOSITORY / "studies" / LUPUS), FSGS: load_study(REPOSITORY / "studies" / FSGS), INVENTED: drafted()}


@pytest.fixture(scope="module")
def made(studies):
    """Every file of every trial in both languages, as name to bytes."""
    return {
        (study_id, language): dict(study_documents(study, language=language))
        for study_id, study in studies.items()
        for language in LANGUAGES
    }


def pages(files):
    return {name: html.fromstring(content.decode()) for name, content in files.items() if name.endswith(".html")}


def page(made, study_id, kind, language="en"):
    (found,) = [one for name, one in pages(made[study_id, language]).items() if f"-{kind}" in name.removeprefix(study_id)]
    return found


def rows(made, study_id, kind):
    (content,) = [one for name, one in made[study_id, "en"].items() if name.endswith(f"{kind}.csv")]
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_same_definition_gives_the_same_bytes(studies, made):
    again = dict(study_documents(studies[INVENTED], language="fa"))
    assert again == made[INVENTED, "fa"]


def test_files_are_named_by_trial_rehearsal_kind_and_language(made):
    kinds = ("index", "synopsis", "case-report-forms", "codebook", "spirit-2025", "tidier", "definition", "record")
    assert {name for name in made[LUPUS, "fa"] if name.endswith(".html")} == {f"{LUPUS}-REHEARSAL-{kind}-fa.html" for kind in kinds}
    assert {name.rpartition(".")[2] for name in made[LUPUS, "en"]} == {"html", "pdf", "csv"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("study_id", [LUPUS, FSGS, INVENTED])
def test_every_link_leads_to_a_place_in_the_folder(made, study_id, language):
    files = made[study_id, language]
    trees = pages(files)
    places = {name: set(tree.xpath("//@id")) for name, tree in trees.items()}
    followed = 0
    for name, tree in trees.items():
        for target in tree.xpath("//a/@href"):
            file, _, place = target.partition("#")
            assert (file or name) in files, f"{name}: {target}"
            if place:
                assert place in places[file or name], f"{name}: {target}"
            followed += 1
    assert followed > 200


@pytest.mark.parametrize("study_id", [LUPUS, FSGS, INVENTED])
def test_no_id_is_given_twice(made, study_id):
    for name, tree in pages(made[study_id, "en"]).items():
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("study_id", [LUPUS, FSGS, INVENTED])
def test_every_sentence_of_the_synopsis_says_what_it_rests_on(made, study_id, language):
    sentences = page(made, study_id, "synopsis", language).xpath("//div[@class='statement' and not(starts-with(@id, 'q-'))]")
    assert len(sentences) > 15
    for one in sentences:
        assert one.xpath(".//span[starts-with(@class, 'tag ')]"), one.get("id")
        assert one.xpath(".//a[contains(@href, '-definition')]"), one.get("id")


def test_a_sentence_leads_to_the_line_of_the_record_that_it_comes_from(made):
    sentence = page(made, LUPUS, "synopsis").get_element_by_id("s1.1.1-endpoint-gfr")
    (target,) = sentence.xpath(".//a[contains(@href, '-record')]/@href")
    line = page(made, LUPUS, "record").get_element_by_id(target.partition("#")[2])
    assert "Glomerular filtration rate" in line.text_content()


def test_a_sentence_leads_to_the_line_of_the_definition_that_it_is_made_from(made):
    sentence = page(made, LUPUS, "synopsis").get_element_by_id("s1.1.1-endpoint-gfr")
    (target,) = sentence.xpath(".//a[contains(@href, '-definition')]/@href")
    row = page(made, LUPUS, "definition").get_element_by_id(target.partition("#")[2])
    assert "[[endpoint]]" in row.text_content()
    assert 'id = "gfr"' in row.getnext().text_content()


@pytest.mark.parametrize("study_id", [LUPUS, FSGS, INVENTED])
def test_every_open_question_is_in_the_synopsis_and_no_other(made, studies, study_id):
    asked = [
        one.text_content().strip() for one in page(made, study_id, "synopsis").xpath("//div[starts-with(@id, 'q-')]/p[1]/span")
    ]
    assert sorted(asked) == sorted(" ".join(basis.question.split()) for _, basis in studies[study_id].open_questions())
    assert asked


def test_words_that_are_not_in_the_record_held_are_marked_so(made):
    criterion = page(made, FSGS, "synopsis").xpath("//div[starts-with(@id, 's5.2-criterion')]")[0]
    assert "not in the record that is held" in criterion.text_content()


def test_sections_stand_in_the_order_of_the_template(made):
    titles = page(made, LUPUS, "synopsis").xpath("//section[starts-with(@id, 'm11-')]/@id")
    numbers = [tuple(int(part) for part in title.removeprefix("m11-").split(".")) for title in titles]
    assert numbers == sorted(numbers)
    assert (1, 1, 1) in numbers


def test_a_rehearsal_version_says_so_on_every_page_of_paper(made, tmp_path):
    for name, content in made[FSGS, "en"].items():
        if name.endswith(".pdf"):
            assert "-REHEARSAL-" in name
            assert all("REHEARSAL VERSION" in sheet for sheet in sheets(tmp_path / name, content)), name
    index = page(made, FSGS, "index", "fa")
    assert index.xpath("//div[@class='mark']")[0].text.startswith("نسخهٔ تمرینی")


def test_a_version_for_live_use_is_not_marked(studies, tmp_path):
    live = replace(studies[INVENTED], rehearsal_only=False)
    for name, content in study_documents(live):
        assert "REHEARSAL" not in name
        if name.endswith("synopsis.pdf"):
            assert not any("REHEARSAL" in sheet for sheet in sheets(tmp_path / name, content))


def sheets(path, content):
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    return text.rstrip("\f").split("\f")


def test_a_definition_without_a_record_still_has_its_documents(studies):
    files = dict(study_documents(replace(studies[INVENTED], records={})))
    assert not any("-record" in name for name in files)
    assert all("-record" not in target for tree in pages(files).values() for target in tree.xpath("//a/@href"))


def test_every_item_of_every_form_is_annotated(made, studies):
    study = studies[LUPUS]
    annotated = page(made, LUPUS, "case-report-forms")
    for form in study.forms.values():
        for item in form.items:
            shown = annotated.get_element_by_id(f"item-{form.id}-{item.id}").text_content()
            assert item.label.en in shown
            assert all(name in shown for name in (item.concept.id, item.concept.sdtm, item.concept.cdash, item.concept.loinc))
        assert [one.get("id") for one in annotated.xpath(f"//tr[starts-with(@id, 'check-{form.id}-')]")] == [
            f"check-{form.id}-{check.id}" for check in form.checks
        ]


def test_a_form_says_when_it_is_due_and_what_is_computed_from_it(made):
    form = page(made, LUPUS, "case-report-forms").get_element_by_id("form-urine_24h")
    words = form.text_content()
    assert "Screening, Baseline 1, Baseline 2, Week 1" in words
    assert "The collection should last 20 to 28 hours" in words
    computed = form.xpath(".//tr[@id='derived-protein_24h']")[0].text_content()
    assert "urine_volume" in computed
    assert "g/24 h" in computed


def test_the_codebook_has_a_row_for_every_item_with_its_visits(made, studies):
    found = {row["item"]: row for row in rows(made, FSGS, "codebook")}
    assert set(found) == {item.id for form in studies[FSGS].forms.values() for item in form.items}
    assert found["weight"]["unit"] == "kg"
    assert "screening" in found["weight"]["visits"].split("; ")
    assert found["weight"]["loinc"] == "29463-7"  # LOINC: body weight


def test_the_definition_page_shows_every_line_as_it_was_written(made, studies):
    study = studies[FSGS]
    text = study.files["protocol/1.0/endpoints.toml"].splitlines()
    shown = page(made, FSGS, "definition").xpath("//tr[starts-with(@id, 'protocol-1-0-endpoints-')]/td[2]")
    assert [one.text_content().strip() for one in shown] == [" ".join(line.split()) for line in text]


def test_no_phone_or_address_of_a_person_leaves_the_record(made):
    for name, content in made[LUPUS, "en"].items():
        if name.endswith((".html", ".csv")):
            assert not re.search(r"[\w.]+@[\w.]+\.\w+|\+98 ?\d", content.decode()), name


def test_held_facts_are_those_of_the_definition(studies):
    held = Held.of(studies[LUPUS])
    assert json.dumps(sorted(held.question_numbers.values())) == json.dumps(list(range(1, len(held.open_facts) + 1)))
    for fact in held.facts.values():
        assert fact.file in studies[LUPUS].files, fact.name
