"""A project document fills the form."""

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.intake.suggestions.project_document import DESCRIPTION_LIMIT, read_document
from advisor.intake.suggestions.requested_remedy import requested_remedy
from advisor.proposal import Draft

DOCUMENT = """# Routing of tenant mail

Version 3, page 1 of 9

## Background
We manage 8,000 flats. Tenants write about 300 mails a day,
and each mail goes to one of 14 teams.
The model is inconsistent: the same mail is sent to two different teams.

## Current prompt
```
You are a router. Assign one of the following codes to the mail.

Return JSON only.
```

## Request
The board wants to fine-tune a model on 12,000 mails sorted by our clerks.
There is no test set.
"""


def test_title_prompt_and_request_are_found() -> None:
    read = read_document(DOCUMENT)
    assert read.title == "Routing of tenant mail"
    assert read.current_prompt is not None
    assert read.current_prompt.startswith("You are a router.")
    assert "Return JSON only." in read.current_prompt
    assert read.requested == "fine_tuning"
    assert read.requested_sentence in DOCUMENT


def test_the_description_keeps_what_tells_and_drops_the_rest() -> None:
    description = read_document(DOCUMENT).description
    assert "each mail goes to one of 14 teams" in description
    assert "wants to fine-tune" in description
    assert "page 1 of 9" not in description
    assert "You are a router" not in description


def test_answers_are_suggested_from_document_and_prompt() -> None:
    made = {one.question: one for one in read_document(DOCUMENT).suggestions}
    assert made["n_labels"].answer == 14
    assert made["labelled_examples"].answer == 12_000
    assert made["requests_per_day"].answer == 300
    assert made["eval_set_exists"].answer is False
    assert made["output_format_strict"].where == "current prompt"
    assert made["eval_set_exists"].where == "document"
    assert all(one.sentence in DOCUMENT for one in made.values())


def test_a_long_document_is_shortened_to_the_telling_paragraphs() -> None:
    filler = "\n\n".join(
        f"The garden of house {n} was laid out in 19{n % 90 + 10}." for n in range(200)
    )
    text = f"Garden project\n\n{filler}\n\nThe assistant invents plants. We want to train a model."
    read = read_document(text)
    assert read.title == "Garden project"
    assert "invents plants" in read.description
    assert len(read.description) <= DESCRIPTION_LIMIT


def test_a_first_line_without_heading_becomes_the_title() -> None:
    assert read_document("Title: Better letters\n\nThe tone is wrong.").title == "Better letters"
    long = "word " * 60
    assert len(read_document(long).title) <= 120


def test_asking_is_told_from_refusing_and_from_having_tried() -> None:
    asked = {
        "A supplier offers a tuned model.": "fine_tuning",
        "They would like RAG plus a fine-tuned model.": "retrieval+fine_tuning",
        "The board asks whether we should train our own model.": "fine_tuning",
        "We suggest a better prompt.": "prompting",
        "We decided against fine-tuning.": None,
        "Retrieval was tried last year.": None,
        "We train our staff each spring.": None,
    }
    for sentence, remedy in asked.items():
        found = requested_remedy(Draft(title="A project", description=sentence))
        assert found == (None if remedy is None else (remedy, sentence))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet="#`|a. \n:prompt", max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    read = read_document(text)
    assert len(read.description) <= DESCRIPTION_LIMIT
    assert read == read_document(text)
