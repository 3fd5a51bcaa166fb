using System.Text;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Thoughts as gpt-oss writes them: messages, each with a head that names its channel, between control tokens. What is on
/// the channel <c>analysis</c> is thought, everything else is said.
/// </summary>
/// <remarks>
/// <c>&lt;|channel|&gt;analysis&lt;|message|&gt;…&lt;|end|&gt;&lt;|start|&gt;assistant&lt;|channel|&gt;final&lt;|message|&gt;…</c>; the prompt
/// has written <c>&lt;|start|&gt;assistant</c> before it. A head is no part of either text, unless no message follows it.
/// Where there are tools, a head tells of calls as well (<c>to=functions.name</c>), and goes on with all its control tokens to whoever
/// finds them; only what is thought is taken out.
/// </remarks>
/// <param name="keepsHeads">Whether the heads of what is not thought are left in the text.</param>
internal sealed class ChannelThoughts(bool keepsHeads = false) : ThoughtParser
{
    // No head is so long; a text that is says something.
    private const int LongestHead = 256;

    private readonly Queue<(int Position, string Literal)> _controls = [];
    private readonly StringBuilder _head = new();
    private SpokenText _kept = SpokenText.None;
    private bool _inHead = true;
    private bool _thinks;
    private int _position;

    /// <inheritdoc/>
    public override SpokenText Append(string text)
    {
        SpokenText spoken = SpokenText.None;
        int start = 0;
        while (_controls.TryPeek(out (int Position, string Literal) next) && next.Position - _position <= text.Length - start)
        {
            int length = next.Position - _position;
            spoken += Take(text.Substring(start, length));
            start += length;
            spoken += Turn(_controls.Dequeue().Literal);
        }

        return spoken + Take(text[start..]);
    }

    /// <inheritdoc/>
    public override SpokenText Control(string literal, int position)
    {
        if (position <= _position && _controls.Count == 0) return Turn(literal);
        _controls.Enqueue((position, literal));
        return SpokenText.None;
    }

    /// <inheritdoc/>
    public override SpokenText CallMark(string literal)
    {
        if (!keepsHeads || _thinks) return SpokenText.None;
        SpokenText mark = SpokenText.OfMark(literal);
        if (!_inHead) return Release() + mark;
        _kept += mark;
        return SpokenText.None;
    }

    /// <inheritdoc/>
    public override SpokenText Complete()
    {
        if (keepsHeads) return _inHead && _kept.Marks is null ? Release() : SpokenText.None;
        string rest = _inHead ? _head.ToString() : "";
        _head.Clear();
        // A thought that ends with its channel's name was never begun; what has no channel was meant as an answer.
        return rest.StartsWith("<|channel|>", StringComparison.Ordinal) ? SpokenText.None : new SpokenText("", rest);
    }

    private SpokenText Release()
    {
        SpokenText kept = _kept;
        _kept = SpokenText.None;
        _head.Clear();
        return kept;
    }

    private SpokenText Take(string text)
    {
        _position += text.Length;
        if (text.Length == 0) return SpokenText.None;
        if (!_inHead) return _thinks ? new SpokenText(text, "") : new SpokenText("", text);
        _head.Append(text);
        if (keepsHeads) _kept += new SpokenText("", text);
        if (_head.Length <= LongestHead) return SpokenText.None;
        (_inHead, _thinks) = (false, false);
        if (keepsHeads) return Release();
        string said = _head.ToString();
        _head.Clear();
        return new SpokenText("", said);
    }

    private SpokenText Turn(string literal)
    {
        switch (literal)
        {
            case "<|message|>":
                _thinks = _head.ToString().StartsWith("<|channel|>analysis", StringComparison.Ordinal) && !_kept.Content.Contains(DialectSyntax.Recipient, StringComparison.Ordinal);
                _inHead = false;
                _head.Clear();
                if (_thinks) _kept = SpokenText.None;
                break;
            case "<|channel|>":
                // The role stands before it, where it is not the prompt's.
                _head.Clear().Append(literal);
                (_inHead, _thinks) = (true, false);
                break;
            case "<|start|>":
                _head.Clear();
                (_inHead, _thinks) = (true, false);
                break;
        }

        return SpokenText.None;
    }
}
