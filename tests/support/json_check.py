"""A value against a JSON Schema, as far as ours use its words: no package is needed for it."""
import re

KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}


def is_kind(value, kind):
    return isinstance(value, KINDS[kind]) and not (isinstance(value, bool) and kind in ("integer", "number"))


def faults(value, schema, whole, at="$", strict=False):
    """What of it is not so. With `strict` a member that the schema does not name is a fault too."""
    if "$ref" in schema:
        schema = whole["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        tried = [faults(value, each, whole, at, strict) for each in schema["anyOf"]]
        return min(tried, key=len)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_kind(value, kind) for kind in kinds):
        return [f"{at}: {value!r} is no {' or '.join(kinds)}"] * 10 # worse than any member
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r} does not match {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{at}: {value} is below {schema['minimum']}")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"{at}: too short")
        for i, item in enumerate(value):
            found += faults(item, schema.get("items", {}), whole, f"{at}[{i}]", strict)
    if isinstance(value, dict):
        found += [f"{at}: no {key}" for key in schema.get("required", []) if key not in value]
        others = schema.get("additionalProperties", not (strict and "properties" in schema))
        for key, item in value.items():
            own = schema.get("properties", {}).get(key)
            if own is None and others is False:
                found.append(f"{at}: unknown member {key}")
            found += faults(item, own if own is not None else others if isinstance(others, dict) else {}, whole, f"{at}.{key}", strict)
    return found
