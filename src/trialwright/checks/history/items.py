"""Everything else of two versions: blocks as sets of items, single fields by their words. Phones and e-mails are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trialwright.checks.history.changes import Seen, label, load_rules
from trialwright.checks.history.versions import Versions
from trialwright.checks.history.words import differing, likeness, normal, pair, stems
from trialwright.registry import Field, Record, State
from trialwright.registry.carry.pieces import plain_key
from trialwright.terms.sentences import Text

_Item = tuple[Field, ...]


def find_item_changes(versions: Versions) -> Iterator[Seen]:
    """Compare every block and field that no other comparison takes.

    Between two forms only values that both state are compared: a copy in another form may leave out what it could hold.
    """
    not_held: dict[str, None] = {}
    old, new = (_by_block(versions, record, not_held) for record in (versions.old, versions.new))
    for block in dict.fromkeys([*old, *new]):
        found = _block(block, *_without_shared_numbers(versions, block, old.get(block, []), new.get(block, [])))
        yield from (one for one in found if versions.same_form or (one.before and one.after and one.variant != "same"))
    yield from _not_held(versions, not_held)


def _by_block(versions: Versions, record: Record, not_held: dict[str, None]) -> dict[str, list[_Item]]:
    """Group the fields that say something: the items of a repeated block, and each single field by itself."""
    found: dict[str, dict[str, list[Field]]] = {}
    for one in record.fields:
        if one.state is not State.VALUE or _is_elsewhere(one.key):
            continue
        if not versions.both_hold(one.key):
            not_held[one.key.partition(".")[0]] = None
            continue
        steps = _place(one.key, versions).split(".")
        number = next((at for at, step in enumerate(steps) if step.isdigit()), None)
        block = ".".join(steps[:number]) if number is not None else ".".join(steps)
        item = ".".join(steps[: number + 1]) if number is not None else block
        known = found.setdefault(block, {}).setdefault(item, [])
        if number is not None or not any(normal(other.text) == normal(one.text) for other in known):
            known.append(one)
    return {block: [tuple(fields) for fields in items.values()] for block, items in found.items()}


def _is_elsewhere(key: str) -> bool:
    return any(key == one or key.startswith((one + ".", one + "#")) for one in load_rules()["elsewhere"]["prefixes"])


def _place(key: str, versions: Versions) -> str:
    """Give the place of a field; in two forms the sponsors and those who share in it are one list of organisations."""
    plain = plain_key(key)
    if versions.same_form or not plain.startswith("collaborators."):
        return plain
    return re.sub(r"^collaborators\.(\d+)", r"sponsors.\g<1>000", plain)


def _without_shared_numbers(versions: Versions, block: str, old: list[_Item], new: list[_Item]) -> tuple[list[_Item], list[_Item]]:
    """Leave out identifying numbers that the other form has in another place."""
    if versions.same_form or not block.startswith("ids"):
        return old, new
    if block == "ids.registry":
        return [], []
    known = [{one.text for one in record.all("ids")} for record in (versions.old, versions.new)]
    return (
        [item for item in old if not any(one.text in known[1] for one in item)],
        [item for item in new if not any(one.text in known[0] for one in item)],
    )


def _block(block: str, old: list[_Item], new: list[_Item]) -> Iterator[Seen]:
    area = block.partition(".")[0]
    weighty = area in load_rules()["weighty"]["blocks"]
    if area in ("results", "documents"):
        if bool(old) != bool(new):
            facts = {"label": label(area), "before": label(area), "after": label(area)}
            yield Seen(code="item.added" if new else "item.removed", after=_first(new), before=_first(old), facts=facts)
        return
    single = len(old) == len(new) == 1 or not any(
        step.isdigit() for one in (*old, *new) for step in plain_key(one[0].key).split(".")
    )
    pairs = [(old[0], new[0])] if single and old and new else list(pair(old, new, _likeness, _order))
    left, right = {id(one) for one, _ in pairs}, {id(other) for _, other in pairs}
    for one in (one for one in new if id(one) not in right):
        yield _one_sided("item.added", block, one, weighty=weighty)
    for one in (one for one in old if id(one) not in left):
        yield _one_sided("item.removed", block, one, weighty=weighty)
    for one, other in sorted(pairs, key=lambda two: _order(two[1])):
        yield from _compare(block, one, other, weighty=weighty)


def _first(items: list[_Item]) -> _Item:
    return items[0][:1] if items else ()


def _order(item: _Item) -> str:
    return normal(_words(item))


def _words(item: _Item) -> str:
    return "; ".join(one.text for one in item)


def _public(item: _Item) -> str:
    return "; ".join(one.text for one in item if not one.private)


def _likeness(one: _Item, other: _Item) -> float:
    """Say how alike two items are: their first fields name them."""
    if _order(one) == _order(other):
        return 2.0
    if normal(one[0].text) == normal(other[0].text):
        return 1.0 + likeness(_words(one), _words(other)) / 2
    return likeness(_words(one), _words(other))


def _one_sided(code: str, block: str, item: _Item, *, weighty: bool) -> Seen:
    shown = tuple(one for one in item if not one.private)
    if not shown:
        return _on_side(code, Seen(code="item.changed", variant="private", facts={"label": _named(block)}), item)
    name = "after" if code == "item.added" else "before"
    facts: dict[str, object] = {"label": _named(block), name: _public(item)}
    return _on_side(code, Seen(code=code, facts=facts, weighty=weighty), shown)


def _on_side(code: str, seen: Seen, item: _Item) -> Seen:
    """Put the fields into the version that has them."""
    return replace(seen, after=item) if code == "item.added" else replace(seen, before=item)


def _named(block: str) -> Text:
    return label(block.partition(".")[0])


def _compare(block: str, old: _Item, new: _Item, *, weighty: bool) -> Iterator[Seen]:
    if _words(old).split() == _words(new).split():
        return
    ends = dict.fromkeys(_end(one) for one in (*old, *new))
    for end in ends:
        before, after = (next((one for one in item if _end(one) == end), None) for item in (old, new))
        was, now = (one.text if one else "" for one in (before, after))
        if was.split() == now.split() or end.endswith("approval_date") or _meaning(before) == _meaning(after) != "":
            continue
        there, here = (before,) if before else (), (after,) if after else ()
        if any(one is not None and one.private for one in (before, after)):
            yield Seen(code="item.changed", variant="private", before=there, after=here, facts={"label": _named(block)})
        elif not was or not now:
            code = "item.added" if now else "item.removed"
            facts: dict[str, object] = {"label": _named(block), "after" if now else "before": now or was}
            yield Seen(code=code, before=there, after=here, facts=facts, weighty=weighty)
        else:
            same = normal(was) == normal(now) or (stems(was) == stems(now) != frozenset() and _digits(was) == _digits(now))
            shown = dict(zip(("before", "after"), differing(was, now), strict=True))
            facts = {"label": _named(block), **shown}
            yield Seen(
                code="item.changed",
                variant="same" if same else "",
                before=there,
                after=here,
                facts=facts,
                weighty=weighty and not same,
            )


def _meaning(one: Field | None) -> str:
    """Give yes, no or the meaning of a closed list; nothing where the words alone count."""
    if one is None:
        return ""
    if isinstance(one.value, bool | str):
        return str(one.value)
    return {"yes": "True", "true": "True", "no": "False", "false": "False"}.get(one.text.casefold(), "")


def _end(one: Field) -> str:
    """Give what a field is within its item: `name`, `address.city`."""
    return ".".join(step for step in plain_key(one.key).split(".") if not step.isdigit())


def _digits(text: str) -> list[str]:
    return sorted(step for step in normal(text).split() if any(sign.isdigit() for sign in step))


def _not_held(versions: Versions, more: dict[str, None]) -> Iterator[Seen]:
    """Name the parts that one of the two forms has no place for."""
    if versions.same_form:
        return
    areas = dict(more)
    for record, other in ((versions.old, versions.new), (versions.new, versions.old)):
        for outcome in record.outcomes:
            if not versions.both_hold(f"outcomes.{outcome.level or 'listed'}.1.title"):
                areas["outcomes"] = None
        for block in ("dates", "arms", "eligibility", "design"):
            said = [one for one in record.all(block) if one.state is State.VALUE]
            if any(other.get(one.key) is None and not versions.both_hold(one.key) for one in said):
                areas[block] = None
    skipped = {"document", "unknown", "derived"}
    names = [label(one) for one in sorted(areas) if one not in skipped]
    if names:
        text = Text(en=", ".join(one.en for one in names), fa="، ".join(one.fa for one in names))
        yield Seen(code="form.not_held", facts={"areas": text})
