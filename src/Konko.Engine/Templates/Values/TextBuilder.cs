using System.Text;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Templates.Values;

/// <summary>Builds a string stretch by stretch and keeps where each came from.</summary>
/// <param name="context">The render whose memory it counts against.</param>
internal sealed class TextBuilder(RenderContext context)
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _borders = [];
    private bool _startsTrusted;
    private bool _endsTrusted;

    /// <summary>Length so far, in UTF-16 units.</summary>
    public int Length => _text.Length;

    /// <summary>Appends text of one origin.</summary>
    public void Append(ReadOnlySpan<char> text, bool trusted)
    {
        if (text.IsEmpty) return;
        context.MakeText(text.Length);
        if (_text.Length == 0) _startsTrusted = trusted;
        else if (_endsTrusted != trusted) _borders.Add(_text.Length);
        _endsTrusted = trusted;
        _text.Append(text);
    }

    /// <summary>Appends one unit.</summary>
    public void Append(char unit, bool trusted) => Append([unit], trusted);

    /// <summary>Appends one unit many times.</summary>
    public void Append(char unit, int count, bool trusted)
    {
        if (count <= 0) return;
        context.MakeText(count);
        Append(unit, trusted);
        _text.Append(unit, count - 1);
    }

    /// <summary>Appends a string with its origins.</summary>
    public void Append(StringValue value) => Append(value, 0, value.Length);

    /// <summary>Appends a part of a string with its origins.</summary>
    public void Append(StringValue value, int start, int length)
    {
        int end = start + length;
        while (start < end)
        {
            int stretchEnd = Math.Min(value.StretchEnd(start), end);
            Append(value.Text.AsSpan(start, stretchEnd - start), value.IsTrustedAt(start));
            start = stretchEnd;
        }
    }

    /// <summary>What was built, as a value.</summary>
    /// <param name="isMarkup">Whether it is marked as safe.</param>
    public StringValue ToValue(bool isMarkup = false)
    {
        context.Reserve((long)_text.Length * sizeof(char));
        return new StringValue(_text.ToString(), _startsTrusted, [.. _borders], isMarkup);
    }

    /// <summary>What was built, as a prompt.</summary>
    public PromptText ToPrompt()
    {
        context.Reserve(2L * _text.Length * sizeof(char));
        string text = _text.ToString();
        var pieces = new List<PromptPiece>(_borders.Count + 1);
        bool trusted = _startsTrusted;
        int start = 0;
        foreach (int border in _borders)
        {
            pieces.Add(new PromptPiece(text[start..border], trusted));
            trusted = !trusted;
            start = border;
        }
        pieces.Add(new PromptPiece(text[start..], trusted));
        return new PromptText(pieces);
    }
}
