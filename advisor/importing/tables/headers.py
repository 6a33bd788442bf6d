"""What people call the columns of a failure table, in several languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from advisor.importing.tables.import_result import FieldName

SYNONYMS: dict[FieldName, str] = {
    "id": """id, key, uuid, case, case id, caseid, test id, testid, ticket, ticket id, number, no,
        nr, nummer, row id, example id, trace id, request id, identifier, kennung, fall, numéro,
        numero, número, cas, caso, 编号, 番号, номер""",
    "input": """input, inputs, question, query, prompt, request, user, user input, user message,
        user query, message, instruction, source, task, customer message, utterance, text, email,
        eingabe, frage, anfrage, kundenanfrage, nachricht, entrée, entree, question posée, demande,
        requête, pregunta, entrada, consulta, mensaje, pergunta, solicitação, domanda, richiesta,
        ingresso, vraag, invoer, pytanie, wejście, zapytanie, вопрос, запрос, ввод,
        问题, 输入, 提问, 質問, 入力, 질문, 입력""",
    "output": """output, outputs, model output, response, model response, completion, reply,
        model answer, bot answer, bot reply, ai answer, ai response, assistant, actual,
        actual output, actual answer, got, generated, generation, prediction, predicted, result,
        llm output, generated answer, wrong answer, predicted label, ausgabe, modellantwort,
        ist, ergebnis, falsche antwort, sortie, réponse du modèle, obtenu, salida,
        respuesta del modelo, obtenido, saída, resposta do modelo, uscita, risposta del modello,
        ottenuto, uitvoer, modelantwoord, wyjście, odpowiedź modelu, вывод, ответ модели,
        输出, 模型输出, 模型回答, 出力, モデルの回答, 출력""",
    "expected": """expected, expected output, expected answer, expected response, expected label,
        reference, reference output, reference outputs, reference answer, ground truth, gold,
        golden, gold answer, gold label, ideal, ideal answer, target, correct, correct answer,
        correct output, correct label, true label, desired, desired output, should be, wanted,
        right answer, erwartet, erwartete antwort, erwartete ausgabe, soll, richtig,
        richtige antwort, attendu, réponse attendue, sortie attendue, bonne réponse, esperado,
        respuesta esperada, salida esperada, respuesta correcta, resposta esperada, saída esperada,
        atteso, risposta attesa, risposta corretta, verwacht, verwacht antwoord, juiste antwoord,
        oczekiwane, oczekiwana odpowiedź, ожидаемый ответ, правильный ответ, эталон,
        期望, 期望输出, 预期输出, 正确答案, 参考答案, 期待, 期待される出力, 正解, 정답""",
    "note": """note, notes, comment, comments, remark, remarks, feedback, complaint, issue, problem,
        reason, explanation, reviewer comment, review, observation, error, what went wrong,
        what is wrong, why, grader reason, critique, kommentar, anmerkung, bemerkung, hinweis,
        grund, problem beschreibung, fehler, commentaire, remarque, problème, raison, comentario,
        nota, notas, problema, motivo, comentário, observação, commento, osservazione, opmerking,
        toelichting, uwaga, komentarz, комментарий, примечание, проблема,
        备注, 评论, 问题描述, 原因, コメント, 備考, 비고""",
    "context": """context, contexts, retrieved, retrieved context, retrieved documents, documents,
        docs, passage, passages, retrieval, retrieval context, chunks, sources, source text,
        evidence, background, knowledge, kontext, fundstellen, dokumente, textstellen, contexte,
        documents trouvés, passages trouvés, contexto, documentos, contesto, documenti, fonti,
        bronnen, kontekst, контекст, документы, 上下文, 检索结果, コンテキスト, 文脈, 컨텍스트""",
}
"""Field of a failure to the names of its column; upper case, spaces and signs do not matter."""

EITHER = """answer, answers, label, antwort, réponse, respuesta, resposta,
    risposta, antwoord, odpowiedź, ответ, 回答, 答案, 답변"""
"""Names that may mean what the model said or what was right: a person has to say which."""


_ABOVE = 10
_COLUMNS = 200
_LONGEST = 200


def plain_name(header: str) -> str:
    """Return a column's name in lower case with nothing but letters and digits."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return "".join(letter for letter in spaced.casefold() if letter.isalnum())


@cache
def known_headers() -> dict[str, FieldName | None]:
    """Return every known name; None where it may mean the output or the expected one."""
    known: dict[str, FieldName | None] = {plain_name(name): None for name in EITHER.split(",")}
    for field, names in SYNONYMS.items():
        known |= {plain_name(name): field for name in names.split(",")}
    return known


def recognised_headers(cells: Sequence[str]) -> int:
    """Count the cells that are known names of columns."""
    known = known_headers()
    return sum(plain_name(cell[:_LONGEST]) in known for cell in cells[:_COLUMNS])


def loosely_known(header: str) -> FieldName | None:
    """Return the field that a part of a header names, such as "Expected answer (by a human)"."""
    words = re.findall(r"\w+", re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header))
    known = known_headers()
    for length in (3, 2, 1):
        for start in range(min(len(words), 20) - length + 1):
            field = known.get(plain_name("".join(words[start : start + length])))
            if field:
                return field
    return None


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the header among the first rows; None where there is none.

    A title above the table is passed over only for a row with at least two known names.
    """
    for place, cells in enumerate(rows[:_ABOVE]):
        if recognised_headers(cells) > 1:
            return place
    return 0 if _looks_like_header(rows[0]) else None


def _looks_like_header(cells: Sequence[str]) -> bool:
    """Tell whether a first row names columns: known names, or short words and no sentences."""
    if recognised_headers(cells):
        return True
    filled = [cell.strip() for cell in cells[:_COLUMNS] if cell.strip()]
    sentences = any(len(cell) > 40 or cell[-1] in ".?!。？！" for cell in filled)
    numbers = any(cell.replace(".", "", 1).isdigit() for cell in filled)
    return len(filled) > 1 and not sentences and not numbers and len(set(filled)) == len(filled)


def above(place: int | None) -> tuple[str, ...]:
    """Return what a person is told about rows above the header."""
    if not place:
        return ()
    rows = "1 row above the header was" if place == 1 else f"{place} rows above the header were"
    return (f"{rows} left out.",)
