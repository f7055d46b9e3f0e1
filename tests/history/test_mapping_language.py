"""A mapping says what rows become. What is wrong with it is told by its key, before anything is read."""

import datetime as dt
import json
from typing import Any

import msgspec
import pytest

from integrations.mappings.history.translator import open_part, units
from integrations.mappings.history.tree import hints_of
from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.core.errors import InputError
from visibility.inbox.ports import Guidance, Unit

AS_OF = dt.date(2024, 6, 30)
BASE = """
name = "t"
[row]
id = "id"
"""


def told(mapping: str, content: str) -> list[Unit]:
    guidance = Guidance(mapping=mapping, as_of=AS_OF, source="s", file="f.csv", first_row=1, first_line=2)
    plan, rows = open_part(content.encode(), mapping, as_of=AS_OF)
    return list(units(plan, rows, guidance))


def documents(mapping: str, content: str) -> list[dict[str, Any]]:
    found = told(mapping, content)
    assert not [unit.problems for unit in found if unit.problems]
    return [json.loads(msgspec.json.encode(each.document)) for unit in found for each in unit.documents]


def problem(mapping: str, content: str) -> tuple[str, str]:
    (unit,) = told(mapping, content)
    (only,) = unit.problems
    return only.where, only.text


def order(fields: str, *, head: str = "") -> str:
    document = '[[document]]\ntype = "order.placed"\n[document.fields]\n"order.number" = "po"'
    return f"{BASE}\n{head}\n{document}\n{fields}"


def refusal(mapping: str, header: str = "id,po,x") -> str:
    with pytest.raises(InputError) as error:
        open_part(f"{header}\n1,2,3\n".encode(), mapping, as_of=AS_OF)
    return f"{error.value.where}: {error.value.text}"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("name = ", "mapping: this is no TOML"),
        ('name = "x"', "missing required field `row`"),
        (BASE + 'colour = "red"\n[[document]]\ntype = "order.placed"', "there is no key `colour` here"),
        (BASE, "missing required field `document`"),
        (BASE + '[[document]]\ntype = "order"', 'mapping: document 1.type: "order" is no type of document'),
        (order('"lines.qty" = "x"'), 'mapping: document 1.fields.lines.qty: OrderLine has no field "qty"'),
        (order('"lines.quanttity" = "x"'), 'did you mean "quantity"?'),
        (order('"currency.code" = "x"'), '"currency" is a single value; it has no field "code"'),
        (order('"currency" = "y"'), 'mapping: document 1.fields.currency: the file has no column "y"'),
        (
            order('"currency" = { value = 3 }'),
            "mapping: document 1.fields.currency: Expected `str`, got `int`",
        ),
        (
            order('"order.scheme" = { value = "p" }'),
            "mapping: document 1.fields.order.scheme: Invalid enum value",
        ),
        (order('"currency" = { column = "x", value = "y" }'), "document 1.fields.currency: say one of"),
        (order('"currency" = { colum = "x" }'), "document 1.fields.currency: there is no key `colum` here"),
        (order("", head='[columns.nope]\nunknown = ["-"]'), 'columns.nope: the file has no column "nope"'),
        (order("", head='[columns.x]\nzone = "Mars"'), 'columns.x: there is no time zone "Mars"'),
        (order("", head='[numbers]\ndecimal = ",,"'), "numbers: decimal is one character"),
        (order("", head='[file]\nformat = "xml"'), "file.format: Invalid enum value 'xml'"),
        (order("", head='unknown = ["-"]'), "row: there is no key `unknown` here; it stands at the top"),
        (order("", head='[fields]\n"received_at" = "x"'), "fields.received_at: no document of this mapping"),
        (
            BASE + '[[document]]\ntype = "order.placed"\n[document.fields]\n"order.issuer" = "x"',
            "order.number",
        ),
        (BASE.replace('"id"', '"ID"') + order("")[len(BASE) :], 'row.id: the file has no column "ID"'),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_by_its_key(mapping: str, said: str) -> None:
    assert said in refusal(mapping)


def test_a_column_that_stands_twice_in_the_file_has_to_be_numbered() -> None:
    assert "it stands there more than once; write x#1 or x#2" in refusal(
        order('"currency" = "x"'), "id,po,x,x"
    )
    assert documents(order('"currency" = "x#2"'), "id,po,x,x\n1,2,3,4\n")[0]["currency"] == "4"


def test_every_field_of_every_document_is_in_reach() -> None:
    def walk(kind: type[msgspec.Struct]) -> int:
        found = 0
        for inner, _ in hints_of(kind).values():
            deep = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
            found += walk(inner) if deep else 1
        return found

    assert sum(walk(kind) for kind in DOCUMENT_TYPES.values()) > 200


def test_one_row_becomes_several_documents_with_an_identity_each() -> None:
    mapping = order("") + '\n[[document]]\ntype = "goods.received"\n[document.fields]\n"order.number" = "po"'
    (unit,) = told(mapping, "id,po\n7,P-1\n")
    assert [each.event_id for each in unit.documents] == ["7#order.placed", "7#goods.received"]
    assert len({each.body_digest for each in unit.documents}) == 1


def test_two_documents_of_one_type_need_names() -> None:
    twice = order("") + order("")[len(BASE) :]
    assert (
        "makes two documents order.placed of such a row; give one of them a name"
        in problem(twice, "id,po\n7,P\n")[1]
    )
    named = twice.replace('type = "order.placed"', 'type = "order.placed"\nname = "first"', 1)
    (unit,) = told(named, "id,po\n7,P\n")
    assert [each.event_id for each in unit.documents] == ["7#first", "7#order.placed"]


def test_lists_are_addressed_by_number() -> None:
    mapping = order(
        '"lines.requests.date" = "d"\n"lines.requests.1.date" = "e"\n'
        '"supplier.ids.0" = { column = "po", prefix = "a:" }\n"supplier.ids.1" = { value = "b:2" }'
    )
    (found,) = documents(mapping, "id,po,d,e\n1,P,2024-01-02,2024-02-03\n")
    assert found["lines"][0]["requests"] == [{"date": "2024-01-02"}, {"date": "2024-02-03"}]
    assert found["supplier"]["ids"] == ["a:P", "b:2"]


def test_a_part_of_which_nothing_is_known_is_left_out_with_its_constants() -> None:
    mapping = order(
        '"lines.line" = "l"\n"lines.requests.date" = "d"\n"lines.requests.basis" = { value = "dock" }'
    )
    known, unknown = documents(mapping, "id,po,l,d\n1,P,10,2024-01-02\n2,P,20,\n")
    assert known["lines"][0]["requests"] == [{"date": "2024-01-02", "basis": "dock"}]
    assert unknown["lines"] == [{"line": "20"}]


def test_an_order_line_speaks_of_itself_alone_and_carries_the_day_of_the_history() -> None:
    (found,) = documents(order(""), "id,po\n1,P\n")
    assert (found["by_line"], found["history_as_of"]) == (True, "2024-06-30")


def test_an_opening_balance_is_no_history() -> None:
    mapping = order('"as_of" = { column = "at" }').replace("order.placed", "order.opening_balance")
    (found,) = documents(mapping, "id,po,at\n1,P,2024-06-30T12:00:00Z\n")
    assert "history_as_of" not in found


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ('"open"', "1"),
        ('["open", "held"]', "12"),
        ('{ not = ["open"] }', "234"),
        ('{ starts = ["h"] }', "2"),
        ("{ known = true }", "123"),
        ("{ known = false }", "4"),
        ('{ is = ["open", "held"], not = ["held"] }', "1"),
    ],
)
def test_conditions_choose_rows(when: str, fits: str) -> None:
    mapping = order("").replace('type = "order.placed"', f'type = "order.placed"\nwhen = {{ s = {when} }}')
    found = told(mapping, "id,po,s\n1,P,open\n2,P,held\n3,P,new\n4,P,\n")
    assert "".join(str(n) for n, unit in enumerate(found, start=1) if unit.documents) == fits


def test_a_row_that_no_document_takes_is_unusable_and_one_left_out_is_not() -> None:
    mapping = order("", head='[[skip]]\nwhen = { s = "test" }').replace(
        'type = "order.placed"', 'type = "order.placed"\nwhen = { s = "open" }'
    )
    assert problem(mapping, "id,po,s\n1,P,new\n") == (
        "row 1, line 2, column s",
        'no document of the mapping takes such a row: s is "new"',
    )
    (skipped,) = told(mapping, "id,po,s\n1,P,test\n")
    assert skipped == Unit(skipped=True)


def test_rows_without_any_text_are_left_out() -> None:
    assert told(order(""), "id,po\n,\n") == [Unit(skipped=True)]


def test_a_row_without_its_identity_or_its_order_is_told_with_the_column() -> None:
    assert problem(order(""), "id,po\n,P\n") == (
        "row 1, line 2, column id",
        "this column tells rows apart and is empty here",
    )
    assert problem(order(""), "id,po\n1,\n") == (
        "row 1, line 2, column po",
        "number is needed and not told here",
    )


def test_a_field_may_be_required() -> None:
    mapping = order('"currency" = { column = "c", required = true }')
    assert problem(mapping, "id,po,c\n1,P, \n") == (
        "row 1, line 2, column c",
        "currency is needed and not told here",
    )


def test_texts_are_joined_or_the_first_known_is_taken() -> None:
    mapping = order(
        '"note" = { columns = ["a", "b"], join = "/" }\n"currency" = { first = ["a", "b"] }',
        head='[columns.a]\nunknown = ["-"]',
    )
    found = documents(mapping, "id,po,a,b\n1,P,x,y\n2,P,-,y\n")
    assert [(each["note"], each["currency"]) for each in found] == [("x/y", "x"), ("y", "y")]


def test_an_identity_stands_for_the_columns_that_are_read_and_no_others() -> None:
    def digest(content: str) -> object:
        return told(order('"currency" = "c"'), content)[0].documents[0].body_digest

    same = digest("id,po,c,import_reason\n1,P,EUR,\n")
    assert same == digest("import_reason,c,po,id\nmended,EUR,P,1\n")
    assert same != digest("id,po,c\n1,P,USD\n")


def test_the_position_in_the_file_is_an_identity_of_last_resort() -> None:
    mapping = order("").replace('id = "id"', 'id = "position"')
    first, second = told(mapping, "po\nP\nP\n")
    assert first.documents[0].event_id == "f.csv row 1#order.placed"
    assert second.documents[0].event_id == "f.csv row 2#order.placed"


def test_values_of_json_are_found_by_paths_and_keep_their_decimals() -> None:
    mapping = order(
        '"lines.quantity" = "data.0.qty"\n"lines.line" = "line.no"\n"lines.price" = "price"',
        head='[file]\nformat = "jsonl"\n[numbers]\ndecimal = ","',
    )
    row = {"id": 1, "po": 4711, "data": [{"qty": 0.1}], "line": {"no": 10}, "price": "1,50"}
    (found,) = documents(mapping, json.dumps(row) + "\n")
    assert found["order"]["number"] == "4711"
    assert found["lines"] == [{"line": "10", "quantity": "0.1", "price": "1.50"}]


EACH = order('"lines.line" = "lines.no"', head='[file]\nformat = "jsonl"').replace(
    'id = "id"', 'id = ["id", "lines.no"]\neach = "lines"'
)


def test_an_object_is_told_once_for_each_element_of_its_list() -> None:
    (unit,) = told(EACH, '{"id": 1, "po": "P", "lines": [{"no": 10}, {"no": 20}]}\n')
    assert [each.event_id for each in unit.documents] == ["1|10#order.placed", "1|20#order.placed"]
    assert len({each.body_digest for each in unit.documents}) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"id": 1, "po": "P", "lines": {"no": 10}}', "a list of objects is expected here"),
        ('{"id": 1, "po": "P", "lines": [{"no": 10}, {}]}', "this column tells rows apart and is empty here"),
    ],
)
def test_an_object_of_which_one_element_is_no_good_is_unusable_as_a_whole(row: str, said: str) -> None:
    assert problem(EACH, row + "\n")[1] == said


def test_an_object_with_an_empty_list_or_none_tells_nothing() -> None:
    assert told(EACH, '{"id": 1, "po": "P", "lines": []}\n{"id": 2, "po": "P"}\n') == [Unit(skipped=True)] * 2


def test_a_list_where_a_single_value_is_expected_is_told_with_its_path() -> None:
    mapping = order('"currency" = "c"', head='[file]\nformat = "jsonl"')
    where, text = problem(mapping, '{"id": 1, "po": "P", "c": ["EUR"]}\n')
    assert where.endswith("column c")
    assert text == "an object or a list stands where a single value is expected"
