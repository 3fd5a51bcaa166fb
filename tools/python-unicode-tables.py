#!/usr/bin/env python3
"""Writes the templates' Unicode tables: python3 tools/python-unicode-tables.py

Templates must see characters as Python does, whatever the .NET runtime's Unicode version is; so the tables come from
Python itself (the ones in the clone from Python 3.11). Run it again only to move to a newer Unicode on purpose.
"""

import pathlib
import unicodedata

FILE = pathlib.Path(__file__).parent.parent / "src/Konko.Engine/Templates/Python/UnicodeTables.cs"
CODE_POINTS = range(0x110000)


def classes(c):
    tests = (c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isprintable())
    return sum(1 << bit for bit, holds in enumerate(tests) if holds)


def class_runs():
    runs, last = [], -1
    for code in CODE_POINTS:
        if (value := classes(chr(code))) != last:
            runs.append(code << 5 | value)
            last = value
    return runs


def mappings(change):
    """Ranges of equal distance (first, last, step, distance), and the mappings to several characters."""
    single, several = {}, {}
    for code in CODE_POINTS:
        if 0xD800 <= code < 0xE000 or (mapped := change(chr(code))) == chr(code):
            continue
        if len(mapped) == 1:
            single[code] = ord(mapped) - code
        else:
            several[code] = mapped
    ranges = []
    while single:
        first = min(single)
        distance, last, step = single[first], first, 1
        for candidate in (1, 2):
            end = first
            while single.get(end + candidate) == distance and (candidate == 1 or single.get(end + 1) != distance):
                end += candidate
            if end > last:
                last, step = end, candidate
        ranges += [first, last, step, distance]
        for code in range(first, last + 1, step):
            del single[code]
    return ranges, several


def rows(values, length):
    return "\n".join("        " + ", ".join(values[i:i + length]) + "," for i in range(0, len(values), length))


def literal(text):
    return '"' + "".join(f"\\u{ord(c):04X}" for c in text) + '"'


upper, expansions = mappings(str.upper)
lower, _ = mappings(str.lower)
pairs = [literal(text) for code, mapped in sorted(expansions.items()) for text in (chr(code), mapped)]
FILE.write_text(f"""namespace Konko.Engine.Templates.Python;

/// <summary>The data of <see cref="UnicodeData"/>, Unicode {unicodedata.unidata_version}; tools/python-unicode-tables.py writes this file.</summary>
internal static class UnicodeTables
{{
    /// <summary>Runs of code points with equal classes, ascending: the first code point · 32 + the classes.</summary>
    public static ReadOnlySpan<uint> Classes =>
    [
{rows([str(run) for run in class_runs()], 12)}
    ];

    /// <summary>Simple upper-case mappings: first, last, step, distance to the mapped code point.</summary>
    public static ReadOnlySpan<int> Upper =>
    [
{rows([str(value) for value in upper], 16)}
    ];

    /// <summary>Simple lower-case mappings: first, last, step, distance to the mapped code point.</summary>
    public static ReadOnlySpan<int> Lower =>
    [
{rows([str(value) for value in lower], 16)}
    ];

    /// <summary>Characters whose upper case is several characters, each followed by them, in pairs.</summary>
    public static readonly string[] UpperExpansions =
    [
{rows(pairs, 10)}
    ];
}}
""")
