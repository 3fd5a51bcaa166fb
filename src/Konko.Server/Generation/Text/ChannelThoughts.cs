using System.Text;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Thoughts as gpt-oss writes them: messages, each with a head that names its channel, between control tokens. What is on
/// the channel <c>analysis</c> is thought, everything else is said.
/// </summary>
/// <remarks>
/// <c>&lt;|channel|&gt;analysis&lt;|message|&gt;…&lt;|end|&gt;&lt;|start|&gt;assistant&lt;|channel|&gt;final&lt;|message|&gt;…</c>; the prompt
/// has written <c>&lt;|start|&gt;assistant</c> before it. A head is no part of either text, unless no message follows it.
/// </remarks>
internal sealed class ChannelThoughts : ThoughtParser
{
    // No head is so long; a text that is says something.
    private const int LongestHead = 256;

    private readonly Queue<(int Position, string Literal)> _controls = [];
    private readonly StringBuilder _head = new();
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
    public override SpokenText Complete()
    {
        string rest = _inHead ? _head.ToString() : "";
        _head.Clear();
        // A thought that ends with its channel's name was never begun; what has no channel was meant as an answer.
        return rest.StartsWith("<|channel|>", StringComparison.Ordinal) ? SpokenText.None : new SpokenText("", rest);
    }

    private SpokenText Take(string text)
    {
        _position += text.Length;
        if (text.Length == 0) return SpokenText.None;
        if (!_inHead) return _thinks ? new SpokenText(text, "") : new SpokenText("", text);
        _head.Append(text);
        if (_head.Length <= LongestHead) return SpokenText.None;
        (_inHead, _thinks) = (false, false);
        string said = _head.ToString();
        _head.Clear();
        return new SpokenText("", said);
    }

    private SpokenText Turn(string literal)
    {
        switch (literal)
        {
            case "<|message|>":
                _thinks = _head.ToString().StartsWith("<|channel|>analysis", StringComparison.Ordinal);
                _inHead = false;
                _head.Clear();
                break;
            case "<|channel|>":
                // The role stands before it, where it is not the prompt's.
                _head.Clear().Append(literal);
                _inHead = true;
                break;
            case "<|start|>":
                _head.Clear();
                _inHead = true;
                break;
        }

        return SpokenText.None;
    }
}
