namespace Konko.Server.Generation.Tools;

/// <summary>
/// The last stage before a choice's events: takes the text that is safe from stop strings, and puts special tokens back where
/// they stood in it, for the parser to see.
/// </summary>
internal sealed class CallStage
{
    private readonly Queue<(string Literal, int Position)> _marks = new();
    private readonly List<CallPiece> _pieces = [];
    private readonly CallParser _parser;
    private readonly Func<int, string> _id;
    private readonly bool _isOlder;
    private int _position;

    /// <summary>A stage at the beginning of a choice.</summary>
    /// <param name="tools">The request's tools.</param>
    /// <param name="dialect">How the model writes calls.</param>
    /// <param name="id">Makes the id of a call, given its number.</param>
    public CallStage(ToolOptions tools, ToolDialect dialect, Func<int, string> id)
    {
        _id = id;
        _isOlder = tools.Older;
        var names = tools.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        _parser = new CallParser(dialect, names, tools.OneCall ? 1 : int.MaxValue);
    }

    /// <summary>Whether a second call has begun where only one is allowed: the choice is over.</summary>
    public bool Finished => _parser.Finished;

    /// <summary>What the choice ended by, if it was calls.</summary>
    public string? FinishReason => _parser.Count == 0 || _parser.Broken ? null : _isOlder ? "function_call" : "tool_calls";

    /// <summary>A special token came.</summary>
    /// <param name="literal">Its literal text.</param>
    /// <param name="position">Characters of the choice's text before it.</param>
    public void Mark(string literal, int position)
    {
        if (_parser.IsMark(literal)) _marks.Enqueue((literal, position));
    }

    /// <summary>Takes text that is safe from stop strings.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether it is the last.</param>
    /// <returns>The text that is to be shown.</returns>
    public string Append(string text, bool isEnd)
    {
        int end = _position + text.Length, at = _position;
        while (_marks.TryPeek(out (string Literal, int Position) mark) && mark.Position <= end)
        {
            _marks.Dequeue();
            _parser.Append(text[(at - _position)..(mark.Position - _position)], isSpecial: false);
            _parser.Append(mark.Literal, isSpecial: true);
            at = mark.Position;
        }

        _parser.Append(text[(at - _position)..], isSpecial: false);
        _position = end;
        if (isEnd || _parser.Finished) _parser.Complete();
        return _parser.Take(_pieces);
    }

    /// <summary>The deltas that the next event may carry: of each call one at most, since clients put lists together by index.</summary>
    public IReadOnlyList<ToolCallDelta> Next()
    {
        if (_pieces.Count == 0) return [];
        var deltas = new List<ToolCallDelta>();
        int taken = 0;
        for (; taken < _pieces.Count; taken++)
        {
            CallPiece piece = _pieces[taken];
            bool isSame = deltas.Count > 0 && deltas[^1].Index == piece.Index;
            if (isSame && deltas[^1].Name is not null) break;
            if (isSame) deltas[^1] = deltas[^1] with { Arguments = deltas[^1].Arguments + piece.Arguments };
            else deltas.Add(new ToolCallDelta(piece.Index, piece.Name is null ? null : _id(piece.Index), piece.Name, piece.Arguments));
        }

        _pieces.RemoveRange(0, taken);
        return deltas;
    }

    /// <summary>Whether there are deltas left for another event.</summary>
    public bool HasMore => _pieces.Count > 0;
}
