"""Labelled texts of a CSV file as numbers: what is read, what is left out and named, and what is refused."""

import bz2
import gzip
import io
import lzma
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.text_rules import KERAS, PADDING, TextRules
from rnnwalk.tasks.rows import Texts, ranked, read_texts
from rnnwalk.tasks.table import Columns, Table
from rnnwalk.tasks.word_vectors import read_vectors


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def table(content: str | bytes, *columns: str) -> Table:
    Path("f.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table("f.csv", Columns(*columns))


def texts(content: str | bytes, *columns: str, rules: TextRules = KERAS) -> Texts:
    return read_texts(table(content, *columns), rules)


def test_a_text_is_as_long_as_its_line_but_an_open_quotation_mark_reads_no_further_than_it_must() -> None:
    long = "so good " * 50_000
    found = table(f'text,target\n{long},1\n"{long}",0\nbad,0\n')
    assert [(line, len(text)) for line, text, _ in found] == [(2, len(long)), (3, len(long)), (4, 3)]
    assert found.remarks() == []
    open_ = table('text,target\ngood,1\n"bad,0\n' + "good,1\n" * 40_000)
    assert len(list(open_)) == 40_001
    (_, said) = open_.remarks()
    assert said.endswith("line 3 holds more than 131,072 characters between two commas: is a quotation mark missing?")


def test_the_words_are_ranked_as_by_kerass_tokenizer() -> None:
    # By hand, as Tokenizer.fit_on_texts documents: counts fall, ties by first appearance, ids from 1; num_words=4 keeps
    # the ids below 4, and texts_to_sequences leaves the other words out.
    found = texts("text,target\nthe cat sat,0\nthe dog sat,1\nthe dog ran!,1\na,0\n")
    vocabulary, numbers = ranked(found.rows, found.words, None)
    assert vocabulary == (PADDING, "the", "sat", "dog", "cat", "ran", "a")
    vocabulary, numbers = ranked(found.rows, found.words, 4)
    assert vocabulary == (PADDING, "the", "sat", "dog")
    rows = found.rows.renumbered(numbers, KERAS)
    assert [words.tolist() for words, _ in rows] == [[1, 2], [1, 3, 2], [1, 3]]  # “a” alone is not known
    assert [label.tolist() for _, label in rows] == [[0], [1], [1]]
    padded = found.rows.renumbered(numbers, KERAS._replace(maxlen=2, padding="post"))
    assert [words.tolist() for words, _ in padded] == [[1, 2], [3, 2], [1, 3]]
    assert padded.rows.dtype == np.int32


def test_words_of_texts_that_are_held_back_do_not_count() -> None:
    found = texts("text,target\nb b b,0\na c,1\na,1\n")
    vocabulary, _ = ranked(found.rows[1:], found.words, None)
    assert vocabulary == (PADDING, "a", "c")


def test_columns_are_counted_where_there_is_no_header_and_quoted_texts_hold_commas_and_lines() -> None:
    tweets = '"4","1","a ""quoted"", text\nof two lines"\n"0","2","caf\xe9"\n'.encode("latin-1")
    found = table(tweets, "2", "0", "latin-1")
    assert list(found) == [(1, 'a "quoted", text\nof two lines', "4"), (3, "café", "0")]
    assert texts(tweets, "2", "0", "latin-1").classes == ("0", "4")


def test_rows_that_cannot_be_read_are_counted_and_the_first_named_by_line() -> None:
    rows = "".join(f"text {i},{i % 2}\n" for i in range(8))
    found = table(f'text,target\n{rows}a,b,0\nalone\n"stray "quote,0\n"never closed,1\nlast,1\nno label,\n')
    assert [text for _, text, _ in found][-2:] == ["text 7", "last"]
    assert found.unreadable == 5
    assert found.reasons == [
        "line 10 has 3 fields, expected 2 as in line 1",
        "line 11 has 1 field, expected 2 as in line 1",
        "line 12 is not CSV (',' expected after '\"')",
    ]


@pytest.mark.parametrize("bad", ["garbage", "garbage, with; a\tcomma, or, two", '"never closed', "4;good, so;1;;", ","])
def test_a_bad_first_line_is_counted_and_named_and_the_others_are_read(bad: str) -> None:
    for sign in ",;\t":
        found = table(f'{bad}\n4{sign}"good, so"{sign}1\n0{sign}bad{sign}2\n4{sign}fine{sign}3\n', "1", "0")
        assert [text for _, text, _ in found] == ["good, so", "bad", "fine"]
        assert found.unreadable == 1
        assert found.reasons[0].startswith("line 1 ")
    assert "expected 3 as in line 2" in found.reasons[0] or "not CSV" in found.reasons[0]


def test_blanks_may_stand_before_quotation_marks() -> None:
    for sign in ",;":
        rows = f'1{sign} "good{sign} not bad"\n0{sign}  "bad"\n'
        assert list(table(rows, "1", "0")) == [(1, f"good{sign} not bad", "1"), (2, "bad", "0")]
        assert list(table(f"target{sign} text\n{rows}")) == [(2, f"good{sign} not bad", "1"), (3, "bad", "0")]
    plain = "0, bad\n1, good\n"
    late = table(plain * 60 + '1, "good, not bad"\n', "1", "0")
    assert [text for _, text, _ in late][-1] == " good"  # a text as it stands, where nothing speaks against it
    assert late.reasons == ["line 121 has 3 fields, expected 2 as in line 1: a blank stands before a quotation mark"]


def test_a_stray_quotation_mark_that_eats_rows_is_told() -> None:
    rows = [f"film {i},{'np'[i % 2]}\n" for i in range(99)]
    rows[2], rows[59] = '"quite good film,p\n', 'good film",n\n'  # in lines 4 and 61
    found = table(f"text,target\n{''.join(rows)}\n")
    assert len(list(found)) == 42
    assert found.remarks() == [
        "f.csv: read 42 rows from 99 lines",
        "f.csv: one text spans lines 4 to 61: is a quotation mark missing?",
    ]
    assert list(found := table("text,target\na,0\n\nb,1\n"))
    assert not found.remarks()  # blank lines are none


def test_columns_may_be_parted_by_semicolons_or_tabs() -> None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        named = table(f'text{sign}target\n"good{sign} so"{sign}1\nbad, so{sign}0\n')
        assert list(named) == [(2, f"good{sign} so", "1"), (3, "bad, so", "0")]
        assert named.remarks() == [f"f.csv: its columns are parted by {name}"]
        assert list(table(f"\n4{sign}good, so\n0{sign}bad\n", "1", "0")) == [(2, "good, so", "4"), (3, "bad", "0")]
    assert list(table("4,good; so\n0,bad\n", "1", "0")) == [(1, "good; so", "4"), (2, "bad", "0")]


def test_classes_stand_in_the_order_of_their_numbers_or_letters() -> None:
    assert texts("text,target\na,10\nb,9\nc,10\n").classes == ("9", "10")
    assert texts("text,target\na,no\nb,1_0\n").classes == ("1_0", "no")  # no number
    assert texts("text,target\na,pos\nb,neg\n").classes == ("neg", "pos")


def zipped(content: bytes) -> bytes:
    """A ZIP file with one file in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.txt", content)
    return packed.getvalue()


def test_a_row_with_a_stray_zero_byte_is_counted_and_named() -> None:
    rows = [f"film {i},{'np'[i % 2]}\n" for i in range(300)]
    rows[250] = "fi\0lm,n\n"
    quoted = 'text,target\n"a\nb\0",n\n' + "".join(rows[:250])
    for content, line, read in (("text,target\n" + "".join(rows), 252, 299), (quoted, 2, 250)):
        found = table(content)
        assert len(list(found)) == read
        assert (found.unreadable, found.reasons) == (1, [f"line {line} holds a zero byte"])
    with pytest.raises(InputError, match=r"1 of 1 rows cannot be read: line 2 holds a zero byte"):
        list(table("text,target\na long text with a zero \0,n\n"))


HEADLESS = "4,a b\n0,c d\n4,e\n0,f\n"


@pytest.mark.parametrize(
    ("content", "columns", "says"),
    [
        ("text,label\na,0\n", (), "f.csv: line 1 names no column 'target', found text, label"),
        ("text,label\na,0\n", (), "found text, label: choose with --text-column and --label-column"),
        ("text,label\na,0\n", ("text", "labels"), "did you mean 'label'?"),
        (HEADLESS, (), "is it no header? Then number the columns from 0: --text-column 1 --label-column 0"),
        ("so good a film,1\nbad,0\n", (), "number the columns from 0: --text-column 0 --label-column 1"),
        ("4,187,Mon,NONE,me,so good a film\n", (), "number the columns from 0: --text-column 5 --label-column 0"),
        ("187\n188\n", (), "names no column 'text', found 187: choose with --text-column and --label-column"),
        ("text|target\na|0\n", (), "its columns must be parted by commas, semicolons or tabs, not by '|'"),
        ("tweet;class\na;0\n", (), "line 1 names no column 'text', found tweet, class"),
        (HEADLESS, ("1", "01"), "are both to come from the column '01'; expected two columns"),
        ("text,target\na,0\n", ("text", "text"), "are both to come from the column 'text'"),
        ("text,target\na,1\nb,0\nc,0.0\n", (), "line 3 says '0' and line 4 '0.0', the same number written in two ways"),
        (HEADLESS, ("2", "0"), "f.csv: --text-column is 2, but line 1 has 2 columns, counted from 0"),
        (HEADLESS, ("1",), "expected both by name (--text-column, --label-column), or both by number"),
        ("target,text\n" + HEADLESS, ("1", "0"), "line 1 is the only one that says 'target', so it looks like a header"),
        ("label,t\na,x\nb,y\na,x\nb,y\n", ("1", "0"), "name the columns then: --label-column label"),
        ("text,target\na,0\nb,1\nc,no\n", (), "line 4 says 'no' and line 2 '0'; labels must all be numbers, or all be texts"),
        ("text,target\na,0\nb,0\n", (), "every row says '0', so there is nothing to tell apart"),
        ("text,target\n" + "".join(f"a,n{i}\n" for i in range(1001)), (), "line 1002 has another label, 'n1000', after 1000"),
        ("text,target\na,b,c\n\nd,e,f\n", (), "2 of 2 rows cannot be read: line 2 has 3 fields, expected 2 as in line 1"),
        (b"text,target\ncaf\xe9,0\n", (), "is not utf-8 text (byte 16, in line 2); cp1252 or latin-1 would read it: add --encoding cp1252"),
        (b"text,target\nok,1\ncaf\xc3\xa9,0\ncaf\xe9,0\n", (), "is not utf-8 text in line 4 (byte 29), but all before is, with letters such as “é”: mend that line"),
        (b"text,target\ncaf\xe9,0\ncaf\xc3\xa9,0\n\xe2\x80\xa6,0", (), "is not utf-8 text in line 2 (byte 16), but what stands around it is, with letters such as “é”: mend that line"),
        (b"text,target\ncaf\x81\n", ("text", "target", "cp1252"), "is not cp1252 text (byte 16, in line 2); latin-1 would read it"),
        ("text,target\n".encode("utf-16"), (), "is not utf-8 text (byte 1); utf-16 would read it: add --encoding utf-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", (), "is no text (byte 1 is not utf-8, and it holds zeros)"),
        ("text,café\n".encode("utf-16-le"), (), "and it holds zeros); if it is one, try --encoding utf-16-le or utf-16-be"),
        (b"MZ\3\4\0\0", (), "line 1 holds a zero byte, so this is no text; if it is one, try --encoding utf-16-le or"),
        ("a", ("text", "target", "rot13"), "unknown encoding 'rot13'; usual ones are"),
        ("a", ("text", "target", "latin1x"), "unknown encoding 'latin1x'"),
        ("a", ("text", "target", "base64"), "unknown encoding 'base64'"),
        ("a", ("text", "target", "unicode_escape"), "unknown encoding 'unicode_escape'"),
        ("a", ("text", "target", "punycode"), "unknown encoding 'punycode'"),
        ("a", ("text", "target", ""), "unknown encoding ''; usual ones are"),
        ("a", ("text", "target", "utf-8 "), "unknown encoding 'utf-8 '; usual ones are utf-8, cp1252, latin-1; did you mean 'utf-8'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_from_is_said_in_one_sentence(
    content: str | bytes, columns: tuple[str, ...], says: str
) -> None:
    with pytest.raises(InputError) as refused:
        texts(content, *columns)
    assert says in str(refused.value)
    assert len(str(refused.value)) <= 250


def test_a_utf8_file_that_is_read_as_something_else_is_told() -> None:
    rows = "text,target\nplain,1\nun café,0\n…so,1\n"
    for encoding, wrong in (("latin-1", "Ã©"), ("cp1252", "Ã©")):
        found = table(rows.encode(), "text", "target", encoding)
        assert len(list(found)) == 3
        assert found.remarks() == [
            f"f.csv: it is UTF-8, too, and “é” in line 3 is read as “{wrong}”; leave out --encoding {encoding}"
        ]
    told = table("text,target\na…,0\n".encode(), "text", "target", "latin-1")
    assert list(told)
    assert all(sign.isprintable() for sign in told.remarks()[0])
    for fine, encoding in (
        (rows.replace("…so", "sø").encode("latin-1"), "latin-1"),
        (rows.encode(), "utf-8-sig"),
        (b"text,target\na,0\n", "latin-1"),
        (rows.encode("utf-16"), "utf-16"),
        (rows.encode() + b"caf\xe9,0\n", "latin-1"),
    ):
        found = table(fine, "text", "target", encoding)
        assert list(found)
        assert found.remarks() == [], encoding


@pytest.mark.parametrize(
    ("pack", "kind"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz"), (zipped, "zip")]
)
def test_a_compressed_file_is_called_so(pack: Callable[[bytes], bytes], kind: str) -> None:
    for encoding in ("utf-8", "latin-1"):
        with pytest.raises(
            InputError, match=rf"^f\.csv: is compressed \({kind}\); unpack it first, and name what was in it$"
        ):
            texts(pack(b"text,target\na,0\nb,1\n"), "text", "target", encoding)
    Path("v.txt").write_bytes(pack(b"the 1 2\n"))
    with pytest.raises(InputError, match=rf"^v\.txt: is compressed \({kind}\); unpack it first"):
        read_vectors("v.txt", (PADDING, "the"))


def test_a_workbook_is_no_csv_file() -> None:
    Path("w.xlsx").write_bytes(zipped(b""))
    with pytest.raises(InputError, match=r"^w\.xlsx: is a workbook; save its sheet as CSV"):
        list(Table("w.xlsx", Columns()))


def test_gigabytes_of_zeros_are_refused_at_their_beginning() -> None:
    with Path("f.csv").open("wb") as file:
        file.truncate(3 * 2**30)
    begun = time.perf_counter()
    with pytest.raises(InputError, match="line 1 holds a zero byte"):
        list(Table("f.csv", Columns()))
    assert time.perf_counter() - begun < 10  # a tenth of a second; for all of them, 40 and 9 GB


GLOVE = "the 0.1 -0.2\n. . . 1 2\ncafe\u0301 3 4\nthe 9 9\n"


def vectors(content: str, *words: str) -> list[list[float]]:
    Path("v.txt").write_text(content, "utf-8")
    return read_vectors("v.txt", (PADDING, *words)).E.T.tolist()


def test_the_vectors_of_the_words_alone_are_kept_and_others_are_zeros() -> None:
    expected = [[0, 0], [0.1, -0.2], [3, 4], [0, 0]]
    assert vectors(GLOVE, "the", "café", "none") == expected
    assert vectors(f"4 2\n{GLOVE}", "the", "café", "none") == expected  # word2vec's and fastText's first line
    assert vectors(f". . . 5 6\n{GLOVE}", "the") == [[0, 0], [0.1, -0.2]]
    assert (
        vectors("\ufeffthe  0.1 -0.2 \ncafé 3  4", "the", "café", "none") == expected
    )  # a byte-order mark, doubled blanks
    assert read_vectors("v.txt", (PADDING, "the", "none")).found == 1


@pytest.mark.parametrize("before", ["", "b 9 9\n"])
def test_a_word_of_a_vector_may_end_with_a_number(before: str) -> None:
    lines = f"{before}route 66 0.1 0.2\nthe 0.3 0.4\nroute 5 6\nto infinity 7 8\n"
    assert vectors(lines, "the", "route", "route 66") == [[0, 0], [0.3, 0.4], [5, 6], [0.1, 0.2]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GLOVE + "a 1\n", "v.txt: line 5 has 1 number, expected 2 as most lines have"),
        (GLOVE + "a  1\n", "v.txt: line 5 has 1 number, expected 2 as most lines have"),
        ("b 1 2\nthe 0.1 2 3\n", "v.txt: line 2 has 3 numbers, expected 2 as most lines have"),
        ("b 1\na 1 2\nthe 1 2\n", "v.txt: line 1 has 1 number, expected 2 as most lines have"),
        ("b 1 2\nthe 1 1_0\n", "v.txt: line 2 ('the') holds '1_0', expected a finite number"),
        ("b 1 2\nthe 1 nan\n", "v.txt: line 2 ('the') holds 'nan', expected a finite number"),
        ("b 1 2\nthe 1 x\n", "v.txt: line 2 ('the') holds 'x', expected a finite number"),
        ("b 1 2\n", "v.txt: has none of the words of the texts (the)"),
        ("hello\n", "v.txt: line 1 is 'hello', expected a word and its numbers, with blanks between them"),
        ("", "v.txt: has none of the"),
    ],
)
def test_word_vectors_that_cannot_be_meant_are_refused_in_one_sentence(content: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        vectors(content, "the")
    assert says in str(refused.value)
