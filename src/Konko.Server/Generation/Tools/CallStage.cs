using Konko.Server.Generation.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>
/// The calls of a choice: found in what is said, and handed out in deltas.
/// </summary>
internal sealed class CallStage
{
    private readonly List<CallPiece> _pieces = [];
    private readonly CallParser _parser;
    private readonly Func<int, string> _id;
    private readonly bool _isOlder;

    /// <summary>A stage at the beginning of a choice.</summary>
    /// <param name="tools">The request's tools.</param>
    /// <param name="dialect">How the model writes calls.</param>
    /// <param name="id">Makes the id of a call, given its number.</param>
    public CallStage(ToolOptions tools, ToolDialect dialect, Func<int, string> id)
    {
        _id = id;
        _isOlder = tools.Older;
        var names = tools.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        _parser = new CallParser(dialect, names, tools.OneCall ? 1 : int.MaxValue, tools.IsStrict, (function, parameter) => ParameterTypes.Of(tools.Tools, function, parameter));
    }

    /// <summary>Whether a second call has begun where only one is allowed: the choice is over.</summary>
    public bool Finished => _parser.Finished;

    /// <summary>What the choice ended by, if it was calls.</summary>
    public string? FinishReason => _parser.Count == 0 || _parser.Broken ? null : _isOlder ? "function_call" : "tool_calls";

    /// <summary>Whether a special token may belong to a call.</summary>
    /// <param name="literal">Its literal text.</param>
    public bool IsMark(string literal) => _parser.IsMark(literal);

    /// <summary>Takes what is said.</summary>
    /// <param name="spoken">The text, with the special tokens within it.</param>
    /// <param name="isEnd">Whether it is the last.</param>
    /// <returns>The text that is to be shown.</returns>
    public string Append(SpokenText spoken, bool isEnd)
    {
        int at = 0;
        foreach (SpokenMark mark in spoken.Marks ?? [])
        {
            _parser.Append(spoken.Content[at..mark.Position], isSpecial: false);
            _parser.Append(mark.Literal, isSpecial: true);
            at = mark.Position;
        }

        _parser.Append(spoken.Content[at..], isSpecial: false);
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
