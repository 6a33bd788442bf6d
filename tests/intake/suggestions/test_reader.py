"""Answers are suggested from words that say them, and from nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.intake.suggestions.reader import Reader, Suggestion, load_reader
from advisor.intake.suggestions.weighing import THRESHOLD
from advisor.proposal import Current, Draft, Failure

CLEAR = [
    ("needs_private_or_new_facts", True, "The model has never seen our internal documents."),
    ("facts_change_often", "daily", "Prices move every morning."),
    ("facts_change_often", "weekly", "Docs change several times a week."),
    ("facts_change_often", "monthly", "Our tariffs are updated every month."),
    ("facts_change_often", "yearly", "The catalogue is renewed once a year."),
    ("must_cite_sources", True, "Every answer must name the page it rests on."),
    ("must_cite_sources", False, "No citations are needed."),
    ("corpus_fits_in_prompt", True, "The handbook has only 60 pages."),
    ("corpus_fits_in_prompt", False, "The archive holds 400,000 documents."),
    ("one_document_at_a_time", True, "A clerk uploads one contract and asks about it."),
    ("long_tail_facts", True, "It is asked about obscure part numbers that hardly anyone knows."),
    ("request_is_clear", False, "Nobody can agree what a good answer is."),
    ("needs_exact_calculation", True, "It must add up the amounts to the cent."),
    ("style_or_tone", True, "The facts are right, but it does not sound like us."),
    ("many_user_styles", True, "Every author wants it to write in their own style."),
    ("output_format_strict", True, "The reply must be valid JSON that a program reads."),
    ("custom_label_scheme", True, "Each mail gets a code from our own scheme."),
    ("n_labels", 230, "Texts are sorted into 230 categories."),
    ("plain_language_labels", False, "The labels do not mean what the words suggest."),
    ("knows_but_inconsistent", True, "Sometimes it gets it right and the next time it forgets."),
    ("rules_change_often", True, "The guidelines are amended every few weeks."),
    ("rules_change_often", False, "The rules have not changed for nine years."),
    ("reasoning_or_tool_problem", True, "The agent calls the wrong tool and loses the thread."),
    ("prompting_tried", "none", "We have not tried to improve the prompt."),
    ("prompting_tried", "basic", "We tried a few wordings of the prompt by hand."),
    (
        "prompting_tried",
        "systematic with few-shot and evals",
        "Adding examples to the prompt no longer helps.",
    ),
    ("retrieval_tried", False, "We have not tried retrieval."),
    ("retrieval_tried", True, "The first version shows the model similar pages."),
    ("right_passage_shown", "rarely", "The right passage was not among the three."),
    ("right_passage_shown", "usually", "Even given the right page it ignores it."),
    ("constrained_decoding_tried", True, "JSON mode is already switched on."),
    ("constrained_decoding_tried", False, "We have never used structured output."),
    ("larger_model_fixes_it", True, "A larger model gets nine of the ten right."),
    ("larger_model_fixes_it", False, "Even the largest model makes the same mistakes."),
    ("quality_already_accepted", True, "The quality is good enough; it only costs too much."),
    ("labelled_examples", 1500, "We have 1,500 reviewed pairs."),
    ("labelled_examples", 50_000, "There are fifty thousand labelled letters."),
    ("labelled_examples", 350, "We have two to five hundred coded sentences."),
    ("examples_consistent", False, "The annotators often disagree."),
    ("eval_set_exists", True, "We keep 120 test cases apart."),
    ("eval_set_exists", False, "There is no test set."),
    ("personal_data", True, "The letters contain patient names and other personal data."),
    ("personal_data", False, "All notes are fully anonymised."),
    ("regulated", True, "Compliance must approve every wording before it goes out."),
    ("latency_or_cost_pressure", True, "It is too slow and the monthly bill is too high."),
    ("requests_per_day", 300, "We get about 300 a day."),
    ("requests_per_day", 100_000, "Three million items a month are checked."),
    ("small_model_required", True, "The data never leaves our network."),
    ("small_model_required", True, "It must run on a phone without a connection."),
    ("hosting_settled", False, "Nobody knows who would host and retrain the model."),
    ("hosting_settled", True, "The platform team has agreed to run it for two years."),
]

NEUTRAL = (
    "We are a regional bank with branches in three counties. The assistant is used by advisers. "
    "The head of service asked for a proposal by spring. Our office is near the station."
)

FIELDS = st.text(max_size=300) | st.text(alphabet="a.A1,|#- \n!?\"'", max_size=300)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def _of(reader: Reader, text: str, question: str) -> Suggestion | None:
    made = reader.suggest(Draft(title="A project", description=f"{NEUTRAL}\n\n{text}"))
    return next((one for one in made if one.question == question), None)


@pytest.mark.parametrize(("question", "answer", "sentence"), CLEAR)
def test_a_clear_sentence_is_found_and_shown_as_it_stands(
    reader: Reader, question: str, answer: object, sentence: str
) -> None:
    found = _of(reader, sentence, question)
    assert found is not None
    assert (found.answer, found.sentence, found.where) == (answer, sentence, "description")
    assert THRESHOLD <= found.sure <= 1


def test_silence_suggests_nothing(reader: Reader) -> None:
    assert reader.suggest(Draft(title="A project", description=NEUTRAL)) == ()
    assert reader.suggest(Draft()) == ()


def test_wanting_a_remedy_is_not_having_tried_it(reader: Reader) -> None:
    found = _of(reader, "The board wants retrieval instead.", "retrieval_tried")
    assert found is None or found.answer is False


def test_suggestions_come_in_the_order_of_the_form_and_once_a_question(reader: Reader) -> None:
    text = "We get 300 a day. There is no test set. Prices move every morning. No test set exists."
    made = [one.question for one in reader.suggest(Draft(description=text))]
    assert made == ["facts_change_often", "eval_set_exists", "requests_per_day"]


def test_a_contradiction_lowers_the_chance(reader: Reader) -> None:
    said = "There is no test set."
    alone = reader.suggest(Draft(description=said))
    both = reader.suggest(Draft(description=f"{said} We keep 120 test cases apart."))
    sure = {one.question: one.sure for one in both}.get("eval_set_exists", 0)
    assert sure < next(one.sure for one in alone if one.question == "eval_set_exists")


def test_a_dismissed_question_is_not_suggested_again(reader: Reader) -> None:
    draft = Draft(description="There is no test set.", dismissed=("eval_set_exists",))
    assert "eval_set_exists" not in {one.question for one in reader.suggest(draft)}


def test_a_filled_in_retrieval_field_says_that_it_was_tried(reader: Reader) -> None:
    tried = reader.suggest(Draft(current=Current(retrieval="BM25, top five")))
    assert [(one.question, one.answer, one.where) for one in tried] == [
        ("retrieval_tried", True, "retrieval")
    ]
    none = reader.suggest(Draft(current=Current(retrieval="none")))
    assert [(one.question, one.answer) for one in none] == [("retrieval_tried", False)]


def test_the_prompt_speaks_of_format_and_labels_only(reader: Reader) -> None:
    prompt = "Assign one of the following codes. Return JSON only. Be quick, it is too slow."
    made = reader.suggest(Draft(current=Current(prompt=prompt)))
    assert {one.question for one in made} == {"output_format_strict", "custom_label_scheme"}
    assert {one.where for one in made} == {"current prompt"}


def test_notes_on_failures_support_only_weakly(reader: Reader) -> None:
    note = "The facts are right, but it does not sound like us."
    (made,) = reader.suggest(Draft(failures=(Failure(output="x", note=note),)))
    assert (made.question, made.where) == ("style_or_tone", "failure note")
    assert made.sure <= 0.5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS, FIELDS, FIELDS)
def test_hostile_text_never_raises_and_sentences_stand_in_it(
    title: str, description: str, prompt: str
) -> None:
    try:
        draft = Draft(title=title, description=description, current=Current(prompt=prompt))
    except ValueError:
        return
    made = load_reader().suggest(draft)
    texts = {"title": title, "description": description, "current prompt": prompt}
    assert all(one.sentence in texts[one.where] for one in made)
    assert made == load_reader().suggest(draft)


def test_there_is_one_reader_with_a_fingerprint(reader: Reader) -> None:
    assert load_reader() is reader
    assert len(reader.fingerprint) == 64
