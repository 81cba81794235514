"""Train the networks of rnnwalk/examples anew: python worksheets/examples.py

Each is drawn from a fixed seed and learns from sequences that are made here, so the files come out the same again.
Those whose weights were chosen by hand, and texts alone, are files of their own.
"""

import itertools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.model.examples import FOLDER
from rnnwalk.model.model import Model
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.random_weights import draw
from rnnwalk.model.symbols import vocabulary_of
from rnnwalk.model.task import Task
from rnnwalk.model.text_rules import TextRules
from rnnwalk.model.weightfile import to_json
from rnnwalk.tasks.training import Training

DECIMALS = 4  # of the weights in a file
FISH = ("sharks", "tuna", "mackerel", "krill", "plankton", "sunlight")
SUBJECTS = ("math", "science", "English")
MEN, WOMEN = ("tom", "ben", "max"), ("anna", "mia", "eva")
GOOD, BAD = ("good", "great", "happy"), ("bad", "awful", "sad", "boring")
BEGINNINGS = ("", "i am", "i was", "it was", "this was", "that was", "the film was")
ENDS = ("", "", "at that", "at this", "at the", "at all that")
HELD_OUT = (  # phrases that the classifier is asked about, and does not learn from
    ("this was not at all good", "negative"),
    ("i am not very happy", "negative"),
    ("it was never boring", "positive"),
    ("i was so sad", "negative"),
    ("that was great, not awful", "positive"),
    ("the film was awful, not great", "negative"),
    ("it was not bad at all", "positive"),
    ("that was so good", "positive"),
    ("this was never good", "negative"),
    ("the film was not so bad", "positive"),
    ("sad, never happy", "negative"),
    ("not boring, great", "positive"),
)


def ocean() -> tuple[Model, list[Problem]]:
    """The food chain, round and round, from each of its links on."""
    chain = list(itertools.pairwise(FISH))
    texts = []
    for first in range(len(chain)):
        told = [chain[(first + i) % len(chain)] for i in range(2 * len(chain))]
        texts.append(" . ".join(f"{eater} feed on {eaten}" for eater, eaten in told) + " .")
    model = draw("rnn", vocabulary_of(texts[0].split()), 6, 3, word="sharks feed on tuna", by="word")
    return model, problems(model, [(text, None) for text in texts])


def sums(form: str, hidden: int, seed: int) -> tuple[Model, list[Problem]]:
    """Five whole numbers and what they add up to."""
    task = Task(inputs=("x",), at="last", kind="linear", names=("sum",))
    model = draw("rnn", (), hidden, seed, task=task, form=form, word="7 11 2 30 4", target="54")
    if hidden == 1:  # both begin alike and so end alike: at 1, not at 2 and a half
        model = replace(model, weights=model.weights._replace(Wxh=half(), Whh=half(), Why=half(), bh=None, by=None))
    numbers = np.random.RandomState(seed).randint(0, 10, (100, 5))
    return model, problems(model, [(" ".join(map(str, row)), str(row.sum())) for row in numbers])


def half() -> Any:
    return np.array([[0.5]])


def study() -> tuple[Model, list[Problem]]:
    """Days of school: what was studied last, nothing after a missed day, and what had been predicted for it."""
    names = (*SUBJECTS, *(f"{subject} due" for subject in SUBJECTS))
    task = Task(inputs=names, names=SUBJECTS)
    word = f"{day(0, 0)} {day(None, 1)} {day(2, 2)}"
    model = draw("rnn", (), 4, 1, task=task, word=word, target="science English math")
    chance = np.random.RandomState(1)
    pairs = []
    for first, _ in itertools.product(range(3), range(20)):
        due = [(first + i) % 3 for i in range(6)]
        missed = chance.uniform(size=6) < 0.4
        steps = [day(None if away else subject, subject) for subject, away in zip(due, missed, strict=True)]
        pairs.append((" ".join(steps), " ".join(SUBJECTS[(subject + 1) % 3] for subject in due)))
    return model, problems(model, pairs)


def day(studied: int | None, due: int) -> str:
    """A step of six numbers: what was studied, None on a missed day, and what was due."""
    return ",".join(str(int(i == one)) for one in (studied, due) for i in range(3))


def sentiment() -> tuple[Model, list[Problem]]:
    """Phrases of good or bad words that are turned round or not, alone or beside others that agree."""
    ways = (
        ("{}", "very {}", "so {}", "all {}"),
        ("not {}", "never {}", "not at all {}", "not {} at all", "not very {}", "not so {}", "not all {}"),
    )
    said: dict[str, list[str]] = {"positive": [], "negative": []}
    for turned, words in itertools.product((0, 1), (GOOD, BAD)):
        answer = "positive" if (words is GOOD) != bool(turned) else "negative"
        said[answer] += [way.format(word) for way in ways[turned] for word in words]
    pairs = [
        (f"{start} {phrase}".strip(), answer)
        for answer, phrases in said.items()
        for start, phrase in itertools.product(BEGINNINGS, phrases)
    ]
    chance = np.random.RandomState(4)
    for answer, phrases in said.items():
        for i in range(600):
            some = ", ".join(phrases[at] for at in chance.randint(len(phrases), size=1 + i % 3))
            start, end = (of[chance.randint(len(of))] for of in (BEGINNINGS, ENDS))
            pairs.append((f"{start} {some} {end}".strip(), answer))
    asked = {phrase for phrase, _ in HELD_OUT} | {"good, not bad", "bad, not good"}
    pairs = [(text, answer) for text, answer in pairs if not any(phrase in text for phrase in asked)]
    rules = TextRules(lower=True, filters=',.!?;:"()')
    words = rules.words(" ".join(text for text, _ in pairs))
    task = Task(at="last", names=("negative", "positive"), text=rules)
    model = draw("rnn", vocabulary_of(words), 4, 5, task=task, word="good, not bad", target="positive", by="word")
    return model, problems(model, pairs)


def jumbled() -> tuple[Model, list[Problem]]:
    """What we and others love working on."""
    things = ("deep learning", "music", "new songs", "old houses")
    texts = [
        f"{who} {verb} {what} ."
        for who, verb in itertools.product(("we", "they", "you"), ("love", "like"))
        for what in (
            *(f"working on {thing}" for thing in things),
            *(f"learning {thing}" for thing in things[1:]),
            *things,
        )
    ]
    word = "we love working on deep learning"
    model = draw("rnn", vocabulary_of(" ".join(texts).split()), 6, 5, word=word, by="word")
    return model, problems(model, [(text, None) for text in texts])


def pronoun() -> tuple[Model, list[Problem]]:
    """Short lives of men and women, one after the other: a name once, then he or she."""
    does = ("acts", "sings", "writes", "lives there")
    chance = np.random.RandomState(6)
    texts = []
    for _ in range(60):
        parts = []
        for _ in range(3):
            woman, name = chance.randint(2), chance.randint(3)
            parts.append(f"{(MEN, WOMEN)[woman][name]} {does[chance.randint(3)]} .")
            parts += [f"{('he', 'she')[woman]} {does[chance.randint(4)]} ." for _ in range(chance.randint(1, 7))]
        texts.append(" ".join(parts))
    word = "tom acts . he lives there . anna sings . she lives there ."
    model = draw("lstm", vocabulary_of(f"{word} {' '.join(texts)}".split()), 4, 5, word=word, by="word")
    return model, problems(model, [(text, None) for text in texts])


def problems(model: Model, pairs: Sequence[tuple[str, str | None]]) -> list[Problem]:
    """Texts and what is true of each, for a model."""
    return [pose(text, ModelOptions(weights=model), target) for text, target in pairs]


def learned(model: Model, sequences: Sequence[Problem], rates: Sequence[float], epochs: int) -> Model:
    """The model after so many steps of Adam on all sequences together at each of the rates, its weights rounded."""
    for rate in rates:
        training = Training(model, sequences, optimiser="adam", rate=rate, clip=1.0, batch=len(sequences))
        for _ in training.epochs(epochs):
            pass
        model = training.best
    rounded = [None if array is None else np.round(array, DECIMALS) + 0.0 for array in model.weights]
    return replace(model, weights=model.weights._make(rounded))


class Trained(NamedTuple):
    """An example that is trained here. made: its model and what it learns from; rates, epochs: how it learns."""

    made: Callable[[], tuple[Model, list[Problem]]]
    rates: Sequence[float]
    epochs: int
    type: str
    story: str
    commands: Sequence[str]


TRAINED = {
    "ocean": Trained(
        ocean, [0.05], 200, "one-to-many",
        "Who feeds on whom in the sea, word by word: give it “sharks”, and it tells the food chain. The nonsense one might "
        "fear, “sharks feed on sharks”, has a probability of about one in a thousand.",
        [
            "rnnwalk generate --example ocean --temperature 0 --length 3 --show",
            "rnnwalk generate --example ocean --start mackerel",
            'rnnwalk walk "sharks feed on sharks" --example ocean',
        ],
    ),
    "sum": Trained(
        lambda: sums("linear", 1, 2), [0.05, 0.01, 0.001, 0.0001], 600, "many-to-one",
        "One hidden unit without tanh learned to add five whole numbers from 0 to 9, and its three weights came out as 1: h is "
        "the running total. So it adds numbers that it never met, too: 7, 11, 2, 30 and 4 are 54.",
        [
            "rnnwalk walk --example sum",
            'rnnwalk walk "1 2 3 4 5 6" --target 21 --example sum',
            'rnnwalk compare "7 11 2 30 4" "4 30 2 11 7" --example sum',
        ],
    ),
    "sum-tanh": Trained(
        lambda: sums("tanh", 8, 2), [0.05, 0.01, 0.003], 1500, "many-to-one",
        "The same sums, learned with eight tanh units. For 3, 1, 4, 1 and 5 it is near the true 14, but tanh bounds what a "
        "state can hold: for 9, 8, 9, 9 and 9 it says about 39, not 44, and for 7, 11, 2, 30 and 4 about 37, not 54.",
        ["rnnwalk walk --example sum-tanh", 'rnnwalk walk "3 1 4 1 5" --target 14 --example sum-tanh'],
    ),
    "study": Trained(
        study, [0.05], 150, "many-to-many",
        "Math, science, English, and math again: what is studied today follows from what was studied last. After a missed day "
        "three of the six numbers are 0, and what had been predicted for that day stands in for it.",
        [
            "rnnwalk walk --example study",
            'rnnwalk walk "1,0,0,1,0,0 0,0,0,0,1,0 0,0,0,0,0,1" --example study',
        ],
    ),
    "sentiment": Trained(
        sentiment, [0.03], 200, "many-to-one",
        "It reads a phrase to its end and then says whether it is positive or negative. “good, not bad” and “bad, not good” "
        "are the same words in another order, which a count of words could not tell apart.",
        [
            "rnnwalk walk --example sentiment",
            'rnnwalk walk "it was never boring" --example sentiment',
            'rnnwalk compare "good, not bad" "bad, not good" --example sentiment',
        ],
    ),
    "jumbled": Trained(
        jumbled, [0.05, 0.01], 400, "many-to-many",
        "It learned which word follows which from short sentences, and order is what it learned. In “we love working on deep "
        "learning” each word is expected; the same words jumbled surprise it again and again.",
        [
            "rnnwalk walk --example jumbled",
            'rnnwalk walk "working love learning we on deep" --example jumbled',
            'rnnwalk compare "we love new songs" "songs love we new" --example jumbled',
        ],
    ),
    "pronoun": Trained(
        pronoun, [0.05, 0.01], 600, "many-to-many",
        "An LSTM that learned to go on with “he” after tom and with “she” after anna. Unit 3 of c carries that: at the end of a "
        "sentence it is above 0 for a man and below 0 for a woman. Its forget gate stays open over the words between, and "
        "closes when somebody new is named: at “anna” it lets 1 % of the memory pass. "
        "After six sentences about anna it still knows; after six about tom it may say “she”.",
        [
            "rnnwalk walk --example pronoun",
            'rnnwalk explain "f_8[3]" --example pronoun',
            "rnnwalk generate --example pronoun --start anna --temperature 0.5",
        ],
    ),
}  # fmt: skip


def files() -> dict[str, str]:
    """The text of each file, by its name."""
    texts = {}
    for name, example in TRAINED.items():
        model, sequences = example.made()
        made = to_json(learned(model, sequences, example.rates, example.epochs))
        origin = f"The weights were learned from {len(sequences)} short sequences that a program made up."
        told = {"story": example.story, "type": example.type, "origin": origin}
        head = "".join(f"  {json.dumps(key)}: {json.dumps(text, ensure_ascii=False)},\n" for key, text in told.items())
        commands = ",\n".join(f"    {json.dumps(command, ensure_ascii=False)}" for command in example.commands)
        texts[f"{name}.json"] = "{\n" + head + f'  "commands": [\n{commands}\n  ],' + made[1:]
    return texts


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8")
        print(f"trained {name}", file=sys.stderr)
