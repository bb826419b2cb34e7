"""What the listening pages' charts ask, as notebooks: the same numbers from the same rows, ready to be changed.

An address carries a question's word and a filter, and nothing that runs: the
cells are those written here. A test holds each against what its chart shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from rewrapped.domain import amount_questions, change_questions, habit_questions
from rewrapped.domain.notebooks import Cell, Notebook


@dataclass(frozen=True, slots=True)
class Question:
    """What a chart asks; `word` stands in addresses."""

    word: str
    notebook: Notebook


def _listed() -> Iterator[Question]:
    for word, title, cells in chain(amount_questions.listed(), habit_questions.listed(), change_questions.listed()):
        numbered = (Cell(cell.kind, cell.text, cell.name, cell.choice, f"{word}-{at}") for at, cell in enumerate(cells))
        yield Question(word, Notebook(title, tuple(numbered), "range=all"))


#: Every question by its word.
QUESTIONS: Mapping[str, Question] = MappingProxyType({question.word: question for question in _listed()})


def find_question(word: str) -> Question | None:
    """Return the question with this word, None when there is none."""
    return QUESTIONS.get(word)
