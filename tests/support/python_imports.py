"""Prints, for every Python file below the folders given, the imports that it needs, as Python's own parser finds them: a JSON
object of file to a list of [name, level, line, in a method]. The rules are those of triton/models/pythonImports.ts, restated."""

import ast
import json
import os
import sys

CALLED = {"auto_complete_config", "initialize", "execute", "finalize"}
MISSING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def names(node):
    return {getattr(part, "id", getattr(part, "attr", None)) for part in ast.walk(node)}


def tried(node):
    return any(handler.type is None or names(handler.type) & MISSING for handler in node.handlers)


def needed(body, around):
    in_method = "method" in around
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield [alias.name.split(".")[0], 0, node.lineno, in_method]
        elif isinstance(node, ast.ImportFrom):
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                if name != "*":
                    yield [name.split(".")[0], node.level, node.lineno, in_method]
        elif type(node).__name__ in ("Try", "TryStar"):
            if not tried(node):
                yield from needed(node.body, [*around, "try"])
            yield from needed(node.finalbody, [*around, "finally"])
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            if not any("suppress" in names(item) for item in node.items):
                yield from needed(node.body, [*around, "with"])
        elif isinstance(node, ast.ClassDef):
            yield from needed(node.body, [*around, node.name])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if around == ["TritonPythonModel"] and node.name in CALLED:
                yield from needed(node.body, [*around, "method"])


found = {}
for folder in sys.argv[1:]:
    for place, folders, files in os.walk(folder):
        # What is installed here is no part of the standard library.
        folders[:] = [name for name in folders if name not in ("site-packages", "dist-packages")]
        for file in (os.path.join(place, name) for name in files if name.endswith(".py")):
            try:
                with open(file, encoding="utf-8") as source:
                    found[file] = sorted(needed(ast.parse(source.read()).body, []), key=lambda one: (one[2], one[0], one[1]))
            except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
                pass  # Some of Python's own tests are no valid Python.
print(json.dumps(found))
