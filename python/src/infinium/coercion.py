"""From plain dicts to the dataclasses of a trace, at any depth; and the check of what is there.

The conversions follow the dataclasses' own type hints. The caller's objects are only read.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import math
import operator
import sys
import types
import typing
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from .exceptions import ValidationError
from .types import TaskData

T = TypeVar("T")
Converter = Callable[[Any], Any]

SECTIONS = (
    "time_tracking",
    "customer",
    "support",
    "sales",
    "marketing",
    "content",
    "research",
    "project",
    "development",
    "executive",
    "general",
)
"""The fields of TaskData that travel under `sections`."""


class _Fault(Exception):
    """A value that does not fit; its path grows from the inside out while it is raised."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.path = ""

    def within(self, place: str) -> _Fault:
        """The same fault, seen from the object that holds `place`."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        self.path = f"{place}{dot}{self.path}"
        return self


class _Field(typing.NamedTuple):
    required: bool
    convert: Converter


def coerce(value: Any, cls: type[T], path: str = "") -> T:
    """`value`, a dict or an instance of `cls`, as an instance of `cls` whose fields all fit.

    An instance that fits is returned itself. Keys of a dict that match no field go to `metadata`
    where the class has it (a key of an explicit `metadata` wins); else they are kept for the wire
    and a warning names them. ValidationError, with the path in `.field`, for a missing required key
    or a wrong type.
    """
    try:
        return _to_dataclass(cls, value)
    except _Fault as fault:
        where = fault.within(path).path if path else fault.path
        raise ValidationError(
            f"{where or cls.__name__} {fault.text}", field=where or None
        ) from None
    except RecursionError:
        raise ValidationError(f"{path or cls.__name__} is nested too deeply") from None


def coerce_task(value: TaskData | Mapping[str, Any]) -> TaskData:
    """The trace as TaskData; a dict may hold its sections at top level or under `sections`."""
    if isinstance(value, Mapping):
        nested = value.get("sections")
        if isinstance(nested, Mapping):
            return _task_with_sections(value, cast("Mapping[str, Any]", nested))
    return coerce(value, TaskData)


def coerce_section(value: Any, dataclass_type: type[Any]) -> Any:
    """A dict as that dataclass; None and dataclasses as they are.

    Keys that match no field go to `metadata` where the class has it.
    """
    return coerce(value, dataclass_type) if isinstance(value, Mapping) else value


def coerce_field(name: str, value: Any) -> Any:
    """`value` as the TaskData field `name` takes it; None stays None."""
    field = _fields_of(TaskData).get(name)
    if field is None:
        raise TypeError(f"TaskData has no field {name!r}")
    if value is None:
        return None
    try:
        return field.convert(value)
    except _Fault as fault:
        where = fault.within(name).path
        raise ValidationError(f"{where} {fault.text}", field=where) from None


def _task_with_sections(value: Mapping[str, Any], nested: Mapping[str, Any]) -> TaskData:
    """Nested sections win over those at top level; those of unknown names become unknown keys."""
    known = {key: section for key, section in nested.items() if key in SECTIONS}
    unknown = {key: section for key, section in nested.items() if key not in SECTIONS}
    doubled = {key: value[key] for key in known if key in value}
    top = {key: item for key, item in value.items() if key != "sections" and key not in doubled}
    task = coerce({**top, **known}, TaskData)
    if doubled or unknown:
        _keep_extra(task, {**unknown, **doubled})
    return task


def _to_dataclass(cls: type[T], value: Any) -> T:
    if isinstance(value, cls):
        return _checked(cls, value)
    if not isinstance(value, Mapping):
        raise _Fault(f"must be a {cls.__name__} or a dict, not {type(value).__name__}")
    return _from_mapping(cls, cast("Mapping[Any, Any]", value))


def _checked(cls: type[T], value: T) -> T:
    """The instance itself if every field fits as it is, else a shallow copy with those that fit."""
    changed: dict[str, Any] = {}
    for name, field in _fields_of(cls).items():
        before = getattr(value, name)
        after = _converted(name, field, before)
        if after is not before:
            changed[name] = after
    if not changed:
        return value
    fitting = copy.copy(value)
    for name, after in changed.items():
        setattr(fitting, name, after)
    return fitting


def _from_mapping(cls: type[T], value: Mapping[Any, Any]) -> T:
    fields = _fields_of(cls)
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise _Fault(f"has a key that is no string: {key!r}")
        (known if key in fields else extra)[key] = item
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        if field.required and name not in known:
            raise _Fault("is required").within(name)
        if name in known and (field.required or known[name] is not None):
            arguments[name] = _converted(name, field, known[name])
    if extra and "metadata" in fields:
        arguments["metadata"] = {**extra, **arguments.get("metadata", {})}
        extra = {}
    made = cls(**arguments)
    if extra:
        _keep_extra(made, extra)
    return made


def _converted(name: str, field: _Field, value: Any) -> Any:
    if value is None:
        if field.required:
            raise _Fault("is required").within(name)
        return None
    try:
        return field.convert(value)
    except _Fault as fault:
        raise fault.within(name) from None


def _keep_extra(made: object, extra: dict[str, Any]) -> None:
    """Keeps unknown keys on the instance, where the encoder finds them, and says so."""
    kept = {**getattr(made, "_extra", {}), **extra}
    object.__setattr__(made, "_extra", kept)
    names = ", ".join(sorted(extra))
    warn(f"{type(made).__name__} has no field for: {names}; sent as they are")


def warn(text: str) -> None:
    """A UserWarning that points at the program's line, not at the SDK's."""
    level = 1
    frame = sys._getframe(0)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_globals.get("__name__", "").startswith("infinium"):
        frame = frame.f_back
        level += 1
    warnings.warn(text, UserWarning, stacklevel=level)


@functools.cache
def _fields_of(cls: type[Any]) -> dict[str, _Field]:
    hints = typing.get_type_hints(cls)
    return {
        field.name: _Field(
            required=field.default is dataclasses.MISSING,
            convert=_converter(hints[field.name], milliseconds=field.name.endswith("_ms")),
        )
        for field in dataclasses.fields(cls)
    }


def _converter(hint: Any, *, milliseconds: bool = False) -> Converter:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        if len(kinds) > 1:
            return functools.partial(_one_of, [_converter(kind) for kind in kinds])
        return _converter(kinds[0], milliseconds=milliseconds)
    if typing.get_origin(hint) is list:
        return functools.partial(_list, _converter(typing.get_args(hint)[0]))
    if typing.get_origin(hint) is dict:
        return functools.partial(_dict, _converter(typing.get_args(hint)[1]))
    if dataclasses.is_dataclass(hint):
        return functools.partial(_to_dataclass, cast("type[Any]", hint))
    if hint is int and milliseconds:
        return _milliseconds
    return _SCALARS[hint]


def _one_of(converters: list[Converter], value: Any) -> Any:
    """The first that takes the value; texts come first, so a plain text stays one."""
    faults: list[str] = []
    for convert in converters:
        try:
            return convert(value)
        except _Fault as fault:
            if fault.path:
                raise
            faults.append(fault.text.removeprefix("must be ").partition(",")[0])
    raise _Fault(f"must be {' or '.join(faults)}, not {type(value).__name__}")


def _list(convert: Converter, value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise _Fault(f"must be a list, not {type(value).__name__}")
    items = cast("list[Any]", value)
    converted: list[Any] = []
    for index, item in enumerate(items):
        try:
            converted.append(convert(item))
        except _Fault as fault:
            raise fault.within(f"[{index}]") from None
    same = isinstance(value, list) and all(map(operator.is_, items, converted))
    return items if same else converted


def _dict(convert: Converter, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _Fault(f"must be a dict, not {type(value).__name__}")
    mapping = cast("Mapping[Any, Any]", value)
    for key, item in mapping.items():
        if not isinstance(key, str):
            raise _Fault(f"has a key that is no string: {key!r}")
        try:
            convert(item)
        except _Fault as fault:
            raise fault.within(key) from None
    return mapping if isinstance(value, dict) else dict(mapping)


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise _Fault(f"must be a string, not {type(value).__name__}")
    return value


def _flag(value: Any) -> Any:
    if not isinstance(value, bool):
        raise _Fault(f"must be True or False, not {type(value).__name__}")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise _Fault("must be a whole number, not bool")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            raise _Fault(f"must be a whole number, not {value}")
        return int(value)
    if hasattr(value, "__index__"):
        return operator.index(value)
    raise _Fault(f"must be a whole number, not {type(value).__name__}")


def _milliseconds(value: Any) -> Any:
    """Clients measure in fractions; the field counts whole milliseconds."""
    return _whole(round(value) if isinstance(value, float) and math.isfinite(value) else value)


def _real(value: Any) -> Any:
    number = value
    if not isinstance(value, (int, float)) and hasattr(value, "__float__"):
        number = float(value)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise _Fault(f"must be a number, not {type(value).__name__}")
    if isinstance(number, float) and not math.isfinite(number):
        raise _Fault(f"must be a finite number, not {number}")
    return number


def _anything(value: Any) -> Any:
    return value


_SCALARS: dict[Any, Converter] = {
    str: _text,
    int: _whole,
    float: _real,
    bool: _flag,
    Any: _anything,
}
