"""What the demo's executors can do: functions of files that return a small JSON object and tell how they get on.

Their results depend on the files alone. None of them catches what a file may do to it: a file that does not parse or is
not there is the failure of its process, with the traceback that Python gives.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import lzma
import zlib
from collections import Counter
from types import CodeType
from typing import Any, Final

from colonies_tui.demo.corpus import Source
from colonies_tui.demo.progress import Progress, size
from colonies_tui.demo.tokens import identifiers

Result = dict[str, Any]

CHUNK: Final = 64 * 1024
"""Bytes between two steps of hashing and compressing."""


class VerificationFailed(ValueError):
    """What came out of an archive is not what went in."""


def hash_file(progress: Progress, file: Source) -> Result:
    """SHA-256 of a file."""
    progress.say(f"hashing {file.name}, {size(file.path.stat().st_size)}")
    digest = hashlib.sha256()
    count = 0
    with file.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            count += len(chunk)
            progress.step()
    progress.say(f"sha256 {digest.hexdigest()}")
    return {"file": file.name, "bytes": count, "sha256": digest.hexdigest()}


def hash_tree(progress: Progress, folder: Source) -> Result:
    """One SHA-256 over the names and contents of all Python files below a directory."""
    files = folder.files()
    progress.say(f"{folder.name}: {len(files)} files to hash")
    digest = hashlib.sha256()
    total = 0
    quarter = max(1, len(files) // 4)
    for number, file in enumerate(files, 1):
        content = file.path.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
        total += len(content)
        if number % quarter == 0 and number < len(files):
            progress.say(f"{number} of {len(files)} files, {size(total)}, at {file.name}")
            progress.partial({"folder": folder.name, "files": number, "of": len(files)})
        progress.step()
    progress.say(f"{len(files)} files, {size(total)}: sha256 {digest.hexdigest()}")
    return {"folder": folder.name, "files": len(files), "bytes": total, "sha256": digest.hexdigest()}


def compare_files(progress: Progress, first: Source, second: Source) -> Result:
    """Whether two files are equal, where they differ first, and how many lines they share."""
    one, other = (file.path.read_bytes().splitlines() for file in (first, second))
    progress.say(f"{first.name}: {len(one)} lines; {second.name}: {len(other)} lines")
    progress.step()
    shared = (Counter(one) & Counter(other)).total()
    differing = next((number for number, (a, b) in enumerate(itertools.zip_longest(one, other), 1) if a != b), None)
    if differing is None:
        progress.say("the files are equal")
    else:
        progress.say(f"they differ from line {differing} on and share {shared} lines")
    return {
        "equal": differing is None,
        "first_difference": differing,
        "shared_lines": shared,
        "lines": [len(one), len(other)],
    }


def count_definitions(progress: Progress, file: Source) -> Result:
    """Parse a Python file and count what it defines."""
    source = file.path.read_bytes()
    progress.say(f"parsing {file.name}, {size(len(source))}")
    tree = ast.parse(source, file.name)
    progress.step()
    kinds: Counter[str] = Counter()
    longest, longest_name = 0, ""
    for node in ast.walk(tree):
        kinds[type(node).__name__] += 1
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > longest:
                longest, longest_name = length, node.name
    functions = kinds["FunctionDef"] + kinds["AsyncFunctionDef"]
    progress.say(f"{kinds.total()} nodes: {functions} functions, {kinds['ClassDef']} classes")
    if longest:
        progress.say(f"the longest function is {longest_name}, {longest} lines")
    return {
        "file": file.name,
        "functions": functions,
        "coroutines": kinds["AsyncFunctionDef"],
        "classes": kinds["ClassDef"],
        "imports": kinds["Import"] + kinds["ImportFrom"],
        "nodes": kinds.total(),
        "longest_function": [longest_name, longest] if longest else None,
    }


def survey_package(progress: Progress, folder: Source) -> Result:
    """Parse all Python files below a directory and count what they define."""
    files = folder.files()
    progress.say(f"{folder.name}: {len(files)} files to parse")
    kinds: Counter[str] = Counter()
    most, where = 0, ""
    quarter = max(1, len(files) // 4)
    for number, file in enumerate(files, 1):
        found = Counter(type(node).__name__ for node in ast.walk(ast.parse(file.path.read_bytes(), file.name)))
        kinds.update(found)
        if found.total() > most:
            most, where = found.total(), file.name
        if number % quarter == 0 and number < len(files):
            progress.say(f"{number} of {len(files)} files, {kinds['FunctionDef']} functions, at {file.name}")
            progress.partial({"folder": folder.name, "files": number, "of": len(files)})
        progress.step()
    functions = kinds["FunctionDef"] + kinds["AsyncFunctionDef"]
    progress.say(f"{functions} functions and {kinds['ClassDef']} classes; the largest file is {where}, {most} nodes")
    return {
        "folder": folder.name,
        "files": len(files),
        "functions": functions,
        "classes": kinds["ClassDef"],
        "nodes": kinds.total(),
        "largest": where,
    }


def count_words(progress: Progress, file: Source) -> Result:
    """Lines, words and the commonest long words of a UTF-8 text."""
    progress.say(f"reading {file.name} as UTF-8")
    text = file.path.read_text(encoding="utf-8")
    lines = text.splitlines()
    words = text.split()
    progress.step()
    common = Counter(word.lower() for word in words if len(word) > 5 and word.isalpha()).most_common(3)
    progress.say(f"{len(lines)} lines, {len(words)} words, {sum(not line.strip() for line in lines)} lines blank")
    if common:
        progress.say("commonest: " + ", ".join(f"{word} ×{count}" for word, count in common))
    return {
        "file": file.name,
        "lines": len(lines),
        "words": len(words),
        "longest_line": max(map(len, lines), default=0),
        "commonest": [list(pair) for pair in common],
    }


def index_file(progress: Progress, file: Source) -> Result:
    """Index of the identifiers of one Python file."""
    progress.say(f"indexing {file.name}, {size(file.path.stat().st_size)}")
    index = Counter(identifiers(file.path.read_bytes(), progress.step))
    return _index_result(progress, file, 1, index)


def index_package(progress: Progress, folder: Source) -> Result:
    """Index of the identifiers of all Python files below a directory."""
    files = folder.files()
    progress.say(f"indexing {folder.name}: {len(files)} files")
    index: Counter[str] = Counter()
    quarter = max(1, len(files) // 4)
    for number, file in enumerate(files, 1):
        before = len(index)
        index.update(identifiers(file.path.read_bytes(), progress.step))
        if number % quarter == 0:
            progress.say(f"{number} of {len(files)}: {file.name}, {len(index) - before} new, {len(index)} in all")
            progress.partial({"folder": folder.name, "files": number, "of": len(files), "identifiers": len(index)})
    return _index_result(progress, folder, len(files), index)


def _index_result(progress: Progress, what: Source, files: int, index: Counter[str]) -> Result:
    common = index.most_common(5)
    progress.say(f"{len(index)} identifiers in {index.total()} places")
    if common:
        progress.say("most used: " + ", ".join(f"{name} ×{count}" for name, count in common))
    return {
        "indexed": what.name,
        "files": files,
        "identifiers": len(index),
        "places": index.total(),
        "most_used": [list(pair) for pair in common],
    }


def compress_file(progress: Progress, file: Source, *, method: str = "zlib", level: int = 6) -> Result:
    """Compress a file, unpack it again and compare (``method``: zlib or lzma).

    Raises:
        ValueError: unknown method.
        VerificationFailed: the unpacked bytes differ.
    """
    original = file.path.read_bytes()
    progress.say(f"{file.name}: {size(len(original))}, {method} level {level}")
    match method:
        case "zlib":
            packed = zlib.compress(original, level)
            progress.step()
            unpacked = zlib.decompress(packed)
        case "lzma":
            packed = lzma.compress(original, preset=level)
            progress.step()
            unpacked = lzma.decompress(packed)
        case _:
            raise ValueError(f"no such method: {method}")
    progress.step()
    if unpacked != original:
        raise VerificationFailed(f"{file.name} did not survive {method}")
    ratio = len(packed) / max(1, len(original))
    progress.say(f"{size(len(packed))}, {ratio:.1%} of the original; unpacked and compared: equal")
    return {
        "file": file.name,
        "method": method,
        "bytes": len(original),
        "packed": len(packed),
        "ratio": round(ratio, 4),
    }


def archive_tree(progress: Progress, folder: Source, *, level: int = 6) -> Result:
    """Pack all Python files below a directory into one LZMA stream, unpack it again and compare.

    Raises:
        VerificationFailed: the unpacked bytes differ.
    """
    files = folder.files()
    total = sum(file.path.stat().st_size for file in files)
    progress.say(f"{folder.name}: {len(files)} files, {size(total)}, lzma level {level}")
    compressor = lzma.LZMACompressor(preset=level)
    before = hashlib.sha256()
    packed: list[bytes] = []
    done, next_report = 0, total // 8
    for file in files:
        content = file.path.read_bytes()
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            before.update(chunk)
            packed.append(compressor.compress(chunk))
            done += len(chunk)
            progress.step()
        if done >= next_report:
            progress.say(f"{done / total:.0%} packed, at {file.name}")
            progress.partial({"folder": folder.name, "bytes": done, "of": total})
            next_report += total // 8 + 1
    packed.append(compressor.flush())
    size_packed = sum(map(len, packed))
    progress.say(f"packed into {size(size_packed)}, unpacking to compare")
    after = hashlib.sha256()
    decompressor = lzma.LZMADecompressor()
    for block in packed:
        if block:
            after.update(decompressor.decompress(block))
            progress.step()
    if after.digest() != before.digest():
        raise VerificationFailed(f"{folder.name} did not survive")
    progress.say(f"equal; {size_packed / max(1, total):.1%} of the original")
    return {"folder": folder.name, "files": len(files), "bytes": total, "packed": size_packed}


def compile_module(progress: Progress, file: Source) -> Result:
    """Compile a Python file and count its code objects and bytes of instructions."""
    source = file.path.read_bytes()
    progress.say(f"compiling {file.name}, {size(len(source))}")
    module = compile(source, file.name, "exec", dont_inherit=True)
    progress.step()
    objects = _code_objects(module)
    instructions = sum(len(code.co_code) for code in objects)
    largest = max(objects, key=lambda code: len(code.co_code))
    progress.say(f"{len(objects)} code objects, {size(instructions)} of instructions")
    progress.say(f"the largest is {largest.co_qualname}, {size(len(largest.co_code))}")
    return {
        "file": file.name,
        "code_objects": len(objects),
        "instructions": instructions,
        "largest": largest.co_qualname,
        "stack": max(code.co_stacksize for code in objects),
    }


def compile_package(progress: Progress, folder: Source) -> Result:
    """Compile all Python files below a directory and count their code objects and bytes of instructions."""
    files = folder.files()
    progress.say(f"{folder.name}: {len(files)} files to compile")
    objects = instructions = 0
    quarter = max(1, len(files) // 4)
    for number, file in enumerate(files, 1):
        found = _code_objects(compile(file.path.read_bytes(), file.name, "exec", dont_inherit=True))
        objects += len(found)
        instructions += sum(len(code.co_code) for code in found)
        if number % quarter == 0 and number < len(files):
            progress.say(f"{number} of {len(files)}: {file.name}, {len(found)} code objects, {objects} in all")
        progress.step()
    progress.say(f"{objects} code objects, {size(instructions)} of instructions")
    return {"folder": folder.name, "files": len(files), "code_objects": objects, "instructions": instructions}


def _code_objects(module: CodeType) -> list[CodeType]:
    objects = [module]
    for code in objects:  # grows while it is walked
        objects.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return objects
