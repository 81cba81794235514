"""Write ranks.md, the page on word ranks that are read as sizes: python worksheets/ranks.py

The numbers of its first tables are computed here; those of the last are what the commands above it gave.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np

from rnnwalk.engine.network import Letter, forward
from rnnwalk.model.model import Model
from rnnwalk.model.random_weights import draw
from rnnwalk.model.task import Task
from rnnwalk.model.text_rules import PADDING

FILE = Path(__file__).parent / "ranks.md"
WORDS = 20_000  # of the vocabulary, so that the ranks are those of a corpus
DENSE = {"sigmoid": 1000, "relu": 500}
STILL = 0.01  # a sigmoid whose slope is smaller hardly learns; its largest slope is 1/4
RANKS = (4, 40, 400, 4_000, 4_001, 20_000)
BEFORE = [30, 7]  # the ranks of the words before the last

PAGE = """\
# Word ranks, read as sizes

An article whose network tells positive tweets from negative ones builds an `Embedding`, and never adds it to its model. So
nothing turns a word into a vector, and what the network reads of each word is a single number: its rank. The most frequent
word is 1, a rare one 19,000, and Wxh multiplies that as if it were a size. `--inputs ranks` does the same, so that it can be seen:

```console
$ rnnwalk weights new --word "so good" --by word --inputs ranks --classes negative,positive --target positive -o ranks.json
$ rnnwalk walk --weights ranks.json                 # x₂ is 2, for “good” is word 2
$ rnnwalk export --weights ranks.json -o ranks.xlsx # choose another word, and the number follows
```

## What the size does

The article's network (relu, 100 hidden units, then 1,000 sigmoids and 500 relus), with drawn weights and a vocabulary of
{words} words, reads three words. Only the last one changes:

{ranks}

- **States in the thousands.** The state grows with the rank: it says how rare the word was, and little else.
- **Saturated sigmoids.** Counted are those with a slope below 1/100 (the largest is 1/4). Hardly any error passes through
  them, so what stands before them hardly learns.
- **One rank more.** Words 4,000 and 4,001 may mean opposite things, and the answer is the same; words 4 and 4,000 may mean
  the same, and the one's state is hundreds of times the other's. To keep neighbours apart the weights would have to be huge.

The same network with word vectors of 16 numbers (`--embedding 16`). Every word has a column of its own, which learns by itself,
and neighbours in the vocabulary have nothing to do with each other:

{vectors}

## What the padding does

Short texts are filled up *after* their last word, and nothing masks that: the network goes on reading zeros, and answers
after the last of them. What the word of rank 4,000 left is then:

{padded}

With padding before the text (`--padding pre`, the rule of Keras itself) the last thing that is read is a word.

## What it costs

{measured}

## What else slipped

- The embedding as it is declared would not fit its weights: 15 numbers against 200.
- The cleaned texts' vectors are computed, and never used.
- The network is trained on the 2 % of the tweets that were split off for testing.
- The tokenizer has counted the words of the rows that validate, too; here only those that are learned are counted.
- The file has no header, but is read as if it had one: the first tweet is lost. `--text-column 5 --label-column 0` loses none.

This page is made by `python worksheets/ranks.py`.
"""

MEASURED = """\
On 2,000 sentences of reviews, half of them positive: the Amazon and IMDb parts of the UCI data set “Sentiment Labelled
Sentences” (Kotzias, Denil, de Freitas, Smyth, KDD 2015, CC BY 4.0; it is not part of rnnwalk), as a file with the columns text
and label. A fifth was held back. The article's network as it is:

```console
$ rnnwalk train --data review-sentences.csv --label-column label --inputs ranks --form relu --hidden 100 \\
    --dense 1000:sigmoid,500:relu --maxlen 15 --padding post --optimizer adam --lr 0.001 --batch 120 --epochs 10 \\
    --validation 0.2 --precision single -o reviews.npz
```

with `--embedding 16` for `--inputs ranks`, with `--padding pre`, and as an LSTM (`--cell lstm --hidden 100 --lr 0.01` without `--form`
and `--dense`). Right answers among the 400 held back (399 of seeds 1 and 2, where one text has no word that is
known), with the best weights of ten epochs: the mean of `--seed` 0, 1 and 2, and in brackets each of them. A coin gets 50 %, and with 400 sentences 45 to 55 by chance.
They are those of one processor: another one rounds differently, and came up to 1.2 points away.

| network | padding | ranks | word vectors |
|---|---|---:|---:|
| the article's | post, as there | 53.6 % (53.5, 52.1, 55.1) | 50.1 % (50.0, 50.6, 49.6) |
| the article's | pre | 55.3 % (53.0, 57.4, 55.6) | 67.1 % (60.2, 70.9, 70.2) |
| LSTM | post | 51.7 % (51.5, 52.6, 50.9) | 67.9 % (73.0, 53.9, 76.7) |
| LSTM | pre | 54.8 % (56.2, 53.1, 55.1) | 72.3 % (72.2, 77.7, 66.9) |

Of ranks no network learns much more than a coin knows. Word vectors alone do not save the article's network either, for a plain
cell has forgotten the words by the end of the padding; with the padding in front they do. Which words moved the answer shows it:

```console
$ rnnwalk walk "I love this film" --weights reviews.npz
```

“love”, whose rank is 75, is the strongest, and moves the score of −0.145 by 0.000045. After the four words it has read eleven zeros."""


@cache
def model(embedding: int) -> Model:
    """The article's model with drawn weights: of ranks, or (embedding: their length) of word vectors."""
    task = Task(at="last", names=("negative", "positive"), head=tuple(DENSE), ranks=not embedding)
    vocabulary = (PADDING, *(f"word{rank}" for rank in range(1, WORDS + 1)))
    layers = tuple(DENSE.values())
    return draw("rnn", vocabulary, 100, 0, form="relu", task=task, embedding=embedding, dense=layers)


def read(ranks: list[int], embedding: int = 0) -> Letter:
    """What the last word of a text comes to."""
    drawn = model(embedding)
    xs = [drawn.weights.E[:, [rank]] if embedding else np.array([[float(rank)]]) for rank in ranks]
    network = drawn.network._replace(reads="numbers")  # the vectors themselves
    return forward(network, drawn.weights, xs, [], drawn.before).letters[-1]


def line(rank: int, embedding: int = 0) -> str:
    """A row of a table: a text whose last word has this rank."""
    letter = read([*BEFORE, rank], embedding)
    first = letter.head[0].a
    still = int((first * (1 - first) < STILL).sum())
    assert letter.output is not None
    negative, positive = letter.output.y[:, 0]
    return f"| {rank:,} | {letter.step.h.max():,.2f} | {still:,} of {len(first):,} | {negative:.3f} | {positive:.3f} |"


def padded(steps: int) -> str:
    """A row of a table: a word, with so many steps of padding after it."""
    return f"| {steps} | {read([*BEFORE, 4_000, *[0] * steps]).step.h.max():,.2f} |"


def page() -> str:
    """The page."""
    head = [
        "| rank of the last word | largest number of h | saturated sigmoids | score of negative | of positive |",
        "|---:|---:|---:|---:|---:|",
    ]
    return PAGE.format(
        words=f"{WORDS:,}",
        ranks="\n".join([*head, *map(line, RANKS)]),
        vectors="\n".join([*head, *(line(rank, 16) for rank in RANKS)]),
        padded="\n".join(["| zeros read | largest number of h |", "|---:|---:|", *map(padded, (0, 1, 4, 12))]),
        measured=MEASURED,
    )


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
    print("wrote ranks.md", file=sys.stderr)
