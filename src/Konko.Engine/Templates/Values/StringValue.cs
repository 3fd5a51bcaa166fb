namespace Konko.Engine.Templates.Values;

/// <summary>A string whose every UTF-16 unit knows whether it is the template's own text or came from the input.</summary>
internal sealed class StringValue : TemplateValue
{
    /// <summary>The empty string.</summary>
    public static readonly StringValue Empty = Trusted("");

    private readonly bool _startsTrusted;

    // Indexes inside the text at which the origin changes, ascending; null where it never does.
    private readonly int[]? _borders;

    /// <summary>A string of stretches of alternating origin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="startsTrusted">Whether the first stretch is the template's own.</param>
    /// <param name="borders">Where a stretch of the other origin begins, ascending, inside the text; or null.</param>
    /// <param name="isMarkup">Whether the string is marked as safe, so that what is joined to it is escaped.</param>
    public StringValue(string text, bool startsTrusted, int[]? borders = null, bool isMarkup = false)
    {
        Text = text;
        _startsTrusted = startsTrusted;
        _borders = borders is { Length: > 0 } ? borders : null;
        IsMarkup = isMarkup;
    }

    /// <summary>The text without its origin.</summary>
    public string Text { get; }

    /// <summary>Length in UTF-16 units.</summary>
    public int Length => Text.Length;

    /// <summary>Whether <c>safe</c> or <c>escape</c> marked the string.</summary>
    public bool IsMarkup { get; }

    /// <summary>Whether no part of the text came from the input.</summary>
    public bool IsTrusted => Text.Length == 0 || (_startsTrusted && _borders is null);

    internal override string TypeName => IsMarkup ? "Markup" : "str";

    internal override bool IsTrue => Text.Length > 0;

    /// <summary>Text of the template or the engine.</summary>
    public static StringValue Trusted(string text) => new(text, startsTrusted: true);

    /// <summary>Text of the input.</summary>
    public static StringValue Untrusted(string text) => new(text, startsTrusted: false);

    /// <summary>The same text, marked as safe or not.</summary>
    public StringValue WithMarkup(bool isMarkup) =>
        isMarkup == IsMarkup ? this : new StringValue(Text, _startsTrusted, _borders, isMarkup);

    /// <summary>Whether the unit at an index is the template's own.</summary>
    public bool IsTrustedAt(int index)
    {
        if (_borders is null) return _startsTrusted;
        int found = Array.BinarySearch(_borders, index);
        int bordersUpTo = found >= 0 ? found + 1 : ~found;
        return _startsTrusted ^ ((bordersUpTo & 1) != 0);
    }

    /// <summary>Where the stretch of one origin that holds an index ends.</summary>
    public int StretchEnd(int index)
    {
        if (_borders is null) return Text.Length;
        int found = Array.BinarySearch(_borders, index);
        int next = found >= 0 ? found + 1 : ~found;
        return next < _borders.Length ? _borders[next] : Text.Length;
    }

    /// <summary>A part of the string, not marked as safe unless the whole is.</summary>
    /// <param name="start">First UTF-16 unit.</param>
    /// <param name="length">Number of units.</param>
    public StringValue Slice(int start, int length)
    {
        if (length == Text.Length) return this;
        if (length == 0) return IsMarkup ? Empty.WithMarkup(true) : Empty;
        string text = Text.Substring(start, length);
        if (_borders is null) return new StringValue(text, _startsTrusted, null, IsMarkup);
        var borders = new List<int>();
        for (int at = StretchEnd(start); at < start + length; at = StretchEnd(at)) borders.Add(at - start);
        return new StringValue(text, IsTrustedAt(start), [.. borders], IsMarkup);
    }
}
